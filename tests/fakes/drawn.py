"""Pages drawn for tests of reading: text at known places, then worn, turned and skewed like scans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ingest.model import Affine
from ingest.reading.raster import Raster

PAPER, INK = 245, 25
Grey = NDArray[np.uint8]

FORM = (
    ("COUNTY MEMORIAL HOSPITAL", 0.1, 0.06),
    ("Patient Name: RIVERA, CARMEN", 0.1, 0.12),
    ("Date of Birth: 04/07/1962", 0.1, 0.17),
    ("MRN: 00482913", 0.1, 0.22),
    ("Attending physician: Alan Smith", 0.1, 0.27),
    ("The patient was seen today and feels well", 0.1, 0.34),
    ("Blood pressure is stable with medication", 0.1, 0.39),
    ("Discharge summary sent to the family doctor", 0.1, 0.44),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """How a page is printed: sizes in points, greys 0..255."""

    points: float = 12.0
    grey: int = INK
    paper: int = PAPER


def draw(
    texts: Sequence[tuple[str, float, float]] = FORM,
    *,
    dpi: float = 150,
    ink: Ink | None = None,
    size_in: tuple[float, float] = (8.5, 6.0),
) -> Grey:
    """Texts whose top left corners stand at fractions of the page."""
    ink = ink or Ink()
    width, height = round(size_in[0] * dpi), round(size_in[1] * dpi)
    picture = Image.new("L", (width, height), ink.paper)
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=ink.points * dpi / 72)
    for text, x, y in texts:
        pen.text((x * width, y * height), text, fill=ink.grey, font=font)
    return np.asarray(picture, dtype=np.uint8)


def raster(picture: Grey, dpi: float = 150, *, dpi_y: float | None = None, known: bool = True) -> Raster:
    """The picture as reading gets it."""
    return Raster(
        picture=np.ascontiguousarray(picture),
        dpi_x=dpi,
        dpi_y=dpi_y or dpi,
        dpi_known=known,
        origin="image",
        bilevel=bool(np.isin(picture, (0, 255)).all()),
    )


def noisy(picture: Grey, sigma: float = 10.0) -> Grey:
    """Sensor noise."""
    noise = np.random.default_rng(7).normal(0, sigma, picture.shape)
    return np.asarray(np.clip(picture + noise, 0, 255), dtype=np.uint8)


def shadowed(picture: Grey) -> Grey:
    """Light that falls off to a third at the left."""
    light = np.clip(np.linspace(0.33, 1.5, picture.shape[1]), 0, 1)
    return np.asarray(picture * light[None, :], dtype=np.uint8)


def skewed(picture: Grey, degrees: float, *, around: int = PAPER) -> tuple[Grey, Affine]:
    """The picture turned clockwise about its middle, and where its pixels went."""
    height, width = picture.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    turned = cv2.warpAffine(picture, matrix, (width, height), borderValue=around)
    (a, b, c), (d, e, f) = matrix.tolist()
    return np.asarray(turned, dtype=np.uint8), Affine(a=a, b=b, c=c, d=d, e=e, f=f)
