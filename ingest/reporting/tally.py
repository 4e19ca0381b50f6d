"""One pass over the documents of a period: everything that is counted of them, with little kept of each."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from ingest.ledger.figure_records import DecidedDocument
from ingest.model import DocumentState, FlagKind
from ingest.reporting.figures import Filer, Outcome, Share
from ingest.reporting.period import Period
from ingest.reporting.places import Places
from ingest.reporting.quantiles import ShareCounts, numbers
from ingest.reporting.reasons import Reason, reasons_of

NO_TYPE, OTHER_TYPE = "(not told)", "(other)"
_A_TYPE = re.compile(r"[a-z_]{1,40}")
_NO_PATIENTS = (Outcome.QUARANTINED, Outcome.DUPLICATE, Outcome.BLANK, Outcome.SEPARATOR)


@dataclass(slots=True)
class Shares:
    """The unattended share by some name."""

    documents: Counter[str] = field(default_factory=Counter)
    unattended: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, *, unattended: bool) -> None:
        """Counts a document."""
        self.documents[name] += 1
        self.unattended[name] += unattended

    def of(self, name: str) -> Share:
        """The share of one name."""
        return Share(name=name, documents=self.documents[name], unattended=self.unattended[name])

    def most_first(self) -> tuple[Share, ...]:
        """All of them."""
        names = sorted(self.documents, key=lambda name: (-self.documents[name], name))
        return tuple(map(self.of, names))


@dataclass(slots=True)
class Scanner:
    """What is kept of one scanner: documents with identifiers, and each identifier's confidence."""

    documents: int = 0
    confidences: ShareCounts = field(default_factory=ShareCounts)


@dataclass(slots=True)
class Tally:
    """What was counted."""

    documents: Counter[Outcome] = field(default_factory=Counter)
    pages: Counter[Outcome] = field(default_factory=Counter)
    filed_on: Counter[tuple[date, Filer]] = field(default_factory=Counter)
    by_day: Shares = field(default_factory=Shares)
    by_origin: Shares = field(default_factory=Shares)
    by_type: Shares = field(default_factory=Shares)
    filings: Counter[Filer] = field(default_factory=Counter)  # those that were taken back too
    turnaround_s: dict[Filer, array[float]] = field(default_factory=lambda: {filer: numbers() for filer in Filer})
    sent_to_review: int = 0
    reasons: Counter[Reason] = field(default_factory=Counter)
    flags: Counter[FlagKind] = field(default_factory=Counter)
    scanners: dict[str, Scanner] = field(default_factory=dict)


def tally(documents: Iterable[DecidedDocument], period: Period, places: Places) -> Tally:
    """Counts each document once, as it stood at the period's end."""
    told = Tally()
    for document in documents:
        outcome = outcome_of(document)
        told.documents[outcome] += 1
        told.pages[outcome] += document.pages
        told.filings[Filer.PROGRAM] += document.filings_by_program
        told.filings[Filer.PEOPLE] += document.filings_by_people
        _filing(told, document, outcome, period)
        if document.first_at is not None and outcome not in _NO_PATIENTS:
            alone = outcome is Outcome.FILED_UNATTENDED
            told.by_day.add(period.day_of(document.first_at).isoformat(), unattended=alone)
            told.by_origin.add(places.folder(document.origin), unattended=alone)
            told.by_type.add(_type(document.type), unattended=alone)
        if document.sent_to_review:
            told.sent_to_review += 1
            told.reasons.update({reason for sent in document.sent_to_review for reason in reasons_of(sent)})
        told.flags.update(set(document.flags))
        if document.confidences:
            scanner = told.scanners.setdefault(places.scanner(document.station, document.origin), Scanner())
            scanner.documents += 1
            scanner.confidences.add(document.confidences)
    return told


def outcome_of(document: DecidedDocument) -> Outcome:
    """How a document stands. What the program filed after a person had cut it out was not unattended."""
    match document.state:
        case DocumentState.FILED:
            alone = document.by_program and not document.cut_by_person
            return Outcome.FILED_UNATTENDED if alone else Outcome.FILED_BY_PEOPLE
        case DocumentState.REVIEW | DocumentState.WORKING:
            return Outcome.IN_REVIEW
        case DocumentState.DISCARDED:
            return Outcome.DISCARDED
        case DocumentState.QUARANTINED:
            return Outcome.QUARANTINED
        case DocumentState.DUPLICATE:
            return Outcome.DUPLICATE
        case DocumentState.BLANK:
            return Outcome.BLANK
        case DocumentState.SEPARATOR:
            return Outcome.SEPARATOR
        case _:
            assert_never(document.state)


def _filing(told: Tally, document: DecidedDocument, outcome: Outcome, period: Period) -> None:
    match outcome:
        case Outcome.FILED_UNATTENDED:
            filer = Filer.PROGRAM
        case Outcome.FILED_BY_PEOPLE:
            filer = Filer.PEOPLE
        case _:
            return
    told.filed_on[period.day_of(document.decided_at), filer] += 1
    if document.filed_at is not None:
        told.turnaround_s[filer].append((document.filed_at - document.received_at).total_seconds())


def _type(kind: str | None) -> str:
    if kind is None:
        return NO_TYPE
    return kind if _A_TYPE.fullmatch(kind) else OTHER_TYPE
