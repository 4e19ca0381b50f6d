"""The nouns that pass between the rooms: values only, no behaviour that touches the world."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from matchers.decision import Candidate
from matchers.patient import Alternative, Field, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle, left/top/right/bottom. The owner says in which unit."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Affine:
    """x' = a*x + b*y + c, y' = d*x + e*y + f."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def apply(self, x: float, y: float) -> tuple[float, float]:
        """The image of one point."""
        return self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f

    def bounding(self, box: Box) -> Box:
        """The upright rectangle round the image of `box`, clipped to the unit square."""
        corners = [self.apply(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
        xs = [min(1.0, max(0.0, x)) for x, _ in corners]
        ys = [min(1.0, max(0.0, y)) for _, y in corners]
        return Box(x0=min(xs), y0=min(ys), x1=max(xs), y1=max(ys))


class Turn(StrEnum):
    """Clockwise quarter turns that bring the page as scanned upright."""

    NONE = "0"
    RIGHT = "90"
    HALF = "180"
    LEFT = "270"


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """One character as read, its confidence (0..1) and what else it could be, likeliest first."""

    text: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word: text, confidence (0..1), box in pixels of the picture that was read.

    `line` and `block` number the lines and blocks of the page in reading order, from 0; words of
    one line have the same `line`. `characters` is empty when the engine gives none.
    """

    text: str
    confidence: float
    box: Box
    line: int
    block: int
    characters: tuple[Character, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Barcode:
    """One code as decoded; `symbology` is zxing's name ("Code128", "QRCode"); box as for words."""

    text: str
    symbology: str
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondReading:
    """What an independent engine read inside `box`, where the first reading was in doubt.

    Boxes are in pixels of the picture that was read, as those of the page's words. No words: it saw none.
    """

    box: Box
    engine: str
    engine_version: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFacts:
    """The page as scanned: pixels and dpi before any turning, and where its picture came from."""

    width_px: int
    height_px: int
    dpi_x: float
    dpi_y: float
    dpi_known: bool
    origin: str  # "embedded" (the page's one image), "pypdfium2", "pdf2image", "image"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureLine:
    """A line to be signed, in pixels of the picture that was read: the words that ask, and whether ink stands on it."""

    box: Box
    label: str
    inked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PageArtefact:
    """All that reading found on one page: kept by hash, versioned, read again by later work.

    The picture that was read is `read_width_px` x `read_height_px`: binarised, deskewed, upright.
    `to_page` maps its pixels to fractions of the page as scanned, turned upright by `turn`.
    `ink` is the share of black pixels; a `blank` page has no words. `read_to_px` is None where all of the
    picture was read; else words were looked for above that row of it only, and below in none of it.
    """

    version: int
    page: int
    picture: PictureFacts
    turn: Turn
    skew_deg: float
    read_width_px: int
    read_height_px: int
    to_page: Affine
    engine: str
    engine_version: str
    languages: tuple[str, ...]
    words: tuple[Word, ...]
    barcodes: tuple[Barcode, ...]
    blank: bool
    ink: float
    remarks: tuple[str, ...] = ()
    second: tuple[SecondReading, ...] = ()
    read_to_px: int | None = None
    signatures: tuple[SignatureLine, ...] = ()


class PageTrouble(StrEnum):
    """Why a page could not be read. Data, not an exception."""

    TIMEOUT = "timeout"
    CRASHED = "crashed"
    TOO_LARGE = "too_large"
    NO_PICTURE = "no_picture"
    OCR_FAILED = "ocr_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFailure:
    """A page without words: what went wrong, and whether a person could still look at its picture."""

    page: int
    trouble: PageTrouble
    detail: str
    has_picture: bool


PageOutcome: TypeAlias = PageArtefact | PageFailure


class ScanKind(StrEnum):
    """What the bytes are, told by content."""

    PDF = "pdf"
    TIFF = "tiff"
    JPEG = "jpeg"
    PNG = "png"


class FileTrouble(StrEnum):
    """Why a whole file cannot be opened."""

    EMPTY = "empty"
    NOT_A_SCAN = "not_a_scan"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    NO_PAGES = "no_pages"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_LARGE = "too_large"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    NOT_A_FILE = "not_a_file"
    UNREADABLE = "unreadable"
    MALWARE = "malware"
    GONE = "gone"


class ActivePart(StrEnum):
    """What in a file would act, were it opened in a viewer. Nothing here ever runs it."""

    SCRIPT = "script"
    LAUNCH = "launch"
    ON_OPENING = "on_opening"
    SENDS = "sends"
    OTHER_FILE = "other_file"
    EMBEDDED_FILE = "embedded_file"
    DYNAMIC_FORM = "dynamic_form"
    MEDIA = "media"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOpened:
    """A file that can be worked: its kind and how many pages it has, what was repaired, what in it would act."""

    kind: ScanKind
    pages: int
    remarks: tuple[str, ...] = ()
    active: tuple[ActivePart, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRefused:
    """A file that cannot be worked, with a reason in words that names the remedy where there is one."""

    trouble: FileTrouble
    reason: str


FileOutcome: TypeAlias = FileOpened | FileRefused


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
    """

    flags: tuple[Flag, ...] = ()
    report: ReportStatus | None = None
    accession: str | None = None
    sketch: Sketch | None = None
    typed_by: str | None = None


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
