"""Dates on paper that lost or gained a character, so that everybody sees that something is wrong with them.

"Mar 31, 7981", "2/75/1983", "1/7/195l6", "07-SP-1944" mean no date as they stand; "08-1-1990" has lost a digit, for
its month is padded and its day is not. One character put right, each means a few.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from matchers.dates import EARLIEST_YEAR, SHORT_MONTHS, as_digits
from matchers.lettering import fold

_LONGEST_TEXT: Final = 40
_PIECE: Final = re.compile(r"[0-9A-Za-z|!]+")
_BROKEN_OFF: Final = re.compile(r"(?<=[0-9A-Za-z])[.'`](?=[0-9A-Za-z])")
_LATEST_YEAR: Final = 2099
_MONTHS: Final = tuple((number, (f"{number:02}", str(number))) for number in range(1, 13))
_DAYS: Final = tuple((number, (f"{number:02}", str(number))) for number in range(1, 32))


class _Piece(NamedTuple):
    """What one piece of a date means as it stands, and with one character put right."""

    plain: frozenset[int]
    mended: frozenset[int]


@lru_cache(maxsize=8192)
def damaged_dates(text: str) -> frozenset[date]:
    """The dates that a text means with one character put right; none for a text that shows no damage.

    Both centuries of a two-digit year; nothing before 1880 or after 2099. Total.
    """
    pieces = _PIECE.findall(_BROKEN_OFF.sub("", text[:_LONGEST_TEXT]))
    if len(pieces) != 3:  # a run of digits is compared as such
        return frozenset()
    return frozenset(found for order in _orders(pieces) for found in _dates(*order))


def _orders(pieces: list[str]) -> Iterator[tuple[str, str, str]]:
    """(month, day, year), as the pieces may stand."""
    first, second, third = pieces
    if len(third) != 1 and _is_number(third):
        if _is_number(second) or len(first) > 1:
            yield first, second, third
        if not _is_number(second):
            yield second, first, third
    if len(first) > 2 and _is_number(first):
        yield second, third, first


def _dates(month_text: str, day_text: str, year_text: str) -> Iterator[date]:
    month, day, year = _month(month_text), _day(day_text), _year(year_text)
    whole = _combined(month.plain, day.plain, year.plain)
    if any(whole):
        # It is a date: damaged only where one number is padded with a zero and the other has one digit.
        for padded, lone in ((month_text, day_text), (day_text, month_text)):
            if len(padded) == 2 and padded[0] in "0O" and len(lone) == 1:
                fuller = frozenset(n for n in range(10, 32) if as_digits(lone) in str(n))
                yield from _combined(
                    *((fuller, day.plain) if lone is month_text else (month.plain, fuller)), year.plain
                )
        return
    yield from _combined(month.mended, day.plain, year.plain)
    yield from _combined(month.plain, day.mended, year.plain)
    yield from _combined(month.plain, day.plain, year.mended)


def _combined(months: frozenset[int], days: frozenset[int], years: frozenset[int]) -> list[date]:
    found = []
    for year in years:
        for month in months:
            for day in days:
                try:
                    found.append(date(year, month, day))
                except ValueError:
                    continue
    return found


def _month(text: str) -> _Piece:
    if _is_number(text):
        return _number(text, _MONTHS)
    letters = fold(text)
    plain = frozenset((SHORT_MONTHS[letters[:3]],)) if letters[:3] in SHORT_MONTHS else frozenset[int]()
    near = {n for name, n in SHORT_MONTHS.items() if OSA.distance(letters[:4], name, score_cutoff=1) <= 1}
    return _Piece(plain, frozenset(near) - plain)


def _day(text: str) -> _Piece:
    return _number(text, _DAYS) if _is_number(text) else _Piece(frozenset(), frozenset())


def _number(text: str, known: tuple[tuple[int, tuple[str, str]], ...]) -> _Piece:
    digits = as_digits(text)
    plain = frozenset(n for n, forms in known if digits in forms)
    if len(digits) > 3:
        return _Piece(plain, frozenset())
    # Of one digit nothing is left when it was misread.
    near = {n for n, forms in known if any(OSA.distance(digits, f, score_cutoff=1) <= 1 for f in forms if len(f) > 1)}
    return _Piece(plain, frozenset(near) - plain)


def _year(text: str) -> _Piece:
    digits = as_digits(text)
    if len(digits) == 2:
        return _Piece(frozenset((1900 + int(digits), 2000 + int(digits))), frozenset())
    if len(digits) == 4 and EARLIEST_YEAR <= int(digits) <= _LATEST_YEAR:
        return _Piece(frozenset((int(digits),)), frozenset())
    if len(digits) not in (3, 4, 5):
        return _Piece(frozenset(), frozenset())
    years = range(EARLIEST_YEAR, _LATEST_YEAR + 1)
    return _Piece(frozenset(), frozenset(y for y in years if OSA.distance(digits, str(y), score_cutoff=1) <= 1))


def _is_number(text: str) -> bool:
    return as_digits(text).isdigit() and any(c.isdigit() for c in text)
