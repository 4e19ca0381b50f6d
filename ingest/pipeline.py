"""The whole way of one scan, from pages that were read to what becomes of each of them.

    reading    → a `PageOutcome` for every page                     (reading.tasks, in worker processes)
    evidence   → `Finding`s: which values stand on which page, and whose they are; where documents begin and end
    matchers   → `Decision`: which patient, how certainly, and why
    here       → `Disposition`s: file, review, separator, blank …   (recorded by the ledger)
    filing     → the PDF in the patient's folder                    (filing.pdf, in a worker process)

Promises: pure, so that any decision can be replayed; every page of the scan stands in exactly one
disposition; nothing is filed that a page of the document speaks against.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.evidence.boundaries import Cut, Leaf, find_cuts
from ingest.evidence.find import SiteFacts, find_evidence
from ingest.evidence.identity import identifiers_of
from ingest.evidence.labels import Labels
from ingest.evidence.page_looks import looks_of
from ingest.evidence.people import two_people
from ingest.evidence.separators import Mark, separator_mark
from ingest.evidence.unread import begins_anew, find_unread, hides_somebody, written_otherwise
from ingest.model import (
    Disposition,
    DocumentState,
    FileRefused,
    Finding,
    PageArtefact,
    PageFailure,
    PageOutcome,
    PageTrouble,
    Role,
    Scan,
)
from ingest.settings import Settings, Unattended
from matchers import Decision, Field, Outcome, Patient, PatientIndex, Policy, decide, holds_against

_NAMED = 0.5
_PATIENTS = (Role.PATIENT, Role.NEWBORN)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """All that deciding rests on: labels and patterns of the site, its patients, its policy."""

    labels: Labels
    facts: SiteFacts
    index: PatientIndex
    policy: Policy
    settings: Settings
    filing_stopped: bool


def dispose(scan: Scan, pages: Sequence[PageOutcome], house: House) -> tuple[Disposition, ...]:
    """What becomes of each page of a scan: its documents, separators, blank pages, and pages beyond reading."""
    blank = tuple(page.page for page in pages if isinstance(page, PageArtefact) and page.blank)
    lost = tuple(page for page in pages if isinstance(page, PageFailure) and not page.has_picture)
    kept = tuple(page for page in pages if page.page not in blank and page not in lost)
    found = {page.page: _findings_of(page, house) for page in kept}
    marks = {page.page: separator_mark(page, found[page.page]) for page in kept if isinstance(page, PageArtefact)}
    sheets = tuple(page.page for page in kept if marks.get(page.page) is Mark.SHEET)
    written = tuple(page for page in kept if page.page not in sheets)

    dispositions = [_quarantined_page(page, [other.page for other in pages]) for page in lost]
    dispositions += [_settle_part(scan, part, found, house) for part in _parts(written, sheets, marks, found, house)]
    if sheets:
        reason = ("A separator: documents end and begin here.",)
        dispositions.append(Disposition(pages=sheets, state=DocumentState.SEPARATOR, reasons=reason))
    if blank:
        nothing = "Nothing is written on this page." if len(blank) == 1 else "Nothing is written on these pages."
        dispositions.append(Disposition(pages=blank, state=DocumentState.BLANK, reasons=(nothing,)))
    return tuple(dispositions)


def refuse(refused: FileRefused) -> tuple[Disposition, ...]:
    """A file that cannot be opened: one line, no pages, the bytes stay in the spool."""
    return (Disposition(pages=(), state=DocumentState.QUARANTINED, reasons=(refused.reason,)),)


def duplicate(of: str, pages: int) -> tuple[Disposition, ...]:
    """The same bytes as an earlier scan that was kept."""
    reason = f"The same bytes were taken in before, as scan {of}."
    return (Disposition(pages=tuple(range(1, pages + 1)), state=DocumentState.DUPLICATE, reasons=(reason,)),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The pages of one document of a scan, and where more documents may begin among them."""

    pages: tuple[PageOutcome, ...]
    proposed: tuple[Cut, ...]


def _parts(
    pages: Sequence[PageOutcome],
    sheets: Sequence[int],
    marks: Mapping[int, Mark | None],
    found: Mapping[int, Sequence[Finding]],
    house: House,
) -> Iterator[Part]:
    """The documents among the written pages of a scan, in order."""
    leaves = []
    for at, page in enumerate(pages):
        before = pages[at - 1].page if at else 0
        laid = next((sheet for sheet in sheets if before < sheet < page.page), None)
        begins = None if laid is None else f"A separator, page {laid}, lies before page {page.page}."
        if marks.get(page.page) is Mark.BEGINS:
            begins = f"Page {page.page} bears a separator's mark."
        leaves.append(_leaf(page, found[page.page], begins))
    cuts = find_cuts(leaves, lambda held, page: _another_patient(held, page, found, house))
    begun = [pages[0].page if pages else 0, *(cut.before for cut in cuts if cut.certain)]
    for first, beyond in zip(begun, [*begun[1:], math.inf], strict=True):
        own = tuple(page for page in pages if first <= page.page < beyond)
        if own:
            yield Part(pages=own, proposed=tuple(c for c in cuts if not c.certain and first <= c.before < beyond))


def _leaf(page: PageOutcome, findings: Sequence[Finding], begins: str | None) -> Leaf:
    fields = {one.field for one in findings if one.role in _PATIENTS and one.confidence >= _NAMED}
    told = len(fields & {Field.NAME, Field.BIRTH_DATE, Field.MRN})
    looks = looks_of(page) if isinstance(page, PageArtefact) else None
    return Leaf(page=page.page, looks=looks, named=told > 0, introduced=told > 1, begins=begins)


def _another_patient(
    held: Sequence[int], page: int, found: Mapping[int, Sequence[Finding]], house: House
) -> str | None:
    """Why a page is another patient's than the pages before it: they name two, or whose either is speaks against it."""
    near = tuple(dict.fromkeys((*held[:2], *held[-4:])))  # so that a long document costs no more than a short one
    before, own = [finding for one in near for finding in found[one]], list(found[page])
    together = (*before, *own)
    if two_people(before) is None and two_people(own) is None and (both := two_people(together)) is not None:
        return both
    for findings, others in ((before, (page,)), (own, near)):
        mrn = _decided(findings, house).mrn
        patient = house.index.patient(mrn) if mrn else None
        if patient is not None and (against := pages_against(patient, others, together, house)):
            return against[0]
    return None


def _settle_part(scan: Scan, part: Part, found: Mapping[int, tuple[Finding, ...]], house: House) -> Disposition:
    """What becomes of one document; where another may begin in it, a person decides, with the cut proposed."""
    if not part.proposed:
        return settle(scan, part.pages, house, found)
    held = judge(part.pages, house, found).disposition
    asked = (f"Split before page {cut.before}? {cut.reason}" for cut in part.proposed)
    return replace(held, reasons=(*asked, *held.reasons))


def settle(
    scan: Scan, pages: Sequence[PageOutcome], house: House, found: Mapping[int, tuple[Finding, ...]] | None = None
) -> Disposition:
    """What becomes of one document: filed where it is certain whose it is and the site lets the program act alone."""
    judged = judge(pages, house, found)
    if judged.mrn is None:
        return judged.disposition
    return _with_permission(judged.disposition, judged.mrn, scan, house)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Whose a document is: `mrn` is set where that is certain enough to act without a person.

    `disposition` sends it to review, with all that was weighed; objections come first among its reasons.
    """

    disposition: Disposition
    mrn: str | None


def judge(pages: Sequence[PageOutcome], house: House, found: Mapping[int, tuple[Finding, ...]] | None = None) -> Judged:
    """Whose document is it, and is that certain enough to act without a person? `found` spares finding again."""
    read = tuple(page for page in pages if isinstance(page, PageArtefact))
    findings = tuple(finding for page in read for finding in (found[page.page] if found else _findings_of(page, house)))
    decision = _decided(findings, house)
    disposition = Disposition(
        pages=tuple(page.page for page in pages),
        state=DocumentState.REVIEW,
        reasons=decision.reasons,
        probability=decision.probability,
        findings=findings,
        candidates=decision.candidates,
        index_generation=decision.index_generation,
        fingerprint=decision.fingerprint,
        threshold=decision.threshold,
    )
    objections = (
        *_unread(pages),
        *speaks_against(decision.mrn, read, findings, house),
    )
    if decision.outcome is not Outcome.FILE or objections:
        return Judged(disposition=replace(disposition, reasons=(*objections, *decision.reasons)), mrn=None)
    return Judged(disposition=disposition, mrn=decision.mrn)


def _findings_of(page: PageOutcome, house: House) -> tuple[Finding, ...]:
    return find_evidence(page, house.labels, house.facts) if isinstance(page, PageArtefact) else ()


def _decided(findings: Sequence[Finding], house: House) -> Decision:
    identifiers = identifiers_of(findings)
    return decide(
        identifiers,
        house.index.candidates(identifiers),
        population=house.index.population,
        policy=house.policy,
        generation=house.index.generation,
    )


def _with_permission(certain: Disposition, mrn: str, scan: Scan, house: House) -> Disposition:
    """Files what is certain where the site lets the program act alone; else says what it would have done."""
    mode = house.settings.unattended_for(scan.origin, certain.type)
    if house.filing_stopped:
        mode = Unattended.OFF
        why = "Unattended filing was stopped by the stop switch"
    else:
        why = f'Unattended filing is "{mode}" here'
    match mode:
        case Unattended.ON:
            return replace(certain, state=DocumentState.FILED, mrn=mrn)
        case Unattended.SHADOW:
            reasons = (f"{why}: the program would have filed this by itself.", *certain.reasons)
            return replace(certain, would_file_mrn=mrn, reasons=reasons)
        case Unattended.OFF:
            return replace(certain, reasons=(f"{why}: a person decides.", *certain.reasons))


def speaks_against(
    mrn: str | None, pages: Sequence[PageArtefact], findings: Sequence[Finding], house: House
) -> tuple[str, ...]:
    """All that a document's pages say against filing it, and filing it to this patient, in a clerk's words."""
    both = two_people(findings)
    return (*((both,) if both else ()), *_against(mrn, pages, findings, house))


def _against(
    mrn: str | None, pages: Sequence[PageArtefact], findings: Sequence[Finding], house: House
) -> tuple[str, ...]:
    patient = house.index.patient(mrn) if mrn else None
    if patient is None:
        return ()
    numbers = [page.page for page in pages]
    return (
        *pages_against(patient, numbers, findings, house),
        *_codes_of_others(patient, pages, house),
        *_unread_identities(patient, pages, findings, house),
    )


def _unread_identities(
    patient: Patient, pages: Sequence[PageArtefact], findings: Sequence[Finding], house: House
) -> tuple[str, ...]:
    """Pages that may name somebody who could not be read: neither neighbours nor a sticker speak for them."""
    names = (f"{patient.first_name} {patient.last_name}", *patient.former_last_names)
    reasons: list[str] = []
    for page in pages:
        unread = find_unread(page, house.labels, house.facts)
        if len(pages) > 1 and hides_somebody(unread, tuple(findings)):
            reasons.append(f"Page {page.page}: it may name a patient, but that could not be read.")
        elif page is not pages[0] and begins_anew(unread, tuple(findings)):
            reasons.append(f"Page {page.page}: it says that it is a first page, and names nobody who could be read.")
        elif written_otherwise(unread, tuple(findings), names):
            reasons.append(f"Page {page.page}: the name written on the form does not look like the sticker's.")
    return tuple(reasons)


def _codes_of_others(patient: Patient, pages: Sequence[PageArtefact], house: House) -> tuple[str, ...]:
    """A lone barcode files nothing, but one that holds another patient's MRN speaks against filing."""
    owners = {
        (page.page, owner.mrn)
        for page in pages
        for code in page.barcodes
        if (owner := house.index.patient(code.text.strip())) and owner.mrn != patient.mrn
    }
    return tuple(f"Page {page}: its barcode is the MRN of another patient, {mrn}." for page, mrn in sorted(owners))


def pages_against(patient: Patient, pages: Iterable[int], findings: Sequence[Finding], house: House) -> tuple[str, ...]:
    """Every page's own identifiers, held against a document's patient: objections in a clerk's words."""
    against: list[str] = []
    whole = identifiers_of(findings, disputed=True)
    for page in pages:
        own = identifiers_of((finding for finding in findings if finding.page == page), disputed=True)
        vetoes = holds_against(
            own,
            patient,
            population=house.index.population,
            policy=house.policy,
            owners=house.index.candidates(own),
            document=whole,
        )
        against += [f"Page {page}: {veto.reason}" for veto in vetoes]
    return tuple(against)


def _unread(pages: Sequence[PageOutcome]) -> tuple[str, ...]:
    """Pages that only a person can read."""
    return tuple(
        f"Page {page.page} could not be read by the program ({_in_words(page.trouble)}): please look at it."
        for page in pages
        if isinstance(page, PageFailure)
    )


def _quarantined_page(page: PageFailure, all_pages: Sequence[int]) -> Disposition:
    reason = f"Page {page.page} cannot be opened ({_in_words(page.trouble)}): please scan it again."
    beside = [number for number in (page.page - 1, page.page + 1) if number in all_pages]
    if beside:
        reason += f" It lies beside page {' and page '.join(map(str, beside))}."
    return Disposition(pages=(page.page,), state=DocumentState.QUARANTINED, reasons=(reason,))


def _in_words(trouble: PageTrouble) -> str:
    match trouble:
        case PageTrouble.TIMEOUT:
            return "it took too long"
        case PageTrouble.CRASHED:
            return "the reader broke down on it"
        case PageTrouble.TOO_LARGE:
            return "it is larger than the site's limit"
        case PageTrouble.NO_PICTURE:
            return "its picture is damaged"
        case PageTrouble.OCR_FAILED:
            return "the text reader refused it"
