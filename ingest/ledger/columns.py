"""Column types: what SQLite's strict tables and PostgreSQL both hold, given back unchanged.

Promise: an aware time comes back as the same instant in UTC; text comes back as it was, also file names
with bytes that are no UTF-8 (Python's lone surrogates) and NULs, which neither database would take.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache

from sqlalchemy import BigInteger, Boolean, ColumnElement, Date, Double, Integer, Text, literal
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.dialects.sqlite import REAL
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

_MARK = "\ufdd0"  # a noncharacter: no text on paper or in a file name means it
_UNSTORABLE = re.compile(f"[\x00\ud800-\udfff{_MARK}]")
_ESCAPED = re.compile(f"{_MARK}([0-9a-f]{{4}})")

Whole: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")
Real: TypeEngine[float] = Double().with_variant(REAL(), "sqlite")


@lru_cache(maxsize=256)
def instant_text(value: datetime) -> str:
    """The instant as fixed-width ISO text in UTC: its order as text is its order in time."""
    if value.tzinfo is None:
        msg = "times in the ledger must carry their time zone"
        raise ValueError(msg)
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Instant(TypeDecorator[datetime]):
    """An aware time, in UTC: text in SQLite, `timestamptz` in PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime] | TypeEngine[str]:
        """`timestamptz` where there is one."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """Refuses naive times."""
        if value is None:
            return None
        text = instant_text(value)
        return value if dialect.name == "postgresql" else text

    def process_result_value(self, value: datetime | str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Always aware and in UTC, whatever the server's zone is."""
        if value is None:
            return None
        return (value if isinstance(value, datetime) else datetime.fromisoformat(value)).astimezone(UTC)


class Day(TypeDecorator[date]):
    """A calendar day: ISO text in SQLite, `date` in PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[date] | TypeEngine[str]:
        """`date` where there is one."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Date())
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> date | str | None:
        """ISO text for SQLite."""
        if value is None or dialect.name == "postgresql":
            return value
        return value.isoformat()

    def process_result_value(self, value: date | str | None, dialect: Dialect) -> date | None:  # noqa: ARG002
        """A `date` again."""
        return date.fromisoformat(value) if isinstance(value, str) else value


class Flag(TypeDecorator[bool]):
    """True or false: 1 or 0 in SQLite, `boolean` in PostgreSQL."""

    impl = Integer
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[bool] | TypeEngine[int]:
        """`boolean` where there is one."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Boolean())
        return dialect.type_descriptor(Integer())

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> bool | int | None:
        """An integer for SQLite."""
        if value is None or dialect.name == "postgresql":
            return value
        return int(value)

    def process_result_value(self, value: bool | int | None, dialect: Dialect) -> bool | None:  # noqa: ARG002
        """A `bool` again."""
        return None if value is None else bool(value)


class AnyText(TypeDecorator[str]):
    """Text from outside. What no database takes (NUL, lone surrogates) is escaped, reversibly."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Escapes; equal texts stay equal and different ones different."""
        if value is None or (value.isascii() and "\x00" not in value):
            return value
        return _UNSTORABLE.sub(lambda found: f"{_MARK}{ord(found[0]):04x}", value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The text as it was."""
        if value is None or _MARK not in value:
            return value
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)


def is_stored_as_it_is(values: Iterable[str | None]) -> bool:
    """True when none of the values of an `AnyText` column has to be escaped: seen in a moment for many."""
    text = "".join(filter(None, values))
    return (text.isascii() and "\x00" not in text) or not _UNSTORABLE.search(text)


def comes_back_as_it_is(values: Iterable[str | None]) -> bool:
    """True when none of the values of an `AnyText` column was escaped."""
    return _MARK not in "".join(filter(None, values))


class WideInteger(TypeDecorator[int]):
    """A whole number of any size (inode and device numbers may be unsigned 64 bit): kept as text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Decimal digits."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """The number again."""
        return None if value is None else int(value)


def is_set(flag: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition that a `Flag` column is true, in words that both databases take."""
    return flag == literal(True, Flag())
