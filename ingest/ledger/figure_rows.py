"""The query and the rows behind `figures`: decisions and events become the values that reports are counted from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, case, func, or_, select

from ingest.ledger.codec import decode_texts
from ingest.ledger.documents import FILING_FAILED, PIPELINE, RECALLED, SECOND_LOOK
from ingest.ledger.figure_records import DecidedDocument, DeskEvent, DeskStep, SentToReview
from ingest.ledger.glimpses import first_vetoes, flag_kinds, text_confidences
from ingest.ledger.records import Act
from ingest.ledger.recutting import Recut
from ingest.ledger.schema import batches, decisions, document_pages, document_parents, documents, renditions, scans
from ingest.model import DocumentState

_BY_PROGRAM = (PIPELINE, FILING_FAILED, RECALLED)  # acts that no person does to the one document
_DECIDED, _LOOKS = "document.decided", ("document.viewed", "page.viewed")
_CUTS = (Recut.SPLIT.value, Recut.JOINED.value)
_NO_END = (Act.DESCRIBE, Act.BRING_BACK, SECOND_LOOK)  # steps after which the document still waits
DESK_ACTIONS = (_DECIDED, *_LOOKS, *_CUTS)


def decided() -> Select[Any]:
    """Decisions with what is known of their documents. Reasons and candidates only where they sent it to people."""
    sent = and_(
        decisions.c.state == DocumentState.REVIEW,
        or_(decisions.c.act.in_(_BY_PROGRAM), decisions.c.decided_by == PIPELINE),
    )
    parent = documents.alias("parent")
    cut = (
        select(document_parents.c.parent)
        .join(parent, parent.c.number == document_parents.c.parent)
        .where(
            document_parents.c.document == documents.c.number,
            # Else it was quarantined, and its scan read once more.
            parent.c.state.in_((DocumentState.REVIEW, DocumentState.BLANK, DocumentState.SEPARATOR)),
        )
        .exists()
    )
    page_count = (
        select(func.count())
        .where(document_pages.c.document == documents.c.number)
        .correlate(documents)
        .scalar_subquery()
    )
    filed_at = (
        select(func.min(renditions.c.filed_at))
        .where(renditions.c.document == decisions.c.document, renditions.c.version == decisions.c.version)
        .correlate(decisions)
        .scalar_subquery()
    )
    return (
        select(
            decisions.c.document,
            decisions.c.version,
            decisions.c.act,
            decisions.c.state,
            decisions.c.type,
            decisions.c.decided_at,
            decisions.c.decided_by,
            decisions.c.findings,
            decisions.c.traits,
            case((sent, decisions.c.reasons)).label("sent_reasons"),
            case((sent, decisions.c.candidates)).label("sent_candidates"),
            scans.c.received_at,
            scans.c.origin,
            batches.c.station,
            page_count.label("pages"),
            cut.label("cut"),
            filed_at.label("filed_at"),
        )
        .join(documents, documents.c.number == decisions.c.document)
        .join(scans, scans.c.number == documents.c.scan)
        .outerjoin(batches, batches.c.number == scans.c.batch)
        .order_by(decisions.c.document, decisions.c.version)
    )


def decided_document(rows: Sequence[Row[Any]]) -> DecidedDocument:
    """A document of the rows of its decisions in the period, oldest first."""
    first, last = rows[0], rows[-1]
    filed_by = [_by_program(row) for row in rows if row.state == DocumentState.FILED]
    return DecidedDocument(
        received_at=last.received_at,
        origin=last.origin,
        station=last.station,
        type=last.type,
        pages=last.pages,
        first_at=first.decided_at if first.version == 1 else None,
        by_program=_by_program(last),
        state=DocumentState(last.state),
        decided_at=last.decided_at,
        filed_at=last.filed_at,
        filings_by_program=sum(filed_by),
        filings_by_people=len(filed_by) - sum(filed_by),
        cut_by_person=bool(last.cut),
        sent_to_review=tuple(_sent(row) for row in rows if row.sent_reasons is not None),
        flags=flag_kinds(last.traits),
        confidences=text_confidences(last.findings),
    )


def _by_program(row: Row[Any]) -> bool:
    """What the program decides as somebody reads a scan again is its own decision, whoever asked for it."""
    return PIPELINE in (row.act, row.decided_by)


def _sent(row: Row[Any]) -> SentToReview:
    vetoes = first_vetoes(row.sent_candidates)
    sentences = {sentence for _, sentence in vetoes}
    return SentToReview(
        act=row.act,
        vetoes=tuple(name for name, _ in vetoes),
        words=tuple(words for words in decode_texts(row.sent_reasons) if words not in sentences),
    )


def desk_event(row: Row[Any]) -> DeskEvent | None:
    """A person's step; None for what the program decided by itself, and what is no document."""
    documents_of: tuple[str, ...] = (row.subject,)
    step = DeskStep.LOOKED
    if row.action in _CUTS:
        step, documents_of = DeskStep.DECIDED, tuple(json.loads(row.facts)["from"])
    elif row.action == _DECIDED:
        act = json.loads(row.facts)["act"]
        if act in _BY_PROGRAM or row.actor == PIPELINE:
            return None
        if act not in _NO_END:
            step = DeskStep.TOOK_BACK if act == Act.UNDO else DeskStep.DECIDED
    return DeskEvent(at=row.at, person=row.actor, step=step, documents=documents_of)
