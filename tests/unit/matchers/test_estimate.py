"""Weights from data: what was drawn is found again, the likelihood climbs, missing says nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchers.estimate import MISSING, Estimate, estimate, shares_among

M = (np.array([0.90, 0.07, 0.03]), np.array([0.80, 0.20]), np.array([0.95, 0.03, 0.02]))
U = (np.array([0.01, 0.04, 0.95]), np.array([0.10, 0.90]), np.array([0.002, 0.018, 0.98]))
LEVELS = (3, 2, 3)


def drawn(pairs: int, share: float, *, seed: int, missing: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    one = rng.random(pairs) < share
    found = np.empty((pairs, 3), np.int64)
    for part, (m, u) in enumerate(zip(M, U, strict=True)):
        found[:, part] = np.where(one, rng.choice(len(m), pairs, p=m), rng.choice(len(u), pairs, p=u))
    found[rng.random(found.shape) < missing] = MISSING
    return found, one


def of(patterns: np.ndarray, **more: object) -> Estimate:
    distinct, counts = np.unique(patterns, axis=0, return_counts=True)
    return estimate(distinct, counts, LEVELS, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("share", "missing"), [(0.3, 0.0), (0.05, 0.0), (0.1, 0.3)])
def test_em_finds_what_the_pairs_were_drawn_from(share: float, missing: float) -> None:
    patterns, _ = drawn(60_000, share, seed=7, missing=missing)
    found = of(patterns)
    assert found.match_share == pytest.approx(share, rel=0.1)
    for part in range(3):
        assert found.m[part] == pytest.approx(M[part], abs=0.03)
        assert found.u[part] == pytest.approx(U[part], abs=0.01)
    assert found.weights_bits()[0][0] == pytest.approx(np.log2(90), abs=0.5)


def test_known_strangers_stay_as_they_are() -> None:
    strangers, _ = drawn(50_000, 0.0, seed=8)
    fixed = shares_among(strangers, LEVELS)
    patterns, _ = drawn(5_000, 0.2, seed=9)
    found = of(patterns, u=fixed)
    for part in range(3):
        assert found.u[part] == pytest.approx(fixed[part])
        assert found.m[part] == pytest.approx(M[part], abs=0.04)


def test_decided_pairs_anchor_a_small_sample() -> None:
    patterns, one = drawn(400, 0.5, seed=10)
    found = estimate(patterns, np.ones(400), LEVELS, known=one.astype(float))
    assert found.match_share == pytest.approx(one.mean())
    counted = np.bincount(patterns[one, 0], minlength=3)
    assert found.observed[0] == pytest.approx(counted)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(-1, 2), st.integers(-1, 1), st.integers(-1, 2)), min_size=1, max_size=40))
def test_the_likelihood_never_falls_and_shares_are_shares(rows: list[tuple[int, int, int]]) -> None:
    found = of(np.array(rows))
    steps = np.diff(found.log_likelihoods)
    assert (steps >= -1e-6 * np.maximum(1.0, np.abs(found.log_likelihoods[1:]))).all()
    for shares in (*found.m, *found.u):
        assert shares.sum() == pytest.approx(1.0)
        assert (shares > 0).all()
    assert all((np.abs(bits) <= 20).all() for bits in found.weights_bits())


def test_missing_says_nothing() -> None:
    found = of(drawn(5_000, 0.2, seed=11)[0])
    nothing, best = found.odds_bits(np.array([[MISSING] * 3, [0, MISSING, MISSING]]))
    assert nothing == pytest.approx(np.log2(found.match_share / (1 - found.match_share)))
    assert best - nothing == pytest.approx(found.weights_bits()[0][0])


def test_no_pairs_are_no_error_and_wrong_shapes_are_one() -> None:
    assert estimate(np.empty((0, 3), int), np.empty(0), LEVELS).match_share == 0.05
    with pytest.raises(ValueError, match="one row for each count"):
        estimate(np.zeros((2, 2), int), np.ones(2), LEVELS)
