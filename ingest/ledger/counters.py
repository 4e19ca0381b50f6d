"""Numbers without gaps, and the ids made of them.

Promise: a number is given once for ever, in the order of commits; a transaction that is rolled back gives
its numbers back. The counter's row stays locked until the end of the transaction.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Connection, select, update

from ingest.errors import NotFound
from ingest.ledger.schema import counters


class Counter(StrEnum):
    """What is counted."""

    BATCH = "batch"
    SCAN = "scan"
    DOCUMENT = "document"
    JOB = "job"
    RENDITION = "rendition"
    PATIENT = "patient"
    PATIENT_CHANGE = "patient_change"
    REMATCHED = "rematched"  # the last change of a patient whose documents were looked for


def take_number(connection: Connection, counter: Counter) -> int:
    """The next number."""
    return take_numbers(connection, counter, 1)


def take_numbers(connection: Connection, counter: Counter, count: int) -> int:
    """The first of the next `count` numbers."""
    taken = connection.execute(
        update(counters)
        .where(counters.c.name == counter)
        .values(value=counters.c.value + count)
        .returning(counters.c.value)
    ).scalar_one()
    return int(taken) - count + 1


def last_number(connection: Connection, counter: Counter) -> int:
    """The last number that was given, 0 when none was."""
    return int(connection.execute(select(counters.c.value).where(counters.c.name == counter)).scalar_one())


def scan_id(number: int) -> str:
    """ "S000001"; longer from the millionth on."""
    return f"S{number:06d}"


def document_id(number: int) -> str:
    """ "D000001"; longer from the millionth on."""
    return f"D{number:06d}"


def batch_id(number: int) -> str:
    """ "B000001"; longer from the millionth on."""
    return f"B{number:06d}"


def batch_number(identifier: str) -> int:
    """The number of a batch's id. Raises NotFound for what is none."""
    return _number(identifier, "B", "batch")


def scan_number(identifier: str) -> int:
    """The number of a scan's id. Raises NotFound for what is none."""
    return _number(identifier, "S", "scan")


def document_number(identifier: str) -> int:
    """The number of a document's id. Raises NotFound for what is none."""
    return _number(identifier, "D", "document")


def _number(identifier: str, letter: str, what: str) -> int:
    digits = identifier[1:]
    if not (identifier[:1].upper() == letter and digits.isascii() and digits.isdigit() and len(digits) < 19):
        msg = f"no such {what}: ids look like {letter}000001"
        raise NotFound(msg)
    return int(digits)
