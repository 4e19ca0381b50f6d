"""What a doubtful MRN or birth date may be instead: the engine's choices for its digits, put together.

Promise: pure and total. At most five whole values, likeliest first, each with the probability that the paper
shows it. Only possible ones: a number of the site's shape (of the same shape where the site knows none), a date on
which somebody may be born.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

from ingest.evidence.layout import Layout
from ingest.evidence.numbers import as_identifier, fits
from ingest.evidence.values import Draft, SiteFacts, along, reading_certainty
from ingest.model import Character
from matchers.normalise import digits_for_letters, read_dates, shape_of
from matchers.patient import Alternative, Field, Source

_VALUES_MOST = 5
_WEIGHT_LEAST = 0.01
_CHOICES_MOST = 9  # of all digits together, from which whole values are made
_DIGITS_MOST = 3  # that may be wrong at once
_OTHERWISE = 0.3  # of what no possible value explains: the share of misreadings of other kinds
# How often the paper shows a digit to which the engine gives such a share beside the one it chose: 17,600 digits of
# numbers and birth dates in four drawn sets, 194 of them misread; of these 158 had the right one among the choices.
# Shares above 0.9 spill over from the digits beside: none of 40 was right.
_SHOWN = (
    (0.0, 0.0005), (0.08, 0.003), (0.15, 0.006), (0.25, 0.019), (0.35, 0.021), (0.45, 0.037), (0.55, 0.052),
    (0.625, 0.085), (0.675, 0.12), (0.725, 0.23), (0.775, 0.27), (0.86, 0.3), (0.92, 0.02), (1.0, 0.01),
)  # fmt: skip


class _Choice(NamedTuple):
    """Another digit for one place of the text, and how likely it is beside the one that was read."""

    place: int
    digit: str
    odds: float


def alternatives_of(layout: Layout, one: Draft, facts: SiteFacts) -> tuple[Alternative, ...]:
    """What a value that the layout's words hold may be instead; () for values that have no alternatives."""
    if one.source is not Source.TEXT or one.field not in (Field.MRN, Field.BIRTH_DATE):
        return ()
    letters = [letter for token in one.tokens for letter in layout.tokens[token].letters if letter.text.isalnum()]
    places = _places(one.raw, letters)
    found = likeliest(one.raw, places, _numbers(one.value, facts) if one.field is Field.MRN else _birth_dates(facts))
    alone = reading_certainty(layout, one.tokens)
    # What a second engine read alike leaves less to the others.
    return _lighter(found, (1.0 - one.read) / (1.0 - alone)) if one.read > alone else found


def _lighter(found: Sequence[Alternative], share: float) -> tuple[Alternative, ...]:
    lighter = (replace(other, weight=round(other.weight * share, 4)) for other in found)
    return tuple(other for other in lighter if other.weight >= _WEIGHT_LEAST)


def _numbers(read: str, facts: SiteFacts) -> Callable[[str], str | None]:
    def meaning(text: str) -> str | None:
        value = as_identifier(text, facts.mrn_shapes)
        possible = fits(value, facts.mrn_shapes) if facts.mrn_shapes else shape_of(value) == shape_of(read)
        return value if possible else None

    return meaning


def _birth_dates(facts: SiteFacts) -> Callable[[str], str | None]:
    def meaning(text: str) -> str | None:
        dates = read_dates(text, day_first=facts.day_first, born_before=facts.today)
        return dates[0].isoformat() if dates else None

    return meaning


def _places(raw: str, letters: Sequence[Character]) -> list[tuple[int, Character]]:
    """Each letter and digit of a value with its place in `raw`; none where it is not clear which these are."""
    at = [place for place, char in enumerate(raw) if char.isalnum()]
    text, wanted = "".join(letter.text for letter in letters), "".join(raw[place] for place in at)
    start = text.find(wanted)
    if not wanted or len(text) != len(letters) or start < 0 or text.find(wanted, start + 1) >= 0:
        return []
    return list(zip(at, letters[start : start + len(at)], strict=True))


def likeliest(
    raw: str, places: Sequence[tuple[int, Character]], meaning: Callable[[str], str | None]
) -> tuple[Alternative, ...]:
    """Other values for `raw` by the choices for its digits; `meaning` gives a text's value, None for none possible."""
    chosen, choices = 1.0, []
    for place, letter in places:
        shown = _digits(letter)
        left = max(0.05, 1.0 - sum(shown.values()))
        chosen *= left
        choices += [_Choice(place, digit, share / left) for digit, share in shown.items()]
    if not choices:
        return ()
    read = meaning(raw)
    found: dict[str, float] = {}
    impossible = 0.0 if read is not None else chosen
    for odds, text in _texts(raw, sorted(choices, key=lambda choice: -choice.odds)[:_CHOICES_MOST]):
        means = meaning(text)
        if means is None:
            impossible += chosen * odds
        elif means != read:
            found[means] = found.get(means, 0.0) + chosen * odds
    total = sum(found.values()) + _OTHERWISE * impossible + (chosen if read is not None else 0.0)
    values = [Alternative(value=value, weight=round(share / total, 4)) for value, share in found.items()]
    heavy = [value for value in values if value.weight >= _WEIGHT_LEAST]
    return tuple(sorted(heavy, key=lambda value: (-value.weight, value.value))[:_VALUES_MOST])


def _digits(letter: Character) -> dict[str, float]:
    """The other digits that a digit may be, with the probability of each; letters stand for digits they resemble."""
    read = digits_for_letters(letter.text.upper())
    if not _is_digit(read):
        return {}
    shares: dict[str, float] = {}
    for text, share in letter.alternatives:
        digit = digits_for_letters(text.upper())
        if _is_digit(digit) and digit != read:
            shares[digit] = max(share, shares.get(digit, 0.0))
    return {digit: along(_SHOWN, share) for digit, share in shares.items()}


def _is_digit(text: str) -> bool:
    return len(text) == 1 and text.isdigit() and text.isascii()


def _texts(raw: str, choices: Sequence[_Choice]) -> Iterator[tuple[float, str]]:
    """Every text that a few of the choices make, with its odds against `raw`; likelier choices first."""
    for count in range(1, _DIGITS_MOST + 1):
        for chosen in combinations(choices, count):
            if len({choice.place for choice in chosen}) == count:
                text = list(raw)
                for choice in chosen:
                    text[choice.place] = choice.digit
                yield math.prod(choice.odds for choice in chosen), "".join(text)
