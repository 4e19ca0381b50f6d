"""Which pages of a scan are one document: the evidence of neighbouring pages held against each other.

Promises: pure; every written page is in exactly one part. A cut that is not certain is not made: it is proposed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.evidence.boundaries import Cut, Leaf, find_cuts
from ingest.evidence.notes import PageNotes
from ingest.evidence.people import two_people
from ingest.evidence.separators import Mark
from ingest.evidence.unread import NAMED
from ingest.house import House
from ingest.judging import Noted, decided, findings_on, pages_against
from ingest.model import Role
from matchers.patient import PERSONAL

_PATIENTS = (Role.PATIENT, Role.NEWBORN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The pages of one document of a scan, where more documents may begin among them, and the cover sheet, if one is
    the nearest sheet before it."""

    pages: tuple[Noted, ...]
    proposed: tuple[Cut, ...]
    cover: PageNotes | None


def parts_of(pages: Sequence[Noted], sheets: Sequence[PageNotes], house: House) -> Iterator[Part]:
    """The documents among the written pages of a scan, in order; `sheets` are the separators laid between them."""
    numbered = {page.page: page for page in pages}
    leaves = []
    for at, page in enumerate(pages):
        before = pages[at - 1].page if at else 0
        laid = next((sheet.page for sheet in sheets if before < sheet.page < page.page), None)
        begins = None if laid is None else f"A separator, page {laid}, lies before page {page.page}."
        if isinstance(page, PageNotes) and page.mark is Mark.BEGINS:
            begins = f"Page {page.page} bears a separator's mark."
        leaves.append(_leaf(page, begins))
    cuts = find_cuts(
        leaves, lambda held, page: _another_patient([numbered[one] for one in held], numbered[page], house)
    )
    begun = [pages[0].page if pages else 0, *(cut.before for cut in cuts if cut.certain)]
    for first, beyond in zip(begun, [*begun[1:], math.inf], strict=True):
        own = tuple(page for page in pages if first <= page.page < beyond)
        if own:
            sheet = max((sheet for sheet in sheets if sheet.page < own[0].page), key=lambda one: one.page, default=None)
            yield Part(
                pages=own,
                proposed=tuple(c for c in cuts if not c.certain and first <= c.before < beyond),
                cover=sheet if sheet is not None and sheet.cover is not None else None,
            )


def _leaf(page: Noted, begins: str | None) -> Leaf:
    fields = {one.field for one in findings_on((page,)) if one.role in _PATIENTS and one.confidence >= NAMED}
    told = len(fields.intersection(PERSONAL))
    looks = page.looks if isinstance(page, PageNotes) else None
    return Leaf(page=page.page, looks=looks, named=told > 0, introduced=told > 1, begins=begins)


def _another_patient(held: Sequence[Noted], page: Noted, house: House) -> str | None:
    """Why a page is another patient's than the pages before it: they name two, or whose either is speaks against it."""
    near = [*held[:2], *held[2:][-4:]]  # so that a long document costs no more than a short one
    before, own = findings_on(near), findings_on((page,))
    together = (*before, *own)
    if two_people(before) is None and two_people(own) is None and (both := two_people(together)) is not None:
        return both
    for findings, others in ((before, (page,)), (own, near)):
        mrn = decided(findings, house).mrn
        patient = house.index.patient(mrn) if mrn else None
        numbers = [other.page for other in others]
        if patient is not None and (against := pages_against(patient, numbers, together, house)):
            return against[0]
    return None
