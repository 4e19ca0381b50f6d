"""Whether scraps of a name, as OCR leaves them of handwriting, may be somebody's.

Promise: pure. `alike` is generous: what is held against it would otherwise speak against a document's patient;
`names_a_relative` is for what shares the family name and no more.
"""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz

from ingest.evidence.spelling import plain

_INITIALS = 2
_WORD_ALIKE = 85.0
_ALIKE = 75.0  # rapidfuzz ratio; unrelated names lie around 30, but scraps of one ("Penna thel") at 60
_UNLIKE = 60.0  # of a word, below; given names that are often taken for each other lie above ("Michael", "Michelle")


def alike(readings: Iterable[str], names: Iterable[str]) -> bool:
    """Whether any of the readings of one place may be one of the names, or a part of it."""
    wanted = [_full_words(name) for name in names]
    return any(_alike(_full_words(text), name) for text in readings for name in wanted)


def names_a_relative(readings: Iterable[str], names: Iterable[str]) -> bool:
    """Whether a reading has, beside a name's family, another given name, and none of one place has the whole of it."""
    words = [_full_words(text).split() for text in readings]
    parts = [_full_words(name).split() for name in names]
    whole = any(not _unlike(part, text) for text in words for part in parts)
    return not whole and any(_unlike(text, part) and _unlike(part, text) for text in words for part in parts)


def _unlike(words: list[str], others: list[str]) -> list[str]:
    """The words that look like none of the others."""
    return [word for word in words if all(fuzz.ratio(word, other) < _UNLIKE for other in others)]


def _alike(text: str, name: str) -> bool:
    """Whether a text may be a name, or a part of it ("Van Berg" of Ryan Van der Berg)."""
    if fuzz.partial_token_sort_ratio(text, name) >= _ALIKE:
        return True
    return all(any(fuzz.ratio(word, part) >= _WORD_ALIKE for part in name.split()) for word in text.split())


def _full_words(name: str) -> str:
    """A name without initials and suffixes: the registered one may have others."""
    words = plain(name).split()
    return " ".join([word for word in words if sum(map(str.isalpha, word)) > _INITIALS] or words)
