"""How probable each candidate is, among all candidates *and* "none of them".

Fellegi and Sunter (1969) weights are log2 likelihood ratios against a stranger. "None of them" is
more than a stranger, though: the paper may be that of a relative, a twin or a namesake of a candidate
who is not in the index, and shares with the candidate whatever such people share. Each is an
alternative of its own, with its own (small) prior.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from matchers.evidence import Comparison
from matchers.levels import Part
from matchers.weights import Policy

_HOUSEHOLD: Final = frozenset((Part.FAMILY_NAME, Part.ADDRESS, Part.PHONE, Part.ZIP))
_TWIN: Final = _HOUSEHOLD | {Part.BIRTH_DATE}
_NAMESAKE: Final = _HOUSEHOLD | {Part.GIVEN_NAME, Part.MIDDLE_NAME}


def posterior(compared: Sequence[Comparison], *, people: int, policy: Policy) -> tuple[float, ...]:
    """P(candidate is meant), one for each comparison, 0..1; they sum to less than 1.

    `people` is the size of the index: before reading, each of them is equally likely to be meant.
    """
    if not compared:
        return ()
    everybody = math.log2(max(people, len(compared)))
    present = math.log2(1.0 - policy.absent) - everybody
    candidates = [present + comparison.bits for comparison in compared]
    nobody = [math.log2(policy.absent)]
    for shared, prior in (
        (_HOUSEHOLD, policy.absent_kin),
        (_TWIN, policy.absent_twin),
        (_NAMESAKE, policy.absent_namesake),
    ):
        nobody += [math.log2(prior) - everybody + comparison.support_bits(shared) for comparison in compared]
    top = max(*candidates, *nobody)
    total = sum(2.0 ** (bits - top) for bits in (*candidates, *nobody))
    return tuple(2.0 ** (bits - top) / total for bits in candidates)
