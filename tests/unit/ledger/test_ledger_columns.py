"""Column types: what goes in comes out, and orders as it should."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

from ingest.ledger.columns import AnyText, Day, Flag, Instant, WideInteger, instant_text

DIALECTS: list[Dialect] = [sqlite.dialect(), postgresql.dialect()]
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
AWARE = st.datetimes(timezones=st.just(UTC) | st.sampled_from([timezone(timedelta(hours=h)) for h in (-11, 5, 13)]))


@given(text=ANY_TEXT)
def test_any_text_is_stored_as_text_that_databases_take_and_comes_back(text: str) -> None:
    for dialect in DIALECTS:
        stored = AnyText().process_bind_param(text, dialect)
        assert stored is not None
        assert "\x00" not in stored
        assert stored.encode("utf-8").decode("utf-8") == stored
        assert AnyText().process_result_value(stored, dialect) == text


@given(one=ANY_TEXT, other=ANY_TEXT)
def test_different_texts_are_stored_differently(one: str, other: str) -> None:
    stored = [AnyText().process_bind_param(text, DIALECTS[0]) for text in (one, other)]

    assert (stored[0] == stored[1]) == (one == other)


@pytest.mark.parametrize("text", ["\ufdd0", "\ufdd00000", "\ufdd0fdd0", "\x00\ufdd0", "\udcff", "\ufdd0\udcff0000"])
def test_text_that_looks_escaped_comes_back_as_it_was(text: str) -> None:
    stored = AnyText().process_bind_param(text, DIALECTS[0])

    assert AnyText().process_result_value(stored, DIALECTS[0]) == text


@given(when=AWARE.filter(lambda when: date(1, 1, 3) < when.date() < date(9999, 12, 29)))
def test_instants_come_back_in_utc(when: datetime) -> None:
    stored = Instant().process_bind_param(when, DIALECTS[0])
    back = Instant().process_result_value(stored, DIALECTS[0])

    assert back == when
    assert back is not None
    assert back.utcoffset() == timedelta(0)


@given(one=AWARE, other=AWARE)
def test_instants_order_as_text_as_they_do_in_time(one: datetime, other: datetime) -> None:
    try:
        texts = instant_text(one), instant_text(other)
    except OverflowError:
        return  # the first and last hours of the calendar have no name in UTC

    assert (texts[0] < texts[1]) == (one < other)


def test_naive_times_are_refused() -> None:
    for dialect in DIALECTS:
        with pytest.raises(ValueError, match="time zone"):
            Instant().process_bind_param(datetime(2026, 1, 1), dialect)  # noqa: DTZ001


@given(day=st.dates(), number=st.integers(), flag=st.booleans())
def test_days_numbers_and_flags_come_back(day: date, number: int, flag: bool) -> None:
    for dialect in DIALECTS:
        assert Day().process_result_value(Day().process_bind_param(day, dialect), dialect) == day
        assert WideInteger().process_result_value(WideInteger().process_bind_param(number, dialect), dialect) == number
        assert Flag().process_result_value(Flag().process_bind_param(flag, dialect), dialect) is flag


def test_absence_stays_absence() -> None:
    for kind in (AnyText(), Instant(), Day(), Flag(), WideInteger()):
        assert kind.process_bind_param(None, DIALECTS[0]) is None
        assert kind.process_result_value(None, DIALECTS[0]) is None
