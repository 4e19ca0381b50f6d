"""Distinct names in order: numbers for names, names near a name, names with a beginning."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from matchers.index.keys import KeyTable, deletion_keys
from matchers.index.queries import NameQuery
from matchers.index.segment import Array, Segment
from matchers.lookalikes import fold_lookalikes, look_alike

_MOST_NEAR: Final = 40
_MOST_OF_A_KEY: Final = 400
_MOST_LOOKED_AT: Final = 64
_MOST_REMEMBERED: Final = 100_000
_MOST_SIMILAR: Final = 8192

Similar: TypeAlias = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class NameDictionary:
    """Sorted distinct names (as UTF-8) with how many registrations bear each.

    What was looked up is remembered, within bounds: documents ask for common names again and again.
    """

    text: Array
    ends: Array
    counts: Array
    near: KeyTable
    _names: dict[int, str] = field(default_factory=dict, repr=False, compare=False)
    _numbers: dict[str, int | None] = field(default_factory=dict, repr=False, compare=False)
    _similar: dict[str, Similar | None] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def build(cls, names: Sequence[str], counts: Sequence[int]) -> NameDictionary:
        """A dictionary of distinct names in ascending order of their UTF-8."""
        encoded = [name.encode() for name in names]
        ends = np.cumsum([len(name) for name in encoded], dtype=np.uint32) if names else np.empty(0, np.uint32)
        keys, numbers = deletion_keys(names)
        return cls(
            np.frombuffer(b"".join(encoded), np.uint8),
            ends,
            np.array(counts, np.int32),
            KeyTable.build(keys, numbers),
        )

    @classmethod
    def of(cls, segment: Segment, name: str) -> NameDictionary:
        """The dictionary stored under a name."""
        text, ends, counts = (segment.array(f"{name}_{part}") for part in ("text", "ends", "counts"))
        return cls(text, ends, counts, KeyTable.of(segment, f"{name}_near"))

    def arrays(self, name: str) -> dict[str, Array]:
        """The dictionary as named arrays to store."""
        own = {f"{name}_text": self.text, f"{name}_ends": self.ends, f"{name}_counts": self.counts}
        return own | self.near.arrays(f"{name}_near")

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, number: int) -> bytes:
        if not 0 <= number < len(self.ends):
            raise IndexError(number)
        start = int(self.ends[number - 1]) if number else 0
        return self.text[start : int(self.ends[number])].tobytes()

    def name(self, number: int) -> str:
        """The name of a number."""
        known = self._names.get(number)
        if known is None:
            if len(self._names) >= _MOST_REMEMBERED:
                self._names.clear()
            known = self._names[number] = self[number].decode()
        return known

    def number(self, name: str) -> int | None:
        """The number of a name, or None."""
        if name not in self._numbers:
            if len(self._numbers) >= _MOST_REMEMBERED:
                self._numbers.clear()
            encoded = name.encode()
            at = bisect_left(self, encoded)
            self._numbers[name] = at if at < len(self) and self[at] == encoded else None
        return self._numbers[name]

    def count(self, name: str) -> int:
        """How many registrations bear the name."""
        number = self.number(name)
        return 0 if number is None else int(self.counts[number])

    def beginning(self, start: str) -> range:
        """The numbers of all names that begin so."""
        encoded = start.encode()
        return range(bisect_left(self, encoded), bisect_left(self, encoded + b"\xff"))

    def similar(self, asked: Sequence[NameQuery]) -> tuple[Similar, ...]:
        """For each name: (number, likeness 0..1) of names within two edits or of the same look, best first."""
        known = {query.name: self._similar.get(query.name) for query in asked}
        new = [query for query in asked if known[query.name] is None]
        if new:
            found, which = self.near.find(np.concatenate([query.deletions for query in new]), most=_MOST_OF_A_KEY)
            bounds = np.searchsorted(which, np.cumsum([0, *(len(query.deletions) for query in new)])).tolist()
            for query, start, stop in zip(new, bounds[:-1], bounds[1:], strict=True):
                known[query.name] = self._likest(query.name, np.unique(found[start:stop]))
            if len(self._similar) >= _MOST_SIMILAR:
                self._similar.clear()
            self._similar.update((query.name, known[query.name]) for query in new)
        return tuple(known[query.name] or () for query in asked)

    def _likest(self, name: str, numbers: Array) -> Similar:
        if not len(numbers):
            return ()
        edits = cdist([name], [self.name(n) for n in numbers.tolist()], scorer=OSA.distance, score_cutoff=2)[0]
        # Of the many names two edits away only the commonest are worth a closer look.
        order = np.lexsort((-self.counts[numbers], edits))[:_MOST_LOOKED_AT]
        scored = []
        for number, apart in zip(numbers[order].tolist(), edits[order].tolist(), strict=True):
            likeness = _likeness(name, self.name(number), apart)
            if likeness:
                scored.append((number, likeness))
        scored.sort(key=_by_likeness)  # stable: commonest first among equals
        return tuple(scored[:_MOST_NEAR])


def _by_likeness(scored: tuple[int, float]) -> float:
    return -scored[1]


def _likeness(name: str, other: str, edits: int) -> float | None:
    if edits == 0:
        return 1.0
    if edits <= 2 and len(name) == len(other):
        apart = [(a, b) for a, b in zip(name, other, strict=True) if a != b]
        if len(apart) == edits and all(look_alike(a, b) for a, b in apart):
            return 0.9
    if fold_lookalikes(name) == fold_lookalikes(other):
        return 0.9
    return 0.9 - 0.2 * edits if edits <= 2 and min(len(name), len(other)) > edits + 1 else None
