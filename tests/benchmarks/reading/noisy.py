"""Scanned pages again, as a grey scanner at 300 dpi gives them: with a sensor's noise, kept as JPEG in a PDF.

Sigma is drawn evenly from 4 to 12 of 255 greys on white, page by page: a good flatbed's white has 2 to 3, an
office feeder's line sensor 4 to 8, a worn one, or one whose lamp is dim and whose gain is up, 10 and more. Noise grows
with the root of the light, as photons do, and has a floor from the electronics; neighbours share some of it, for the
optics blur after the paper's grain and scanners sharpen and resample. JPEG quality is 75 to 90, what feeders are set
to. Tesseract's own thresholding leaves specks of such noise and reads them: this is where its time goes.

"heavy" is what it takes until the tesseract program needs about the 2.9 s a page of the first measure (usual noise:
1.2, no noise 1.1, on two busy cores): sigma 16 to 20 on paper of 195 with ink of 95, as a worn feeder gives of an old
carbon or of coloured paper with its gain up. Black on white needs a sigma above 30 for it, which no scanner has.
Specks of salt and pepper do not slow it down (3 % of all pixels: 1.3 s). Such pages are few, and times lie far apart:
at sigma 18 to 24 the median is 2.0 to 2.4 s, but one page in ten, whose noise got past the threshold, takes 7 to 43,
so that the mean of ten is anything from 2.5 to 7.5. Compare medians of many pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingest.reading.raster import Raster

DPI = 300
QUALITIES = (75, 91)
_FLOOR = 0.35  # of sigma, in the dark
_SHARED_PX = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """How grey paper and ink come out, and between which sigmas their noise is drawn."""

    paper: float
    ink: float
    sigmas: tuple[float, float]


USUAL = Noise(paper=236.0, ink=28.0, sigmas=(4.0, 12.0))
NOISES = {"usual": USUAL, "heavy": Noise(paper=195.0, ink=95.0, sigmas=(16.0, 20.0))}


def scan_again(raster: Raster, stream: np.random.Generator, noise: Noise = USUAL) -> Image.Image:
    """The page at 300 dpi in greys with noise; the same stream gives the same pixels."""
    height, width = raster.picture.shape
    size = (round(width * DPI / raster.dpi_x), round(height * DPI / raster.dpi_y))
    seen = cv2.resize(raster.picture, size, interpolation=cv2.INTER_CUBIC)
    light = cv2.GaussianBlur(seen.astype(np.float32), (0, 0), 0.7) / 255.0
    greys = noise.ink + light * (noise.paper - noise.ink)
    return Image.fromarray(with_noise(greys, stream.uniform(*noise.sigmas), stream))


def with_noise(greys: NDArray[np.float32], sigma: float, stream: np.random.Generator) -> NDArray[np.uint8]:
    """Greys 0..255 with noise of that sigma on white, less in the dark."""
    grain = stream.standard_normal(greys.shape, dtype=np.float32)
    grain = cv2.GaussianBlur(grain, (0, 0), _SHARED_PX)
    grain /= grain.std()
    strength = sigma * np.sqrt(_FLOOR**2 + (1 - _FLOOR**2) * np.clip(greys, 0, 255) / 255.0)
    return np.clip(greys + grain * strength, 0, 255).astype(np.uint8)


def save(picture: Image.Image, path: Path, stream: np.random.Generator) -> None:
    """A PDF of one page that holds the picture as JPEG."""
    picture.save(path, format="PDF", resolution=DPI, quality=int(stream.integers(*QUALITIES)))
