"""To a size that Tesseract reads best: about 300 dots an inch, judged by the stated dpi and by the letters.

Stated dpi lie and small print needs more: the height of the letters themselves has the last word.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.model import Affine
from ingest.reading.clean import leftover_noise, quieten
from ingest.reading.geometry import scaling
from ingest.reading.raster import Picture, Raster

READ_DPI = 300.0
LETTER_PX = 24.0  # height of the usual letter (between x-height and capital) of 10-point print at 300 dpi
_LETTERS_LEAST, _LETTERS_ENOUGH = 25, 150  # fewer tell nothing; so many tell enough
_SPECK_PX = 7  # a few things so small are dust on a dark page, not print
_SAMPLE_PIXELS = 4_000_000
_SMALL_LETTER_PX = 12.0
_ENOUGH_PX = 20.0
_PRINT_PX = 9.0  # at reading size four-point print: what is smaller on a page of a page's size is dirt
_PAPER_LEAST_IN = 7.0
_WORKING_PIXELS_MOST = 36_000_000
_WORKING_SIDE_MOST = 20_000
_SHRINK_GENTLY = 1.3  # there is small print beside large letters
_STEP_SHARE = 0.2  # within so much of the ideal size nothing is resampled


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scaled:
    """The grey picture at reading size; `scaling` leads from the page as shown to it; `dpi` is its own."""

    picture: Picture
    scaling: Affine
    dpi: int
    letter_px: float | None


def scale(raster: Raster) -> Scaled:
    """The page at reading size, with square pixels."""
    height, width = raster.picture.shape
    letter = letter_height(raster.picture)
    sx, sy = _factors(raster, letter)
    most = min(
        (_WORKING_PIXELS_MOST / (width * sx * height * sy)) ** 0.5,
        _WORKING_SIDE_MOST / max(width * sx, height * sy),
    )
    if most < 1.0:
        sx, sy = sx * most, sy * most
    new_width, new_height = max(1, round(width * sx)), max(1, round(height * sy))
    sx, sy = new_width / width, new_height / height
    picture = raster.picture
    if (new_width, new_height) != (width, height):
        shrinks = sx < 1.0 and sy < 1.0
        how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
        picture = np.asarray(cv2.resize(picture, (new_width, new_height), interpolation=how), dtype=np.uint8)
    letter = None if letter is None else letter * sy
    dpi = raster.dpi_y * sy if letter is None else READ_DPI * letter / LETTER_PX
    if raster.dpi_known:
        dpi = raster.dpi_y * sy
    return Scaled(
        picture=picture,
        scaling=scaling(sx, sy),
        dpi=int(min(600.0, max(100.0, dpi))),
        letter_px=letter,
    )


def _factors(raster: Raster, letter: float | None) -> tuple[float, float]:
    """How much to stretch: square pixels always; then by dpi where stated; then by the letters."""
    square_x = max(1.0, raster.dpi_y / raster.dpi_x)
    square_y = max(1.0, raster.dpi_x / raster.dpi_y)
    dpi = max(raster.dpi_x, raster.dpi_y)
    if letter is not None:
        letter *= square_y
    if raster.dpi_known or letter is None:
        factor = min(4.0, READ_DPI / dpi)
    else:
        factor = LETTER_PX / letter
        factor = min(4.0, factor) if factor > 1.0 else min(1.0, max(0.25, _SHRINK_GENTLY * factor))
    if letter is not None:
        read_px = letter * factor
        if read_px < _SMALL_LETTER_PX and (read_px >= _PRINT_PX or not raster.dpi_known or _is_small(raster)):
            factor *= min(2.0, _ENOUGH_PX / read_px)
    if abs(factor - 1.0) <= _STEP_SHARE:
        factor = 1.0
    return square_x * factor, square_y * factor


def _is_small(raster: Raster) -> bool:
    """Whether a page is smaller than paper usually is: the dpi that it states is doubtful then."""
    height, width = raster.picture.shape
    return bool(max(width / raster.dpi_x, height / raster.dpi_y) < _PAPER_LEAST_IN)


def letter_height(picture: Picture) -> float | None:
    """The usual height in pixels of what looks like letters (turned or not), or None when there are few."""
    step = -(-max(picture.shape) // 4500)  # enough for letters, cheap for posters
    if picture.size > _SAMPLE_PIXELS:
        some_tenths = np.concatenate(np.array_split(picture, 10)[1::3])
        heights = _letter_heights(some_tenths[::step, ::step])
        if heights.size < _LETTERS_ENOUGH:
            heights = _letter_heights(picture[::step, ::step])
    else:
        heights = _letter_heights(picture)
    if heights.size < _LETTERS_LEAST:
        return None
    weights = np.cumsum(heights.astype(np.float64))  # many specks weigh little against fewer letters
    middle = int(np.searchsorted(weights, weights[-1] / 2))
    usual = int(heights[min(middle, heights.size - 1)])
    if usual < _SPECK_PX and heights.size < _LETTERS_ENOUGH:
        return None
    return float(usual * step)


def _letter_heights(picture: Picture) -> NDArray[np.int32]:
    quiet = quieten(np.ascontiguousarray(picture))
    depth = max(35.0, 3.5 * leftover_noise(quiet))
    ink = cv2.adaptiveThreshold(quiet, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 51, depth)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    wide, high, area = stats[1:, 2], stats[1:, 3], stats[1:, 4]
    # sideways letters count too: their height is the component's width, and letters are about as wide as high
    letters = (high >= 5) & (high <= 200) & (wide >= 3) & (wide <= 200)
    letters &= (wide < 3 * high) & (high < 5 * wide) & (area > 0.15 * wide * high) & (area < 0.95 * wide * high)
    return np.asarray(np.sort(high[letters]), dtype=np.int32)
