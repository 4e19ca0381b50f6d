"""Rows made up by hand, and a report of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from ingest.ledger.figure_records import DecidedDocument
from ingest.ledger.queue_records import QueueLength
from ingest.model import DocumentState
from ingest.reporting import Period, Places, Report, Rows, report_of

NOON = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)
PERIOD = Period(first=date(2026, 11, 9), last=date(2026, 11, 11), zone=UTC)
PLACES = Places(folders=frozenset({"er"}), stations=frozenset({"scanner-1"}))
EMPTY_QUEUE = QueueLength(waiting=0, late=0, held=0, deferred=0, asked=0, oldest=None)


@pytest.fixture
def document() -> Callable[..., DecidedDocument]:
    """Makes a document: received, first decided on, and filed by the program at noon, unless told otherwise."""

    def make(**changes: object) -> DecidedDocument:
        usual: dict[str, object] = {
            "received_at": NOON,
            "origin": "",
            "station": None,
            "type": "consent",
            "pages": 1,
            "first_at": NOON,
            "by_program": True,
            "state": DocumentState.FILED,
            "decided_at": NOON,
            "filed_at": NOON,
            "filings_by_program": 1,
            "filings_by_people": 0,
            "cut_by_person": False,
            "sent_to_review": (),
            "flags": (),
            "confidences": (),
        }
        return DecidedDocument(**{**usual, **changes})  # type: ignore[arg-type]

    return make


@pytest.fixture
def count() -> Callable[..., Report]:
    """Counts these rows, nothing of all others."""

    def make(*, period: Period = PERIOD, now: datetime = NOON, **rows: object) -> Report:
        usual: dict[str, object] = {
            "scans": (),
            "documents": (),
            "events": (),
            "queue": EMPTY_QUEUE,
            "waiting": (),
            "misfiles": (),
            "bounds": (),
        }
        return report_of(Rows(**{**usual, **rows}), period, PLACES, now=now)  # type: ignore[arg-type]

    return make
