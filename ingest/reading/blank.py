"""Is there anything on this page that a person made? Doubt says yes: a lost page costs more than a look.

Looked for are strokes darker than what lies right beside them, however faint: pencil and carbon count.
Not counted are the scanner's and the filing cabinet's own marks: edge shadows, punch holes, staples, specks,
folds, ruled lines, and print that shines through from the other side (it has no sharp edge).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ingest.reading.raster import Picture

_STROKE_LEAST_IN = 0.033  # a small letter
_STROKE_LONG_IN = 0.3  # one stroke of writing, a signature
_BLOB_IN = 0.12
_HOLE_IN = (0.15, 0.45)
_MARGIN_IN = 0.8  # punch holes and staples lie within so much of the edge
_EDGE_IN = 0.12
_FAINT_LEAST = 9.0  # grey levels that a stroke must be darker than its surroundings
_NOISE_TIMES = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What was found: `strokes` the size of letters, `bold` when one alone is evidence enough."""

    strokes: int
    bold: bool

    @property
    def none(self) -> bool:
        """Nothing at all: the page need not be read."""
        return not self.strokes and not self.bold

    @property
    def clear(self) -> bool:
        """Enough to call the page used even if no word can be read on it."""
        return self.bold or self.strokes >= 3


def find_marks(flat: Picture, dpi: int) -> Marks:
    """The marks on a flattened picture."""
    blob = _has_blob(flat, dpi)
    if min(flat.shape) >= 200 and dpi >= 200:  # half the size shows the faintest stroke still
        flat = np.asarray(cv2.resize(flat, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        dpi = dpi // 2
    strokes = _strokes(flat, dpi)
    height, width = flat.shape
    _, _, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    count, bold = 0, False
    for x, y, wide, high, area in stats[1:].tolist():
        size = max(wide, high)
        if size < _STROKE_LEAST_IN * dpi or _is_foreign(x, y, wide, high, width, height, dpi):
            continue
        count += 1
        writing = min(wide, high) > 0.15 * size
        bold = bold or (size > _STROKE_LONG_IN * dpi and writing and area < 0.5 * wide * high)
    return Marks(strokes=count, bold=bold or blob)


def _strokes(flat: Picture, dpi: int) -> Picture:
    """Thin things darker than both their sides, as 255; how much darker depends on the noise."""
    smooth = cv2.GaussianBlur(flat, (3, 3), 0.8)
    span = max(5, round(0.033 * dpi)) | 1
    hat = cv2.morphologyEx(smooth, cv2.MORPH_BLACKHAT, np.ones((span, span), np.uint8))
    sample = hat[::3, ::3]
    middle = float(np.median(sample))
    spread = 1.48 * float(np.median(np.abs(sample.astype(np.int16) - round(middle))))
    level = max(_FAINT_LEAST, middle + _NOISE_TIMES * spread)
    return np.asarray(cv2.threshold(hat, level, 255, cv2.THRESH_BINARY)[1], dtype=np.uint8)


def _is_foreign(x: int, y: int, wide: int, high: int, width: int, height: int, dpi: int) -> bool:
    """The scanner's, the punch's or the stapler's mark, a fold, a rule."""
    edge, margin = _EDGE_IN * dpi, _MARGIN_IN * dpi
    if x < edge or y < edge or x + wide > width - edge or y + high > height - edge:
        return True
    if max(wide, high) > 12 * min(wide, high) and max(wide, high) > 0.25 * dpi:
        return True
    near = x < margin or y < margin or x + wide > width - margin or y + high > height - margin
    low, top = (inches * dpi for inches in _HOLE_IN)
    round_ = low <= wide <= top and low <= high <= top and 0.75 < wide / high < 1.33
    return near and round_


def _has_blob(flat: Picture, dpi: int) -> bool:
    """A solid dark patch inside the page that is no punch hole: a logo, a photograph, a stamp."""
    small = cv2.resize(flat, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    dark = (small < 150).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    height, width = small.shape
    for x, y, wide, high, area in stats[1:].tolist():
        solid = area > 0.5 * wide * high and min(wide, high) > _BLOB_IN * dpi / 8
        if solid and not _is_foreign(x, y, wide, high, width, height, max(1, round(dpi / 8))):
            return True
    return False
