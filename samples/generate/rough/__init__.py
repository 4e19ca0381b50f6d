"""Other damage than the usual: worn type, folded and stained paper, copiers past their service. In the same grades.

The effects are those that the augraphy library has, written anew for arrays at 300 dpi, so that nothing that was
tuned on the usual damage has seen them. They move nothing on the page. Which traces a page bears, and how strong, is
drawn first and kept with its damage; the pixels are then fixed by them and the stream.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np

from ..wear import Picture
from . import copier, ink, paper

Effect = Callable[[Picture, float, np.random.Generator], Picture]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One effect and how strong: 0 nothing, 1 as bad as paper that is still used gets."""

    effect: str
    strength: float

    def times(self, factor: float) -> Trace:
        """The same, weaker or stronger."""
        return replace(self, strength=round(self.strength * factor, 3))


EFFECTS: dict[str, Effect] = {
    "ink_spread": ink.spread,
    "letterpress": ink.letterpress,
    "low_ink": ink.low_ink,
    "dropout": ink.dropout,
    "show_through": paper.show_through,
    "folds": paper.folds,
    "coffee": paper.coffee,
    "yellowing": paper.yellowing,
    "colour_cast": paper.colour_cast,
    "staple": paper.staple,
    "marker": paper.marker,
    "book_edge": copier.book_edge,
    "dirty_drum": copier.dirty_drum,
    "dirty_roller": copier.dirty_roller,
    "bad_toner": copier.bad_toner,
    "halftone": copier.halftone,
}
"""In the order in which they come upon a page: the press, the years, the copier."""

_HOW_MANY = {"clean": (1, 1), "typical": (2, 3), "hard": (3, 4), "ruined": (5, 6)}
_HOW_STRONG = {"clean": (0.1, 0.3), "typical": (0.35, 0.75), "hard": (0.8, 1.3), "ruined": (1.8, 2.6)}


def draw_traces(rng: Random, grade: str) -> tuple[Trace, ...]:
    """What a page of that grade bears."""
    names = rng.sample(list(EFFECTS), rng.randint(*_HOW_MANY[grade]))
    strengths = {name: round(rng.uniform(*_HOW_STRONG[grade]), 3) for name in names}
    return tuple(Trace(effect=name, strength=strengths[name]) for name in EFFECTS if name in strengths)


def draw_jpeg_quality(rng: Random, grade: str) -> int:
    """How hard the file was squeezed: often more than anybody should."""
    low, high = {"clean": (60, 85), "typical": (30, 70), "hard": (14, 40), "ruined": (8, 15)}[grade]
    return rng.randint(low, high)


def roughen(picture: Picture, traces: Sequence[Trace], stream: np.random.Generator) -> Picture:
    """The page at 300 dpi, grey or in colour, after all of them."""
    for trace in traces:
        picture = EFFECTS[trace.effect](picture, trace.strength, stream)
    return picture
