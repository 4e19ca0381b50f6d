"""Documents and their decisions inside a transaction: what the parts of the ledger that change them share.

Promises: a decision is added, never changed; the document's row shows the newest one; of the documents that
hold a page only one is living (the database refuses a second).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from ingest.errors import NotFound
from ingest.ledger import chain
from ingest.ledger.codec import Json, canonical, encode_candidates, encode_findings, encode_texts, encode_traits
from ingest.ledger.columns import instant_text
from ingest.ledger.counters import Counter, document_id, document_number, take_number
from ingest.ledger.duplicates import note_suspicion
from ingest.ledger.job_rows import open_job
from ingest.ledger.queue_rows import follow, leave
from ingest.ledger.records import DecisionRow, JobKind
from ingest.ledger.rematch_rows import note_decision
from ingest.ledger.schema import decisions, document_pages, document_parents, documents
from ingest.model import NO_TRAITS, Disposition, DocumentState, Finding, Traits
from matchers.decision import Candidate

PIPELINE = "pipeline"
FILING_FAILED = "filing_failed"
RECALLED = "recalled"
SECOND_LOOK = "second_look"  # a supervisor found it wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDecision:
    """A decision about to be recorded; `state` is what was decided, FILED also while the PDF is to come."""

    act: str
    state: DocumentState
    mrn: str | None
    probability: float | None
    reasons: tuple[str, ...]
    findings: tuple[Finding, ...]
    candidates: tuple[Candidate, ...]
    would_file_mrn: str | None
    index_generation: int | None
    fingerprint: str | None
    threshold: float | None
    type: str | None
    document_date: date | None
    decided_at: datetime
    decided_by: str
    traits: Traits = NO_TRAITS
    acting_for: str | None = None
    note: str | None = None


def of_disposition(disposition: Disposition, *, now: datetime, actor: str, act: str = PIPELINE) -> NewDecision:
    """A pipeline's disposition as a decision."""
    return NewDecision(
        act=act,
        state=disposition.state,
        mrn=disposition.mrn,
        probability=disposition.probability,
        reasons=disposition.reasons,
        findings=disposition.findings,
        candidates=disposition.candidates,
        would_file_mrn=disposition.would_file_mrn,
        index_generation=disposition.index_generation,
        fingerprint=disposition.fingerprint,
        threshold=disposition.threshold,
        type=disposition.type,
        document_date=disposition.document_date,
        traits=disposition.traits,
        decided_at=now,
        decided_by=actor,
    )


def following(last: DecisionRow, act: str, state: DocumentState, reasons: tuple[str, ...]) -> NewDecision:
    """The decision after `last`, with all that was known then; who and when are filled in by the caller."""
    return NewDecision(
        act=act,
        state=state,
        mrn=None,
        probability=last.probability,
        reasons=reasons,
        findings=last.findings,
        candidates=last.candidates,
        would_file_mrn=last.would_file_mrn,
        index_generation=last.index_generation,
        fingerprint=last.fingerprint,
        threshold=last.threshold,
        type=last.type,
        document_date=last.document_date,
        traits=last.traits,
        decided_at=last.decided_at,
        decided_by=last.decided_by,
    )


def add_document(
    connection: Connection,
    scan: int,
    pages: Iterable[int],
    *,
    parents: Iterable[int] = (),
    copy_of: int | None = None,
    now: datetime,
) -> int:
    """A new living document, WORKING, without a decision; its number. A copy has pages, and holds none of them."""
    number = take_number(connection, Counter.DOCUMENT)
    row = {"number": number, "scan": scan, "state": DocumentState.WORKING, "version": 0, "copy_of": copy_of}
    connection.execute(insert(documents).values(created_at=now, **row))
    hold_pages(connection, number, scan, pages, holds=copy_of is None)
    rows = [{"document": number, "parent": parent} for parent in parents]
    if rows:
        connection.execute(insert(document_parents), rows)
    return number


def hold_pages(connection: Connection, document: int, scan: int, pages: Iterable[int], *, holds: bool = True) -> None:
    """Makes these the document's pages, in place of those it had. Only for one without a decision."""
    connection.execute(document_pages.delete().where(document_pages.c.document == document))
    rows = [{"document": document, "scan": scan, "page": page, "holds": holds} for page in pages]
    if rows:
        connection.execute(insert(document_pages), rows)


def pages_held(connection: Connection, document: int) -> tuple[int, ...]:
    """The document's pages in order."""
    query = select(document_pages.c.page).where(document_pages.c.document == document).order_by(document_pages.c.page)
    return tuple(connection.execute(query).scalars())


def parents_of(connection: Connection, document: int) -> tuple[int, ...]:
    """The documents that this one came from."""
    query = (
        select(document_parents.c.parent)
        .where(document_parents.c.document == document)
        .order_by(document_parents.c.parent)
    )
    return tuple(connection.execute(query).scalars())


def retire(connection: Connection, document: int, now: datetime) -> None:
    """Ends the document's life: its pages are free for others; it stays in the history."""
    connection.execute(update(documents).where(documents.c.number == document).values(retired_at=now))
    connection.execute(update(document_pages).where(document_pages.c.document == document).values(holds=False))
    leave(connection, document)


def decide(connection: Connection, document: int, decision: NewDecision, *, state: DocumentState | None = None) -> int:
    """Adds the document's next decision, with its audit event; its version.

    `state` is the document's state from now on where it differs from the decided one (WORKING until filed).
    """
    version = int(
        connection.execute(
            update(documents)
            .where(documents.c.number == document)
            .values(version=documents.c.version + 1, state=state or decision.state, mrn=None)
            .returning(documents.c.version)
        ).scalar_one()
    )
    follow(connection, document, state or decision.state, decision.type)
    row = {"document": document, "version": version, **_columns(decision)}
    connection.execute(insert(decisions).values(row))
    note_decision(
        connection,
        document,
        state=decision.state,
        findings=decision.findings,
        candidates=decision.candidates,
        mrns=(decision.mrn, decision.would_file_mrn),
        index_generation=decision.index_generation if decision.act == PIPELINE else None,
        now=decision.decided_at,
    )
    if decision.act in (PIPELINE, RECALLED):
        note_suspicion(connection, document, decision.candidates, decision.decided_at)
    details = {"mrn": decision.mrn, "acting_for": decision.acting_for, "note": decision.note, "row": seal(row)}
    chain.append(
        connection,
        action="document.decided",
        actor=decision.decided_by,
        subject=document_id(document),
        now=decision.decided_at,
        facts={"act": decision.act, "state": decision.state.value, "version": version},
        details={name: value for name, value in details.items() if value is not None},
    )
    return version


def settle(
    connection: Connection, scan: int, document: int, disposition: Disposition, *, now: datetime, actor: str = PIPELINE
) -> None:
    """The program's decision on a new document; a FILE job for one that is to be filed."""
    decision = of_disposition(disposition, now=now, actor=actor)
    if disposition.state is not DocumentState.FILED:
        decide(connection, document, decision)
        return
    decide(connection, document, decision, state=DocumentState.WORKING)
    open_job(connection, JobKind.FILE, scan=scan, document=document, now=now)


def _columns(decision: NewDecision) -> dict[str, object]:
    return {
        "act": decision.act,
        "state": decision.state,
        "mrn": decision.mrn,
        "probability": decision.probability,
        "reasons": encode_texts(decision.reasons),
        "findings": encode_findings(decision.findings),
        "candidates": encode_candidates(decision.candidates),
        "would_file_mrn": decision.would_file_mrn,
        "index_generation": decision.index_generation,
        "fingerprint": decision.fingerprint,
        "threshold": decision.threshold,
        "type": decision.type,
        "document_date": decision.document_date,
        "decided_at": decision.decided_at,
        "decided_by": decision.decided_by,
        "acting_for": decision.acting_for,
        "note": decision.note,
        "traits": encode_traits(decision.traits),
    }


def seal(row: Mapping[str, Any]) -> str:
    """The hash of a decision's whole row, which its event carries: nobody edits the row unseen."""
    values: list[Json] = []
    for column in decisions.columns:
        value = row[column.name]
        match value:
            case datetime():
                values.append(instant_text(value))
            case date():
                values.append(value.isoformat())
            case float():
                values.append(repr(value))
            case _:
                values.append(value)
    return hashlib.sha256(canonical(values).encode("ascii")).hexdigest()


class Standing(NamedTuple):
    """Where a document stands just now."""

    number: int
    scan: int
    state: DocumentState
    version: int
    retired: bool
    copy_of: int | None


def standing(connection: Connection, identifier: str) -> Standing:
    """Where the document stands; it stays so until the transaction ends. Raises NotFound."""
    row = connection.execute(
        select(
            documents.c.number,
            documents.c.scan,
            documents.c.state,
            documents.c.version,
            documents.c.retired_at,
            documents.c.copy_of,
        )
        .where(documents.c.number == document_number(identifier))
        .with_for_update()
    ).one_or_none()
    if row is None:
        msg = f"there is no document {identifier}"
        raise NotFound(msg)
    return Standing(
        number=row.number,
        scan=row.scan,
        state=DocumentState(row.state),
        version=row.version,
        retired=row.retired_at is not None,
        copy_of=row.copy_of,
    )


def reading_document(connection: Connection, scan: int) -> int | None:
    """The living document that stands for the scan's pages while they are read, if they are."""
    number: int | None = connection.execute(
        select(documents.c.number).where(
            documents.c.scan == scan,
            documents.c.retired_at.is_(None),
            documents.c.state == DocumentState.WORKING,
            documents.c.version == 0,
        )
    ).scalar_one_or_none()
    return number
