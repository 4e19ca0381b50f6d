"""Text as words to be found, and what else a page is found by, as words that no page can have.

Promises: the same for what is stored and what is looked for, and on every database, which gets ready-made words;
capitals and accents make no difference; a number or date is the row of its parts ("3/26/2020" is 3, 26, 2020), and
leading zeros count. Marks begin with a private sign that no word has.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta

VERSION = 1  # of words and marks: a store made by another version is made anew
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 60  # characters of a word; more of it is not looked at
_MARK = "\ue000"
_FIRST_YEAR, _LAST_YEAR = 1800, 2299


def words(text: str) -> list[str]:
    """The words of `text`, in order."""
    return [word for word, _, _ in words_with_places(text)]


def words_with_places(text: str) -> Iterator[tuple[str, int, int]]:
    """Each word with where it begins and ends in `text`."""
    for match in _WORD.finditer(text):
        for word in _WORD.findall(folded(match.group())):
            yield word[:_LONGEST], match.start(), match.end()


def folded(text: str) -> str:
    """Without capitals and accents."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def mark_of_patient(mrn: str) -> str:
    """The mark of all pages filed to the patient: the MRN to the letter."""
    return _mark("p", mrn.encode("utf-8", "surrogatepass").hex())


def mark_of_type(type_: str) -> str:
    """The mark of all pages of documents of this type."""
    return _mark("t", type_.encode("utf-8", "surrogatepass").hex())


def marks_of_day(day: date) -> tuple[str, ...]:
    """The marks of a day: its own, its month's, year's, decade's and century's."""
    year = f"{day.year:04d}"
    return tuple(
        _mark(kind, text)
        for kind, text in (
            ("d", day.strftime("%m%d") + year),
            ("m", f"{day.month:02d}{year}"),
            ("y", year),
            ("x", year[:3]),
            ("c", year[:2]),
        )
    )


def marks_of_span(first: date | None, last: date | None) -> tuple[str, ...]:
    """The fewest marks of which each day from `first` to `last` has exactly one; () for an empty span.

    An open end is the year 1800 or 2299.
    """
    day = max(first or date.min, date(_FIRST_YEAR, 1, 1))
    end = min(last or date.max, date(_LAST_YEAR, 12, 31))
    marks: list[str] = []
    while day <= end:
        for kind, (begins, stops) in _rounds(day):
            if begins == day and stops <= end:
                marks.append(marks_of_day(day)["dmyxc".index(kind)])
                day = stops + timedelta(days=1)
                break
    return tuple(marks)


def _rounds(day: date) -> Iterator[tuple[str, tuple[date, date]]]:
    """The century, decade, year, month and day that `day` lies in, longest first."""
    for kind, years in (("c", 100), ("x", 10), ("y", 1)):
        year = day.year - day.year % years
        yield kind, (date(year, 1, 1), date(year + years - 1, 12, 31))
    next_month = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    yield "m", (day.replace(day=1), next_month - timedelta(days=1))
    yield "d", (day, day)


def _mark(kind: str, text: str) -> str:
    return f"{_MARK}{kind}{text}"
