"""Batches: which scans came together, and what was said to be expected of them.

A batch is what one folder received without a longer pause. A sidecar says more of the folder's batch; the next one in
the same folder begins another.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from ingest.errors import NotFound
from ingest.ledger import chain
from ingest.ledger.counters import Counter, batch_id, batch_number, scan_id, take_number
from ingest.ledger.part import LedgerPart
from ingest.ledger.records import BatchRow, Sidecar
from ingest.ledger.schema import batches, documents, scans
from ingest.model import DocumentState

PAUSE = timedelta(hours=1)
"""After so long without a scan what comes next in a folder is another batch."""


class Batches(LedgerPart):
    """What was scanned together."""

    def note_sidecar(self, *, origin: str, appearance: str, sidecar: Sidecar, now: datetime) -> str:
        """What a sidecar in `origin` says belongs to the batch that is coming in there; the batch's id.

        A batch that has one already is at its end, and the sidecar begins another. Idempotent by `appearance`.
        """
        with self._database.write() as connection:
            known = connection.execute(select(batches.c.number).where(batches.c.sidecar == appearance)).scalar()
            if known is not None:
                return batch_id(int(known))
            number = _coming_in(connection, origin, now)
            if number is None or _has_sidecar(connection, number):
                number = _open(connection, origin, now)
            connection.execute(
                update(batches)
                .where(batches.c.number == number)
                .values(
                    operator=sidecar.operator,
                    station=sidecar.station,
                    expected_pages=sidecar.expected_pages,
                    expected_files=sidecar.expected_files,
                    sidecar=appearance,
                    sidecar_sha256=sidecar.sha256,
                    last_at=now,
                )
            )
            chain.append(
                connection,
                action="batch.announced",
                actor="pipeline",
                subject=batch_id(number),
                now=now,
                facts={"sha256": sidecar.sha256, "pages": sidecar.expected_pages, "files": sidecar.expected_files},
                details={"origin": origin},
            )
            return batch_id(number)

    def is_noted(self, appearance: str) -> bool:
        """Whether a sidecar of this appearance was noted."""
        query = select(batches.c.number).where(batches.c.sidecar == appearance)
        with self._database.read() as connection:
            return connection.execute(query).first() is not None

    def batches(self) -> tuple[BatchRow, ...]:
        """Every batch, oldest first, with what became of its pages."""
        with self._database.read() as connection:
            rows = connection.execute(select(batches).order_by(batches.c.number)).all()
            return tuple(_batch(connection, row) for row in rows)

    def batch(self, identifier: str) -> BatchRow:
        """One of them. Raises NotFound."""
        with self._database.read() as connection:
            row = connection.execute(select(batches).where(batches.c.number == batch_number(identifier))).one_or_none()
            if row is None:
                msg = f"there is no batch {identifier}"
                raise NotFound(msg)
            return _batch(connection, row)


def join_batch(connection: Connection, origin: str, now: datetime) -> int:
    """The number of the batch that a scan from `origin` belongs to; a new one where none is coming in."""
    number = _coming_in(connection, origin, now)
    if number is None:
        return _open(connection, origin, now)
    connection.execute(update(batches).where(batches.c.number == number).values(last_at=now))
    return number


def _coming_in(connection: Connection, origin: str, now: datetime) -> int | None:
    """The folder's newest batch, unless it paused for long or all its files are here."""
    row = connection.execute(
        select(batches.c.number, batches.c.last_at, batches.c.expected_files)
        .where(batches.c.origin == origin)
        .order_by(batches.c.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None or now - row.last_at > PAUSE:
        return None
    if row.expected_files is not None:
        arrived = connection.execute(select(func.count()).where(scans.c.batch == row.number)).scalar_one()
        if arrived >= row.expected_files:
            return None
    return int(row.number)


def _has_sidecar(connection: Connection, number: int) -> bool:
    return connection.execute(select(batches.c.sidecar).where(batches.c.number == number)).scalar_one() is not None


def _open(connection: Connection, origin: str, now: datetime) -> int:
    number = take_number(connection, Counter.BATCH)
    connection.execute(insert(batches).values(number=number, origin=origin, opened_at=now, last_at=now))
    return number


def _batch(connection: Connection, row: Row[Any]) -> BatchRow:
    own = scans.c.batch == row.number
    files, pages = connection.execute(
        select(func.count(), func.coalesce(func.sum(scans.c.page_count), 0)).where(own)
    ).one()
    unopened = connection.execute(select(func.count()).where(own, scans.c.page_count.is_(None))).scalar_one()
    states = connection.execute(
        select(documents.c.state, func.count())
        .join(scans, scans.c.number == documents.c.scan)
        .where(own, documents.c.retired_at.is_(None))
        .group_by(documents.c.state)
    ).all()
    numbers = connection.execute(select(scans.c.number).where(own).order_by(scans.c.number)).scalars()
    return BatchRow(
        id=batch_id(row.number),
        origin=row.origin,
        opened_at=row.opened_at,
        last_at=row.last_at,
        operator=row.operator,
        station=row.station,
        expected_pages=row.expected_pages,
        expected_files=row.expected_files,
        announced=row.sidecar is not None,
        files=int(files),
        pages=int(pages),
        unopened=int(unopened),
        states={DocumentState(state): int(count) for state, count in states},
        scans=tuple(map(scan_id, numbers)),
    )
