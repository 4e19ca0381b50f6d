"""The store of full text, kept in step with the ledger, and what is found in it as a clerk wants to see it.

Promises: what is found is as the ledger stands now, for each search first takes in what has changed; a document
that was withdrawn is not found from that moment on. A crash between ledger and store loses nothing: the store goes
on from the event that it has reached. A ledger put back from a copy makes the store start anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from ingest.errors import PaperchartError
from ingest.finding import FiledPages, Hit, PageText, Reached, Search, snippet
from ingest.finding.port import NOTHING
from ingest.ledger import SITE_ITSELF, Clearance
from ingest.model import Document, DocumentState, PageArtefact
from ingest.running.outcomes import load
from ingest.running.site import Site

_EVENTS = 200  # in one transaction of the store: bounds its memory and what a crash repeats


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page on which all words stand, the document it is of, and the line around the words.

    `page` is the page's number in the scan; `pdf_page` its number in the filed PDF, from 1.
    """

    document: Document
    page: int
    pdf_page: int
    snippet: str


def search_pages(
    site: Site, search: Search, *, limit: int, told: Callable[[int], None], clearance: Clearance = SITE_ITSELF
) -> tuple[Found, ...]:
    """At most `limit` pages, newest paper first, of those that `clearance` shows.

    `told` hears how many documents were taken in so far.
    """
    keep_in_step(site, told)
    found: list[Found] = []
    for number, hits in groupby(site.texts.find(search, limit=limit), key=lambda hit: hit.document):
        document = site.ledger.document(f"D{number:06d}")
        moved = search.mrn is not None and document.mrn != search.mrn
        if moved or document.state is not DocumentState.FILED:  # changed since a moment ago
            continue
        if site.ledger.may_see(document, clearance):
            found += [_found(document, hit, search) for hit in hits]
    return tuple(found)


def keep_in_step(site: Site, told: Callable[[int], None] = lambda _: None) -> None:
    """Takes in all that the ledger says has changed. Several may do it at once."""
    reached, taken = _reached(site), 0
    while (count := _step(site, reached)) is not None:
        reached = site.texts.reached()
        taken += count
        told(taken)


def _reached(site: Site) -> Reached:
    """How far the store is; one that knows events which this ledger does not is emptied."""
    reached = site.texts.reached()
    if reached != NOTHING and site.ledger.event_hash(reached.seq) != reached.hash:
        site.texts.clear()
        return NOTHING
    return reached


def _step(site: Site, reached: Reached) -> int | None:
    """Takes in some events behind `reached`: of how many documents, 0 where another was quicker; None at the end."""
    changes = site.ledger.changes_after(reached.seq, limit=_EVENTS)
    if changes is None:
        return None
    pages = tuple(_filed_pages(name, site) for name in changes.documents)
    taken = site.texts.take(pages, after=reached, now=Reached(seq=changes.seq, hash=changes.hash))
    return len(pages) if taken else 0


def rebuild(site: Site, told: Callable[[int], None] = lambda _: None) -> None:
    """Makes the store anew. What is being looked for meanwhile is found as far as it has come."""
    site.texts.clear()
    keep_in_step(site, told)


def try_to_keep_in_step(site: Site) -> PaperchartError | None:
    """A step of `keep_in_step` behind other work, which neither a store that fails nor one far behind must hold up.

    The next search makes up for the rest.
    """
    try:
        _step(site, _reached(site))
    except PaperchartError as error:
        return error
    return None


def _filed_pages(document_id: str, site: Site) -> FiledPages:
    document = site.ledger.document(document_id)
    number = int(document_id[1:])
    if document.state is not DocumentState.FILED or document.retired:
        return FiledPages(document=number, pages=())
    return FiledPages(
        document=number,
        pages=tuple(_texts(document, site)),
        mrn=document.mrn,
        type=document.type,
        day=document.document_date or document.scan.received_at.date(),
    )


def _texts(document: Document, site: Site) -> Iterator[PageText]:
    """The text of each page that was read. One whose artefact is gone is left out: `verify` tells of it."""
    for row in site.ledger.pages_of(document.scan.id):
        if row.number in document.pages and row.artefact_sha256 is not None:
            try:
                page = load(row, site)
            except (OSError, ValueError):
                continue
            if isinstance(page, PageArtefact):
                yield PageText(page=row.number, text=text_of(page))


def text_of(page: PageArtefact) -> str:
    """The words line by line, then what barcodes say."""
    lines = [" ".join(word.text for word in words) for _, words in groupby(page.words, key=lambda word: word.line)]
    return "\n".join((*lines, *(code.text for code in page.barcodes)))


def _found(document: Document, hit: Hit, search: Search) -> Found:
    return Found(
        document=document,
        page=hit.page,
        pdf_page=document.pages.index(hit.page) + 1,
        snippet=snippet(hit.text, search.terms),
    )
