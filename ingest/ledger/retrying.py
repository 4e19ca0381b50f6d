"""Quarantined pages put back to work: their documents retire, one new document stands for them meanwhile."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from ingest.errors import Conflict, NotFound
from ingest.ledger import chain
from ingest.ledger.columns import is_set
from ingest.ledger.counters import scan_id
from ingest.ledger.documents import add_document, pages_held, reading_document, retire
from ingest.ledger.job_rows import open_job
from ingest.ledger.part import LedgerPart
from ingest.ledger.records import JobKind
from ingest.ledger.scan_rows import named
from ingest.ledger.schema import documents, pages, scans
from ingest.model import DocumentState


class Retrying(LedgerPart):
    """`ingest retry`."""

    def retry(self, named_scans: tuple[str, ...] | None, now: datetime, by: str) -> int:
        """Opens a READ job for each of these scans that has quarantined documents; how many.

        Scans are named by id or source; None means all. Their quarantined documents retire, the pages' failures are
        forgotten, pages that were read stay read; a new WORKING document names the retired ones as its parents.
        Documents of the same scan that live are not touched. Raises NotFound for an unknown scan, Conflict for a named
        one that has no bytes (it could not even be copied: drop the file again); with None such are passed over.
        """
        with self._database.write() as connection:
            numbers = _named(connection, named_scans) if named_scans is not None else _all(connection)
            return sum(_again(connection, number, now, by) for number in numbers)


def _all(connection: Connection) -> list[int]:
    query = (
        select(documents.c.scan)
        .join(scans, scans.c.number == documents.c.scan)
        .where(
            documents.c.state == DocumentState.QUARANTINED,
            documents.c.retired_at.is_(None),
            is_set(scans.c.spooled),
        )
        .distinct()
        .order_by(documents.c.scan)
    )
    return list(connection.execute(query).scalars())


def _named(connection: Connection, named_scans: tuple[str, ...]) -> list[int]:
    numbers: list[int] = []
    for scan in named_scans:
        rows = connection.execute(select(scans.c.number, scans.c.spooled).where(named(scan))).all()
        if not rows:
            msg = "there is no such scan: name its id (S000001) or its source, as `ingest documents` shows them"
            raise NotFound(msg)
        kept = [row.number for row in rows if row.spooled]
        if not kept:
            msg = f"scan {scan_id(rows[0].number)} could never be copied: put the file into the drop folder again"
            raise Conflict(msg)
        numbers += kept
    return list(dict.fromkeys(numbers))


def _again(connection: Connection, scan: int, now: datetime, by: str) -> int:
    """1 when the scan has something to retry and is not being read already."""
    living = connection.execute(
        select(documents.c.number, documents.c.state)
        .where(documents.c.scan == scan, documents.c.retired_at.is_(None))
        .order_by(documents.c.number)
    ).all()
    stuck = [row.number for row in living if row.state == DocumentState.QUARANTINED]
    if not stuck or reading_document(connection, scan) is not None:
        return 0
    due = sorted(page for document in stuck for page in pages_held(connection, document))
    for document in stuck:
        retire(connection, document, now)
    add_document(connection, scan, due, parents=stuck, now=now)
    connection.execute(
        update(pages)
        .where(pages.c.scan == scan, pages.c.page.in_(due), pages.c.trouble.is_not(None))
        .values(trouble=None, detail=None, has_picture=None, recorded_at=now)
    )
    open_job(connection, JobKind.READ, scan=scan, document=None, now=now)
    chain.append(
        connection,
        action="scan.retried",
        actor=by,
        subject=scan_id(scan),
        now=now,
        facts={"retired": len(stuck), "pages": due},
    )
    return 1
