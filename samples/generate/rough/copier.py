"""What copiers and scanners past their service put on a page."""

from __future__ import annotations

import cv2
import numpy as np

from ..wear import Picture
from .fields import darker, dots, smooth


def book_edge(picture: Picture, strength: float, stream: np.random.Generator) -> Picture:
    """One long edge did not lie flat: it falls into shadow, black at the very edge."""
    width = picture.shape[1]
    away = np.arange(width, dtype=np.float32)
    if stream.random() < 0.4:
        away = away[::-1]
    reach = float(stream.uniform(40, 110)) * (0.6 + 0.5 * strength)
    shade = np.exp(-away / reach) * min(0.95, 0.6 + 0.3 * strength)
    bent = 1 + 0.15 * smooth((picture.shape[0], 2), 500, stream)[:, :1]
    return darker(picture, (shade[None, :] * bent).astype(np.float32))


def dirty_drum(picture: Picture, strength: float, stream: np.random.Generator) -> Picture:
    """Scratches on the drum: strips of black dots down the page."""
    height, width = picture.shape[:2]
    density = np.zeros((height, width), np.float32)
    for _ in range(int(stream.integers(2, 5) * (0.6 + strength))):
        x, wide = int(stream.integers(0, width - 40)), int(stream.integers(4, 36))
        density[:, x : x + wide] = stream.uniform(0.02, 0.16) * min(strength, 1.6)
    density *= np.clip(0.7 + 0.8 * smooth((height, 2), 150, stream)[:, :1], 0, 2)
    return darker(picture, dots(picture.shape, density, 2, stream) * 0.8)


def dirty_roller(picture: Picture, strength: float, stream: np.random.Generator) -> Picture:
    """Rollers leave grey bands from top to bottom, some with a sharp side."""
    width = picture.shape[1]
    bands = np.clip(smooth((2, width), float(stream.uniform(40, 160)), stream)[:1], 0, None) * 0.1
    for _ in range(int(stream.integers(1, 4))):
        x, wide = int(stream.integers(0, width - 200)), int(stream.integers(10, 180))
        bands[:, x : x + wide] += float(stream.uniform(0.04, 0.14))
    uneven = 0.8 + 0.25 * smooth((picture.shape[0], 2), 260, stream)[:, :1]
    return darker(picture, (bands * uneven * strength).astype(np.float32))


def bad_toner(picture: Picture, strength: float, stream: np.random.Generator) -> Picture:
    """Toner where none belongs: clouds of specks, thickest toward one corner."""
    height, width = picture.shape[:2]
    across, down = np.linspace(0, 1, width, dtype=np.float32), np.linspace(0, 1, height, dtype=np.float32)
    across, down = (axis[::-1] if stream.random() < 0.5 else axis for axis in (across, down))
    toward = across[None, :] ** 3 * down[:, None] ** 2
    clouds = np.clip(smooth((height, width), 260, stream) * 0.5 - 0.35, 0, 1)
    density = np.clip((toward * 0.5 + clouds * 0.25) * 0.22 * min(strength, 1.8), 0, 0.3)
    specks = np.maximum(dots(picture.shape, density, 2, stream), dots(picture.shape, density * 0.4, 4, stream))
    return darker(picture, cv2.GaussianBlur(specks, (0, 0), 0.7) * 0.85)


def halftone(picture: Picture, strength: float, stream: np.random.Generator) -> Picture:
    """A tint printed in dots, copied: the copier's own grid beats with it in broad waves."""
    height, width = picture.shape[:2]
    x, y = np.arange(width, dtype=np.float32)[None, :], np.arange(height, dtype=np.float32)[:, None]
    angle = float(stream.uniform(0.2, 1.2))
    pitch, beat = float(stream.uniform(6, 10)), float(stream.uniform(50, 170))
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    screen = 0.5 + 0.5 * np.sin(along * 2 * np.pi / pitch) * np.sin(across * 2 * np.pi / pitch)
    waves = 0.6 + 0.4 * np.sin(along * 2 * np.pi / beat)
    return darker(picture, (screen * waves * 0.24 * min(strength, 1.6)).astype(np.float32))
