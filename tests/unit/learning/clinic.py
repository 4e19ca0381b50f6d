"""Made-up people and what people decided on their papers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from ingest.ledger import Act, Ledger
from ingest.model import Box, Disposition, Document, DocumentState, Finding, Role
from matchers import Patient
from matchers.patient import Field, Sex, Source
from tests.contract.ledger_steps import later, read
from tests.fakes.taught import act

SURNAMES = ("Anders", "Bakker", "Castillo", "Dietrich", "Eriksen", "Fontaine", "Grimaldi", "Hoffmann", "Ivanova")
GIVENS = ("Agnes", "Boris", "Clara", "Dmitri", "Elena", "Felix", "Gudrun", "Hector", "Ingrid", "Jonas", "Katrin")
PEOPLE = tuple(
    Patient(
        mrn=str(1_000_003 + 7 * n),
        last_name=SURNAMES[n % 9],
        first_name=GIVENS[n // 22],
        birth_date=date(1930, 1, 5) + timedelta(days=133 * n),
        sex=(Sex.FEMALE, Sex.MALE)[n % 2],
        zip=f"{21000 + n % 40}",
    )
    for n in range(240)
)
MINUTE_S = 60.0


def owner(number: int) -> Patient:
    """Whose the document of this number is."""
    return PEOPLE[number % 240]


def usual_zip(number: int) -> str:
    """Every fifth paper has the ZIP of another place."""
    return (owner(number).zip or "") if number % 5 else "90210"


def waiting(ledger: Ledger, number: int, *, zip_of: Callable[[int], str] = usual_zip, dated: bool = True) -> Document:
    """The document of this number, in review."""
    (document,) = read(ledger, paper(number, zip_of=zip_of, dated=dated), name=f"{number}.pdf")
    return document


def paper(number: int, *, zip_of: Callable[[int], str] = usual_zip, dated: bool = True) -> Disposition:
    """What the program made of the document of this number; without a birth date two or three people fit."""
    patient = owner(number)
    findings = (
        found(Field.NAME, f"{patient.last_name}, {patient.first_name}"),
        *([found(Field.BIRTH_DATE, f"{patient.birth_date:%m/%d/%Y}")] if dated else []),
        found(Field.SEX, patient.sex.value if patient.sex else ""),
        found(Field.ZIP, zip_of(number)),
    )
    return Disposition(pages=(1,), state=DocumentState.REVIEW, reasons=("Please look.",), findings=findings)


def decided_by_people(
    ledger: Ledger, numbers: Iterable[int], *, zip_of: Callable[[int], str] = usual_zip, dated: bool = True
) -> list[Document]:
    """Documents that a reviewer gave to their patients, each a minute after the one before."""
    documents = []
    for number in numbers:
        document = waiting(ledger, number, zip_of=zip_of, dated=dated)
        act(ledger, document, Act.ASSIGN, owner(number).mrn, at=later(number * MINUTE_S))
        documents.append(document)
    return documents


def found(field: Field, value: str) -> Finding:
    """A value as read, well enough."""
    box = Box(x0=0.1, y0=0.1, x1=0.5, y1=0.2)
    return Finding(
        field=field, role=Role.PATIENT, value=value, raw=value, page=1, box=box, confidence=0.8,
        source=Source.TEXT, place="header", label=None,
    )  # fmt: skip
