"""Papers of three kinds, two of which the rules do not know, and what people told of them."""

from __future__ import annotations

import random
from collections.abc import Iterable

from ingest.ledger import Act
from ingest.model import Disposition, DocumentState
from ingest.reading import artefact
from ingest.running.site import Site
from matchers.patient import Field
from tests.contract.ledger_steps import NOW, later, opened
from tests.fakes.pages import lines_of
from tests.fakes.taught import act, change
from tests.unit.learning.clinic import found, owner

NURSING = "infusion pump rate bag changed line flushed dressing intact tubing caregiver supply alarm occlusion cap"
LETTERS = "parking voucher mileage travel fund cheque payable raffle donor ticket committee lunch seats invitation"
LAB = "sodium potassium chloride creatinine glucose calcium albumin bilirubin hemoglobin"
COMMON = "page copy north county hospital department clinic phone office received"
KINDS = (("nursing_note", NURSING, None), ("correspondence", LETTERS, None), ("lab_report", LAB, "lab_report"))


def text_of(number: int, words: str, head: str = "") -> str:
    """The page of a document: its kind's words, everybody's words, its patient's name and a number of its own."""
    rng = random.Random(number)
    patient = owner(number)
    said = [*rng.sample(words.split(), 7), *rng.sample(COMMON.split(), 4)]
    rng.shuffle(said)
    body = "\n".join(" ".join(said[at : at + 4]) for at in range(0, len(said), 4))
    rare = f"zebra{'abcdefghij'[number % 10]}word" if number < 4 else ""
    return f"{head}\n{patient.last_name} {patient.first_name}\nref {10_000 + number}\n{body}\n{rare}"


def told(site: Site, numbers: Iterable[int], *, wrong: Iterable[int] = ()) -> list[str]:
    """Documents of the three kinds in turn, whose patient and type people told; of some the type wrongly."""
    wrong, documents = set(wrong), []
    for number in numbers:
        kind, words, by_rules = KINDS[number % 3]
        said = "order" if number in wrong else kind
        patient, at = owner(number), later(number * 60.0)
        job = opened(site.ledger, 1, f"form-{number}.pdf")
        page = lines_of(text_of(number, words, "LABORATORY REPORT" if by_rules else ""))
        kept = site.artefacts.keep_bytes(artefact.encode(page))
        site.ledger.record_page(job, page=1, artefact_sha256=kept.sha256, failure=None, now=NOW)
        review = Disposition(
            pages=(1,), state=DocumentState.REVIEW, reasons=("Please look.",), type=by_rules,
            findings=(found(Field.NAME, f"{patient.last_name} {patient.first_name}"),),
        )  # fmt: skip
        (document,) = site.ledger.conclude_reading(job, dispositions=(review,), now=NOW)
        act(site.ledger, document, Act.ASSIGN, patient.mrn, at=at)
        if said != by_rules:
            change(site.ledger, document, "correct", type=said, at=at)
        documents.append(document.id)
    return documents
