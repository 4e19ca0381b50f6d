"""Plots as geometry: where bars, points and words stand. Pure; the page's template draws them.

Promise: every plot has a title and a description that says its figures' range in words, and no bar is told from another
by colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH_PX, _LEFT_PX, _RIGHT_PX = 720.0, 52.0, 8.0
_TOP_PX, _HEIGHT_PX, _FOOT_PX = 10.0, 180.0, 26.0
_NAMES_PX, _VALUES_PX, _ROW_PX = 190.0, 150.0, 26.0
_LABELS_MOST, _ROWS_MOST = 8, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A rectangle of series `series` (0, 1 …), with the words that it stands for."""

    x: float
    y: float
    width: float
    height: float
    series: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A word at a place; `anchor` is the end of it that stands there."""

    x: float
    y: float
    anchor: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A drawing. `lines` are runs of points; `rules` the heights of thin lines across from `rules_x` on."""

    name: str
    title: str
    description: str
    height: float
    bars: tuple[Bar, ...] = ()
    lines: tuple[tuple[tuple[float, float], ...], ...] = ()
    dots: tuple[Bar, ...] = ()
    labels: tuple[Label, ...] = ()
    rules: tuple[float, ...] = ()
    rules_x: float = _LEFT_PX
    legend: tuple[str, ...] = ()


def columns(
    name: str, title: str, days: Sequence[str], series: Sequence[tuple[str, Sequence[int]]], *, noun: str
) -> Plot:
    """Bars by day, one series upon the other."""
    totals = [sum(values) for values in zip(*(values for _, values in series), strict=True)]
    top = _round_up(max(totals, default=0))
    wide = (WIDTH_PX - _LEFT_PX - _RIGHT_PX) / max(1, len(days))
    bars = []
    for at, day in enumerate(days):
        y = _TOP_PX + _HEIGHT_PX
        for number, (what, values) in enumerate(series):
            if values[at]:
                height = values[at] / top * _HEIGHT_PX
                y -= height
                bars.append(
                    Bar(
                        x=_LEFT_PX + at * wide + wide * 0.1,
                        y=y,
                        width=wide * 0.8,
                        height=height,
                        series=number,
                        words=f"{day}: {values[at]:,} {what}",
                    )
                )
    told = "; ".join(f"{sum(values):,} {what}" for what, values in series)
    return Plot(
        name=name,
        title=title,
        description=f"{_spoken(len(days))}, {told}; at most {max(totals, default=0):,} {noun} on a day.",
        height=_TOP_PX + _HEIGHT_PX + _FOOT_PX,
        bars=tuple(bars),
        labels=(*_heights([f"{top * part / 2:,g}" for part in range(3)]), *_days(days, wide)),
        rules=_rules(),
        legend=tuple(what for what, _ in series),
    )


def line(name: str, title: str, days: Sequence[str], shares: Sequence[float | None]) -> Plot:
    """A share by day, from 0 to 100 %; a gap where a day has none."""
    wide = (WIDTH_PX - _LEFT_PX - _RIGHT_PX) / max(1, len(days))
    runs: list[list[tuple[float, float]]] = [[]]
    dots = []
    for at, (day, share) in enumerate(zip(days, shares, strict=True)):
        if share is None:
            runs.append([])
            continue
        x, y = _LEFT_PX + (at + 0.5) * wide, _TOP_PX + (1.0 - share) * _HEIGHT_PX
        runs[-1].append((x, y))
        dots.append(Bar(x=x, y=y, width=0.0, height=0.0, series=0, words=f"{day}: {share:.1%}"))
    known = [share for share in shares if share is not None]
    told = f"between {min(known):.1%} and {max(known):.1%} on {_spoken(len(known))}" if known else "no day has one"
    return Plot(
        name=name,
        title=title,
        description=f"Share by day over {_spoken(len(days))}: {told}.",
        height=_TOP_PX + _HEIGHT_PX + _FOOT_PX,
        lines=tuple(tuple(run) for run in runs if len(run) > 1),
        dots=tuple(dots),
        labels=(*_heights(["0 %", "50 %", "100 %"]), *_days(days, wide)),
        rules=_rules(),
    )


def rows(
    name: str,
    title: str,
    names: Sequence[str],
    series: Sequence[tuple[str, Sequence[float]]],
    *,
    values: Sequence[str],
    most: float | None = None,
) -> Plot:
    """Lying bars, one under the other, each with its name before and its value behind it; the first twenty.

    Several series lie one behind the other in a row. `most` is the length of a full bar (else that of the longest).
    """
    names, values = names[:_ROWS_MOST], values[:_ROWS_MOST]
    totals = [sum(parts[at] for _, parts in series) for at in range(len(names))]
    full = most or max(totals, default=0.0) or 1.0
    room = WIDTH_PX - _NAMES_PX - _VALUES_PX
    bars, labels = [], []
    for at, row in enumerate(names):
        x, y = _NAMES_PX, 4.0 + at * _ROW_PX
        for number, (what, parts) in enumerate(series):
            if parts[at]:
                width = parts[at] / full * room
                words = f"{row}: {values[at]}" if len(series) == 1 else f"{row}: {parts[at]:,g} {what}"
                bars.append(Bar(x=x, y=y, width=width, height=_ROW_PX - 8.0, series=number, words=words))
                x += width
        labels.append(Label(x=_NAMES_PX - 8.0, y=y + 13.0, anchor="end", text=_cut(row)))
        labels.append(Label(x=x + 6.0, y=y + 13.0, anchor="start", text=values[at]))
    told = "; ".join(f"{row} {value}" for row, value in zip(names[:3], values[:3], strict=True))
    return Plot(
        name=name,
        title=title,
        description=f"{_spoken(len(names), 'bar')}: {told}{'; and others' if len(names) > 3 else ''}.",
        height=8.0 + len(names) * _ROW_PX,
        bars=tuple(bars),
        labels=tuple(labels),
        legend=tuple(what for what, _ in series) if len(series) > 1 else (),
    )


def _round_up(value: float) -> float:
    """The next of 2, 4, 10, 20, 40, 100 …: its half is whole, too."""
    if value <= 2:
        return 2.0
    size = 10.0 ** math.floor(math.log10(value))
    return next(step * size for step in (1.0, 2.0, 4.0, 10.0) if step * size >= value)


def _rules() -> tuple[float, ...]:
    return tuple(_TOP_PX + _HEIGHT_PX * (1.0 - part / 2) for part in range(3))


def _heights(texts: Sequence[str]) -> tuple[Label, ...]:
    return tuple(
        Label(x=_LEFT_PX - 6.0, y=y + 4.0, anchor="end", text=text) for y, text in zip(_rules(), texts, strict=True)
    )


def _days(days: Sequence[str], wide: float) -> tuple[Label, ...]:
    """Some of the days, evenly, so that their names do not touch."""
    step = max(1, math.ceil(len(days) / _LABELS_MOST))
    y = _TOP_PX + _HEIGHT_PX + 18.0
    return tuple(
        Label(x=_LEFT_PX + (at + 0.5) * wide, y=y, anchor="middle", text=days[at][5:])
        for at in range(0, len(days), step)
    )


def _cut(text: str) -> str:
    return text if len(text) <= 28 else f"{text[:27]}…"


def _spoken(number: int, noun: str = "day") -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
