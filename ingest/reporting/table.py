"""A table: what any of a report's tables is made of, and how people read its cells.

Promise: column names and table names are for programs and stay the same; a column's name says its unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never

Value: TypeAlias = str | int | float | date | None
_TIME_UNITS_S = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


class Kind(StrEnum):
    """What a column holds."""

    WORDS = "words"
    DAY = "day"
    COUNT = "count"
    NUMBER = "number"
    SHARE = "share"
    SECONDS = "seconds"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name for programs, its heading for people, what it holds."""

    name: str
    heading: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Some of a report's figures. `single`: always one row. `note` says how they were counted."""

    name: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    single: bool = False


def cell_text(kind: Kind, value: Value) -> str:
    """A value as people read it; a dash where there is none."""
    if value is None:
        return "–"
    match kind:
        case Kind.WORDS:
            return str(value)
        case Kind.DAY:
            return value.isoformat() if isinstance(value, date) else str(value)
        case Kind.COUNT:
            return f"{value:,}"
        case Kind.NUMBER:
            return f"{value:,.1f}"
        case Kind.SHARE:
            return _percent(float(str(value)))
        case Kind.SECONDS:
            return duration(float(str(value)))
        case _:
            assert_never(kind)


def words_of(kind: str) -> str:
    """A kind's name as words."""
    return kind.replace("_", " ")


def words(name: str, heading: str = "") -> Column:
    """A column of words."""
    return Column(name, heading or name.capitalize(), Kind.WORDS)


def count(name: str, heading: str = "") -> Column:
    """A column of counts."""
    return Column(name, heading or name.capitalize(), Kind.COUNT)


def share(name: str, heading: str = "") -> Column:
    """A column of shares."""
    return Column(name, heading or name.capitalize(), Kind.SHARE)


def seconds(name: str, heading: str) -> Column:
    """A column of times."""
    return Column(name, heading, Kind.SECONDS)


def _percent(share: float) -> str:
    """Small shares with more digits: what is asked of misfiles is parts of a thousand."""
    return f"{share:.1%}" if share >= 0.01 or share == 0.0 else f"{share:.3%}"


def duration(seconds: float) -> str:
    """Its two largest units: "2 h 5 min"."""
    left = round(seconds)
    parts: list[str] = []
    for unit, size_s in _TIME_UNITS_S:
        count, left = divmod(left, size_s)
        if count or parts:
            parts.append(f"{count} {unit}" if count else "")
        if len(parts) == 2:
            break
    return " ".join(filter(None, parts)) or "0 s"
