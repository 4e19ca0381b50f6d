"""The bits of every comparison level from a site's own documents, and which of them may be used.

m of Fellegi and Sunter by expectation-maximisation over whole documents: a document means one of all
registered people or nobody, as deciding has it (`posterior`), so that suspects who were picked because they
agree teach nothing false; documents that people decided are anchors. u from people drawn at random. The
numbers of one person are nobody else's, and a random pair never shows them: there u is counted over all
owners of a printed number, or at most one in the number of people.

Promises: pure and deterministic. A level changes only by enough pairs, keeps the side on which it speaks and
its order among nearer and farther levels. Levels of no bits say nothing by rule; exact agreements whose bits
follow the population stay the measure of their part, and what depends on them is stated against it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from matchers.estimate import MISSING
from matchers.levels import LEVELS_OF, NEARER_FIRST, Level, Part
from matchers.posterior import HOUSEHOLD, NAMESAKE, TWIN
from matchers.sampling import MOST_LEVELS, PARTS, UNDECIDED, Sample
from matchers.weights import Policy

Array: TypeAlias = NDArray[Any]
FEWEST_PAIRS: Final = 20
"""A level resting on fewer is off by a third of a bit more often than not."""
FEWEST_DECIDED: Final = 200
_MOST_ROUNDS: Final = 100
_STILL_BITS: Final = 0.005
_MOST_BITS: Final = 20.0
_IMAGINED: Final = 1.0
_NUMBERS: Final = (Part.MRN, Part.ACCOUNT_NUMBER)
_FOUR_DIGITS: Final = {"exact": 1e-4, "one_digit": 36e-4}


class Verdict(StrEnum):
    """What becomes of a level."""

    ESTIMATED = "estimated"
    TOO_FEW = "too_few_pairs"
    SIGN = "would_change_its_sign"
    ORDER = "would_break_the_order"
    SILENT = "says_nothing_by_rule"
    POPULATION = "follows_the_population"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelWeight:
    """One level: its bits as they are and as estimated (None: never met), and what that rests on.

    `same_person`: pairs of a document and its person, in such pairs' worth. `strangers`: pairs with somebody
    else; None where u was not counted but follows from how many numbers there are.
    """

    level: Level
    estimated_bits: float | None
    same_person: float
    strangers: int | None
    verdict: Verdict

    @property
    def bits(self) -> float:
        """The bits to use."""
        if self.verdict is Verdict.ESTIMATED and self.estimated_bits is not None:
            return self.estimated_bits
        return self.level.bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Reweighing:
    """What a sample says. `lacking`: how many more decided documents are needed before it may be used."""

    documents: int
    decided: int
    lacking: int
    levels: tuple[LevelWeight, ...]

    @property
    def changed(self) -> tuple[LevelWeight, ...]:
        """The levels that get other bits."""
        return tuple(one for one in self.levels if one.bits != one.level.bits)


@dataclass(frozen=True, slots=True)
class _Tallies:
    """One round's: for each part and level m, u, their counts (u's is -1 where it is no count).

    Where documents stand for different numbers of others, m's count is that of as many equal ones as are as sure
    (Kish 1965): a few that stand for many prove no more than a few.
    """

    m: Array
    u: Array
    matches: Array
    strangers: Array


def reweigh(sample: Sample, policy: Policy) -> Reweighing:
    """Estimates every level of the policy; total, also for an empty sample."""
    bits = now = _by_place(policy, lambda level: level.bits)
    settled = _by_place(policy, lambda level: level.bits == 0 or _is_usual(level)) > 0
    for _ in range(_MOST_ROUNDS):
        found = _tallies(sample, _likely(sample, bits, policy))
        estimated = _bits(found, sample, policy)
        settled |= ~_enough(found)  # for good: a level at the limit would come and go for ever
        before, bits = bits, np.where(settled, now, estimated)
        if np.abs(bits - before).max() < _STILL_BITS:
            break
    levels = [
        _judged(policy.level(part, key), found, (row, place), round(float(estimated[row, place]), 1), settled)
        for row, part in enumerate(PARTS)
        for place, key in enumerate(LEVELS_OF[part])
    ]
    decided = int((sample.decided != UNDECIDED).sum())
    return Reweighing(
        documents=len(sample.levels),
        decided=decided,
        lacking=max(0, FEWEST_DECIDED - decided),
        levels=_in_order(levels),
    )


def _by_place(policy: Policy, value: Callable[[Level], float]) -> Array:
    """Shape (parts, levels), 0 where a part has fewer levels."""
    places = np.zeros((len(PARTS), MOST_LEVELS))
    for row, part in enumerate(PARTS):
        places[row, : len(LEVELS_OF[part])] = [value(policy.level(part, key)) for key in LEVELS_OF[part]]
    return places


def _likely(sample: Sample, bits: Array, policy: Policy) -> Array:
    """P(this suspect is meant), shape (documents, suspects)."""
    there = sample.levels != MISSING
    said = np.where(there, bits[np.arange(len(PARTS)), np.maximum(sample.levels, 0)] + sample.shifts, 0.0)
    row = np.arange(sample.levels.shape[1])
    somebody = row < sample.suspects[:, None]
    everybody = np.log2(sample.people)
    odds = np.where(somebody, np.log2(1.0 - policy.absent) - everybody + said.sum(-1), -np.inf)
    nobody = [np.full((len(odds), 1), np.log2(policy.absent))]
    for shared, prior in (
        (HOUSEHOLD, policy.absent_kin),
        (TWIN, policy.absent_twin),
        (NAMESAKE, policy.absent_namesake),
    ):
        support = np.maximum(said, 0.0)[:, :, [part in shared for part in PARTS]].sum(-1)
        nobody.append(np.where(somebody, np.log2(prior) - everybody + support, -np.inf))
    likely = np.exp2(odds - np.logaddexp2.reduce(np.concatenate([odds, *nobody], 1), 1, keepdims=True))
    chosen = (row == sample.decided[:, None]).astype(float)
    result: Array = np.where(sample.decided[:, None] == UNDECIDED, likely, chosen)
    return result


def _tallies(sample: Sample, likely: Array) -> _Tallies:
    matches, strangers = np.zeros(sample.strangers.shape), sample.strangers.astype(float)
    m, u = np.ones(matches.shape), np.ones(matches.shape)
    each = np.ones(len(sample.levels)) if sample.stands_for is None else sample.stands_for
    heavy = likely * each[:, None]
    for row, part in enumerate(PARTS):
        size = len(LEVELS_OF[part])
        levels = sample.levels[:, :, row]
        there = levels != MISSING
        counted = np.bincount(levels[there], heavy[there], size)[:size]
        squared = np.bincount(levels[there], (heavy * each[:, None])[there], size)[:size]
        matches[row, :size] = np.divide(counted**2, squared, out=np.zeros(size), where=squared > 0)
        m[row, :size] = _shares(counted)
        u[row, :size] = _shares(strangers[row, :size])
        if part in _NUMBERS:
            exact = LEVELS_OF[part].index("exact")
            others = float((1.0 - likely)[levels == exact].sum())
            printed = int(there.any(1).sum())
            u[row, exact], strangers[row, exact] = 1.0 / sample.people, -1
            if others >= FEWEST_PAIRS:
                u[row, exact], strangers[row, exact] = others / (printed * sample.people), round(others)
        elif part is Part.SSN_LAST4:
            for key, chance in _FOUR_DIGITS.items():
                place = LEVELS_OF[part].index(key)
                if strangers[row, place] < FEWEST_PAIRS:
                    u[row, place], strangers[row, place] = chance, -1
    return _Tallies(m, u, matches, strangers)


def _shares(tally: Array) -> Array:
    smoothed = tally + _IMAGINED / len(tally)
    shares: Array = smoothed / smoothed.sum()
    return shares


def _bits(found: _Tallies, sample: Sample, policy: Policy) -> Array:
    """log2(m/u); levels that shift with how rare a name is, against their part's measure."""
    bits = np.log2(found.m / found.u)
    for row, part in enumerate(PARTS):
        usual = sample.usual_bits.get(part)
        for place, key in enumerate(LEVELS_OF[part]):
            level = policy.level(part, key)
            if level.frequency and usual is not None:
                bits[row, place] = (
                    usual if _is_usual(level) else bits[row, place] + policy.level(part, "exact").bits - usual
                )
    result: Array = np.clip(bits, -_MOST_BITS, _MOST_BITS)
    return result


def _enough(found: _Tallies) -> Array:
    counted = (found.strangers >= FEWEST_PAIRS) | (found.strangers < 0)
    result: Array = (found.matches >= FEWEST_PAIRS) & counted
    return result


def _is_usual(level: Level) -> bool:
    """An exact agreement whose bits come from the population: `bits` is only what its neighbours shift against."""
    return level.frequency and level.key == "exact"


def _judged(level: Level, found: _Tallies, at: tuple[int, int], estimated: float, settled: Array) -> LevelWeight:
    counted = int(found.strangers[at])
    if _is_usual(level):
        verdict = Verdict.POPULATION
    elif level.bits == 0:
        verdict = Verdict.SILENT
    elif settled[at]:
        verdict = Verdict.TOO_FEW
    elif estimated * level.bits <= 0:
        verdict = Verdict.SIGN
    else:
        verdict = Verdict.ESTIMATED
    met = found.matches[at] >= 0.5 or counted > 0 or _is_usual(level)
    return LevelWeight(
        level=level,
        estimated_bits=estimated if met else None,
        same_person=float(found.matches[at]),
        strangers=None if counted < 0 else counted,
        verdict=verdict,
    )


def _in_order(levels: Iterable[LevelWeight]) -> tuple[LevelWeight, ...]:
    """Takes back what would put a farther level above a nearer one, until nothing does."""
    held = {(one.level.part, one.level.key): one for one in levels}
    while wrong := _misplaced(held):
        for place in wrong:
            held[place] = replace(held[place], verdict=Verdict.ORDER)
    return tuple(held.values())


def _misplaced(held: Mapping[tuple[Part, str], LevelWeight]) -> set[tuple[Part, str]]:
    wrong = set()
    for part, chains in NEARER_FIRST.items():
        for chain in chains:
            for at, key in enumerate(chain):
                for farther in chain[at + 1 :]:
                    one, other = held[part, key], held[part, farther]
                    if one.bits < other.bits and one.level.bits >= other.level.bits:
                        wrong |= {(part, k.level.key) for k in (one, other) if k.verdict is Verdict.ESTIMATED}
    return wrong
