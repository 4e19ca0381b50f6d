"""Inserting very many rows: Core writes the statement, the driver gets the rows without further ado.

A load of patients inserts six rows for each of them; going through Core with each row takes as long as
everything else together (measured: 100,000 patients, 8.4 s of processor time against 6.5 s).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Insert, Table, insert

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
    converters = [
        (place, convert)
        for place, name in enumerate(columns)
        if (convert := table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) is not None
    ]
    converted = _convert(rows, converters)
    if dialect.positional:
        places = [columns.index(name) for name in compiled.positiontup or ()]
        in_order = places == list(range(len(columns)))
        values: Any = converted if in_order else [tuple(row[place] for place in places) for row in converted]
    else:
        values = [dict(zip(columns, row, strict=True)) for row in converted]
    connection.exec_driver_sql(str(compiled), values)


def _convert(rows: Sequence[Row], converters: Sequence[tuple[int, Callable[[Any], Any]]]) -> list[tuple[Any, ...]]:
    converted = []
    for row in rows:
        values = list(row)
        for place, convert in converters:
            if values[place] is not None:
                values[place] = convert(values[place])
        converted.append(tuple(values))
    return converted
