"""Distinct names in order: numbers for names, names near a name, names with a beginning."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from matchers.index.keys import KeyTable, deletion_keys, deletions, hash_texts
from matchers.index.segment import Array, Segment
from matchers.lookalikes import difference

_MOST_NEAR: Final = 40


@dataclass(frozen=True, slots=True)
class NameDictionary:
    """Sorted distinct names (as UTF-8) with how many registrations bear each."""

    text: Array
    ends: Array
    counts: Array
    near: KeyTable

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
        return self[number].decode()

    def number(self, name: str) -> int | None:
        """The number of a name, or None."""
        encoded = name.encode()
        at = bisect_left(self, encoded)
        return at if at < len(self) and self[at] == encoded else None

    def count(self, name: str) -> int:
        """How many registrations bear the name."""
        number = self.number(name)
        return 0 if number is None else int(self.counts[number])

    def beginning(self, start: str) -> range:
        """The numbers of all names that begin so."""
        encoded = start.encode()
        return range(bisect_left(self, encoded), bisect_left(self, encoded + b"\xff"))

    def similar(self, name: str) -> tuple[tuple[int, float], ...]:
        """(number, likeness 0..1) of names within two edits or of the same look, best first."""
        keys = hash_texts(deletions(name))
        found, _ = self.near.find(keys, most=400)
        scored = []
        for number in np.unique(found).tolist():
            other = self.name(number)
            apart = difference(name, other, limit=2)
            if apart.edits == 0:
                scored.append((number, 1.0))
            elif apart.unexplained == 0:
                scored.append((number, 0.9))
            elif apart.edits <= 2 and min(len(name), len(other)) > apart.edits + 1:
                scored.append((number, 0.9 - 0.2 * apart.edits))
        scored.sort(key=lambda item: (-item[1], -int(self.counts[item[0]]), item[0]))
        return tuple(scored[:_MOST_NEAR])


def distinct(names: Iterable[str]) -> list[str]:
    """Distinct names in the order of the dictionary."""
    return sorted(set(names), key=str.encode)
