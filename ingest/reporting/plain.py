"""A report for programs: one JSON object, or a CSV for each table."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date
from typing import Any

from ingest.reporting.figures import Report
from ingest.reporting.table import Kind, Table, Value
from ingest.reporting.tables import tables_of

_DIGITS = 9  # of shares and seconds: what is beyond is noise of arithmetic
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # with which a cell of a spreadsheet would begin to calculate


def as_json(report: Report) -> dict[str, Any]:
    """Period and tables by name: a list of objects, or one object where a table always has one row."""
    period = report.period
    told: dict[str, Any] = {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "zone": str(period.zone),
        "made_at": report.made_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
    }
    for table in tables_of(report):
        rows = [
            {column.name: _plain(value) for column, value in zip(table.columns, row, strict=True)} for row in table.rows
        ]
        told[table.name] = rows[0] if table.single else rows
    return told


def as_csv(table: Table) -> str:
    """A header with the columns' names, then the rows: no units, no thousands, empty where there is no figure."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.name for column in table.columns])
    for row in table.rows:
        writer.writerow(
            [
                _no_formula(str(value)) if column.kind is Kind.WORDS else _plain(value)
                for column, value in zip(table.columns, row, strict=True)
            ]
        )
    return text.getvalue()


def _plain(value: Value) -> str | int | float | None:
    match value:
        case float():
            return round(value, _DIGITS)
        case date():
            return value.isoformat()
        case _:
            return value


def _no_formula(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
