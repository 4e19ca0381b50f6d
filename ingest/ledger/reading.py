"""What reading found, page by page, and what became of the pages; all of it fenced by the READ job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from ingest.ledger import chain
from ingest.ledger.columns import is_set
from ingest.ledger.counters import document_id, scan_id, scan_number
from ingest.ledger.documents import (
    PIPELINE,
    add_document,
    hold_pages,
    pages_held,
    parents_of,
    reading_document,
    settle,
)
from ingest.ledger.job_rows import end, hold, open_job
from ingest.ledger.listing import document_of
from ingest.ledger.part import LedgerPart
from ingest.ledger.records import Job, JobKind, PageRow, SameBytes, SameBytesState
from ingest.ledger.schema import documents, pages, scans
from ingest.model import Disposition, Document, DocumentState, PageFailure, PageTrouble, ScanKind

_KEPT = (
    DocumentState.WORKING,
    DocumentState.FILED,
    DocumentState.REVIEW,
    DocumentState.BLANK,
    DocumentState.SEPARATOR,
)


class Reading(LedgerPart):
    """From a READ job to documents."""

    def record_opened(self, job: Job, *, kind: ScanKind | None, pages: int) -> None:
        """The file's kind and page count. Idempotent. Raises LostLease."""
        if pages < 1:
            msg = "a scan that can be opened has at least one page"
            raise ValueError(msg)
        with self._database.write() as connection:
            scan = hold(connection, job, JobKind.READ).scan
            connection.execute(
                update(scans)
                .where(scans.c.number == scan)
                .values(kind=func.coalesce(kind, scans.c.kind), page_count=pages)
            )
            document = reading_document(connection, scan)
            if document is not None and _is_alone(connection, scan, document):
                hold_pages(connection, document, scan, range(1, pages + 1))

    def record_page(
        self, job: Job, *, page: int, artefact_sha256: str | None, failure: PageFailure | None, now: datetime
    ) -> None:
        """What reading left of one page: an artefact or a failure. Idempotent. Raises LostLease."""
        if (artefact_sha256 is None) == (failure is None):
            msg = "a page has either an artefact or a failure"
            raise ValueError(msg)
        row = {
            "artefact_sha256": artefact_sha256,
            "trouble": failure and failure.trouble,
            "detail": failure and failure.detail,
            "has_picture": failure and failure.has_picture,
            "recorded_at": now,
        }
        insert = sqlite_insert if self._database.is_sqlite else postgresql_insert
        with self._database.write() as connection:
            scan = hold(connection, job, JobKind.READ).scan
            added = insert(pages).values(scan=scan, page=page, **row)
            connection.execute(added.on_conflict_do_update(index_elements=["scan", "page"], set_=row))
            outcome = {"trouble": failure.trouble.value} if failure else {"artefact_sha256": artefact_sha256}
            chain.append(
                connection,
                action="page.failed" if failure else "page.read",
                actor=PIPELINE,
                subject=scan_id(scan),
                now=now,
                facts={"page": page, **outcome},
            )

    def pages_of(self, scan: str) -> tuple[PageRow, ...]:
        """Every page of the scan, also those nothing is recorded of; () before it was opened."""
        number = scan_number(scan)
        with self._database.read() as connection:
            count = connection.execute(select(scans.c.page_count).where(scans.c.number == number)).scalar_one_or_none()
            recorded = connection.execute(select(pages).where(pages.c.scan == number)).all()
        rows = {page: PageRow(number=page, artefact_sha256=None, failure=None) for page in range(1, (count or 0) + 1)}
        for row in recorded:
            failure = row.trouble and PageFailure(
                page=row.page,
                trouble=PageTrouble(row.trouble),
                detail=row.detail,
                has_picture=row.has_picture,
            )
            rows[row.page] = PageRow(number=row.page, artefact_sha256=row.artefact_sha256, failure=failure or None)
        return tuple(rows[page] for page in sorted(rows))

    def reading_pages(self, scan: str) -> tuple[int, ...]:
        """The pages that the scan's READ job has to conclude; () before it was opened or when it has none.

        All pages of the scan, unless a retry works the quarantined ones beside documents that live.
        """
        number = scan_number(scan)
        with self._database.read() as connection:
            document = reading_document(connection, number)
            return () if document is None else pages_held(connection, document)

    def same_bytes(self, scan: str) -> SameBytes:
        """Whether other scans have the same bytes: kept, still being read, or neither.

        Scans of which everything was quarantined or discarded do not count. Of two that are read at the
        same time only the later one waits.
        """
        number = scan_number(scan)
        own = select(scans.c.sha256).where(scans.c.number == number, is_set(scans.c.spooled))
        query = (
            select(scans.c.number, scans.c.page_count, documents.c.state, documents.c.version)
            .join(documents, documents.c.scan == scans.c.number)
            .where(
                scans.c.sha256 == own.scalar_subquery(),
                scans.c.number != number,
                documents.c.retired_at.is_(None),
                documents.c.copy_of.is_(None),
                documents.c.state.in_(_KEPT),
                or_(documents.c.version == 0, scans.c.page_count.is_not(None)),
            )
            .order_by(scans.c.number)
        )
        with self._database.read() as connection:
            others = connection.execute(query).all()
        for other in others:
            if other.version > 0:
                return SameBytes(
                    state=SameBytesState.EARLIER_KEPT,
                    scan_id=scan_id(other.number),
                    pages=other.page_count,
                )
        for other in others:
            if other.number < number:
                return SameBytes(state=SameBytesState.EARLIER_WORKING, scan_id=scan_id(other.number))
        return SameBytes(state=SameBytesState.NONE)

    def conclude_reading(
        self,
        job: Job,
        *,
        dispositions: tuple[Disposition, ...],
        now: datetime,
        actor: str = PIPELINE,
        text_later: bool = False,
    ) -> tuple[Document, ...]:
        """Ends the READ job: one document for each disposition, FILE jobs for those to be filed, audit.

        `text_later`: of some page a part was read; a TEXT job is opened for the rest.

        The scan's WORKING document goes on as the first of them. One quarantine without pages stands for
        the whole file. Raises LostLease; ValueError when `reading_pages` are not each in exactly one
        disposition, or a disposition makes no sense.
        """
        _check(dispositions)
        with self._database.write() as connection:
            scan = hold(connection, job, JobKind.READ).scan
            first = reading_document(connection, scan)
            if first is None:
                msg = f"scan {job.subject} has no document that waits for its reading"
                raise ValueError(msg)
            dispositions = _lawful(pages_held(connection, first), dispositions)
            parents = parents_of(connection, first)
            hold_pages(connection, first, scan, dispositions[0].pages)
            numbers = [first]
            for disposition in dispositions[1:]:
                numbers.append(add_document(connection, scan, disposition.pages, parents=parents, now=now))
            for number, disposition in zip(numbers, dispositions, strict=True):
                settle(connection, scan, number, disposition, now=now, actor=actor)
            if text_later:
                open_job(connection, JobKind.TEXT, scan=scan, document=None, now=now)
            end(connection, job, now)
            chain.append(
                connection,
                action="scan.read",
                actor=actor,
                subject=scan_id(scan),
                now=now,
                facts={
                    "documents": {
                        document_id(number): list(disposition.pages)
                        for number, disposition in zip(numbers, dispositions, strict=True)
                    }
                },
            )
            return tuple(document_of(connection, number) for number in numbers)


def _is_alone(connection: Connection, scan: int, document: int) -> bool:
    """No other living document holds pages of the scan."""
    query = (
        select(func.count())
        .select_from(documents)
        .where(documents.c.scan == scan, documents.c.number != document, documents.c.retired_at.is_(None))
    )
    return connection.execute(query).scalar_one() == 0


def _check(dispositions: Sequence[Disposition]) -> None:
    if not dispositions:
        msg = "every scan ends in at least one disposition"
        raise ValueError(msg)
    for disposition in dispositions:
        if disposition.state is DocumentState.WORKING:
            msg = "WORKING is no disposition"
            raise ValueError(msg)
        if not disposition.reasons:
            msg = "a disposition has at least one reason"
            raise ValueError(msg)
        if (disposition.state is DocumentState.FILED) != (disposition.mrn is not None):
            msg = "a disposition names a patient exactly when its pages are to be filed"
            raise ValueError(msg)


def _lawful(due: tuple[int, ...], dispositions: tuple[Disposition, ...]) -> tuple[Disposition, ...]:
    """Holds the law of pages: each page that was to be read is in exactly one disposition.

    One quarantine without pages stands for the whole file: for all its pages, as far as they are known.
    """
    given = sorted(page for disposition in dispositions for page in disposition.pages)
    states = [disposition.state for disposition in dispositions]
    if not given and states == [DocumentState.QUARANTINED]:
        return (replace(dispositions[0], pages=due),)
    if given != list(due) or not all(disposition.pages for disposition in dispositions):
        msg = f"each of the pages {list(due)} must be in exactly one disposition; given are {given}"
        raise ValueError(msg)
    return dispositions
