"""The queue's nouns: what waits, how it stands, what is asked about it. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ingest.model import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """Which of the waiting documents; `reason` is part of any of its reasons, case ignored.

    An origin holds for its sub-folders too. `received_before` leaves the older ones.
    """

    origin: str | None = None
    scan: str | None = None
    reason: str | None = None
    type: str | None = None
    received_before: datetime | None = None


class InquiryKind(StrEnum):
    """What is asked: the paper once more, or somebody's word."""

    RESCAN = "rescan"
    QUERY = "query"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """A question that a document waits for: to whom, until when, and what came of it."""

    number: int
    document_id: str
    kind: InquiryKind
    owner: str
    question: str
    due: date | None
    asked_by: str
    asked_at: datetime
    answer: str | None
    closed_by: str | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A waiting document and how it stands in the queue."""

    document: Document
    due_at: datetime
    held_by: str | None  # while the hold lasts
    deferred_until: datetime | None
    inquiry: Inquiry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLength:
    """The queue in figures."""

    waiting: int
    late: int
    held: int
    deferred: int
    asked: int
    oldest: datetime | None
