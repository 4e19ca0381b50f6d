"""What goes wrong with ink: it spreads, takes unevenly, runs out, flakes off."""

from __future__ import annotations

import cv2
import numpy as np

from ..wear import Picture
from .fields import darker, dots, paler, smooth, where


def spread(picture: Picture, strength: float, stream: np.random.Generator) -> Picture:
    """Ink runs along the fibres: strokes swell with frayed edges, here more than there."""
    size = 3 if strength < 0.9 else 4
    swollen = cv2.erode(picture, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    frayed = smooth(picture.shape, 3, stream) * 0.7 + smooth(picture.shape, 60, stream)
    run = where(frayed > 0.9 - 1.1 * min(strength, 1.6), swollen.astype(np.uint8), picture)
    return cv2.GaussianBlur(run, (0, 0), 0.6 + 0.5 * strength).astype(np.uint8)


def letterpress(picture: Picture, strength: float, stream: np.random.Generator) -> Picture:
    """Type that took its ink unevenly: pale blotches within the strokes."""
    blotches = smooth(picture.shape, 5, stream) * 0.8 + smooth(picture.shape, 70, stream) * 0.7
    return paler(picture, (blotches - (1.7 - 0.9 * min(strength, 1.8))) * 0.8)


def low_ink(picture: Picture, strength: float, stream: np.random.Generator) -> Picture:
    """A cartridge that runs out: pale lines across the page at every pass, and a pale band."""
    upright = bool(stream.random() < 0.3)
    length = picture.shape[1] if upright else picture.shape[0]
    pale = np.zeros(length, np.float32)
    period = float(stream.uniform(60, 220))
    pale += np.clip(np.sin(np.arange(length) * 2 * np.pi / period) - 0.4, 0, 1).astype(np.float32) * 0.5 * strength
    for _ in range(int(stream.integers(6, 14) * (0.5 + strength))):
        at, wide = int(stream.integers(0, length - 5)), int(stream.integers(1, 4))
        pale[at : at + wide] = stream.uniform(0.5, 0.95)
    field = np.broadcast_to(pale[None, :] if upright else pale[:, None], picture.shape[:2])
    uneven = np.clip(0.8 + 0.3 * smooth(picture.shape, 25, stream), 0, 1)
    return paler(picture, np.minimum(field * uneven, 0.92))


def dropout(picture: Picture, strength: float, stream: np.random.Generator) -> Picture:
    """Ink flaked off: white flecks as wide as a stroke, in strokes."""
    few = 0.012 * strength
    flecks = np.maximum(dots(picture.shape, few, 3, stream), dots(picture.shape, few, 2, stream))
    return darker(paler(picture, flecks * 0.95), dots(picture.shape, 0.0004 * strength, 3, stream) * 0.6)
