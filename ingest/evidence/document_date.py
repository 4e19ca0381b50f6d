"""The date that a document speaks of: the collection of a specimen, a visit, a discharge; not when it was printed.

Promise: pure and total. None when no label of the type's dates has one; never a birth date, a fax machine's, a
printing's or an expiry.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rapidfuzz import fuzz

from ingest.evidence.dates import as_date, find_dates
from ingest.evidence.doctypes import DocType, Kind
from ingest.evidence.fields import Labelled
from ingest.evidence.find import ReadOnce
from ingest.evidence.labels import Meaning
from ingest.evidence.layout import Layout
from ingest.evidence.spelling import fold, words_of
from ingest.evidence.values import SiteFacts

_ALIKE = 86.0
_LETTER_HEAD = (0.05, 0.5)  # of the page's height: where a letter's own date stands alone in its line
_LETTERS = (DocType.REFERRAL, DocType.CORRESPONDENCE, DocType.CONSULT_NOTE)
_OLDEST = 1900


def document_date_of(pages: Sequence[ReadOnce], kind: Kind, site: SiteFacts) -> date | None:
    """The date that a document of this kind speaks of, from its pages in order."""
    for wanted in kind.dates:
        for page in pages:
            for pair in page.pairs:
                day = _day(pair, site)
                if day is not None and _is_label(page.layout, pair, wanted):
                    return day
    if kind.type in _LETTERS and pages:
        return _letters_date(pages[0].layout, site)
    return None


def _day(pair: Labelled, site: SiteFacts) -> date | None:
    if pair.hit.meaning is not Meaning.OTHER_DATE:
        return None
    day = as_date(pair.run.value)
    return day if day is not None and day.year >= _OLDEST and day <= site.today else None


def _is_label(layout: Layout, pair: Labelled, wanted: str) -> bool:
    text = fold("".join(words_of(layout.text(range(pair.hit.start, pair.hit.stop)))))
    label = fold("".join(words_of(wanted)))
    return text == label or (min(len(text), len(label)) >= 6 and fuzz.ratio(text, label) >= _ALIKE)


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
