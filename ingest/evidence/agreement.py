"""Two engines on one place: what they agree on is surer, what they disagree on is nobody's word.

Promise: pure. The same value twice raises the certainty that its characters are right; two values are both
kept, each with the other beside it (`Draft.other`), each as sure as the other leaves it; what only the second
engine could read is a value of its own source, never as sure as one that two engines read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import median

from ingest.evidence.glued import parted_wrongly
from ingest.evidence.layout import Layout, Token, overlap
from ingest.evidence.values import Draft, along, reading_certainty
from ingest.model import Box, Role, SecondReading, Word
from matchers.names import name_words
from matchers.patient import Field, Source

TOLD_TWICE = (Field.NAME, Field.BIRTH_DATE, Field.MRN, Field.ACCOUNT_NUMBER)
"""Fields whose values are worth a second reading."""
CERTAIN_READ = 0.97
"""Characters read so surely by the first engine are not asked for again, and disputed by nothing."""
_TALLEST = 1.6  # of the page's usual word: writing is taller than print
_UNREAD = 0.25  # below, the first engine read nothing that would contradict anybody
_NAMES_LEAST, _DOUBLED = 2, 2  # words of a name without its middle; letters of an initial that was read twice
_CORRELATION = 3.0  # engines fail together on what is hard to read
_MOST_CERTAIN_TOGETHER = 0.983  # 365 of 367 were right: at least so many are (95 %)
_MOST_CERTAIN_ALONE = 0.94
_MOST_CERTAIN_SPACED = 0.94  # where the engines part the same letters differently
# Fitted on 604 values of two drawn sets: of those of 0.98 and more 462 of 465 were right.
_RIGHT = ((0.0, 0.3), (0.5, 0.55), (0.8, 0.75), (0.95, 0.93), (0.98, 0.98), (1.0, 0.988))


def words_of_second(words: Sequence[Word], second: Sequence[SecondReading]) -> tuple[Word, ...]:
    """The page's words, those of the places that the second engine read replaced by its own."""
    read = [one for one in second if one.words]
    most = _TALLEST * median([word.box.y1 - word.box.y0 for word in words]) if words else 0.0
    kept = [word for word in words if not any(inside(word.box, one.box) for one in read)]
    line = max((word.line for word in words), default=-1) + 1
    for one in read:
        kept += [replace(word, line=line + word.line, box=_lower(word.box, most)) for word in one.words]
        line += one.words[-1].line + 1
    return tuple(kept)


def _lower(box: Box, most: float) -> Box:
    """The box, no higher than a line of writing: the second engine's are as high as the place that it was shown."""
    spare = (box.y1 - box.y0 - most) / 2
    return replace(box, y0=box.y0 + spare, y1=box.y1 - spare) if most > 0 and spare > 0 else box


def of_second(layout: Layout, drafts: Iterable[Draft], second: Sequence[SecondReading]) -> list[Draft]:
    """The drafts of a layout of `words_of_second` that rest on the second engine's words, as sure as those are."""
    places = [one.box for one in second if one.words]
    found = []
    for one in drafts:
        own = [token for token in one.tokens if any(inside(layout.tokens[token].box, box) for box in places)]
        if own and one.source is Source.TEXT:
            others = [token for token in one.tokens if token not in own]
            read = min((_certainty(layout.tokens[token]) for token in own), default=0.0)
            read = min(read, reading_certainty(layout, others)) if others else read
            found.append(replace(one, read=read, source=Source.SECOND_READER))
    return found


def merged(first: Sequence[Draft], second: Sequence[Draft], fields: Sequence[Field]) -> list[Draft]:
    """One page's drafts from both readings."""
    drafts = list(first)
    named = any(map(_names_patient, (*first, *(one for one in second if one.label is not None))))
    for one in second:
        if one.field not in fields:
            continue
        at = next((n for n, known in enumerate(drafts) if _same_place(known, one)), None)
        if at is None and one.label is None and (one.field is Field.NAME or not named):
            # A piece of a letterhead looks like a name once the rest of its line is not there, and what has no label
            # is identity only beside a name.
            continue
        if at is None:
            drafts.append(replace(one, read=min(one.read, _MOST_CERTAIN_ALONE)))
        elif drafts[at].read < CERTAIN_READ:
            drafts[at : at + 1] = _of_both(drafts[at], one)
    return drafts


def _names_patient(one: Draft) -> bool:
    return one.field is Field.NAME and one.role is Role.PATIENT


def _of_both(known: Draft, one: Draft) -> list[Draft]:
    """What is left of two readings of one place, the first one's first."""
    if _same_value(known, one):
        read = together(known.read, one.read)
        glued = one.field is Field.NAME and parted_wrongly(known.raw)  # engines lose a narrow space alike
        return [replace(known, read=min(read, _MOST_CERTAIN_SPACED) if glued else read)]
    if one.field is Field.NAME and _letters(known) == _letters(one):
        spaced = _better_spaced(known, one)
        read = max(known.read, min(_MOST_CERTAIN_SPACED, together(known.read, one.read)))
        return [replace(known, raw=spaced.raw, value=spaced.value, read=min(read, _MOST_CERTAIN_SPACED))]
    if one.field is Field.NAME and (fuller := _fuller(known, one)) is not None:
        return [replace(known, raw=fuller.raw, value=fuller.value, read=min(fuller.read, known.read))]
    if one.field is Field.NAME and (shorter := _with_initial(known, one)) is not None:
        read = min(_MOST_CERTAIN_SPACED, together(known.read, one.read))
        return [replace(known, raw=shorter.raw, value=shorter.value, read=read)]
    if known.read < _UNREAD <= one.read:
        return [replace(one, read=min(one.read, _MOST_CERTAIN_ALONE))]
    if one.read < _UNREAD:
        return [known]
    mine, others = apart(known.read, one.read)
    return [
        replace(known, read=mine, other=one.raw),
        replace(one, read=min(others, _MOST_CERTAIN_ALONE), other=known.raw),
    ]


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


def _certainty(token: Token) -> float:
    """How sure it is that the second engine read a word right, from the confidence of its worst character."""
    return along(_RIGHT, token.confidence)


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


def _letters(one: Draft) -> str:
    return "".join(name_words(one.raw))


def _better_spaced(known: Draft, one: Draft) -> Draft:
    """Of two names of the same letters the one that parts an initial from a name, or parts nothing else."""
    fewer, more = sorted((known, one), key=lambda draft: len(name_words(draft.raw)))
    parted = [word for word in name_words(more.raw) if word not in name_words(fewer.raw)]
    return more if any(len(word) == 1 for word in parted) else fewer


def _with_initial(known: Draft, one: Draft) -> Draft | None:
    """Of two names that differ in the middle only, an initial and two letters that begin with it ("M", "Mm"), the one
    with the initial."""
    first, second = name_words(known.raw), name_words(one.raw)
    if len(first) != len(second) or len(first) <= _NAMES_LEAST or first[:_NAMES_LEAST] != second[:_NAMES_LEAST]:
        return None
    (short, shorter), (long, _) = sorted(((first, known), (second, one)), key=lambda pair: sum(map(len, pair[0])))
    differ = [(a, b) for a, b in zip(short, long, strict=True) if a != b]
    doubled = len(differ) == 1 and len(differ[0][0]) == 1 and differ[0][1][:1] == differ[0][0]
    return shorter if doubled and len(differ[0][1]) == _DOUBLED else None


def _fuller(known: Draft, one: Draft) -> Draft | None:
    """The longer of two names where it holds all words of the other: a cut-out, or a line, was cut short."""
    first, second = (set(name_words(draft.raw)) for draft in (known, one))
    if not first or not second:
        return None
    if second <= first:
        return known
    return replace(one, read=min(known.read, one.read)) if first < second else None
