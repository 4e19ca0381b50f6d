"""Figures against what one counts by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

import pytest

from ingest.ledger.figure_records import (
    DecidedDocument,
    KnownMisfile,
    ReceivedScan,
    SentToReview,
    WaitingSince,
)
from ingest.ledger.records import FoundHow
from ingest.ledger.second_look_records import LookKind
from ingest.model import DocumentState, FlagKind
from ingest.reporting import Report
from ingest.reporting.figures import Bound, FlagCount, Outcome, Received, ScannerConfidence, Share
from ingest.reporting.reasons import OtherReason
from matchers.decision import VetoName
from tests.unit.reporting.conftest import EMPTY_QUEUE, NOON, PERIOD

Make: TypeAlias = Callable[..., DecidedDocument]
Count: TypeAlias = Callable[..., Report]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
REVIEW = DocumentState.REVIEW


def ends(report: Report) -> dict[Outcome, int]:
    """The outcomes that occur."""
    return {one.outcome: one.documents for one in report.outcomes if one.documents}


def test_no_documents_at_all(count: Count) -> None:
    report = count()
    assert report.received == Received(scans=0, pages=0, unopened=0, documents=0)
    assert ends(report) == {}
    assert [one.outcome for one in report.outcomes] == list(Outcome)
    assert [day.day for day in report.days] == [date(2026, 11, 9), date(2026, 11, 10), date(2026, 11, 11)]
    assert {day.decided.share for day in report.days} == {None}
    assert [(one.median_s, one.ninetieth_s) for one in report.turnaround] == [(None, None)] * 2
    assert (report.queue.median_age_s, report.queue.oldest_s, report.queue.latest_s) == (None, None, None)
    assert report.reviewing.per_hour is None
    assert report.bounds == ()
    assert report.by_origin == report.by_type == report.reasons == report.flags == report.confidence == ()


def test_what_was_received_by_the_days_of_the_zone(count: Count) -> None:
    night = NOON.replace(hour=23, minute=30)  # in Berlin the day after
    scans = (
        ReceivedScan(received_at=NOON, pages=3, documents=1),
        ReceivedScan(received_at=night, pages=2, documents=2),
        ReceivedScan(received_at=night, pages=None, documents=1),
    )
    report = count(scans=scans)
    assert report.received == Received(scans=3, pages=5, unopened=1, documents=4)
    assert [(day.scans, day.pages) for day in report.days] == [(0, 0), (3, 5), (0, 0)]
    abroad = count(scans=scans, period=replace(PERIOD, zone=ZoneInfo("Europe/Berlin")))
    assert [(day.scans, day.pages) for day in abroad.days] == [(0, 0), (1, 3), (2, 2)]


def test_outcomes_count_each_document_once_with_its_pages(document: Make, count: Count) -> None:
    report = count(
        documents=(
            document(pages=2),
            document(by_program=False, pages=3),
            document(cut_by_person=True),  # the program filed what a person had cut out
            document(state=REVIEW),
            document(state=REVIEW, by_program=False),
            document(state=DocumentState.DISCARDED, by_program=False),
            document(state=DocumentState.QUARANTINED),
            document(state=DocumentState.BLANK, pages=7),
            document(state=DocumentState.SEPARATOR),
            document(state=DocumentState.DUPLICATE),
        )
    )
    assert [one.documents for one in report.outcomes] == [1, 2, 2, 1, 1, 1, 1, 1]
    assert [one.pages for one in report.outcomes] == [2, 4, 2, 1, 1, 1, 7, 1]


def test_the_unattended_share_is_of_what_could_have_been_filed(document: Make, count: Count) -> None:
    report = count(
        documents=(
            document(),
            document(type=None),
            document(state=REVIEW, origin="er"),
            document(by_program=False, decided_at=NOON + DAY, filed_at=NOON + DAY, origin="er/HOLLOWAY"),
            document(state=DocumentState.BLANK),
            document(state=DocumentState.QUARANTINED),
            document(by_program=False, first_at=None),  # first decided on before the period: filed in it all the same
        )
    )
    by_day = [(day.decided.documents, day.decided.unattended, day.filed_by_people) for day in report.days]
    assert by_day == [(0, 0, 0), (4, 2, 1), (0, 0, 1)]
    assert [day.decided.share for day in report.days] == [None, 0.5, None]
    assert report.by_origin == (
        Share(name="(drop folder)", documents=2, unattended=2),
        Share(name="er", documents=1, unattended=0),
        Share(name="er/…", documents=1, unattended=0),
    )
    assert report.by_type == (
        Share(name="consent", documents=3, unattended=1),
        Share(name="(not told)", documents=1, unattended=1),
    )
    assert ends(report)[Outcome.FILED_BY_PEOPLE] == 2


def test_turnaround_runs_from_receipt_to_the_records(document: Make, count: Count) -> None:
    alone = [document(filed_at=NOON + minutes * MINUTE) for minutes in (1, 2, 3, 4)]
    old = document(by_program=False, received_at=NOON - 2 * DAY, first_at=None)
    on_its_way = document(filed_at=None)
    taken_back = document(state=REVIEW, by_program=False, filed_at=None)
    report = count(documents=(*alone, old, on_its_way, taken_back))
    program, people = report.turnaround
    assert (program.documents, program.median_s) == (4, 150.0)
    assert program.ninetieth_s == pytest.approx(222.0)  # 3 min, and seven tenths of the way to 4
    assert (people.documents, people.median_s, people.ninetieth_s) == (1, 172800.0, 172800.0)


def test_the_queue_by_age_and_lateness(count: Count) -> None:
    waiting = (
        WaitingSince(received_at=NOON - 30 * MINUTE, due_at=NOON - 10 * MINUTE),
        WaitingSince(received_at=NOON - HOUR, due_at=NOON + HOUR),
        WaitingSince(received_at=NOON - 2 * DAY, due_at=NOON - DAY),
        WaitingSince(received_at=NOON - 30 * DAY, due_at=NOON),
    )
    queue = count(waiting=waiting, queue=replace(EMPTY_QUEUE, waiting=4, late=3)).queue
    assert [(band.documents, band.late) for band in queue.ages] == [(1, 1), (1, 0), (0, 0), (1, 1), (0, 0), (1, 1)]
    assert (queue.median_age_s, queue.oldest_s, queue.latest_s) == (
        (3600 + 172800) / 2, 30 * 86400.0, 86400.0,
    )  # fmt: skip


def test_reasons_are_counted_once_a_document(document: Make, count: Count) -> None:
    rival = SentToReview(act="pipeline", vetoes=(VetoName.RIVAL,), words=())
    both = SentToReview(act="pipeline", vetoes=(VetoName.RIVAL, VetoName.INACTIVE), words=())
    recalled = SentToReview(act="recalled", vetoes=(), words=("Recalled: HOLLOWAY",))
    report = count(
        documents=(
            document(state=REVIEW, sent_to_review=(rival, both)),
            document(by_program=False, sent_to_review=(rival,)),
            document(state=REVIEW, by_program=False, sent_to_review=(recalled,)),
            document(),
        )
    )
    assert report.sent_to_review == 3
    assert [(one.reason, one.documents) for one in report.reasons] == [
        (VetoName.RIVAL, 2),
        (VetoName.INACTIVE, 1),
        (OtherReason.RECALLED, 1),
    ]


def test_misfiles_are_of_all_filings_those_taken_back_too(document: Make, count: Count) -> None:
    moved = document(by_program=False, filings_by_people=1)  # filed by the program, then moved by a person
    report = count(
        documents=(moved, document()),
        misfiles=(
            KnownMisfile(by_program=True, filed_at=NOON, found_at=NOON, found_how=FoundHow.REFILE),
            KnownMisfile(by_program=True, filed_at=NOON - 9 * DAY, found_at=NOON, found_how=FoundHow.SECOND_LOOK),
            KnownMisfile(by_program=False, filed_at=NOON, found_at=NOON + 9 * DAY, found_how=FoundHow.REFILE),
        ),
    )
    program, people = report.misfiles
    assert (program.filings, program.of_these, program.found) == (2, 1, 2)
    assert (program.found_by_refile, program.found_by_second_look) == (1, 1)
    assert (people.filings, people.of_these, people.found) == (1, 1, 0)
    assert ends(report) == {Outcome.FILED_UNATTENDED: 1, Outcome.FILED_BY_PEOPLE: 1}


def test_bounds_are_shown_as_they_come(count: Count) -> None:
    bound = Bound(kind=LookKind.UNATTENDED, decisions=6000, looked_at=59, waiting=1, wrong=0, unsettled=0, at_most=0.05)
    assert count(bounds=(bound,)).bounds == (bound,)


def test_flags_and_confidence_by_scanner(document: Make, count: Count) -> None:
    report = count(
        documents=(
            document(flags=(FlagKind.UNSIGNED, FlagKind.UNSIGNED, FlagKind.MISSING_PAGE)),
            document(flags=(FlagKind.UNSIGNED,)),
            document(station="scanner-1", confidences=(0.9, 0.8)),
            document(station="scanner-1", confidences=(1.0, 0.7)),
            document(station="HOLLOWAY", confidences=(0.5,)),
            document(origin="er", confidences=(0.98765,)),
        )
    )
    assert report.flags == (
        FlagCount(kind=FlagKind.UNSIGNED, documents=2),
        FlagCount(kind=FlagKind.MISSING_PAGE, documents=1),
    )
    first, other, folder = report.confidence
    assert (first.scanner, first.documents, first.identifiers) == ("scanner-1", 2, 4)
    assert (first.median, first.tenth) == (pytest.approx(0.85), pytest.approx(0.73))
    assert other == ScannerConfidence(scanner="(other scanners)", documents=1, identifiers=1, median=0.5, tenth=0.5)
    assert (folder.scanner, folder.median) == ("er", 0.9876)
