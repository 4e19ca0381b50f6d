"""What people said of documents after they were decided, put into a ledger as the desk puts it there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import insert

from ingest.ledger import Act, Ledger
from ingest.ledger.counters import document_number
from ingest.ledger.documents import decide, following
from ingest.ledger.schema_desk import misfiles, second_looks
from ingest.model import Document

TOLD_AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def act(ledger: Ledger, document: Document, what: Act, mrn: str | None = None, *, at: datetime = TOLD_AT) -> None:
    """A person's act on a document as it is now."""
    ledger.decide_by_person(
        document_id=document.id, version=ledger.document(document.id).version, act=what, mrn=mrn, by="ann",
        acting_for=None, note=None, now=at,
    )  # fmt: skip


def change(
    ledger: Ledger,
    document: Document,
    what: str,
    *,
    mrn: str | None = None,
    type: str | None = None,
    by: str = "eve",
    at: datetime = TOLD_AT,
) -> None:
    """A person's further decision, which changes the type of a document or its patient and nothing else."""
    last = ledger.decision(document.id)
    anew = replace(
        following(last, what, last.state, last.reasons), mrn=mrn or last.mrn, type=type or last.type, decided_at=at,
        decided_by=by,
    )  # fmt: skip
    with ledger._database.write() as connection:
        decide(connection, document_number(document.id), anew)


def misfiled(ledger: Ledger, document: Document, version: int, *, how: str = "refile") -> None:
    """This decision's filing turned out to be to the wrong patient."""
    values = {"document": document_number(document.id), "version": version, "by_program": False}
    with ledger._database.write() as connection:
        connection.execute(
            insert(misfiles).values(**values, found_how=how, found_by="supervisor", found_at=TOLD_AT),
        )


def looked(
    ledger: Ledger,
    document: Document,
    version: int,
    *,
    agrees: bool | None,
    settled: str | None = None,
    kind: str = "unattended",
    chance: float | None = 0.1,
) -> None:
    """A second look at this decision: its answer, and what a supervisor found where it differs."""
    values: dict[str, object] = {
        "document": document_number(document.id), "version": version, "kind": kind, "stratum": "", "chance": chance,
        "chosen_at": TOLD_AT,
    }  # fmt: skip
    if agrees is not None:
        values |= {"answer": "patient", "answered_by": "bob", "answered_at": TOLD_AT, "agrees": agrees}
    if settled is not None:
        values |= {"settled": settled, "settled_by": "supervisor", "settled_at": TOLD_AT}
    with ledger._database.write() as connection:
        connection.execute(insert(second_looks).values(**values))
