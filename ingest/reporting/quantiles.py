"""Medians and other quantiles of many numbers, of which little is kept."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable
from itertools import accumulate

import numpy as np

_PARTS = 10_000  # of one, in which shares are counted


def numbers(values: Iterable[float] = ()) -> array[float]:
    """An empty list of numbers, or these, each of eight bytes."""
    return array("d", values)


def quantile(values: array[float], share: float) -> float | None:
    """The value that this share of them does not exceed, between two neighbours in proportion; None of none."""
    if not values:
        return None
    return float(np.quantile(np.frombuffer(values, dtype=np.float64), share))


class ShareCounts:
    """Millions of numbers from 0 to 1, each counted to a ten-thousandth."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()

    def add(self, shares: Iterable[float]) -> None:
        """Counts these."""
        self._counts.update(round(share * _PARTS) for share in shares)

    def __len__(self) -> int:
        return self._counts.total()

    def quantile(self, share: float) -> float | None:
        """As `quantile` of them all."""
        if not self._counts:
            return None
        steps = sorted(self._counts)
        ends = list(accumulate(self._counts[step] for step in steps))
        place = share * (ends[-1] - 1)
        low = _at(steps, ends, int(place))
        return (low + (_at(steps, ends, min(int(place) + 1, ends[-1] - 1)) - low) * (place % 1.0)) / _PARTS


def _at(steps: list[int], ends: list[int], number: int) -> int:
    """The value at this place, counted from 0, were all of them in a row."""
    return next(step for step, end in zip(steps, ends, strict=True) if number < end)
