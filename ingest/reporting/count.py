"""A report is counted: the ledger's rows in, figures out.

Promise: pure. The time, the zone and the names that may be shown come in with the rows; equal rows give equal figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ingest.ledger.figure_records import (
    DecidedDocument,
    DeskEvent,
    KnownMisfile,
    ReceivedScan,
    WaitingSince,
)
from ingest.ledger.queue_records import QueueLength
from ingest.ledger.records import FoundHow
from ingest.reporting.figures import (
    AgeBand,
    Bound,
    DayFigures,
    Filer,
    FlagCount,
    Misfiles,
    Outcome,
    OutcomeCount,
    QueueNow,
    ReasonCount,
    Received,
    Report,
    ScannerConfidence,
    Turnaround,
)
from ingest.reporting.period import Period
from ingest.reporting.places import Places
from ingest.reporting.quantiles import numbers, quantile
from ingest.reporting.reviewers import reviewing
from ingest.reporting.tally import Tally, tally

_HOUR_S, _DAY_S = 3600.0, 86400.0
_BANDS_S = (_HOUR_S, 4 * _HOUR_S, _DAY_S, 3 * _DAY_S, 7 * _DAY_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What the ledger gives of a period; each is gone through once."""

    scans: Iterable[ReceivedScan]
    documents: Iterable[DecidedDocument]
    events: Iterable[DeskEvent]
    queue: QueueLength
    waiting: Iterable[WaitingSince]
    misfiles: Iterable[KnownMisfile]
    bounds: Sequence[Bound]


def report_of(rows: Rows, period: Period, places: Places, *, now: datetime) -> Report:
    """All figures of the period."""
    scans = _Scans()
    for scan in rows.scans:
        scans.add(scan, period.day_of(scan.received_at))
    told = tally(rows.documents, period, places)
    return Report(
        period=period,
        made_at=now,
        received=scans.received(),
        outcomes=tuple(
            OutcomeCount(outcome=one, documents=told.documents[one], pages=told.pages[one]) for one in Outcome
        ),
        days=tuple(_day(day, scans, told) for day in period.days),
        queue=_queue(rows.queue, rows.waiting, now),
        turnaround=tuple(_turnaround(filer, told) for filer in Filer),
        reviewing=reviewing(rows.events),
        sent_to_review=told.sent_to_review,
        reasons=tuple(
            ReasonCount(reason=reason, documents=count)
            for reason, count in sorted(told.reasons.items(), key=lambda item: (-item[1], item[0]))
        ),
        by_origin=told.by_origin.most_first(),
        by_type=told.by_type.most_first(),
        misfiles=_misfiles(rows.misfiles, period, told),
        bounds=tuple(rows.bounds),
        flags=tuple(
            FlagCount(kind=kind, documents=count)
            for kind, count in sorted(told.flags.items(), key=lambda item: (-item[1], item[0]))
        ),
        confidence=_confidence(told),
    )


class _Scans:
    """What came in, by day."""

    def __init__(self) -> None:
        self.scans: Counter[date] = Counter()
        self.pages: Counter[date] = Counter()
        self.unopened = 0
        self.documents = 0

    def add(self, scan: ReceivedScan, day: date) -> None:
        self.scans[day] += 1
        self.pages[day] += scan.pages or 0
        self.unopened += scan.pages is None
        self.documents += scan.documents

    def received(self) -> Received:
        return Received(
            scans=self.scans.total(), pages=self.pages.total(), unopened=self.unopened, documents=self.documents
        )


def _day(day: date, scans: _Scans, told: Tally) -> DayFigures:
    return DayFigures(
        day=day,
        scans=scans.scans[day],
        pages=scans.pages[day],
        filed_unattended=told.filed_on[day, Filer.PROGRAM],
        filed_by_people=told.filed_on[day, Filer.PEOPLE],
        decided=told.by_day.of(day.isoformat()),
    )


def _queue(length: QueueLength, waiting: Iterable[WaitingSince], now: datetime) -> QueueNow:
    ages_s, latest_s = numbers(), None
    documents: Counter[float | None] = Counter()
    late: Counter[float | None] = Counter()
    for one in waiting:
        age_s = max(0.0, (now - one.received_at).total_seconds())
        late_s = (now - one.due_at).total_seconds()
        ages_s.append(age_s)
        band = next((below_s for below_s in _BANDS_S if age_s < below_s), None)
        documents[band] += 1
        if late_s >= 0.0:
            late[band] += 1
            latest_s = max(late_s, latest_s or 0.0)
    return QueueNow(
        length=length,
        median_age_s=quantile(ages_s, 0.5),
        oldest_s=quantile(ages_s, 1.0),
        latest_s=latest_s,
        ages=tuple(AgeBand(below_s=band, documents=documents[band], late=late[band]) for band in (*_BANDS_S, None)),
    )


def _turnaround(filer: Filer, told: Tally) -> Turnaround:
    seconds = told.turnaround_s[filer]
    return Turnaround(
        filer=filer, documents=len(seconds), median_s=quantile(seconds, 0.5), ninetieth_s=quantile(seconds, 0.9)
    )


def _misfiles(known: Iterable[KnownMisfile], period: Period, told: Tally) -> tuple[Misfiles, ...]:
    of_period: Counter[Filer] = Counter()
    found: Counter[tuple[Filer, FoundHow]] = Counter()
    for one in known:
        filer = Filer.PROGRAM if one.by_program else Filer.PEOPLE
        of_period[filer] += period.holds(one.filed_at)
        found[filer, one.found_how] += period.holds(one.found_at)
    return tuple(
        Misfiles(
            filer=filer,
            filings=told.filings[filer],
            of_these=of_period[filer],
            found=sum(found[filer, how] for how in FoundHow),
            found_by_refile=found[filer, FoundHow.REFILE],
            found_by_second_look=found[filer, FoundHow.SECOND_LOOK],
        )
        for filer in Filer
    )


def _confidence(told: Tally) -> tuple[ScannerConfidence, ...]:
    return tuple(
        ScannerConfidence(
            scanner=name,
            documents=scanner.documents,
            identifiers=len(scanner.confidences),
            median=scanner.confidences.quantile(0.5) or 0.0,
            tenth=scanner.confidences.quantile(0.1) or 0.0,
        )
        for name, scanner in sorted(told.scanners.items(), key=lambda item: (-item[1].documents, item[0]))
    )
