"""Is there anything on this page that a person made? Doubt says yes: a lost page costs more than a look.

Looked for are strokes darker than what lies right beside them, however faint: pencil and carbon count.
Not counted are the scanner's and the filing cabinet's own marks: edge shadows, punch holes, staples, specks,
folds, ruled lines and streaks of dirty glass. Specks that happen to touch are as large as a letter but stand
alone, as letters do not. Print that shines through is counted here; that it reads only in the mirror tells it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from ingest.model import Box
from ingest.reading.clean import PAPER
from ingest.reading.raster import Picture

_STROKE_LEAST_IN = 0.045  # a small letter
_STROKE_LONG_IN = 0.18  # one stroke of writing, a large figure
_STROKE_TALL_IN = 0.09  # larger than specks that touch: counts even where it stands alone
_COMPANY_IN = 0.25  # from a letter to the next, however sparsely set
_STRAIGHT = 5.0  # so much longer than wide, and no wider than this: a fold, a rule, a staple, an edge's shadow
_THIN_IN = 0.1
_BLOB_IN = 0.12
_HOLE_IN = (0.15, 0.45)
_ROUND = 0.04  # of the radius: nearer to a circle than a hand draws
_STREAK_SHARE = 0.12  # of the page's length is dark in a streak's one column
_STREAK_PARTS = 6  # of eight parts of the page's length: a box or a photograph ends sooner
_STREAK_TIMES = 3.0  # more than right beside it: print is wider
_MARGIN_IN = 0.9  # punch holes lie within so much of the edge
_EDGE_IN = 0.12
_EDGE_MOST_IN = 0.45
_CONTRAST_LEAST = 9.0  # grey levels that a stroke must be darker than its surroundings
_NOISE_TIMES = 7.0
_FAINT_SHARE = 0.4  # of the way from paper to black: fainter may be shining through
_DUST_SHARE = 30  # per cent of a stroke that specks on it may blacken
_MANY = 400  # strokes: no longer a question
_WORK_DPI = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What was found: `strokes` the size of letters; `bold` when one thing alone is evidence enough.

    `sure` counts the strokes that no chance meeting of specks explains. `faint` says that none of those is
    darker than print that shines through from the other side may be. `spots` are the strokes' boxes and
    `bold_spots` those of long ones, in pixels of the picture.
    """

    strokes: int
    sure: int
    bold: bool
    faint: bool
    spots: tuple[Box, ...] = ()
    bold_spots: tuple[Box, ...] = ()

    @property
    def none(self) -> bool:
        """Nothing at all: the page need not be read."""
        return not self.strokes and not self.bold

    @property
    def clear(self) -> bool:
        """Enough to call the page used even if no word can be read on it."""
        return self.bold or self.sure >= 3


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
    strokes = _without_streaks(strokes, skew_deg)
    found = _letters(strokes, small, frame)
    sure = _sure(found, dpi)
    darkest = min((stroke.grey for stroke in sure), default=float(PAPER))
    bold = tuple(stroke for stroke in found if stroke.bold)
    return Marks(
        strokes=len(found),
        sure=len(sure),
        bold=bool(bold) or blob,
        faint=not blob and darkest > (1.0 - _FAINT_SHARE) * PAPER,
        spots=tuple(stroke.box(factor) for stroke in found),
        bold_spots=tuple(stroke.box(factor) for stroke in bold),
    )


@dataclass(frozen=True, slots=True)
class _Stroke:
    """One connected thing the size of a letter or larger."""

    x: int
    y: int
    wide: int
    high: int
    grey: float
    bold: bool

    def box(self, factor: float) -> Box:
        """In pixels of the picture that is `factor` times smaller here."""
        right, bottom = self.x + self.wide, self.y + self.high
        return Box(x0=self.x / factor, y0=self.y / factor, x1=right / factor, y1=bottom / factor)

    def gap_to(self, other: _Stroke) -> int:
        """How far apart the boxes lie, along the axis on which it is more."""
        across = max(self.x, other.x) - min(self.x + self.wide, other.x + other.wide)
        down = max(self.y, other.y) - min(self.y + self.high, other.y + other.high)
        return max(across, down, 0)


def _letters(strokes: MatLike, small: MatLike, frame: _Frame) -> list[_Stroke]:
    """What is left when edges, straight lines and specks are not counted."""
    dpi = frame.dpi
    _, labels, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    found = []
    for label in range(1, len(stats)):
        x, y, wide, high, area = stats[label].tolist()
        size = max(wide, high)
        if size < _STROKE_LEAST_IN * dpi or frame.touches(x, y, wide, high):
            continue
        spot = np.s_[y : y + high, x : x + wide]
        shape = labels[spot] == label
        if size > 0.2 * dpi and _is_straight(shape, _THIN_IN * dpi):
            continue
        if frame.is_near_edge(x, y, wide, high) and _is_arc_of_hole(shape, dpi):
            continue
        grey = float(np.percentile(small[spot][shape], _DUST_SHARE))
        bold = size > _STROKE_LONG_IN * dpi and area < 0.5 * wide * high
        found.append(_Stroke(x, y, wide, high, grey, bold))
    return found


def _sure(found: list[_Stroke], dpi: int) -> list[_Stroke]:
    """Those that are large, or that have another stroke for a neighbour."""
    if len(found) > _MANY:
        return found
    return [
        one
        for one in found
        if max(one.wide, one.high) >= _STROKE_TALL_IN * dpi
        or any(other is not one and one.gap_to(other) <= _COMPANY_IN * dpi for other in found)
    ]


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

    def is_near_edge(self, x: int, y: int, wide: int, high: int) -> bool:
        """Whether a box lies where paper is punched."""
        return min(x, y, self.width - x - wide, self.height - y - high) < _MARGIN_IN * self.dpi

    def is_hole(self, x: int, y: int, wide: int, high: int) -> bool:
        """Whether a box is as round and large as a punch hole, and near an edge."""
        low, top = (inches * self.dpi for inches in _HOLE_IN)
        near = self.is_near_edge(x, y, wide, high)
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


def _without_streaks(strokes: MatLike, skew_deg: float) -> MatLike:
    """The strokes without columns and rows that are dark along much of the page and alone in that.

    Noise breaks such a streak into pieces that look like letters. It runs as the page does, or as the
    scanner's glass did before the page was straightened.
    """
    for slope in {0.0, math.tan(math.radians(skew_deg)), -math.tan(math.radians(skew_deg))}:
        for axis in (0, 1):
            strokes = _without_streaks_along(strokes, slope, axis)
    return strokes


def _without_streaks_along(strokes: MatLike, slope: float, axis: int) -> MatLike:
    """The same for one direction: `axis` 0 runs down, 1 across, each off by `slope`."""
    height, width = strokes.shape
    across, down = (slope, 0.0) if axis == 0 else (0.0, slope)
    shear = np.array([[1, across, -across * height / 2], [down, 1, -down * width / 2]], np.float32)
    flags = cv2.INTER_NEAREST
    upright = cv2.warpAffine(strokes, shear, (width, height), flags=flags) if slope else strokes
    parts = [part.mean(axis=axis) for part in np.array_split(upright > 0, 8, axis=axis)]
    lit = np.mean(parts, axis=0)
    share = np.convolve(lit, np.ones(3), mode="same")
    long = sum(np.convolve(part, np.ones(3), mode="same") > _STREAK_SHARE / 3 for part in parts) >= _STREAK_PARTS
    before = np.convolve(lit, [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0], mode="same")
    behind = np.convolve(lit, [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1], mode="same")
    streaks = long & (share > _STREAK_SHARE) & (share > _STREAK_TIMES * np.maximum(before, behind))
    if not streaks.any():
        return strokes
    wide = np.convolve(streaks, np.ones(5), mode="same") > 0
    mask: MatLike = np.broadcast_to(wide if axis == 0 else wide[:, None], strokes.shape).astype(np.uint8)
    if slope:
        mask = cv2.warpAffine(mask, shear, (width, height), flags=flags | cv2.WARP_INVERSE_MAP)
    return np.asarray(np.where(mask > 0, 0, strokes), dtype=np.uint8)


def _is_arc_of_hole(shape: NDArray[np.bool_], dpi: int) -> bool:
    """Whether a component is part of a punch hole's rim: nearer to a circle of that size than a hand draws."""
    ys, xs = np.nonzero(shape)
    low, top = (inches * dpi for inches in _HOLE_IN)
    if len(xs) < 8 or max(shape.shape) < 0.7 * low:
        return False
    terms = np.stack((xs, ys, np.ones(len(xs))), axis=1).astype(np.float64)
    answer, *_ = np.linalg.lstsq(terms, -(terms[:, 0] ** 2 + terms[:, 1] ** 2), rcond=None)
    middle_x, middle_y = -answer[0] / 2, -answer[1] / 2
    radius = math.sqrt(max(0.0, middle_x**2 + middle_y**2 - answer[2]))
    if not low <= 2 * radius <= top or max(shape.shape) < 0.7 * radius:
        return False
    off = np.abs(np.hypot(xs - middle_x, ys - middle_y) - radius)
    return float(np.percentile(off, 80)) <= max(2.0, _ROUND * radius)


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
