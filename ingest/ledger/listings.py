"""What became of everything: listings, each of one unchanging view of the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from ingest.errors import NotFound
from ingest.ledger.columns import is_set
from ingest.ledger.counters import document_id, document_number, scan_id, scan_number
from ingest.ledger.listing import decisions_of, document_of, documents_where
from ingest.ledger.part import LedgerPart
from ingest.ledger.records import DecisionRow, ScanRow
from ingest.ledger.scan_rows import key_of, named, scan_of
from ingest.ledger.schema import decisions, document_pages, documents, pages, scans
from ingest.model import Document, DocumentState, ReportStatus, Scan, ScanKind

_BATCH = 500


class Listings(LedgerPart):
    """Reading the ledger; nothing here changes it. Iterators keep a batch in memory and one connection."""

    def documents(
        self,
        *,
        state: DocumentState | None = None,
        mrn: str | None = None,
        scan: str | None = None,
        history: bool = False,
    ) -> Iterator[Document]:
        """The living documents (with `history` the retired too), oldest first.

        `mrn` asks for those filed to that patient, `scan` for those of a scan's id or source name.
        """
        conditions: list[ColumnElement[bool]] = []
        if not history:
            conditions.append(documents.c.retired_at.is_(None))
        if state is not None:
            conditions.append(documents.c.state == state)
        if mrn is not None:
            conditions.append(documents.c.mrn == mrn)
        if scan is not None:
            conditions.append(named(scan))
        with self._database.read() as connection:
            yield from documents_where(connection, *conditions)

    def left_out(self, *, newest: int) -> tuple[Document, ...]:
        """Blank pages and separator sheets, which nobody is shown unless they ask; the newest first."""
        kinds = documents.c.state.in_((DocumentState.BLANK, DocumentState.SEPARATOR))
        query = select(documents.c.number).where(kinds, documents.c.retired_at.is_(None))
        with self._database.read() as connection:
            numbers = connection.execute(query.order_by(documents.c.number.desc()).limit(newest)).scalars().all()
            return tuple(documents_where(connection, documents.c.number.in_(numbers)))[::-1]

    def document(self, document_id: str) -> Document:
        """One document, living or retired. Raises NotFound."""
        number = document_number(document_id)
        with self._database.read() as connection:
            return document_of(connection, number)

    def history(self, document_id: str) -> tuple[DecisionRow, ...]:
        """Every decision on a document, oldest first. Raises NotFound."""
        with self._database.read() as connection:
            return decisions_of(connection, document_id)

    def decision(self, document_id: str) -> DecisionRow:
        """The newest decision on a document: also says where a WORKING one is to be filed. Raises NotFound."""
        rows = self.history(document_id)
        if not rows:
            msg = f"document {document_id} waits to be read: nothing is decided on it yet"
            raise NotFound(msg)
        return rows[-1]

    def scan(self, scan_id: str) -> Scan:
        """One scan. Raises NotFound."""
        number = scan_number(scan_id)
        with self._database.read() as connection:
            row = connection.execute(select(scans).where(scans.c.number == number)).one_or_none()
        if row is None:
            msg = f"there is no scan {scan_id}"
            raise NotFound(msg)
        return scan_of(row)

    def kind_of(self, scan_id: str) -> ScanKind | None:
        """What a scan's bytes are; None for one that was not opened. Raises NotFound."""
        query = select(scans.c.kind).where(scans.c.number == scan_number(scan_id))
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            msg = f"there is no scan {scan_id}"
            raise NotFound(msg)
        return ScanKind(row.kind) if row.kind else None

    def scans(self) -> Iterator[ScanRow]:
        """Every scan that was ever taken in, oldest first."""
        query = select(scans).order_by(scans.c.number).limit(_BATCH)
        last = 0
        with self._database.read() as connection:
            while rows := connection.execute(query.where(scans.c.number > last)).all():
                first, last = rows[0].number, rows[-1].number
                artefacts: dict[int, list[str]] = {}
                for number, sha256 in connection.execute(
                    select(pages.c.scan, pages.c.artefact_sha256)
                    .where(pages.c.scan.between(first, last), pages.c.artefact_sha256.is_not(None))
                    .order_by(pages.c.scan, pages.c.page)
                ):
                    artefacts.setdefault(number, []).append(sha256)
                for row in rows:
                    yield ScanRow(
                        scan=scan_of(row),
                        kind=ScanKind(row.kind) if row.kind else None,
                        page_count=row.page_count,
                        artefacts=tuple(artefacts.get(row.number, ())),
                        spooled=row.spooled,
                        key=key_of(row),
                        released_at=row.released_at,
                    )

    def final_of(self, document: Document) -> str | None:
        """The filed final or corrected report that a preliminary one was, if its patient's record has it.

        The same accession number, or where one of the two has none the same day.
        """
        if document.mrn is None or document.traits.report is not ReportStatus.PRELIMINARY:
            return None
        with self._database.read() as connection:
            living = (documents.c.mrn == document.mrn, documents.c.retired_at.is_(None))
            for other in documents_where(connection, *living):
                final = other.traits.report in (ReportStatus.FINAL, ReportStatus.CORRECTED)
                if final and other.type == document.type and _same_report(document, other):
                    return other.id
        return None

    def of_scan(self, scan_id: str) -> Iterator[Document]:
        """The living documents of one scan, oldest first."""
        with self._database.read() as connection:
            living = (documents.c.scan == scan_number(scan_id), documents.c.retired_at.is_(None))
            yield from documents_where(connection, *living)

    def acts_since(self, since: datetime) -> dict[tuple[str, DocumentState], int]:
        """How many decisions there were since then, by act and by what was decided."""
        query = (
            select(decisions.c.act, decisions.c.state, func.count())
            .where(decisions.c.decided_at >= since)
            .group_by(decisions.c.act, decisions.c.state)
        )
        with self._database.read() as connection:
            return {(act, DocumentState(state)): count for act, state, count in connection.execute(query)}

    def counts(self) -> dict[DocumentState, int]:
        """How many living documents there are of each state; every state is named."""
        query = (
            select(documents.c.state, func.count()).where(documents.c.retired_at.is_(None)).group_by(documents.c.state)
        )
        with self._database.read() as connection:
            found = {DocumentState(state): count for state, count in connection.execute(query)}
        return {state: found.get(state, 0) for state in DocumentState}

    def quarantined(self) -> tuple[tuple[str, str], ...]:
        """The living quarantined documents, each with its scan: ids only, oldest first."""
        query = (
            select(documents.c.number, documents.c.scan)
            .where(documents.c.state == DocumentState.QUARANTINED, documents.c.retired_at.is_(None))
            .order_by(documents.c.number)
        )
        with self._database.read() as connection:
            return tuple((document_id(number), scan_id(scan)) for number, scan in connection.execute(query))

    def check_pages(self) -> tuple[str, ...]:
        """Where the law of pages is broken, in words: scans or pages without a document, copies of nothing."""
        living = (
            select(documents.c.scan, func.count().label("documents"))
            .where(documents.c.retired_at.is_(None), documents.c.copy_of.is_(None))
            .group_by(documents.c.scan)
            .subquery()
        )
        held = (
            select(
                document_pages.c.scan,
                func.count().label("pages"),
                func.min(document_pages.c.page).label("first"),
                func.max(document_pages.c.page).label("last"),
            )
            .where(is_set(document_pages.c.holds))
            .group_by(document_pages.c.scan)
            .subquery()
        )
        whole = and_(held.c.pages == scans.c.page_count, held.c.first == 1, held.c.last == scans.c.page_count)
        unopened = and_(scans.c.page_count.is_(None), held.c.pages.is_(None), living.c.documents == 1)
        query = (
            select(scans.c.number, living.c.documents)
            .outerjoin(living, living.c.scan == scans.c.number)
            .outerjoin(held, held.c.scan == scans.c.number)
            .where(~func.coalesce(or_(whole, unopened), False))
            .order_by(scans.c.number)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return (
            *(
                f"scan {scan_id(row.number)}: "
                + ("its pages are not each in one document" if row.documents else "it is in no document")
                for row in rows
            ),
            *(f"document {copy}: it is called a copy, and has other pages" for copy in self.unlawful_copies()),
        )

    def unlawful_copies(self) -> tuple[str, ...]:
        """Documents called copies that hold pages, or have others than the document that they name."""
        with self._database.read() as connection:
            return tuple(map(document_id, connection.execute(_unlawful_copies()).scalars()))


def _unlawful_copies() -> Select[Any]:
    """Copies that hold a page, or have one that the document copied has not, or no page at all."""
    source, source_pages = documents.alias("source"), document_pages.alias("source_pages")
    pages_of = document_pages.c.document == documents.c.number
    same = and_(
        source_pages.c.document == documents.c.copy_of,
        source_pages.c.scan == document_pages.c.scan,
        source_pages.c.page == document_pages.c.page,
    )
    odd = or_(is_set(document_pages.c.holds), ~select(source_pages.c.page).where(same).exists())
    copied = select(source.c.number).where(source.c.number == documents.c.copy_of, source.c.copy_of.is_(None))
    return (
        select(documents.c.number)
        .where(
            documents.c.copy_of.is_not(None),
            or_(
                ~copied.exists(),
                ~select(document_pages.c.page).where(pages_of).exists(),
                select(document_pages.c.page).where(pages_of, odd).exists(),
            ),
        )
        .order_by(documents.c.number)
    )


def _same_report(one: Document, other: Document) -> bool:
    if one.traits.accession is not None and other.traits.accession is not None:
        return one.traits.accession == other.traits.accession
    return one.document_date is not None and one.document_date == other.document_date
