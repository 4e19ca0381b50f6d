"""Punch holes become paper: words beside one are read, and layout analysis sees no picture in it.

Promise: `fill_punch_holes` is pure. A hole is a round solid dark spot about a quarter of an inch wide near the paper's
edge; no print has strokes so thick. Letters that touch a hole stay, but for what was punched out and lies at the rim.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from cv2.typing import MatLike

from ingest.model import Box
from ingest.reading.raster import Picture

_STEP = 4  # holes are looked for on a picture so many times smaller
_LEAST_INCH, _MOST_INCH = 0.16, 0.42  # across
_EDGE_INCH = 1.0  # a hole lies within so much of an edge
_TORN_INCH = 2.5  # a hole and the letters that touch it are one spot
_DARK = 0.55  # of the paper: the lid behind it, or a shadow in it
_KERNEL = 0.8  # of the smallest hole: letters are narrower
_ROUND = 0.78  # shorter side by longer one
_FILLED, _SQUARE = 0.66, 0.9  # of its box; a disc fills 0.785
_RIM_INCH = 0.02


def fill_punch_holes(picture: Picture, dpi: int) -> tuple[Picture, tuple[Box, ...]]:
    """The picture with its holes filled with paper, and where they were; the very same picture when there is none."""
    small = cv2.resize(picture, None, fx=1 / _STEP, fy=1 / _STEP, interpolation=cv2.INTER_AREA)
    paper = float(np.percentile(small[::2, ::2], 90))
    filled, boxes, rim_px = picture, [], round(_RIM_INCH * dpi)
    for hole, left, top in _holes((small < _DARK * paper).astype(np.uint8), dpi / _STEP):
        filled = picture.copy() if filled is picture else filled
        _fill(filled, hole, left * _STEP, top * _STEP, paper, rim_px)
        high, wide = hole.shape
        x0, y0, x1, y1 = (at * _STEP for at in (left, top, left + wide, top + high))
        boxes.append(Box(x0=x0 - rim_px, y0=y0 - rim_px, x1=x1 + rim_px, y1=y1 + rim_px))
    return filled, tuple(boxes)


def _holes(dark: MatLike, dpi: float) -> Iterator[tuple[MatLike, int, int]]:
    """The shape of each hole, and where it lies."""
    height, width = dark.shape
    across = max(3, round(_KERNEL * _LEAST_INCH * dpi))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (across, across))
    _, _, spots, _ = cv2.connectedComponentsWithStats(dark, connectivity=4)
    for x, y, wide, high, ink in spots[1:].tolist():
        large = min(wide, high) >= _LEAST_INCH * dpi and ink >= (_KERNEL * _LEAST_INCH * dpi) ** 2 / 2
        if not large or max(wide, high) > _TORN_INCH * dpi:
            continue
        solid = cv2.morphologyEx(np.pad(dark[y : y + high, x : x + wide], 1), cv2.MORPH_OPEN, disc)
        _, labels, pieces, _ = cv2.connectedComponentsWithStats(solid, connectivity=4)
        for label, (left, top, w, h, area) in enumerate(pieces.tolist()):
            at_x, at_y = x + left - 1, y + top - 1
            near = min(at_x, at_y, width - at_x - w, height - at_y - h) < _EDGE_INCH * dpi
            fits = _LEAST_INCH * dpi <= min(w, h) and max(w, h) <= _MOST_INCH * dpi and min(w, h) >= _ROUND * max(w, h)
            if label and near and fits and _FILLED <= area / (w * h) <= _SQUARE:
                yield (labels[top : top + h, left : left + w] == label).astype(np.uint8), at_x, at_y


def _fill(picture: Picture, hole: MatLike, left: int, top: int, paper: float, rim_px: int) -> None:
    """Paints paper over a hole, its rim and what shadow lies there."""
    high, wide = hole.shape[0] * _STEP, hole.shape[1] * _STEP
    full = np.pad(cv2.resize(hole, (wide, high), interpolation=cv2.INTER_NEAREST), rim_px)
    full = cv2.dilate(full, np.ones((2 * rim_px + 1, 2 * rim_px + 1), np.uint8))
    y0, x0 = top - rim_px, left - rim_px
    rows, columns = slice(max(0, y0), y0 + full.shape[0]), slice(max(0, x0), x0 + full.shape[1])
    region = picture[rows, columns]
    cut = full[rows.start - y0 :, columns.start - x0 :][: region.shape[0], : region.shape[1]]
    region[cut > 0] = round(paper)
