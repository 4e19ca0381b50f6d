"""Dates in which everybody sees that something is wrong, and what one character put right makes of them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchers.damaged_dates import damaged_dates
from matchers.dates import LATEST_BIRTH, read_dates


@pytest.mark.parametrize(
    ("shown", "meant"),
    [
        ("Mar 31, 7981", date(1981, 3, 31)),
        ("2/75/1983", date(1983, 2, 25)),
        ("1/7/195l6", date(1956, 1, 7)),
        ("07-SP-1944", date(1944, 9, 7)),
        ("05-JUH-1995", date(1995, 6, 5)),
        ("23-MAR-199", date(1990, 3, 23)),
        ("45/09/72", date(1972, 5, 9)),
        ("1980-68-03", date(1980, 8, 3)),
        ("08-1-1990", date(1990, 8, 14)),
        ("1/02/1942", date(1942, 11, 2)),
        ("0-S.EP-1974", date(1974, 9, 5)),
        ("2/30/1962", date(1962, 2, 20)),
    ],
)
def test_one_character_put_right(shown: str, meant: date) -> None:
    found = damaged_dates(shown)
    assert meant in found
    assert len(found) <= 24


@pytest.mark.parametrize(
    "shown",
    ["", "04/07/1962", "4/7/1962", "12/3/1942", "Apr 7, 1962", "07-APR-1962", "04071962", "soon", "1/2", "77/88/1962",
     "Foo 99 1234", "04/07/19", "a b c", "|||"],
)  # fmt: skip
def test_a_sound_date_and_what_is_beyond_one_character_are_not_damaged(shown: str) -> None:
    assert damaged_dates(shown) == frozenset()


@given(st.text(max_size=80))
def test_total_and_bounded(text: str) -> None:
    assert len(damaged_dates(text)) < 400


@given(st.dates(min_value=date(1881, 1, 1), max_value=date(2098, 12, 31)), st.sampled_from(("%m/%d/%Y", "%Y-%m-%d")))
def test_a_date_as_printed_is_sound(born: date, form: str) -> None:
    shown = born.strftime(form)
    assert read_dates(shown, born_before=LATEST_BIRTH) == (born,)
    assert damaged_dates(shown) == frozenset()
