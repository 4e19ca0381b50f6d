"""From greys to black on white: even light, dark bands turned over, specks and ruled lines gone.

Light strokes stay: thresholds follow the contrast of their neighbourhood, not that of the page.
"""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from ingest.reading.bands import turn_dark_bands
from ingest.reading.raster import Picture

Shapes: TypeAlias = NDArray[np.int32]  # one row for each connected piece of ink: x, y, width, height, area

PAPER = 230  # the grey of paper in a flattened picture: noise has room above it
_LIGHT_STEP = 4  # the light is estimated on a picture so many times smaller
_PRINT_PX = 44  # dark things narrower than this are print, wider ones have a paper of their own
_PAPER_FLOOR = 0.3  # of the page's paper: darker is no shadow
_NEIGHBOURHOOD_PX = 31  # about a letter
_INK_SHARE = 0.5  # of the way from paper to the darkest spot of the neighbourhood begins ink
_CONTRAST_LEAST = 22.0
_NOISE_TIMES = 4.0
_NOISY = 5.0
_SPECKS_FEW = 4_000
_SPECK_SHARE = 0.6  # of a dot's area, counted in blocks of two by two pixels that hold any ink


def quieten(picture: Picture) -> Picture:
    """Noise smoothed just as far as there is any."""
    noise, spiky = _noise_of(picture)
    if noise < _NOISY and not spiky:
        return picture
    if spiky:
        return np.asarray(cv2.medianBlur(picture, 3), dtype=np.uint8)
    return np.asarray(cv2.GaussianBlur(picture, (5, 5), min(1.4, 0.5 + noise / 50.0)), dtype=np.uint8)


def leftover_noise(picture: Picture) -> float:
    """The noise of paper in grey levels: how far apart spots lie that have nothing between them."""
    sample = picture[:: max(1, picture.shape[0] // 300)].astype(np.int16)
    return float(np.median(np.abs(sample[:, 8:] - sample[:, :-8]))) / 0.95 if sample.shape[1] > 8 else 0.0


def flatten(picture: Picture) -> Picture:
    """The picture with its paper evenly at `PAPER`: shadows, stains and yellowing divided out, bands turned."""
    light = turn_dark_bands(picture)
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
    turned = turn_dark_bands(picture)
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


def tidy(black: Picture, dpi: int, dot_px: float) -> tuple[Picture, Shapes]:
    """The binary picture without long thin rules and without specks, and the shapes that stay.

    Rules run across or down; letters that a rule crosses stay whole. Specks are smaller than about a third
    of a printed dot, which is `dot_px` wide and high. Both are looked for at half the size.
    """
    height, width = black.shape
    half = cv2.erode(black, np.ones((2, 2), np.uint8), anchor=(0, 0))[::2, ::2]  # ink of any of four pixels
    ink = cv2.bitwise_not(half)
    rules = _rules(ink, dpi / 2)
    if rules is not None:
        ink = cv2.bitwise_and(ink, cv2.bitwise_not(rules))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    specks = stats[:, cv2.CC_STAT_AREA] < max(2.0, _SPECK_SHARE * (dot_px / 2) ** 2)
    specks[0] = False
    gone: MatLike = np.zeros_like(ink) if rules is None else rules
    if np.count_nonzero(specks) > _SPECKS_FEW:
        gone[specks[labels]] = 255
    else:
        for label in np.nonzero(specks)[0].tolist():
            x, y, wide, high, _ = stats[label].tolist()
            spot = np.s_[y : y + high, x : x + wide]
            gone[spot][labels[spot] == label] = 255
    mask = cv2.resize(gone, (half.shape[1] * 2, half.shape[0] * 2), interpolation=cv2.INTER_NEAREST)
    shapes = np.asarray(stats[1:][~specks[1:]] * np.array([2, 2, 2, 2, 4]), dtype=np.int32)
    return np.asarray(cv2.bitwise_or(black, mask[:height, :width]), dtype=np.uint8), shapes


def _rules(ink: MatLike, dpi: float) -> MatLike | None:
    """The long thin rules of a picture whose ink is 255, or None without any."""
    lines = {across: _lines(ink, dpi, across) for across in (True, False)}
    found: MatLike | None = None
    for across, line in lines.items():
        if not cv2.countNonZero(line):
            continue
        rest = cv2.bitwise_and(ink, cv2.bitwise_not(lines[not across]))  # a crossing rule is no letter
        thicker = cv2.morphologyEx(rest, cv2.MORPH_OPEN, _bar(max(3, round(0.03 * dpi)), not across))
        rules = cv2.bitwise_and(line, cv2.bitwise_not(thicker))
        found = rules if found is None else cv2.bitwise_or(found, rules)
    return found


def _lines(ink: MatLike, dpi: float, across: bool) -> MatLike:
    """Straight runs of ink over half an inch long, small gaps bridged, with their frayed edges."""
    bridged = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, _bar(3, across))
    runs = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, _bar(round(0.55 * dpi), across))
    return cv2.dilate(runs, _bar(3, not across))


def _bar(length: int, across: bool) -> MatLike:
    return np.ones((1, length) if across else (length, 1), np.uint8)


def _noise_of(picture: Picture) -> tuple[float, bool]:
    """The usual noise in grey levels, and whether it is spiky (salt and pepper)."""
    sample = picture[:: max(1, picture.shape[0] // 400)].astype(np.int16)
    bends = np.abs(sample[:, 2:] - 2 * sample[:, 1:-1] + sample[:, :-2])
    noise = float(np.median(bends)) / 1.65
    lone = (bends > 200) & (np.abs(sample[:, 2:] - sample[:, :-2]) < 40)
    return noise, float(np.mean(lone)) > 0.004
