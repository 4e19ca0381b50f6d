"""Names that stand without a label: providers by title and credentials, patients in sentences.

Promise: pure. A name in a sentence is the patient's only where the sentence says so ("is a 64-year-old",
"(MRN …"), or calls him Mr. and nothing makes him a relative.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from ingest.evidence.labels import Labels, WordList
from ingest.evidence.layout import Layout
from ingest.evidence.names import name_before, read_name
from ingest.evidence.spelling import plain
from ingest.evidence.values import Draft, Run, draft
from ingest.model import Role
from matchers.patient import Field

_TRIM = ' ,.;:()"“”*_~'
AGE = r"(?:\d[\doil|sb]{0,2}|[oil|]\d[\doil|sb]?)"
"""A pattern of somebody's years, also where some of its digits were taken for letters ("1i-year-old")."""
_AGED = re.compile(rf"{AGE}\s?-?\s?(?:years?\b|yrs?\b|y/?\.?o\b|month|week|day)", re.IGNORECASE)
_AGE_BEGINS = re.compile(AGE, re.IGNORECASE)
_PERSONS = frozenset(
    ("man", "woman", "boy", "girl", "male", "female", "gentleman", "lady", "infant", "child", "patient")
)
_RAGGED_LINES = 6.0  # how much shorter than the next a line of running text may be, in heights of a line
_BETWEEN = frozenset(("is", "was", "a", "an", "the", "this", "who", "very", "pleasant", "right-handed"))


def provider_drafts(layout: Layout, labels: Labels, taken: frozenset[int]) -> Iterator[Draft]:
    """Everybody who is called Dr. or carries credentials."""
    for token in range(len(layout.tokens)):
        text = layout.tokens[token].text
        word = plain(text).strip(_TRIM)
        run: Run | None = None
        if labels.has(WordList.PROVIDER_TITLES, word) and text[:1].isupper() and not _in_address(layout, token):
            run = read_name(layout, _line_on(layout, token, 8), labels, strict=True, begin_within=0)
        elif _is_credential(labels, text, word) and not _zip_follows(layout, token):
            run = name_before(layout, token, labels)
        if run is not None and not taken.intersection(run.tokens):
            yield draft(layout, Field.NAME, Role.PROVIDER, run, 0.95)


def _in_address(layout: Layout, token: int) -> bool:
    """Whether "Dr" is a drive: a capitalised word before it, and a number before that."""
    start = layout.segment(token).start
    before = [layout.tokens[n].text for n in range(max(start, token - 4), token)]
    return bool(before) and before[-1][:1].isupper() and any(text.strip(",.").isdigit() for text in before)


def _zip_follows(layout: Layout, token: int) -> bool:
    """Whether "MD" or "PA" is a state: a ZIP code stands behind it."""
    after = token + 1
    return after < layout.segment(token).stop and layout.tokens[after].text[:5].isdigit()


def sentence_drafts(layout: Layout, labels: Labels, known: Sequence[Draft], taken: frozenset[int]) -> Iterator[Draft]:
    """Patients whom a text names: "Mr. John Doe", "Jane Roe is a 64-year-old woman", "DOE, JOHN  MRN 123"."""
    for run, sureness in chain(_anchored(layout, labels, known), _told(layout, labels)):
        if not taken.intersection(run.tokens):
            yield draft(layout, Field.NAME, Role.PATIENT, run, sureness)


def _anchored(layout: Layout, labels: Labels, known: Sequence[Draft]) -> Iterator[tuple[Run, float]]:
    """The name right before the label of the patient's own birth date or MRN."""
    for one in known:
        if one.role is not Role.PATIENT or one.field not in (Field.MRN, Field.BIRTH_DATE) or one.label is None:
            continue
        start = one.tokens[0] - len(one.label.split())
        if start <= 0 or layout.text(range(start, one.tokens[0])) != one.label:
            continue
        if layout.row_of(start - 1) != layout.row_of(start) and not _same_text(layout, start - 1, start):
            continue
        run = name_before(layout, start, labels)
        if run is not None and not run.provider and not _somebody_else(layout, labels, run.start):
            yield run, 0.98


def _told(layout: Layout, labels: Labels) -> Iterator[tuple[Run, float]]:
    for token in range(len(layout.tokens)):
        text = layout.tokens[token].text
        word = plain(text).strip(_TRIM)
        found: tuple[Run, float] | None = None
        if labels.has(WordList.TITLES, word) and text[:1].isupper():
            found = _titled(layout, labels, token)
        elif _AGE_BEGINS.match(text) and _AGED.match(layout.text(_line_on(layout, token, 3))):
            found = _aged(layout, labels, token) or _called(layout, labels, token)
        if found is not None:
            yield found


def _called(layout: Layout, labels: Labels, token: int) -> tuple[Run, float] | None:
    """ "this 64-year-old woman, Jane Roe," """
    following = _line_on(layout, token, 12)
    for at in following[1:5]:
        if plain(layout.tokens[at].text).strip(_TRIM) in _PERSONS:
            rest = range(at + 1, following.stop)
            if rest and plain(layout.tokens[rest.start].text) == "named":
                rest = rest[1:]
            run = read_name(layout, rest, labels, strict=True, begin_within=0)
            return (run, 0.975) if run is not None and run.quality >= 0.8 and not run.provider else None
    return None


def _titled(layout: Layout, labels: Labels, token: int) -> tuple[Run, float] | None:
    run = read_name(layout, _line_on(layout, token, 8), labels, strict=True, begin_within=0)
    if run is None or run.quality < 0.8 or run.provider or _somebody_else(layout, labels, token):
        return None
    after = layout.text(_line_on(layout, run.stop, 8))
    told = bool(_AGED.search(after)) or after.startswith(("(MRN", "(DOB", "(dob", "(mrn"))
    return run, 0.975 if told else 0.7


def _aged(layout: Layout, labels: Labels, token: int) -> tuple[Run, float] | None:
    at = token
    while at > 0 and (plain(layout.tokens[at - 1].text).strip(_TRIM) in _BETWEEN or _misread_article(layout, at - 1)):
        at -= 1
    if layout.row_of(at) != layout.row_of(token) and not _same_text(layout, at, token):
        return None
    run = name_before(layout, at, labels) if at > 0 else None
    if run is None or run.provider or _somebody_else(layout, labels, run.start):
        return None
    if at == token and not layout.tokens[at - 1].text.endswith(","):
        return None
    return run, 0.975


def _misread_article(layout: Layout, token: int) -> bool:
    """ "is 2 41-year-old": a sign between "is" and an age was an "a"."""
    before = plain(layout.tokens[token - 1].text) if token > 0 else ""
    return len(layout.tokens[token].text) == 1 and before in ("is", "was")


def _somebody_else(layout: Layout, labels: Labels, token: int) -> bool:
    """Whether the words right before make a name a relative's, an addressee's or a colleague's."""
    before = [
        plain(layout.tokens[n].text).strip(_TRIM) for n in range(max(0, token - 3), token) if _runs_on(layout, n, token)
    ]
    if "that" in before:  # "is to record that" sends nobody anything
        before = before[before.index("that") + 1 :]
    return any(labels.has(WordList.RELATIVES, word) or word in ("dear", "cc", "by", "to") for word in before)


def _runs_on(layout: Layout, before: int, token: int) -> bool:
    """Whether a reader comes from one token to the other in running text: short lines and greetings end there."""
    one, other = layout.segment(before), layout.segment(token)
    if one.row == other.row:
        return True
    greets = plain(layout.tokens[one.start].text) == "dear"
    return not greets and one.box.x1 > other.box.x1 - _RAGGED_LINES * layout.line_height


def _line_on(layout: Layout, token: int, most: int) -> range:
    """A token and those that a reader reads next, over the end of the line in running text."""
    if token >= len(layout.tokens):
        return range(0)
    segment = layout.segment(token)
    stop = segment.stop
    if stop < len(layout.tokens) and layout.segment(stop).block == segment.block:
        following = layout.segment(stop)
        if following.row == segment.row + 1 and following.box.x0 < segment.box.x0 + 3 * layout.line_height:
            stop = following.stop
    return range(token, min(stop, token + most))


def _same_text(layout: Layout, one: int, other: int) -> bool:
    return layout.segment(one).block == layout.segment(other).block


def _is_credential(labels: Labels, text: str, word: str) -> bool:
    known = labels.has(WordList.CREDENTIALS, word) or labels.has(WordList.CREDENTIALS, word.replace(".", ""))
    return known and not text.islower() and len(word) >= 2
