"""What looks like another's name, birth date or sex, and is a label, a box, a relative's or a doctor's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ingest.evidence.find import SiteFacts, evidence_of, find_evidence
from ingest.evidence.label_rests import is_the_label
from ingest.evidence.labels import load_labels
from ingest.evidence.unread import Unread, find_unread, written_otherwise
from ingest.model import Box, PageArtefact, Role, SecondReading, Word
from matchers import load_policy
from matchers.patient import Field
from tests.fakes.pages import Text, at, lines_of, page_of

LABELS = load_labels()
FACTS = SiteFacts(today=date(2026, 11, 23), mrn_shapes=("99999999",))
STICKER = (at(1, 70, "GORDON, HEATHER"), at(2, 70, "MRN 00979991"), at(3, 70, "DOB: 04/18/1987"))
POLICY = load_policy()


def unread_on(page: PageArtefact) -> Unread:
    return find_unread(evidence_of(page, LABELS, FACTS), LABELS)


def otherwise(page: PageArtefact) -> str | None:
    found = find_evidence(page, LABELS, FACTS)
    return written_otherwise(unread_on(page), found, ("Heather Gordon",), heard_from=POLICY.weak_below)


def values(page: PageArtefact, field: Field, role: Role = Role.PATIENT) -> set[str]:
    return {one.value for one in find_evidence(page, LABELS, FACTS) if one.field is field and one.role is role}


# Sexes --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("boxes", ["BlFemale O Male", "Klemale DO Male", "OFemale", "O Female  BMale"])
def test_of_two_boxes_none_of_which_is_seen_to_be_ticked_nothing_is_said(boxes: str) -> None:
    assert not values(lines_of(f"Name: DOE, JANE Q     MRN: 00979991\nSex: {boxes}"), Field.SEX)


@pytest.mark.parametrize("said", ["Female", "F", "Male", "M"])
def test_a_sex_that_is_typed_is_said(said: str) -> None:
    assert values(lines_of(f"Name: DOE, JANE Q     MRN: 00979991\nSex: {said}"), Field.SEX) == {said[0]}


def test_the_letter_of_a_second_box_says_nothing_where_the_first_was_not_read() -> None:
    grid = (at(5, 0, "PATIENT'S BIRTH DATE"), at(5, 26, "SEX"), at(6, 0, "01/01/1986"))
    assert not values(page_of(*grid, at(6, 30, "F")), Field.SEX)
    assert values(page_of(*grid, at(6, 26, "F")), Field.SEX) == {"F"}


# Names and dates without a label ------------------------------------------------------------------------------------

FACE_SHEET = """
PATIENT INFORMATION
Patient Name              MRN
GORDON, HEATHER           00979991

{heading}
sae                       Reianons*.p       Prone            Sith
GORDON, ADAM L            Spouse            330-555-0142     08/11/1977

Printed 10/31/2026
"""


def test_who_stands_under_somebody_elses_heading_is_no_stranger() -> None:
    page = unread_on(lines_of(FACE_SHEET.format(heading="EMERGENCY CONTACT / NEXT OF KIN")))
    assert (page.strangers, page.early) == ((), ())


def test_who_stands_under_no_heading_that_was_read_is_one() -> None:
    page = unread_on(lines_of(FACE_SHEET.format(heading="EMEBGENGY COMTAGT")))
    assert (page.strangers, page.early) == (("GORDON, ADAM L",), ("08/11/1977",))


@pytest.mark.parametrize("heading", ["PHYSICIAN SIGNATURE", "GUARANTOR" + 8 * "\n"])
def test_a_doctors_line_and_a_title_far_above_hide_no_stranger(heading: str) -> None:
    page = lines_of(FACE_SHEET.format(heading=heading).replace("Printed", "Nothing") + 40 * "\n" + "Printed 10/31/2026")
    assert unread_on(page).strangers == ("GORDON, ADAM L",)


@pytest.mark.parametrize(
    "signature", ["Daniel Morrison, M D. NPI 1252250784", "Mary L. Brown, M_.D..", "Paul Rodriguez, NPI 1716177634"]
)
def test_whose_title_was_read_in_pieces_is_a_doctor(signature: str) -> None:
    assert unread_on(lines_of(f"Patient: GORDON, HEATHER    MRN: 00979991\n\n\n{signature}")).strangers == ()


def test_who_is_named_as_a_doctor_elsewhere_is_no_stranger() -> None:
    page = (
        "Patient: GORDON, HEATHER    MRN: 00979991\n\nLynn Bennett\n\nFollow up with Lynn Bennett, MD within two weeks."
    )
    assert unread_on(lines_of(page)).strangers == ()


def test_a_name_without_any_of_that_is_one() -> None:
    assert unread_on(lines_of("Patient: GORDON, HEATHER    MRN: 00979991\n\n\nDaniel Morrison")).strangers


# Writing that is none -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("beside", ["Special mstr uctlons.", "iur irioer"])
def test_what_stands_near_a_sentence_about_the_patient_is_no_name(beside: str) -> None:
    form = (at(7, 0, beside, 0.3), at(8, 0, "Patient"), at(8, 8, "vill call for an appointment.", 0.3), *STICKER)
    assert otherwise(page_of(*form)) is None


def test_what_stands_near_the_label_alone_is_one() -> None:
    assert otherwise(page_of(at(9, 0, "iur irioer", 0.3), at(8, 0, "Patient"), *STICKER)) == "iur irioer"


def test_reassessed_begins_no_letter_about_anybody() -> None:
    note = (
        at(8, 0, "Reassessed 41 minutes later: resting comfortably. Physical therapy cleared"),
        at(9, 0, "imuproveient.", 0.4),
        at(9, 14, "The case manager met with the family"),
    )
    assert otherwise(page_of(*note, *STICKER)) is None
    about = (at(8, 0, "RE:"), at(9, 0, "imuproveient.", 0.4))
    assert otherwise(page_of(*about, *STICKER))


def grid(label: str, *name: Text) -> PageArtefact:
    title = at(8, 0, "PATIENT INFORMATION")
    return page_of(at(0, 0, "FACE SHEET"), title, at(9, 0, label, 0.4), *name, at(10, 30, "00979991"))


@pytest.mark.parametrize("label", ["Panett MAN Panent Acct", "ee re ee ee", "Patents: Nate MIRN Aut", "0SOtCt S Ss"])
def test_a_label_that_was_misread_under_its_sections_title_is_no_name(label: str) -> None:
    assert otherwise(grid(label, at(10, 0, "GORDON, HEATHER"))) is None


def test_writing_under_a_title_without_a_name_below_it_may_be_one() -> None:
    assert otherwise(page_of(at(8, 0, "PATIENT INFORMATION"), at(9, 0, "Panett ste", 0.4), *STICKER))


def test_a_name_elsewhere_answers_no_title() -> None:
    """A sticker far from the section of the patient says nothing of what stands in that."""
    section = (at(12, 0, "PATIENT INFORMATION"), at(13, 0, "frl#e ancrsst", 0.4))
    assert otherwise(page_of(*section, *STICKER)) == "frl # e ancrsst"


@pytest.mark.parametrize("label", ["PU Namne", "Pt Nane", "Patent Nanie"])
def test_a_label_that_was_misread_is_no_value(label: str) -> None:
    assert is_the_label(label)
    names = values(grid(label, at(10, 0, "GORDON, HEATHER")), Field.NAME)
    assert names == {"GORDON, HEATHER"}


@pytest.mark.parametrize("name", ["Jo Dame", "Li Nam", "Pat Namath", "Nanie Patten"])
def test_a_name_that_is_like_the_labels_words_is_a_name(name: str) -> None:
    assert not is_the_label(name)


def test_a_label_in_a_running_header_names_nobody() -> None:
    page = page_of(at(0, 0, "Med Rec No 01031908"), at(0, 40, "12/11/1988 pg 2/2"), at(20, 0, "Nothing more."))
    assert not unread_on(page).written


@pytest.mark.parametrize("text", ["IDENTIFICATION", "INFORMATION REGISTRATION"])
def test_long_words_that_nobody_is_called_are_no_writing_however_they_were_read(text: str) -> None:
    assert otherwise(page_of(at(8, 0, "Patient"), at(8, 20, text, 0.3), *STICKER)) is None


# Names --------------------------------------------------------------------------------------------------------------


def test_a_letter_that_is_alike_in_both_sizes_may_begin_a_family_name() -> None:
    page = lines_of("PATIENT NAME          MRN\ncox, Terry            00979991")
    assert values(page, Field.NAME) == {"COX, TERRY"}
    assert not values(lines_of("PATIENT NAME          MRN\not Panert             00979991"), Field.NAME)


def test_a_comma_behind_an_initial_is_its_dot() -> None:
    page = lines_of("This 51-year-old man, Stephen R, Dunlavey, born May 19, 1975, arrived by car.")
    assert values(page, Field.NAME) == {"DUNLAVEY, STEPHEN R"}


@pytest.mark.parametrize("text", ["FAIRMOUNT, OH YYOo3", "TY OI", "LOU TV"])
def test_towns_and_strokes_are_nobody(text: str) -> None:
    page = lines_of(f"Name: GORDON, HEATHER     MRN: 00979991\n{text}      Birthdate: 04/18/1987")
    assert values(page, Field.NAME) == {"GORDON, HEATHER"}


def test_a_title_that_was_read_in_two_is_nobody() -> None:
    page = lines_of("GENERAL HOSPITAL         PATIENT REGIST RATION\n\nName: GORDON, HEATHER     MRN: 00979991")
    assert values(page, Field.NAME) == {"GORDON, HEATHER"}


def test_a_label_in_capitals_may_end_with_a_dot() -> None:
    page = lines_of("GORDON, HEATHER\nMRN: 00979991 DOB: 04/18/1987\nADM: 09/16/2026 ATT. WALL, D")
    assert values(page, Field.NAME) == {"GORDON, HEATHER"}
    assert values(page, Field.NAME, Role.PROVIDER) == {"WALL, D"}


@pytest.mark.parametrize(
    ("again", "told"), [("Mm", {"GORDON, HEATHER M"}), ("Nn", {"GORDON, HEATHER M", "GORDON, HEATHER NN"})]
)
def test_an_initial_that_one_engine_read_double_disputes_nothing(again: str, told: set[str]) -> None:
    page = lines_of("Name: GORDON, HEATHER M")
    words = tuple(
        Word(text=text, confidence=0.9, box=Box(x0=x, y0=100, x1=x + 120, y1=134), line=0, block=0)
        for x, text in ((220, "GORDON,"), (380, "HEATHER"), (540, again))
    )
    place = Box(x0=210, y0=90, x1=700, y1=140)
    words_of_first = tuple(replace(word, confidence=0.8) for word in page.words)
    second = SecondReading(box=place, engine="test", engine_version="1", words=words)
    assert values(replace(page, words=words_of_first, second=(second,)), Field.NAME) == told


def test_small_letters_behind_a_labels_colon_are_the_names_own() -> None:
    page = lines_of("Patient Name: mi HAEL MELVIN SNYDER     MRN: 00979991     DOB: 04/18/1987")
    (name,) = (one for one in find_evidence(page, LABELS, FACTS) if one.field is Field.NAME)
    assert (name.raw, name.label) == ("mi HAEL MELVIN SNYDER", "Patient Name:")
    assert name.confidence < POLICY.certain_from


def test_a_word_in_a_row_of_labels_is_one() -> None:
    rows = (
        "Patient Name          MRN",
        "GORDON, HEATHER       00979991",
        "Date of Birth      Age    Gender    Marnal Sims     Language",
        "04/18/1987         39     F         M               English",
    )
    assert values(lines_of("\n".join(rows)), Field.NAME) == {"GORDON, HEATHER"}


@pytest.mark.parametrize(
    ("asked", "told", "whose"),
    [("Relationship", "Friend", Role.EMERGENCY_CONTACT), ("Occupation", "Driver", Role.PATIENT)],
)
def test_a_birth_date_in_a_row_that_asks_how_they_are_related_is_that_persons(
    asked: str, told: str, whose: Role
) -> None:
    rows = (
        f"Name               {asked}      Phone            Birth Date",
        f"GORDON, ADAM L     {told}            330-555-0142     08/11/1977",
    )
    assert values(lines_of("\n".join(rows)), Field.BIRTH_DATE, whose) == {"1977-08-11"}
