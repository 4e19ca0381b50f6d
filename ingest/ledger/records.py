"""What the ledger gives back and takes: its own nouns. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from ingest.model import (
    NO_TRAITS,
    Disposition,
    Document,
    DocumentState,
    Finding,
    IntakeKey,
    PageFailure,
    Scan,
    ScanKind,
    Traits,
)
from matchers.decision import Candidate


class JobKind(StrEnum):
    """What is to be done, and to what: READ a scan, FILE a document, read the rest of a scan's TEXT."""

    READ = "read"
    FILE = "file"
    TEXT = "text"


class JobState(StrEnum):
    """Open to be claimed, leased to a worker, or at an end."""

    OPEN = "open"
    LEASED = "leased"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerId:
    """One process, told from every other that ever was.

    `boot_id` names the machine's run, `started` is the process's start as the system tells it.
    """

    host: str
    boot_id: str
    pid: int
    started: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as leased. `subject` is a scan's id (READ, TEXT) or a document's (FILE); `scan_id` is set for all.

    `attempt` counts the claims, this one included. `fence` is this lease's: results under an older one
    are refused.
    """

    number: int
    kind: JobKind
    subject: str
    scan_id: str
    attempt: int
    fence: int
    worker: WorkerId
    lease_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow:
    """One page of a scan: what reading left of it. Both absent: to be read (again)."""

    number: int
    artefact_sha256: str | None
    failure: PageFailure | None


class SameBytesState(StrEnum):
    """What became of other scans with the same bytes."""

    NONE = "none"
    EARLIER_WORKING = "earlier_working"
    EARLIER_KEPT = "earlier_kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class SameBytes:
    """Whether a scan's bytes are here already.

    EARLIER_KEPT: filed, in review or otherwise kept; `scan_id` and `pages` (how many) of that scan are set.
    EARLIER_WORKING: an earlier scan of these bytes is still being read; `scan_id` is set: wait for it.
    """

    state: SameBytesState
    scan_id: str | None = None
    pages: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingOrder:
    """What a FILE job asks for: this document's pages, of a scan of this kind, into that patient's folder."""

    document: Document
    kind: ScanKind
    mrn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One PDF written for a document. `path` is relative to the site; `size` in bytes."""

    path: str
    sha256: str
    size: int
    text_state: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenditionRow:
    """A rendition as recorded: current until `withdrawn_at`, its file in place until `removed_at`.

    One without `filed_at` was announced: its file may be on the way into the records, or never have come there.
    """

    id: int
    document_id: str
    version: int  # of the decision that it was written for
    mrn: str
    rendition: Rendition
    created_at: datetime
    withdrawn_at: datetime | None
    removed_at: datetime | None
    kept_as: str | None
    filed_at: datetime | None


@dataclass(frozen=True, slots=True, order=True)
class Shown:
    """A document as somebody saw it."""

    document_id: str
    version: int


class FoundHow(StrEnum):
    """How a misfile came out."""

    REFILE = "refile"
    SECOND_LOOK = "second_look"


class DeskRole(StrEnum):
    """What somebody is at the desk."""

    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Act(StrEnum):
    """What a person does to a document."""

    ACCEPT = "accept"
    ASSIGN = "assign"
    DISCARD = "discard"
    UNDO = "undo"
    DESCRIBE = "describe"  # another type or date
    ROTATE = "rotate"  # a page was read again as it lies, and all of it decided anew
    BRING_BACK = "bring_back"  # a blank page or separator that is none
    REFILE = "refile"  # from one patient's record to another's
    COPY = "copy"  # to a second patient's record, as a document of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is not as the ledger or its audit says: missing, foreign, damaged, edited and the like."""

    kind: str
    subject: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconsidered:
    """What text that was read later makes of a document, which was looked at in `version`.

    `disposition` is a new decision of the program's in place of its own older one; None: what was decided
    stands. `against` is what the text says against a person's decision, to be noted. `rewrite` asks for a
    PDF with all the text in place of the filed one.
    """

    document_id: str
    version: int
    disposition: Disposition | None = None
    against: tuple[str, ...] = ()
    rewrite: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """One decision on a document, for ever.

    `act` is a person's, or "pipeline", "filing_failed", "recalled" or "second_look".
    """

    document_id: str
    version: int
    act: str
    state: DocumentState
    mrn: str | None
    probability: float | None
    reasons: tuple[str, ...]
    findings: tuple[Finding, ...]
    candidates: tuple[Candidate, ...]
    would_file_mrn: str | None
    index_generation: int | None
    fingerprint: str | None
    threshold: float | None
    type: str | None
    document_date: date | None
    decided_at: datetime
    decided_by: str
    acting_for: str | None
    note: str | None
    traits: Traits = NO_TRAITS


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRow:
    """A scan with what reading knows of it. `spooled` is false for what could not even be copied.

    `released_at` is None as long as the original may still lie in the drop folder.
    """

    scan: Scan
    kind: ScanKind | None
    page_count: int | None
    artefacts: tuple[str, ...]
    spooled: bool
    key: IntakeKey | None
    released_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sidecar:
    """What a scanner's file beside the scans says of their batch; `sha256` is that of its bytes."""

    sha256: str
    operator: str | None = None
    station: str | None = None
    expected_pages: int | None = None
    expected_files: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """A batch: what was expected, what came, and what became of it.

    `pages` are those of the files that were opened, `unopened` the files that were not (yet). `announced` says that a
    sidecar spoke of it.
    """

    id: str
    origin: str
    opened_at: datetime
    last_at: datetime
    operator: str | None
    station: str | None
    expected_pages: int | None
    expected_files: int | None
    announced: bool
    files: int
    pages: int
    unopened: int
    states: Mapping[DocumentState, int]
    scans: tuple[str, ...]

    @property
    def missing(self) -> str | None:
        """What is still to come, in words; None when all is here or nothing was said to be expected."""
        told = []
        if self.expected_files is not None and self.files != self.expected_files:
            told.append(f"{self.files} of {self.expected_files} files")
        if self.expected_pages is not None and self.pages != self.expected_pages:
            told.append(f"{self.pages} of {self.expected_pages} pages")
        return ", ".join(told) or None

    @property
    def unsettled(self) -> int:
        """Documents that still need the program or a person."""
        return sum(count for state, count in self.states.items() if state in _UNSETTLED)


_UNSETTLED = (DocumentState.WORKING, DocumentState.REVIEW, DocumentState.QUARANTINED)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One event. `facts` are ids, counts and hashes; `details` may be patient data, or None once disposed of."""

    seq: int
    at: datetime
    action: str
    actor: str
    subject: str
    facts: dict[str, Any]
    details: dict[str, str] | None
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadCounts:
    """What a load did. `repeated` rows named an MRN that the same load had given already; the first counted."""

    inserted: int
    updated: int
    unchanged: int
    deactivated: int
    repeated: int


class DuplicateState(StrEnum):
    """What is known of a suspected pair of registrations."""

    OPEN = "open"
    MERGED = "merged"
    DISTINCT = "distinct"


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateRow:
    """Two registrations that may be one person; the MRNs in ascending order."""

    mrn: str
    other_mrn: str
    state: DuplicateState
    times: int
    first_seen: datetime
    last_seen: datetime
    document_id: str
    settled_by: str | None
    settled_at: datetime | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedRow:
    """A decision that the program (would have) filed, and whether a person put the document there too.

    `threshold` is what filing needed then; `odds_bits` is None for decisions that older versions recorded. `one_in` is
    set for what a second look found: the decision had that chance of being looked at, one in so many.
    """

    document_id: str
    version: int  # of the program's decision
    odds_bits: float | None
    probability: float
    right: bool
    fingerprint: str
    threshold: float
    decided_at: datetime
    one_in: int | None = None
