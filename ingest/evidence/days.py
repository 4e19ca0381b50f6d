"""The date that a document speaks of: the collection of a specimen, a visit, a discharge; not when it was printed.

Promise: pure and total. None when no label of the type's dates has one; never a birth date, a fax machine's, a
printing's or an expiry.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.evidence.dates import as_date, find_dates
from ingest.evidence.doctype import ends_alike
from ingest.evidence.doctypes import DocType, Kind
from ingest.evidence.find import ReadOnce
from ingest.evidence.labels import Meaning
from ingest.evidence.layout import Layout
from ingest.evidence.spelling import fold, words_of
from ingest.evidence.values import SiteFacts

_WORDS_BEFORE = 4
_NOT_ITS_OWN = frozenset(map(fold, ("birth", "print", "printed", "fax", "exp", "expiration", "due", "issue", "rev")))
_LETTER_HEAD = (0.05, 0.5)  # of the page's height: where a letter's own date stands alone in its line
_LETTERS = (DocType.REFERRAL, DocType.CORRESPONDENCE, DocType.CONSULT_NOTE)
_OLDEST = 1900


@dataclass(frozen=True, slots=True, kw_only=True)
class DayNotes:
    """The days of one page: each with the folded words before it, and the one at the head of a letter, if it is one."""

    told: tuple[tuple[tuple[str, ...], date], ...]
    at_head: date | None


def days_on(page: ReadOnce, site: SiteFacts) -> DayNotes:
    """The days that a page tells, none of them to come."""
    return DayNotes(
        told=(*_labelled(page, site), *_behind_words(page, site)),
        at_head=_letters_date(page.layout, site),
    )


def document_date_of(pages: Sequence[DayNotes], kind: Kind) -> date | None:
    """The date that a document of this kind speaks of, from its pages in order."""
    told = [item for page in pages for item in page.told]
    for wanted in kind.dates:
        label = tuple(map(fold, words_of(wanted)))
        for words, day in told:
            if ends_alike(words, label) and not _another_date(words[: -len(label)]):
                return day
    return pages[0].at_head if kind.type in _LETTERS and pages else None


def _labelled(page: ReadOnce, site: SiteFacts) -> Iterator[tuple[tuple[str, ...], date]]:
    """The dates that stand beside or below their labels, with the labels' words."""
    for pair in page.pairs:
        if pair.hit.meaning is Meaning.OTHER_DATE and (day := _possible(pair.run.value, site)) is not None:
            yield _words(page.layout, range(pair.hit.start, pair.hit.stop)), day


def _behind_words(page: ReadOnce, site: SiteFacts) -> Iterator[tuple[tuple[str, ...], date]]:
    """The dates of the page with the words that stand right before them, a label or not."""
    layout = page.layout
    for start, stop in layout.rows:
        for run in find_dates(layout, range(start, stop), site, labelled=False, birth=False):
            if (day := _possible(run.value, site)) is not None:
                yield _words(layout, range(max(start, run.start - _WORDS_BEFORE), run.start)), day


def _words(layout: Layout, tokens: range) -> tuple[str, ...]:
    return tuple(folded for token in tokens if (folded := fold(layout.tokens[token].text)))


def _another_date(before: Sequence[str]) -> bool:
    """Whether what stands before a label makes it another one: "birth date", "print date"."""
    return bool(before) and before[-1] in _NOT_ITS_OWN


def _possible(value: str, site: SiteFacts) -> date | None:
    day = as_date(value)
    return day if day is not None and day.year >= _OLDEST and day <= site.today else None


def _letters_date(layout: Layout, site: SiteFacts) -> date | None:
    """The one date that stands alone in its line at the head of a letter."""
    low, high = _LETTER_HEAD
    found: set[date] = set()
    for segment in layout.segments:
        if not low < (segment.box.y0 + segment.box.y1) / 2 / layout.height < high:
            continue
        region = range(segment.start, segment.stop)
        for run in find_dates(layout, region, site, labelled=False, birth=False):
            day = as_date(run.value)
            alone = len(run.tokens) == len(region)
            if day is not None and alone and day <= site.today:
                found.add(day)
    return found.pop() if len(found) == 1 else None
