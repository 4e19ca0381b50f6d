"""Text that was read later: what the program decided ends as if it had read all at once; people's decisions stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from ingest import pipeline
from ingest.evidence.doctypes import load_doctypes
from ingest.evidence.find import SiteFacts
from ingest.evidence.labels import load_labels
from ingest.house import House
from ingest.ledger import DecisionRow, Reconsidered
from ingest.model import Disposition, Document, DocumentState, PageArtefact, Scan
from ingest.running.reconsider import reconsider
from ingest.settings import Settings, Unattended
from matchers import Patient, PatientIndex, load_policy
from tests.fakes.pages import at, code, page_of

NOW = datetime(2026, 11, 1, tzinfo=UTC)
PATIENTS = (
    Patient(mrn="00412345", last_name="HOLLOWAY", first_name="MARGARET", birth_date=date(1951, 3, 14)),
    Patient(mrn="00455550", last_name="OKAFOR", first_name="CHIDI", birth_date=date(1984, 7, 25)),
    *(
        Patient(mrn=f"004{number:05}", last_name=f"FILLER{number}", first_name="PAT", birth_date=date(1960, 1, 1))
        for number in range(10000, 10050)
    ),
)
SCAN = Scan(id="S000001", source="a.pdf", origin="", sha256="0" * 64, size=1, received_at=NOW)
UPPER = (at(1, 1, "Patient: HOLLOWAY, MARGARET"), at(2, 1, "Date of Birth: 03/14/1951"), at(3, 1, "MRN: 00412345"))
OTHER = (at(40, 1, "Patient: OKAFOR, CHIDI"), at(41, 1, "DOB: 07/25/1984"), at(42, 1, "MRN: 00455550"))
QUIET = page_of(*UPPER, at(40, 1, "Seen today and doing well."))
TWO = page_of(*UPPER, *OTHER)
CODED = page_of(*UPPER, code(40, 1, "00455550"))


@pytest.fixture(scope="module")
def house() -> House:
    return House(
        labels=load_labels(),
        doctypes=load_doctypes(),
        facts=SiteFacts(today=date(2026, 11, 1), mrn_shapes=("99999999",)),
        index=PatientIndex.of(PATIENTS),
        policy=load_policy(),
        settings=Settings(),
        filing_stopped=False,
    )


def after(
    house: House, page: PageArtefact, state: DocumentState, act: str, upper: PageArtefact | None = None
) -> Reconsidered:
    """What `page` makes of a document that stands in `state` since `act`, on the upper part of its page."""
    told = pipeline.settle(SCAN, (upper or page_of(*UPPER),), house)
    return reconsider(document(told, state), (decision(told, state, act),), (page,), house)


def document(told: Disposition, state: DocumentState) -> Document:
    return Document(
        id="D000001",
        scan=SCAN,
        pages=(1,),
        state=state,
        reasons=told.reasons,
        mrn="00412345" if state is DocumentState.FILED else None,
        probability=told.probability,
        type=None,
        document_date=None,
        findings=told.findings,
        candidates=told.candidates,
        filed_as=None,
        decided_at=NOW,
        decided_by="pipeline",
        version=3,
    )


def decision(told: Disposition, state: DocumentState, act: str) -> DecisionRow:
    return DecisionRow(
        document_id="D000001",
        version=3,
        act=act,
        state=state,
        mrn=None,
        probability=None,
        reasons=told.reasons,
        findings=told.findings,
        candidates=told.candidates,
        would_file_mrn=None,
        index_generation=None,
        fingerprint=None,
        threshold=None,
        type=None,
        document_date=None,
        decided_at=NOW,
        decided_by="x",
        acting_for=None,
        note=None,
    )


def test_what_nothing_speaks_against_stays_filed_and_gets_its_text(house: House) -> None:
    assert after(house, QUIET, DocumentState.FILED, "pipeline") == Reconsidered(
        document_id="D000001", version=3, rewrite=True
    )


@pytest.mark.parametrize(("page", "word"), [(TWO, "two patients"), (CODED, "barcode")])
def test_what_names_somebody_else_is_recalled_with_the_reason(house: House, page: PageArtefact, word: str) -> None:
    said = after(house, page, DocumentState.FILED, "pipeline")
    assert said.disposition is not None
    assert (said.disposition.state, said.disposition.mrn, said.rewrite) == (DocumentState.REVIEW, None, False)
    assert said.disposition.reasons[0].startswith("Text that was read later speaks against this patient: ")
    assert word in said.disposition.reasons[0]
    assert len(set(said.disposition.reasons)) == len(said.disposition.reasons)
    assert said.disposition.candidates


def test_a_recall_does_not_wait_for_permission(house: House) -> None:
    careful = replace(house, settings=Settings(unattended=Unattended.OFF), filing_stopped=True)
    assert after(careful, TWO, DocumentState.FILED, "pipeline").disposition is not None
    assert after(careful, QUIET, DocumentState.FILED, "pipeline").disposition is None


@pytest.mark.parametrize("act", ["accept", "assign"])
def test_what_a_person_filed_stands_and_the_objection_is_told(house: House, act: str) -> None:
    said = after(house, TWO, DocumentState.FILED, act)
    assert (said.disposition, said.rewrite) == (None, True)
    assert "two patients" in said.against[0]
    assert after(house, QUIET, DocumentState.FILED, act).against == ()


def test_what_waits_untouched_ends_as_if_all_had_been_read_at_once(house: House) -> None:
    poor = page_of(*UPPER[:1])
    waiting = after(house, QUIET, DocumentState.REVIEW, "pipeline", upper=poor)
    assert waiting.disposition == pipeline.settle(SCAN, (QUIET,), house)
    assert waiting.disposition.state is DocumentState.FILED
    assert after(house, poor, DocumentState.REVIEW, "pipeline", upper=poor).disposition is None


@pytest.mark.parametrize("act", ["undo", "recalled", "filing_failed"])
def test_what_was_sent_back_to_a_person_waits_for_one(house: House, act: str) -> None:
    assert after(house, QUIET, DocumentState.REVIEW, act, upper=page_of(*UPPER[:1])).disposition is None


@pytest.mark.parametrize(
    "state", [DocumentState.BLANK, DocumentState.DISCARDED, DocumentState.QUARANTINED, DocumentState.DUPLICATE]
)
def test_other_documents_are_let_be(house: House, state: DocumentState) -> None:
    assert after(house, TWO, state, "pipeline") == Reconsidered(document_id="D000001", version=3)


def test_a_rest_that_cannot_be_read_takes_the_document_to_a_person(house: House) -> None:
    part = replace(page_of(*UPPER), read_to_px=400.0)
    said = after(house, part, DocumentState.FILED, "pipeline", upper=part).disposition
    assert said is not None
    assert (said.state, said.mrn) == (DocumentState.REVIEW, None)
    assert said.reasons[0] == "The rest of page 1 could not be read: please look at the paper."
    assert after(house, part, DocumentState.FILED, "accept", upper=part).disposition is None

    poor = page_of(*UPPER[:1])
    waiting = after(house, part, DocumentState.REVIEW, "pipeline", upper=poor).disposition
    assert waiting is not None
    assert waiting.state is DocumentState.REVIEW


def test_a_patient_who_was_merged_meanwhile_is_still_the_same(house: House) -> None:
    ann, *others = PATIENTS
    merged = replace(ann, merged_into="00498765")
    survivor = replace(ann, mrn="00498765")
    later = replace(house, index=PatientIndex.of((merged, survivor, *others)))
    told = pipeline.settle(SCAN, (page_of(*UPPER),), house)
    filed = document(told, DocumentState.FILED)
    said = reconsider(filed, (decision(told, DocumentState.FILED, "pipeline"),), (QUIET,), later)
    assert (said.disposition, said.rewrite) == (None, True)
