"""How sure a finding is: what doubtful labels, lone dates and glued names leave of it."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.evidence.find import SiteFacts, find_evidence
from ingest.evidence.glued import parted_wrongly
from ingest.evidence.labels import load_labels
from ingest.model import Finding, Role
from matchers.patient import Field
from tests.fakes.pages import at, lines_of, page_of

LABELS = load_labels()
FACTS = SiteFacts(today=date(2026, 11, 23), mrn_shapes=("9999999",))


def found(drawing: str, field: Field) -> list[Finding]:
    return [f for f in find_evidence(lines_of(drawing), LABELS, FACTS) if f.field is field and f.role is Role.PATIENT]


@pytest.mark.parametrize(
    "name",
    [
        "ROE, JOANNG",
        "ROE, WILLIAMR",
        "ROE, THELMAA",
        "WILLIAMR ROE",
        "ROE, BREND A",
        "ROE, ANAM",
        "ROE, ROYR",
        "ROE, TONYAB",
    ],
)
def test_a_name_that_an_initial_clings_to_is_parted_wrongly(name: str) -> None:
    assert parted_wrongly(name)


@pytest.mark.parametrize(
    "name",
    [
        "ROE, JOANN G",
        "ROE, WILLIAM R",
        "Mary Al-Hassan",
        "ROE, BRENDA",
        "ROE, LEE",
        "",
        ",",
        "ROE, TONYA",
        "JOSE ROE",
        "ROE, DEAN C",
        "BABY BOY ROE",
        "ROE, BABY BOY B",
    ],
)
def test_names_that_people_bear_are_parted_rightly(name: str) -> None:
    assert not parted_wrongly(name)


def test_a_glued_name_is_not_certain() -> None:
    (glued,) = found("Patient: ROE, JOANNG", Field.NAME)
    (parted,) = found("Patient: ROE, JOANN G", Field.NAME)
    assert glued.confidence < 0.95 < parted.confidence


def test_a_misread_label_is_certain_enough_where_the_value_is_well_read() -> None:
    (born,) = found("Patient: ROE, JOANN        Birthdale 04/07/1962", Field.BIRTH_DATE)
    assert 0.95 <= born.confidence < 0.99


@pytest.mark.parametrize("code", ["O05", "O08", "0O8"])
def test_a_code_of_digits_is_no_label(code: str) -> None:
    """It may be a claim's, with a day of service behind it; as the misread DOB that it may be, it is lost."""
    assert not found(f"Patient: ROE, JOANN        {code} 04/07/1962", Field.BIRTH_DATE)
    assert found("Patient: ROE, JOANN        D08 04/07/1962", Field.BIRTH_DATE)


@pytest.mark.parametrize("day", ["04/07/1962", "06/18/2026", "06/18/2025"])
def test_a_number_and_a_date_without_labels_are_never_certain(day: str) -> None:
    """The number may be a policy's, the date a visit's of long ago."""
    page = page_of(at(0, 0, "ROE, JOANN G"), at(1, 0, f"{day}  F"), at(2, 0, "0012345"))
    findings = find_evidence(page, LABELS, FACTS)
    assert [f.value for f in findings if f.field is Field.MRN] == ["0012345"]
    assert all(f.confidence < 0.95 for f in findings if f.field in (Field.MRN, Field.BIRTH_DATE))


@pytest.mark.parametrize("label", ["Panent's Name", "Panents Name", "Pahent", "Pauent Name", "Pabent Name"])
def test_a_patient_whose_letters_ran_together_is_no_parent(label: str) -> None:
    (name,) = found(f"{label}        MRN\nROE, JOANN G        0012345", Field.NAME)
    assert name.raw == "ROE, JOANN G"


def test_a_parent_stays_a_parent() -> None:
    assert found("Parent's Name:  ROE, JOANN G", Field.NAME) == []


def test_a_misread_word_that_names_only_a_person_makes_nobody_certain() -> None:
    for name in found("apatient\nROE, JOANN G", Field.NAME):
        assert name.confidence < 0.95
