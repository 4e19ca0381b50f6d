"""How final a report calls itself, and by which number the laboratory knows it.

Promise: pure. None where the paper does not say: most of it does not.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.evidence.doctypes import DocType
from ingest.evidence.find import ReadOnce
from ingest.evidence.labels import Meaning
from ingest.evidence.layout import Layout
from ingest.evidence.spelling import fold, plain
from ingest.model import ReportStatus
from matchers.normalise import normalise_identifier

REPORTS = (DocType.LAB_REPORT, DocType.RADIOLOGY_REPORT, DocType.PATHOLOGY_REPORT, DocType.EKG)
_WORDS = {
    ReportStatus.CORRECTED: ("corrected", "amended", "addendum", "revised"),
    ReportStatus.PRELIMINARY: ("preliminary", "prelim", "interim", "unconfirmed"),
    ReportStatus.FINAL: ("final", "finalized", "complete"),
}
_BESIDE = frozenset(("report", "status", "result", "results", "reported", "laboratory", "lab", "copy", "page", "of"))
_MOST_WORDS = 5
_NUMBERS = ("accession", "case", "path", "specimen", "lab", "order")


def status_on(page: Layout) -> ReportStatus | None:
    """What stands as a status somewhere on a page, alone or beside such words as "report" and "status"."""
    told = set(_told(page))
    return next((status for status in _WORDS if status in told), None)


def _told(layout: Layout) -> Iterator[ReportStatus]:
    for segment in layout.segments:
        tokens = layout.tokens[segment.start : segment.stop]
        words = [word for token in tokens if (word := plain(token.text).strip(".,:;()*[]"))]
        if not 0 < len(words) <= _MOST_WORDS:
            continue
        for status, meant in _WORDS.items():
            said = [word for word in words if word in meant]
            rest = [word for word in words if word not in meant]
            capital = all(token.text.isupper() for token in tokens if plain(token.text).strip(".,:;()*[]") in meant)
            if said and (all(word in _BESIDE for word in rest) if rest else capital):
                yield status


def accession_on(page: ReadOnce) -> str | None:
    """The number of a specimen, study or case, as the first label tells it."""
    for pair in page.pairs:
        label = fold(page.layout.text(range(pair.hit.start, pair.hit.stop)))
        if pair.hit.meaning is Meaning.OTHER_NUMBER and any(fold(word) in label for word in _NUMBERS):
            return normalise_identifier(pair.run.value) or None
    return None
