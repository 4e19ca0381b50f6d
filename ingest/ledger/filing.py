"""Filing's end: the PDF that was written for a document, as a row; old ones withdrawn, never forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, insert, or_, select, update

from ingest.errors import NotFound
from ingest.ledger import chain
from ingest.ledger.counters import Counter, document_id, document_number, scan_number, take_number
from ingest.ledger.documents import FILING_FAILED, PIPELINE, decide, following, standing
from ingest.ledger.job_rows import LIVE, Held, end, hold
from ingest.ledger.listing import decisions_of, document_of
from ingest.ledger.part import LedgerPart
from ingest.ledger.records import FilingOrder, Job, JobKind, Rendition, RenditionRow
from ingest.ledger.schema import documents, jobs, renditions, scans
from ingest.model import Document, DocumentState, ScanKind


class Filing(LedgerPart):
    """From a FILE job to a rendition."""

    def announce_filing(self, job: Job, *, rendition: Rendition, now: datetime) -> int:
        """Says where the PDF is about to be put, so that whatever ends the job, nobody has to guess what lies there.

        Until `conclude_filing` it counts as withdrawn, but stays where it is as long as the job lives. Returns the
        rendition's id, the same one for the same announcement. Raises LostLease.
        """
        with self._database.write() as connection:
            document, mrn, version = _target(connection, job, hold(connection, job, JobKind.FILE))
            known = _announced(connection, document, version, rendition)
            if known is not None:
                return known
            return _insert(connection, (document, version, mrn), rendition, created_at=now, withdrawn_at=now)

    def conclude_filing(self, job: Job, *, rendition: Rendition, now: datetime) -> Document:
        """The PDF lies in the patient's folder, as announced: the document is FILED to the patient of its decision.

        An older rendition still current is withdrawn. Raises LostLease; then the caller's PDF belongs to
        no document, and leaves the records as every withdrawn one.
        """
        with self._database.write() as connection:
            document, mrn, version = _target(connection, job, hold(connection, job, JobKind.FILE))
            withdraw(connection, document, now)
            number = _announced(connection, document, version, rendition)
            if number is None:
                number = _insert(connection, (document, version, mrn), rendition, created_at=now, withdrawn_at=None)
            connection.execute(
                update(renditions).where(renditions.c.number == number).values(withdrawn_at=None, filed_at=now)
            )
            connection.execute(
                update(documents).where(documents.c.number == document).values(state=DocumentState.FILED, mrn=mrn)
            )
            end(connection, job, now)
            chain.append(
                connection,
                action="document.filed",
                actor=PIPELINE,
                subject=job.subject,
                now=now,
                facts={"rendition": number, "sha256": rendition.sha256, "version": version},
                details={"mrn": mrn, "path": rendition.path},
            )
            return document_of(connection, document)

    def filing_order(self, job: Job) -> FilingOrder:
        """What the FILE job asks for. Raises LostLease."""
        with self._database.write() as connection:
            document, mrn, _ = _target(connection, job, hold(connection, job, JobKind.FILE))
            shown = document_of(connection, document)
            kind = connection.execute(
                select(scans.c.kind).where(scans.c.number == scan_number(shown.scan.id))
            ).scalar_one()
        if kind is None:
            msg = f"scan {shown.scan.id} was never opened: nothing of it can be filed"
            raise ValueError(msg)
        return FilingOrder(document=shown, kind=ScanKind(kind), mrn=mrn)

    def filing_failed(self, job: Job, *, reason: str, now: datetime) -> Document:
        """The PDF cannot be written for a reason that trying again will not cure: a person decides.

        The document goes to REVIEW with the reason before its own. One that is filed already, and was to get
        a better PDF, keeps the one it has. Raises LostLease.
        """
        with self._database.write() as connection:
            held = hold(connection, job, JobKind.FILE)
            document, _, _ = _target(connection, job, held)
            if standing(connection, job.subject).state is DocumentState.FILED:
                end(connection, job, now)
                chain.append(
                    connection, action="document.text_not_written", actor=PIPELINE, subject=job.subject, now=now
                )
                return document_of(connection, document)
            last = decisions_of(connection, job.subject)[-1]
            decide(
                connection,
                document,
                replace(
                    following(last, FILING_FAILED, DocumentState.REVIEW, (reason, *last.reasons)),
                    decided_at=now,
                    decided_by=PIPELINE,
                ),
            )
            end(connection, job, now)
            return document_of(connection, document)

    def renditions(self, document_id: str) -> tuple[RenditionRow, ...]:
        """Every rendition that a document ever had, oldest first."""
        return self._rows(_renditions().where(renditions.c.document == document_number(document_id)))

    def all_renditions(self) -> tuple[RenditionRow, ...]:
        """Every rendition of every document, oldest first."""
        return self._rows(_renditions())

    def pending_withdrawals(self) -> tuple[RenditionRow, ...]:
        """Withdrawn renditions whose files are still to be taken out of the records, oldest first.

        Never one whose path holds a current rendition (the same bytes were filed there again), and one
        only, the newest, for each path. Announced ones as soon as no job is to file their document.
        """
        later = renditions.alias("later_renditions")
        in_its_place = (
            select(later.c.number)
            .where(
                later.c.path == renditions.c.path,
                later.c.number > renditions.c.number,
                later.c.removed_at.is_(None),
            )
            .exists()
        )
        filing = (
            select(jobs.c.number)
            .where(jobs.c.document == renditions.c.document, jobs.c.kind == JobKind.FILE, jobs.c.state.in_(LIVE))
            .exists()
        )
        being_filed = and_(renditions.c.filed_at.is_(None), filing)
        return self._rows(_renditions().where(_pending(), ~in_its_place, ~being_filed))

    def removed(self, rendition_id: int, kept_as: str | None, now: datetime) -> None:
        """The withdrawn file is out of the records and kept at `kept_as` (relative to the site). Idempotent.

        None for one that was announced and not found there; should it come there late, it is told anew. Older
        withdrawn renditions that shared its path had the same bytes: they are kept there too.
        """
        with self._database.write() as connection:
            row = connection.execute(select(renditions).where(renditions.c.number == rendition_id)).one_or_none()
            if row is None or row.withdrawn_at is None:
                msg = f"rendition {rendition_id} is not a withdrawn one"
                raise NotFound(msg)
            if row.removed_at is not None and (row.kept_as is not None or kept_as is None):
                return
            older = and_(_pending(), renditions.c.path == row.path, renditions.c.number < rendition_id)
            connection.execute(
                update(renditions)
                .where(or_(renditions.c.number == rendition_id, older))
                .values(removed_at=now, kept_as=kept_as)
            )
            chain.append(
                connection,
                action="rendition.removed",
                actor=PIPELINE,
                subject=document_id(row.document),
                now=now,
                facts={"rendition": rendition_id},
                details={"kept_as": kept_as or ""},
            )

    def _rows(self, query: Select[Any]) -> tuple[RenditionRow, ...]:
        with self._database.read() as connection:
            return tuple(_rendition(row) for row in connection.execute(query))


def _announced(connection: Connection, document: int, version: int, rendition: Rendition) -> int | None:
    """The announcement of the very same file for the same decision, while nothing has come of it."""
    return connection.execute(
        select(renditions.c.number).where(
            renditions.c.document == document,
            renditions.c.version == version,
            renditions.c.path == rendition.path,
            renditions.c.sha256 == rendition.sha256,
            renditions.c.filed_at.is_(None),
            renditions.c.removed_at.is_(None),
        )
    ).scalar_one_or_none()


def _insert(
    connection: Connection,
    target: tuple[int, int, str],
    rendition: Rendition,
    *,
    created_at: datetime,
    withdrawn_at: datetime | None,
) -> int:
    document, version, mrn = target
    number = take_number(connection, Counter.RENDITION)
    connection.execute(
        insert(renditions).values(
            number=number,
            document=document,
            version=version,
            mrn=mrn,
            path=rendition.path,
            sha256=rendition.sha256,
            size=rendition.size,
            text_state=rendition.text_state,
            kind=rendition.kind,
            created_at=created_at,
            withdrawn_at=withdrawn_at,
        )
    )
    return number


def withdraw(connection: Connection, document: int, now: datetime) -> None:
    """The document's current rendition holds no longer; its file is to leave the records."""
    connection.execute(
        update(renditions)
        .where(renditions.c.document == document, renditions.c.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )


def _pending() -> ColumnElement[bool]:
    return and_(renditions.c.withdrawn_at.is_not(None), renditions.c.removed_at.is_(None))


def _target(connection: Connection, job: Job, held: Held) -> tuple[int, str, int]:
    """Number, patient and version of the decision that the FILE job carries out."""
    last = decisions_of(connection, job.subject)[-1]
    if held.document is None or last.mrn is None:
        msg = f"document {job.subject} is not to be filed"
        raise ValueError(msg)
    return held.document, last.mrn, last.version


def _renditions() -> Select[Any]:
    return select(renditions).order_by(renditions.c.number)


def _rendition(row: Row[Any]) -> RenditionRow:
    return RenditionRow(
        id=row.number,
        document_id=document_id(row.document),
        version=row.version,
        mrn=row.mrn,
        rendition=Rendition(
            path=row.path,
            sha256=row.sha256,
            size=row.size,
            text_state=row.text_state,
            kind=row.kind,
        ),
        created_at=row.created_at,
        withdrawn_at=row.withdrawn_at,
        removed_at=row.removed_at,
        filed_at=row.filed_at,
        kept_as=row.kept_as,
    )
