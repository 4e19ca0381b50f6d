"""Drawing second looks: with which chance, from which strata, and that nothing else has a say in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.ledger import Block, Chosen, Drawable, Drawing, KnownCase, LookKind, Undrawn
from ingest.review.second_look_draw import Shares, draw, lot_of, stratum_of

START = datetime(2026, 1, 30, tzinfo=UTC)
SHARES = Shares(unattended=0.1, people=0.05, discards=0.25, known=0)


def decision(number: int, **more) -> Drawable:
    fields = {
        "document_id": f"D{number:06d}",
        "version": 1,
        "kind": LookKind.UNATTENDED,
        "type": "ekg",
        "origin": "fax",
        "probability": 0.99999,
        "person": None,
        "decided_at": START + timedelta(hours=number),
    }
    return Drawable(**fields | more)


def undrawn(decisions, blocks=None, known=()) -> Undrawn:
    return Undrawn(since=0, through=1, decisions=tuple(decisions), blocks=blocks or {}, known=tuple(known))


def drawn(decisions, *, seed: bytes = b"seed", shares: Shares = SHARES, blocks=None, known=()) -> Drawing:
    return draw(undrawn(decisions, blocks, known), shares=shares, lot=lot_of(seed))


def ids(drawing: Drawing) -> list[str]:
    return [look.decision.document_id for look in drawing.looks if isinstance(look, Chosen)]


@given(st.integers(1, 400), st.binary(min_size=4, max_size=8), st.data())
@settings(max_examples=60)
def test_it_makes_no_difference_when_the_drawing_runs(count: int, seed: bytes, data: st.DataObject) -> None:
    all_of_them = [decision(number, type=f"type {number % 3}") for number in range(count)]
    at_once = drawn(all_of_them, seed=seed)
    blocks: dict[str, Block] = {}
    piecemeal: list[str] = []
    frame: Counter = Counter()
    while all_of_them:
        size = data.draw(st.integers(1, 90))
        part = drawn(all_of_them[:size], seed=seed, blocks=blocks)
        blocks |= part.blocks
        frame.update(part.frame)
        piecemeal += ids(part)
        all_of_them = all_of_them[size:]
    assert piecemeal == ids(at_once)
    assert frame == at_once.frame
    assert sum(frame.values()) == count


def test_one_of_each_block_and_the_first_block_is_a_quarter() -> None:
    drawing = drawn([decision(number) for number in range(3 + 10 * 40)])
    places = [int(name[1:]) for name in ids(drawing)]
    assert [(place - 3) // 10 for place in places[1:]] == list(range(40))
    assert 0 <= places[0] < 3
    assert [look.one_in for look in drawing.looks] == [3] + [10] * 40
    assert len({(place - 3) % 10 for place in places[1:]}) > 5


def test_every_decision_has_the_chance_that_is_put_down() -> None:
    seen: Counter = Counter()
    decisions = [decision(number) for number in range(28)]  # a block of three, two of ten, half a block
    for seed in range(4000):
        drawing = drawn(decisions, seed=str(seed).encode())
        seen.update(ids(drawing))
    for number in range(28):
        expected = 4000 / (3 if number < 3 else 10)
        assert abs(seen[f"D{number:06d}"] - expected) < 5 * expected**0.5


def test_every_stratum_is_looked_at() -> None:
    people = [
        decision(number, kind=LookKind.FILED_BY_PERSON, person=f"clerk {number % 7}", type=f"type {number % 5}")
        for number in range(35 * 5)
    ]
    assert {look.stratum for look in drawn(people).looks} == {stratum_of(one) for one in people}


@pytest.mark.parametrize(
    "other",
    [
        {"type": None},
        {"probability": 0.9},
        {"probability": None},
        {"probability": 0.9999999},
        {"kind": LookKind.FILED_BY_PERSON, "person": "ann"},
    ],
)
def test_what_is_unlike_is_in_another_stratum(other) -> None:
    assert stratum_of(decision(1)) != stratum_of(decision(2, **other))
    assert stratum_of(decision(1)) == stratum_of(decision(2, origin="mail"))


def test_a_share_of_nothing_has_no_chance_and_stands_nowhere() -> None:
    off = replace(SHARES, unattended=0)
    drawing = drawn([decision(1), decision(2, kind=LookKind.DISCARDED_BY_PERSON)], shares=off)
    assert sum(drawing.frame.values()) == 1
    assert all(cell.kind is LookKind.DISCARDED_BY_PERSON for cell in drawing.frame)


def test_a_share_of_everything_is_everything() -> None:
    assert len(ids(drawn([decision(number) for number in range(50)], shares=replace(SHARES, unattended=1)))) == 50


def test_another_share_counts_from_the_next_block_on() -> None:
    first = drawn([decision(number) for number in range(5)])
    assert set(first.blocks.values()) == {Block(1, 10, 2)}
    then = drawn(
        [decision(number) for number in range(5, 20)], blocks=first.blocks, shares=replace(SHARES, unattended=0.5)
    )
    assert {cell.one_in: count for cell, count in then.frame.items()} == {10: 8, 2: 7}


def test_a_frame_is_by_month_type_and_origin() -> None:
    drawing = drawn([decision(0), decision(30), decision(100, origin="mail"), decision(101, type=None)])
    assert {(cell.month, cell.type, cell.origin) for cell in drawing.frame} == {
        ("2026-01", "ekg", "fax"),
        ("2026-02", "ekg", "mail"),
        ("2026-02", None, "fax"),
    } | ({("2026-01", "ekg", "fax")} if decision(30).month == "2026-01" else {("2026-02", "ekg", "fax")})


def test_known_cases_are_their_share_of_what_is_shown() -> None:
    known = [KnownCase(document_id=f"D9{number:05d}", version=1, mrn="1") for number in range(500)]
    decisions = [decision(number) for number in range(40_000)]
    drawing = drawn(decisions, shares=replace(SHARES, known=0.05), known=known)
    mixed = [look for look in drawing.looks if isinstance(look, KnownCase)]
    assert 0.04 < len(mixed) / len(drawing.looks) < 0.06
    assert len({look.document_id for look in mixed}) == len(mixed)
    assert ids(drawing) == ids(drawn(decisions))
