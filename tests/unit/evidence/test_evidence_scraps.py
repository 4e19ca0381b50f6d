"""Whose scraps of a name may be: generous with one patient's misread name, strict with their relatives."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.evidence.scraps import alike, may_be_date, names_a_relative

MARGARET = ("MARGARET HOLLOWAY", "MARGARET ANN HOLLOWAY")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("R@bert Roberts", ("ALICE ROBERTS",)),
        ("W@lliam Williams", ("MARIA WILLIAMS",)),
        ("P@u1 Johnson", ("MARY JOHNSON",)),
        ("R@bxrt Brennan", ("SUSAN HARTWELL", "SUSAN BRENNAN")),
        ("Robert Holloway", MARGARET),
        ("Holloway, Robert J.", MARGARET),
        ("Mark Holloway", MARGARET),
    ],
)
def test_who_shares_the_family_name_alone_is_a_relative(text: str, names: tuple[str, ...]) -> None:
    assert alike((text,), names)
    assert names_a_relative((text,), names)


@pytest.mark.parametrize(
    "text",
    [
        "Margaret Holloway", "Mangaret Hoiloway", "Holloway", "Holloway 00412345", "Holloway, M. 3/14/51",
        "Mrs. Holloway", "Mar Holloway", "Ann Holloway", "Peggy Holloway", "Margaret Louise Holloway",
        "Holloway Room 412", "Newborn Holloway", "HOLLOWAY IR &",
    ],
)  # fmt: skip
def test_the_patient_however_they_are_called_or_misread_is_none(text: str) -> None:
    assert alike((text,), MARGARET)
    assert not names_a_relative((text,), MARGARET)


def test_one_reading_that_has_the_whole_name_settles_what_another_garbled() -> None:
    assert not names_a_relative(("Wathecne Holloway", "Margret Holloway"), MARGARET)
    assert names_a_relative(("Rupert Holloway", "xx Holloway"), MARGARET)


@pytest.mark.parametrize("text", ["", "&", "3/14/51", ", ,"])
def test_what_holds_no_name_is_nobodys_relative(text: str) -> None:
    assert not names_a_relative((text,), MARGARET)


BORN = date(1951, 3, 14)


@pytest.mark.parametrize(
    "text", ["03/14/1951", "3/14/51", "O3/1A/1951", "14.03.1951", "1951-03-14", "03/1/1951", "0/14/51"]
)
def test_a_birth_date_may_be_misread_lose_a_digit_or_stand_in_another_order(text: str) -> None:
    assert may_be_date(text, BORN)


@pytest.mark.parametrize("text", ["March 14, 1951", "14 Mar 51", "MAR 14 1951", "o3-l4-l95l", "MARCH l4 195l"])
def test_a_birth_date_may_have_its_month_in_letters_and_letters_for_digits(text: str) -> None:
    assert may_be_date(text, BORN)


@pytest.mark.parametrize("text", ["August 9, 1962", "JULY 30 1966", "o7-3o-1966"])
def test_another_date_in_letters_is_another(text: str) -> None:
    assert not may_be_date(text, BORN)


@pytest.mark.parametrize("text", ["07/30/1966", "7/30/66", "28.11.2019", "2019-11-28", "19/16/21"])
def test_more_than_half_of_the_digits_must_be_right(text: str) -> None:
    assert not may_be_date(text, BORN)


@pytest.mark.parametrize("text", ["12/14/1938", "02-24-1932", "1938-12-14", "12141938", "3/2/1988"])
def test_that_somebody_was_born_in_the_same_century_says_nothing(text: str) -> None:
    assert not may_be_date(text, BORN)


@pytest.mark.parametrize("text", ["08/14/1981", "03/19/1957", "14.08.1961", "1951-08-19", "31/14/1951", "031441951"])
def test_two_digits_may_be_misread_or_a_stroke_taken_for_one(text: str) -> None:
    assert may_be_date(text, BORN)


@pytest.mark.parametrize("text", ["", "//", "14", "xx/14/xx"])
def test_what_has_too_few_digits_speaks_against_nobody(text: str) -> None:
    assert may_be_date(text, BORN)
