"""How many decisions may be wrong, from second looks at some of them: an estimate, and a bound that holds. Pure.

Where all had the same chance, the bound is the exact binomial one (Clopper and Pearson 1934) of what was looked at.

Where chances differ, by inversion of a test. Let T_c of the N_c decisions with the chance p_c be wrong. What is found
is a sum of independent yes-or-no events (one for each block, `second_look_draw`) whose mean is m = Σ p_c T_c, however
the wrong ones lie in strata, blocks and time. Such a sum is at most x with no greater probability than a Poisson
variable of the same mean, for x ≤ m - 1 (Hoeffding 1956, Annals of Mathematical Statistics 27:713; Anderson and Samuels
1967, 5th Berkeley Symposium 1:1). So with x found, m is at most the Poisson variable's exact upper limit (Garwood
1936); and the most wrong ones that this leaves room for lie where looks are rarest. Decisions that are all looked at
are known outright.

What was chosen and not looked at yet counts as wrong in the bound, and so do answers that differ and are not settled:
documents are looked at in their order, mistakes come in runs, and a bound that took the second half of a month to be
like the first was right in four simulated months of five only. `so_far` leaves out what waits: it speaks of those
decisions only that the looks so far stand for. Mistakes that two people make alike are not seen by any of this: known
cases measure how often people are wrong.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from matchers.calibrate import upper_bound

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Decisions that had the same chance of a second look: one in `one_in`.

    `looked` of them were looked at, `wrong` of these were found wrong (or are disputed), `waiting` are chosen and wait.
    """

    one_in: int
    decisions: int
    looked: int
    wrong: int
    waiting: int = 0


def estimate(layers: Sequence[Layer]) -> float | None:
    """The wrong share, each look weighing what it stands for: Horvitz and Thompson 1952, as a ratio (Hájek 1971).

    None when nothing was looked at.
    """
    looked = sum(layer.looked * layer.one_in for layer in layers)
    return sum(layer.wrong * layer.one_in for layer in layers) / looked if looked else None


def at_most(layers: Sequence[Layer], *, confidence: float = CONFIDENCE) -> float:
    """A share that the wrong ones exceed with a probability of at most 1 - `confidence`; no two layers have one chance.

    Raises ValueError for a confidence that the inversion does not bear (below 0.8).
    """
    if not 0.8 <= confidence < 1.0:
        msg = "confidence is a share from 0.8 and below 1"
        raise ValueError(msg)
    everything = sum(layer.decisions for layer in layers)
    if everything == 0:
        return 1.0
    certain = [layer for layer in layers if layer.one_in == 1]
    rest = [layer for layer in layers if layer.one_in > 1]
    known = sum(layer.wrong + layer.decisions - layer.looked for layer in certain)
    if not rest:
        return known / everything
    found = sum(layer.wrong + layer.waiting for layer in rest)
    if len(rest) == 1 and not certain:
        return upper_bound(found, rest[0].looked + rest[0].waiting, confidence=confidence)
    room = _poisson_at_most(found, confidence)
    worst = float(known)
    for layer in sorted(rest, key=lambda layer: -layer.one_in):
        many = min(float(layer.decisions), room * layer.one_in)
        worst += many
        room -= many / layer.one_in
    return min(1.0, max(worst / everything, estimate(layers) or 0.0))


def so_far(layers: Sequence[Layer], *, confidence: float = CONFIDENCE) -> float:
    """`at_most` of the decisions that the looks so far stand for: without what waits, and what that stands for."""
    done = [
        replace(layer, waiting=0, decisions=max(layer.looked, layer.decisions - layer.waiting * layer.one_in))
        for layer in layers
    ]
    return at_most(done, confidence=confidence)


def _poisson_at_most(seen: int, confidence: float) -> float:
    """The mean at which `seen` or fewer have the probability 1 - `confidence` (Garwood 1936)."""
    low, high = float(seen), 2.0 * seen + 20.0 - 2.0 * math.log(1.0 - confidence)
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        if _poisson(seen, middle) > 1.0 - confidence:
            low = middle
        else:
            high = middle
    return high


def _poisson(seen: int, mean: float) -> float:
    """P(at most `seen`); sums logarithms, so that none underflows."""
    logs = [k * math.log(mean) - mean - math.lgamma(k + 1) for k in range(seen + 1)]
    top = max(logs)
    return math.exp(top) * math.fsum(math.exp(one - top) for one in logs)
