"""Is there anything on this page that a person made? Doubt says yes: a lost page costs more than a look.

Looked for are strokes darker than what lies right beside them, however faint: pencil and carbon count.
Not counted are the scanner's and the filing cabinet's own marks: edge shadows, punch holes, staples, specks,
folds and ruled lines. Print that shines through is counted here; that it reads only in the mirror tells it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike

from ingest.reading.clean import PAPER
from ingest.reading.raster import Picture

_STROKE_LEAST_IN = 0.045  # a small letter
_STROKE_LONG_IN = 0.18  # one stroke of writing, a large figure
_STRAIGHT = 5.0  # so much longer than wide, and no wider than this: a fold, a rule, a staple, an edge's shadow
_THIN_IN = 0.1
_BLOB_IN = 0.12
_HOLE_IN = (0.15, 0.45)
_MARGIN_IN = 0.9  # punch holes lie within so much of the edge
_EDGE_IN = 0.12
_EDGE_MOST_IN = 0.45
_CONTRAST_LEAST = 9.0  # grey levels that a stroke must be darker than its surroundings
_NOISE_TIMES = 7.0
_FAINT_SHARE = 0.4  # of the way from paper to black: fainter may be shining through
_WORK_DPI = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What was found: `strokes` the size of letters; `bold` when one thing alone is evidence enough.

    `faint` says that none of them is darker than print that shines through from the other side may be.
    """

    strokes: int
    bold: bool
    faint: bool

    @property
    def none(self) -> bool:
        """Nothing at all: the page need not be read."""
        return not self.strokes and not self.bold

    @property
    def clear(self) -> bool:
        """Enough to call the page used even if no word can be read on it."""
        return self.bold or self.strokes >= 3


def find_marks(flat: Picture, dpi: int, skew_deg: float = 0.0) -> Marks:
    """The marks on a flattened picture that was straightened by `skew_deg` (its edges lie askew then)."""
    blob, holes = _solids(flat, dpi)
    factor = min(1.0, _WORK_DPI / dpi)
    small = flat if factor == 1.0 else cv2.resize(flat, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    dpi = round(dpi * factor)
    slope_in = math.sin(math.radians(abs(skew_deg))) * max(small.shape) / dpi / 2
    frame = _Frame(small.shape[1], small.shape[0], dpi, min(_EDGE_MOST_IN, _EDGE_IN + slope_in) * dpi)
    strokes = _strokes(small, dpi)
    for x, y, wide, high in holes:
        rim = 0.05 * dpi
        left, top = max(0, int(x * factor - rim)), max(0, int(y * factor - rim))
        strokes[top : int((y + high) * factor + rim), left : int((x + wide) * factor + rim)] = 0
    strokes = _without_rims(strokes, frame)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    count, bold, darkest = 0, False, float(PAPER)
    for label in range(1, len(stats)):
        x, y, wide, high, area = stats[label].tolist()
        size = max(wide, high)
        if size < _STROKE_LEAST_IN * dpi or frame.touches(x, y, wide, high):
            continue
        spot = np.s_[y : y + high, x : x + wide]
        shape = labels[spot] == label
        if size > 0.2 * dpi and _is_straight(shape, _THIN_IN * dpi):
            continue
        count += 1
        bold = bold or (size > _STROKE_LONG_IN * dpi and area < 0.5 * wide * high)
        darkest = min(darkest, float(np.percentile(small[spot][shape], 10)))
    faint = not blob and darkest > (1.0 - _FAINT_SHARE) * PAPER
    return Marks(strokes=count, bold=bold or blob, faint=faint)


@dataclass(frozen=True, slots=True)
class _Frame:
    """The page's extent in pixels, and how far in the edge's own shadow may reach."""

    width: int
    height: int
    dpi: int
    edge: float

    def touches(self, x: int, y: int, wide: int, high: int) -> bool:
        """Whether a box reaches into the edge."""
        right, bottom = self.width - x - wide, self.height - y - high
        return min(x, y, right, bottom) < self.edge

    def is_hole(self, x: int, y: int, wide: int, high: int) -> bool:
        """Whether a box is as round and large as a punch hole, and near an edge."""
        low, top = (inches * self.dpi for inches in _HOLE_IN)
        near = min(x, y, self.width - x - wide, self.height - y - high) < _MARGIN_IN * self.dpi
        return near and low <= wide <= top and low <= high <= top and 0.75 < wide / high < 1.33


def _strokes(flat: MatLike, dpi: int) -> MatLike:
    """Thin things darker than both their sides, as 255; how much darker depends on the noise."""
    smooth = cv2.GaussianBlur(flat, (3, 3), 0.8)
    span = max(5, round(0.033 * dpi)) | 1
    hat = cv2.morphologyEx(smooth, cv2.MORPH_BLACKHAT, np.ones((span, span), np.uint8))
    sample = hat[::3, ::3]
    middle = float(np.median(sample))
    spread = 1.48 * float(np.median(np.abs(sample.astype(np.int16) - round(middle))))
    level = max(_CONTRAST_LEAST, middle + _NOISE_TIMES * spread)
    return cv2.threshold(hat, level, 255, cv2.THRESH_BINARY)[1]


def _without_rims(strokes: MatLike, frame: _Frame) -> MatLike:
    """The strokes without the rims of punch holes through which a white lid is seen."""
    gap = max(3, round(0.1 * frame.dpi))
    joined = cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    for label in range(1, len(stats)):
        x, y, wide, high, _ = stats[label].tolist()
        if frame.is_hole(x, y, wide, high):
            spot = np.s_[y : y + high, x : x + wide]
            strokes[spot][labels[spot] == label] = 0
    return strokes


def _is_straight(shape: MatLike, thin_px: float) -> bool:
    """Whether a component is a line, however it slopes."""
    ys, xs = np.nonzero(shape)
    _, sides, _ = cv2.minAreaRect(np.stack((xs, ys), axis=1).astype(np.float32))
    return bool(min(sides) <= thin_px and max(sides) + 1.0 > _STRAIGHT * (min(sides) + 1.0))


def _solids(flat: Picture, dpi: int) -> tuple[bool, tuple[tuple[int, int, int, int], ...]]:
    """Whether there is a solid dark patch (a logo, a photograph, a stamp), and the boxes of punch holes."""
    step = 8
    small = cv2.resize(flat, None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA)
    dark = (small < 150).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    frame = _Frame(small.shape[1], small.shape[0], max(1, round(dpi / step)), _EDGE_MOST_IN * dpi / step)
    blob, holes = False, []
    for x, y, wide, high, area in stats[1:].tolist():
        if frame.is_hole(x, y, wide, high) and area > 0.6 * wide * high:
            holes.append((x * step, y * step, wide * step, high * step))
        elif not frame.touches(x, y, wide, high):
            blob = blob or (area > 0.5 * wide * high and min(wide, high) > _BLOB_IN * dpi / step)
    return blob, tuple(holes)
