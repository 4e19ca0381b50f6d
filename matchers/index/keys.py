"""Keys of the index: texts to 64-bit hashes, sorted tables of keys, and what is one edit away.

The index stays exact; the query is expanded. Hash collisions only add candidates, which the
comparison then refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final

import numpy as np

from matchers.damaged_dates import damaged_dates
from matchers.dates import LATEST_BIRTH, date_digits
from matchers.index.segment import Array, Segment
from matchers.lookalikes import fold_lookalikes
from matchers.numbers import without_leading_zeros

_MULTIPLIER: Final = np.uint64(0x100000001B3)
_MIX: Final = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_LONGEST_KEY: Final = 40
_LONGEST_DELETED: Final = 14
"""Letters of a name from whose deletions keys are made; what follows counts for less."""
_LONG_NAME: Final = 5
_EARLIEST_YEAR: Final = 1880
_PIECE: Final = re.compile(r"[0-9A-Za-z|]+")
_LONE_DIGIT: Final = re.compile(r"(?<![0-9])[1-9](?![0-9])")
_AGAINST_CUSTOM: Final = re.compile(r"[^0-9]*(?:1[3-9]|[23][0-9])[^0-9]")
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def hash_texts(texts: Sequence[str]) -> Array:
    """64-bit hashes, the same in every process and on every machine; texts count to 40 bytes."""
    if not texts:
        return np.empty(0, np.uint64)
    encoded = np.array([text.encode()[:_LONGEST_KEY] for text in texts], dtype=np.bytes_)
    width = max(1, encoded.dtype.itemsize)
    return _hash_matrix(encoded.astype(f"S{width}").view(np.uint8).reshape(len(texts), width))


def _hash_matrix(matrix: Array) -> Array:
    value = np.full(len(matrix), 0xCBF29CE484222325, np.uint64)
    for column in matrix.T:
        stirred = (value ^ column.astype(np.uint64)) * _MULTIPLIER
        value = np.where(column == 0, value, stirred)
    value ^= value >> np.uint64(30)
    value *= _MIX[0]
    value ^= value >> np.uint64(27)
    value *= _MIX[1]
    return value ^ (value >> np.uint64(31))


def deletions(name: str) -> tuple[str, ...]:
    """A folded name and what is left of it without one letter, or two where it is long."""
    head = fold_lookalikes(name)[:_LONGEST_DELETED]
    found = {head, *(head[:at] + head[at + 1 :] for at in range(len(head)))}
    if len(head) > _LONG_NAME:
        found.update(head[:a] + head[a + 1 : b] + head[b + 1 :] for a, b in combinations(range(len(head)), 2))
    return tuple(filter(None, found))


def deletion_keys(names: Sequence[str]) -> tuple[Array, Array]:
    """Hashes of all deletions of all names, and for each the name's number; unsorted."""
    if not names:
        return np.empty(0, np.uint64), np.empty(0, np.uint32)
    heads = [fold_lookalikes(name)[:_LONGEST_DELETED].encode()[:_LONGEST_KEY] for name in names]
    lengths = np.array([len(head) for head in heads])
    encoded = np.array(heads, dtype=f"S{max(2, int(lengths.max()))}")
    matrix = encoded.view(np.uint8).reshape(len(names), -1)
    numbers = np.arange(len(names), dtype=np.uint32)
    keys, owners = [_hash_matrix(matrix)], [numbers]
    width = min(matrix.shape[1], _LONGEST_DELETED)
    gaps = [(at,) for at in range(width)] + list(combinations(range(width), 2))
    for gap in gaps:
        least = max(gap[-1] + 1, 2 if len(gap) == 1 else _LONG_NAME + 1)
        rows = np.flatnonzero(lengths >= least)
        if len(rows):
            keys.append(_hash_matrix(np.delete(matrix[rows], gap, axis=1)))
            owners.append(numbers[rows])
    return np.concatenate(keys), np.concatenate(owners)


def number_key(identifier: str) -> str:
    """What an MRN or account number is looked up by: careless clerks drop leading zeros."""
    return without_leading_zeros(identifier)


def number_neighbours(identifier: str) -> tuple[str, ...]:
    """Every number one edit away: another digit, one too many or too few, two swapped."""
    found: set[str] = set()
    for at in range(len(identifier) + 1):
        head, tail = identifier[:at], identifier[at:]
        found.update(head + digit + tail for digit in "0123456789")
        if tail:
            found.update(head + digit + tail[1:] for digit in "0123456789")
            found.add(head + tail[1:])
        if len(tail) > 1:
            found.add(head + tail[1] + tail[0] + tail[2:])
    found.discard(identifier)
    found.discard("")
    return tuple(sorted(found))


def date_key(value: date) -> int:
    """A date as the number yyyymmdd."""
    return value.year * 10000 + value.month * 100 + value.day


def date_neighbours(value: date) -> tuple[int, ...]:
    """Keys of dates that one misread digit, two swapped digits or swapped day and month turn into it."""
    text = f"{value.year:04}{value.month:02}{value.day:02}"
    return tuple(sorted({k for k in _date_edits(text) if k != date_key(value)}))


def near_date_keys(text: str, dates: Sequence[date]) -> tuple[int, ...]:
    """Keys of all dates that a printed one may have been meant for, the `dates` it was read as left out.

    Near each of these stand the dates one slip away; a digit may also have got lost where day and month have no
    leading zeros, and a text that is a date against the custom, or none, may be a damaged one.
    """
    near = {key for value in dates for key in (*date_neighbours(value), *_fuller_dates(text, value))}
    near.update(map(date_key, damaged_dates(text)))
    if not dates or _AGAINST_CUSTOM.match(text):
        near.update(damaged_date_keys(text))
    return tuple(sorted(near - {date_key(value) for value in dates}))


def _fuller_dates(text: str, read: date) -> Iterable[int]:
    """ "8/2/1993" may have been 8/23/1993, "1/5/1993" 11/5/1993."""
    alone = {int(piece) for piece in _LONE_DIGIT.findall(text)}
    months = _with_another_digit(read.month, 12) if read.month in alone else ()
    days = _with_another_digit(read.day, 31) if read.day in alone else ()
    yield from (read.year * 10000 + month * 100 + read.day for month in months)
    yield from (read.year * 10000 + read.month * 100 + day for day in days)


def _with_another_digit(digit: int, most: int) -> tuple[int, ...]:
    return tuple(n for n in range(10, most + 1) if str(digit) in str(n))


def damaged_date_keys(text: str) -> tuple[int, ...]:
    """Dates that a text without a date may have been: one digit corrected, a month's name with one wrong
    letter, a year that lost a digit, or a day or month that cannot be read at all."""
    digits = date_digits(text)
    found = set(_dates_with_a_gap(text))
    if len(digits) == 8:
        found.update((*_date_edits(digits[4:] + digits[:4]), *_date_edits(digits)))
    elif len(digits) == 6 and len(_PIECE.findall(text[:40])) == 3:
        for century in ("19", "20"):
            found.update(_date_edits(century + digits[4:] + digits[:4]))
            found.update(_date_edits(century + digits[4:] + digits[2:4] + digits[:2]))
    return tuple(sorted(found))


def _dates_with_a_gap(text: str) -> Iterable[int]:
    pieces = _PIECE.findall(text[:40])
    years = [piece for piece in pieces if len(piece) in (3, 4) and piece.isdigit() and _years_for(piece)]
    if len(pieces) != 3 or len(years) != 1:
        return
    first, second = (piece for piece in pieces if piece is not years[0])
    whole = len(years[0]) == 4
    for month_text, day_text in ((first, second), (second, first)):
        months, days = _months(month_text), _days(day_text)
        if (months or days) if whole else (months and days):
            for year in _years_for(years[0]):
                for month in months or range(1, 13):
                    for day in days or range(1, 32):
                        yield year * 10000 + month * 100 + day


def _years_for(piece: str) -> tuple[int, ...]:
    """A year as it stands, or all that one of three digits may have been."""
    if len(piece) == 4:
        return (int(piece),) if _is_year(int(piece)) else ()
    fuller = {int(piece[:at] + digit + piece[at:]) for at in range(4) for digit in "0123456789"}
    return tuple(sorted(year for year in fuller if _is_year(year)))


def _months(text: str) -> list[int]:
    if text.isdigit():
        return [int(text)] if 1 <= int(text) <= 12 else []
    start = text[:3].upper()
    if len(start) < 3:
        return []
    return [n for n, name in enumerate(_MONTHS, start=1) if sum(a != b for a, b in zip(start, name, strict=False)) <= 1]


def _days(text: str) -> list[int]:
    return [int(text)] if text.isdigit() and 1 <= int(text) <= 31 else []


def _is_year(year: int) -> bool:
    return _EARLIEST_YEAR <= year <= LATEST_BIRTH.year


def _date_edits(text: str) -> Iterable[int]:
    edits = [text[:4] + text[6:] + text[4:6]]
    edits += [text[:at] + digit + text[at + 1 :] for at in range(8) for digit in "0123456789"]
    edits += [text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in range(7)]
    for edit in edits:
        year, month, day = int(edit[:4]), int(edit[4:6]), int(edit[6:])
        if _EARLIEST_YEAR <= year <= LATEST_BIRTH.year and 1 <= month <= 12 and 1 <= day <= 31:
            yield int(edit)


@dataclass(frozen=True, slots=True)
class KeyTable:
    """Sorted keys with one row each; a key may stand many times."""

    keys: Array
    rows: Array

    @classmethod
    def build(cls, keys: Array, rows: Array) -> KeyTable:
        """A table of unsorted pairs; equal keys keep their rows in ascending order."""
        order = np.lexsort((rows, keys))
        return cls(keys[order], rows[order])

    @classmethod
    def of(cls, segment: Segment, name: str) -> KeyTable:
        """The table stored under a name."""
        return cls(segment.array(f"{name}_keys"), segment.array(f"{name}_rows"))

    def arrays(self, name: str) -> dict[str, Array]:
        """The table as named arrays to store."""
        return {f"{name}_keys": self.keys, f"{name}_rows": self.rows}

    def find(self, keys: Array, *, most: int) -> tuple[Array, Array]:
        """(rows, position in `keys` of the key that found each), at most `most` rows for one key."""
        # Of one dtype: numpy would else copy the whole table for each call.
        keys = keys.astype(self.keys.dtype, copy=False)
        if not len(keys) or not len(self.keys):
            return np.empty(0, np.uint32), np.empty(0, np.int64)
        # In order, so that one search warms the cache for the next; most keys of an expanded query are nobody's.
        order = np.argsort(keys)
        wanted = keys[order]
        first = np.searchsorted(self.keys, wanted, side="left")
        there = np.flatnonzero(self.keys[np.minimum(first, len(self.keys) - 1)] == wanted)
        if not len(there):
            return np.empty(0, np.uint32), np.empty(0, np.int64)
        counts = np.searchsorted(self.keys, wanted[there], side="right") - first[there]
        asked = np.argsort(order[there])
        hit, first = order[there][asked], first[there][asked]
        counts = np.minimum(counts[asked], most)
        ends = np.cumsum(counts)
        at = np.arange(ends[-1]) - np.repeat(ends - counts, counts) + np.repeat(first, counts)
        return self.rows[at], np.repeat(hit, counts)

    def count(self, key: int) -> int:
        """How many rows have the key."""
        wanted = np.array([key], dtype=self.keys.dtype)
        left = np.searchsorted(self.keys, wanted, side="left")
        return int((np.searchsorted(self.keys, wanted, side="right") - left)[0])
