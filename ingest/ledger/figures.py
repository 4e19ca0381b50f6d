"""What reports are counted from: rows of a period, streamed, so that a hundred thousand documents fit anywhere.

Promises: nothing here changes the ledger; no name, number or word of a patient leaves it but the words in
`SentToReview`; `since` counts, `until` no longer does. Copies that a person made for a second patient do not count.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from ingest.ledger.figure_records import (
    DecidedDocument,
    DeskEvent,
    KnownMisfile,
    PlaceUse,
    ReceivedScan,
    WaitingSince,
)
from ingest.ledger.figure_rows import DESK_ACTIONS, decided, decided_document, desk_event
from ingest.ledger.part import LedgerPart
from ingest.ledger.records import FoundHow
from ingest.ledger.schema import audit, batches, decisions, documents, scans
from ingest.ledger.schema_desk import misfiles, waiting
from ingest.model import DocumentState

_BATCH = 200  # documents at a time: a decision may hold tens of kilobytes
_ROWS = 2000
_PAPER = tuple(
    state
    for state in DocumentState
    if state not in (DocumentState.BLANK, DocumentState.SEPARATOR, DocumentState.DUPLICATE)
)


class Figures(LedgerPart):
    """Reading the ledger for `ingest report`. Iterators keep a batch in memory and one connection."""

    def received_scans(self, since: datetime, until: datetime) -> Iterator[ReceivedScan]:
        """Every scan that was taken in in the period."""
        holding = (
            select(func.count())
            .where(
                documents.c.scan == scans.c.number,
                documents.c.retired_at.is_(None),
                documents.c.copy_of.is_(None),
                documents.c.state.in_(_PAPER),
            )
            .scalar_subquery()
        )
        query = select(scans.c.received_at, scans.c.page_count, holding.label("documents"))
        with self._database.read() as connection:
            for row in _streamed(connection, query.where(_within(scans.c.received_at, since, until))):
                yield ReceivedScan(received_at=row.received_at, pages=row.page_count, documents=row.documents)

    def decided_documents(self, since: datetime, until: datetime) -> Iterator[DecidedDocument]:
        """Every document on which something was decided in the period, and that was not cut up before its end."""
        in_period = _within(decisions.c.decided_at, since, until)
        with self._database.read() as connection:
            touched = select(decisions.c.document).where(in_period).distinct().order_by(decisions.c.document)
            numbers = array("q", connection.execute(touched.execution_options(yield_per=_ROWS)).scalars())
            query = decided().where(
                in_period,
                documents.c.copy_of.is_(None),
                or_(documents.c.retired_at.is_(None), documents.c.retired_at >= until),
            )
            for at in range(0, len(numbers), _BATCH):
                some = numbers[at : at + _BATCH].tolist()
                rows = connection.execute(query.where(decisions.c.document.in_(some))).all()
                for _, of_one in groupby(rows, key=lambda row: row.document):
                    yield decided_document(list(of_one))

    def desk_events(self, since: datetime, until: datetime) -> Iterator[DeskEvent]:
        """What people looked at and decided in the period, in the order in which it happened."""
        query = (
            select(audit.c.at, audit.c.action, audit.c.actor, audit.c.subject, audit.c.facts)
            .where(_within(audit.c.at, since, until), audit.c.action.in_(DESK_ACTIONS))
            .order_by(audit.c.at, audit.c.seq)
        )
        with self._database.read() as connection:
            for row in _streamed(connection, query):
                event = desk_event(row)
                if event is not None:
                    yield event

    def waiting_since(self) -> Iterator[WaitingSince]:
        """The queue as it is now."""
        with self._database.read() as connection:
            for row in _streamed(connection, select(waiting.c.received_at, waiting.c.due_at)):
                yield WaitingSince(received_at=row.received_at, due_at=row.due_at)

    def known_misfiles(self, since: datetime, until: datetime) -> Iterator[KnownMisfile]:
        """Misfiles that were filed, or found out, in the period."""
        of_decision = and_(decisions.c.document == misfiles.c.document, decisions.c.version == misfiles.c.version)
        query = select(misfiles.c.by_program, misfiles.c.found_at, misfiles.c.found_how, decisions.c.decided_at).join(
            decisions, of_decision
        )
        either = or_(_within(misfiles.c.found_at, since, until), _within(decisions.c.decided_at, since, until))
        with self._database.read() as connection:
            for row in _streamed(connection, query.where(either)):
                yield KnownMisfile(
                    by_program=row.by_program,
                    filed_at=row.decided_at,
                    found_at=row.found_at,
                    found_how=FoundHow(row.found_how),
                )

    def origin_uses(self) -> tuple[PlaceUse, ...]:
        """Every folder that scans ever came from, and how it is used."""
        return self._uses(scans.c.origin)

    def station_uses(self) -> tuple[PlaceUse, ...]:
        """Every scanner's station that a sidecar ever named, and how it is used."""
        return self._uses(batches.c.station)

    def _uses(self, place: ColumnElement[Any]) -> tuple[PlaceUse, ...]:
        query = (
            select(
                place.label("name"),
                func.count().label("scans"),
                func.min(scans.c.received_at).label("first_at"),
                func.max(scans.c.received_at).label("last_at"),
            )
            .select_from(scans.outerjoin(batches, batches.c.number == scans.c.batch))
            .where(place.is_not(None))
            .group_by(place)
            .order_by(place)
        )
        with self._database.read() as connection:
            return tuple(
                PlaceUse(name=row.name, scans=row.scans, first_at=row.first_at, last_at=row.last_at)
                for row in connection.execute(query)
            )


def _within(column: ColumnElement[datetime], since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(column >= since, column < until)


def _streamed(connection: Connection, query: Select[Any]) -> Iterator[Row[Any]]:
    yield from connection.execute(query.execution_options(yield_per=_ROWS))
