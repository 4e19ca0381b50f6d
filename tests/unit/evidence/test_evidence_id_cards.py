"""A copied licence or identity card: born, issued, expires; and what must not be taken for a birth date on it."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.evidence.find import SiteFacts, find_evidence
from ingest.evidence.labels import load_labels
from ingest.model import Role
from matchers.patient import Field
from tests.fakes.pages import lines_of

LABELS = load_labels()
FACTS = SiteFacts(today=date(2026, 11, 23), mrn_shapes=("99999999",))


def born(drawing: str) -> set[tuple[str, Role]]:
    found = find_evidence(lines_of(drawing), LABELS, FACTS)
    return {(one.value, one.role) for one in found if one.field is Field.BIRTH_DATE}


@pytest.mark.parametrize("label", ["DOB", "vos", "Dos", "pop", "O0B", "3"])
def test_the_holders_birth_date_is_read_whatever_its_small_label_became(label: str) -> None:
    card = f"""
OHIO DRIVER LICENSE
DLN RV717346
NAME HOLLAND, MARIA
{label}  05/10/1949
ISS  08/31/2025
EXP  08/28/2029
"""
    assert born(card) == {("1949-05-10", Role.PATIENT)}


def test_of_three_dates_without_labels_the_first_is_the_birth_date() -> None:
    card = """
IDENTIFICATION CARD
KIM, LYNN KELLY
09/04/90
12/21/24
12/21/28
"""
    assert born(card) == {("1990-09-04", Role.PATIENT)}


@pytest.mark.parametrize(
    "dates",
    [
        ("ISS 12/21/2024", "EXP 12/21/2028"),
        ("12/21/2024", "12/21/2028"),  # which of the three is missing, nobody can tell
        ("EXP 12/21/2028",),
        ("ISS 01/05/2019", "REV 02/07/2020", "EXP 12/21/2028"),
    ],
)
def test_issue_and_expiry_alone_make_no_birth_date(dates: tuple[str, ...]) -> None:
    card = "\n".join(("STATE ID", "NAME KIM, LYNN KELLY", *dates))
    assert born(card) == set()


def test_dates_of_service_stay_dates_of_service_away_from_cards() -> None:
    page = """
Patient: HOLLAND, MARIA
DOS  05/10/2019
Printed 08/31/2025
Due  08/28/2029
"""
    assert born(page) == set()


def test_a_birth_date_that_its_label_tells_is_the_only_one() -> None:
    card = """
DRIVER LICENSE
NAME HOLLAND, MARIA
DOB  05/10/1949
SINCE  04/02/1940
ISS  08/31/2025
EXP  08/28/2029
"""
    assert born(card) == {("1949-05-10", Role.PATIENT)}


def test_a_birth_date_behind_a_misread_label_is_surer_where_issue_and_expiry_bear_it_out() -> None:
    def sure(drawing: str) -> float:
        found = find_evidence(lines_of(drawing), LABELS, FACTS)
        return next(one.confidence for one in found if one.field is Field.BIRTH_DATE)

    lone = "NAME HOLLAND, MARIA\npop  05/10/1949\n"
    assert sure("DRIVER LICENSE\n" + lone + "ISS  08/31/2025\nEXP  08/28/2029\n") > sure(lone)


CARD = """DRIVER LICENSE
05/10/1949
08/31/2025
08/28/2029
"""


@pytest.mark.parametrize(
    "before",
    [
        "Patient: DOERFLER, JOHN\n\nGUARANTOR INFORMATION\nName: DOERFLER, JOHN\n",
        "Patient: DOERFLER, JOHN\n\nGUARANTOR INFORMATION\n",
        "Patient: DOERFLER, JOHN\nParent or guardian\n",
        "Patient: DOERFLER, JOHN\nInsured's ",
        "Patient: DOERFLER, JOHN\nGuarantor ",
        "Patient: DOERFLER, JOHN\n\n",  # whose the card is, nothing says
        "Patient: DOERFLER, TOM\n\nNAME DOERFLER, JOHN\n",
    ],
)
def test_a_card_that_may_be_somebody_elses_gives_the_patient_no_birth_date(before: str) -> None:
    assert ("1949-05-10", Role.PATIENT) not in born(before + CARD)


def test_a_card_that_names_the_forms_patient_gives_its_birth_date() -> None:
    assert born("Patient: DOERFLER, JOHN\n\nDRIVER LICENSE\nNAME DOERFLER, JOHN\n" + CARD.split("\n", 1)[1]) == {
        ("1949-05-10", Role.PATIENT)
    }
