"""White print on dark bands becomes black on white; black margins of the scanner's lid become white."""

from __future__ import annotations

import cv2
import numpy as np
from cv2.typing import MatLike

from ingest.reading.raster import Picture

_STEP = 4  # bands are looked for on a picture so many times smaller
_HIGH, _WIDE = 8, 38  # the smallest band in such steps: 0.1 x 0.5 inch at 300 dpi (a punch hole is no band)
_PRINT = 7  # white print is thinner than this many steps
_SHADOW_STEP = 8  # the light is estimated on a picture so many times smaller still
_SHADOW = 13  # in such steps, 1.4 inch: what is wider is a shadow, not a band
_DARK_SHARE = 0.45  # of the way from the page's paper to its darkest print
_DARK_MOST = 0.72  # of the paper: lighter is a tint, or the other side shining through
_SOLID = 0.55  # of the rectangle round it that a band fills
_MARGIN_PX = 8
# Of an area: paper that runs in from outside. On 968 drawn scans bands, shadows and holes have less, of 176 words and
# bars that were taken for bands all but three have more.
_OPEN_MOST = 0.3


def turn_dark_bands(picture: Picture) -> Picture:
    """The picture with every dark band turned over; the very same picture when there is none."""
    small = cv2.resize(picture, None, fx=1 / _STEP, fy=1 / _STEP, interpolation=cv2.INTER_AREA)
    even = _without_shadow(small)
    darkest, paper = np.percentile(even[::2, ::2], (1, 90))
    filled = cv2.morphologyEx(even, cv2.MORPH_OPEN, np.ones((_PRINT, _PRINT), np.uint8))
    level = min(paper - _DARK_SHARE * (paper - darkest), _DARK_MOST * paper)
    dark = (filled < level).astype(np.uint8)
    bands = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((_HIGH, _WIDE), np.uint8))
    if paper - darkest < 30 or not bands.any():
        return picture
    count, labels, stats, _ = cv2.connectedComponentsWithStats(bands, connectivity=4)
    turned: Picture | None = None
    for label in range(1, count):
        x, y, wide, high, area = (int(value) for value in stats[label])
        shape = (labels[y : y + high, x : x + wide] == label).astype(np.uint8)
        if area < _SOLID * _rectangle_area(shape):
            continue
        inside = np.s_[y * _STEP : (y + high) * _STEP, x * _STEP : (x + wide) * _STEP]
        region = picture[inside]
        mask = cv2.resize(shape, region.shape[::-1], interpolation=cv2.INTER_NEAREST)
        if _is_light_on_dark(region[mask > 0]) and _open_share(picture, mask, x * _STEP, y * _STEP) <= _OPEN_MOST:
            turned = picture.copy() if turned is None else turned
            turned[inside] = np.where(mask > 0, 255 - region, region)
    return picture if turned is None else turned


def _without_shadow(small: MatLike) -> MatLike:
    """Wide differences of light divided out: what is dark then is dark on purpose."""
    height, width = small.shape
    tiny = cv2.resize(small, None, fx=1 / _SHADOW_STEP, fy=1 / _SHADOW_STEP, interpolation=cv2.INTER_AREA)
    padded = cv2.copyMakeBorder(tiny, _SHADOW, _SHADOW, _SHADOW, _SHADOW, cv2.BORDER_REPLICATE)
    light = cv2.blur(cv2.dilate(padded, np.ones((_SHADOW, _SHADOW), np.uint8)), (_SHADOW, _SHADOW))
    light = cv2.resize(light[_SHADOW:-_SHADOW, _SHADOW:-_SHADOW], (width, height))
    return cv2.divide(small, np.maximum(light, 1), scale=230.0)


def _rectangle_area(shape: MatLike) -> float:
    """The area of the smallest rectangle, however it slopes, round the points of a mask."""
    ys, xs = np.nonzero(shape)
    _, (wide, high), _ = cv2.minAreaRect(np.stack((xs, ys), axis=1).astype(np.float32))
    return (wide + 1.0) * (high + 1.0)


def _is_light_on_dark(values: Picture) -> bool:
    """Whether the usual grey of an area is its dark end: what stands out there is lighter."""
    if not values.size:
        return False
    counts = np.bincount(values, minlength=256).astype(np.float64)
    usual = float(np.argmax(np.convolve(counts, np.ones(9), mode="same")))
    darkest, lightest = np.percentile(values, (1, 99))
    return bool(lightest - usual >= 1.2 * (usual - darkest))


def _open_share(picture: Picture, mask: MatLike, left: int, top: int) -> float:
    """The share of an area that is paper and hangs together with the paper outside: print and bars stand open.

    White print on a band is shut in by the band. `mask` is the area, at `left`, `top` of the picture.
    """
    high, wide = mask.shape
    x, y = max(0, left - _MARGIN_PX), max(0, top - _MARGIN_PX)
    region = picture[y : top + high + _MARGIN_PX, x : left + wide + _MARGIN_PX]
    inside = np.zeros(region.shape, dtype=bool)
    inside[top - y : top - y + high, left - x : left - x + wide] = mask > 0
    _, light = cv2.threshold(region, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    _, pieces = cv2.connectedComponents(light, connectivity=4)
    outside = np.unique(pieces[~inside & (light > 0)])
    return float(np.isin(pieces[inside], outside).sum() / max(1, inside.sum()))
