"""The line around a hit. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.finding.port import Term
from ingest.finding.tokens import words_with_places

_AROUND = 60  # characters before and behind what was found


def snippet(text: str, terms: Sequence[Term]) -> str:
    """What stands around the first of the terms that is on the page, on one line; "…" where the page goes on."""
    begin, end = _place(text, terms)
    left, right = max(0, begin - _AROUND), min(len(text), end + _AROUND)
    while 0 < left < begin and not text[left - 1].isspace():
        left += 1
    while end < right < len(text) and not text[right].isspace():
        right -= 1
    shown = " ".join(text[left:right].split())
    return f"{'… ' if text[:left].strip() else ''}{shown}{' …' if text[right:].strip() else ''}"


def _place(text: str, terms: Sequence[Term]) -> tuple[int, int]:
    found = list(words_with_places(text))
    for term in terms:
        length = len(term.words)
        for at in range(len(found) - length + 1):
            if _stands(tuple(word for word, _, _ in found[at : at + length]), term):
                return found[at][1], found[at + length - 1][2]
    return 0, 0


def _stands(here: tuple[str, ...], term: Term) -> bool:
    if here[:-1] != term.words[:-1]:
        return False
    return here[-1].startswith(term.words[-1]) if term.prefix else here[-1] == term.words[-1]
