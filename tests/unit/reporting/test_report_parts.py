"""Periods, names that may be shown, kinds of reasons, reviewers' time: each by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import WrongUse
from ingest.ledger.figure_records import DeskEvent, DeskStep, PlaceUse, SentToReview
from ingest.reporting.period import period_of
from ingest.reporting.places import Places
from ingest.reporting.quantiles import ShareCounts
from ingest.reporting.reasons import OtherReason, Reason, reasons_of
from ingest.reporting.reviewers import reviewing
from ingest.reporting.table import Kind, Value, cell_text
from matchers.decision import VetoName
from matchers.explain import NOBODY_NEAR, NOTHING_USABLE

TODAY = date(2026, 11, 25)
NOON = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)


def test_a_period_is_thirty_days_to_today() -> None:
    period = period_of(None, None, today=TODAY, zone=UTC)
    assert (period.first, period.last, len(period.days)) == (date(2026, 10, 27), TODAY, 30)
    to = period_of(None, date(2026, 3, 31), today=TODAY, zone=UTC)
    assert (to.first, len(to.days)) == (date(2026, 3, 2), 30)
    one = period_of(TODAY, TODAY, today=TODAY, zone=UTC)
    assert one.until - one.since == timedelta(days=1)


def test_days_begin_at_midnight_where_the_readers_live() -> None:
    period = period_of(date(2026, 3, 29), date(2026, 3, 29), today=TODAY, zone=ZoneInfo("Europe/Berlin"))
    assert (period.since, period.until) == (
        datetime(2026, 3, 28, 23, tzinfo=UTC),
        datetime(2026, 3, 29, 22, tzinfo=UTC),  # summer time began: a day of 23 hours
    )
    assert period.holds(period.since)
    assert not period.holds(period.until)
    assert period.day_of(datetime(2026, 3, 29, 21, 59, tzinfo=UTC)) == date(2026, 3, 29)


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2026, 5, 2), date(2026, 5, 1), "name the earlier day first"),
        (None, date(2026, 11, 26), "--to 2026-11-26 is yet to come"),
        (date(2026, 11, 26), None, "--from 2026-11-26 is yet to come"),
        (date(2025, 1, 1), None, "at most 366 days"),
    ],
)
def test_periods_that_are_none(first: date | None, last: date | None, told: str) -> None:
    with pytest.raises(WrongUse, match=told):
        period_of(first, last, today=TODAY, zone=UTC)


def use(name: str, *, scans: int = 20, days: int = 7) -> PlaceUse:
    return PlaceUse(name=name, scans=scans, first_at=NOON, last_at=NOON + timedelta(days=days))


def test_a_folder_of_a_patient_is_not_named() -> None:
    passing = [use("HOLLOWAY MARGARET", days=6), use("BERG", scans=19), use("MRN 00412345"), use("1951-03-14 M H")]
    places = Places.of([use("er"), *passing], [use("scanner-1"), use("O'Hara", days=1)], named=["referrals"])
    assert [places.folder(one.name) for one in passing] == ["(other folders)"] * 4
    assert (places.folder("er"), places.folder(""), places.folder("referrals")) == ("er", "(drop folder)", "referrals")
    assert places.folder("referrals/HOLLOWAY/2") == "referrals/…"
    assert (places.scanner("scanner-1", "x"), places.scanner("O'Hara", "er")) == ("scanner-1", "(other scanners)")
    assert (places.scanner(None, "er"), places.scanner(None, "BERG")) == ("er", "(other folders)")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (NOTHING_USABLE, OtherReason.NOTHING_USABLE),
        (NOBODY_NEAR, OtherReason.NOBODY_NEAR),
        ("The scan shows two patients' names: BERG on page 1 and ORLOV on page 2.", OtherReason.TWO_PEOPLE),
        ("Page 2 could not be read by the program (it took too long): please look at it.", OtherReason.PAGE_UNREAD),
        ("The rest of pages 1 and 2 could not be read: please look at the paper.", OtherReason.PAGE_UNREAD),
        ("Page 1: its barcode is the MRN of another patient, 0077777.", OtherReason.BARCODE_OF_ANOTHER),
        ("Page 3: it may name a patient, but that could not be read.", OtherReason.PAGE_MAY_NAME_ANOTHER),
        ("Page 3: The paper shows another patient too: Berg.", OtherReason.PAGE_SPEAKS_AGAINST),
        ("Split before page 2? It begins anew.", OtherReason.SPLIT_PROPOSED),
        ('Unattended filing is "off" here: a person decides.', OtherReason.HELD_BY_SETTING),
        ("Unattended filing was stopped by the stop switch: a person decides.", OtherReason.HELD_BY_SETTING),
        ("Text that was read later speaks against this patient: Berg", OtherReason.LATER_TEXT),
        ("This patient's registration is marked inactive.", VetoName.INACTIVE),
        ("HOLLOWAY", OtherReason.OTHER),
    ],
)
def test_words_have_a_kind(words: str, kind: Reason) -> None:
    assert reasons_of(SentToReview(act="pipeline", vetoes=(), words=(words, "Birth date agrees."))) == {kind}


def test_vetoes_and_words_are_reasons_together_but_not_what_had_agreed() -> None:
    words = ("Split before page 2? So.", "Something else.")
    both = SentToReview(act="pipeline", vetoes=(VetoName.RIVAL,), words=words)
    assert reasons_of(both) == {VetoName.RIVAL, OtherReason.SPLIT_PROPOSED}
    failed = SentToReview(act="filing_failed", vetoes=(VetoName.RIVAL,), words=("Disk.", *words))
    assert reasons_of(failed) == {OtherReason.FILING_FAILED}


def steps(*told: tuple[float, str, str]) -> list[DeskEvent]:
    """Events as (second, person, what): "+D1" looks at D1, "=D1" decides, "=D1,D2" joins, "-D1" takes back."""
    kinds = {"+": DeskStep.LOOKED, "=": DeskStep.DECIDED, "-": DeskStep.TOOK_BACK}
    return [
        DeskEvent(
            at=NOON + timedelta(seconds=at), person=person, step=kinds[what[0]], documents=tuple(what[1:].split(","))
        )
        for at, person, what in told
    ]


@pytest.mark.parametrize(
    ("events", "documents", "seconds"),
    [
        ([(0, "a", "+D1"), (10, "a", "=D1")], 1, 10),
        ([(0, "a", "+D1"), (5, "a", "+D1"), (12, "a", "=D1")], 1, 12),  # from the first look
        ([(0, "a", "+D1"), (300, "a", "=D1")], 1, 300),
        ([(0, "a", "+D1"), (301, "a", "=D1")], 1, 0),  # away
        ([(0, "a", "+D1"), (20, "a", "+D1"), (900, "a", "+D1"), (930, "a", "=D1")], 1, 50),
        ([(0, "a", "+D1"), (2, "a", "+D2"), (10, "a", "=D1"), (16, "a", "=D2")], 2, 16),  # looked at ahead
        ([(0, "a", "+D1"), (9, "a", "+D2"), (12, "a", "=D2"), (20, "a", "+D3")], 1, 3),  # D1 was left
        ([(0, "a", "+D1"), (0, "b", "+D2"), (10, "a", "=D1"), (30, "b", "=D2")], 2, 40),
        ([(0, "a", "+D1"), (4, "a", "+D2"), (10, "a", "=D1,D2")], 2, 10),
        ([(0, "a", "+D1"), (10, "a", "=D1"), (14, "a", "+D1"), (20, "a", "-D1")], 1, 16),  # 10, and 6 taking back
        ([(0, "a", "=D1"), (10, "a", "=D2")], 0, 0),  # without a look
        ([(0, "b", "+D1"), (10, "a", "=D1")], 0, 0),  # somebody else's look
    ],
)
def test_time_from_look_to_decision(events: list[tuple[float, str, str]], documents: int, seconds: float) -> None:
    told = reviewing(steps(*events))
    assert (told.documents, told.seconds) == (documents, seconds)
    assert told.per_hour == (documents * 3600 / seconds if seconds else None)


def test_reviewers_and_what_they_did_beside() -> None:
    told = reviewing(steps((0, "a", "+D1"), (5, "a", "=D1"), (6, "b", "=D2"), (7, "b", "-D2"), (8, "c", "+D3")))
    assert (told.people, told.documents, told.unseen, told.taken_back) == (2, 1, 1, 1)


@given(
    shares=st.lists(st.integers(0, 10_000), min_size=1, max_size=50),
    at=st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]),
)
def test_quantiles_of_counted_shares_are_those_of_the_shares(shares: list[int], at: float) -> None:
    counts = ShareCounts()
    counts.add(share / 10_000 for share in shares)
    assert len(counts) == len(shares)
    assert counts.quantile(at) == pytest.approx(float(np.quantile(np.array(shares), at)) / 10_000)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (Kind.COUNT, 12345, "12,345"),
        (Kind.COUNT, None, "–"),
        (Kind.SHARE, 0.5, "50.0%"),
        (Kind.SHARE, 0.00012, "0.012%"),
        (Kind.SHARE, 0.0, "0.0%"),
        (Kind.SECONDS, 0.2, "0 s"),
        (Kind.SECONDS, 65.0, "1 min 5 s"),
        (Kind.SECONDS, 7200.0, "2 h"),
        (Kind.SECONDS, 86400.0 + 59, "1 d"),
        (Kind.NUMBER, 1234.56, "1,234.6"),
        (Kind.DAY, TODAY, "2026-11-25"),
    ],
)
def test_cells(kind: Kind, value: Value, text: str) -> None:
    assert cell_text(kind, value) == text
