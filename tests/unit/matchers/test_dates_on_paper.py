"""Dates as printed become their plausible readings, likeliest first."""

from __future__ import annotations

from datetime import date

import pytest

from matchers.dates import date_digits, read_dates

TODAY = date(2026, 11, 23)
APRIL_7 = date(1962, 4, 7)


def read(text: str, **options: bool) -> tuple[date, ...]:
    return read_dates(text, born_before=TODAY, **options)


@pytest.mark.parametrize(
    "text",
    [
        "04/07/1962", "4/7/1962", "4-7-62", "04.07.1962", "04 07 1962", "April 7, 1962", "Apr. 7th 1962",
        "7 April 1962", "07-APR-1962", "07APR1962", "1962-04-07", "1962/04/07",
        "1962 APR 07", "19620407", "04071962", "040762",
        "O4/O7/l962", "04/07/196Z", "Apri1 7, 1962", "0410711962", "DOB: 04/07/1962 (64 Y)", "04/07/1962 00:00",
        "04/071962", "0407/1962", "04/07N1962", "1962-04N07", "Apr 7,H1962", "Apr 07B 1962",
        "AprT07, 1962", "7SAPR-l962", "07-APB-1962", "07-4PR-1962", "07EAPRY1962",
    ],
)  # fmt: skip
def test_every_usual_form_and_its_smudges(text: str) -> None:
    assert read(text)[0] == APRIL_7


def test_day_and_month_follow_the_custom_unless_only_one_order_is_a_date() -> None:
    assert read("04/07/1962", day_first=True) == (date(1962, 7, 4),)
    assert read("13/04/1962") == (date(1962, 4, 13),)
    assert read("04/13/1962", day_first=True) == (date(1962, 4, 13),)


def test_a_two_digit_year_gives_the_later_century_first_but_never_the_future() -> None:
    assert read("10/03/05") == (date(2005, 10, 3), date(1905, 10, 3))
    assert read("12/31/26") == (date(1926, 12, 31),)


@pytest.mark.parametrize(
    "text",
    ["", "2/30/1962", "MAY 5 2050", "09-OCT-1044", "61/70/1977", "04/07", "1962", "no date", "410-555-1962", "\x00",
     "Foo 4 1962", "04/07/9999", "05-IOB-1972"],
)  # fmt: skip
def test_what_is_no_plausible_date_is_none(text: str) -> None:
    assert read(text) == ()


def test_a_run_of_digits_is_read_in_every_order_that_is_a_date() -> None:
    assert read("19101012") == (date(1910, 10, 12),)
    assert read("12101910") == (date(1910, 12, 10),)
    assert set(read("20011912")) == {date(1912, 1, 20)}
    assert set(read("19121930")) == {date(1930, 12, 19)}
    assert set(read("20011201")) == {date(2001, 12, 1)}


def test_the_digits_of_a_damaged_date_remain() -> None:
    assert date_digits("04/O7/1X62") == "0407162"
    assert date_digits("9" * 1000) == "9" * 64
