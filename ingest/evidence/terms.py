"""The words of a page that may tell what kind of paper it is: letters only, well enough read.

Promise: pure and total; no word holds a digit. What a classifier may keep of them is settled where it is trained
(`learning.vocabulary`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from ingest.evidence.layout import Layout
from ingest.evidence.spelling import plain

PAGES: Final = 4
"""So many of a document's pages are asked, as for its titles and cues."""
_READ: Final = 0.5
_SHORTEST, _LONGEST = 3, 24
_MARKS: Final = ".,:;()[]{}'\"*-/\\_|!?"


def terms_on(layout: Layout) -> Mapping[str, int]:
    """How often each word stands on a page."""
    return Counter(
        word for token in layout.tokens if token.confidence >= _READ and (word := term_of(token.text)) is not None
    )


def term_of(text: str) -> str | None:
    """The word that a token is, None for numbers, codes and what is too short or long."""
    word = plain(text).strip(_MARKS)
    return word if _SHORTEST <= len(word) <= _LONGEST and word.isascii() and word.isalpha() else None


def together(pages: Iterable[Mapping[str, int]]) -> Mapping[str, int]:
    """The words of a document, from those of its first pages."""
    held: Counter[str] = Counter()
    for at, page in enumerate(pages):
        if at == PAGES:
            break
        held.update(page)
    return held
