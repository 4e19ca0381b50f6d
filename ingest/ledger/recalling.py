"""Recall: what the program filed unattended goes back to people, all of it in one recorded act."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from ingest.errors import WrongUse
from ingest.ledger import chain
from ingest.ledger.columns import instant_text
from ingest.ledger.counters import document_id
from ingest.ledger.documents import PIPELINE, RECALLED, decide, following
from ingest.ledger.filing import withdraw
from ingest.ledger.job_rows import cancel_filing
from ingest.ledger.listing import decisions_of
from ingest.ledger.part import LedgerPart
from ingest.ledger.schema import decisions, documents, scans
from ingest.model import DocumentState


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """Which filings are meant: every one that all of these say. `since` counts, `until` no longer does.

    An origin holds for its sub-folders too.
    """

    fingerprint: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    origin: str | None = None

    def __post_init__(self) -> None:
        if self.fingerprint is None and self.since is None and self.until is None and self.origin is None:
            msg = "say what is to be recalled: --fingerprint, --from, --to or --origin"
            raise WrongUse(msg)


class Recalling(LedgerPart):
    """`ingest recall`."""

    def recallable(self, which: Recall) -> tuple[str, ...]:
        """The documents that `recall` would take back now, oldest first."""
        with self._database.read() as connection:
            return tuple(map(document_id, _filed_by_program(connection, which)))

    def recall(self, which: Recall, *, reason: str, by: str, acting_for: str | None, now: datetime) -> tuple[str, ...]:
        """Takes them out of the records into review, with the reason before their own; which they were.

        What people filed stays filed, also what they had taken back and filed again. A filing that is under way is
        taken back with the others. The PDFs are withdrawn as by an undo.
        """
        with self._database.write() as connection:
            numbers = _filed_by_program(connection, which)
            for number in numbers:
                last = decisions_of(connection, document_id(number))[-1]
                cancel_filing(connection, number, now)
                withdraw(connection, number, now)
                recalled = following(last, RECALLED, DocumentState.REVIEW, (f"Recalled: {reason}", *last.reasons))
                decide(connection, number, replace(recalled, decided_at=now, decided_by=by, acting_for=acting_for))
            identifiers = tuple(map(document_id, numbers))
            details = {"reason": reason, "origin": which.origin, "acting_for": acting_for}
            chain.append(
                connection,
                action="documents.recalled",
                actor=by,
                subject="site",
                now=now,
                facts={
                    "documents": list(identifiers),
                    "fingerprint": which.fingerprint,
                    "from": which.since and instant_text(which.since),
                    "to": which.until and instant_text(which.until),
                },
                details={name: value for name, value in details.items() if value is not None},
            )
            return identifiers


def _filed_by_program(connection: Connection, which: Recall) -> list[int]:
    """Living documents whose newest decision is the program's to file, done or under way."""
    query = (
        select(documents.c.number)
        .join(decisions, and_(decisions.c.document == documents.c.number, decisions.c.version == documents.c.version))
        .join(scans, scans.c.number == documents.c.scan)
        .where(
            documents.c.retired_at.is_(None),
            documents.c.state.in_((DocumentState.FILED, DocumentState.WORKING)),
            decisions.c.state == DocumentState.FILED,
            decisions.c.act == PIPELINE,
            *_conditions(which),
        )
        .order_by(documents.c.number)
    )
    return list(connection.execute(query).scalars())


def _conditions(which: Recall) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if which.fingerprint is not None:
        conditions.append(decisions.c.fingerprint == which.fingerprint)
    if which.since is not None:
        conditions.append(decisions.c.decided_at >= which.since)
    if which.until is not None:
        conditions.append(decisions.c.decided_at < which.until)
    if which.origin is not None:
        below = scans.c.origin.startswith(f"{which.origin}/", autoescape=True)
        conditions.append(or_(scans.c.origin == which.origin, below))
    return conditions
