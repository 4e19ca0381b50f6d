"""Whose a document is: its pages' evidence, the decision, and all that speaks against acting on it.

Promises: pure, so that any decision can be replayed; whatever a page of the document says against its patient is
an objection, in a clerk's words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from ingest.evidence.completeness import flags_of
from ingest.evidence.days import document_date_of
from ingest.evidence.doctype import type_of
from ingest.evidence.doctypes import DocType
from ingest.evidence.identity import identifiers_of
from ingest.evidence.likeness import sketch_of
from ingest.evidence.notes import PageNotes, notes_of
from ingest.evidence.people import two_people
from ingest.evidence.reports import REPORTS
from ingest.evidence.separators import Cover
from ingest.evidence.terms import together
from ingest.evidence.unread import NAMED, Suspicion, TakenFor, named_on_the_form, suspicion_of
from ingest.house import House
from ingest.model import (
    Disposition,
    DocumentState,
    Finding,
    PageFailure,
    PageOutcome,
    PageTrouble,
    Traits,
)
from matchers import Decision, Outcome, Patient, agreeing_fields, decide, holds_against, lives_elsewhere
from matchers.explain import person
from matchers.patient import PERSONAL

Noted: TypeAlias = PageNotes | PageFailure
"""A page to be decided on: what was noted of it, or why it could not be read."""


def note(page: PageOutcome, house: House) -> Noted:
    """What is kept of a page's outcome."""
    if isinstance(page, PageFailure):
        return page
    return notes_of(page, house.labels, house.doctypes, house.facts, house.type_model)


def findings_on(pages: Iterable[Noted]) -> tuple[Finding, ...]:
    """What these pages say, in their order."""
    return tuple(finding for page in pages if isinstance(page, PageNotes) for finding in page.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Whose a document is: `mrn` is set where that is certain enough to act without a person.

    `disposition` sends it to review, with all that was weighed; objections come first among its reasons.
    """

    disposition: Disposition
    mrn: str | None


def judge(pages: Sequence[Noted], house: House) -> Judged:
    """Whose document is it, what is it, and is that certain enough to act without a person?"""
    numbers = tuple(page.page for page in pages)
    read = tuple(page for page in pages if isinstance(page, PageNotes))
    findings = findings_on(read)
    decision = decided(findings, house)
    type_, learned = _type(read, house)
    day = document_date_of([page.days for page in read], house.doctypes.of(type_)) if type_ else None
    disposition = Disposition(
        pages=numbers,
        state=DocumentState.REVIEW,
        reasons=decision.reasons,
        probability=decision.probability,
        findings=findings,
        candidates=decision.candidates,
        index_generation=decision.index_generation,
        fingerprint=decision.fingerprint,
        threshold=decision.threshold,
        type=type_,
        document_date=day,
        traits=replace(_traits(read, type_), typed_by=learned),
    )
    objections = (
        *_unread(pages),
        *speaks_against(decision.mrn, read, findings, house),
    )
    if decision.outcome is not Outcome.FILE or objections:
        return Judged(disposition=replace(disposition, reasons=(*objections, *decision.reasons)), mrn=None)
    return Judged(disposition=disposition, mrn=decision.mrn)


def judge_covered(pages: Sequence[Noted], sheet: PageNotes, cover: Cover, house: House) -> Judged | None:
    """As `judge`, for pages behind a cover sheet: it settles whose they are where nothing on them says otherwise.

    None where the sheet itself does not hold: its patient is not registered, or its print does not bear out its code.
    """
    patient = house.index.patient(cover.mrn)
    if patient is None or not _bears_out(patient, sheet.findings, house):
        return None
    own = judge(pages, house).disposition
    read = tuple(page for page in pages if isinstance(page, PageNotes))
    against = (*_unread(pages), *speaks_against(patient.mrn, read, own.findings, house))
    named = f"Its cover sheet, page {cover.page}, names {person(patient)}"
    same = next((one.probability for one in own.candidates if one.mrn == patient.mrn), None)
    own = replace(own, type=cover.type or own.type, probability=same)
    typed_by = own.traits.typed_by if cover.type is None else None
    own = replace(own, traits=replace(own.traits, typed_by=typed_by, cover_mrn=patient.mrn))
    if not patient.active:
        against = (*against, "This patient's registration is marked inactive.")
    if against:
        return Judged(disposition=replace(own, reasons=(*against, f"{named}.", *own.reasons)), mrn=None)
    return Judged(
        disposition=replace(own, reasons=(f"{named}; nothing on its pages speaks against that.",)), mrn=patient.mrn
    )


def _bears_out(patient: Patient, findings: Sequence[Finding], house: House) -> bool:
    """Whether what a cover sheet prints is its patient's: two identifiers agree and nothing contradicts."""
    return decided(findings, house).mrn == patient.mrn


def decided(findings: Sequence[Finding], house: House) -> Decision:
    """The matcher's decision on some pages' findings."""
    identifiers = identifiers_of(findings)
    return decide(
        identifiers,
        house.index.candidates(identifiers),
        population=house.index.population,
        policy=house.policy,
        generation=house.index.generation,
    )


def _traits(pages: Sequence[PageNotes], kind: DocType | None) -> Traits:
    report = kind in REPORTS and bool(pages)
    return Traits(
        flags=flags_of(pages, kind),
        report=pages[0].status if report else None,
        accession=next((page.accession for page in pages if page.accession), None) if report else None,
        sketch=sketch_of([page.sketch for page in pages]),
    )


def _type(pages: Sequence[PageNotes], house: House) -> tuple[DocType | None, str | None]:
    """What kind of paper it is by its title and cues; where these do not tell, by what the site has learned, whose
    fingerprint then stands beside it."""
    typed = type_of([page.kinds for page in pages], house.doctypes)
    if typed is not None:
        return typed.type, None
    learned = house.type_model.type_of(together(page.terms for page in pages))
    return (None, None) if learned is None else (learned[0], house.type_model.fingerprint)


def speaks_against(
    mrn: str | None, pages: Sequence[PageNotes], findings: Sequence[Finding], house: House
) -> tuple[str, ...]:
    """All that a document's pages say against filing it, and filing it to this patient, in a clerk's words."""
    both = two_people(findings)
    return (*((both,) if both else ()), *_against(mrn, pages, findings, house))


def _against(mrn: str | None, pages: Sequence[PageNotes], findings: Sequence[Finding], house: House) -> tuple[str, ...]:
    patient = house.index.patient(mrn) if mrn else None
    if patient is None:
        return ()
    numbers = [page.page for page in pages]
    return (
        *pages_against(patient, numbers, findings, house),
        *_codes_of_others(patient, pages, house),
        *_unread_identities(patient, pages, tuple(findings), house),
        *_other_homes(patient, numbers, tuple(findings), house),
    )


def _unread_identities(
    patient: Patient, pages: Sequence[PageNotes], findings: tuple[Finding, ...], house: House
) -> tuple[str, ...]:
    """Pages that may name somebody who could not be read: neither neighbours nor a sticker speak for them."""
    taken_for = TakenFor(
        names=_names_of(patient), born=patient.birth_date, mrn=patient.mrn, heard_from=house.policy.weak_below
    )
    reasons: list[str] = []
    for page in pages:
        suspicion = suspicion_of(
            page.unread,
            findings,
            taken_for,
            named=_names(page.page, patient, findings, house),
            alone=len(pages) == 1,
            first=page is pages[0],
        )
        if suspicion is not None:
            reasons.append(f"Page {page.page}: {_words_of_suspicion(suspicion)}.")
    return tuple(reasons)


def _other_homes(
    patient: Patient, pages: Sequence[int], findings: tuple[Finding, ...], house: House
) -> tuple[str, ...]:
    """Pages whose form gives another phone and address than the patient's, whom no label of it names: whom a sticker
    names may have got somebody else's form."""
    against = []
    for page in pages:
        own = identifiers_of((finding for finding in findings if finding.page == page), disputed=True)
        elsewhere = lives_elsewhere(own, patient, population=house.index.population, policy=house.policy)
        if elsewhere and not named_on_the_form(page, findings, _names_of(patient)):
            against.append(f"Page {page}: its phone and address are not the patient's, and no label names them on it.")
    return tuple(against)


def _names(page: int, patient: Patient, findings: Sequence[Finding], house: House) -> bool:
    """Whether a page's own name, birth date or MRN is the patient's."""
    own = identifiers_of((one for one in findings if one.page == page and one.confidence >= NAMED), disputed=True)
    agreeing = agreeing_fields(
        own, patient, population=house.index.population, policy=house.policy, owners=house.index.candidates(own)
    )
    return not agreeing.isdisjoint(PERSONAL)


def _words_of_suspicion(suspicion: Suspicion) -> str:
    match suspicion:
        case Suspicion.HIDES_SOMEBODY:
            return "it may name a patient, but that could not be read"
        case Suspicion.BEGINS_ANEW:
            return "it says that it is a first page, and names nobody who could be read"
        case Suspicion.WRITTEN_OTHERWISE:
            return "the name written on the form does not look like the patient's"
        case Suspicion.NAMES_ANOTHER:
            return "a name stands on it that does not look like the patient's"
        case Suspicion.BORN_OTHERWISE:
            return "the birth date written on the form does not look like the patient's"
        case Suspicion.DATED_OTHERWISE:
            return "a date stands on it that may be another patient's birth date"
        case Suspicion.NUMBERED_OTHERWISE:
            return "it names nobody, and a number on it is not the patient's"
        case Suspicion.TOO_DARK:
            return "a part of it is too dark to be read, and no label says whose it is: it may be another's"
        case Suspicion.READS_BADLY:
            return "it reads badly, and no label says whose it is: it may be another's"


def _names_of(patient: Patient) -> tuple[str, ...]:
    """What paper may call them: each family name with the first name, and with the middle name too."""
    given = (patient.first_name, *((f"{patient.first_name} {patient.middle_name}",) if patient.middle_name else ()))
    return tuple(f"{name} {family}" for family in (patient.last_name, *patient.former_last_names) for name in given)


def _codes_of_others(patient: Patient, pages: Sequence[PageNotes], house: House) -> tuple[str, ...]:
    """A lone barcode files nothing, but one that holds another patient's MRN speaks against filing."""
    owners = {
        (page.page, owner.mrn)
        for page in pages
        for code in page.codes
        if (owner := house.index.patient(code)) and owner.mrn != patient.mrn
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


def _unread(pages: Sequence[Noted]) -> tuple[str, ...]:
    """Pages that only a person can read."""
    return tuple(
        f"Page {page.page} could not be read by the program ({words_of_trouble(page.trouble)}): please look at it."
        for page in pages
        if isinstance(page, PageFailure)
    )


def words_of_trouble(trouble: PageTrouble) -> str:
    """Why a page could not be read."""
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
