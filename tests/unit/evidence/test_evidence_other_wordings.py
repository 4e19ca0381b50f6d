"""Forms of other houses and countries: their words for the same things, dates in boxes, names in running text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ingest.evidence.find import SiteFacts, evidence_of, find_evidence
from ingest.evidence.labels import load_labels
from ingest.evidence.unread import Unread, find_unread, written_otherwise
from ingest.model import Finding, PageArtefact, Role
from matchers import load_policy
from matchers.patient import Field
from tests.fakes.pages import at, lines_of, page_of

LABELS = load_labels()
FACTS = SiteFacts(today=date(2026, 11, 23), mrn_shapes=("99999999",))
POLICY = load_policy()


def unread_on(page: PageArtefact) -> Unread:
    return find_unread(evidence_of(page, LABELS, FACTS), LABELS)


def found(drawing: str, field: Field) -> list[Finding]:
    return [one for one in find_evidence(lines_of(drawing), LABELS, FACTS) if one.field is field]


@pytest.mark.parametrize(
    "label",
    ["Date born", "D of B", "DofB", "Birthday", "Birth: mm dd yyyy", "Date of birth yyyy mm dd", "Day of birth"],
)
def test_birth_dates_go_by_many_names(label: str) -> None:
    (born,) = found(f"Surname\nMEYERS\n\n{label}\n03 31 2007\n", Field.BIRTH_DATE)
    assert (born.value, born.role) == ("2007-03-31", Role.PATIENT)


def test_a_date_in_boxes_may_begin_with_its_year() -> None:
    (born,) = found("Sex     Birth year month day\nM       1999 01 08\n", Field.BIRTH_DATE)
    assert born.value == "1999-01-08"


@pytest.mark.parametrize(
    "drawing",
    [
        "SURNAME\nMEYERS\nFIRST NAMES\nWILLIAM K\n",
        "Last name\nMEYERS\nFirst and middle name(s)\nWILLIAM K\n",
        "Patient's last name (as on card)\nMEYERS\nPatient's first & middle names\nWILLIAM K\n",
        "Family name\nMEYERS\nForenames\nWILLIAM K\n",
    ],
)
def test_split_names_go_by_many_labels(drawing: str) -> None:
    assert [one.value for one in found(drawing, Field.NAME)] == ["MEYERS, WILLIAM K"]


@pytest.mark.parametrize("label", ["Who was treated", "Care received by", "This list belongs to", "Services for"])
def test_statements_and_lists_say_whose_they_are(label: str) -> None:
    (name,) = found(f"{label}      MEYERS, WILLIAM\n", Field.NAME)
    assert (name.raw, name.role, name.label) == ("MEYERS, WILLIAM", Role.PATIENT, label)


@pytest.mark.parametrize("label", ["Anaesthetist", "Requesting clinician", "General practitioner", "Sent to"])
def test_providers_go_by_other_names_elsewhere(label: str) -> None:
    (name,) = found(f"{label}:   TAYLOR, TIMOTHY\n", Field.NAME)
    assert name.role is Role.PROVIDER


@pytest.mark.parametrize(
    "label",
    [
        "Hospital chart number",
        "Our file no",
        "Facility chart number",
        "Provider's chart no.",
        "Hist. No.",
        "ED chart no.",
    ],
)
def test_mrns_go_by_many_names(label: str) -> None:
    (number,) = found(f"{label}   00932286\n", Field.MRN)
    assert (number.value, number.role) == ("00932286", Role.PATIENT)


def test_a_date_may_begin_the_line_after_its_label_in_running_text() -> None:
    text = """
The patient, KATHLEEN THOMAS, a 29-year-old lady, whose birthday is
08/18/1997, was brought to the operating room on 15 October 2026.
"""
    (born,) = found(text, Field.BIRTH_DATE)
    assert born.value == "1997-08-18"


def test_whom_running_text_names_and_nobody_could_read_is_held_against_a_sticker() -> None:
    sticker = (at(1, 60, "HARRIS MELISSA"), at(2, 60, "00520497  09-29-1957  F"))
    page = page_of(
        *sticker, at(8, 0, "This is to record that Raymond,W. Kelly, a 45-year-old gentleman, was operated.")
    )
    unread, evidence = unread_on(page), find_evidence(page, LABELS, FACTS)
    assert written_otherwise(unread, evidence, ("Melissa Harris",), heard_from=POLICY.weak_below)
    assert written_otherwise(unread, evidence, ("Raymond Kelly",), heard_from=POLICY.weak_below) is None


def test_a_part_of_the_registered_name_in_running_text_is_no_objection() -> None:
    page = page_of(at(1, 60, "VAN DER BERG, RYAN"), at(8, 0, "Thank you for seeing Mr. Van Berg, a 54-year-old man."))
    unread, evidence = unread_on(page), find_evidence(page, LABELS, FACTS)
    assert written_otherwise(unread, evidence, ("Ryan Van der Berg",), heard_from=POLICY.weak_below) is None


REPORT = (at(5, 0, "Larkspur Valley Hospital"), at(7, 0, "Imaging"), at(9, 0, "Findings: no free air was seen."))


def test_a_running_header_that_nobody_could_read_is_held_against_the_neighbours_patient() -> None:
    page = page_of(at(0, 0, "JOHN HAYES 1 42 Aug 1998 | 0@878625 | M | 18/38/2026 page 3 of 3", 0.6), *REPORT)
    unread, evidence = unread_on(page), find_evidence(page, LABELS, FACTS)
    assert written_otherwise(unread, evidence, ("Veronica Williams",), heard_from=POLICY.weak_below)
    assert written_otherwise(unread, evidence, ("John Hayes",), heard_from=POLICY.weak_below) is None


@pytest.mark.parametrize(
    "line",
    [
        "MERCY LAKE REGIONAL HOSPITAL FAX 814-553-8005 P. 001/003 10/20/2026 01:30",
        "Larkspur Valley Hospital 299 Church St, Larkspur Valley, OH 44090 440/559-0742",
        "Form LVHS-4120 Rev 03/24 Printed 05/28/2026 13:03 Page 1 of 1",
    ],
)
def test_letterheads_fax_lines_and_footers_name_nobody(line: str) -> None:
    page = page_of(at(0, 0, line), *REPORT)
    assert unread_on(page).written == ()


def test_low_dashes_between_its_parts_do_not_tear_a_running_header_apart() -> None:
    page = page_of(at(0, 0, "Peters, Stephen D - 08 Feb 1983 - 00736357 - M - 10/19/2026 page 1 of 1"), *REPORT)
    low = tuple(
        replace(word, box=replace(word.box, y0=word.box.y0 + 14, y1=word.box.y0 + 19)) if word.text == "-" else word
        for word in page.words
    )
    torn = replace(page, words=low)
    names = [one.raw for one in find_evidence(torn, LABELS, FACTS) if one.field is Field.NAME]
    assert names or written_otherwise(
        unread_on(torn),
        (),
        ("Sharon Green",),
        heard_from=POLICY.weak_below,
    )


@pytest.mark.parametrize(
    ("bracket", "role"),
    [
        ("mother", Role.MOTHER),
        ("of mother", Role.MOTHER),
        ("parent", Role.OTHER),
        ("guarantor", Role.GUARANTOR),
        ("insured", Role.INSURED),
        ("doctor", Role.PROVIDER),
        ("next of kin", Role.EMERGENCY_CONTACT),
    ],
)
def test_a_bracket_behind_a_label_says_whose_the_value_is(bracket: str, role: Role) -> None:
    drawing = f"Name ({bracket}): DOERFLER, MARY\nDate of birth ({bracket}): 05/10/1949\n"
    assert [one.role for one in found(drawing, Field.NAME)] == [role]
    assert [one.role for one in found(drawing, Field.BIRTH_DATE)] == [role]
    assert [one.role for one in found(f"Patient ({bracket}): DOERFLER, MARY\n", Field.NAME)] == [role]


@pytest.mark.parametrize("bracket", ["print", "prin", "last, first", "Last, Frist", "please print"])
def test_small_print_in_brackets_is_part_of_its_label(bracket: str) -> None:
    (name,) = found(f"Patient ({bracket}): DOERFLER, MARY\n", Field.NAME)
    assert (name.value, name.role) == ("DOERFLER, MARY", Role.PATIENT)


@pytest.mark.parametrize(
    "told",
    [
        "Seen today: Mary Doerfler with her mother, whose birthday is 05/10/1949.\n",
        "Seen today: Mary Doerfler with her mother, whose birthday is\n05/10/1949.\n",
        "Patient: Mary Doerfler. Her daughter was born on\n05/10/1949.\n",
        "Patient: Mary Doerfler. The father was born on 05/10/1949 in Ohio.\n",
    ],
)
def test_a_birth_date_told_of_a_relative_is_not_the_patients(told: str) -> None:
    (born,) = found(told, Field.BIRTH_DATE)
    assert born.role is Role.OTHER


def test_a_birth_date_told_of_the_patient_stays_the_patients() -> None:
    (born,) = found("Mary Doerfler came with her mother. She was born on 05/10/1949.\n", Field.BIRTH_DATE)
    assert born.role is Role.PATIENT


@pytest.mark.parametrize(
    "line", ["Mr James GONZALEZ", "Mrs Ann ORTIZ DOB 20 January 1970", "Miss Marie THOMPSON d.o.b. 16 August 2025"]
)
def test_whom_a_letter_is_about_stands_under_its_greeting(line: str) -> None:
    letter = f"Jane Cooper, M.D.\nThe Surgery\n\nDear Dr Cooper\n\n{line}\n\nDiagnosis: asthma\n"
    assert [one.raw for one in found(letter, Field.NAME) if one.role is Role.PATIENT] == [
        line.split(" D")[0].split(" d.")[0].split(" ", 1)[1]
    ]


def test_a_number_behind_a_name_is_that_persons() -> None:
    (number,) = found("VAN DYKE, TAMARA   ID: 00342496   29-OCT-2026 07:32:37\n", Field.MRN)
    assert (number.value, number.role) == ("00342496", Role.PATIENT)
    (other,) = found("Terminal ID: 00342496\n", Field.MRN)
    assert other.role is not Role.PATIENT


def test_medicines_are_nobodys_names() -> None:
    drawing = "Patient: DOE, JANE\nDOB: 01/02/1960\nMRN: 00123456\nAlbuterol HFA\nMetformin\n"
    assert [one.raw for one in found(drawing, Field.NAME)] == ["DOE, JANE"]


@pytest.mark.parametrize("label", ["Clinic record no. (office use)", "Chart # (office use only)"])
def test_a_number_for_the_office_is_the_patients(label: str) -> None:
    (number,) = found(f"Name KAREN MARTINEZ\n{label} 00419128\n", Field.MRN)
    assert (number.value, number.role) == ("00419128", Role.PATIENT)


@pytest.mark.parametrize("label", ["Patient (print):", "Patient Name:", "PATIENT NAME"])
@pytest.mark.parametrize(
    "name", ["Ruth S. Bell", "Thomas E. Ball", "Dave S. Hogan", "Ella S. Kim", "Dana B. Ferguson", "Jan C. Chui"]
)
def test_an_initial_makes_no_label_of_a_name(label: str, name: str) -> None:
    """ "S. Bell" is nearly "'s cell", "Dave S." nearly "dates": names of one in 400 people were lost so."""
    page = page_of(at(0, 0, "CONSENT FOR OPERATION"), at(8, 0, label), at(8, 18, name))
    assert [one.raw for one in find_evidence(page, LABELS, FACTS) if one.field is Field.NAME] == [name]


@pytest.mark.parametrize("label", ["Patient Name:", "PATIENT NAME", "MRN: 00520497  Patient:"])
def test_a_comma_may_stand_apart(label: str) -> None:
    page = page_of(at(0, 0, "PROGRESS NOTE"), at(8, 0, label), at(8, 30, "SMITH , JOHN A"))
    names = [one.value for one in find_evidence(page, LABELS, FACTS) if one.field is Field.NAME]
    assert names == ["SMITH, JOHN A"]


@pytest.mark.parametrize("label", ["Individual's name:", "Inmate name:", "Injured worker:", "Person served:"])
def test_who_is_treated_goes_by_other_names_elsewhere(label: str) -> None:
    (name,) = found(f"{label}   TAYLOR, TIMOTHY\n", Field.NAME)
    assert name.role is Role.PATIENT


def test_last_name_first_is_one_label_below_a_letterhead() -> None:
    drawing = """
Sleep Disorders Center   1204 Highland Ave, Suite 200
Last Name, First         WU, GLORIA              DOB     02 May 1995
MR Number                                        Gender  Female
"""
    assert [(one.value, one.role) for one in found(drawing, Field.NAME)] == [("WU, GLORIA", Role.PATIENT)]


def test_no_name_is_cut_out_of_a_letterhead_above_its_label() -> None:
    drawing = "Harold Meeks Hospital Center\nLast Name\n\n\n"
    assert found(drawing, Field.NAME) == []


@pytest.mark.parametrize("label", ["Name/Organization:", "Name / Organization:", "Name of person or organization:"])
def test_whom_records_are_released_to_is_no_patient(label: str) -> None:
    drawing = f"Patient name: MEYERS, WILLIAM\n\nto disclose my health information to:\n{label} Susan Pena\n"
    assert {(one.value, one.role) for one in found(drawing, Field.NAME)} == {
        ("MEYERS, WILLIAM", Role.PATIENT),
        ("PENA, SUSAN", Role.OTHER),
    }


@pytest.mark.parametrize("label", ["IN CHARGE: NAME", "RELIEF CREW: NAME"])
def test_a_name_under_a_title_of_its_own_is_no_patients(label: str) -> None:
    (name,) = found(f"{label}\nCharlotte Miller\n", Field.NAME)
    assert name.role is not Role.PATIENT


def test_a_chart_number_beside_who_signed_is_the_patients() -> None:
    (number,) = found("RECEIVED BY: Kay Tate, RN       ED chart no. 00825801\n", Field.MRN)
    assert (number.value, number.role) == ("00825801", Role.PATIENT)
    (bare,) = found("PROVIDER: Kay Tate, RN       ID 00825801\n", Field.MRN)
    assert bare.role is Role.PROVIDER


def test_the_last_digits_of_a_number_are_no_last_name() -> None:
    named = at(1, 1, "LAST NAME"), at(2, 1, "Gilbert"), at(1, 20, "FIRST NAME"), at(2, 20, "Jennifer")
    digits = at(5, 1, "LAST"), at(5, 6, "4 SSN :optional)", 0.7), at(6, 1, "585", 0.6)
    assert unread_on(page_of(*named, *digits)).labels == 0


def test_an_address_is_nobodys_name() -> None:
    assert found("LAST NAME\n2260 Magnolia Pl\n", Field.NAME) == []


@pytest.mark.parametrize(
    "signed",
    ["RECEIVED BY\nTate RN\n", "K. Tate RN      Hosp. record # 00593018\n", "Tate RN      Hosp. record # 00593018\n"],
)
def test_letters_that_are_a_credential_make_no_name_of_one_word(signed: str) -> None:
    assert [one for one in found(signed, Field.NAME) if one.role is Role.PATIENT] == []


def test_a_lone_date_in_a_running_header_of_the_last_two_years_is_no_certain_birth_date() -> None:
    def sure(date_: str) -> float:
        drawing = f"PHILLIPS, DENISE G   MR 00545611   {date_}\n\nBody position and heart rate\n"
        (born,) = found(drawing, Field.BIRTH_DATE)
        return born.confidence

    assert sure("01/01/2026") < 0.7 < sure("01/01/1996")
