"""Documents, decisions and scans as rows of the ledger become nouns of the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, select

from ingest.errors import NotFound
from ingest.ledger.codec import decode_candidates, decode_findings, decode_texts, decode_traits
from ingest.ledger.counters import document_id, document_number
from ingest.ledger.records import DecisionRow
from ingest.ledger.scan_rows import scan_of
from ingest.ledger.schema import decisions, document_pages, document_parents, documents, renditions, scans
from ingest.model import Document, DocumentState

BATCH = 200
UNREAD = ("It waits to be read.",)


def document_of(connection: Connection, number: int) -> Document:
    """One document by its number. Raises NotFound."""
    for document in documents_where(connection, documents.c.number == number):
        return document
    msg = f"there is no document {document_id(number)}"
    raise NotFound(msg)


def documents_where(connection: Connection, *conditions: ColumnElement[bool]) -> Iterator[Document]:
    """Every document that meets all conditions, oldest first, a batch in memory at a time."""
    query = _DOCUMENTS.where(*conditions).order_by(documents.c.number).limit(BATCH)
    last = 0
    while rows := connection.execute(query.where(documents.c.number > last)).all():
        last = rows[-1].document
        numbers = [row.document for row in rows]
        pages = _lists(connection, document_pages.c.document, document_pages.c.page, numbers)
        parents = _lists(connection, document_parents.c.document, document_parents.c.parent, numbers)
        for row in rows:
            yield _document(row, pages.get(row.document, ()), parents.get(row.document, ()))
        if len(rows) < BATCH:
            return


def decisions_of(connection: Connection, identifier: str) -> tuple[DecisionRow, ...]:
    """Every decision on the document, oldest first. Raises NotFound for an unknown document."""
    number = document_number(identifier)
    query = select(decisions).where(decisions.c.document == number).order_by(decisions.c.version)
    rows = connection.execute(query).all()
    if not rows:
        document_of(connection, number)
    return tuple(_decision(row) for row in rows)


def _documents() -> Select[Any]:
    newest = and_(decisions.c.document == documents.c.number, decisions.c.version == documents.c.version)
    current = and_(renditions.c.document == documents.c.number, renditions.c.withdrawn_at.is_(None))
    return (
        select(
            scans,
            documents.c.number.label("document"),
            documents.c.state,
            documents.c.version,
            documents.c.mrn,
            documents.c.retired_at,
            documents.c.copy_of,
            decisions.c.probability,
            decisions.c.reasons,
            decisions.c.findings,
            decisions.c.candidates,
            decisions.c.would_file_mrn,
            decisions.c.index_generation,
            decisions.c.fingerprint,
            decisions.c.type,
            decisions.c.document_date,
            decisions.c.traits,
            decisions.c.decided_at,
            decisions.c.decided_by,
            renditions.c.path.label("filed_as"),
            renditions.c.text_state,
        )
        .join(scans, scans.c.number == documents.c.scan)
        .outerjoin(decisions, newest)
        .outerjoin(renditions, current)
    )


def _document(row: Row[Any], pages: tuple[int, ...], parents: tuple[int, ...]) -> Document:
    decided = row.reasons is not None
    return Document(
        id=document_id(row.document),
        scan=scan_of(row),
        pages=pages,
        state=DocumentState(row.state),
        reasons=decode_texts(row.reasons) if decided else UNREAD,
        mrn=row.mrn,
        probability=row.probability,
        type=row.type,
        document_date=row.document_date,
        findings=decode_findings(row.findings) if decided else (),
        candidates=decode_candidates(row.candidates) if decided else (),
        filed_as=row.filed_as if row.state == DocumentState.FILED else None,
        text_state=row.text_state if row.state == DocumentState.FILED else None,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        version=row.version,
        would_file_mrn=row.would_file_mrn,
        index_generation=row.index_generation,
        fingerprint=row.fingerprint,
        parents=tuple(document_id(parent) for parent in parents),
        retired=row.retired_at is not None,
        traits=decode_traits(row.traits),
        copy_of=None if row.copy_of is None else document_id(row.copy_of),
    )


_DOCUMENTS = _documents()


def _decision(row: Row[Any]) -> DecisionRow:
    return DecisionRow(
        document_id=document_id(row.document),
        version=row.version,
        act=row.act,
        state=DocumentState(row.state),
        mrn=row.mrn,
        probability=row.probability,
        reasons=decode_texts(row.reasons),
        findings=decode_findings(row.findings),
        candidates=decode_candidates(row.candidates),
        would_file_mrn=row.would_file_mrn,
        index_generation=row.index_generation,
        fingerprint=row.fingerprint,
        threshold=row.threshold,
        type=row.type,
        document_date=row.document_date,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        acting_for=row.acting_for,
        note=row.note,
        traits=decode_traits(row.traits),
    )


def _lists(
    connection: Connection, owner: ColumnElement[int], value: ColumnElement[int], owners: Sequence[int]
) -> dict[int, tuple[int, ...]]:
    """The values of each owner, in order."""
    found: dict[int, list[int]] = {}
    query = select(owner, value).where(owner.in_(owners)).order_by(owner, value)
    for number, item in connection.execute(query):
        found.setdefault(number, []).append(item)
    return {number: tuple(items) for number, items in found.items()}
