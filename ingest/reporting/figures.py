"""A report's nouns: figures only. Times are in seconds, shares from 0 to 1; None where there is nothing to count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ingest.ledger.queue_records import QueueLength
from ingest.ledger.second_look_records import LookKind
from ingest.model import FlagKind
from ingest.reporting.period import Period
from ingest.reporting.reasons import Reason


class Outcome(StrEnum):
    """How a document stood at the end of the period, by its last decision in it."""

    FILED_UNATTENDED = "filed_unattended"
    FILED_BY_PEOPLE = "filed_by_people"
    IN_REVIEW = "in_review"
    DISCARDED = "discarded"
    QUARANTINED = "quarantined"
    DUPLICATE = "duplicate"
    BLANK = "blank"
    SEPARATOR = "separator"


class Filer(StrEnum):
    """Who filed."""

    PROGRAM = "program"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What came in: `unopened` scans have pages that nobody has counted; documents without blanks and separators."""

    scans: int
    pages: int
    unopened: int
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCount:
    """How many documents ended so, and their pages."""

    outcome: Outcome
    documents: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Documents that the program decided on for the first time in the period, and those that it filed by itself."""

    name: str
    documents: int
    unattended: int

    @property
    def share(self) -> float | None:
        """The part filed unattended."""
        return self.unattended / self.documents if self.documents else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """One day: what came in, what was filed on it, and the share of what was first decided on it."""

    day: date
    scans: int
    pages: int
    filed_unattended: int
    filed_by_people: int
    decided: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeBand:
    """Waiting documents that were received less than `below_s` ago (None: any longer), and those that are late."""

    below_s: float | None
    documents: int
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueNow:
    """The queue as the report is made, whatever its period: how long, how old, and how late against its limits."""

    length: QueueLength
    median_age_s: float | None
    oldest_s: float | None
    latest_s: float | None
    ages: tuple[AgeBand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnaround:
    """From a scan's receipt until its document's PDF is in the records, of filings of the period that stand."""

    filer: Filer
    documents: int
    median_s: float | None
    ninetieth_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewing:
    """People's work: documents decided after a look, and the time from the look to the decision.

    `unseen` documents were decided without a look in the period, and say nothing of time; `taken_back` ones cost
    time and are no document done.
    """

    people: int
    documents: int
    seconds: float
    unseen: int
    taken_back: int

    @property
    def per_hour(self) -> float | None:
        """Documents a reviewer-hour."""
        return self.documents / (self.seconds / 3600) if self.seconds else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonCount:
    """Documents that went to people for this reason, among others perhaps."""

    reason: Reason
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfiles:
    """Filings to the wrong patient as far as they are known: a floor, for nobody looks at most filings again.

    `filings` of the period, those that were taken back too, and how many `of_these` are known to be wrong; `found` are
    those that came to light in the period, whenever they were filed.
    """

    filer: Filer
    filings: int
    of_these: int
    found: int
    found_by_refile: int
    found_by_second_look: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What second looks say of one kind of decision: at most so many are wrong, with 95 % confidence.

    Of the months that the period touches: `decisions` had a chance of a second look, `looked_at` got one, `waiting` are
    to get one. What waits, and answers that differ and wait for a supervisor, count as wrong in the bound.
    """

    kind: LookKind
    decisions: int
    looked_at: int
    waiting: int
    wrong: int
    unsettled: int
    at_most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagCount:
    """Documents that may lack something of this kind."""

    kind: FlagKind
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannerConfidence:
    """How surely a scanner's paper is read: the confidence of its identifiers read as text."""

    scanner: str
    documents: int
    identifiers: int
    median: float
    tenth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All figures of a period."""

    period: Period
    made_at: datetime
    received: Received
    outcomes: tuple[OutcomeCount, ...]
    days: tuple[DayFigures, ...]
    queue: QueueNow
    turnaround: tuple[Turnaround, ...]
    reviewing: Reviewing
    sent_to_review: int
    reasons: tuple[ReasonCount, ...]
    by_origin: tuple[Share, ...]
    by_type: tuple[Share, ...]
    misfiles: tuple[Misfiles, ...]
    bounds: tuple[Bound, ...]
    flags: tuple[FlagCount, ...]
    confidence: tuple[ScannerConfidence, ...]
