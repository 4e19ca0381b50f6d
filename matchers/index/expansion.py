"""A query expanded: everything that is asked of the exact index for what paper says, hashed once.

MRN and account with all one-edit neighbours, and what a doubtful one may be instead; each plausible birth date
with its one-digit, transposed and day-month variants; each reading of a name with its deletions; phone, SSN
digits, house with ZIP.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from matchers.dates import LATEST_BIRTH, read_dates
from matchers.givennames import nicknames_of
from matchers.index.gathering import house_key
from matchers.index.keys import (
    date_key,
    deletions,
    hash_texts,
    near_date_keys,
    number_key,
    number_neighbours,
)
from matchers.index.queries import Expansion, NameQuery, NumberQuery
from matchers.index.segment import Array
from matchers.names import parse_name
from matchers.numbers import normalise_identifier, normalise_phone, normalise_ssn4, spellings
from matchers.patient import Identifiers, Reading
from matchers.population import Population, plausible_mrn

_MOST_READINGS: Final = 6
_MOST_ALTERNATIVES: Final = 8
_SHORTEST_FOR_EDITS: Final = 5


def expand(identifiers: Identifiers, population: Population) -> Expansion:
    """Everything worth asking. Total; what cannot be understood asks nothing."""
    hashing = _Hashing()
    mrns = [plausible_mrn(population, text) for text in _values(identifiers.mrns)]
    accounts = [normalise_identifier(text) for text in _values(identifiers.account_numbers)]
    others = [plausible_mrn(population, text) for text in _alternatives(identifiers.mrns)]
    owners = hashing.take(number_key(number) for number in (*mrns, *accounts) if number)
    numbers = [
        (hashing.take(_respelled((*own, *misplaced))), hashing.take((*_neighbours(own), *map(number_key, near))))
        for own, misplaced, near in ((mrns, accounts, [one for one in others if one]), (accounts, mrns, []))
    ]
    phones = hashing.take(p[-7:] for p in map(normalise_phone, _values(identifiers.phones)) if p)
    homes = [(a, z) for a in _values(identifiers.addresses) for z in _values(identifiers.zips)]
    houses = hashing.take(key for key in (house_key(*home) for home in homes) if key)
    names = [name for text in _values(identifiers.names) for name in parse_name(text)]
    pairs = tuple(dict.fromkeys((name.surname, name.given) for name in names))
    surnames = [(s, hashing.take(deletions(s))) for s in dict.fromkeys(pair[0] for pair in pairs) if s]
    givens = [(g, hashing.take(deletions(g))) for g in dict.fromkeys(pair[1] for pair in pairs) if len(g) > 1]
    dates, near_dates = _date_keys(identifiers.birth_dates)
    hashed = hashing.done()
    queries = [NumberQuery(owners=hashed[owners], exact=hashed[exact], near=hashed[near]) for exact, near in numbers]
    return Expansion(
        mrns=queries[0],
        accounts=queries[1],
        phones=hashed[phones],
        houses=hashed[houses],
        ssn4s=np.array([int(s) for s in map(normalise_ssn4, _values(identifiers.ssn_last4s)) if s], np.uint16),
        dates=dates,
        near_dates=near_dates,
        surnames=tuple(NameQuery(name=name, deletions=hashed[part]) for name, part in surnames),
        givens=tuple(
            NameQuery(name=name, deletions=hashed[part], nicknames=tuple(sorted(nicknames_of(name))))
            for name, part in givens
        ),
        pairs=pairs,
    )


class _Hashing:
    """Gathers texts so that all are hashed in one go."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def take(self, texts: Iterable[str]) -> slice:
        """Where the hashes of the texts will stand."""
        start = len(self._texts)
        self._texts.extend(texts)
        return slice(start, len(self._texts))

    def done(self) -> Array:
        return hash_texts(self._texts)


def _respelled(numbers: Sequence[str]) -> Iterable[str]:
    return (number_key(form) for number in numbers if number for form in spellings(number))


def _neighbours(numbers: Sequence[str]) -> Iterable[str]:
    return (
        number_key(near)
        for number in numbers
        if len(number) >= _SHORTEST_FOR_EDITS
        for form in spellings(number)[:2]
        for near in number_neighbours(form)
    )


def _date_keys(readings: Sequence[Reading]) -> tuple[Array, Array]:
    exact: set[int] = set()
    near: set[int] = set()
    for text in _values(readings):
        dates = read_dates(text, born_before=LATEST_BIRTH)
        exact.update(map(date_key, dates))
        near.update(near_date_keys(text, dates))
    for text in _alternatives(readings):
        near.update(map(date_key, read_dates(text, born_before=LATEST_BIRTH)))
    return np.array(sorted(exact), np.int32), np.array(sorted(near - exact), np.int32)


def _alternatives(readings: Sequence[Reading]) -> list[str]:
    return [other.value for reading in readings[:_MOST_READINGS] for other in reading.alternatives[:_MOST_ALTERNATIVES]]


def _values(readings: Sequence[Reading]) -> list[str]:
    return [reading.value for reading in readings[:_MOST_READINGS]]
