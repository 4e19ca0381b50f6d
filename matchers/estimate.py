"""Weights from data: how often each comparison level shows among pairs of one person, and among strangers.

m and u of Fellegi and Sunter (1969), estimated from pairs whose status nobody knows by expectation-
maximisation (Winkler 1988; Jaro 1989), with levels independent given the status; pairs that people decided
keep their status and anchor the rest. Missing comparisons are no evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
MISSING: Final = -1
_MOST_ROUNDS: Final = 500
_STILL: Final = 1e-7
_MOST_BITS: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What was found. `m` and `u`: for each part, the probability of each level (they sum to 1).

    `match_share` is the share of pairs that are one person; `log_likelihoods` (imagined pairs included) one
    for each round, never falling; `observed` how many pairs (in matches' worth) each part's levels rest on.
    """

    match_share: float
    m: tuple[Array, ...]
    u: tuple[Array, ...]
    log_likelihoods: tuple[float, ...]
    observed: tuple[Array, ...]

    def weights_bits(self) -> tuple[Array, ...]:
        """log2(m/u) of each level of each part, within ±20 bits."""
        return tuple(np.clip(np.log2(m / u), -_MOST_BITS, _MOST_BITS) for m, u in zip(self.m, self.u, strict=True))

    def odds_bits(self, patterns: Array) -> Array:
        """The log2 odds of one person for each pattern, prior included."""
        total = np.full(len(patterns), np.log2(self.match_share / (1.0 - self.match_share)))
        for part, weights in enumerate(self.weights_bits()):
            levels = patterns[:, part]
            total += np.where(levels == MISSING, 0.0, weights[np.maximum(levels, 0)])
        return total


def estimate(
    patterns: Array,
    counts: Array,
    levels: Sequence[int],
    *,
    u: Sequence[Array] | None = None,
    known: Array | None = None,
    match_share: float = 0.05,
    imagined: float = 1.0,
) -> Estimate:
    """EM over distinct comparison patterns.

    `patterns`: shape (patterns, parts), the level of each part (0 is the best), `MISSING` for none.
    `counts`: how many pairs show each pattern. `levels`: how many levels each part has. `u`: known
    probabilities among strangers (from random pairs), kept fixed. `known`: 1.0 for pairs of one person, 0.0
    for two people, NaN where nobody knows. `imagined` pairs are spread over the levels of every part, so
    that a level never seen gets no infinite weight. Raises ValueError for shapes that do not fit.
    """
    patterns, counts = np.asarray(patterns, np.int64), np.asarray(counts, np.float64)
    if patterns.ndim != 2 or patterns.shape != (len(counts), len(levels)):
        msg = "patterns need one row for each count and one column for each part"
        raise ValueError(msg)
    given = np.full(len(counts), np.nan) if known is None else np.asarray(known, np.float64)
    m = [_falling(size) for size in levels]
    strangers = [np.asarray(one, np.float64) for one in u] if u is not None else [_rising(size) for size in levels]
    told: list[float] = []
    share = match_share
    while True:
        likely, log_likelihood = _expect(patterns, counts, m, strangers, share, given)
        # What the imagined pairs say counts too: EM climbs the two together.
        log_likelihood += sum(imagined / len(one) * float(np.log(one).sum()) for one in m)
        if u is None:
            log_likelihood += sum(imagined / len(one) * float(np.log(one).sum()) for one in strangers)
        settled = bool(told) and log_likelihood - told[-1] <= _STILL * max(1.0, abs(log_likelihood))
        told.append(log_likelihood)
        if settled or len(told) == _MOST_ROUNDS or not counts.sum():
            break
        matches = counts * likely
        share = float(np.clip(matches.sum() / counts.sum(), 1e-9, 1 - 1e-9))
        m = [_shares(patterns[:, part], matches, size, imagined) for part, size in enumerate(levels)]
        if u is None:
            others = counts - matches
            strangers = [_shares(patterns[:, part], others, size, imagined) for part, size in enumerate(levels)]
    observed = tuple(_tally(patterns[:, part], counts * likely, size) for part, size in enumerate(levels))
    return Estimate(match_share=share, m=tuple(m), u=tuple(strangers), log_likelihoods=tuple(told), observed=observed)


def shares_among(patterns: Array, levels: Sequence[int], *, imagined: float = 1.0) -> tuple[Array, ...]:
    """u from patterns of random pairs: of two registrations drawn at random hardly any are one person."""
    patterns = np.asarray(patterns, np.int64)
    ones = np.ones(len(patterns))
    return tuple(_shares(patterns[:, part], ones, size, imagined) for part, size in enumerate(levels))


def _expect(
    patterns: Array, counts: Array, m: Sequence[Array], u: Sequence[Array], share: float, given: Array
) -> tuple[Array, float]:
    """(P(one person) of each pattern, log-likelihood of what was seen)."""
    log_match = np.full(len(patterns), np.log(share))
    log_other = np.full(len(patterns), np.log1p(-share))
    for part in range(patterns.shape[1]):
        levels = np.maximum(patterns[:, part], 0)
        there = patterns[:, part] != MISSING
        log_match += np.where(there, np.log(m[part])[levels], 0.0)
        log_other += np.where(there, np.log(u[part])[levels], 0.0)
    both = np.logaddexp(log_match, log_other)
    unknown = np.isnan(given)
    likely = np.where(unknown, np.exp(log_match - both), np.nan_to_num(given))
    seen = np.where(unknown, both, np.where(given > 0.5, log_match, log_other))
    return likely, float((counts * seen).sum())


def _shares(levels: Array, weights: Array, size: int, imagined: float) -> Array:
    tally = _tally(levels, weights, size) + imagined / size
    shares: Array = tally / tally.sum()
    return shares


def _tally(levels: Array, weights: Array, size: int) -> Array:
    there = levels != MISSING
    tally: Array = np.bincount(levels[there], weights=weights[there], minlength=size)
    return tally


def _falling(size: int) -> Array:
    """Matches show the best levels most."""
    shares = 0.25 ** np.arange(size)
    result: Array = shares / shares.sum()
    return result


def _rising(size: int) -> Array:
    """Strangers show the worst level most."""
    return _falling(size)[::-1].copy()
