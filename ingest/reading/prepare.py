"""From the page as shown to the picture that is read, and the transform between the two."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ingest.model import Affine, Box, Turn
from ingest.reading.bars import wipe_bars
from ingest.reading.clean import PAPER, Shapes, binarise, flatten, flatten_bilevel, quieten, tidy
from ingest.reading.geometry import QUARTERS, inverse, scaling, straightening, then, turned_size, turning
from ingest.reading.punch_holes import fill_punch_holes
from ingest.reading.raster import Picture, Raster
from ingest.reading.scale import LETTER_PX, scale
from ingest.reading.skew import slope_of

_SKEW_LEAST_DEG = 0.1
_DOT_SHARE = 0.17  # of a letter's height


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """The page ready to read: `black` is 0/255, straight and not yet turned, with rules and bar codes taken out.

    `flat` is its grey original, evenly lit. `from_shown` leads from pixels of the page as shown to pixels
    of both. `shapes` are the pieces of ink of `black`, `holes` are punch holes that were filled in it. `letter_px` is
    the usual letter's height, None where there are hardly any letters. `sideways` says that lines seem to run down the
    page, `across` that they clearly run across.
    """

    black: Picture
    flat: Picture
    dpi: int
    from_shown: Affine
    shown_width: int
    shown_height: int
    skew_deg: float
    shapes: Shapes
    holes: tuple[Box, ...]
    letter_px: float | None
    sideways: bool
    across: bool

    def turned(self, turn: Turn) -> Picture:
        """The picture to read when the page is turned so."""
        return np.ascontiguousarray(np.rot90(self.black, QUARTERS[turn]))

    def shapes_turned(self, turn: Turn) -> Shapes:
        """The pieces of ink of `turned(turn)`."""
        x, y, wide, high, area = self.shapes.T
        height, width = self.black.shape
        match turn:
            case Turn.NONE:
                return self.shapes
            case Turn.RIGHT:
                turned = (height - y - high, x, high, wide, area)
            case Turn.HALF:
                turned = (width - x - wide, height - y - high, wide, high, area)
            case Turn.LEFT:
                turned = (y, width - x - wide, high, wide, area)
        return np.stack(turned, axis=1).astype(np.int32)

    def to_page(self, turn: Turn) -> Affine:
        """From pixels of `turned(turn)` to fractions of the page as shown, turned upright by `turn`."""
        height, width = self.black.shape
        back = then(inverse(turning(turn, width, height)), inverse(self.from_shown))
        upright = then(back, turning(turn, self.shown_width, self.shown_height))
        page_width, page_height = turned_size(turn, self.shown_width, self.shown_height)
        return then(upright, scaling(1.0 / page_width, 1.0 / page_height))


def prepare(raster: Raster) -> Prepared:
    """Scale, even out the light, straighten, black on white, clean."""
    scaled = scale(raster)  # shrinking smooths by itself
    whole, holes = fill_punch_holes(scaled.picture, scaled.dpi)
    flat = flatten_bilevel(whole) if raster.bilevel else flatten(quieten(whole))
    slope = slope_of(flat)
    from_shown, skew = scaled.scaling, 0.0
    if abs(slope.skew_deg) >= _SKEW_LEAST_DEG:
        skew = slope.skew_deg
        straight, width, height = straightening(skew, flat.shape[1], flat.shape[0])
        flat = _warp(flat, straight, width, height)
        holes = tuple(_around(hole, straight) for hole in holes)
        from_shown = then(scaled.scaling, straight)
    dot = _DOT_SHARE * (scaled.letter_px or LETTER_PX)
    black, shapes = tidy(binarise(flat), scaled.dpi, dot)
    shapes = wipe_bars(black, shapes, scaled.letter_px or LETTER_PX)
    height, width = raster.picture.shape
    return Prepared(
        black=black,
        flat=flat,
        dpi=scaled.dpi,
        from_shown=from_shown,
        shown_width=width,
        shown_height=height,
        skew_deg=skew,
        shapes=shapes,
        holes=holes,
        letter_px=scaled.letter_px,
        sideways=slope.sideways,
        across=slope.across,
    )


def _around(box: Box, map_: Affine) -> Box:
    """The upright rectangle round where a box comes to lie."""
    xs, ys = zip(*(map_.apply(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)), strict=True)
    return Box(x0=min(xs), y0=min(ys), x1=max(xs), y1=max(ys))


def _warp(picture: Picture, map_: Affine, width: int, height: int) -> Picture:
    """OpenCV counts from pixel centres, maps here from pixel edges: half a pixel there, half back."""
    c = map_.a * 0.5 + map_.b * 0.5 + map_.c - 0.5
    f = map_.d * 0.5 + map_.e * 0.5 + map_.f - 0.5
    matrix = np.array([[map_.a, map_.b, c], [map_.d, map_.e, f]], dtype=np.float64)
    warped = cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=PAPER)
    return np.asarray(warped, dtype=np.uint8)
