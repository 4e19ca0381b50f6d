"""Every normaliser is total, bounded and idempotent, whatever paper may say."""

from __future__ import annotations

from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from matchers.dates import LATEST_BIRTH, date_digits, read_dates
from matchers.lettering import LONGEST_TEXT, fold
from matchers.lookalikes import difference, fold_lookalikes, look_alike
from matchers.names import name_words, parse_name, show_name
from matchers.numbers import (
    normalise_address,
    normalise_identifier,
    normalise_phone,
    normalise_ssn4,
    normalise_zip,
)

LINES = st.text(max_size=80) | st.text("ABCDEILMNORSTUVabc.,-'’ 0123456789/|Jr", max_size=40)
PLAIN = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", max_size=16)


@given(LINES)
@example("İi̇ŉǰ")
@example("ﬁﬀ ½ ² Ⅷ")
@example("ΐΰ")
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(min_size=LONGEST_TEXT, max_size=2 * LONGEST_TEXT))
def test_folding_is_bounded(text: str) -> None:
    assert len(fold(text)) <= LONGEST_TEXT


@given(LINES)
def test_identifiers_phones_and_codes_are_idempotent(text: str) -> None:
    plain = normalise_identifier(text)
    assert normalise_identifier(plain) == plain
    for normalise in (normalise_phone, normalise_ssn4, normalise_zip):
        value = normalise(text)
        assert value is None or normalise(value) == value


@given(LINES)
def test_addresses_are_idempotent(text: str) -> None:
    address = normalise_address(text)
    if address is not None and address.number is not None:
        assert normalise_address(f"{address.number} {address.street}") is not None


@given(LINES)
def test_words_of_names_are_idempotent(text: str) -> None:
    words = name_words(text)
    assert name_words(" ".join(words)) == words


@given(LINES)
@example("@:@\x1b@/P@/@")
@example("x-y-z pa-v,")
@example("@\x08@/1L")
def test_a_name_that_is_shown_and_read_again_shows_the_same(text: str) -> None:
    for name in parse_name(text)[:1]:
        again = parse_name(show_name(name))[0]
        assert parse_name(show_name(again))[0] == again


@given(LINES, st.booleans())
def test_dates_are_plausible_and_read_back_from_iso(text: str, day_first: bool) -> None:
    for value in read_dates(text, day_first=day_first, born_before=LATEST_BIRTH):
        assert date(1880, 1, 1) <= value <= LATEST_BIRTH
        assert read_dates(value.isoformat(), born_before=LATEST_BIRTH)[0] == value
    assert date_digits(date_digits(text)) == date_digits(text)


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)))
def test_every_birth_date_is_read_from_every_form(value: date) -> None:
    for form in ("%m/%d/%Y", "%Y-%m-%d", "%m-%d-%Y", "%d-%b-%Y", "%B %d, %Y", "%Y%m%d", "%m/%d/%y"):
        assert value in read_dates(value.strftime(form), born_before=LATEST_BIRTH)


@given(PLAIN)
def test_folding_look_alikes_is_idempotent(text: str) -> None:
    assert fold_lookalikes(fold_lookalikes(text)) == fold_lookalikes(text)


@given(PLAIN, PLAIN)
def test_differences_are_symmetric_and_zero_only_for_equals(one: str, other: str) -> None:
    there, back = difference(one, other), difference(other, one)
    assert there.edits == back.edits
    assert there.equal == (one == other)
    assert there.unexplained <= there.edits


@given(st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_looking_alike_is_symmetric(one: str, other: str) -> None:
    assert look_alike(one, other) == look_alike(other, one)
