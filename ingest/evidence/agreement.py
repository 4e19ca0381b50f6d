"""Two engines on one place: what they agree on is surer, what they disagree on is nobody's word.

Promise: pure. The same value twice raises the certainty that its characters are right; two values are both
kept, each with the other beside it (`Draft.other`), each as sure as the other leaves it; what only the second
engine could read is a value of its own source, never as sure as one that two engines read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.evidence.layout import Layout, Token, overlap
from ingest.evidence.values import Draft, reading_certainty
from ingest.model import Box, SecondReading, Word
from matchers.names import name_words
from matchers.patient import Field, Source

TOLD_TWICE = (Field.NAME, Field.BIRTH_DATE, Field.MRN, Field.ACCOUNT_NUMBER)
"""Fields whose values are worth a second reading."""
_UNREAD = 0.25  # below, the first engine read nothing that would contradict anybody
_CORRELATION = 3.0  # engines fail together on what is hard to read
_MOST_CERTAIN_TOGETHER = 0.997
_ALONE = ((0.0, 0.1), (0.5, 0.4), (0.8, 0.65), (0.95, 0.85), (1.0, 0.94))


def words_of_second(words: Sequence[Word], second: Sequence[SecondReading]) -> tuple[Word, ...]:
    """The page's words, those of the places that the second engine read replaced by its own."""
    read = [one for one in second if one.words]
    kept = [word for word in words if not any(inside(word.box, one.box) for one in read)]
    line = max((word.line for word in words), default=-1) + 1
    for one in read:
        kept += [replace(word, line=line + word.line) for word in one.words]
        line += one.words[-1].line + 1
    return tuple(kept)


def of_second(layout: Layout, drafts: Iterable[Draft], second: Sequence[SecondReading]) -> list[Draft]:
    """The drafts of a layout of `words_of_second` that rest on the second engine's words, as sure as those are."""
    places = [one.box for one in second if one.words]
    found = []
    for one in drafts:
        own = [token for token in one.tokens if any(inside(layout.tokens[token].box, box) for box in places)]
        if own and one.source is Source.TEXT:
            others = [token for token in one.tokens if token not in own]
            read = min((_alone(layout.tokens[token]) for token in own), default=0.0)
            read = min(read, reading_certainty(layout, others)) if others else read
            found.append(replace(one, read=read, source=Source.SECOND_READER))
    return found


def merged(first: Sequence[Draft], second: Sequence[Draft], fields: Sequence[Field]) -> list[Draft]:
    """One page's drafts from both readings."""
    merged_drafts = list(first)
    for one in second:
        if one.field not in fields:
            continue
        at = next((n for n, other in enumerate(merged_drafts) if _same_place(other, one)), None)
        if at is None:
            merged_drafts.append(one)
        elif _same_value(known := merged_drafts[at], one):
            merged_drafts[at] = replace(known, read=together(known.read, one.read))
        elif known.read < _UNREAD <= one.read:
            merged_drafts[at] = one
        elif one.read >= _UNREAD:
            mine, others = apart(known.read, one.read)
            merged_drafts[at] = replace(known, read=mine, other=one.raw)
            merged_drafts.append(replace(one, read=others, other=known.raw))
    return merged_drafts


def together(first: float, second: float) -> float:
    """How sure a value is that both engines read, from how sure each is of it."""
    return max(first, min(_MOST_CERTAIN_TOGETHER, 1.0 - _CORRELATION * (1.0 - first) * (1.0 - second)))


def apart(first: float, second: float) -> tuple[float, float]:
    """What is left of each of two different values of one place: one of them is right, or neither."""
    mine, others, neither = first * (1.0 - second), second * (1.0 - first), (1.0 - first) * (1.0 - second)
    total = mine + others + neither
    return (mine / total, others / total) if total > 0 else (0.0, 0.0)


def inside(box: Box, place: Box) -> bool:
    """Whether the middle of a box lies in a place."""
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return place.x0 <= x <= place.x1 and place.y0 <= y <= place.y1


def _alone(token: Token) -> float:
    """How sure it is that the second engine read a word right, from the confidence of its worst character."""
    for (x0, y0), (x1, y1) in pairwise(_ALONE):
        if token.confidence <= x1:
            return y0 + (y1 - y0) * max(0.0, token.confidence - x0) / (x1 - x0)
    return _ALONE[-1][1]


def _same_place(one: Draft, other: Draft) -> bool:
    a, b = one.box, other.box
    return (
        one.field is other.field
        and one.source is Source.TEXT
        and one.other is None
        and overlap(a.x0, a.x1, b.x0, b.x1) > 0.3
        and overlap(a.y0, a.y1, b.y0, b.y1) > 0.3
    )


def _same_value(one: Draft, other: Draft) -> bool:
    if one.field is Field.NAME:
        return sorted(name_words(one.raw)) == sorted(name_words(other.raw))
    return one.value == other.value
