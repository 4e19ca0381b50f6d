"""Taking in: the scan's row, its first document, its READ job and the audit event, all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, insert, select, update

from ingest.errors import NotFound
from ingest.ledger import chain
from ingest.ledger.batches import join_batch
from ingest.ledger.codec import canonical
from ingest.ledger.counters import Counter, scan_id, scan_number, take_number
from ingest.ledger.documents import add_document, decide, of_disposition
from ingest.ledger.job_rows import open_job
from ingest.ledger.part import LedgerPart
from ingest.ledger.records import JobKind
from ingest.ledger.scan_rows import key_of, scan_of
from ingest.ledger.schema import scans
from ingest.model import Disposition, DocumentState, FileRefused, IntakeKey, Scan


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrival:
    """A file about to get its row. `appearance` tells it from all others for as long as it must be unique."""

    appearance: str
    key: IntakeKey | None
    source: str
    origin: str
    sha256: str
    size: int
    spooled: bool
    from_drop: bool
    now: datetime


class Intake(LedgerPart):
    """From the drop folder into the ledger."""

    def take_in(self, *, key: IntakeKey, source: str, origin: str, now: datetime, drop: bool) -> Scan:
        """Records a file whose bytes are safe in the spool: scan, WORKING document, READ job, audit event.

        Idempotent by `key` until `release` (after a crash behind the commit the very same file is found
        again, and gets no second row). With `drop=False` the file stays where it lies, and is the same
        for ever by its path and bytes.
        """
        parts = _drop_parts(key) if drop else _path_parts(key.path, key.sha256)
        arrival = _Arrival(
            appearance=_digest(parts),
            key=key,
            source=source,
            origin=origin,
            sha256=key.sha256,
            size=key.size,
            spooled=True,
            from_drop=drop,
            now=now,
        )
        with self._database.write() as connection:
            known = _find(connection, scans.c.appearance == arrival.appearance)
            if known is not None:
                return known
            number = _add(connection, arrival)
            add_document(connection, number, (), now=now)
            open_job(connection, JobKind.READ, scan=number, document=None, now=now)
            return _scan(connection, number)

    def take_in_refused(
        self, *, key: IntakeKey | None, source: str, origin: str, refusal: FileRefused, now: datetime
    ) -> Scan:
        """Records what could not even be copied: a scan without bytes and its QUARANTINED document.

        Idempotent by `key`, or without one by source and trouble. `sha256` of the scan is "", its size 0.
        """
        of = _drop_parts(key) if key else [source, origin]
        arrival = _Arrival(
            appearance=_digest(["refused", refusal.trouble.value, *of]),
            key=key,
            source=source,
            origin=origin,
            sha256="",
            size=0,
            spooled=False,
            from_drop=False,
            now=now,
        )
        with self._database.write() as connection:
            known = _find(connection, scans.c.appearance == arrival.appearance)
            if known is not None:
                return known
            number = _add(connection, arrival)
            document = add_document(connection, number, (), now=now)
            disposition = Disposition(pages=(), state=DocumentState.QUARANTINED, reasons=(refusal.reason,))
            decide(connection, document, of_disposition(disposition, now=now, actor="pipeline"))
            return _scan(connection, number)

    def taken_before(self, *, path: str, sha256: str) -> Scan | None:
        """The scan that was taken (with `drop=False`) from this path with these bytes, if there is one."""
        with self._database.read() as connection:
            return _find(connection, scans.c.appearance == _digest(_path_parts(path, sha256)))

    def unreleased(self) -> tuple[tuple[Scan, IntakeKey], ...]:
        """Scans whose originals may still lie in the drop folder, oldest first."""
        query = select(scans).where(scans.c.released_at.is_(None)).order_by(scans.c.number)
        with self._database.read() as connection:
            rows = [(scan_of(row), key_of(row)) for row in connection.execute(query)]
        return tuple((scan, key) for scan, key in rows if key is not None)

    def release(self, scan: str, now: datetime) -> None:
        """The original has left the drop folder. Idempotent. Raises NotFound."""
        self.release_all((scan,), now)

    def release_all(self, scan_ids: Iterable[str], now: datetime) -> None:
        """`release` of several in one transaction: all of them or none."""
        with self._database.write() as connection:
            for scan in scan_ids:
                _release(connection, scan, now)


def appearance_of(key: IntakeKey) -> str:
    """What tells this appearance of a file in the drop folder from every other, as one word."""
    return _digest(_drop_parts(key))


def _digest(parts: list[str]) -> str:
    return hashlib.sha256(canonical(parts).encode("ascii")).hexdigest()


def _drop_parts(key: IntakeKey) -> list[str]:
    numbers = (key.device, key.inode, key.size, key.mtime_ns)
    return ["drop", key.path, *(str(number) for number in numbers), key.sha256]


def _path_parts(path: str, sha256: str) -> list[str]:
    return ["path", path, sha256]


def _add(connection: Connection, arrival: _Arrival) -> int:
    number = take_number(connection, Counter.SCAN)
    key = arrival.key
    connection.execute(
        insert(scans).values(
            number=number,
            source=arrival.source,
            origin=arrival.origin,
            sha256=arrival.sha256,
            size=arrival.size,
            received_at=arrival.now,
            spooled=arrival.spooled,
            released_at=None if arrival.from_drop else arrival.now,
            appearance=arrival.appearance,
            key_path=key and key.path,
            key_device=key and key.device,
            key_inode=key and key.inode,
            key_size=key and key.size,
            key_mtime_ns=key and key.mtime_ns,
            key_sha256=key and key.sha256,
            batch=join_batch(connection, arrival.origin, arrival.now),
        )
    )
    chain.append(
        connection,
        action="scan.taken_in" if arrival.spooled else "scan.refused",
        actor="pipeline",
        subject=scan_id(number),
        now=arrival.now,
        facts={"sha256": arrival.sha256, "size": arrival.size},
        details={"source": arrival.source, "origin": arrival.origin},
    )
    return number


def _release(connection: Connection, scan: str, now: datetime) -> None:
    number = scan_number(scan)
    done = connection.execute(
        update(scans)
        .where(scans.c.number == number, scans.c.released_at.is_(None))
        .values(released_at=now, appearance=None)
    )
    if done.rowcount:
        chain.append(connection, action="scan.released", actor="pipeline", subject=scan, now=now)
    elif _find(connection, scans.c.number == number) is None:
        msg = f"there is no scan {scan}"
        raise NotFound(msg)


def _find(connection: Connection, which: ColumnElement[bool]) -> Scan | None:
    row = connection.execute(select(scans).where(which)).one_or_none()
    return None if row is None else scan_of(row)


def _scan(connection: Connection, number: int) -> Scan:
    return scan_of(connection.execute(select(scans).where(scans.c.number == number)).one())
