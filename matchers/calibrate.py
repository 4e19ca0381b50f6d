"""A threshold with a promise: at most so many misfilings, with so much confidence, from audited decisions.

Fixed-sequence testing: thresholds are tried from the strictest to the loosest, in an order that does not
depend on which decisions were wrong; each is tested by the exact binomial (Clopper and Pearson 1934) upper
bound; the last one before the first failure is certified, without correction for trying many (Maurer,
Hothorn and Lehmacher 1995; Angelopoulos et al., "Learn then Test", 2021). Thresholds at which even a
faultless audit could not pass (too few decisions) are passed over: that is known from the scores alone.

What a threshold would have filed is known only from decisions that were taken at it or below: with a
looser one more would have been filed, and nobody looked at those. So a decision counts only from the
threshold that it was taken at, and the sequence ends at the loosest of these.

The promise holds for decisions like the audited ones: certify again after new rules, scanners or forms.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_GRID_BITS: Final = tuple(step / 2 for step in range(80, -1, -1))
"""The sequence: log-odds from 40 bits down to 0 (a probability of one half), and each threshold in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """One decision that would have been filed unattended, and what a person found: `right` or not.

    `odds_bits` are the decision's log2 odds (finer than a probability, which ends at 1.0);
    `threshold_bits` those that filing needed when it was taken.
    """

    odds_bits: float
    right: bool
    threshold_bits: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """One threshold tested: decisions at or above it, wrong ones among them, the bound of the wrong share."""

    threshold_bits: float
    decisions: int
    wrong: int
    at_most: float

    @property
    def threshold(self) -> float:
        """The threshold as a probability, to fifteen decimals."""
        return round(1.0 / (1.0 + math.exp2(-self.threshold_bits)), 15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The outcome. `certified` is None when the data do not bear the promise.

    `loosest` is the loosest threshold that decisions were audited at; `lacking` how many more of them
    would have been needed there, with the wrong ones found so far and no further one. `share` is the
    share of the audited decisions that the certified threshold files, `share_then` that of the loosest.
    """

    risk: float
    confidence: float
    audited: int
    wrong: int
    certified: Tested | None
    failed: Tested | None
    loosest: Tested
    lacking: int
    share: float
    share_then: float

    @property
    def best_risk(self) -> float:
        """The smallest risk that these data can certify at the loosest threshold."""
        return self.loosest.at_most

    @property
    def threshold(self) -> float | None:
        """The certified threshold as a probability."""
        return None if self.certified is None else self.certified.threshold


def calibrate(audited: Sequence[Audited], *, risk: float, confidence: float) -> Calibration:
    """Chooses the loosest threshold whose wrong share is at most `risk` with `confidence`. Pure.

    Raises ValueError for a risk or confidence outside 0..1. No data certify nothing.
    """
    if not 0.0 < risk < 1.0 or not 0.0 < confidence < 1.0:
        msg = "risk and confidence are shares between 0 and 1"
        raise ValueError(msg)
    needed = decisions_needed(0, risk=risk, confidence=confidence)
    certified = failed = None
    loosest = Tested(threshold_bits=_GRID_BITS[-1], decisions=0, wrong=0, at_most=1.0)
    for bits, decisions, wrong in _counted(audited):
        loosest = Tested(
            threshold_bits=bits,
            decisions=decisions,
            wrong=wrong,
            at_most=upper_bound(wrong, decisions, confidence=confidence),
        )
        if failed is None and decisions >= needed:
            if loosest.at_most <= risk:
                certified = loosest
            else:
                failed = loosest
    wanted = decisions_needed(loosest.wrong, risk=risk, confidence=confidence)
    return Calibration(
        risk=risk,
        confidence=confidence,
        audited=len(audited),
        wrong=sum(not one.right for one in audited),
        certified=certified,
        failed=failed,
        loosest=loosest,
        lacking=max(0, wanted - loosest.decisions),
        share=certified.decisions / len(audited) if certified else 0.0,
        share_then=loosest.decisions / len(audited) if audited else 0.0,
    )


def _counted(audited: Sequence[Audited]) -> Iterator[tuple[float, int, int]]:
    """(threshold in bits, decisions known to be filed at it, wrong ones among them), strictest first."""
    in_force = {one.threshold_bits for one in audited}
    if not in_force:
        return
    sequence = sorted({*(bits for bits in _GRID_BITS if bits >= min(in_force)), *in_force}, reverse=True)
    ascending = sequence[::-1]
    gained: list[list[int]] = [[0, 0] for _ in range(len(sequence) + 1)]
    for one in audited:
        # Odds are recorded rounded: what was filed at a threshold was at it.
        first = len(sequence) - bisect_right(ascending, max(one.odds_bits, one.threshold_bits))
        last = len(sequence) - bisect_left(ascending, one.threshold_bits)
        for at, sign in ((first, 1), (last, -1)):
            gained[at][0] += sign
            gained[at][1] += sign * (not one.right)
    decisions = wrong = 0
    for bits, (more, more_wrong) in zip(sequence, gained, strict=False):
        decisions, wrong = decisions + more, wrong + more_wrong
        yield bits, decisions, wrong


def upper_bound(wrong: int, of: int, *, confidence: float) -> float:
    """The exact one-sided upper bound of a share of which `wrong` in `of` were seen (Clopper and Pearson)."""
    if wrong >= of:
        return 1.0  # nothing seen, or nothing right
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
