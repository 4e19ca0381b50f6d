"""Is this the same paper, scanned again? A small sketch of what a document says and where, to be held against others.

Promise: pure; equal pages have equal sketches. Two scans of one sheet are alike although words of each are misread; two
forms of one kind that were filled in differently are not: their numbers differ. It is never more than a suspicion: a
signed copy looks like the unsigned one.

The sketches are the smallest hashes of each set (A. Broder, "On the resemblance and containment of documents", 1997).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from ingest.evidence.find import PageEvidence
from ingest.evidence.spelling import plain
from ingest.model import Sketch

_WORDS_MOST, _NUMBERS_MOST = 128, 64
_WORD_LEAST = 4  # letters
_READ = 0.5
_FEWEST_WORDS, _FEWEST_NUMBERS = 12, 3
_WORDS_ALIKE, _NUMBERS_ALIKE, _PLACES_ALIKE = 0.55, 0.5, 0.6
_GRID = 12


def sketch_on(page: PageEvidence) -> Sketch:
    """The sketch of one page."""
    words: set[str] = set()
    numbers: set[str] = set()
    for token in page.read.layout.tokens:
        text = plain(token.text).strip(".,:;()[]'\"*-")
        if token.confidence < _READ or not text:
            continue
        if sum(map(str.isdigit, text)) >= 2:
            numbers.add(text)
        elif text.isalpha() and len(text) >= _WORD_LEAST:
            words.add(text)
    return Sketch(
        pages=1, words=_least(map(_hash, words), _WORDS_MOST), numbers=_least(map(_hash, numbers), _NUMBERS_MOST),
        places=_places(page),
    )  # fmt: skip


def sketch_of(pages: Sequence[Sketch]) -> Sketch | None:
    """The sketch of a document of these pages; None for one that says too little to be known again."""
    words = _least((word for page in pages for word in page.words), _WORDS_MOST)
    numbers = _least((number for page in pages for number in page.numbers), _NUMBERS_MOST)
    if len(words) < _FEWEST_WORDS or len(numbers) < _FEWEST_NUMBERS:
        return None
    return Sketch(pages=len(pages), words=words, numbers=numbers, places=pages[0].places)


def alike(one: Sketch, other: Sketch) -> bool:
    """Whether two documents may be two scans of the same paper."""
    return (
        one.pages == other.pages
        and _share(one.words, other.words, _WORDS_MOST) >= _WORDS_ALIKE
        and _share(one.numbers, other.numbers, _NUMBERS_MOST) >= _NUMBERS_ALIKE
        and _overlap(one.places, other.places) >= _PLACES_ALIKE
    )


def _places(page: PageEvidence) -> int:
    """Which fields of a grid over the page hold words, as bits."""
    artefact, bits = page.artefact, 0
    for word in artefact.words:
        if word.confidence >= _READ:
            at = artefact.to_page.bounding(word.box)
            column, row = _cell((at.x0 + at.x1) / 2), _cell((at.y0 + at.y1) / 2)
            bits |= 1 << (row * _GRID + column)
    return bits


def _cell(share: float) -> int:
    return min(_GRID - 1, max(0, int(_GRID * share)))


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2s(text.encode(), digest_size=4).digest())


def _least(hashes: Iterable[int], most: int) -> tuple[int, ...]:
    return tuple(sorted(set(hashes))[:most])


def _share(one: tuple[int, ...], other: tuple[int, ...], most: int) -> float:
    """The estimated resemblance of the two sets."""
    union = sorted(set(one) | set(other))[:most]
    both = set(one) & set(other)
    return sum(value in both for value in union) / len(union) if union else 0.0


def _overlap(one: int, other: int) -> float:
    either = (one | other).bit_count()
    return (one & other).bit_count() / either if either else 0.0
