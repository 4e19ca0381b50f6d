"""When the patient index changes: documents that the changes concern are queued, and each is concluded by itself.

Promises: every step is one transaction, so that a kill between two loses and doubles nothing; every change is looked
through once; a document leaves the queue when it was matched by an index that knows the change, or when a person has
made it theirs: held, it waits for that to end; put off, asked about or decided, it is left to them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, select, update

from ingest.ledger import chain
from ingest.ledger.concerning import concerned_by, decided_since, everything
from ingest.ledger.counters import Counter, document_id, document_number, last_number
from ingest.ledger.documents import PIPELINE, standing
from ingest.ledger.doubts import raise_doubt
from ingest.ledger.inquiries import is_open
from ingest.ledger.part import LedgerPart
from ingest.ledger.redeciding import decide_anew
from ingest.ledger.rematch_rows import queue
from ingest.ledger.schema import (
    audit_head,
    counters,
    decisions,
    documents,
    patient_changes,
    patients,
)
from ingest.ledger.schema_desk import inquiries, waiting
from ingest.ledger.schema_rematch import rematches
from ingest.model import Disposition, DocumentState

_AGAINST = "document.index_against"
_MANY = 2_000  # changes: fewer are looked for by their keys, however few documents there are


class Stand(StrEnum):
    """What may be done with a document that a change concerns."""

    OPEN = "open"  # it waits untouched: decided anew
    FILED = "filed"  # by the program: taken back where it is doubtful now
    FILED_BY_PERSON = "filed by a person"  # it stays; what speaks against it is noted
    HELD = "held"  # somebody works on it
    THEIRS = "theirs"  # people have made it theirs, or it is at an end: left alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """A document to be matched again by an index of at least generation `seq`, which failed `attempt` times."""

    document_id: str
    version: int
    seq: int
    attempt: int
    stand: Stand
    held_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RematchQueue:
    """How much is still to be done: changes to be looked through, documents to be matched again."""

    changes: int
    documents: int


class Rematching(LedgerPart):
    """From changes of patients to documents that were matched again."""

    def rematch_due(self, *, now: datetime) -> bool:
        """Whether there is anything to do at this moment."""
        with self._database.read() as connection:
            if last_number(connection, Counter.PATIENT_CHANGE) > last_number(connection, Counter.REMATCHED):
                return True
            return connection.execute(select(rematches.c.document).where(_due(now)).limit(1)).first() is not None

    def rematch_queue(self) -> RematchQueue:
        """What is left, also what has to wait for people."""
        with self._database.read() as connection:
            behind = last_number(connection, Counter.PATIENT_CHANGE) - last_number(connection, Counter.REMATCHED)
            left = connection.execute(select(func.count()).select_from(rematches)).scalar_one()
        return RematchQueue(changes=behind, documents=left)

    def queue_rematches(self, *, now: datetime, limit: int = 500) -> bool:
        """Looks through the next changes of patients, at most `limit`; whether there were any.

        The documents that they concern are queued. Of more changes at once than there are documents all are looked
        through in one go. Nobody who writes waits for the looking.
        """
        with self._database.read() as connection:
            done = last_number(connection, Counter.REMATCHED)
            last = last_number(connection, Counter.PATIENT_CHANGE)
            if done >= last:
                return False
            head = connection.execute(select(audit_head.c.seq)).scalar_one()
            many = last - done > max(_MANY, last_number(connection, Counter.DOCUMENT))
            upto = last if many else min(last, done + limit)
            concerned = everything(connection, upto) if many else concerned_by(connection, done, upto)
        with self._database.write() as connection:
            if last_number(connection, Counter.REMATCHED) != done:
                return True  # another process was quicker
            concerned |= decided_since(connection, head, upto)
            queue(connection, concerned, now)
            connection.execute(update(counters).where(counters.c.name == Counter.REMATCHED).values(value=upto))
            if concerned:
                chain.append(
                    connection,
                    action="documents.concerned",
                    actor=PIPELINE,
                    subject="patients",
                    now=now,
                    facts={"after": done, "upto": upto, "documents": len(concerned)},
                )
        return True

    def concerned(self, *, now: datetime, after: str | None = None, limit: int = 100) -> tuple[Concerned, ...]:
        """Documents whose turn it is, behind `after` in the order of their ids; those of one scan stand together."""
        beyond = 0 if after is None else document_number(after)
        query = (
            select(rematches, documents.c.version, documents.c.state, documents.c.retired_at, waiting.c.held_until)
            .add_columns(waiting.c.touched_at, waiting.c.deferred_until, decisions.c.act)
            .add_columns(decisions.c.state.label("decided"), inquiries.c.number.label("asked"))
            .join(documents, documents.c.number == rematches.c.document)
            .join(
                decisions,
                (decisions.c.document == documents.c.number) & (decisions.c.version == documents.c.version),
            )
            .outerjoin(waiting, waiting.c.document == documents.c.number)
            .outerjoin(inquiries, (inquiries.c.document == documents.c.number) & inquiries.c.closed_at.is_(None))
            .where(_due(now), rematches.c.document > beyond)
            .order_by(rematches.c.document)
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(_concerned(row, now) for row in connection.execute(query))

    def changes_of(self, mrns: Collection[str], *, since: int) -> Mapping[str, str]:
        """How each of these patients changed last, of those that did after generation `since`."""
        query = (
            select(patients.c.mrn, patient_changes.c.change)
            .join(patient_changes, patient_changes.c.seq == patients.c.changed_seq)
            .where(patients.c.mrn.in_(mrns), patients.c.changed_seq > since)
        )
        with self._database.read() as connection:
            return {row.mrn: row.change for row in connection.execute(query)}

    def conclude_rematch(
        self,
        one: Concerned,
        *,
        disposition: Disposition | None,
        against: tuple[str, ...] = (),
        speaks_for: str | None = None,
        now: datetime,
    ) -> bool:
        """The document was matched again: `disposition` is the program's new decision on it, None: all stands.

        `against` is what speaks against a person's filing, for another patient where `speaks_for` is one: a doubt is
        raised. False, and nothing changes, when the document has moved on or somebody took it up meanwhile: it is
        looked at again in a later turn.
        """
        with self._database.write() as connection:
            number = document_number(one.document_id)
            if connection.execute(select(rematches.c.document).where(rematches.c.document == number)).first() is None:
                return False
            row = standing(connection, one.document_id)
            if row.version != one.version or row.retired:
                return False
            if disposition is not None:
                if row.state is DocumentState.REVIEW and _in_hand(connection, number, now):
                    return False
                decide_anew(connection, one.document_id, row, disposition, now)
            if against:
                raise_doubt(
                    connection, one.document_id, one.version, against, speaks_for=speaks_for, action=_AGAINST, now=now
                )
            connection.execute(delete(rematches).where(rematches.c.document == number, rematches.c.seq <= one.seq))
            return True

    def leave_rematch(self, one: Concerned) -> None:
        """The document is left to people, or is at an end: no longer to be matched again."""
        number = document_number(one.document_id)
        with self._database.write() as connection:
            connection.execute(delete(rematches).where(rematches.c.document == number, rematches.c.seq <= one.seq))

    def postpone_rematch(self, one: Concerned, *, until: datetime, failed: bool = False) -> None:
        """Not before then: somebody works on it, or it `failed`."""
        more = 1 if failed else 0
        with self._database.write() as connection:
            connection.execute(
                update(rematches)
                .where(rematches.c.document == document_number(one.document_id))
                .values(not_before=until, attempt=rematches.c.attempt + more)
            )

    def give_up_rematch(self, one: Concerned, *, now: datetime) -> None:
        """It failed too often: it stays as it is, and the audit says so."""
        number = document_number(one.document_id)
        with self._database.write() as connection:
            connection.execute(delete(rematches).where(rematches.c.document == number))
            chain.append(
                connection, action="document.rematch_given_up", actor=PIPELINE, subject=one.document_id, now=now
            )


def _due(now: datetime) -> ColumnElement[bool]:
    return rematches.c.not_before <= now


def _in_hand(connection: Connection, number: int, now: datetime) -> bool:
    """Whether somebody has taken a waiting document up since it was looked at."""
    row = connection.execute(select(waiting).where(waiting.c.document == number)).one_or_none()
    if row is None:
        return True
    asked = connection.execute(select(inquiries.c.number).where(is_open(number))).first() is not None
    return asked or _stand_of_waiting(row, now) is not Stand.OPEN


def _stand_of_waiting(row: Row[Any], now: datetime) -> Stand:
    if row.touched_at is not None or row.deferred_until is not None:
        return Stand.THEIRS
    return Stand.HELD if row.held_until is not None and row.held_until > now else Stand.OPEN


def _concerned(row: Row[Any], now: datetime) -> Concerned:
    return Concerned(
        document_id=document_id(row.document),
        version=row.version,
        seq=row.seq,
        attempt=row.attempt,
        stand=_stand(row, now),
        held_until=row.held_until,
    )


def _stand(row: Row[Any], now: datetime) -> Stand:
    by_program = row.act == PIPELINE
    if row.retired_at is not None:
        return Stand.THEIRS
    match DocumentState(row.state):
        case DocumentState.REVIEW if by_program and row.asked is None:
            return _stand_of_waiting(row, now)
        case DocumentState.FILED | DocumentState.WORKING if row.decided == DocumentState.FILED:
            return Stand.FILED if by_program else Stand.FILED_BY_PERSON
        case _:
            return Stand.THEIRS
