"""Where a page names somebody without a label: in running text, and in running headers and footers.

Promise: pure. The words that stand there, however they were misread; whether they are a name is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.evidence.labels import Labels, Meaning, Owner, WordList
from ingest.evidence.layout import Layout
from ingest.evidence.people_named import AGE
from ingest.evidence.spelling import bare
from ingest.evidence.spotting import Hit, hits_by_token

_AGED = re.compile(rf"{AGE}-?(?:year|yr|y/?o|month)", re.IGNORECASE)
_WORDS_BEFORE = 6
_BAND = 0.08  # of the page's height, where running headers and footers stand
_NAME_MOST = 5
_LONG_NUMBER = re.compile(r"(?<![\w/-])[\dOo@lISBZ]{6,}(?!\w)")
_YEAR = re.compile(r"(?:18|19|20)\d{2}|\d{1,2}[/\-.]\d{1,2}[/\-.]\d{2}")
_NO_PATIENTS_LINE = re.compile(r"\b(?:fax|tel|phone|st|ave|rd|suite|street|rev|form|printed)\b|\d:\d\d", re.IGNORECASE)


def named_in_prose(layout: Layout, labels: Labels) -> Iterator[str]:
    """Words that stand where running text names its patient: "Raymond,W. Kelly, a 45-year-old"."""
    for token in range(len(layout.tokens)):
        if not _AGED.match(layout.tokens[token].text):
            continue
        start = max(layout.segment(token).start, token - _WORDS_BEFORE)
        words = [layout.tokens[n].text for n in range(start, token)]
        if words and bare(words[-1]) in ("a", "an"):
            words.pop()
        named = [word for word in words if may_be_named(word, labels)]
        if len(named) >= 2 and words[-1].endswith(","):
            yield " ".join(named)


def named_in_running_lines(layout: Layout, hits: tuple[Hit, ...], labels: Labels) -> Iterator[str]:
    """What stands where running headers and footers name the patient: before dates and numbers, however misread.

    Rows that have labels of names are read by these.
    """
    named_by_label = {
        layout.row_of(hit.start) for hit in hits if hit.meaning is Meaning.NAME or hit.owner is Owner.PATIENT
    }
    said = hits_by_token(hits)
    for row, (start, stop) in enumerate(layout.rows):
        middle = layout.tokens[start].middle / layout.height
        if row in named_by_label or _BAND < middle < 1 - _BAND:
            continue
        texts = [layout.tokens[n].text for n in range(start, stop)]
        first = next((n for n, text in enumerate(texts) if ":" in text or any(map(str.isdigit, text))), len(texts))
        own = [text for n, text in enumerate(texts[:first], start) if n not in said]
        named = [text for text in own if may_be_named(text, labels)]
        rest = " ".join(texts[first:])
        if 2 <= len(named) <= _NAME_MOST and len(named) >= first - 2 and _tells_more(rest):
            yield " ".join(named)


def _tells_more(text: str) -> bool:
    """Whether what follows a name are dates, numbers and a sex, and no letterhead's or fax machine's line."""
    numbers = len(_LONG_NUMBER.findall(text)) + len(_YEAR.findall(text))
    return numbers >= 2 and not _NO_PATIENTS_LINE.search(text)


def may_be_named(word: str, labels: Labels) -> bool:
    """Whether a word, however misread, may be part of somebody's name."""
    inner = bare(word)
    letters = sum(map(str.isalpha, inner))
    title = labels.has(WordList.TITLES, inner) or labels.has(WordList.PROVIDER_TITLES, inner)
    return letters > 1 and word[:1].isupper() and not title and not labels.has(WordList.NEVER_NAMES, inner)
