"""What a report is counted from: the ledger's rows as values, without a name, a number or a word from paper.

The only texts from outside are the names of folders and stations; `PlaceUse` tells how each of them is used, so that
whoever shows them can leave out those that may be patient data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ingest.ledger.records import FoundHow
from ingest.model import DocumentState, FlagKind
from matchers.decision import VetoName


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedScan:
    """A scan that was taken in. `pages` is None while it is unopened; `documents` are those that hold paper now."""

    received_at: datetime
    pages: int | None
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SentToReview:
    """Why the program, or a recall, gave a document to people: the act, the best candidate's vetoes, other words.

    `words` are sentences and may be patient data: they are to be sorted, never shown.
    """

    act: str
    vetoes: tuple[VetoName, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedDocument:
    """A document on which something was decided in a period, and how it stood at the period's end.

    `first_at` is the time of its first decision, None where that was earlier. `by_program`, `state` and `decided_at`
    are those of the last decision in the period; `filed_at` is when the PDF of that decision came into the records. How
    often the program and people filed it in the period counts what was taken back too. `cut_by_person`: a person
    parted or joined it, so that the program did not find it alone.
    """

    received_at: datetime
    origin: str
    station: str | None
    type: str | None
    pages: int
    first_at: datetime | None
    by_program: bool
    state: DocumentState
    decided_at: datetime
    filed_at: datetime | None
    filings_by_program: int
    filings_by_people: int
    cut_by_person: bool
    sent_to_review: tuple[SentToReview, ...]
    flags: tuple[FlagKind, ...]
    confidences: tuple[float, ...]  # of the identifiers that were read as text


class DeskStep(StrEnum):
    """What somebody did at the desk. Whoever corrects a document's type, brings back a blank, or settles has looked."""

    LOOKED = "looked"
    DECIDED = "decided"
    TOOK_BACK = "took_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskEvent:
    """One step of one person; `documents` are the ids that it was about."""

    at: datetime
    person: str
    step: DeskStep
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingSince:
    """A document in the queue: since when, and by when it wants a person."""

    received_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMisfile:
    """A filing to the wrong patient: whose it was, when, and when and how it was found out."""

    by_program: bool
    filed_at: datetime
    found_at: datetime
    found_how: FoundHow


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceUse:
    """How a folder or a scanner's station is used: how many scans ever came from it, the first and the last when."""

    name: str
    scans: int
    first_at: datetime
    last_at: datetime
