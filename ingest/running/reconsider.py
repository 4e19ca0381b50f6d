"""What a document's whole text says of a decision that rested on the upper part of its pages.

Promises: pure. What the program decided ends as if all the text had been read at once: where a rest could not be
read, with a person. What a person decided stands, and what speaks against it is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest import pipeline
from ingest.evidence.notes import PageNotes
from ingest.house import House
from ingest.judging import Judged, Noted, judge, note, speaks_against
from ingest.ledger import DecisionRow, Reconsidered
from ingest.ledger.documents import PIPELINE
from ingest.model import Disposition, Document, DocumentState, PageArtefact, PageOutcome
from matchers.explain import listed

_RECALLED = "Text that was read later speaks against this patient"
_NOT_ENOUGH = "With all its text read, the program would not have filed it by itself"


def reconsider(
    document: Document, history: Sequence[DecisionRow], pages: Sequence[PageOutcome], house: House
) -> Reconsidered:
    """The document in the light of `pages`, its own, whole as far as they could be read."""
    last = history[-1] if history else None
    by_program = last is not None and last.act == PIPELINE
    disposition: Disposition | None = None
    against: tuple[str, ...] = ()
    match document.state:
        case DocumentState.FILED if by_program:
            disposition = _recalled(document, pages, house)
        case DocumentState.FILED:
            against = _objections(document, *_judged(pages, house), house)
        case DocumentState.REVIEW if by_program:
            disposition = _decided_anew(document, pages, house)
        case _:
            pass
    stays = document.state is DocumentState.FILED and disposition is None
    return Reconsidered(
        document_id=document.id, version=document.version, disposition=disposition, against=against, rewrite=stays
    )


def _recalled(document: Document, pages: Sequence[PageOutcome], house: House) -> Disposition | None:
    """The way to review for what the program would not file to this patient now."""
    noted, judged = _judged(pages, house)
    unread = _rest_unread(pages)
    patient = house.index.patient(document.mrn) if document.mrn else None  # merged with another since, perhaps
    if judged.mrn is not None and patient is not None and judged.mrn == patient.mrn and not unread:
        return None
    objections = _objections(document, noted, judged, house)
    first, *others = dict.fromkeys((*objections, *judged.disposition.reasons))
    if objections or judged.mrn not in (None, document.mrn):
        return replace(judged.disposition, reasons=(f"{_RECALLED}: {first}", *others, *unread))
    if unread:
        return replace(judged.disposition, reasons=(*unread, first, *others))
    return replace(judged.disposition, reasons=(f"{_NOT_ENOUGH}: {first}", *others))


def _decided_anew(document: Document, pages: Sequence[PageOutcome], house: House) -> Disposition | None:
    """What becomes of a document that waits untouched, where its text changes that or its reasons."""
    fresh = pipeline.settle(document.scan, pages, house)
    if unread := _rest_unread(pages):
        fresh = replace(fresh, state=DocumentState.REVIEW, mrn=None, reasons=(*unread, *fresh.reasons))
    same = fresh.state is document.state and fresh.reasons == document.reasons and fresh.findings == document.findings
    return None if same else fresh


def _rest_unread(pages: Sequence[PageOutcome]) -> tuple[str, ...]:
    """The pages of which a part stays unread: somebody else may be named there."""
    numbers = [page.page for page in pages if isinstance(page, PageArtefact) and page.read_to_px is not None]
    if not numbers:
        return ()
    which = f"page {numbers[0]}" if len(numbers) == 1 else f"pages {listed(list(map(str, numbers)))}"
    return (f"The rest of {which} could not be read: please look at the paper.",)


def _judged(pages: Sequence[PageOutcome], house: House) -> tuple[tuple[Noted, ...], Judged]:
    noted = tuple(note(page, house) for page in pages)
    return noted, judge(noted, house)


def _objections(document: Document, pages: Sequence[Noted], judged: Judged, house: House) -> tuple[str, ...]:
    read = tuple(page for page in pages if isinstance(page, PageNotes))
    return speaks_against(document.mrn, read, judged.disposition.findings, house)
