"""A real SQLite ledger with patients, and documents that wait for a person."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest.ledger import JobKind, Ledger, Rendition
from ingest.model import (
    Box,
    Disposition,
    Document,
    DocumentState,
    Finding,
    IntakeKey,
    Role,
    ScanKind,
)
from ingest.review import Clerk, Desk, Turned
from ingest.running.identity import this_worker
from matchers.decision import Candidate, FieldComparison, Veto, VetoName
from matchers.patient import Field, Patient, Sex, Source

ANNA = Patient(mrn="0012345", last_name="Berg", first_name="Anna", birth_date=date(1962, 4, 7), sex=Sex.FEMALE)
HANNAH = Patient(mrn="0054321", last_name="Berg", first_name="Hannah", birth_date=date(1962, 4, 7))
GONE = Patient(mrn="0099999", last_name="Old", first_name="Ida", birth_date=date(1930, 1, 1), active=False)
_WORKER = this_worker()


def candidate(patient: Patient, probability: float = 0.9, *vetoes: VetoName) -> Candidate:
    """A suspect with one agreeing, one conflicting and one silent field."""
    fields = (
        FieldComparison(
            field=Field.NAME,
            query="BERG, ANNA",
            patient=f"{patient.last_name}, {patient.first_name}",
            level="exact",
            weight_bits=12.0,
            agrees=True,
        ),
        FieldComparison(
            field=Field.MRN,
            query="0012346",
            patient=patient.mrn,
            level="one digit differs",
            weight_bits=-4.0,
            agrees=False,
        ),
        FieldComparison(
            field=Field.PHONE, query="555-0100", patient=None, level="not recorded", weight_bits=0.0, agrees=False
        ),
    )
    told = tuple(Veto(name=name, reason=f"Because of {name.value}.") for name in vetoes)
    return Candidate(mrn=patient.mrn, probability=probability, weight_bits=8.0, fields=fields, vetoes=told)


def finding(value: str = "BERG, ANNA", page: int = 1) -> Finding:
    """A name on a page."""
    return Finding(
        field=Field.NAME,
        role=Role.PATIENT,
        value=value,
        raw=value,
        page=page,
        box=Box(x0=0.1, y0=0.1, x1=0.3, y1=0.12),
        confidence=0.93,
        source=Source.TEXT,
        place="header",
    )


@dataclass(kw_only=True)
class Room:
    """A ledger at a time that the test sets forward, and what is needed to fill it."""

    ledger: Ledger
    time: datetime = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
    objections: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def now(self) -> datetime:
        """One second later than before."""
        self.time += timedelta(seconds=1)
        return self.time

    def desk(self, user: str = "mia", acting_for: str | None = None, **clerk: Any) -> Desk:
        """A desk whose pages object to the MRNs in `objections`."""
        return Desk(
            self.ledger,
            Clerk(user=user, acting_for=acting_for, **clerk),
            objections=lambda _, patient: self.objections.get(patient.mrn, ()),
            judge=lambda _, pages: Disposition(pages=pages, state=DocumentState.REVIEW, reasons=("Decided anew.",)),
            turner=lambda document, *_: Turned(
                artefact_sha256="f" * 64,
                disposition=Disposition(
                    pages=document.pages, state=DocumentState.REVIEW, reasons=("Read again as it lies.",)
                ),
            ),
            now=self.now,
        )

    def scan_in(self, disposition: Disposition, source: str = "fax/one.pdf", origin: str = "fax") -> Document:
        """A scan taken in and read, all its pages in one document."""
        digest = hashlib.sha256(source.encode()).hexdigest()
        key = IntakeKey(path=source, device=1, inode=1, size=9, mtime_ns=1, sha256=digest)
        self.ledger.take_in(key=key, source=source, origin=origin, now=self.now(), drop=False)
        job = self.ledger.claim(worker=_WORKER, kinds=(JobKind.READ,), lease_s=60, now=self.now(), dead=lambda _: False)
        assert job is not None
        self.ledger.record_opened(job, kind=ScanKind.PDF, pages=len(disposition.pages))
        (document,) = self.ledger.conclude_reading(job, dispositions=(disposition,), now=self.now())
        return document

    def waiting(self, *candidates: Candidate, source: str = "fax/one.pdf", origin: str = "fax", **more) -> Document:
        """A document in review."""
        facts = {"pages": (1, 2), "reasons": ("Too little agrees.",), "findings": (finding(),)} | more
        return self.scan_in(
            Disposition(state=DocumentState.REVIEW, candidates=candidates, probability=0.9, **facts), source, origin
        )

    def file_everything(self) -> None:
        """What the runner does after a decision."""
        while job := self.ledger.claim(
            worker=_WORKER, kinds=(JobKind.FILE,), lease_s=60, now=self.now(), dead=lambda _: False
        ):
            rendition = Rendition(
                path=f"records/{job.subject}-{job.attempt}.pdf", sha256="0" * 64, size=9, text_state="layer", kind="pdf"
            )
            self.ledger.conclude_filing(job, rendition=rendition, now=self.now())


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """An empty ledger with three patients."""
    with Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}", create=True) as ledger:
        room = Room(ledger=ledger)
        ledger.load_patients([ANNA, HANNAH], now=room.now())
        ledger.load_patients([GONE], now=room.now())
        yield room


@pytest.fixture
def suspect() -> Callable[..., Candidate]:
    """Makes candidates."""
    return candidate


@pytest.fixture
def anna() -> Patient:
    """The usual patient."""
    return ANNA


@pytest.fixture
def hannah() -> Patient:
    """Her twin."""
    return HANNAH


@pytest.fixture
def gone() -> Patient:
    """A registration that is not in use any more."""
    return GONE
