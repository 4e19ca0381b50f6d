"""Dates as printed on paper: every plausible reading, likeliest first.

Reads the forms of US charts (04/07/1962, 4-7-62, 04.07.1962, April 7, 1962, 07-APR-1962, 1962-04-07,
19620407, 04071962), with the letters that OCR puts for digits and the digits it puts for letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from matchers.lettering import fold
from matchers.lookalikes import look_alike

LATEST_BIRTH: Final = date(2099, 12, 31)
"""`born_before` for callers that have no clock: both centuries of a two-digit year stay readings."""

EARLIEST_YEAR: Final = 1880
_LONGEST_TEXT: Final = 64
_MONTHS: Final = (
    "JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE",
    "JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER",
)  # fmt: skip
SHORT_MONTHS: Final = {"SEPT": 9, **{name[:3]: number for number, name in enumerate(_MONTHS, 1)}}
"""The number of a month by its short name in capitals."""
_AS_LETTERS: Final = str.maketrans("015|!", "OLSLL")
_AS_DIGITS: Final = str.maketrans("OoQDIl|!iZzSsBGbqgTA", "00001111122558669974")
_SLASHES: Final = r"[/\-.,\\–—:_ ]"
_NUMERIC: Final = re.compile(
    rf"(?<![0-9lI|!])([0-9]{{1,4}})\s*{_SLASHES}\s*([0-9]{{1,2}})\s*{_SLASHES}\s*([0-9]{{4}}(?![0-9])|[0-9]{{2}}(?![0-9A-Za-z]))"
)
_RUN: Final = re.compile(r"(?<![0-9/.\-])[0-9]{6,10}(?![0-9])")
_WORD_DATE: Final = re.compile(r"[0-9A-Za-z|!]+")
_TOKEN: Final = re.compile(r"[0-9OoQDIl|!iZzSsBGbqgTA/\-.,\\–—:_]+")
_WORD: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:[A-Za-z]{3,}|[CEFHJKLMNPRUVWXY][A-Za-z]|[A-Za-z][CEFHJKLMNPRUVWXY])(?![0-9A-Za-z])"
)
# Separators that OCR lost or took for letters: tried when nothing plainer fits.
_SMUDGED: Final = (
    re.compile(r"(?<![0-9])([0-9]{1,2})[^0-9]{1,3}([0-9]{1,2})[^0-9]{1,3}((?:18|19|20)[0-9]{2})(?![0-9])"),
    re.compile(r"(?<![0-9])([0-9]{2})[^0-9]{0,3}([0-9]{2})[^0-9]{0,3}((?:18|19|20)[0-9]{2})(?![0-9])"),
)
_SMUDGED_ISO: Final = re.compile(r"(?<![0-9])((?:18|19|20)[0-9]{2})[^0-9]{0,3}([0-9]{2})[^0-9]{0,3}([0-9]{2})(?![0-9])")
_BAR_AS_ONE: Final = re.compile(r"([0-9]{2})[17]([0-9]{2})[17]([0-9]{4})")


def read_dates(text: str, *, day_first: bool = False, born_before: date) -> tuple[date, ...]:
    """The dates that `text` may mean, likeliest first; () when it means none.

    Never later than `born_before`, never before 1880. A two-digit year gives the later century
    first, then the earlier. Where month and day could both be either, the site's custom decides
    (`day_first`); the swap is a comparison level, not a reading. Text round the date is passed over.
    """
    found: list[date] = []
    for year, month, day in _readings(text[:_LONGEST_TEXT], day_first):
        for full in _years(year):
            try:
                reading = date(full, month, day)
            except ValueError:
                continue
            if reading <= born_before and reading not in found:
                found.append(reading)
    return tuple(found)


@lru_cache(maxsize=8192)
def _readings(text: str, day_first: bool) -> tuple[tuple[str, int, int], ...]:
    """(year as read, month, day) of the first form that fits."""
    for form in (_named_month, _separated, _run_together, _smudged):
        readings = tuple(form(text, day_first))
        if readings:
            return readings
    return ()


def _years(year: str) -> tuple[int, ...]:
    if len(year) == 4:
        return (int(year),) if int(year) >= EARLIEST_YEAR else ()
    return 2000 + int(year), 1900 + int(year)


def _named_month(text: str, _day_first: bool) -> Iterator[tuple[str, int, int]]:
    words = _WORD_DATE.findall(re.sub(r"(?<=[0-9])(?=[A-Za-z]{3})|(?<=[A-Za-z]{3})(?=[0-9]{2})", " ", text))
    for at, word in enumerate(words):
        month = _month(word)
        if month is None:
            continue
        before, after = _number(words[at - 1] if at else ""), [_number(w) for w in words[at + 1 : at + 3]]
        if before and 1 <= len(before) <= 2 and after and after[0] and len(after[0]) in (2, 4):
            yield after[0], month, int(before)  # 7 April 1962
        elif len(after) == 2 and after[0] and after[1] and len(after[0]) <= 2 and len(after[1]) in (2, 4):
            yield after[1], month, int(after[0])  # April 7, 1962
        elif before and len(before) == 4 and after and after[0] and len(after[0]) <= 2:
            yield before, month, int(after[0])  # 1962 APR 07


def _number(word: str) -> str | None:
    plain = re.sub(r"(?i)(?<=[0-9])(ST|ND|RD|TH)$", "", word) if len(word) > 2 else word
    known = [c for c in plain if c.isdigit() and c.isascii()]
    digits = plain.translate(_AS_DIGITS)
    if known and digits.isascii() and digits.isdigit() and len(digits) in (1, 2, 4):
        return digits
    # A comma or blank taken for a letter sticks to the number: "26B 1997", "H2001".
    return "".join(known) if len(known) in (1, 2, 4) and len(plain) - len(known) == 1 else None


def _month(word: str) -> int | None:
    letters = fold(word.translate(_AS_LETTERS))
    if len(letters) < 3 or not any(c.isalpha() for c in word):
        return None
    for form in (letters, letters.replace("L", "I"), letters.replace("I", "L")):
        if form in SHORT_MONTHS:
            return SHORT_MONTHS[form]
        if form in _MONTHS:
            return _MONTHS.index(form) + 1
    if len(letters) == 3:
        return _look_alike_month(letters)
    # A stop, comma or stroke taken for a letter, before, behind or among the others.
    parts = [letters[:3], letters[-3:], letters[1:4], letters[0] + letters[-2:], letters[:2] + letters[-1:]]
    for part in parts if len(letters) < 6 else ():
        if part in SHORT_MONTHS:
            return SHORT_MONTHS[part]
    near = [
        number
        for number, name in enumerate(_MONTHS, 1)
        if OSA.distance(letters, name, score_cutoff=2) <= (2 if len(name) > 6 else 1)
    ]
    return near[0] if len(near) == 1 else None


def _look_alike_month(letters: str) -> int | None:
    """The only month whose short name looks the same but for one letter."""
    found = {
        number
        for name, number in SHORT_MONTHS.items()
        if len(name) == 3 and [look_alike(a, b) for a, b in zip(letters, name, strict=True) if a != b] == [True]
    }
    return found.pop() if len(found) == 1 else None


def _separated(text: str, day_first: bool) -> Iterator[tuple[str, int, int]]:
    for candidate in (text, _digits_for_letters(text)):
        for match in _NUMERIC.finditer(candidate):
            first, second, third = match.groups()
            if len(first) == 4:
                if len(third) == 2 and _is_day(second, third):
                    yield first, int(second), int(third)
            elif len(first) <= 2:
                yield from _ordered(first, second, third, day_first)
        if _NUMERIC.search(candidate):
            return


def as_digits(piece: str) -> str:
    """The piece with the letters that OCR puts for digits turned back."""
    return piece.translate(_AS_DIGITS)


def _digits_for_letters(text: str) -> str:
    # Only inside pieces that hold a digit already: a word stays a word, and a damaged month is one.
    at, parts = 0, []
    for word in _WORD.finditer(text):
        parts += [_TOKEN.sub(_token_as_digits, text[at : word.start()]), word.group()]
        at = word.end()
    return "".join((*parts, _TOKEN.sub(_token_as_digits, text[at:])))


def _token_as_digits(match: re.Match[str]) -> str:
    token = match.group()
    return token.translate(_AS_DIGITS) if sum(c.isdigit() for c in token) >= 2 else token


def _ordered(first: str, second: str, year: str, day_first: bool) -> Iterator[tuple[str, int, int]]:
    month, day = (second, first) if day_first else (first, second)
    if _is_day(month, day):
        yield year, int(month), int(day)
    elif _is_day(day, month):
        yield year, int(day), int(month)


def _is_day(month: str, day: str) -> bool:
    return 1 <= int(month) <= 12 and 1 <= int(day) <= 31


def _run_together(text: str, day_first: bool) -> Iterator[tuple[str, int, int]]:
    for match in _RUN.finditer(_digits_for_letters(text)):
        run = match.group()
        if len(run) == 8:
            if run[:2] in ("18", "19", "20") and _is_day(run[4:6], run[6:]):
                yield run[:4], int(run[4:6]), int(run[6:])
            yield from _ordered(run[:2], run[2:4], run[4:], day_first)
        elif len(run) == 6:
            yield from _ordered(run[:2], run[2:4], run[4:], day_first)
        elif bar := _BAR_AS_ONE.fullmatch(run):  # the strokes between were read as ones
            yield from _ordered(bar[1], bar[2], bar[3], day_first)


def _smudged(text: str, day_first: bool) -> Iterator[tuple[str, int, int]]:
    for candidate in (text, _digits_for_letters(text)):
        for pattern in _SMUDGED:
            for match in pattern.finditer(candidate):
                first, second, year = match.groups()
                yield from _ordered(first, second, year, day_first)
        for match in _SMUDGED_ISO.finditer(candidate):
            year, month, day = match.groups()
            if _is_day(month, day):
                yield year, int(month), int(day)


def date_digits(text: str) -> str:
    """The digits of a date that has no plausible reading, OCR letters as digits: for a near miss."""
    return "".join(c for c in _digits_for_letters(text[:_LONGEST_TEXT]) if c.isascii() and c.isdigit())
