"""A document: what its pages say, what it is like, what was decided, and the scan it came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ingest.model.pages import Box
from matchers.decision import Candidate
from matchers.patient import Alternative, Field, Source


class Role(StrEnum):
    """Whose value a finding is."""

    PATIENT = "patient"
    PROVIDER = "provider"
    GUARANTOR = "guarantor"
    INSURED = "insured"
    MOTHER = "mother"
    NEWBORN = "newborn"
    EMERGENCY_CONTACT = "emergency_contact"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One identifier found on one page, with its provenance.

    `value` is normalised for people ("1962-04-07", "DOE, JOHN Q"), `raw` is what the paper shows.
    `box` is in fractions of the page as scanned, turned upright. `confidence` (0..1) is that of the
    worst part of the value. `place` names the block it stands in ("header", "sticker-2", "body-5"):
    findings of one place are one witness. `other_reading` is what the other engine took the same writing
    for; such a value is never filed on. `alternatives`: what doubtful digits of it may be instead.
    """

    field: Field
    role: Role
    value: str
    raw: str
    page: int
    box: Box
    confidence: float
    source: Source
    place: str
    label: str | None = None
    other_reading: str | None = None
    alternatives: tuple[Alternative, ...] = ()


class DocumentState(StrEnum):
    """Where a document stands; the values are those of the contract."""

    WORKING = "working"
    FILED = "filed"
    REVIEW = "review"
    QUARANTINED = "quarantined"
    DUPLICATE = "duplicate"
    BLANK = "blank"
    SEPARATOR = "separator"
    DISCARDED = "discarded"


class FlagKind(StrEnum):
    """What may be wrong with a document as paper, whoever's it is."""

    MISSING_PAGE = "missing_page"
    UNSIGNED = "unsigned"
    SUPERSEDED = "superseded"
    LOOKS_ALIKE = "looks_alike"
    REPAIRED = "repaired"
    ACTIVE_CONTENT = "active_content"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One such thing, with its words for a clerk. `other` is the document that it speaks of, where it does."""

    kind: FlagKind
    detail: str
    other: str | None = None


class ReportStatus(StrEnum):
    """How final a report calls itself."""

    PRELIMINARY = "preliminary"
    FINAL = "final"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """What a document says and where, small enough to be kept: hashes of words and numbers, a grid of places."""

    pages: int
    words: tuple[int, ...]
    numbers: tuple[int, ...]
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What is known of a document beside whose and what it is.

    `typed_by` is the fingerprint of the learned classifier that told the type, None where the rules or a person did.
    `cover_mrn` is whom its cover sheet names.
    """

    flags: tuple[Flag, ...] = ()
    report: ReportStatus | None = None
    accession: str | None = None
    sketch: Sketch | None = None
    typed_by: str | None = None
    cover_mrn: str | None = None


NO_TRAITS = Traits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition:
    """What shall become of some pages of one scan: decided purely, recorded by the ledger.

    `state` is never WORKING. `mrn` is set when the pages are to be filed. `would_file_mrn` records
    what shadow mode would have filed. `type` and `document_date` may be absent.
    """

    pages: tuple[int, ...]
    state: DocumentState
    reasons: tuple[str, ...]
    mrn: str | None = None
    probability: float | None = None
    findings: tuple[Finding, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    would_file_mrn: str | None = None
    index_generation: int | None = None
    fingerprint: str | None = None
    threshold: float | None = None
    type: str | None = None
    document_date: date | None = None
    traits: Traits = NO_TRAITS


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeKey:
    """What tells one appearance of a file from another, so that a crash after the commit is no duplicate."""

    path: str
    device: int
    inode: int
    size: int
    mtime_ns: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One file that was taken in. `source` is its path below the drop folder (patient data!)."""

    id: str
    source: str
    origin: str  # the drop folder's sub-folder, "" for its top
    sha256: str
    size: int
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A living or retired set of pages of one scan, as listings show it."""

    id: str
    scan: Scan
    pages: tuple[int, ...]
    state: DocumentState
    reasons: tuple[str, ...]
    mrn: str | None
    probability: float | None
    type: str | None
    document_date: date | None
    findings: tuple[Finding, ...]
    candidates: tuple[Candidate, ...]
    filed_as: str | None
    decided_at: datetime | None
    decided_by: str | None
    version: int  # of its newest decision: a review act on an older one is refused
    would_file_mrn: str | None = None
    index_generation: int | None = None
    fingerprint: str | None = None
    parents: tuple[str, ...] = ()
    retired: bool = False
    traits: Traits = NO_TRAITS
    text_state: str | None = None  # of the filed PDF: where its text comes from, or "identity"
    copy_of: str | None = None  # the document whose pages a person copied: they stand there, and here on top of that
