"""Scanned pages again, as a grey scanner at 300 dpi gives them: with a sensor's noise, kept as JPEG in a PDF.

Sigma is drawn evenly from 4 to 12 of 255 greys on white, page by page: a good flatbed's white has 2 to 3, an
office feeder's line sensor 4 to 8, a worn one, or one whose lamp is dim and whose gain is up, 10 and more. Noise grows
with the root of the light, as photons do, and has a floor from the electronics; neighbours share some of it, for the
optics blur after the paper's grain and scanners sharpen and resample. JPEG quality is 75 to 90, what feeders are set
to. Tesseract's own thresholding leaves specks of such noise and reads them: this is where its time goes.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingest.reading.raster import Raster

DPI = 300
SIGMAS = (4.0, 12.0)
QUALITIES = (75, 91)
PAPER, INK = 236.0, 28.0
_FLOOR = 0.35  # of sigma, in the dark
_SHARED_PX = 0.5


def scan_again(raster: Raster, stream: np.random.Generator) -> Image.Image:
    """The page at 300 dpi in greys with noise; the same stream gives the same pixels."""
    height, width = raster.picture.shape
    size = (round(width * DPI / raster.dpi_x), round(height * DPI / raster.dpi_y))
    seen = cv2.resize(raster.picture, size, interpolation=cv2.INTER_CUBIC)
    light = cv2.GaussianBlur(seen.astype(np.float32), (0, 0), 0.7) / 255.0
    return Image.fromarray(with_noise(INK + light * (PAPER - INK), stream.uniform(*SIGMAS), stream))


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
