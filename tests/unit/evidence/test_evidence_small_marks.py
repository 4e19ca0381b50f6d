"""What stands near identity and is none: bars of codes read as letters, boxes to tick, the air in a form's cells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ingest.evidence.find import SiteFacts, find_evidence
from ingest.evidence.labels import load_labels
from ingest.model import PageArtefact
from matchers.patient import Field
from tests.fakes.pages import at, code, page_of

LABELS = load_labels()
FACTS = SiteFacts(today=date(2026, 11, 23), mrn_shapes=("99999999",))


def values(page: PageArtefact, field: Field) -> list[str]:
    return [one.raw for one in find_evidence(page, LABELS, FACTS) if one.field is field]


def test_bars_read_as_letters_are_no_name() -> None:
    sticker = (at(1, 60, "SAVAGE, DORIS M"), at(2, 60, "MRN: 00512261"), at(3, 60, "DOB: 08/25/2020"))
    bars = (at(4, 60, "EUV", 0.08), at(4, 64, "NN A", 0.35))
    assert values(page_of(*sticker, *bars, code(4, 60, "00512261")), Field.NAME) == ["SAVAGE, DORIS M"]


def test_words_read_well_on_a_code_are_words() -> None:
    page = page_of(at(1, 0, "MRN: 00512261"), at(2, 0, "DOB: 08/25/2020"), at(3, 1, "DOE, JANE"), code(3, 0, "A12345"))
    assert values(page, Field.NAME) == ["DOE, JANE"]


@pytest.mark.parametrize(("boxes", "said"), [("MX] F[ ]", {"M"}), ("M[ ] F[X]", {"F"}), ("M[X F[", {"M"})])
def test_a_ticked_box_that_ran_into_its_letter_says_the_sex(boxes: str, said: set[str]) -> None:
    page = page_of(at(0, 0, "Patient: DOE, JANE"), at(1, 0, "Sex"), at(2, 0, boxes))
    assert set(values(page, Field.SEX)) == said


def test_a_ticked_box_that_nobody_can_read_does_not_leave_the_other_letter_alone() -> None:
    page = page_of(at(0, 0, "Patient: DOE, JANE"), at(1, 0, "Sex"), at(2, 0, "MX]", 0.05), at(2, 6, "F[ ]", 0.6))
    assert "F" not in values(page, Field.SEX)


def test_small_print_with_air_below_it_still_labels_its_cell() -> None:
    small = replace(at(0, 0, "3. PATIENT'S BIRTH DATE"), size=0.6)
    page = page_of(small, replace(at(0, 30, "4. INSURED'S NAME"), size=0.6), at(1.45, 0, "10-JUL-1986", size=0.7))
    assert values(page, Field.BIRTH_DATE) == ["10-JUL-1986"]
