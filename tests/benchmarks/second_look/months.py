"""Simulated months of a site, looked at again by the real drawing, held against what was really wrong.

Each month goes on in the blocks of the month before, as at a site. Decisions do not depend on what is wrong with them,
so every pattern of wrong ones is laid over the same drawings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import numpy as np

from ingest.ledger import Block, Chosen, Drawable, LookKind, Undrawn
from ingest.review.second_look_bounds import Layer, at_most, estimate
from ingest.review.second_look_draw import Shares, draw, lot_of

RATES = (0.0, 1e-4, 1e-3, 1e-2)


class Pattern(StrEnum):
    """Where the wrong ones lie."""

    EVEN = "anywhere"
    RARE = "rare layouts"  # three quarters of them in the layouts that are seldom seen
    RUNS = "runs"  # ten in a row: a feeder that draws two sheets, a shift without its glasses


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Decisions a month, in layouts of unequal size, and the share that is looked at again.

    `looked` is the share of what was drawn that was looked at by the time the rate is read.
    """

    name: str
    decisions: int
    layouts: int
    share: float
    looked: float = 1.0


@dataclass(slots=True)
class Tally:
    """What a pattern at a rate came to, over all months."""

    months: int = 0
    covered: int = 0  # the month's share of wrong ones was at most the bound
    bounds: float = 0.0
    estimates: float = 0.0
    wrong: float = 0.0


def simulate(
    site: Site, months: int, *, rates: Sequence[float] = RATES, seed: int
) -> dict[tuple[Pattern, float], Tally]:
    """So many months of the site, for every pattern and rate."""
    random = np.random.default_rng(seed)
    tallies = {(pattern, rate): Tally() for pattern in Pattern for rate in rates}
    for decisions, layers, places in _months(site, months, seed):
        layout = np.array([int(str(one.type).split()[-1]) for one in decisions])
        shown = _looked_at(places, site.looked)
        for (pattern, rate), tally in tallies.items():
            wrong = _wrong(pattern, rate, layout, site.layouts, random)
            found = [
                Layer(
                    one_in=one_in,
                    decisions=count,
                    looked=len(shown[one_in]),
                    wrong=int(wrong[shown[one_in]].sum()),
                    waiting=len(places[one_in]) - len(shown[one_in]),
                )
                for one_in, count in layers.items()
            ]
            bound, share = at_most(found), float(wrong.mean())
            tally.months += 1
            tally.covered += bound >= share
            tally.bounds += bound
            tally.estimates += estimate(found) or 0.0
            tally.wrong += share
    return tallies


def _months(
    site: Site, months: int, seed: int
) -> Iterator[tuple[list[Drawable], Mapping[int, int], Mapping[int, list[int]]]]:
    """(decisions, how many had which chance, which of these were drawn)."""
    random = np.random.default_rng(seed + 1)
    odds = 1.0 / np.arange(1, site.layouts + 1)  # Zipf's law: the tenth layout is seen a tenth as often as the first
    odds /= odds.sum()
    lot, blocks = lot_of(str(seed).encode()), dict[str, Block]()
    shares = Shares(unattended=site.share, people=0, discards=0, known=0)
    for _ in range(months):
        decisions = [
            _decision(number, kind) for number, kind in enumerate(random.choice(site.layouts, site.decisions, p=odds))
        ]
        undrawn = Undrawn(since=0, through=1, decisions=tuple(decisions), blocks=blocks, known=())
        drawing = draw(undrawn, shares=shares, lot=lot)
        blocks |= drawing.blocks
        layers: Counter[int] = Counter()
        for cell, count in drawing.frame.items():
            layers[cell.one_in] += count
        places: dict[int, list[int]] = {one_in: [] for one_in in layers}
        for look in drawing.looks:
            assert isinstance(look, Chosen)
            places[look.one_in].append(int(look.decision.document_id))
        yield decisions, layers, places


def _decision(number: int, layout: int) -> Drawable:
    return Drawable(
        document_id=str(number),
        version=1,
        kind=LookKind.UNATTENDED,
        type=f"layout {layout}",
        origin="",
        probability=0.99999,
        person=None,
        decided_at=_START + timedelta(seconds=number),
    )


_START = datetime(2026, 1, 1, tzinfo=UTC)


def _looked_at(places: Mapping[int, list[int]], share: float) -> dict[int, list[int]]:
    """What was looked at so far: the oldest first, as they are given out."""
    everything = sorted(place for some in places.values() for place in some)
    done = set(everything[: round(share * len(everything))])
    return {one_in: [place for place in some if place in done] for one_in, some in places.items()}


def _wrong(pattern: Pattern, rate: float, layout: np.ndarray, layouts: int, random: np.random.Generator) -> np.ndarray:
    """Which of the decisions are wrong: `rate` of them, to one more or less where that is no whole number."""
    count = len(layout)
    wrong = np.zeros(count, dtype=bool)
    many = int(rate * count + random.random())
    match pattern:
        case Pattern.EVEN:
            wrong[random.choice(count, many, replace=False)] = True
        case Pattern.RARE:
            rare, usual = np.flatnonzero(layout >= layouts // 2), np.flatnonzero(layout < layouts // 2)
            of_rare = min(len(rare), round(0.75 * many))
            wrong[random.choice(rare, of_rare, replace=False)] = True
            wrong[random.choice(usual, many - of_rare, replace=False)] = True
        case Pattern.RUNS:
            while (missing := many - int(wrong.sum())) > 0:
                wrong[(random.integers(count) + np.arange(min(10, missing))) % count] = True
    return wrong
