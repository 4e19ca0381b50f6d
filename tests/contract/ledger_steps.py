"""Steps that many ledger tests take: scans taken in, read and filed, with times and people made up."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import create_engine, text

from ingest.ledger import Job, JobKind, Ledger, Rendition, WorkerId
from ingest.model import Box, Disposition, Document, DocumentState, Finding, IntakeKey, Role, Scan, ScanKind
from matchers.decision import Candidate, FieldComparison, Veto, VetoName
from matchers.patient import Field, Patient, Source

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HERE = WorkerId(host="ward-7", boot_id="boot-1", pid=100, started="5000")
THERE = WorkerId(host="cellar", boot_id="boot-9", pid=100, started="7000")
LEASE_S = 60.0


def later(seconds: float) -> datetime:
    """So many seconds after NOW."""
    return NOW + timedelta(seconds=seconds)


def key(path: str = "/inbox/a.pdf", content: str = "a", *, inode: int = 11) -> IntakeKey:
    """The intake key of a file with this content."""
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    return IntakeKey(path=path, device=1, inode=inode, size=1000, mtime_ns=1_700_000_000_000_000_000, sha256=sha256)


def take(ledger: Ledger, name: str = "a.pdf", content: str | None = None, *, inode: int = 11, origin: str = "") -> Scan:
    """A file from the drop folder; by default its content is its name."""
    content = name if content is None else content
    which = key(f"/inbox/{name}", content, inode=inode)
    return ledger.take_in(key=which, source=name, origin=origin, now=NOW, drop=True)


def claim(ledger: Ledger, *kinds: JobKind, worker: WorkerId = HERE, at: datetime = NOW) -> Job:
    """The next job, which must be there."""
    job = ledger.claim(worker=worker, kinds=kinds or tuple(JobKind), lease_s=LEASE_S, now=at)
    assert job is not None
    return job


def opened(ledger: Ledger, pages: int = 1, name: str = "a.pdf", content: str | None = None) -> Job:
    """A scan that was taken in and opened: its READ job."""
    scan = take(ledger, name, content)
    job = ledger.claim(worker=HERE, kinds=(JobKind.READ,), lease_s=LEASE_S, now=NOW, subject=scan.id)
    assert job is not None
    ledger.record_opened(job, kind=ScanKind.PDF, pages=pages)
    return job


def read(
    ledger: Ledger, *dispositions: Disposition, name: str = "a.pdf", content: str | None = None
) -> tuple[Document, ...]:
    """A scan read to these dispositions."""
    pages = sum(len(disposition.pages) for disposition in dispositions)
    return ledger.conclude_reading(opened(ledger, pages, name, content), dispositions=dispositions, now=NOW)


def to_state(state: DocumentState, *pages: int, reason: str = "because") -> Disposition:
    """Pages that end in `state` (not FILED)."""
    return Disposition(pages=pages, state=state, reasons=(reason,))


def to_review(*pages: int) -> Disposition:
    """Pages that a person shall look at, with all that the program knows of them."""
    return Disposition(
        pages=pages,
        state=DocumentState.REVIEW,
        reasons=("The name is too far off.", "Two patients are near."),
        probability=0.75,
        findings=(finding(pages[0]),),
        candidates=(candidate("0012", 0.75), candidate("0013", 0.2)),
        would_file_mrn="0012",
        index_generation=7,
        fingerprint="weights-1",
        threshold=0.9999,
        type="lab_report",
        document_date=date(2026, 11, 1),
    )


def to_file(*pages: int, mrn: str = "0012") -> Disposition:
    """Pages that are to be filed."""
    return Disposition(
        pages=pages,
        state=DocumentState.FILED,
        reasons=("Name, birth date and MRN agree.",),
        mrn=mrn,
        probability=0.99999,
        candidates=(candidate(mrn, 0.99999),),
    )


def filed(ledger: Ledger, *, name: str = "a.pdf", mrn: str = "0012", path: str | None = None) -> Document:
    """A one-page scan, filed."""
    (document,) = read(ledger, to_file(1, mrn=mrn), name=name)
    return file_now(ledger, document, path=path)


def file_now(ledger: Ledger, document: Document, *, path: str | None = None, content: str = "pdf") -> Document:
    """The document's FILE job, done."""
    job = ledger.claim(worker=HERE, kinds=(JobKind.FILE,), lease_s=LEASE_S, now=NOW, subject=document.id)
    assert job is not None
    return ledger.conclude_filing(job, rendition=pdf(path or f"records/{document.id}.pdf", content), now=NOW)


def pdf(path: str, content: str = "pdf") -> Rendition:
    """A PDF that was written."""
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    return Rendition(path=path, sha256=sha256, size=len(content), text_state="full", kind="pdf")


def finding(page: int = 1) -> Finding:
    """A name as read."""
    return Finding(
        field=Field.NAME,
        role=Role.PATIENT,
        value="DOE, JOHN Q",
        raw="DOE, J0HN Q",
        page=page,
        box=Box(x0=0.1, y0=1 / 3, x1=0.30000000000000004, y1=0.5),
        confidence=0.87,
        source=Source.TEXT,
        place="header",
        label="Patient:",
    )


def candidate(mrn: str, probability: float) -> Candidate:
    """Somebody who might be meant."""
    compared = FieldComparison(
        field=Field.NAME, query="DOE, J0HN Q", patient="Doe, John", level="close", weight_bits=6.25, agrees=True
    )
    veto = Veto(name=VetoName.BELOW_THRESHOLD, reason="Not certain enough.")
    return Candidate(mrn=mrn, probability=probability, weight_bits=11.5, fields=(compared,), vetoes=(veto,))


def patient(mrn: str = "0012", **changes: object) -> Patient:
    """A patient with something in every field."""
    fields: dict[str, object] = {
        "last_name": "Doe",
        "first_name": "John",
        "birth_date": date(1962, 4, 7),
        "middle_name": "Quincy",
        "suffix": "Jr",
        "former_last_names": ("Roe",),
        "ssn_last4": "0042",
        "phones": ("555-0100",),
        "address": "1 Elm St",
        "city": "Springfield",
        "state": "PA",
        "zip": "01234",
        "account_numbers": ("0007", "0008"),
    }
    return Patient(mrn=mrn, **{**fields, **changes})  # type: ignore[arg-type]


def make_older(url: str, revision: str) -> None:
    """Takes away from a ledger what came after version 0004, and says that it is of `revision`."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in (
            "ALTER TABLE renditions DROP COLUMN filed_at",
            "DROP INDEX ix_scans_batch",
            "ALTER TABLE scans DROP COLUMN batch",
            "DROP TABLE batches",
            "DELETE FROM counters WHERE name IN ('batch', 'rematched')",
            "ALTER TABLE decisions DROP COLUMN traits",
            "ALTER TABLE documents DROP COLUMN copy_of",
            "ALTER TABLE patients DROP COLUMN seal",
            "DROP INDEX ix_decisions_decided_at_act_state",
            *(
                f"DROP TABLE {name}"
                for name in (
                    "waiting",
                    "review_limits",
                    "inquiries",
                    "sessions",
                    "accounts",
                    "login_failures",
                    "patient_labels",
                    "misfiles",
                    "second_looks",
                    "second_look_head",
                    "second_look_strata",
                    "second_look_frame",
                    "proposals",
                    "match_keys",
                    "rematches",
                    "doubts",
                )
            ),
            f"UPDATE alembic_version SET version_num = '{revision}'",
        ):
            connection.execute(text(statement))
    engine.dispose()
