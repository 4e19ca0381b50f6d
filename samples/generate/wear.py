"""Single traces of wear on a page's picture: each takes and gives a grey or colour array of bytes."""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Picture: TypeAlias = NDArray[np.uint8]


def bleed(picture: Picture, strength: float) -> Picture:
    """The other side shows through: the page itself, mirrored and faint."""
    back = cv2.GaussianBlur(picture[:, ::-1], (0, 0), 3).astype(np.float32)
    return np.clip(picture.astype(np.float32) - (255 - back) * strength, 0, 255).astype(np.uint8)


def texture(picture: Picture, strength: float, stream: np.random.Generator) -> Picture:
    """Paper is not evenly white: slow blotches and fine fibre."""
    height, width = picture.shape[:2]
    slow = cv2.resize(
        stream.normal(0, 1, (height // 160, width // 160)).astype(np.float32),
        (width, height),
        interpolation=cv2.INTER_CUBIC,
    )
    fine = cv2.resize(
        stream.normal(0, 1, (height // 4, width // 4)).astype(np.float32),
        (width, height),
        interpolation=cv2.INTER_LINEAR,
    )
    change = (slow + 0.6 * fine) * strength - strength
    change = change[..., None] if picture.ndim == 3 else change
    return np.clip(picture.astype(np.float32) + change, 0, 255).astype(np.uint8)


def punch_holes(picture: Picture, *, dark: bool) -> Picture:
    """Two or three holes at the left or top edge, black where the lid is open."""
    picture = picture.copy()
    height = picture.shape[0]
    colour = (60, 60, 60) if picture.ndim == 3 else (40 if dark else 120)
    for share in (0.12, 0.5, 0.88):
        cv2.circle(picture, (62, int(height * share)), 40, colour, -1, cv2.LINE_AA)
    return picture


def shadow(picture: Picture, strength: float, stream: np.random.Generator) -> Picture:
    """Uneven light: darker toward one edge, as a book's gutter or a bad lamp gives."""
    height, width = picture.shape[:2]
    angle, middle = stream.uniform(0, 2 * np.pi), stream.uniform(0.55, 0.95)
    across, down = np.cos(angle), np.sin(angle)
    xs = (
        np.linspace(-0.5, 0.5, width, dtype=np.float32)[None, :] * across
        + np.linspace(-0.5, 0.5, height, dtype=np.float32)[:, None] * down
    )
    ramp = 1 - strength / (1 + np.exp(-(xs + 0.5 - middle) * 9)).astype(np.float32)
    ramp = ramp[..., None] if picture.ndim == 3 else ramp
    return (picture.astype(np.float32) * ramp).astype(np.uint8)


def speckle(picture: Picture, count: int, stream: np.random.Generator) -> Picture:
    """Dust: black specks of one to three pixels, and as many white ones."""
    picture = picture.copy()
    height, width = picture.shape[:2]
    for value in (0, 255):
        xs, ys = stream.integers(0, width - 3, count), stream.integers(0, height - 3, count)
        for x, y, size in zip(xs, ys, stream.integers(1, 4, count), strict=True):
            picture[y : y + size, x : x + size] = value
    return picture


def dirty_lines(picture: Picture, count: int, stream: np.random.Generator) -> Picture:
    """A dirty glass strip draws thin lines down the page."""
    picture = picture.copy()
    width = picture.shape[1]
    for _ in range(count):
        x = int(stream.integers(20, width - 20))
        picture[:, x : x + 1] = np.minimum(picture[:, x : x + 1], int(stream.integers(70, 170)))
    return picture
