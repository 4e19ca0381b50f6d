"""How probable each candidate is, among all candidates *and* "none of them".

Fellegi and Sunter (1969) weights are log2 likelihood ratios against a stranger. "None of them" is
more than a stranger, though: the paper may be that of a relative, a twin or a namesake of a candidate
who is not in the index, and shares with the candidate whatever such people share. Each is an
alternative of its own, with its own (small) prior.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from matchers.evidence import Comparison
from matchers.levels import Part
from matchers.weights import Policy

HOUSEHOLD: Final = frozenset((Part.FAMILY_NAME, Part.ADDRESS, Part.PHONE, Part.ZIP))
TWIN: Final = HOUSEHOLD | {Part.BIRTH_DATE}
NAMESAKE: Final = HOUSEHOLD | {Part.GIVEN_NAME, Part.MIDDLE_NAME}


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """What is believed of each candidate: P (0..1), and the same as log2 odds.

    `prior_bits`, common to all, are those of one of `people`. `against_unknown_bits` are the odds against
    somebody who is not registered alone; the other candidates make the rest of `odds_bits`.
    """

    people: int
    prior_bits: float
    probabilities: tuple[float, ...]
    against_unknown_bits: tuple[float, ...]
    odds_bits: tuple[float, ...]


def posterior(compared: Sequence[Comparison], *, people: int, policy: Policy) -> Posterior:
    """P(candidate is meant), one for each comparison; they sum to less than 1.

    `people` is the size of the index: before reading, each of them is equally likely to be meant.
    """
    people = max(people, len(compared), 1)
    everybody = math.log2(people)
    present = math.log2(1.0 - policy.absent) - everybody
    candidates = [present + comparison.bits for comparison in compared]
    nobody = [math.log2(policy.absent)]
    for shared, prior in (
        (HOUSEHOLD, policy.absent_kin),
        (TWIN, policy.absent_twin),
        (NAMESAKE, policy.absent_namesake),
    ):
        nobody += [math.log2(prior) - everybody + comparison.support_bits(shared) for comparison in compared]
    top = max((*candidates, *nobody))
    shares = [2.0 ** (bits - top) for bits in candidates]
    unknown = sum([2.0 ** (bits - top) for bits in nobody])
    # The others' sum without one's own share, added up and never subtracted: odds stay exact near certainty.
    before = [0.0, *accumulate(shares)]
    after = [0.0, *accumulate(reversed(shares))]
    others = [unknown + before[at] + after[len(shares) - 1 - at] for at in range(len(shares))]
    return Posterior(
        people=people,
        prior_bits=present,
        probabilities=tuple([share / (share + rest) for share, rest in zip(shares, others, strict=True)]),
        against_unknown_bits=tuple([bits - top - _log2(unknown) for bits in candidates]),
        odds_bits=tuple([bits - top - _log2(rest) for bits, rest in zip(candidates, others, strict=True)]),
    )


def _log2(share: float) -> float:
    return math.log2(max(share, 1e-300))
