"""Where labels stand on a page: phrases of `Labels` found in the segments, misread letters forgiven.

Promise: pure; the hits of one page never overlap and come in reading order. A phrase never reaches
across a wide gap. A word that could be ordinary text is matched only by its exact spelling.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ingest.evidence.labels import Labels, Meaning, Owner, Phrase, WordList
from ingest.evidence.layout import Layout, Segment
from ingest.evidence.spelling import fold, plain

_LETTERS_FOR_ONE_ERROR = 4
_LETTERS_FOR_TWO_ERRORS = 9
_END_OF_LABEL = (":", ";")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A label: tokens `start` to before `stop`, what it means and, where it says so, whom it speaks of.

    `meaning` is None for a label that names only a person ("Guarantor:"). `exact` is false when letters
    had to be forgiven. `formal` says that it looks like a label: a colon, capitals, or a segment of its own.
    `joined` says that a slash ties it to the label before it ("DOB/Sex:"). `modified` says that
    an unknown word stands right before it ("Pharmacy name").
    """

    start: int
    stop: int
    meaning: Meaning | None
    owner: Owner | None
    exact: bool
    colon: bool
    formal: bool
    joined: bool
    modified: bool


@dataclass(frozen=True, slots=True)
class _Spelt:
    """One canonical word and the token it was read from."""

    word: str
    token: int
    exact: bool


def spot_labels(layout: Layout, labels: Labels) -> tuple[Hit, ...]:
    """All labels of the page, in reading order."""
    speller = _Speller(labels)
    hits: list[Hit] = []
    for segment in layout.segments:
        spelt = speller.spell(layout, segment)
        if any(word.word for word in spelt):
            hits.extend(_hits_of(layout, labels, segment, spelt))
    return tuple(hits)


class _Speller:
    """Canonical words for tokens, remembered for one page."""

    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        self._known: dict[str, tuple[Phrase, bool]] = {}
        self._long_words = [word for word in labels.vocabulary if len(word) >= _LETTERS_FOR_ONE_ERROR]

    def spell(self, layout: Layout, segment: Segment) -> list[_Spelt]:
        """The canonical words of a segment; a token that is no label's word has the word ""."""
        spelt: list[_Spelt] = []
        for token in range(segment.start, segment.stop):
            words, exact = self._words(layout.tokens[token].text)
            spelt.extend(_Spelt(word, token, exact) for word in words or ("",))
        return spelt

    def _words(self, text: str) -> tuple[Phrase, bool]:
        if text not in self._known:
            self._known[text] = self._look_up(text)
        return self._known[text]

    def _look_up(self, text: str) -> tuple[Phrase, bool]:
        vocabulary = self._labels.vocabulary
        if text == "#":
            return ("number",), True
        folded = fold(text)
        if not folded or not any(char.isalpha() for char in text):
            return (), True
        if folded in vocabulary:
            return vocabulary[folded], fold(text) == plain(text).rstrip(":;.") or folded.isalpha()
        bare = plain(text).strip(".,:;()'\"-")
        if any(bare in self._labels.lists[which] for which in WordList):
            return (), True
        for at in range(2, len(folded) - 1):
            if folded[:at] in vocabulary and folded[at:] in vocabulary and len(folded) > 6:
                return vocabulary[folded[:at]] + vocabulary[folded[at:]], True
        return self._nearly(folded, text), False

    def _nearly(self, folded: str, text: str) -> Phrase:
        """The word of the vocabulary that `folded` is a misreading of."""
        digits = sum(char.isdigit() for char in text)
        if digits * 3 > len(text) or len(folded) > 30:
            return ()
        if len(folded) < _LETTERS_FOR_ONE_ERROR:
            return self._nearly_short(folded, text)
        allowed = 2 if len(folded) >= _LETTERS_FOR_TWO_ERRORS else 1
        found = process.extractOne(folded, self._long_words, scorer=OSA.distance, score_cutoff=allowed)
        return self._labels.vocabulary[found[0]] if found else ()

    def _nearly_short(self, folded: str, text: str) -> Phrase:
        """MRN, DOB, SSN with one letter misread: only in capitals before a colon."""
        if len(folded) != 3 or not text.endswith(_END_OF_LABEL) or text.upper() != text:
            return ()
        near = [word for word in ("mrn", "dob", "ssn") if OSA.distance(word, folded) == 1]
        return self._labels.vocabulary.get(near[0], ()) if len(near) == 1 else ()


def _hits_of(layout: Layout, labels: Labels, segment: Segment, spelt: list[_Spelt]) -> list[Hit]:
    """Labels of one segment, the longest phrase first at each place."""
    found: list[tuple[int, int, Meaning | None, Owner | None]] = []
    at = 0
    while at < len(spelt):
        size, meaning, owner = _longest_at(labels, spelt, at)
        if size == 0:
            at += 1
            continue
        found.append((at, at + size, meaning, owner))
        at += size
    merged = _with_owners(layout, spelt, found)
    ends = {spelt[stop - 1].token for _, stop, _, _ in merged}
    hits = []
    for start, stop, meaning, owner in merged:
        tokens = range(spelt[start].token, spelt[stop - 1].token + 1)
        hits.append(_hit(layout, labels, segment, tokens, spelt[start:stop], meaning, owner, ends))
    return hits


def _longest_at(labels: Labels, spelt: list[_Spelt], at: int) -> tuple[int, Meaning | None, Owner | None]:
    """The longest phrase that begins at a word: (number of words taken, meaning, owner)."""
    if not spelt[at].word:
        return 0, None, None
    words: list[str] = []
    best: tuple[int, Meaning | None, Owner | None] = (0, None, None)
    fillers = labels.lists[WordList.FILLERS]
    for size, spell in enumerate(spelt[at : at + labels.longest + 2], start=1):
        if not spell.word:
            break
        words.append(spell.word)
        full = tuple(words)
        bare = tuple(word for word in words if word not in fillers)
        for phrase in (full, bare):
            if phrase in labels.fields:
                best = (size, labels.fields[phrase], None)
            elif phrase in labels.owners and best[0] < size:
                best = (size, None, labels.owners[phrase])
    return best


def _with_owners(
    layout: Layout, spelt: list[_Spelt], found: list[tuple[int, int, Meaning | None, Owner | None]]
) -> list[tuple[int, int, Meaning | None, Owner | None]]:
    """ "guarantor" + "name" and "name of guarantor" become one label."""
    merged: list[tuple[int, int, Meaning | None, Owner | None]] = []
    for start, stop, meaning, owner in found:
        if merged:
            start0, stop0, meaning0, owner0 = merged[-1]
            ended = layout.tokens[spelt[stop0 - 1].token].text.endswith((*_END_OF_LABEL, ",", "/"))
            between = spelt[stop0:start]
            if not ended and meaning0 is None and meaning is not None and not between:
                merged[-1] = (start0, stop, meaning, owner0)
                continue
            of = [plain(layout.tokens[spell.token].text) for spell in between]
            if not ended and meaning0 is not None and owner0 is None and meaning is None and of in (["of"], ["of", "the"]):
                merged[-1] = (start0, stop, meaning0, owner)
                continue
            if meaning0 is None and meaning is None and not ended and not between and owner0 is not owner:
                keep = owner if owner0 in (Owner.PATIENT, Owner.NOBODY) else owner0
                merged[-1] = (start0, stop, None, keep)
                continue
        merged.append((start, stop, meaning, owner))
    return merged


def _hit(
    layout: Layout,
    labels: Labels,
    segment: Segment,
    tokens: range,
    spelt: list[_Spelt],
    meaning: Meaning | None,
    owner: Owner | None,
    ends: set[int],
) -> Hit:
    """One label with its looks."""
    start, stop = tokens.start, tokens.stop
    stop = _past_hints(layout, labels, segment, stop)
    last, first = layout.tokens[stop - 1].text, layout.tokens[start].text
    colon = last.endswith(_END_OF_LABEL) or (stop < segment.stop and layout.tokens[stop].text in _END_OF_LABEL)
    alone = start == segment.start and stop == segment.stop
    before = layout.tokens[start - 1].text if start > segment.start else ""
    joined = before in ("/", "&") or (start - 1 in ends and before.endswith("/")) or first.startswith("/")
    unknown = bool(before) and start - 1 not in ends and before[-1:].isalpha() and before[:1].isalpha()
    capital = first.lstrip("(/")[:1].isupper()
    return Hit(
        start=start,
        stop=stop,
        meaning=meaning,
        owner=owner,
        exact=all(spell.exact for spell in spelt),
        colon=colon,
        formal=colon or alone or (capital and last != last.lower()) or last == "#",
        joined=joined,
        modified=unknown,
    )


def _past_hints(layout: Layout, labels: Labels, segment: Segment, stop: int) -> int:
    """Where the label ends when small print is taken as part of it: "Name (Last, First, MI)"."""
    if stop >= segment.stop or layout.tokens[stop - 1].text.endswith(_END_OF_LABEL):
        return stop
    if not layout.tokens[stop].text.startswith("("):
        return stop
    for at in range(stop, min(stop + 8, segment.stop)):
        text = layout.tokens[at].text
        words = [word for word in plain(text).replace("/", " ").replace("-", " ").split() if word.strip("(),.:;")]
        if not all(word.strip("(),.:;") in labels.lists[WordList.HINTS] for word in words):
            return stop
        if ")" in text:
            return at + 1
    return stop


def hits_by_token(hits: tuple[Hit, ...]) -> Mapping[int, Hit]:
    """For every token of a label, its hit."""
    return {token: hit for hit in hits for token in range(hit.start, hit.stop)}
