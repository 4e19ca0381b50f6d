"""Filings that turned out to be to the wrong patient.

Promises: each is marked once, by the decision that filed it there, which itself stays; a mark goes with the refile or
the settled second look that made it, and stays where both found it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, select

from ingest.ledger import chain
from ingest.ledger.counters import document_id, document_number
from ingest.ledger.part import LedgerPart
from ingest.ledger.records import FoundHow
from ingest.ledger.schema_desk import misfiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfile:
    """One of them: `version` is that of the decision that was wrong, `by_program` says whose it was."""

    document_id: str
    version: int
    by_program: bool
    found_how: FoundHow
    found_by: str
    found_at: datetime


class Misfiles(LedgerPart):
    """What is known of wrong filings."""

    def misfiles(self, *, document_id: str | None = None) -> tuple[Misfile, ...]:
        """Every one, or those of one document, in the order in which they were found."""
        query = select(misfiles).order_by(misfiles.c.found_at, misfiles.c.document, misfiles.c.version)
        if document_id is not None:
            query = query.where(misfiles.c.document == document_number(document_id))
        with self._database.read() as connection:
            return tuple(_misfile(row) for row in connection.execute(query))


def mark(
    connection: Connection, document: int, version: int, *, by_program: bool, how: FoundHow, by: str, now: datetime
) -> bool:
    """The decision `version` filed to the wrong patient; False when that was known."""
    which = and_(misfiles.c.document == document, misfiles.c.version == version)
    if connection.execute(select(misfiles.c.version).where(which)).first() is not None:
        return False
    row = {"document": document, "version": version, "by_program": by_program}
    connection.execute(insert(misfiles).values(found_how=how, found_by=by, found_at=now, **row))
    facts = {"version": version, "by_program": by_program, "found_how": how.value}
    chain.append(connection, action="document.misfiled", actor=by, subject=document_id(document), now=now, facts=facts)
    return True


def unmark(connection: Connection, document: int, version: int, *, how: FoundHow, by: str, now: datetime) -> None:
    """What found it is taken back: the mark goes, unless it had been found otherwise."""
    found = delete(misfiles).where(
        misfiles.c.document == document, misfiles.c.version == version, misfiles.c.found_how == how
    )
    if connection.execute(found).rowcount:
        chain.append(
            connection,
            action="document.misfile_taken_back",
            actor=by,
            subject=document_id(document),
            now=now,
            facts={"version": version},
        )


def _misfile(row: Row[Any]) -> Misfile:
    return Misfile(
        document_id=document_id(row.document),
        version=row.version,
        by_program=row.by_program,
        found_how=FoundHow(row.found_how),
        found_by=row.found_by,
        found_at=row.found_at,
    )
