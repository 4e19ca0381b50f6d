"""The threshold's promise: exact bounds, a sequence fixed in advance, and plain words when data do not suffice."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchers.calibrate import Audited, calibrate, decisions_needed, upper_bound


@pytest.mark.parametrize(
    ("risk", "wrong", "needed"),
    [
        (1e-4, 0, 29_956),
        (1e-4, 1, 47_437),
        (1e-4, 2, 62_956),
        (1e-4, 3, 77_535),
        (5e-4, 0, 5_990),
        (5e-4, 1, 9_486),
        (5e-4, 2, 12_590),
        (1e-3, 0, 2_995),
        (1e-3, 1, 4_742),
        (1e-3, 2, 6_294),
    ],
)
def test_so_many_audited_decisions_are_needed(risk: float, wrong: int, needed: int) -> None:
    assert decisions_needed(wrong, risk=risk, confidence=0.95) == needed
    assert upper_bound(wrong, needed, confidence=0.95) <= risk < upper_bound(wrong, needed - 1, confidence=0.95)


@given(st.integers(0, 30), st.integers(1, 5000), st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_the_bound_lies_above_what_was_seen_and_falls_with_more_data(wrong: int, of: int, confidence: float) -> None:
    bound = upper_bound(wrong, of, confidence=confidence)
    assert min(1.0, wrong / of) <= bound <= 1.0
    assert upper_bound(wrong, of + 1, confidence=confidence) <= bound + 1e-12
    assert upper_bound(wrong + 1, of, confidence=confidence) >= bound - 1e-12


def drawn(rng: random.Random, count: int, *, wrong_below_bits: float, rate: float) -> list[Audited]:
    found = []
    for _ in range(count):
        bits = rng.uniform(0, 40)
        found.append(
            Audited(odds_bits=bits, right=not (bits < wrong_below_bits and rng.random() < rate), threshold_bits=0.0)
        )
    return found


def test_the_loosest_threshold_that_holds_is_certified() -> None:
    audited = drawn(random.Random(1), 40_000, wrong_below_bits=10, rate=0.02)
    found = calibrate(audited, risk=1e-3, confidence=0.95)
    assert found.certified is not None
    assert found.threshold is not None
    assert 8 <= found.certified.threshold_bits <= 11
    assert found.certified.at_most <= 1e-3
    assert found.failed is not None
    assert found.failed.threshold_bits < found.certified.threshold_bits
    filed = [one for one in audited if one.odds_bits >= found.certified.threshold_bits]
    assert (found.certified.decisions, found.share) == (len(filed), len(filed) / len(audited))


def test_too_few_data_say_how_many_are_lacking() -> None:
    found = calibrate([Audited(odds_bits=20.0, right=True, threshold_bits=11.0)] * 1000, risk=1e-4, confidence=0.95)
    assert found.certified is None
    assert found.threshold is None
    assert found.lacking == 29_956 - 1000
    assert found.share_then == 1.0
    assert found.best_risk == pytest.approx(upper_bound(0, 1000, confidence=0.95))
    assert calibrate([], risk=1e-4, confidence=0.95).lacking == 29_956


def test_a_wrong_decision_at_the_top_certifies_nothing() -> None:
    top = [Audited(odds_bits=39.9, right=False, threshold_bits=0.0)] * 30
    audited = top + [Audited(odds_bits=30.0, right=True, threshold_bits=0.0)] * 3500
    found = calibrate(audited, risk=1e-3, confidence=0.95)
    assert found.certified is None
    assert found.lacking > 0


@pytest.mark.parametrize(("risk", "confidence"), [(0.0, 0.95), (1.0, 0.95), (1e-3, 0.0), (1e-3, 1.0), (-1.0, 2.0)])
def test_senseless_promises_are_refused(risk: float, confidence: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        calibrate([], risk=risk, confidence=confidence)


def test_false_promises_are_as_rare_as_promised() -> None:
    """400 audits of a program that is wrong in 1.2 of 100 above 5 bits: a risk of 1 in 100 must not be certified."""
    rng = random.Random(20261124)
    false = 0
    for _ in range(400):
        audited = [
            Audited(odds_bits=rng.uniform(5, 15), right=rng.random() >= 0.012, threshold_bits=5.0) for _ in range(600)
        ]
        false += calibrate(audited, risk=0.01, confidence=0.9).certified is not None
    assert false <= 400 * 0.1


def test_no_threshold_looser_than_the_audited_ones_is_certified() -> None:
    """A faultless audit at 0.9995 says nothing of what 0.5 would have filed."""
    rng = random.Random(4)
    audited = [Audited(odds_bits=rng.uniform(10.965, 40), right=True, threshold_bits=10.965) for _ in range(40_000)]
    found = calibrate(audited, risk=1e-3, confidence=0.95)
    assert found.certified is not None
    assert found.certified.threshold_bits == found.loosest.threshold_bits == 10.965
    assert found.share == 1.0


def test_a_decision_counts_only_from_the_threshold_it_was_taken_at() -> None:
    """Decisions taken when filing needed 20 bits cannot water down those taken at 10."""
    loose = [Audited(odds_bits=12.0, right=at >= 9, threshold_bits=10.0) for at in range(3000)]
    strict = [Audited(odds_bits=30.0, right=True, threshold_bits=20.0)] * 40_000
    found = calibrate([*loose, *strict], risk=1e-3, confidence=0.95)
    assert found.certified is not None
    assert found.certified.threshold_bits == 20.0
    assert (found.certified.decisions, found.certified.wrong) == (40_000, 0)
    assert found.failed is not None
    assert (found.failed.threshold_bits, found.failed.decisions, found.failed.wrong) == (12.0, 3000, 9)
    assert found.loosest.threshold_bits == 10.0


def test_odds_recorded_a_little_below_their_threshold_count_at_it() -> None:
    found = calibrate(
        [Audited(odds_bits=10.965, right=True, threshold_bits=10.96506)] * 3000, risk=1e-3, confidence=0.95
    )
    assert found.certified is not None
    assert found.certified.threshold_bits == 10.96506
