"""By how much the lines of text slope, and whether they run down the page instead of across."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.reading.raster import Picture

SKEW_MOST_DEG = 15.0
_POINTS_MOST = 30_000
_WORK_SIDE_PX = 1100
_CLEAR = 0.12  # how far the best angle must stand out
_SIDEWAYS = 1.8  # how much sharper lines down the page must be


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """`skew_deg`: how far lines of text fall clockwise. `sideways`: they seem to run down the page.

    `across`: they clearly run across it.
    """

    skew_deg: float
    sideways: bool
    across: bool


def slope_of(flat: Picture) -> Slope:
    """The slope of a flattened picture's lines, within 15 degrees; 0 where nothing says so clearly."""
    factor = min(1.0, _WORK_SIDE_PX / max(flat.shape))
    small = cv2.resize(flat, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    ink = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 14) > 0
    across = _points(ink[:-1] & ~ink[1:])
    down = _points(ink[:, :-1] & ~ink[:, 1:])
    found_across, clear_across = _best_angle(across, vertical=False)
    found_down, clear_down = _best_angle(down, vertical=True)
    sideways = clear_down > _SIDEWAYS * max(clear_across, 1e-6) and clear_down > 2 * _CLEAR
    runs_across = clear_across > _SIDEWAYS * max(clear_down, 1e-6) and clear_across > 2 * _CLEAR
    angle, clear = (found_down, clear_down) if clear_down > clear_across else (found_across, clear_across)
    return Slope(skew_deg=angle if clear >= _CLEAR else 0.0, sideways=sideways, across=runs_across)


def _points(edges: NDArray[np.bool_]) -> NDArray[np.float32]:
    ys, xs = np.nonzero(edges)
    step = max(1, xs.size // _POINTS_MOST)
    return np.stack((xs[::step], ys[::step])).astype(np.float32)


def _best_angle(points: NDArray[np.float32], *, vertical: bool) -> tuple[float, float]:
    """The angle that packs the points into the fewest lines, and by how much it stands out."""
    if points.shape[1] < 60:
        return 0.0, 0.0
    coarse = np.arange(-SKEW_MOST_DEG, SKEW_MOST_DEG + 0.01, 0.5)
    scores = np.array([_sharpness(points, angle, vertical) for angle in coarse])
    at = int(np.argmax(scores))
    if at in (0, coarse.size - 1):  # the end of the range is no peak
        return 0.0, 0.0
    best = float(coarse[at])
    usual = float(np.median(scores))
    fine = np.arange(best - 0.5, best + 0.51, 0.1)
    sharper = np.array([_sharpness(points, angle, vertical) for angle in fine])
    top = int(np.argmax(sharper))
    return round(float(fine[top]), 2), float(sharper[top]) / max(usual, 1e-6) - 1.0


def _sharpness(points: NDArray[np.float32], angle_deg: float, vertical: bool) -> float:
    xs, ys = points
    cos, sin = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    at = xs * cos + ys * sin if vertical else ys * cos - xs * sin
    bins = np.bincount((at - at.min()).astype(np.int64)).astype(np.float64)
    return float(np.square(bins).sum())
