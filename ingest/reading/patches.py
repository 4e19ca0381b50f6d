"""Kodak's patch codes: four thick bars that separate documents in a stack.

Promise: `find_patches` is pure. A patch is two wide and two narrow bars side by side with narrow spaces (0.20 and
0.08 inch, 0.80 inch over all), whichever way they lie. Seen from its other end a patch T is a patch 3, and a scanned
sheet may lie upside down: both end a document, both are told as T. Source: Kodak, Patch Code Information, A-61599.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from ingest.model import Affine, Barcode, Box
from ingest.reading.raster import Picture

SYMBOLOGY = "PatchCode"
_SIDE_PX = 1400
_NARROW = 0.1  # of the whole width: a narrow bar, and a space
_WIDE = 0.25
_OFF = 0.045  # of the whole width: what copying and faxing add to a bar or take off it
_LONG = 0.75  # of the whole width: the shortest bars
_LEAST_PX = 3.0
_PATTERNS = {"WNNW": "PATCH 2", "NWNW": "PATCH T", "WNWN": "PATCH T"}
_MOST_BARS = 200


@dataclass(frozen=True, slots=True)
class _Bar:
    """A thick line: where its middle lies along and across, its length and thickness, in pixels."""

    along: float
    across: float
    length: float
    thick: float


def find_patches(shown: Picture, to_read: Affine) -> tuple[Barcode, ...]:
    """The patches on the page as shown, each kind once, with boxes in pixels of the picture that is read."""
    factor = min(1.0, _SIDE_PX / max(shown.shape))
    small = cv2.resize(shown, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1.0 else shown
    _, black = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    found: dict[str, Barcode] = {}
    contours, _ = cv2.findContours(np.asarray(black), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    rects = [rect for rect in map(cv2.minAreaRect, contours) if _is_bar(rect)]
    for upright in (True, False):
        bars = sorted((_bar(rect, upright) for rect in rects if _stands(rect) is upright), key=lambda bar: bar.across)
        for text, group in _patches(bars[:_MOST_BARS]):
            found.setdefault(text, Barcode(text=text, symbology=SYMBOLOGY, box=_box(group, upright, factor, to_read)))
    return tuple(found.values())


def _is_bar(rect: cv2.typing.RotatedRect) -> bool:
    short, long = sorted(rect[1])
    return short >= _LEAST_PX and long >= 2.5 * short and long >= 30


def _stands(rect: cv2.typing.RotatedRect) -> bool:
    """Whether a bar runs down the page rather than across."""
    points = cv2.boxPoints(rect)
    wide, high = np.ptp(points[:, 0]), np.ptp(points[:, 1])
    return bool(high > wide)


def _bar(rect: cv2.typing.RotatedRect, upright: bool) -> _Bar:
    (x, y), size, _ = rect
    short, long = sorted(size)
    return _Bar(along=y if upright else x, across=x if upright else y, length=long, thick=short)


def _patches(bars: Sequence[_Bar]) -> Iterator[tuple[str, Sequence[_Bar]]]:
    """Groups of four bars side by side that are a separator's patch."""
    for first in bars:
        beside = [
            bar
            for bar in bars
            if bar.across >= first.across
            and abs(bar.along - first.along) < 0.2 * first.length
            and abs(bar.length - first.length) < 0.25 * first.length
        ]
        group = beside[:4]
        if len(group) == 4 and (text := _told(group)) is not None:
            yield text, group


def _told(group: Sequence[_Bar]) -> str | None:
    whole = group[3].across - group[0].across + (group[0].thick + group[3].thick) / 2
    spaces = [right.across - left.across - (left.thick + right.thick) / 2 for left, right in pairwise(group)]
    if min(bar.length for bar in group) < _LONG * whole:
        return None
    if any(abs(space / whole - _NARROW) > _OFF for space in spaces):
        return None
    pattern = ""
    for bar in group:
        share = bar.thick / whole
        if abs(share - _NARROW) <= _OFF:
            pattern += "N"
        elif abs(share - _WIDE) <= _OFF:
            pattern += "W"
    return _PATTERNS.get(pattern)


def _box(group: Sequence[_Bar], upright: bool, factor: float, to_read: Affine) -> Box:
    low, high = group[0].across - group[0].thick / 2, group[3].across + group[3].thick / 2
    begin, end = group[0].along - group[0].length / 2, group[0].along + group[0].length / 2
    xs, ys = ((low, high), (begin, end)) if upright else ((begin, end), (low, high))
    points = [to_read.apply(x / factor, y / factor) for x in xs for y in ys]
    return Box(
        x0=min(x for x, _ in points),
        y0=min(y for _, y in points),
        x1=max(x for x, _ in points),
        y1=max(y for _, y in points),
    )
