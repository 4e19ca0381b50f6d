"""A threshold with a promise: at most so many misfilings, with so much confidence, from audited decisions.

Fixed-sequence testing: thresholds are tried from the strictest to the loosest, in an order that does not
depend on which decisions were wrong; each is tested by the exact binomial (Clopper and Pearson 1934) upper
bound; the last one before the first failure is certified, without correction for trying many (Maurer,
Hothorn and Lehmacher 1995; Angelopoulos et al., "Learn then Test", 2021). Thresholds at which even a
faultless audit could not pass (too few decisions) are passed over: that is known from the scores alone.

The promise holds for decisions like the audited ones: certify again after new rules, scanners or forms.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

_GRID_BITS: Final = tuple(step / 2 for step in range(80, -1, -1))
"""The sequence: log-odds from 40 bits down to 0 (a probability of one half), fixed in advance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """One decision that would have been filed unattended, and what a person found: `right` or not.

    `odds_bits` are the decision's log2 odds (finer than a probability, which ends at 1.0).
    """

    odds_bits: float
    right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """One threshold tested: decisions at or above it, wrong ones among them, the bound of the wrong share."""

    threshold_bits: float
    decisions: int
    wrong: int
    at_most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The outcome. `certified` is None when the data do not bear the promise.

    `lacking` is how many more audited decisions at the loosest threshold would have been needed, with the
    wrong ones found so far and no further one; `share` is the share of the audited decisions that the
    certified threshold files, `share_then` the share that the loosest threshold would file.
    `best_risk` is the smallest risk that these data can certify at the loosest threshold.
    """

    risk: float
    confidence: float
    audited: int
    wrong: int
    certified: Tested | None
    failed: Tested | None
    lacking: int
    share: float
    share_then: float
    best_risk: float

    @property
    def threshold(self) -> float | None:
        """The certified threshold as a probability."""
        return None if self.certified is None else 1.0 / (1.0 + 2.0**-self.certified.threshold_bits)


def calibrate(audited: Sequence[Audited], *, risk: float, confidence: float) -> Calibration:
    """Chooses the loosest threshold whose wrong share is at most `risk` with `confidence`. Pure.

    Raises ValueError for a risk or confidence outside 0..1. No data certify nothing.
    """
    if not 0.0 < risk < 1.0 or not 0.0 < confidence < 1.0:
        msg = "risk and confidence are shares between 0 and 1"
        raise ValueError(msg)
    ordered = sorted(audited, key=lambda one: -one.odds_bits)
    wrong_until = [0, *accumulate(not one.right for one in ordered)]
    needed = decisions_needed(0, risk=risk, confidence=confidence)
    certified = failed = None
    at = 0
    for bits in _GRID_BITS:
        while at < len(ordered) and ordered[at].odds_bits >= bits:
            at += 1
        if at < needed:
            continue
        tested = Tested(
            threshold_bits=bits,
            decisions=at,
            wrong=wrong_until[at],
            at_most=upper_bound(wrong_until[at], at, confidence=confidence),
        )
        if tested.at_most > risk:
            failed = tested
            break
        certified = tested
    all_wrong = wrong_until[-1]
    fileable = sum(one.odds_bits >= _GRID_BITS[-1] for one in ordered)
    wanted = decisions_needed(all_wrong, risk=risk, confidence=confidence)
    return Calibration(
        risk=risk,
        confidence=confidence,
        audited=len(ordered),
        wrong=all_wrong,
        certified=certified,
        failed=failed,
        lacking=max(0, wanted - len(ordered)),
        share=certified.decisions / len(ordered) if certified else 0.0,
        share_then=fileable / len(ordered) if ordered else 0.0,
        best_risk=upper_bound(all_wrong, len(ordered), confidence=confidence),
    )


def upper_bound(wrong: int, of: int, *, confidence: float) -> float:
    """The exact one-sided upper bound of a share of which `wrong` in `of` were seen (Clopper and Pearson)."""
    if wrong >= of:
        return 1.0
    low, high = wrong / of, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        if _at_most_seen(wrong, of, middle) > 1.0 - confidence:
            low = middle
        else:
            high = middle
        if high - low < 1e-15:
            break
    return high


def decisions_needed(wrong: int, *, risk: float, confidence: float) -> int:
    """The fewest audited decisions that certify `risk` with `wrong` of them wrong."""
    low, high = wrong, max(16, 2 * (wrong + 1))
    while _at_most_seen(wrong, high, risk) > 1.0 - confidence:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if _at_most_seen(wrong, middle, risk) > 1.0 - confidence:
            low = middle
        else:
            high = middle
    return high


def _at_most_seen(wrong: int, of: int, share: float) -> float:
    """P(at most `wrong` of `of`) when each is wrong with this share; sums logarithms, so that none underflows."""
    if share <= 0.0:
        return 1.0
    if share >= 1.0:
        return 0.0
    log_share, log_rest = math.log(share), math.log1p(-share)
    logs = [
        math.lgamma(of + 1) - math.lgamma(k + 1) - math.lgamma(of - k + 1) + k * log_share + (of - k) * log_rest
        for k in range(wrong + 1)
    ]
    top = max(logs)
    return min(1.0, math.exp(top) * math.fsum(math.exp(one - top) for one in logs))
