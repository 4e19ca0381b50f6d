"""What a page would say of its patient, could it be read: labels whose values are missing or garbled.

Promise: pure. A page that names nobody because it says nothing, and one that names somebody whom OCR could
not read, are told apart: the second must not be filed on what its neighbours or a sticker say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from ingest.evidence.agreement import inside, words_of_second
from ingest.evidence.find import labels_and_values
from ingest.evidence.labels import Labels, Meaning, Owner, WordList
from ingest.evidence.layout import Layout, around, lay_out, overlap, without_bars
from ingest.evidence.page_numbers import page_number_of
from ingest.evidence.regions import Regions
from ingest.evidence.sections import find_headings, governing
from ingest.evidence.spelling import plain
from ingest.evidence.spotting import Hit
from ingest.evidence.values import SiteFacts, reading_certainty
from ingest.model import Finding, PageArtefact, Role, Word
from matchers.patient import Field

_IDENTITY = (Meaning.NAME, Meaning.LAST_NAME, Meaning.BIRTH_DATE, Meaning.MRN)
_PATIENTS = (None, Owner.PATIENT, Owner.NOBODY, Owner.MEMBER)
_OWN_FIELDS = (Field.NAME, Field.BIRTH_DATE, Field.MRN)
_READ = 0.5
_SAYS_SOMETHING = 0.3  # a name behind a label that may be none is less
_LEGIBLE = 0.8  # mean confidence of a page's letters; typed pages that people read with ease lie above
_REACH = 12.0  # heights of a line between the words of a written value
_FAR = 0.42  # of the page's width, between a label and what was written for it
_BELOW = 3.0  # heights of a line
_CLEAR = 0.8
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
    page = _look_through(artefact.words, artefact, labels, site)
    layout = page.layout
    return Unread(
        page=artefact.page,
        labels=len({_kind(hit) for hit in page.empty if hit.meaning in _IDENTITY}),
        written=(
            *(texts for hit in page.names if (texts := _written_for(artefact, page, hit))),
            *_behind_labels_of_second(page, artefact, labels, site),
            *((text,) for text in _told_in_prose(layout, labels)),
            *((text,) for text in _running_names(layout, page.hits, labels)),
        ),
        legible=_mean_confidence(artefact) >= _LEGIBLE,
        begins=(counted := page_number_of(layout)) is not None and counted.number == 1,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Promised:
    """The patient's labels in some words: those without a value, and those of names without one that is sure."""

    layout: Layout
    hits: tuple[Hit, ...]
    empty: tuple[Hit, ...]
    names: tuple[Hit, ...]
    regions: Regions


def _look_through(words: Sequence[Word], artefact: PageArtefact, labels: Labels, site: SiteFacts) -> _Promised:
    seen = without_bars(words, artefact.barcodes)
    layout = lay_out(seen, artefact.read_width_px, artefact.read_height_px)
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
    return _Promised(
        layout=layout,
        hits=hits,
        empty=tuple(empty),
        names=tuple(hit for hit in unsure if _asks_for_a_name(hit)),
        regions=Regions(layout, hits, labels),
    )


def _asks_for_a_name(hit: Hit) -> bool:
    if hit.meaning in (Meaning.NAME, Meaning.LAST_NAME):
        return True
    return hit.owner is Owner.PATIENT and (hit.colon or hit.meaning is None)


def _behind_labels_of_second(
    page: _Promised, artefact: PageArtefact, labels: Labels, site: SiteFacts
) -> Iterator[tuple[str, ...]]:
    """The writing beside labels that only the second engine could read."""
    if not any(one.words for one in artefact.second):
        return
    again = _look_through(words_of_second(artefact.words, artefact.second), artefact, labels, site)
    known = [page.layout.tokens[token].box for hit in page.hits for token in range(hit.start, hit.stop)]
    for hit in again.names:
        if any(inside(again.layout.tokens[hit.start].box, box) for box in known):
            continue
        if texts := _written_first(again, hit):
            yield texts


def hides_somebody(unread: Unread, findings: tuple[Finding, ...]) -> bool:
    """Whether a page that names nobody may well name somebody who could not be read."""
    return _names_nobody(unread, findings) and (not unread.legible or unread.labels >= 2)


def begins_anew(unread: Unread, findings: tuple[Finding, ...]) -> bool:
    """Whether a page that names nobody says that it is the first of a document: not that of the pages before it."""
    return unread.begins and _names_nobody(unread, findings)


def _names_nobody(unread: Unread, findings: tuple[Finding, ...]) -> bool:
    own = (f for f in findings if f.page == unread.page and f.role is Role.PATIENT and f.field in _OWN_FIELDS)
    return not any(finding.confidence >= _READ for finding in own)


def written_otherwise(
    unread: Unread, findings: tuple[Finding, ...], names: tuple[str, ...], *, heard_from: float
) -> str | None:
    """The writing of the name on the form, where it looks like none of `names`.

    None where the page itself names its patient behind a label: as one of `names`, or so surely (`heard_from`, the
    matching policy's `weak_below`) that another name contradicts by itself. What has no label may be an imprint, or a
    label stuck on.
    """
    wanted = [_full_words(name) for name in names]

    def alike(*readings: str) -> bool:
        return any(_alike(_full_words(text), name) for text in readings for name in wanted)

    own = [finding for finding in findings if _names_on_the_form(finding, unread.page)]
    if any(one.confidence >= heard_from or (one.confidence >= _READ and alike(one.raw)) for one in own):
        return None
    unsure = ((one.raw, *_other_reading(one)) for one in own if one.confidence >= _SAYS_SOMETHING)
    readings = (*unread.written, *unsure)
    return next((texts[0] for texts in readings if not alike(*texts)), None)


def may_be_anothers(unread: Unread, findings: tuple[Finding, ...], names: tuple[str, ...]) -> bool:
    """Whether a page reads so badly that whoever its form names may have gone unseen: its patient stands on it without
    a label, as on a sticker or an imprint, and no label on it, of any role, nor on another page names them too.
    """
    wanted = [_full_words(name) for name in names]
    named = [
        finding
        for finding in findings
        if finding.field is Field.NAME and any(_alike(_full_words(finding.raw), name) for name in wanted)
    ]
    here = [finding for finding in named if finding.page == unread.page]
    labelled = any(finding.label is not None for finding in named)
    return not unread.legible and not labelled and bool(here or not _names_nobody(unread, findings))


def _names_on_the_form(finding: Finding, page: int) -> bool:
    return (
        finding.page == page
        and finding.field is Field.NAME
        and finding.role is Role.PATIENT
        and finding.label is not None
        and not finding.place.startswith("sticker")
    )


def _other_reading(finding: Finding) -> tuple[str, ...]:
    return () if finding.other_reading is None else (finding.other_reading,)


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


def _written_for(artefact: PageArtefact, page: _Promised, hit: Hit) -> tuple[str, ...]:
    """What either engine read where a label asks for it; () when that is no writing.

    Without a colon anything may stand there, and only what the first engine read badly is taken for writing.
    """
    first, again = _written_first(page, hit), _read_again(artefact, page.layout, hit)
    if first or (hit.colon and _is_writing(again)):
        return (*first, *again)
    return ()


def _written_first(page: _Promised, hit: Hit) -> tuple[str, ...]:
    """The first engine's part of it."""
    beside = _beside(page, hit)
    cells = [cell for cell in (beside, *(() if hit.colon else (page.regions.below(hit),))) if cell]
    texts = tuple(page.layout.text(cell) for cell in cells if hit.colon or _read_badly(page.layout, cell))
    return texts if _is_writing(texts) else ()


def _read_badly(layout: Layout, tokens: range) -> bool:
    return max(layout.tokens[token].confidence for token in tokens) < _CLEAR


def _is_writing(texts: tuple[str, ...]) -> bool:
    return any(sum(map(str.isalpha, text)) >= _WRITTEN_LETTERS for text in texts)


def _beside(page: _Promised, hit: Hit) -> range:
    """What stands right of a label in its row, up to the next label or a gap. Writing may begin far along its rule."""
    layout, region = page.layout, page.regions.beside(hit)
    stop = region.start
    for token in region:
        if token > region.start and layout.gap(token - 1, token) > _REACH * layout.line_height:
            break
        stop = token + 1
    return range(region.start, stop)


def _read_again(artefact: PageArtefact, layout: Layout, hit: Hit) -> tuple[str, ...]:
    """What the second engine read right of a label, or below one without a colon."""
    label, height = around(layout.tokens[token].box for token in range(hit.start, hit.stop)), layout.line_height
    texts = []
    for one in artefact.second:
        level = overlap(one.box.y0, one.box.y1, label.y0, label.y1) > 0.5
        beside = level and -height < one.box.x0 - label.x1 < _FAR * layout.width
        over = not hit.colon and overlap(one.box.x0, one.box.x1, label.x0, label.x1) > 0
        if one.words and (beside or (over and 0 <= one.box.y0 - label.y0 < _BELOW * height)):
            texts.append(" ".join(word.text for word in one.words))
    return tuple(texts)


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
