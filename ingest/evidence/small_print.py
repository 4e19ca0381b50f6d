"""Small print behind a label: how to fill it in, or when, and whose it is not.

Promise: pure. "Name (Last, First, MI)", "Birthdate (mo/day/yr)", "Subscriber name (if not member)" are each one label.
"""

from __future__ import annotations

import re

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ingest.evidence.labels import Labels, WordList
from ingest.evidence.layout import Layout, Segment
from ingest.evidence.spelling import bare, fold, plain

END_OF_LABEL = (":", ";")
LETTERS_FOR_ONE_ERROR = 4
_MOST_HINTS = 8
_LOST_BRACKET = re.compile(r"[^\W\d]{3,7}\)[:.;]?")  # "patient erin):"
_MISREAD_HINTS = 2  # words of small print that nobody can read, before its bracket closes
_CLOSED = (")", ").", "):")
_CONDITIONS = ("if", "unless", "when")  # "(if not member)"


def past_hints(layout: Layout, labels: Labels, segment: Segment, stop: int) -> int:
    """Where the label ends when small print is taken as part of it: "Name (Last, First, MI)"."""
    if stop >= segment.stop or layout.tokens[stop - 1].text.endswith(END_OF_LABEL):
        return stop
    if _LOST_BRACKET.fullmatch(layout.tokens[stop].text):
        return stop + 1
    if not layout.tokens[stop].text.startswith("("):
        return stop
    past = stop
    if bare(layout.tokens[stop].text) in _CONDITIONS:
        ahead = range(stop, min(stop + _MOST_HINTS, segment.stop))
        closed = next((n for n in ahead if layout.tokens[n].text.endswith((*_CLOSED, *END_OF_LABEL))), None)
        if closed is not None:
            return closed + 1
    for at in range(stop, min(stop + _MOST_HINTS, segment.stop)):
        text = layout.tokens[at].text
        words = [word.strip("(),.:;") for word in plain(text).replace("/", " ").replace("-", " ").split()]
        known = all(not word or _is_hint(labels, word) for word in words)
        if not known and (past == stop or not text.endswith((")", ").", "):"))):
            ahead = range(at + 1, min(at + 1 + _MISREAD_HINTS, segment.stop)) if past - stop >= 2 else range(0)
            if _closing(layout, ahead) is not None:
                continue
            break
        past = at + 1
        if ")" in text or text.endswith(END_OF_LABEL):  # "(pring:" lost its bracket to a letter
            return past
    return past if past - stop >= 2 else stop


def _closing(layout: Layout, tokens: range) -> int | None:
    """The first of the tokens that closes a bracket."""
    return next((n for n in tokens if layout.tokens[n].text.endswith(_CLOSED)), None)


def _is_hint(labels: Labels, word: str) -> bool:
    """Whether a word is small print, one letter of a longer one misread: "Patient (prin):"."""
    if labels.has(WordList.HINTS, word):
        return True
    if len(word) < LETTERS_FOR_ONE_ERROR or fold(word) in labels.vocabulary:
        return False
    near = process.extractOne(word, labels.lists[WordList.HINTS], scorer=OSA.distance, score_cutoff=1)
    return near is not None and len(near[0]) > LETTERS_FOR_ONE_ERROR
