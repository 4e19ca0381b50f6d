"""What is typed, as terms; days, as marks; the line around a hit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import WrongUse
from ingest.finding.port import Term
from ingest.finding.query import parse
from ingest.finding.snippet import snippet
from ingest.finding.tokens import marks_of_day, marks_of_span, words

DAYS = st.dates(date(1800, 1, 1), date(2299, 12, 31))


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        (["chest", "Pain"], [Term(("chest",)), Term(("pain",))]),
        (["chest pain"], [Term(("chest", "pain"))]),
        (['ct "chest pain" hyper*'], [Term(("ct",)), Term(("chest", "pain")), Term(("hyper",), prefix=True)]),
        (['"chest pai"*', '"open end'], [Term(("chest", "pai"), prefix=True), Term(("open", "end"))]),
        (["3/26/2020"], [Term(("3", "26", "2020"))]),
        (["a", "a", "--", "*"], [Term(("a",))]),
        (["cat AND (dog)"], [Term(("cat", "and", "dog"))]),
    ],
)
def test_what_is_typed(typed: list[str], terms: list[Term]) -> None:
    assert list(parse(typed)) == terms


@pytest.mark.parametrize("typed", [[], [""], ["***", '""'], ["a*"], ["x" * 2_001], ["a b " * 33]])
def test_too_much_and_nothing_are_refused_without_the_words(typed: list[str]) -> None:
    with pytest.raises(WrongUse) as refused:
        parse(typed)
    assert "x" * 20 not in str(refused.value)


@given(st.lists(st.text(max_size=50), max_size=5))
def test_any_text_is_terms_or_refused(typed: list[str]) -> None:
    try:
        terms = parse(typed)
    except WrongUse:
        return
    assert all(word and word == "".join(words(word)) for term in terms for word in term.words)


@given(DAYS, DAYS, DAYS)
def test_a_day_has_exactly_one_mark_of_a_span_that_holds_it(first: date, last: date, day: date) -> None:
    shared = set(marks_of_span(first, last)) & set(marks_of_day(day))
    assert len(shared) == (1 if first <= day <= last else 0)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1799, 12, 31), date(2300, 1, 1), date(9999, 12, 31)])
def test_an_open_span_has_few_marks(day: date) -> None:
    assert len(marks_of_span(None, None)) == 5
    assert len(marks_of_span(date(2001, 2, 2), None)) < 60
    assert len(marks_of_span(date(1801, 1, 2), date(2298, 12, 30))) < 130
    marks_of_span(day, day + timedelta(days=0))


def test_the_line_around_a_hit() -> None:
    text = f"{'before ' * 30}\nGlucose: 5.4\nmmol/L {'after ' * 30}"
    shown = snippet(text, parse(["mmol", "glucose"]))
    assert "Glucose: 5.4 mmol/L" in shown
    assert shown.startswith("… before")
    assert shown.endswith("after …")
    assert "\n" not in shown
    assert len(shown) < 160
    assert snippet("Only this.", parse(["other"])) == "Only this."
    assert snippet("a Hypertensive b", parse(["hyper*"])) == "a Hypertensive b"
