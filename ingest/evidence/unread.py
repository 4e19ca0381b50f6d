"""What a page would say of its patient, could it be read: labels whose values are missing or garbled.

Promise: pure. A page that names nobody because it says nothing, and one that names somebody whom OCR could
not read, are told apart: the second must not be filed on what its neighbours or a sticker say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from ingest.evidence.find import labels_and_values
from ingest.evidence.labels import Labels, Meaning, Owner, WordList
from ingest.evidence.layout import Layout, lay_out, overlap, without_bars
from ingest.evidence.page_numbers import page_number_of
from ingest.evidence.sections import find_headings, governing
from ingest.evidence.spelling import plain
from ingest.evidence.spotting import Hit, hits_by_token
from ingest.evidence.values import SiteFacts, reading_certainty
from ingest.model import Finding, PageArtefact, Role
from matchers.patient import Field

_IDENTITY = (Meaning.NAME, Meaning.LAST_NAME, Meaning.BIRTH_DATE, Meaning.MRN)
_PATIENTS = (None, Owner.PATIENT, Owner.NOBODY, Owner.MEMBER)
_OWN_FIELDS = (Field.NAME, Field.BIRTH_DATE, Field.MRN)
_READ = 0.5
_LEGIBLE = 0.8  # mean confidence of a page's letters; typed pages that people read with ease lie above
_REACH = 12.0  # heights of a line that a written value may lie right of its label
_WRITTEN_LETTERS = 5
_AGED = re.compile(r"\d{1,3}-?(?:year|yr|y/?o|month)", re.IGNORECASE)
_WORDS_BEFORE = 6
_BAND = 0.08  # of the page's height, where running headers and footers stand
_NAME_MOST = 5
_LONG_NUMBER = re.compile(r"(?<![\w/-])[\dOo@lISBZ]{6,}(?!\w)")
_YEAR = re.compile(r"(?:18|19|20)\d{2}|\d{1,2}[/\-.]\d{1,2}[/\-.]\d{2}")
_NO_PATIENTS_LINE = re.compile(r"\b(?:fax|tel|phone|st|ave|rd|suite|street|rev|form|printed)\b|\d:\d\d", re.IGNORECASE)
_INITIALS = 2
_WORD_ALIKE = 85.0
_ALIKE = 75.0  # rapidfuzz ratio; unrelated names lie around 30, but scraps of one ("Penna thel") at 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """What could not be read on one page.

    `labels` counts the kinds of the patient's identity labels without a value; `written` is what OCR made of
    the writing beside the label of a name that it read as no name, or as one without any certainty: as the
    first engine has it, then as the second. `legible` is false when the page as a whole read badly, `begins`
    is true when it says that it is the first page of a document.
    """

    page: int
    labels: int
    written: tuple[tuple[str, ...], ...]
    legible: bool
    begins: bool


def find_unread(artefact: PageArtefact, labels: Labels, site: SiteFacts) -> Unread:
    """The identity that one page promises and does not give."""
    words = without_bars(artefact.words, artefact.barcodes)
    layout = lay_out(words, artefact.read_width_px, artefact.read_height_px)
    hits, pairs = labels_and_values(layout, labels, site)
    headings = find_headings(layout, hits, pairs, labels)
    valued = {pair.hit.start for pair in pairs}
    doubtful = {pair.hit.start for pair in pairs if reading_certainty(layout, pair.run.tokens) < _READ}
    empty, unsure = [], []
    for hit in hits:
        heading = governing(layout, hit.start, headings)
        others = heading is not None and heading.owner not in _PATIENTS
        if not hit.formal or hit.owner not in _PATIENTS or others:
            continue
        if hit.start not in valued:
            empty.append(hit)
        if hit.start not in valued or hit.start in doubtful:
            unsure.append(hit)
    names = [hit for hit in unsure if hit.colon and (hit.meaning is Meaning.NAME or hit.owner is Owner.PATIENT)]
    return Unread(
        page=artefact.page,
        labels=len({_kind(hit) for hit in empty if hit.meaning in _IDENTITY}),
        written=(
            *((text, *_read_again(artefact, layout, hit)) for hit in names if (text := _beside(layout, hits, hit))),
            *((text,) for text in _told_in_prose(layout, labels)),
            *((text,) for text in _running_names(layout, hits, labels)),
        ),
        legible=_mean_confidence(artefact) >= _LEGIBLE,
        begins=(counted := page_number_of(layout)) is not None and counted.number == 1,
    )


def hides_somebody(unread: Unread, findings: tuple[Finding, ...]) -> bool:
    """Whether a page that names nobody may well name somebody who could not be read."""
    return _names_nobody(unread, findings) and (not unread.legible or unread.labels >= 2)


def begins_anew(unread: Unread, findings: tuple[Finding, ...]) -> bool:
    """Whether a page that names nobody says that it is the first of a document: not that of the pages before it."""
    return unread.begins and _names_nobody(unread, findings)


def _names_nobody(unread: Unread, findings: tuple[Finding, ...]) -> bool:
    own = (f for f in findings if f.page == unread.page and f.role is Role.PATIENT and f.field in _OWN_FIELDS)
    return not any(finding.confidence >= _READ for finding in own)


def written_otherwise(unread: Unread, findings: tuple[Finding, ...], names: tuple[str, ...]) -> str | None:
    """The writing beside the label of the name, where it looks like none of `names`.

    None where the page itself names its patient behind a label: what has none may be an imprint, or a label stuck on.
    """
    printed = any(
        finding.page == unread.page
        and finding.field is Field.NAME
        and finding.role is Role.PATIENT
        and finding.confidence >= _READ
        and finding.label is not None
        and not finding.place.startswith("sticker")
        for finding in findings
    )
    if printed:
        return None
    wanted = [_full_words(name) for name in names]
    for readings in unread.written:
        if not any(_alike(_full_words(text), name) for text in readings for name in wanted):
            return readings[0]
    return None


def _alike(text: str, name: str) -> bool:
    """Whether a text may be a name, or a part of it ("Van Berg" of Ryan Van der Berg)."""
    if fuzz.partial_token_sort_ratio(text, name) >= _ALIKE:
        return True
    return all(any(fuzz.ratio(word, part) >= _WORD_ALIKE for part in name.split()) for word in text.split())


def _full_words(name: str) -> str:
    """A name without initials and suffixes: the registered one may have others."""
    words = plain(name).split()
    return " ".join([word for word in words if sum(map(str.isalpha, word)) > _INITIALS] or words)


def _kind(hit: Hit) -> Meaning | None:
    return Meaning.NAME if hit.meaning is Meaning.LAST_NAME else hit.meaning


def _read_again(artefact: PageArtefact, layout: Layout, hit: Hit) -> tuple[str, ...]:
    """What the second engine read right of a label."""
    label = layout.tokens[hit.stop - 1].box
    texts = []
    for one in artefact.second:
        level = overlap(one.box.y0, one.box.y1, label.y0, label.y1) > 0.5
        beyond = one.box.x0 - label.x1
        if one.words and level and -layout.line_height < beyond < _REACH * layout.line_height:
            texts.append(" ".join(word.text for word in one.words))
    return tuple(texts)


def _beside(layout: Layout, hits: tuple[Hit, ...], hit: Hit) -> str | None:
    """What stands right of a label in its row, up to the next label; None when that is no writing."""
    labelled = hits_by_token(hits)
    row = layout.row_of(hit.start)
    words: list[str] = []
    last = hit.stop - 1
    for token in range(hit.stop, layout.rows[row][1]):
        if token in labelled or layout.gap(last, token) > _REACH * layout.line_height:
            break
        words.append(layout.tokens[token].text)
        last = token
    text = " ".join(words)
    return text if sum(char.isalpha() for char in text) >= _WRITTEN_LETTERS else None


def _told_in_prose(layout: Layout, labels: Labels) -> Iterator[str]:
    """Words that stand where running text names its patient: "Raymond,W. Kelly, a 45-year-old"."""
    for token in range(len(layout.tokens)):
        if not layout.tokens[token].text[:1].isdigit() or not _AGED.match(layout.text(range(token, token + 1))):
            continue
        start = max(layout.segment(token).start, token - _WORDS_BEFORE)
        words = [layout.tokens[n].text for n in range(start, token)]
        if words and plain(words[-1]).strip(",.") in ("a", "an"):
            words.pop()
        named = [word for word in words if _may_be_named(word, labels)]
        if len(named) >= 2 and words[-1].endswith(","):
            yield " ".join(named)


def _running_names(layout: Layout, hits: tuple[Hit, ...], labels: Labels) -> Iterator[str]:
    """What stands where running headers and footers name the patient: before dates and numbers, however misread.

    Rows that have labels of names are read by these.
    """
    named_by_label = {
        layout.row_of(hit.start) for hit in hits if hit.meaning is Meaning.NAME or hit.owner is Owner.PATIENT
    }
    for row, (start, stop) in enumerate(layout.rows):
        middle = layout.tokens[start].middle / layout.height
        if row in named_by_label or _BAND < middle < 1 - _BAND:
            continue
        texts = [layout.tokens[n].text for n in range(start, stop)]
        first = next((n for n, text in enumerate(texts) if ":" in text or any(map(str.isdigit, text))), len(texts))
        named = [text for text in texts[:first] if _may_be_named(text, labels)]
        rest = " ".join(texts[first:])
        if 2 <= len(named) <= _NAME_MOST and len(named) >= first - 2 and _tells_more(rest):
            yield " ".join(named)


def _tells_more(text: str) -> bool:
    """Whether what follows a name are dates, numbers and a sex, and no letterhead's or fax machine's line."""
    numbers = len(_LONG_NUMBER.findall(text)) + len(_YEAR.findall(text))
    return numbers >= 2 and not _NO_PATIENTS_LINE.search(text)


def _may_be_named(word: str, labels: Labels) -> bool:
    bare = plain(word).strip(",.;:()")
    letters = sum(map(str.isalpha, bare))
    title = labels.has(WordList.TITLES, bare) or labels.has(WordList.PROVIDER_TITLES, bare)
    return letters > 1 and word[:1].isupper() and not title and not labels.has(WordList.NEVER_NAMES, bare)


def _mean_confidence(artefact: PageArtefact) -> float:
    letters = sum(len(word.text) for word in artefact.words)
    if letters == 0:
        return 0.0
    return sum(word.confidence * len(word.text) for word in artefact.words) / letters
