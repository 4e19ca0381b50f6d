"""Text that was read later: pages' artefacts that became whole, and what the documents make of it.

Promises: a person's decision is never changed here; a document that the program filed leaves the record only by
one more decision row, with its reasons; everything is fenced by the TEXT job.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from ingest.errors import Conflict, NotFound
from ingest.ledger import chain
from ingest.ledger.counters import scan_id, scan_number
from ingest.ledger.documents import PIPELINE, Standing, standing
from ingest.ledger.doubts import raise_doubt
from ingest.ledger.job_rows import end, hold, open_job
from ingest.ledger.part import LedgerPart
from ingest.ledger.records import Job, JobKind, JobState, Reconsidered
from ingest.ledger.redeciding import decide_anew
from ingest.ledger.schema import jobs, pages, scans
from ingest.model import DocumentState, PageFailure, ScanKind


class Texts(LedgerPart):
    """From a TEXT job to whole pages."""

    def scan_kind(self, scan: str) -> ScanKind:
        """What the bytes of a scan that was opened are. Raises NotFound."""
        with self._database.read() as connection:
            kind = connection.execute(
                select(scans.c.kind).where(scans.c.number == scan_number(scan))
            ).scalar_one_or_none()
        if kind is None:
            msg = f"scan {scan} was never opened"
            raise NotFound(msg)
        return ScanKind(kind)

    def record_text(self, job: Job, *, page: int, first: str, whole: str, now: datetime) -> None:
        """The page's artefact `first`, of a part of it, is replaced by `whole`. Idempotent. Raises LostLease."""
        with self._database.write() as connection:
            scan = hold(connection, job, JobKind.TEXT).scan
            changed = connection.execute(
                update(pages)
                .where(pages.c.scan == scan, pages.c.page == page, pages.c.artefact_sha256 == first)
                .values(artefact_sha256=whole, recorded_at=now)
            )
            if changed.rowcount == 1:
                chain.append(
                    connection,
                    action="page.text_read",
                    actor=PIPELINE,
                    subject=scan_id(scan),
                    now=now,
                    facts={"page": page, "first": first, "artefact_sha256": whole},
                )

    def text_failed(self, job: Job, *, failure: PageFailure, now: datetime) -> None:
        """The rest of the page cannot be read: what was read of it stays. Raises LostLease."""
        with self._database.write() as connection:
            scan = hold(connection, job, JobKind.TEXT).scan
            chain.append(
                connection,
                action="page.text_failed",
                actor=PIPELINE,
                subject=scan_id(scan),
                now=now,
                facts={"page": failure.page, "trouble": failure.trouble.value},
            )

    def give_up_text(self, job: Job, *, now: datetime) -> None:
        """Ends the TEXT job without its result: what was read stays, nobody tries again. Raises LostLease."""
        with self._database.write() as connection:
            scan = hold(connection, job, JobKind.TEXT).scan
            end(connection, job, now)
            chain.append(connection, action="scan.text_given_up", actor=PIPELINE, subject=scan_id(scan), now=now)

    def conclude_text(self, job: Job, *, reconsidered: tuple[Reconsidered, ...], now: datetime) -> None:
        """Ends the TEXT job. What the program filed and would not file now is recalled to review, its PDF withdrawn;
        what waits untouched is decided anew; what stands filed gets a FILE job for a better PDF where asked.

        Raises LostLease; Conflict when a document has moved on since it was looked at: look at it again.
        """
        with self._database.write() as connection:
            scan = hold(connection, job, JobKind.TEXT).scan
            for one in reconsidered:
                row = standing(connection, one.document_id)
                if row.version != one.version or row.retired or row.state is DocumentState.WORKING:
                    msg = f"document {one.document_id} has moved on since its text was read"
                    raise Conflict(msg)
                if one.disposition is not None:
                    decide_anew(connection, one.document_id, row, one.disposition, now)
                elif one.rewrite:
                    _write_again(connection, row, now)
                if one.against:
                    action = "document.text_against"
                    raise_doubt(connection, one.document_id, one.version, one.against, action=action, now=now)
            end(connection, job, now)
            chain.append(connection, action="scan.text_read", actor=PIPELINE, subject=scan_id(scan), now=now)


def _write_again(connection: Connection, row: Standing, now: datetime) -> None:
    """A FILE job for a document that stays filed meanwhile, unless it has one."""
    if row.state is not DocumentState.FILED:
        msg = "only a filed document has a PDF to be written again"
        raise ValueError(msg)
    live = select(jobs.c.number).where(
        jobs.c.document == row.number,
        jobs.c.kind == JobKind.FILE,
        jobs.c.state.in_((JobState.OPEN, JobState.LEASED)),
    )
    if connection.execute(live).first() is None:
        open_job(connection, JobKind.FILE, scan=row.scan, document=row.number, now=now)
