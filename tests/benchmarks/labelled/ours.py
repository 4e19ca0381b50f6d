"""Paperchart on records: its comparison of names, dates, numbers and texts, and its weights from data.

Every column is compared by its kind alone; all weights come from the pairs themselves (EM), u from random
pairs, and an exact agreement weighs by how rare its value is.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import combinations

import numpy as np
from rapidfuzz.distance import JaroWinkler

from matchers.compare_names import sounds_alike
from matchers.estimate import MISSING, estimate, shares_among
from matchers.givennames import is_nickname
from matchers.lettering import fold
from matchers.lookalikes import difference
from tests.benchmarks.labelled.sets import Kind, LabelledSet

LEVELS = 8
"""exact; swapped with the other name; a short or permuted form; one edit; two edits or alike; ...; another."""
EXACT, SWAPPED, OTHER_FORM, ONE_EDIT, TWO_EDITS, SAME_YEAR, RESEMBLES, DIFFERENT = range(LEVELS)
RANDOM_PAIRS = 200_000
IMAGINED = 2.0


Pairs = dict[tuple[int, int], set[str]]
"""Pairs to compare, each with the columns for whose agreement it was chosen."""


def scores(found: LabelledSet, pairs: Pairs, *, seed: int = 1) -> np.ndarray:
    """Log2 odds of one person for each pair of records."""
    columns = tuple(found.columns)
    plain = [{column: _plain(record[column]) for column in columns} for record in found.records]
    patterns = np.array([_pattern(found, plain[a], plain[b]) for a, b in pairs])
    rng = random.Random(seed)
    chance = [rng.sample(range(len(plain)), 2) for _ in range(RANDOM_PAIRS)]
    strangers = np.array([_pattern(found, plain[a], plain[b]) for a, b in chance])
    levels = [LEVELS] * len(columns)
    distinct, counts = np.unique(_without_choice(patterns, pairs, columns), axis=0, return_counts=True)
    u = shares_among(strangers, levels, imagined=IMAGINED)
    estimated = estimate(distinct, counts, levels, u=u, imagined=IMAGINED)
    bits = estimated.odds_bits(patterns)
    chosen = list(pairs)
    for part, column in enumerate(columns):
        counted = Counter(record[column] for record in plain if record[column])
        size = sum(counted.values())
        usual = estimated.u[part][EXACT]
        for at in np.flatnonzero(patterns[:, part] == EXACT).tolist():
            share = counted[plain[chosen[at][0]][column]] / size
            bits[at] += np.log2(usual / max(share, 1.0 / size))
    return bits


def _without_choice(patterns: np.ndarray, pairs: Pairs, columns: Sequence[str]) -> np.ndarray:
    """Patterns to learn from: a pair that was chosen because a column agrees says nothing of that column."""
    learned = []
    for pattern, chosen in zip(patterns, pairs.values(), strict=True):
        for column in chosen:
            part = pattern.copy()
            part[[at for at, name in enumerate(columns) if name in column.split("+")]] = MISSING
            learned.append(part)
    return np.array(learned)


def candidates(found: LabelledSet) -> Pairs:
    """Pairs that share a date, a longer value, or a name in either place: the same for every method."""
    blocks: dict[tuple[str, str], list[int]] = {}
    names = [column for column, kind in found.columns.items() if kind in (Kind.GIVEN_NAME, Kind.FAMILY_NAME)]
    for at, record in enumerate(found.records):
        for column, kind in found.columns.items():
            value = _plain(record[column])
            if column in names and value:
                blocks.setdefault(("+".join(names), value), []).append(at)
            elif value and (kind is Kind.DATE or len(value) > 5):
                blocks.setdefault((column, value), []).append(at)
    pairs: Pairs = {}
    for (column, _), block in blocks.items():
        if len(block) < 200:
            for a, b in combinations(sorted(set(block)), 2):
                pairs.setdefault((a, b), set()).add(column)
    return dict(sorted(pairs.items()))


def _plain(text: str) -> str:
    return fold(text)


def _pattern(found: LabelledSet, one: dict[str, str], other: dict[str, str]) -> list[int]:
    kinds = found.columns
    names = {kind: column for column, kind in kinds.items() if kind in (Kind.GIVEN_NAME, Kind.FAMILY_NAME)}
    given, family = names[Kind.GIVEN_NAME], names[Kind.FAMILY_NAME]
    crossed = _level(Kind.FAMILY_NAME, one[given], other[family]), _level(Kind.FAMILY_NAME, one[family], other[given])
    straight = _level(Kind.FAMILY_NAME, one[given], other[given])
    turned = EXACT in crossed and max(crossed) <= TWO_EDITS and straight != EXACT
    return [
        SWAPPED if turned and column in (given, family) else _level(kind, one[column], other[column])
        for column, kind in kinds.items()
    ]


def _level(kind: Kind, one: str, other: str) -> int:
    if not one or not other:
        return MISSING
    if one == other:
        return EXACT
    apart = difference(one, other, limit=2)
    match kind:
        case Kind.GIVEN_NAME | Kind.FAMILY_NAME:
            if kind is Kind.GIVEN_NAME and is_nickname(one, other):
                return OTHER_FORM
            if apart.edits == 1:
                return ONE_EDIT
            likeness = JaroWinkler.similarity(one, other)
            if apart.edits == 2 or likeness >= 0.88 or sounds_alike(one, other):
                return TWO_EDITS
            return RESEMBLES if likeness >= 0.75 or one[0] == other[0] else DIFFERENT
        case Kind.DATE:
            return _date_level(one.replace(" ", ""), other.replace(" ", ""))
        case Kind.NUMBER:
            if sorted(one) == sorted(other):
                return OTHER_FORM
            return {1: ONE_EDIT, 2: TWO_EDITS}.get(apart.edits, DIFFERENT)
        case Kind.TEXT:
            words, others = one.split(), other.split()
            if sorted(words) == sorted(others):
                return OTHER_FORM
            if apart.edits == 1:
                return ONE_EDIT
            likeness = JaroWinkler.similarity(one, other)
            if apart.edits == 2 or likeness >= 0.92 or (words[0] == others[0] and len(words[0]) > 3):
                return TWO_EDITS
            return RESEMBLES if likeness >= 0.8 else DIFFERENT


def _date_level(seen: str, known: str) -> int:
    """Misread digits first; then dates that a clerk set near, a month, a year or ten years off."""
    if sorted(seen) == sorted(known):
        return OTHER_FORM
    edits = difference(seen, known, limit=2).edits
    if edits == 1:
        return ONE_EDIT
    days = _days_apart(seen, known)
    if edits == 2 or (days is not None and days <= 31):
        return TWO_EDITS
    if days is None or days > 3653:
        return DIFFERENT
    return SAME_YEAR if days <= 366 else RESEMBLES


def _days_apart(seen: str, known: str) -> int | None:
    try:
        return abs((date.fromisoformat(seen) - date.fromisoformat(known)).days)
    except ValueError:
        return None
