"""When the upper part of a page is enough: two identifiers told for certain, and nothing beside them in doubt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ingest.evidence.labels import load_labels
from ingest.evidence.suffices import suffices
from ingest.evidence.values import SiteFacts
from ingest.model import Box, PageArtefact, SecondReading
from tests.fakes.pages import Text, at, page_of

LABELS = load_labels()
SITE = SiteFacts(today=date(2026, 11, 1), mrn_shapes=("9999999",))
NAME, BORN, MRN = at(5, 5, "Patient Name:  SMITH, JOHN"), at(7, 5, "DOB:  04/07/1962"), at(9, 5, "MRN:  1234567")


def enough(*texts: Text) -> bool:
    return suffices(page_of(at(2, 5, "Riverside Clinic"), *texts), LABELS, SITE)


@pytest.mark.parametrize("texts", [(NAME, BORN, MRN), (NAME, BORN), (NAME, MRN)])
def test_a_name_and_a_number_that_are_certain_are_enough(texts: tuple[Text, ...]) -> None:
    assert enough(*texts)


@pytest.mark.parametrize("texts", [(NAME,), (BORN,), (MRN,), (BORN, MRN), ()])
def test_less_is_not(texts: tuple[Text, ...]) -> None:
    assert not enough(*texts)


def test_a_doubtful_name_beside_two_certain_numbers_is_enough_and_beside_one_is_not() -> None:
    doubtful = at(5, 5, "Patient Name:  SMITH, JOHN", 0.88)
    assert enough(doubtful, BORN, MRN)
    assert not enough(doubtful, MRN)


def test_two_people_are_not_enough() -> None:
    assert not enough(NAME, BORN, MRN, at(12, 5, "Patient Name:  DELACROIX, YVONNE"), at(14, 5, "MRN:  7650019"))


def test_values_of_somebody_else_are_not_the_patients() -> None:
    assert not enough(at(5, 5, "Physician:  SMITH, JOHN"), BORN)
    assert not enough(at(5, 5, "Guarantor Name:  SMITH, JOHN"), at(7, 5, "Guarantor DOB:  04/07/1962"))


def test_two_engines_that_disagree_are_not_enough() -> None:
    doubtful = page_of(at(2, 5, "Riverside Clinic"), NAME, BORN, at(9, 5, "MRN:  1234567", 0.9))
    assert suffices(doubtful, LABELS, SITE)
    assert not suffices(read_again(doubtful, "1284567"), LABELS, SITE)
    assert suffices(read_again(doubtful, "1234567"), LABELS, SITE)


def read_again(page: PageArtefact, text: str) -> PageArtefact:
    (word,) = (word for word in page.words if word.text == "1234567")
    box = Box(x0=word.box.x0 - 10, y0=word.box.y0 - 10, x1=word.box.x1 + 10, y1=word.box.y1 + 10)
    again = replace(word, text=text, confidence=0.99, line=0, characters=())
    return replace(page, second=(SecondReading(box=box, engine="scripted", engine_version="1", words=(again,)),))


def test_a_sticker_alone_is_not_enough() -> None:
    sticker = (at(1, 70, "GORDON, HEATHER"), at(2, 70, "MRN 1979991"), at(3, 70, "DOB: 04/18/1987"))
    assert not enough(*sticker)
    assert enough(at(5, 5, "Patient Name:  GORDON, HEATHER"), at(7, 5, "DOB:  04/18/1987"), *sticker)


def test_writing_that_nobody_could_read_is_not_enough() -> None:
    assert not enough(at(5, 5, "SMITH, JOHN"), BORN, MRN, at(12, 0, "Name:"), at(12, 8, "frl#e ancrsst", 0.2))


@pytest.mark.parametrize("page", [page_of(), replace(page_of(at(1, 1, "x")), words=())])
def test_nothing_is_not_enough(page: PageArtefact) -> None:
    assert not suffices(page, LABELS, SITE)
