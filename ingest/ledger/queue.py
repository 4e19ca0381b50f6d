"""The queue of the desk: who works on what, what is put off, what is asked of whom.

Promises: no document is held by two people at a time; a hold ends by itself. What is due first is shown first, so
that nothing waits for ever: an urgent document is due sooner, and every document comes nearer to its turn.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, func, insert, or_, select, update

from ingest.errors import Conflict
from ingest.ledger import chain
from ingest.ledger.columns import instant_text
from ingest.ledger.confidentiality import Clearance, barred
from ingest.ledger.counters import document_number
from ingest.ledger.inquiries import inquiry, is_open
from ingest.ledger.listing import document_of
from ingest.ledger.part import LedgerPart
from ingest.ledger.queue_records import QueueFilter, QueueLength, Waiting
from ingest.ledger.queue_rows import Limits, due, limits, row_of, touch, waits
from ingest.ledger.scan_rows import named
from ingest.ledger.schema import decisions, documents, scans
from ingest.ledger.schema_desk import inquiries, review_limits, waiting
from ingest.model import Document

_BATCH = 50


class Queue(LedgerPart):
    """What waits for a person, in the order in which it is due."""

    def set_review_limits(self, wanted: Limits, *, now: datetime) -> bool:
        """Within how many minutes documents want a person, by origin and type ("" for any); True when that is new.

        What waits is put in the new order. `wanted` names ("", ""), which holds for everything.
        """
        with self._database.read() as connection:
            if limits(connection) == wanted:
                return False
        with self._database.write() as connection:
            if limits(connection) == wanted:
                return False
            connection.execute(delete(review_limits))
            rows = [{"origin": one, "type": kind, "minutes": minutes} for (one, kind), minutes in wanted.items()]
            connection.execute(insert(review_limits), rows)
            for row in connection.execute(select(waiting)).all():
                due_at = due(wanted, row.origin, row.type, row.received_at)
                if due_at != row.due_at:
                    connection.execute(update(waiting).where(waiting.c.document == row.document).values(due_at=due_at))
            chain.append(connection, action="queue.limits_changed", actor="pipeline", subject="queue", now=now)
        return True

    def claim_waiting(
        self,
        queue: QueueFilter,
        *,
        user: str,
        clearance: Clearance,
        hold_s: float,
        now: datetime,
        skip: Collection[str] = (),
    ) -> Document | None:
        """Holds the first due document that nobody else holds, for `hold_s`; None when there is none.

        Not those in `skip`, put off, waiting for an answer that is not overdue (days are those of UTC), or of patients
        that `clearance` does not show.
        """
        free = _free(queue, user, now, skip)
        first = partial(_first_free, free=free, clearance=clearance)
        with self._database.read() as connection:
            found = first(connection)
        if found is None or _is_held(found[0], user, hold_s, now):  # nobody who writes waits for that
            return None if found is None else found[1]
        with self._database.write(lasting=False) as connection:
            if barred(connection, found[1], clearance) or not _is_still(connection, found[1], free):
                found = first(connection)
            if found is not None:
                _hold(connection, found[0], user, hold_s, now)
        return None if found is None else found[1]

    def hold(self, document_id: str, *, user: str, hold_s: float, now: datetime) -> None:
        """Holds a waiting document, or holds it longer. Raises Conflict when somebody else has it; others pass."""
        with self._database.read() as connection:
            row = row_of(connection, document_id)
        if row is None or _is_held(row, user, hold_s, now):
            return
        with self._database.write(lasting=False) as connection:
            row = row_of(connection, document_id)
            if row is None:
                return
            if row.held_by != user and row.held_until is not None and row.held_until > now:
                msg = f"document {document_id} is with {row.held_by}, who is working on it: take another one, or wait"
                raise Conflict(msg)
            _hold(connection, row, user, hold_s, now)

    def let_go(self, *, user: str, document_id: str | None = None) -> None:
        """Lets a document go that the user holds, or all of them; idempotent."""
        mine = [waiting.c.held_by == user]
        if document_id is not None:
            mine.append(waiting.c.document == document_number(document_id))
        with self._database.write(lasting=False) as connection:
            connection.execute(update(waiting).where(*mine).values(held_by=None, held_until=None))

    def holder(self, document_id: str, *, now: datetime) -> str | None:
        """Who works on a document at this moment, if anybody."""
        with self._database.read() as connection:
            row = row_of(connection, document_id)
        return row.held_by if row is not None and row.held_until is not None and row.held_until > now else None

    def defer(self, document_id: str, *, until: datetime, by: str, note: str | None, now: datetime) -> None:
        """Puts a waiting document off. Raises NotFound, Conflict for one that does not wait."""
        with self._database.write() as connection:
            row = waits(connection, document_id)
            touch(connection, row.document, now, deferred_until=until)
            chain.append(
                connection,
                action="document.deferred",
                actor=by,
                subject=document_id,
                now=now,
                facts={"until": instant_text(until)},
                details=None if note is None else {"note": note},
            )

    def waiting(self, queue: QueueFilter, *, clearance: Clearance, now: datetime) -> Generator[Waiting, None, None]:
        """Every waiting document that passes, in the order in which it is due; a batch in memory at a time."""
        with self._database.read() as connection:
            for row in _in_order(connection, select(waiting).where(*_conditions(queue))):
                document = document_of(connection, row.document)
                if barred(connection, document, clearance):
                    continue
                asked = connection.execute(select(inquiries).where(is_open(row.document))).one_or_none()
                held = row.held_until is not None and row.held_until > now
                put_off = row.deferred_until is not None and row.deferred_until > now
                yield Waiting(
                    document=document,
                    due_at=row.due_at,
                    held_by=row.held_by if held else None,
                    deferred_until=row.deferred_until if put_off else None,
                    inquiry=None if asked is None else inquiry(asked),
                )

    def queue_length(self, *, now: datetime) -> QueueLength:
        """How much waits, how much of it is late, and since when the oldest does."""
        with self._database.read() as connection:
            row = connection.execute(
                select(
                    func.count().label("all_of_it"),
                    func.count().filter(waiting.c.due_at <= now).label("late"),
                    func.count().filter(waiting.c.held_until > now).label("held"),
                    func.count().filter(waiting.c.deferred_until > now).label("deferred"),
                    func.min(waiting.c.received_at).label("oldest"),
                )
            ).one()
            asked = connection.execute(
                select(func.count()).select_from(inquiries).where(inquiries.c.closed_at.is_(None))
            ).scalar_one()
        return QueueLength(
            waiting=row.all_of_it, late=row.late, held=row.held, deferred=row.deferred, asked=asked, oldest=row.oldest
        )


def _in_order(connection: Connection, query: Select[Any], *, most: int = _BATCH) -> Iterator[Row[Any]]:
    """The rows in the order in which they are due: at most `most`, then some at a time."""
    last: Row[Any] | None = None
    while True:
        beyond = []
        if last is not None:
            later = waiting.c.due_at > last.due_at
            beyond = [or_(later, and_(waiting.c.due_at == last.due_at, waiting.c.document > last.document))]
        page = query.where(*beyond).order_by(waiting.c.due_at, waiting.c.document).limit(most)
        rows = connection.execute(page).all()
        yield from rows
        if len(rows) < most:
            return
        last, most = rows[-1], _BATCH


def _conditions(queue: QueueFilter) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if queue.origin is not None:
        below = waiting.c.origin.startswith(f"{queue.origin}/", autoescape=True)
        wanted.append(or_(waiting.c.origin == queue.origin, below))
    if queue.type is not None:
        wanted.append(waiting.c.type == queue.type)
    if queue.received_before is not None:
        wanted.append(waiting.c.received_at < queue.received_before)
    if queue.scan is not None:
        of_scan = select(documents.c.number).join(scans, scans.c.number == documents.c.scan)
        wanted.append(waiting.c.document.in_(of_scan.where(named(queue.scan))))
    if queue.reason is not None:
        newest = and_(decisions.c.document == documents.c.number, decisions.c.version == documents.c.version)
        told = select(documents.c.number).join(decisions, newest).where(documents.c.number == waiting.c.document)
        wanted.append(told.where(decisions.c.reasons.icontains(queue.reason, autoescape=True)).exists())
    return wanted


def _asked(today: date) -> ColumnElement[bool]:
    """A question is open whose answer is not overdue: a document that nobody answers for comes back by itself."""
    asked = select(inquiries.c.number).where(
        inquiries.c.document == waiting.c.document,
        inquiries.c.closed_at.is_(None),
        or_(inquiries.c.due.is_(None), inquiries.c.due >= today),
    )
    return asked.exists()


def _free(queue: QueueFilter, user: str, now: datetime, skip: Collection[str]) -> list[ColumnElement[bool]]:
    """What waits, passes, and may be taken by `user`."""
    free = [
        *_conditions(queue),
        or_(waiting.c.held_until.is_(None), waiting.c.held_until <= now, waiting.c.held_by == user),
        or_(waiting.c.deferred_until.is_(None), waiting.c.deferred_until <= now),
        ~_asked(now.date()),
    ]
    if skip:
        free.append(waiting.c.document.not_in([document_number(one) for one in skip]))
    return free


def _is_still(connection: Connection, document: Document, free: Sequence[ColumnElement[bool]]) -> bool:
    """Whether a document that was free a moment ago is so yet, and nothing was decided about it."""
    there = select(documents.c.version).join(waiting, waiting.c.document == documents.c.number)
    same = (documents.c.number == document_number(document.id), documents.c.version == document.version)
    return connection.execute(there.where(*same, *free)).first() is not None


def _first_free(
    connection: Connection, *, free: Sequence[ColumnElement[bool]], clearance: Clearance
) -> tuple[Row[Any], Document] | None:
    """The first due document of those that are free, as far as `clearance` shows it, and its row of the queue."""
    for row in _in_order(connection, select(waiting).where(*free), most=1):
        document = document_of(connection, row.document)
        if not barred(connection, document, clearance):
            return row, document
    return None


def _is_held(row: Row[Any], user: str, hold_s: float, now: datetime) -> bool:
    """Whether `user` holds it, and for long enough yet."""
    enough = now + timedelta(seconds=hold_s / 2)
    return row.held_by == user and row.held_until is not None and bool(row.held_until >= enough)


def _hold(connection: Connection, row: Row[Any], user: str, hold_s: float, now: datetime) -> None:
    """Holds a waiting document; one that is held for long enough yet is left as it is, which costs nothing."""
    if not _is_held(row, user, hold_s, now):
        until = now + timedelta(seconds=hold_s)
        mine = waiting.c.document == row.document
        connection.execute(update(waiting).where(mine).values(held_by=user, held_until=until))
