"""A few rows out of millions: the index asked exactly with an expanded query, the best rows kept.

A cheap score orders the union of what the probes find; its points are near bits, but only their order
matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from matchers.index.build import pair_keys
from matchers.index.dictionary import NameDictionary
from matchers.index.keys import KeyTable
from matchers.index.layer import Layer
from matchers.index.queries import Expansion, NameQuery, NumberQuery
from matchers.index.segment import Array

_MOST_OF_A_KEY: Final = 400
_MOST_OF_A_DATE: Final = 20_000
_MOST_OF_AN_SSN4: Final = 2000
_MOST_PAIR_ROWS: Final = 4000
_MOST_NAMES: Final = 24
_LEAST_LIKE: Final = 1.15
"""Of the likenesses of family and given name together: two edits in both find nobody that is meant."""
_NUMBER, _NUMBER_NEAR, _DATE, _DATE_NEAR, _DATE_APART = 20.0, 9.0, 12.0, 5.0, -3.0
_SURNAME, _GIVEN, _PHONE, _SSN, _HOUSE = 9.0, 7.0, 9.0, 8.0, 8.0
_NO_ROWS: Final = np.empty(0, np.uint32)
_NO_POINTS: Final = np.empty(0, np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Rows of one layer with their points; `owners` marks those that own a number as printed."""

    rows: Array
    points: Array
    owners: Array


@dataclass(frozen=True, slots=True)
class Hits:
    """Rows found by one kind of probe, each once, with its best points."""

    rows: Array
    points: Array

    @classmethod
    def of(cls, rows: Array, points: Array) -> Hits:
        """From finds in any order."""
        if len(rows) < 2:
            return cls(rows, points)
        order = np.lexsort((-points, rows))
        rows, points = rows[order], points[order]
        first = np.concatenate(([True], rows[1:] != rows[:-1]))
        return cls(rows[first], points[first])


@dataclass(frozen=True, slots=True)
class Likeness:
    """Names near the ones read: numbers in ascending order and their likeness 0..1."""

    numbers: Array
    scores: Array

    @classmethod
    def of(cls, found: dict[int, float]) -> Likeness:
        """From number to likeness."""
        numbers = np.array(sorted(found), np.uint32)
        return cls(numbers, np.array([found[n] for n in numbers.tolist()], np.float64))

    def score(self, numbers: Array) -> Array:
        """The likeness of each number, 0 for those that are not near."""
        if not len(self.numbers):
            return np.zeros(len(numbers), np.float64)
        at = np.minimum(np.searchsorted(self.numbers, numbers), len(self.numbers) - 1)
        return np.where(self.numbers[at] == numbers, self.scores[at], 0.0)


def probe(layer: Layer, asked: Expansion) -> Found:
    """Every row of the layer that something on the paper leads to."""
    surnames = _near(layer.surnames, asked.surnames)
    givens = _near(layer.givens, asked.givens)
    pairs = _pairs(layer, asked.pairs, surnames, givens)
    likeness = _merged(surnames), _merged(givens)
    mrn_owners, mrns = _numbers(layer.mrns, asked.mrns)
    account_owners, accounts = _numbers(layer.accounts, asked.accounts)
    kinds = [
        mrns,
        accounts,
        _plain(layer.phones, asked.phones, _PHONE, _MOST_OF_A_KEY),
        _plain(layer.houses, asked.houses, _HOUSE, _MOST_OF_A_KEY),
        _plain(layer.ssn4s, asked.ssn4s, _SSN, _MOST_OF_AN_SSN4),
    ]
    born = _born(layer, asked, likeness)
    rows, inverse = np.unique(np.concatenate([*(k.rows for k in kinds), born, pairs.rows]), return_inverse=True)
    owners = np.concatenate((mrn_owners, account_owners))
    if not layer.whole:
        owners = owners[layer.present(owners)]
    if not len(rows):
        return Found(rows=_NO_ROWS, points=_NO_POINTS, owners=np.empty(0, bool))
    points = np.concatenate([*(k.points for k in kinds), np.zeros(len(born) + len(pairs.rows))])
    total = np.bincount(inverse.reshape(-1), weights=points, minlength=len(rows))
    total += _name_points(layer, rows, likeness, pairs) + _date_points(layer.row_date[rows], asked)
    owned = np.isin(rows, owners) if len(owners) else np.zeros(len(rows), bool)
    if not layer.whole:
        stays = layer.present(rows)
        rows, total, owned = rows[stays], total[stays], owned[stays]
    return Found(rows=rows, points=total, owners=owned)


# -- numbers and dates


def _numbers(table: KeyTable, asked: NumberQuery) -> tuple[Array, Hits]:
    """(rows that own a number as printed, all rows with points)."""
    keys = np.concatenate((asked.owners, asked.exact, asked.near))
    if not len(keys):
        return _NO_ROWS, Hits(_NO_ROWS, _NO_POINTS)
    rows, which = table.find(keys, most=_MOST_OF_A_KEY)
    exact = which < len(asked.owners) + len(asked.exact)
    return rows[which < len(asked.owners)], Hits.of(rows, np.where(exact, _NUMBER, _NUMBER_NEAR))


def _plain(table: KeyTable, keys: Array, points: float, most: int) -> Hits:
    if not len(keys):
        return Hits(_NO_ROWS, _NO_POINTS)
    rows, _ = table.find(keys, most=most)
    return Hits.of(rows, np.full(len(rows), points))


def _born(layer: Layer, asked: Expansion, likeness: tuple[Likeness, Likeness]) -> Array:
    """Rows born on a date that was read, or near one; of many only those whose name is like."""
    keys = np.concatenate((asked.dates, asked.near_dates))
    if not len(keys):
        return _NO_ROWS
    rows, which = layer.dates.find(keys, most=_MOST_OF_A_DATE)
    if not asked.pairs:
        return rows[:_MOST_OF_A_DATE]
    surnames, givens = likeness
    like = (surnames.score(layer.row_surname[rows]) > 0) | (givens.score(layer.row_given[rows]) > 0)
    # A name too damaged to be like anybody's is no reason to lose the few people of the date itself.
    exact = which < len(asked.dates)
    others = np.concatenate((np.flatnonzero(exact & ~like), np.flatnonzero(~exact & ~like)))[:_MOST_OF_A_KEY]
    return np.concatenate((rows[like], rows[others]))


def _date_points(born: Array, asked: Expansion) -> Array:
    if not len(asked.dates) and not len(asked.near_dates):
        return np.zeros(len(born))
    near = np.where(np.isin(born, asked.near_dates), _DATE_NEAR, _DATE_APART)
    return np.where(np.isin(born, asked.dates), _DATE, near)


# -- names


Near = dict[str, tuple[tuple[int, float], ...]]


def _near(dictionary: NameDictionary, asked: Sequence[NameQuery]) -> Near:
    """Each name's likest names in the index: (number, likeness)."""
    found: Near = {}
    for query, near in zip(asked, dictionary.similar(asked), strict=True):
        short = [(dictionary.number(nickname), 0.8) for nickname in query.nicknames]
        found[query.name] = (
            *near[:_MOST_NAMES],
            *((number, score) for number, score in short if number is not None),
        )
    return found


def _merged(near: Near) -> Likeness:
    best: dict[int, float] = {}
    for found in near.values():
        for number, score in found:
            best[number] = max(score, best.get(number, 0.0))
    return Likeness.of(best)


def _pairs(layer: Layer, asked: Sequence[tuple[str, str]], surnames: Near, givens: Near) -> Hits:
    """Rows of people who bear both names, or nearly; with an initial or one name alone, of all who bear it."""
    keys: list[Array] = []
    points: list[Array] = []
    rows_alone: list[Array] = []
    for surname, given in asked:
        families, firsts = surnames.get(surname, ()), givens.get(given, ())
        if families and firsts:
            numbers, likes = _columns(families)
            first_numbers, first_likes = _columns(firsts)
            both = np.add.outer(likes, first_likes).reshape(-1)
            enough = np.flatnonzero(both >= _LEAST_LIKE)
            at, first_at = enough // len(firsts), enough % len(firsts)
            keys.append(pair_keys(numbers[at], first_numbers[first_at]))
            points.append(_SURNAME * likes[at] + _GIVEN * first_likes[first_at])
        elif len(given) < 2:
            rows_alone += [_surname_rows(layer, number, given) for number, score in families if score >= 0.9]
    alone = np.concatenate(rows_alone)[:_MOST_PAIR_ROWS] if rows_alone else _NO_ROWS
    alone_points = np.full(len(alone), _SURNAME)
    if not keys:
        return Hits.of(alone, alone_points)
    all_keys, all_points = np.concatenate(keys), np.concatenate(points)
    order = np.argsort(-all_points, kind="stable")
    rows, which = layer.pairs.find(all_keys[order], most=_MOST_PAIR_ROWS)
    rows, which = rows[:_MOST_PAIR_ROWS], which[:_MOST_PAIR_ROWS]
    return Hits.of(np.concatenate((rows, alone)), np.concatenate((all_points[order][which], alone_points)))


def _columns(found: Sequence[tuple[int, float]]) -> tuple[Array, Array]:
    return np.array([number for number, _ in found], np.uint32), np.array([score for _, score in found])


def _surname_rows(layer: Layer, number: int, initial: str) -> Array:
    firsts = layer.givens.beginning(initial) if initial else range(len(layer.givens))
    bounds = np.array([number << 32 | firsts.start, number << 32 | firsts.stop], np.uint64)
    start, stop = np.searchsorted(layer.pairs.keys, bounds)
    rows: Array = layer.pairs.rows[start : min(stop, start + _MOST_PAIR_ROWS)]
    return rows


def _name_points(layer: Layer, rows: Array, likeness: tuple[Likeness, Likeness], pairs: Hits) -> Array:
    surnames, givens = likeness
    by_name = _SURNAME * surnames.score(layer.row_surname[rows]) + _GIVEN * givens.score(layer.row_given[rows])
    if len(pairs.rows):
        at = np.minimum(np.searchsorted(pairs.rows, rows), len(pairs.rows) - 1)
        by_name = np.maximum(by_name, np.where(pairs.rows[at] == rows, pairs.points[at], 0.0))
    return by_name
