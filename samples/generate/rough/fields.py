"""Random fields, and how they take ink away from a picture or put grey upon it."""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from ..wear import Picture

Field: TypeAlias = NDArray[np.float32]

_LUMINANCE = (0.30, 0.59, 0.11)


def smooth(shape: tuple[int, ...], cell_px: float, stream: np.random.Generator) -> Field:
    """Smooth noise of mean 0 and deviation about 1, whose hills are `cell_px` wide."""
    height, width = shape[:2]
    small = (max(2, round(height / cell_px)), max(2, round(width / cell_px)))
    coarse = stream.standard_normal(small, dtype=np.float32)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32)


def darker(picture: Picture, share: Field, tint: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Picture:
    """Takes that share (0..1) of the light away, `tint` times as much of red, green and blue; greys see their mean."""
    share = np.clip(share, 0.0, 1.0)
    if picture.ndim == 2:
        share = share * sum(part * weight for part, weight in zip(tint, _LUMINANCE, strict=True))
        return cv2.multiply(picture, 1.0 - share, dtype=cv2.CV_8U).astype(np.uint8)
    left = cv2.merge([1.0 - share * part for part in tint])
    return cv2.multiply(picture, left, dtype=cv2.CV_8U).astype(np.uint8)


def paler(picture: Picture, share: Field) -> Picture:
    """Takes that share (0..1) of the ink away."""
    return cv2.bitwise_not(darker(cv2.bitwise_not(picture).astype(np.uint8), share)).astype(np.uint8)


def where(mask: NDArray[np.bool_], one: Picture, other: Picture) -> Picture:
    """`one` where the mask holds, else `other`."""
    return np.where(mask[..., None] if one.ndim == 3 else mask, one, other)


def dots(shape: tuple[int, ...], density: Field | float, size_px: int, stream: np.random.Generator) -> Field:
    """1 on random dots of that size, 0 elsewhere; `density` is the share of the area that they take."""
    height, width = shape[:2]
    small = (-(-height // size_px), -(-width // size_px))
    if isinstance(density, np.ndarray):
        density = cv2.resize(density, (small[1], small[0]), interpolation=cv2.INTER_AREA)
    hit = (stream.random(small, dtype=np.float32) < density).astype(np.uint8)
    return cv2.resize(hit, (width, height), interpolation=cv2.INTER_NEAREST).astype(np.float32)
