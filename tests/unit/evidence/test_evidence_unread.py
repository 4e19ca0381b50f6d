"""A sticker speaks for a form only where the form's own name, however badly read, does not look like another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ingest.evidence.find import SiteFacts, evidence_of, find_evidence
from ingest.evidence.labels import load_labels
from ingest.evidence.unread import Unread, find_unread, written_otherwise
from ingest.model import Box, PageArtefact, Role, SecondReading, Word
from matchers import load_policy
from matchers.patient import Field
from tests.fakes.pages import Text, at, page_of

LABELS = load_labels()
FACTS = SiteFacts(today=date(2026, 11, 23), mrn_shapes=("99999999",))
STICKER = (at(1, 70, "GORDON, HEATHER"), at(2, 70, "MRN 00979991"), at(3, 70, "DOB: 04/18/1987"))
NAMES = ("Heather Gordon",)
POLICY = load_policy()


def unread_on(page: PageArtefact) -> Unread:
    return find_unread(evidence_of(page, LABELS, FACTS), LABELS)


def form(*name: Text) -> PageArtefact:
    return page_of(at(0, 0, "MEDICATION ADMINISTRATION RECORD"), at(8, 0, "Name:"), *name, *STICKER)


def otherwise(page: PageArtefact) -> str | None:
    return written_otherwise(
        unread_on(page),
        find_evidence(page, LABELS, FACTS),
        NAMES,
        heard_from=POLICY.weak_below,
    )


def test_a_name_read_without_certainty_that_is_only_a_little_like_the_stickers_is_another() -> None:
    assert otherwise(form(at(8, 8, "Penna", 0.02), at(8, 16, "thel", 0.74)))


def test_scraps_that_are_no_name_count_as_well() -> None:
    assert otherwise(form(at(8, 8, "frl#e ancrsst", 0.2)))


def test_the_stickers_own_name_badly_read_is_no_objection() -> None:
    assert otherwise(form(at(8, 8, "Gord0n, Heathen", 0.2))) is None


def test_a_field_that_was_left_empty_is_no_objection() -> None:
    assert otherwise(form()) is None


def test_the_second_engine_is_heard_where_the_first_saw_scraps() -> None:
    page = form(at(8, 8, "Coret Weath", 0.1))
    box = Box(x0=240, y0=570, x1=640, y1=640)
    given = Word(text="Heather", confidence=0.7, box=Box(x0=250, y0=580, x1=420, y1=614), line=0, block=0)
    family = Word(text="Gorden", confidence=0.7, box=Box(x0=440, y0=580, x1=600, y1=614), line=0, block=0)
    assert otherwise(page)
    second = SecondReading(box=box, engine="test", engine_version="1", words=(given, family))
    assert otherwise(replace(page, second=(second,))) is None


def test_an_imprint_without_labels_is_no_name_of_the_forms_own() -> None:
    imprint = (at(0, 50, "ANDERSON, JOHN"), at(1, 50, "MRN: 00622412"), at(1, 80, "Born: Apr 13, 1978"))
    form = (at(5, 0, "CONSENT FOR OPERATION"), at(8, 0, "Patient:"), at(8, 12, "DORIS &. THOmas", 0.6))
    page = page_of(*imprint, *form)
    found = find_evidence(page, LABELS, FACTS)
    assert any(finding.raw == "ANDERSON, JOHN" and finding.confidence > 0.5 for finding in found)
    assert written_otherwise(
        unread_on(page),
        found,
        ("John Anderson",),
        heard_from=POLICY.weak_below,
    )
    assert (
        written_otherwise(
            unread_on(page),
            found,
            ("Doris Thomas",),
            heard_from=POLICY.weak_below,
        )
        is None
    )


def test_a_misread_word_in_brackets_belongs_to_the_label_whose_colon_follows() -> None:
    page = page_of(at(8, 0, "Patient (prin):"), at(8, 18, "DORIS &. THOmas", 0.6), *STICKER)
    assert otherwise(page)


def test_initials_and_suffixes_that_the_register_lacks_are_no_objection() -> None:
    assert otherwise(form(at(8, 8, "Heather Q. Gordon IR &", 0.2))) is None


@pytest.mark.parametrize("sentence", ["will call fer Dppointment,", "will be seen in our clinic"])
def test_a_sentence_that_a_person_wrote_about_the_patient_names_nobody(sentence: str) -> None:
    assert otherwise(page_of(at(8, 0, "Patient"), at(8, 8, sentence, 0.3), *STICKER)) is None


@pytest.mark.parametrize("other", ["will call for an appointment", "Naue od Panent"])
def test_what_is_no_name_hides_no_other_reading_that_is_one(other: str) -> None:
    page = page_of(at(8, 0, "Patient"), at(8, 8, "frl#e ancrsst", 0.2), *STICKER)
    assert otherwise(replace(page, second=(written(other, 0.5),))) == "frl # e ancrsst"


@pytest.mark.parametrize("name", ["will carcia", "will young", "april day", "may e. price", "bill White"])
def test_a_name_that_begins_in_small_letters_is_one_all_the_same(name: str) -> None:
    assert otherwise(page_of(at(8, 0, "Patient"), at(8, 8, name, 0.3), *STICKER)) == name


@pytest.mark.parametrize("rest", ["Naue od Panent", "Panent", "Nane of Patlent"])
def test_what_is_left_of_a_misread_label_is_no_writing(rest: str) -> None:
    assert otherwise(page_of(at(8, 0, "Name"), at(8, 8, rest, 0.3), *STICKER)) is None


@pytest.mark.parametrize(
    "name", ["Jane Patten", "PATINO, JAMES", "Patino", "Parent, Kate", "Ann Talent", "Amy Patient"]
)
def test_a_name_that_looks_like_the_label_is_a_name(name: str) -> None:
    assert otherwise(page_of(at(8, 0, "Name"), at(8, 8, name, 0.3), *STICKER))


def test_a_name_beside_the_rest_of_its_label_is_one_all_the_same() -> None:
    assert otherwise(page_of(at(8, 0, "Name"), at(8, 8, "of Panent Penna thel", 0.3), *STICKER))


def test_both_engines_readings_of_one_place_are_judged_together() -> None:
    page = form(at(8, 8, "WENN D. GORmON", 0.2))
    assert otherwise(page)
    assert otherwise(replace(page, second=(written("HEATHER D.GORDON", 0.3),))) is None
    assert otherwise(replace(page, second=(written("PENELOPE D.CARCIA", 0.3),)))


@pytest.mark.parametrize("column", [6.2, 6.5, 7.2])
def test_a_label_that_a_fold_down_the_page_cut_in_two_asks_for_the_name(column: float) -> None:
    cut = (at(8, 0, "Patien"), at(8.1, column, "(print):", 0.81), at(8, 15.5, "Dowel Walt", 0.3))
    assert otherwise(page_of(*cut, at(8, 40, "Date of birth:"), *STICKER)) == "Dowel Walt"


@pytest.mark.parametrize("label", ["Patient (pring:", "Patient (prinf:", "Patient (print:"])
def test_a_label_whose_bracket_was_read_as_a_letter_keeps_its_writing(label: str) -> None:
    page = page_of(at(8, 0, label), at(8, 18, "Barbara R, Redriquee", 0.6), *STICKER)
    named = [one for one in find_evidence(page, LABELS, FACTS) if one.field is Field.NAME and one.role is Role.PATIENT]
    assert any(one.raw.startswith("Barbara") and one.label == label for one in named)


def written(text: str, certainty: float) -> SecondReading:
    """What the second engine read beside the form's "Name:"."""
    box = Box(x0=210, y0=565, x1=800, y1=630)
    parts = text.split()
    words = [
        Word(
            text=part,
            confidence=certainty,
            box=Box(x0=250 + 150 * n, y0=580, x1=380 + 150 * n, y1=614),
            line=0,
            block=0,
        )
        for n, part in enumerate(parts)
    ]
    return SecondReading(box=box, engine="test", engine_version="1", words=tuple(words))


@pytest.mark.parametrize("certainty", [0.05, 0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.7, 0.8])
def test_another_name_on_the_form_is_an_objection_or_a_contradiction_however_surely_it_was_read(
    certainty: float,
) -> None:
    page = replace(form(at(8, 8, "eri WN. Carcia", 0.44)), second=(written("Cori W. Carcia", certainty),))
    own = [
        finding.confidence
        for finding in find_evidence(page, LABELS, FACTS)
        if finding.field is Field.NAME and finding.label is not None and finding.role is Role.PATIENT
    ]
    assert otherwise(page) or max(own, default=0.0) >= POLICY.weak_below  # from there on it contradicts by itself


@pytest.mark.parametrize("certainty", [0.05, 0.2, 0.3, 0.35, 0.4, 0.5])
def test_so_it_is_where_only_the_first_engine_read_it(certainty: float) -> None:
    page = form(at(8, 8, "Carcia, Cori", certainty))
    own = [f.confidence for f in find_evidence(page, LABELS, FACTS) if f.field is Field.NAME and f.label == "Name:"]
    assert otherwise(page) or max(own, default=0.0) >= POLICY.weak_below


def test_the_stickers_name_read_so_so_on_the_form_is_no_objection() -> None:
    page = replace(form(at(8, 8, "eather Gordan", 0.44)), second=(written("Heather Gardon", 0.55),))
    assert otherwise(page) is None


def test_a_name_in_a_box_below_its_label_counts_like_one_beside_it() -> None:
    label, name = at(8, 0, "PATIENT NAME"), at(9, 0, "Carcia, Cori", 0.3)
    page = page_of(at(0, 0, "MEDICATION ADMINISTRATION RECORD"), label, name, *STICKER)
    assert otherwise(page)


def test_writing_that_only_the_second_engine_saw_counts() -> None:
    assert otherwise(replace(form(), second=(written("Cori W. Carcia", 0.2),)))
    assert otherwise(replace(form(), second=(written("Hcather Cordon", 0.2),))) is None


@pytest.mark.parametrize("certainty", [0.05, 0.2, 0.3])  # from 0.35 on it contradicts by itself
@pytest.mark.parametrize("name", ["Robert Gordon", "R@bxrt Gordon", "Gordon, Robert", "GORDON ROBERT J"])
def test_another_of_the_family_is_not_whom_the_sticker_names(name: str, certainty: float) -> None:
    assert otherwise(form(at(8, 8, name, certainty)))


def test_a_second_reading_that_bears_the_sticker_out_settles_a_given_name_that_the_first_garbled() -> None:
    page = form(at(8, 8, "Wathecne Gordon", 0.3))
    assert otherwise(replace(page, second=(written("Heather Gordan", 0.5),))) is None
    assert otherwise(replace(page, second=(written("Rupert Gordon", 0.5),)))
    assert otherwise(replace(form(at(8, 8, "Robert Gordon", 0.2)), second=(written("xx Gordon", 0.2),)))


@pytest.mark.parametrize("text", ["see label", "AS ON STICKER", "not applicable"])
def test_what_was_clearly_read_and_is_no_name_is_no_objection(text: str) -> None:
    assert otherwise(form(at(8, 8, text))) is None


def test_a_middle_name_that_the_register_lacks_is_no_relative() -> None:
    assert otherwise(form(at(8, 8, "Heather Louise Gordon", 0.3))) is None


def test_without_a_sticker_a_garbled_given_name_is_for_the_matcher_to_weigh() -> None:
    page = page_of(at(0, 0, "INTAKE FORM"), at(8, 0, "Name:"), at(8, 8, "Wathecne Gordon", 0.3))
    assert otherwise(page) is None


def test_a_label_in_brackets_within_a_sentence_asks_for_a_name() -> None:
    """ "I, (print full name of patient) ____, born on ____": the writing behind it was read badly."""
    label = at(8, 0, "(print full name of patient)")
    page = page_of(label, at(8, 29, "dddie", 0.54), at(8, 35, "J.", 0.91), at(8, 38, "Gosdman", 0.32), *STICKER)
    assert otherwise(page) is not None
    own = page_of(label, at(8, 29, "Heathen", 0.54), at(8, 37, "Gordan", 0.32), *STICKER)
    assert otherwise(own) is None
