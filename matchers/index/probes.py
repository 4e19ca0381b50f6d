"""A few rows out of millions: the query is expanded, the index asked exactly, the best rows kept.

Probes: MRN and account with all one-edit neighbours; each plausible birth date with its one-digit,
transposed and day-month variants; similar surname with similar given name (former names and parts of
double names included); phone; SSN digits; house number with ZIP. A cheap score orders the union.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from matchers.dates import LATEST_BIRTH, date_digits, read_dates
from matchers.givennames import nicknames_of
from matchers.index.build import house_key, pair_keys
from matchers.index.dictionary import NameDictionary
from matchers.index.keys import (
    KeyTable,
    damaged_date_keys,
    date_key,
    date_neighbours,
    hash_texts,
    number_key,
    number_neighbours,
)
from matchers.index.segment import Array, Segment
from matchers.names import parse_name
from matchers.numbers import normalise_identifier, normalise_phone, normalise_ssn4, spellings
from matchers.patient import Identifiers, Reading
from matchers.population import Population, plausible_mrn

_MOST_READINGS: Final = 6
_MOST_OF_A_KEY: Final = 400
_MOST_PAIR_ROWS: Final = 4000
_MOST_NAMES: Final = 24
_FEWEST: Final = 12
_SHARE_OF_BEST: Final = 0.4
# Points of the cheap score; near bits, but only their order matters.
_NUMBER, _NUMBER_NEAR, _DATE, _DATE_NEAR, _DATE_APART = 20.0, 9.0, 12.0, 5.0, -3.0
_SURNAME, _GIVEN, _PHONE, _SSN, _HOUSE = 9.0, 7.0, 9.0, 8.0, 8.0


@dataclass(slots=True)
class Hits:
    """Rows found by one kind of probe, with points; the best points of a row count."""

    rows: Array
    points: Array

    @classmethod
    def of(cls, found: Iterable[tuple[Array, float | Array]]) -> Hits:
        """The union of several finds, best points first."""
        parts = [(rows, np.broadcast_to(np.float32(points), rows.shape)) for rows, points in found]
        if not parts:
            return cls(np.empty(0, np.uint32), np.empty(0, np.float32))
        rows = np.concatenate([part[0] for part in parts])
        points = np.concatenate([part[1] for part in parts])
        order = np.argsort(-points, kind="stable")
        rows, first = np.unique(rows[order], return_index=True)
        return cls(rows, points[order][first])


@dataclass(frozen=True, slots=True)
class Likeness:
    """Names near the ones read: numbers in ascending order and their likeness 0..1."""

    numbers: Array
    scores: Array

    @classmethod
    def of(cls, found: dict[int, float]) -> Likeness:
        """From number to likeness."""
        numbers = np.array(sorted(found), np.uint32)
        return cls(numbers, np.array([found[n] for n in numbers.tolist()], np.float32))

    def score(self, numbers: Array) -> Array:
        """The likeness of each number, 0 for those that are not near."""
        if not len(self.numbers):
            return np.zeros(len(numbers), np.float32)
        at = np.minimum(np.searchsorted(self.numbers, numbers), len(self.numbers) - 1)
        return np.where(self.numbers[at] == numbers, self.scores[at], np.float32(0))


class Probes:
    """The tables of one segment and the questions they answer. Stateless; safe to share."""

    def __init__(self, segment: Segment, population: Population) -> None:
        self._population = population
        self._row_surname = segment.array("row_surname")
        self._row_given = segment.array("row_given")
        self._row_date = segment.array("row_date")
        self.surnames = NameDictionary.of(segment, "surname")
        self.givens = NameDictionary.of(segment, "given")
        self.pairs = KeyTable.of(segment, "pair")
        self.dates = KeyTable.of(segment, "date")
        self.mrns = KeyTable.of(segment, "mrn")
        self.accounts = KeyTable.of(segment, "account")
        self._phones = KeyTable.of(segment, "phone")
        self._houses = KeyTable.of(segment, "house")
        self._ssn4s = KeyTable.of(segment, "ssn4")

    def rows(self, identifiers: Identifiers, *, most: int) -> Array:
        """The likeliest rows, best first: at most `most`, but never without owners of exact numbers."""
        owners, rows, points = self.scored(identifiers)
        if not len(rows):
            return rows
        order = np.lexsort((rows, -points))
        enough = max(_FEWEST, int(np.count_nonzero(points >= points.max() * _SHARE_OF_BEST)))
        best = rows[order[: min(most, enough)]]
        missed = owners[~np.isin(owners, best)]
        return np.concatenate([best, missed])

    def scored(self, identifiers: Identifiers) -> tuple[Array, Array, Array]:
        """(rows that own an exact number, all rows found, their points)."""
        mrns = [plausible_mrn(self._population, text) for text in _values(identifiers.mrns)]
        accounts = [normalise_identifier(text) for text in _values(identifiers.account_numbers)]
        owners = [self._owners(table, mrns + accounts) for table in (self.mrns, self.accounts)]
        surnames, givens, pairs = self._names(identifiers.names)
        dates, near_dates = _date_keys(identifiers.birth_dates)
        kinds = [
            Hits.of(self._number(self.mrns, mrns, accounts)),
            Hits.of(self._number(self.accounts, accounts, mrns)),
            Hits.of(self._phone(identifiers.phones)),
            Hits.of(self._ssn(identifiers.ssn_last4s)),
            Hits.of(self._house(identifiers)),
        ]
        by_date = [self.dates.find(keys, most=_MOST_OF_A_KEY)[0] for keys in (dates, near_dates)]
        unscored = Hits.of((rows, 0.0) for rows in (*by_date, pairs.rows))
        rows, inverse = np.unique(np.concatenate([*(kind.rows for kind in kinds), unscored.rows]), return_inverse=True)
        if not len(rows):
            return rows, rows, np.empty(0, np.float32)
        points = np.concatenate([*(kind.points for kind in kinds), unscored.points])
        total = np.bincount(inverse.reshape(-1), weights=points, minlength=len(rows))
        total += self._name_points(rows, surnames, givens, pairs) + self._date_points(rows, dates, near_dates)
        return np.unique(np.concatenate(owners)), rows, total

    # -- numbers

    def _owners(self, table: KeyTable, numbers: Sequence[str]) -> Array:
        return table.find(hash_texts([number_key(n) for n in numbers if n]), most=_MOST_OF_A_KEY)[0]

    def _number(
        self, table: KeyTable, own: Sequence[str], misplaced: Sequence[str]
    ) -> list[tuple[Array, float | Array]]:
        exact = [number_key(form) for number in (*own, *misplaced) if number for form in spellings(number)]
        near = [
            number_key(near)
            for number in own
            if len(number) > 4
            for form in spellings(number)[:2]
            for near in number_neighbours(form)
        ]
        found: list[tuple[Array, float | Array]] = []
        for keys, points in ((exact, _NUMBER), (near, _NUMBER_NEAR)):
            if keys:
                found.append((table.find(hash_texts(keys), most=_MOST_OF_A_KEY)[0], points))
        return found

    def _phone(self, readings: Sequence[Reading]) -> list[tuple[Array, float | Array]]:
        phones = [phone[-7:] for phone in map(normalise_phone, _values(readings)) if phone]
        return [(self._phones.find(hash_texts(phones), most=_MOST_OF_A_KEY)[0], _PHONE)] if phones else []

    def _ssn(self, readings: Sequence[Reading]) -> list[tuple[Array, float | Array]]:
        keys = [int(ssn4) for ssn4 in map(normalise_ssn4, _values(readings)) if ssn4]
        return [(self._ssn4s.find(np.array(keys, np.uint16), most=2000)[0], _SSN)] if keys else []

    def _house(self, identifiers: Identifiers) -> list[tuple[Array, float | Array]]:
        pairs = [(a, z) for a in _values(identifiers.addresses) for z in _values(identifiers.zips)]
        keys = [key for key in (house_key(*pair) for pair in pairs) if key]
        return [(self._houses.find(hash_texts(keys), most=_MOST_OF_A_KEY)[0], _HOUSE)] if keys else []

    # -- names

    def _names(self, readings: Sequence[Reading]) -> tuple[Likeness, Likeness, Hits]:
        surnames: dict[int, float] = {}
        givens: dict[int, float] = {}
        found: list[tuple[Array, float | Array]] = []
        hypotheses = [name for text in _values(readings) for name in parse_name(text)]
        near_surnames = {s: self._near_surnames(s) for s in {name.surname for name in hypotheses}}
        near_givens = {g: self._near_givens(g) for g in {name.given for name in hypotheses}}
        for surname, given in dict.fromkeys((name.surname, name.given) for name in hypotheses):
            _merge(surnames, near_surnames[surname])
            _merge(givens, near_givens[given])
            found.append(self._pair_rows(near_surnames[surname], near_givens[given], given))
        return Likeness.of(surnames), Likeness.of(givens), Hits.of(found)

    def _near_surnames(self, surname: str) -> tuple[tuple[int, float], ...]:
        return self.surnames.similar(surname)[:_MOST_NAMES] if surname else ()

    def _near_givens(self, given: str) -> tuple[tuple[int, float], ...]:
        if len(given) < 2:
            return ()
        near = self.givens.similar(given)[:_MOST_NAMES]
        short = [(self.givens.number(nickname), 0.8) for nickname in sorted(nicknames_of(given))]
        return (*near, *((number, score) for number, score in short if number is not None))

    def _pair_rows(
        self,
        families: Sequence[tuple[int, float]],
        firsts: Sequence[tuple[int, float]],
        given: str,
    ) -> tuple[Array, Array]:
        if families and firsts:
            surname = np.array([number for number, _ in families], np.uint32)
            first = np.array([number for number, _ in firsts], np.uint32)
            keys = pair_keys(np.repeat(surname, len(first)), np.tile(first, len(surname)))
            points = np.add.outer([_SURNAME * s for _, s in families], [_GIVEN * s for _, s in firsts]).reshape(-1)
            order = np.argsort(-points, kind="stable")
            rows, which = self.pairs.find(keys[order], most=_MOST_PAIR_ROWS)
            return rows[:_MOST_PAIR_ROWS], points[order][which][:_MOST_PAIR_ROWS].astype(np.float32)
        rows_of = [self._surname_rows(number, given) for number, score in families if score >= 0.9 and len(given) < 2]
        rows = np.concatenate(rows_of) if rows_of else np.empty(0, np.uint32)
        return rows[:_MOST_PAIR_ROWS], np.full(min(len(rows), _MOST_PAIR_ROWS), _SURNAME, np.float32)

    def _surname_rows(self, number: int, initial: str) -> Array:
        firsts = self.givens.beginning(initial) if initial else range(len(self.givens))
        bounds = np.array([number << 32 | firsts.start, number << 32 | firsts.stop], np.uint64)
        start, stop = np.searchsorted(self.pairs.keys, bounds)
        rows: Array = self.pairs.rows[start : min(stop, start + _MOST_PAIR_ROWS)]
        return rows

    # -- points

    def _name_points(self, rows: Array, surnames: Likeness, givens: Likeness, pairs: Hits) -> Array:
        by_name = _SURNAME * surnames.score(self._row_surname[rows]) + _GIVEN * givens.score(self._row_given[rows])
        if len(pairs.rows):
            at = np.minimum(np.searchsorted(pairs.rows, rows), len(pairs.rows) - 1)
            by_name = np.maximum(by_name, np.where(pairs.rows[at] == rows, pairs.points[at], np.float32(0)))
        return by_name

    def _date_points(self, rows: Array, dates: Array, near_dates: Array) -> Array:
        if not len(dates) and not len(near_dates):
            return np.zeros(len(rows), np.float32)
        born = self._row_date[rows]
        near = np.where(np.isin(born, near_dates), _DATE_NEAR, _DATE_APART)
        return np.where(np.isin(born, dates), _DATE, near)


def _date_keys(readings: Sequence[Reading]) -> tuple[Array, Array]:
    exact: set[int] = set()
    near: set[int] = set()
    for text in _values(readings):
        dates = read_dates(text, born_before=LATEST_BIRTH)
        for value in dates:
            exact.add(date_key(value))
            near.update(date_neighbours(value))
        if not dates:
            near.update(damaged_date_keys(date_digits(text)))
    return np.array(sorted(exact), np.int32), np.array(sorted(near - exact), np.int32)


def _values(readings: Sequence[Reading]) -> list[str]:
    return [reading.value for reading in readings[:_MOST_READINGS]]


def _merge(known: dict[int, float], found: Sequence[tuple[int, float]]) -> None:
    for number, score in found:
        known[number] = max(score, known.get(number, 0.0))
