"""What six forms drawn by a stranger taught: labels below the rule in words of their own, other people's dates."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.evidence.find import SiteFacts, evidence_of, find_evidence
from ingest.evidence.labels import load_labels
from ingest.evidence.unread import find_unread
from ingest.model import Finding, PageArtefact, Role
from matchers.patient import Field
from tests.fakes.pages import at, lines_of, page_of

LABELS = load_labels()
FACTS = SiteFacts(today=date(2026, 11, 23), mrn_shapes=("99999999",))


def found(page: PageArtefact | str, field: Field) -> list[Finding]:
    artefact = lines_of(page) if isinstance(page, str) else page
    return [one for one in find_evidence(artefact, LABELS, FACTS) if one.field is field]


def on_rules(*columns: tuple[int, str, str]) -> PageArtefact:
    """What was written on rules, with the labels under them."""
    return page_of(*(text for x, value, label in columns for text in (at(5, x, value), at(6, x, label))))


@pytest.mark.parametrize("who", ["Athlete", "Camper", "Child", "Student", "Pupil", "Decedent", "Employee"])
def test_a_form_calls_its_patient_by_what_they_are(who: str) -> None:
    page = on_rules(
        (0, "PEARSON", f"{who}'s last name"),
        (40, "DAVID M", "First name and middle initial"),
        (80, "Dec 15, 2012", "Birthdate (mo/day/yr)"),
    )
    (name,) = found(page, Field.NAME)
    assert (name.value, name.role) == ("PEARSON, DAVID M", Role.PATIENT)
    (born,) = found(page, Field.BIRTH_DATE)
    assert (born.value, born.role) == ("2012-12-15", Role.PATIENT)


@pytest.mark.parametrize("hint", ["(mo/day/yr)", "(mo / day / yr)", "(month/day/year)", "mo. day yr."])
def test_a_birth_date_stands_over_its_label_however_long_the_hint(hint: str) -> None:
    page = on_rules((0, "PEARSON", "Last name"), (40, "DAVID", "First name"), (80, "Dec 15, 2012", f"Birthdate {hint}"))
    assert [one.value for one in found(page, Field.BIRTH_DATE)] == ["2012-12-15"]


@pytest.mark.parametrize("label", ["Birthdate", "DOB", "Birthday"])
def test_a_label_that_is_no_name_asks_for_a_value_that_was_not_read(label: str) -> None:
    page = page_of(at(0, 0, "SCHOOL FORM"), at(5, 0, "#~", 0.1), at(6, 0, label))
    assert find_unread(evidence_of(page, LABELS, FACTS), LABELS).labels == 1


def test_a_family_name_that_is_a_label_elsewhere_is_a_name() -> None:
    assert [one.value for one in found("Patient: BORN, MAX\nDOB: 05/10/1949\n", Field.NAME)] == ["BORN, MAX"]


@pytest.mark.parametrize(
    "bracket",
    [
        "if not member",
        "if not patient",
        "if different from patient",
        "if other than the patient",
        "if patient is a minor",
    ],
)
def test_a_condition_in_brackets_makes_nobody_the_patient(bracket: str) -> None:
    for closed in ("):", ":", ")"):
        (name,) = found(f"Subscriber name ({bracket}{closed} DAVIS, ANGELA M\n", Field.NAME)
        assert (name.value, name.role) == ("DAVIS, ANGELA M", Role.INSURED)


def test_a_providers_number_for_the_patient_is_the_patients() -> None:
    (number,) = found("Pt. record # (provider): 00780270\n", Field.MRN)
    assert (number.value, number.role) == ("00780270", Role.PATIENT)


@pytest.mark.parametrize(
    "subject",
    ["Prior auth, member K.W.", "Prior auth", "Appeal", "Prescription renewal", "Denial letter", "Peer review"],
)
def test_what_a_fax_is_about_is_nobodys_name(subject: str) -> None:
    assert found(f"Re:   {subject}\n\nDate:  10/13/2026\n", Field.NAME) == []


def test_a_year_that_was_read_in_two_is_one() -> None:
    (born,) = found("Member name: LUCAS, JEANETTE\nBirth date: 01/18/19 82\n", Field.BIRTH_DATE)
    assert born.value == "1982-01-18"


def test_what_stands_far_from_a_short_year_is_none_of_it() -> None:
    (born,) = found("Member name: LUCAS, JEANETTE\nBirth date: 01/18/19     82 kg\n", Field.BIRTH_DATE)
    assert born.value == "2019-01-18"


def test_a_moment_is_no_birth_date() -> None:
    strip = "CARLSON, MARK     ID: 00646236     28-MAY-2026 16:11:54\n"
    assert found(strip, Field.BIRTH_DATE) == []
    (born,) = found(f"{strip}27-Dec-2015  (10 yr)   Male\n", Field.BIRTH_DATE)
    assert born.value == "2015-12-27"


LETTER = """
Dictated: {dictated}
Typed:    {typed}

Dear Dr Salazar

Patient   Mr David GRAY
DOB       03/05/1942
Unit No   00864482
"""


def test_dates_that_only_their_day_can_begin_say_how_a_letter_writes_them() -> None:
    (born,) = found(LETTER.format(dictated="16/10/2026", typed="23/10/2026"), Field.BIRTH_DATE)
    assert born.value == "1942-05-03"


@pytest.mark.parametrize("typed", ["10/23/2026", "10/02/2026", "02/03/2026"])
def test_one_that_its_month_begins_or_none_leaves_it_to_the_sites_custom(typed: str) -> None:
    dictated = "16/10/2026" if typed == "10/23/2026" else "09/10/2026"
    (born,) = found(LETTER.format(dictated=dictated, typed=typed), Field.BIRTH_DATE)
    assert born.value == "1942-03-05"


def test_two_letters_that_ran_together_are_a_client_all_the_same() -> None:
    (name,) = found("6. Chent Name/Address\nOrtega, Josephine N\n", Field.NAME)
    assert name.role is Role.PATIENT


def test_a_nurse_for_employees_is_none_of_them() -> None:
    (name,) = found("Employee health nurse: DAVIS, ANGELA M\n", Field.NAME)
    assert name.role is Role.PROVIDER


def test_whose_number_a_label_asks_for_is_no_question_for_a_name() -> None:
    page = page_of(at(5, 0, "1. Patient's HI Claim No."), at(6, 0, "BM22-TE8-MK58", 0.4), at(12, 0, "Medical text"))
    assert find_unread(evidence_of(page, LABELS, FACTS), LABELS).written == ()
    page = page_of(at(5, 0, "1. Patient's"), at(6, 0, "BMz2-TEBerti-MK58", 0.4), at(12, 0, "Medical text"))
    assert find_unread(evidence_of(page, LABELS, FACTS), LABELS).written


@pytest.mark.parametrize("title", ["OFFICE USE ONLY", "For office use", "Clinic use", "Hospital use only"])
def test_what_is_for_the_office_stays_the_patients(title: str) -> None:
    page = f"{title}\n\nChart #   01068113\n\nName  Miller, Joanne A      Birthdate  10/05/2001\n"
    found_ = {one.field: one.role for one in find_evidence(lines_of(page), LABELS, FACTS)}
    assert found_ == dict.fromkeys((Field.NAME, Field.BIRTH_DATE, Field.MRN), Role.PATIENT)


@pytest.mark.parametrize("title", ["SECTION I  -  MEMBER INFORMATION", "A.   PATIENT / MEMBER INFORMATION"])
def test_a_numbered_title_reigns_over_all_that_stands_below_it(title: str) -> None:
    page = f"""
{title}

Last name:  Parrish             First name, MI:  Albert D
Member DOB: 01-09-1999          Phone:  216-556-2183
Subscriber name (if not member): Parrish, Dawn
"""
    told = {(one.field, one.value): one.role for one in find_evidence(lines_of(page), LABELS, FACTS)}
    assert told[Field.NAME, "PARRISH, ALBERT D"] is Role.PATIENT
    assert told[Field.BIRTH_DATE, "1999-01-09"] is Role.PATIENT
    assert told[Field.PHONE, "216-556-2183"] is Role.PATIENT
    assert told[Field.NAME, "PARRISH, DAWN"] is Role.INSURED


@pytest.mark.parametrize("patient", ["Patient: ROE, JANE", "Name: ROE, JANE"])
def test_a_member_beside_another_who_is_named_is_who_pays(patient: str) -> None:
    page = f"{patient}\n\nMember name: DOE, JOHN\nMember DOB: 01/09/1960\n"
    told = {(one.field, one.value): one.role for one in find_evidence(lines_of(page), LABELS, FACTS)}
    assert told[Field.NAME, "ROE, JANE"] is Role.PATIENT
    assert told[Field.NAME, "DOE, JOHN"] is told[Field.BIRTH_DATE, "1960-01-09"] is Role.INSURED


def test_a_name_may_be_as_wide_as_all_that_its_cell_asks_for() -> None:
    page = page_of(
        at(5, 0, "6. Patient's Name, Address and Telephone"),
        at(5, 60, "7. Provider's Name, Address"),
        at(6, 0, "Christopher Montgomery Rodriguez"),
        at(6, 60, "LARKSPUR VALLEY HEALTH SYSTEM"),
    )
    assert "RODRIGUEZ, CHRISTOPHER MONTGOMERY" in [one.value for one in found(page, Field.NAME)]


@pytest.mark.parametrize("label", ["Student'sname", "Child'sfullname", "Patient’sname"])
def test_a_label_whose_words_ran_together_is_one(label: str) -> None:
    (name,) = found(f"{label}  Edwards, Ryan\n", Field.NAME)
    assert (name.value, name.role) == ("EDWARDS, RYAN", Role.PATIENT)
