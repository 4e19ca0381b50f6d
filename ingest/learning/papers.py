"""Documents whose type people told, with their words: what a classifier of types is trained and tried on.

Promises: read again from what reading kept, so that the rules are asked as they are now; of each paper a bag of words
is kept and no more. A document whose pages are not kept any more is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from ingest.errors import Damaged
from ingest.evidence.doctype import kinds_on, type_of
from ingest.evidence.doctypes import DocType
from ingest.evidence.layout import lay_out, without_bars
from ingest.evidence.terms import PAGES, term_of, terms_on, together
from ingest.ledger import TypeLesson
from ingest.model import PageArtefact
from ingest.running.outcomes import load
from ingest.running.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One document: its type as people told it, what the rules say now, its words, and those that name somebody on it.

    `patient` is the MRN it is filed to; `corrected` when people changed the type, else they let it stand.
    """

    scan_id: str
    told_at: datetime
    patient: str | None
    type: DocType
    corrected: bool
    by_rules: DocType | None
    terms: Mapping[str, int]
    names: frozenset[str]


def papers_of(site: Site, lessons: Iterable[TypeLesson]) -> Iterator[Paper]:
    """The papers of these lessons, in their order."""
    for lesson in lessons:
        if lesson.type not in list(DocType):
            continue  # of a version that knew other types
        document = site.ledger.document(lesson.document_id)
        rows = {row.number: row for row in site.ledger.pages_of(lesson.scan_id)}
        try:
            read = [load(rows[page], site) for page in document.pages[:PAGES]]
        except (Damaged, KeyError):
            continue
        pages = [page for page in read if isinstance(page, PageArtefact)]
        layouts = [
            lay_out(without_bars(page.words, page.barcodes), page.read_width_px, page.read_height_px) for page in pages
        ]
        typed = type_of([kinds_on(layout, site.doctypes) for layout in layouts], site.doctypes)
        named = " ".join(f"{finding.raw} {finding.value}" for finding in document.findings)
        yield Paper(
            scan_id=lesson.scan_id,
            told_at=lesson.told_at,
            patient=lesson.mrn,
            type=DocType(lesson.type),
            corrected=lesson.corrected,
            by_rules=typed.type if typed else None,
            terms=together(map(terms_on, layouts)),
            names=frozenset(filter(None, map(term_of, named.replace(",", " ").split()))),
        )
