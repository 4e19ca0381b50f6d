"""The page's picture as a person would see it on a screen, in greys: what everything else here reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ingest.model import PictureFacts

Picture: TypeAlias = NDArray[np.uint8]  # rows x columns, 0 black .. 255 white


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Raster:
    """One page as shown: EXIF/TIFF orientation and the PDF's /Rotate applied, alpha laid on white.

    The dpi are those the file states, where they make sense; otherwise `dpi_known` is False and they are
    a guess from the picture's size. `bilevel` says that the source was black and white. `remarks` tell a
    person what was out of the ordinary.
    """

    picture: Picture
    dpi_x: float
    dpi_y: float
    dpi_known: bool
    origin: str
    bilevel: bool
    remarks: tuple[str, ...] = ()

    def facts(self) -> PictureFacts:
        """What the artefact keeps of the page as scanned."""
        height, width = self.picture.shape
        return PictureFacts(
            width_px=width,
            height_px=height,
            dpi_x=self.dpi_x,
            dpi_y=self.dpi_y,
            dpi_known=self.dpi_known,
            origin=self.origin,
        )


def guess_dpi(width_px: int, height_px: int) -> float:
    """A dpi for a picture that states none: its long side taken for a letter page's 11 inches."""
    return min(1200.0, max(72.0, max(width_px, height_px) / 11.0))


def plausible_dpi(dpi_x: object, dpi_y: object, width_px: int, height_px: int) -> tuple[float, float] | None:
    """The stated dpi, or None when it cannot be true (zero, absurd, or a page no scanner takes).

    Cameras and screens stamp 72 or 96 on everything: a page that would be over 20 inches long at so few
    is not believed.
    """
    try:
        x, y = float(dpi_x), float(dpi_y)  # type: ignore[arg-type]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    if not (50.0 <= x <= 2400.0 and 50.0 <= y <= 2400.0 and 0.3 <= x / y <= 3.4):
        return None
    long_in = max(width_px / x, height_px / y)
    short_in = min(width_px / x, height_px / y)
    if long_in < 1.5 or short_in < 0.7 or (long_in > 20.0 and min(x, y) < 150.0):
        return None
    return x, y
