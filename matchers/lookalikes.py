"""What OCR confuses: two texts may differ by characters that look alike on paper, or truly.

Sources: the confusion pairs of research into scanned forms (0/O/Q/D, 1/I/l/7, 5/S, 8/B, 6/G, 2/Z,
rn/m, cl/d, vv/w, li/u) and those that damage to strokes makes between digits (3/8, 5/6, 4/9, ...).
All functions expect folded capitals and digits, and are symmetric.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from rapidfuzz.distance import OSA, Levenshtein

from matchers.lettering import words

_GROUPS: Final = (("RN", "M"), ("VV", "W"), ("CL", "D"), ("LI", "U"), ("IJ", "U"), ("II", "U"), ("NN", "M"))
_CLASSES: Final = str.maketrans("OQDILTSBGZ", "0001115862")
# 1 stands for I, L and T too, 0 for O, Q and D, and so on. Digits first, then letters.
_PAIRS: Final = frozenset(
    map(
        frozenset,
        words(
            "17 27 38 08 06 68 56 58 53 89 49 09 39 14 47 35 23 "
            "C0 CE C6 EF E8 E6 UV VY UY U0 HN NM HM PF PR RK KX XY KR A4 4H 1J JU J5 1Y WM NW A0 "
            "V1 F1 F7 P8 R8 E0 N1 HK H1 60 C5 H8"
        ),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How far two texts stand apart: all edits, and those that no look-alike explains."""

    edits: int
    unexplained: int

    @property
    def equal(self) -> bool:
        """True when nothing differs at all."""
        return self.edits == 0

    @property
    def lookalike(self) -> bool:
        """True when something differs, and only by what OCR confuses."""
        return self.edits > 0 and self.unexplained == 0


@lru_cache(maxsize=65536)
def fold_lookalikes(text: str) -> str:
    """One form for everything that looks the same to a camera; longer groups first. Idempotent."""
    for group, single in _GROUPS:
        if group in text:
            text = text.replace(group, single)
    return text.translate(_CLASSES)


@lru_cache(maxsize=4096)
def look_alike(one: str, other: str) -> bool:
    """True when two single characters are easily taken for each other (or are the same)."""
    one, other = one.translate(_CLASSES), other.translate(_CLASSES)
    return one == other or frozenset((one, other)) in _PAIRS


_SAME: Final = Difference(edits=0, unexplained=0)


def difference(one: str, other: str, *, limit: int = 3) -> Difference:
    """Edits between two texts (a swap of neighbours is one), counted up to `limit` + 1."""
    if one == other:
        return _SAME
    edits = OSA.distance(one, other, score_cutoff=limit)
    if edits > limit:
        if fold_lookalikes(one) == fold_lookalikes(other):
            return Difference(edits=limit + 1, unexplained=0)
        return _beyond(limit)
    return Difference(edits=edits, unexplained=_unexplained(one, other, edits))


@cache
def _beyond(limit: int) -> Difference:
    return Difference(edits=limit + 1, unexplained=limit + 1)


@lru_cache(maxsize=65536)
def _unexplained(one: str, other: str, edits: int) -> int:
    first, second = fold_lookalikes(one), fold_lookalikes(other)
    if first == second:
        return 0
    apart = 0
    for op in Levenshtein.editops(first, second):
        replaced = op.tag == "replace"
        if not (replaced and frozenset((first[op.src_pos], second[op.dest_pos])) in _PAIRS):
            apart += 1
    return min(apart, edits)
