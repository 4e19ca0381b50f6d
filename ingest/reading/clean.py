"""From greys to black on white: even light, dark bands turned over, specks and ruled lines gone.

Light strokes stay: thresholds follow the contrast of their neighbourhood, not that of the page.
"""

from __future__ import annotations

import cv2
import numpy as np
from cv2.typing import MatLike

from ingest.reading.raster import Picture

PAPER = 230  # the grey of paper in a flattened picture: noise has room above it
_LIGHT_STEP = 4  # the light is estimated on a picture so many times smaller
_PRINT_PX = 44  # dark things narrower than this are print, wider ones have a paper of their own
_PAPER_FLOOR = 0.3  # of the page's paper: darker is no shadow
_BAND_STEP = 8
_NEIGHBOURHOOD_PX = 31  # about a letter
_INK_SHARE = 0.45  # of the way from paper to the darkest spot of the neighbourhood begins ink
_CONTRAST_LEAST = 22.0
_NOISE_TIMES = 4.0
_NOISY = 5.0


def quieten(picture: Picture) -> Picture:
    """Noise smoothed just as far as there is any."""
    noise, spiky = _noise_of(picture)
    if noise < _NOISY and not spiky:
        return picture
    if spiky:
        return np.asarray(cv2.medianBlur(picture, 3), dtype=np.uint8)
    return np.asarray(cv2.GaussianBlur(picture, (5, 5), min(1.4, 0.5 + noise / 50.0)), dtype=np.uint8)


def flatten(picture: Picture) -> Picture:
    """The picture with its paper evenly at `PAPER`: shadows, stains and yellowing divided out, bands turned."""
    light = _turn_dark_bands(picture)
    small = cv2.resize(light, None, fx=1 / _LIGHT_STEP, fy=1 / _LIGHT_STEP, interpolation=cv2.INTER_AREA)
    paper_level = float(np.percentile(small[::2, ::2], 90))
    size = _PRINT_PX // _LIGHT_STEP
    padded = cv2.copyMakeBorder(small, size, size, size, size, cv2.BORDER_REPLICATE)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    paper = cv2.medianBlur(closed, 5)[size:-size, size:-size]
    paper = np.maximum(paper, max(1, round(_PAPER_FLOOR * paper_level)))
    height, width = light.shape
    full = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(light, full, scale=float(PAPER)), dtype=np.uint8)


def flatten_bilevel(picture: Picture) -> Picture:
    """The same for a picture that was black and white: its light is even already."""
    turned = _turn_dark_bands(picture)
    return np.asarray(cv2.convertScaleAbs(turned, alpha=PAPER / 255.0), dtype=np.uint8)


def binarise(flat: Picture) -> Picture:
    """Black (0) on white (255) from a flattened picture: ink is what nears its neighbourhood's darkest spot.

    So a pencil line stays beside bold print; how faint it may be depends on the noise.
    """
    sample = flat[::4, ::4]
    noise = 1.48 * float(np.median(np.abs(sample.astype(np.int16) - PAPER)))
    least = max(_CONTRAST_LEAST, min(70.0, _NOISE_TIMES * noise))
    half = cv2.resize(flat, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    size = _NEIGHBOURHOOD_PX // 2 | 1
    darkest = cv2.blur(cv2.erode(half, np.ones((size, size), np.uint8)), (size, size))
    reach = np.maximum(_INK_SHARE * (PAPER - np.arange(256)), least)
    levels = cv2.LUT(darkest, np.clip(PAPER - reach, 0, 255).astype(np.uint8))
    full = cv2.resize(levels, (flat.shape[1], flat.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.compare(flat, full, cv2.CMP_GT), dtype=np.uint8)


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
    thick = max(4, round(0.03 * dpi))
    rules: MatLike = np.zeros_like(ink)
    for across in (True, False):
        line = cv2.bitwise_or(_runs(ink, round(0.45 * dpi), 0, across), _runs(ink, round(0.7 * dpi), 5, across))
        if not cv2.countNonZero(line):
            continue
        around = cv2.dilate(line, np.ones((3, 3), np.uint8))
        thicker = cv2.morphologyEx(ink, cv2.MORPH_OPEN, _bar(thick, not across))
        rules = cv2.bitwise_or(rules, cv2.bitwise_and(around, cv2.bitwise_not(thicker)))
    return np.asarray(cv2.bitwise_or(black, rules), dtype=np.uint8)


def _runs(ink: MatLike, length: int, gap: int, across: bool) -> MatLike:
    """Where ink runs straight for `length`, gaps of up to `gap` pixels bridged."""
    bridged = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, _bar(gap + 1, across)) if gap else ink
    return cv2.morphologyEx(bridged, cv2.MORPH_OPEN, _bar(length, across))


def _bar(length: int, across: bool) -> MatLike:
    return np.ones((1, length) if across else (length, 1), np.uint8)


def _noise_of(picture: Picture) -> tuple[float, bool]:
    """The usual noise in grey levels, and whether it is spiky (salt and pepper)."""
    sample = picture[:: max(1, picture.shape[0] // 400)].astype(np.int16)
    bends = np.abs(sample[:, 2:] - 2 * sample[:, 1:-1] + sample[:, :-2])
    noise = float(np.median(bends)) / 1.65
    lone = (bends > 200) & (np.abs(sample[:, 2:] - sample[:, :-2]) < 40)
    return noise, float(np.mean(lone)) > 0.004


def _turn_dark_bands(picture: Picture) -> Picture:
    """White print on dark bands becomes black on white; black margins of the scanner's lid become white."""
    step = _BAND_STEP
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
