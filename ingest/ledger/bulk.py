"""Very many rows, written and read: Core writes the statement, a column's values are converted together.

A load of patients writes six rows for each of them, and the search index reads five; going through Core with
each value takes longer than the database itself. Most values need no conversion at all: that is seen at
once for a whole column.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

from sqlalchemy import Connection, Insert, Select, Table, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from ingest.ledger.columns import AnyText, comes_back_as_it_is, is_stored_as_it_is

Row = Sequence[Any]


def insert_rows(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Sequence[Row],
    *,
    statement: Insert | None = None,
) -> None:
    """Inserts `rows`, each with the values of `columns` in their order; values are converted as ever.

    `statement` is an insert into `table` with more to it (what to do on a conflict).
    """
    if not rows:
        return
    dialect = connection.dialect
    base = insert(table) if statement is None else statement
    compiled = base.compile(dialect=dialect, column_keys=list(columns))
    stored = {
        name: _stored(values, table.c[name].type, dialect)
        for name, values in zip(columns, zip(*rows, strict=True), strict=True)
    }
    in_order = zip(*(stored[name] for name in compiled.positiontup or columns), strict=True)
    values: Any = list(in_order) if dialect.positional else [dict(zip(columns, row, strict=True)) for row in in_order]
    connection.exec_driver_sql(str(compiled), values)


def read_rows(connection: Connection, query: Select[Any]) -> list[tuple[Any, ...]]:
    """All rows of a query on columns; values are converted as ever."""
    with closing(connection.execute(query)) as result:
        rows = [] if result.cursor is None else list(result.cursor.fetchall())
    converted: dict[int, Row] = {}
    for place, column in enumerate(query.selected_columns):
        values = [row[place] for row in rows]
        if (given := _given(values, column.type, connection.dialect)) is not values:
            converted[place] = given
    if not converted:
        return rows
    columns = [converted.get(place, values) for place, values in enumerate(zip(*rows, strict=True))]
    return list(zip(*columns, strict=True))


def _stored(values: Row, kind: TypeEngine[Any], dialect: Dialect) -> Row:
    if isinstance(kind, AnyText) and is_stored_as_it_is(values):
        return values
    return _converted(values, kind.dialect_impl(dialect).bind_processor(dialect))


def _given(values: Row, kind: TypeEngine[Any], dialect: Dialect) -> Row:
    if isinstance(kind, AnyText) and comes_back_as_it_is(values):
        return values
    return _converted(values, kind.dialect_impl(dialect).result_processor(dialect, None))


def _converted(values: Row, convert: Callable[[Any], Any] | None) -> Row:
    return values if convert is None else [None if value is None else convert(value) for value in values]
