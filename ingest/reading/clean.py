"""From greys to black on white: even light, dark bands turned over, specks and ruled lines gone.

Light strokes stay: thresholds follow the contrast of their neighbourhood, not that of the page.
"""

from __future__ import annotations

import cv2
import numpy as np

from ingest.reading.raster import Picture

_LIGHT_STEP = 8  # the light is estimated on a picture so many times smaller
_PAPER_FLOOR = 0.45  # darker than this share of the paper is no shadow but a dark band
_TILE_PX = 256
_CONTRAST_LEAST = 38.0  # grey levels between ink and paper of a tile that has any ink
_THRESHOLD_LOW, _THRESHOLD_HIGH, _THRESHOLD_EMPTY = 95.0, 205.0, 160.0
_NOISY = 5.0


def flatten(picture: Picture) -> Picture:
    """The picture with its paper evenly white: shadows, stains and yellowing divided out, noise smoothed."""
    quiet = _quieten(picture)
    light = _turn_dark_bands(quiet)
    small = cv2.resize(light, None, fx=1 / _LIGHT_STEP, fy=1 / _LIGHT_STEP, interpolation=cv2.INTER_AREA)
    paper_level = float(np.percentile(small, 90))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (11, 11))
    padded = cv2.copyMakeBorder(small, 12, 12, 12, 12, cv2.BORDER_REPLICATE)
    paper = cv2.medianBlur(cv2.morphologyEx(padded, cv2.MORPH_CLOSE, kernel), 11)[12:-12, 12:-12]
    paper = np.maximum(paper, round(_PAPER_FLOOR * paper_level))
    height, width = light.shape
    full = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(light, full, scale=255.0), dtype=np.uint8)


def flatten_bilevel(picture: Picture) -> Picture:
    """The same for a picture that was black and white: its light is even already."""
    return _turn_dark_bands(picture)


def binarise(flat: Picture) -> Picture:
    """Black (0) on white (255) from a flattened picture; each neighbourhood has its own threshold."""
    height, width = flat.shape
    rows, columns = max(1, round(height / _TILE_PX)), max(1, round(width / _TILE_PX))
    ys = np.linspace(0, height, rows + 1).astype(int)
    xs = np.linspace(0, width, columns + 1).astype(int)
    thresholds = np.full((rows, columns), np.nan, dtype=np.float32)
    for row in range(rows):
        for column in range(columns):
            tile = flat[ys[row] : ys[row + 1], xs[column] : xs[column + 1]]
            found = _tile_threshold(tile)
            if found is not None:
                thresholds[row, column] = found
    known = thresholds[~np.isnan(thresholds)]
    usual = float(np.median(known)) if known.size else _THRESHOLD_EMPTY
    filled = np.where(np.isnan(thresholds), np.float32(usual), thresholds).astype(np.float32)
    surface = cv2.resize(filled, (width, height), interpolation=cv2.INTER_LINEAR)
    levels = cv2.convertScaleAbs(surface)
    return np.asarray(cv2.compare(flat, levels, cv2.CMP_GT), dtype=np.uint8)


def despeckle(black: Picture, dot_px: float) -> Picture:
    """The binary picture without specks smaller than a third of a printed dot `dot_px` wide and high."""
    ink = cv2.bitwise_not(black)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    least = max(3.0, dot_px * dot_px / 3.0)
    specks = stats[:, cv2.CC_STAT_AREA] < least
    specks[0] = False
    if not specks.any() or count < 2:
        return black
    return np.asarray(np.where(specks[labels], 255, black), dtype=np.uint8)


def without_lines(black: Picture, dpi: int) -> Picture:
    """The binary picture without long thin rules, across and down; letters that a rule crosses stay whole."""
    ink = cv2.bitwise_not(black)
    long_across, long_down, thick = round(0.45 * dpi), round(0.55 * dpi), max(4, round(0.03 * dpi))
    rules = np.zeros_like(ink)
    for size, body in (
        ((long_across, 1), (1, thick)),
        ((1, long_down), (thick, 1)),
    ):
        line = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(size[::-1], np.uint8))
        if not line.any():
            continue
        around = cv2.dilate(line, np.ones((3, 3), np.uint8))
        thicker = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(body[::-1], np.uint8))
        rules |= cv2.bitwise_and(around, cv2.bitwise_not(thicker))
    return np.asarray(cv2.bitwise_or(black, rules), dtype=np.uint8)


def _quieten(picture: Picture) -> Picture:
    """Noise smoothed just as far as there is any."""
    sample = picture[:: max(1, picture.shape[0] // 600)]
    steps = np.abs(np.diff(sample.astype(np.int16), n=2, axis=1))
    noise = float(np.median(steps)) / 1.65
    if noise < _NOISY:
        return picture
    if float(np.mean(steps > 6 * max(noise, 1.0))) > 0.02:
        return np.asarray(cv2.medianBlur(picture, 3), dtype=np.uint8)
    return np.asarray(cv2.GaussianBlur(picture, (3, 3), 0.8), dtype=np.uint8)


def _turn_dark_bands(picture: Picture) -> Picture:
    """White print on dark bands becomes black on white; black margins of the scanner's lid become white."""
    step = _LIGHT_STEP
    small = cv2.resize(picture, None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA)
    paper_level = float(np.percentile(small, 90))
    dark = (small < 0.6 * paper_level).astype(np.uint8)
    core = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    if not core.any():
        return picture
    closed = cv2.morphologyEx(core, cv2.MORPH_CLOSE, np.ones((5, 9), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=4)
    turned: Picture | None = None
    for label in range(1, count):
        x, y, wide, high, area = (int(value) for value in stats[label])
        if high < 5 or wide < 10 or area < 0.55 * wide * high:
            continue
        inside = np.s_[y * step : (y + high) * step, x * step : (x + wide) * step]
        region = picture[inside]
        mask = cv2.resize((labels[y : y + high, x : x + wide] == label).astype(np.uint8), region.shape[::-1])
        if _is_light_on_dark(region[mask > 0]):
            turned = picture.copy() if turned is None else turned
            turned[inside] = np.where(mask > 0, 255 - region, region)
    return picture if turned is None else turned


def _is_light_on_dark(values: Picture) -> bool:
    """Whether the usual grey of an area is its dark end: what stands out there is lighter."""
    if not values.size:
        return False
    usual = float(np.argmax(np.bincount(values, minlength=256)))
    darkest, lightest = np.percentile(values, (2, 98))
    return usual < 128 and (lightest - usual >= 1.2 * (usual - darkest) or lightest - darkest < 60)


def _tile_threshold(tile: Picture) -> float | None:
    """Half way between ink and paper, or None where a tile has no ink worth the name."""
    level, _ = cv2.threshold(tile, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    ink = tile <= level
    share = float(np.count_nonzero(ink)) / tile.size
    if not 0.0005 < share < 0.95:
        return None
    inked, bare = float(tile[ink].mean()), float(tile[~ink].mean())
    if bare - inked < _CONTRAST_LEAST:
        return None
    return min(_THRESHOLD_HIGH, max(_THRESHOLD_LOW, inked + 0.55 * (bare - inked)))
