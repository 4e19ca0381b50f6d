"""Rates of second looks and their bounds, against figures worked out otherwise."""

from __future__ import annotations

import itertools
import math
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.ledger import FrameCell, KnownAnswer, Look, LookKind, LookStanding
from ingest.review.second_look_bounds import Layer, at_most, estimate, so_far
from ingest.review.second_look_rates import RatesBy, looker_rates, rates
from matchers.calibrate import upper_bound


def layer(one_in: int, decisions: int, looked: int, wrong: int = 0, waiting: int = 0) -> Layer:
    return Layer(one_in=one_in, decisions=decisions, looked=looked, wrong=wrong, waiting=waiting)


layers = st.lists(
    st.tuples(st.integers(1, 200), st.integers(1, 500), st.integers(0, 20), st.integers(0, 3)), min_size=1, max_size=4,
    unique_by=lambda told: told[0],
)  # fmt: skip


def made(told: list[tuple[int, int, int, int]]) -> list[Layer]:
    return [
        layer(one_in, looks * one_in + more * (one_in > 1), looks, min(wrong, looks))
        for one_in, more, looks, wrong in told
    ]


def test_one_chance_is_clopper_and_pearson() -> None:
    assert at_most([layer(100, 20_000, 200)]) == pytest.approx(1 - 0.05 ** (1 / 200))
    assert at_most([layer(100, 20_000, 200, 3)]) == upper_bound(3, 200, confidence=0.95)
    assert estimate([layer(100, 20_000, 200, 3)]) == pytest.approx(0.015)
    assert at_most([layer(100, 50, 0)]) == 1.0
    assert estimate([layer(100, 50, 0)]) is None


@pytest.mark.parametrize(("wrong", "mean"), [(0, 2.995732), (1, 4.743865), (2, 6.295794), (10, 16.96222)])
def test_unequal_chances_leave_room_for_the_poisson_limit_where_looks_are_rarest(wrong: int, mean: float) -> None:
    """Garwood's limits, from printed tables."""
    two = [layer(100, 100_000, 1000, wrong), layer(25, 100, 4)]
    assert at_most(two) == pytest.approx(mean * 100 / 100_100, rel=1e-5)


def test_what_the_rarest_cannot_hold_goes_to_the_next() -> None:
    # Ten decisions of one in a hundred take 0.1 of the 2.9957; the rest has room for 2.8957 times 25.
    assert at_most([layer(100, 10, 0), layer(25, 1000, 40)]) == pytest.approx((10 + 2.895732 * 25) / 1010, rel=1e-5)
    assert at_most([layer(100, 10, 0), layer(25, 20, 0)]) == 1.0


def test_what_is_all_looked_at_is_known() -> None:
    assert at_most([layer(1, 300, 300, 2)]) == pytest.approx(2 / 300)
    mixed = [layer(1, 300, 300, 2), layer(100, 10_000, 100)]
    assert at_most(mixed) == pytest.approx((2 + 299.5732) / 10_300, rel=1e-5)
    assert at_most([layer(1, 300, 200, 2, waiting=100)]) == pytest.approx(102 / 300)


def test_what_waits_counts_as_wrong_in_the_bound_and_not_in_what_was_seen_so_far() -> None:
    assert at_most([layer(100, 20_000, 190, 1, waiting=10)]) == upper_bound(11, 200, confidence=0.95)
    assert so_far([layer(100, 20_000, 190, 1, waiting=10)]) == upper_bound(1, 190, confidence=0.95)
    two = [layer(100, 20_000, 150, waiting=50), layer(25, 100, 4)]
    assert so_far(two) == at_most([layer(100, 15_000, 150), layer(25, 100, 4)])
    assert at_most(two) == at_most([layer(100, 20_000, 200, 50), layer(25, 100, 4)])
    assert estimate(two) == 0.0


@given(layers)
@settings(max_examples=200)
def test_a_bound_is_a_share_no_smaller_than_the_estimate_and_grows_with_every_wrong_one(told) -> None:
    found = made(told)
    bound = at_most(found)
    assert 0 <= bound <= 1
    assert bound >= (estimate(found) or 0) - 1e-9
    for place, one in enumerate(found):
        if one.wrong < one.looked:
            worse = layer(one.one_in, one.decisions, one.looked, one.wrong + 1)
            more = [*found[:place], worse, *found[place + 1 :]]
            assert at_most(more) >= bound - 1e-9


def test_the_bound_covers_whatever_is_wrong_in_small_designs_worked_out_whole() -> None:
    """However wrong ones lie in four blocks of three and two of ten: the exact chance that the bound misses."""
    blocks = [3] * 4 + [10] * 2
    for wrong in itertools.product(*(range(size + 1) if size == 3 else (0, 1, 4, 10) for size in blocks)):
        share = sum(wrong) / sum(blocks)
        misses = 0.0
        for found in itertools.product((0, 1), repeat=len(blocks)):
            chance = math.prod(
                bad / size if hit else 1 - bad / size for hit, bad, size in zip(found, wrong, blocks, strict=True)
            )
            if chance and bound(sum(found[:4]), sum(found[4:])) < share - 1e-12:
                misses += chance
        assert misses <= 0.05


@cache
def bound(wrong_of_three: int, wrong_of_ten: int) -> float:
    return at_most([layer(3, 12, 4, wrong_of_three), layer(10, 20, 2, wrong_of_ten)])


def test_a_low_confidence_is_refused() -> None:
    with pytest.raises(ValueError, match="confidence"):
        at_most([layer(10, 100, 10)], confidence=0.5)


def look(standing: LookStanding, **more) -> Look:
    fields = {
        "number": 1, "document_id": "D000001", "version": 1, "kind": LookKind.UNATTENDED, "month": "2026-01",
        "type": "ekg", "origin": "fax", "person": None, "one_in": 10, "standing": standing,
    }  # fmt: skip
    return Look(**fields | more)


def test_rates_by_month_type_and_origin() -> None:
    cell = FrameCell(LookKind.UNATTENDED, "2026-01", "ekg", "fax", 10)
    frame = {
        cell: 40,
        FrameCell(LookKind.UNATTENDED, "2026-01", None, "", 3): 3,
        FrameCell(LookKind.UNATTENDED, "2026-02", None, "", 10): 10,
        FrameCell(LookKind.DISCARDED_BY_PERSON, "2026-01", "ekg", "fax", 10): 7,
    }
    looks = [
        look(LookStanding.AGREED),
        look(LookStanding.FIRST_WRONG),
        look(LookStanding.DISPUTED),
        look(LookStanding.OPEN),
        look(LookStanding.FIRST_RIGHT, type=None, origin="", one_in=3),
    ]
    (january, february, discards) = rates(looks, frame, RatesBy.MONTH)
    assert (january.kind, january.group, january.decisions) == (LookKind.UNATTENDED, "2026-01", 43)
    assert (january.looked, january.waiting, january.wrong, january.disputed) == (4, 1, 1, 1)
    assert january.estimate == pytest.approx(20 / 33)
    assert not january.exact
    assert january.so_far <= january.at_most
    assert (february.group, february.looked, february.estimate, february.at_most) == ("2026-02", 0, None, 1.0)
    assert (discards.kind, discards.decisions) == (LookKind.DISCARDED_BY_PERSON, 7)

    (ekg, untyped, _) = rates(looks, frame, RatesBy.TYPE)
    assert (ekg.group, ekg.exact, ekg.at_most) == ("ekg", True, upper_bound(3, 4, confidence=0.95))
    assert (untyped.group, untyped.decisions) == ("untyped", 13)
    assert [rate.group for rate in rates(looks, frame, RatesBy.ORIGIN)] == ["", "fax", "fax"]
    assert [rate.group for rate in rates(looks, frame, RatesBy.NOTHING)] == ["all", "all"]


def test_whoever_looks_is_measured_by_known_cases() -> None:
    told = [KnownAnswer(person="bob", right=right) for right in (True, False, None, True)]
    (bob, cid) = looker_rates([*told, KnownAnswer(person="cid", right=True)])
    assert (bob.person, bob.shown, bob.wrong, bob.unsure) == ("bob", 4, 1, 1)
    assert (cid.shown, cid.wrong) == (1, 0)
