"""What years and hands do to paper: folds, stains, yellow, staples, pens; and the print on its back."""

from __future__ import annotations

from functools import cache
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ..clinical import COURSE
from ..fonts import font
from ..wear import Picture
from .fields import darker, paler, smooth

_BROWN = (0.45, 0.7, 1.0)  # of the light that it takes: least of the red
_YELLOW = (0.25, 0.45, 1.0)


def show_through(picture: Picture, strength: float, stream: np.random.Generator) -> Picture:
    """The back is printed too: another text, mirrored, blurred by the paper."""
    height, width = picture.shape[:2]
    back = cv2.resize(_other_side(), (width, height))[:, ::-1]
    back = np.roll(back, (int(stream.integers(-200, 200)), int(stream.integers(-200, 200))), (0, 1))
    soft = cv2.GaussianBlur(back, (0, 0), float(stream.uniform(2.5, 6))).astype(np.float32) / 255
    return darker(picture, (1 - soft) * min(0.16 + 0.16 * strength, 0.5))


@cache
def _other_side() -> NDArray[np.uint8]:
    page = Image.new("L", (2550, 3300), 255)
    pen, rng = ImageDraw.Draw(page), Random(1)
    for y in range(300, 3000, 62):
        pen.text((260, y), rng.choice(COURSE)[:88], font=font("serif", 46), fill=0, anchor="ls")
    return np.asarray(page)


def folds(picture: Picture, strength: float, stream: np.random.Generator) -> Picture:
    """Folded for an envelope: at each crease a shadow on one side, light on the other, ink rubbed off between."""
    height, width = picture.shape[:2]
    for upright, share in ((False, 0.335), (False, 0.665), (True, 0.5)):
        if upright and stream.random() < 0.5:
            continue
        along, across = (height, width) if upright else (width, height)
        wander = smooth((2, along), 300, stream)[0] * 4 + (share + float(stream.normal(0, 0.012))) * across
        away = np.arange(across, dtype=np.float32)[:, None] - wander[None, :].astype(np.float32)
        shadow = np.where(away > 0, np.exp(-away / 70), 0) * 0.26 * strength
        broken = np.clip(0.6 + smooth((1, along), 12, stream)[:1] * 0.5, 0, 1)
        rubbed = np.exp(-((away / (1.2 + strength)) ** 2)) * broken * min(1.0, 0.5 + 0.5 * strength)
        shade, bare = (field.T if upright else field for field in (shadow, rubbed))
        picture = darker(paler(picture, bare.astype(np.float32)), shade.astype(np.float32))
    return picture


def coffee(picture: Picture, strength: float, stream: np.random.Generator) -> Picture:
    """A cup stood on it: a brown ring, darkest at its rim, and drops."""
    height, width = picture.shape[:2]
    y, x = np.ogrid[:height, :width]
    stain = np.zeros((height, width), np.float32)
    rings = [(float(stream.uniform(380, 520)), 1.0), *((float(r), 0.8) for r in stream.uniform(12, 60, 4))]
    for radius, dark in rings:
        cx, cy = stream.uniform(0.1, 0.9) * width, stream.uniform(0.08, 0.8) * height
        away = np.hypot(x - cx, y - cy).astype(np.float32)
        stain += np.exp(-(((away - radius) / 9) ** 2)) * 0.3 * dark + (away < radius) * 0.07
    uneven = np.clip(0.8 + 0.35 * smooth((height, width), 80, stream), 0.2, 1.4)
    return darker(picture, stain * uneven * strength, _BROWN)


def yellowing(picture: Picture, strength: float, stream: np.random.Generator) -> Picture:
    """Old paper: brown from the edges inward, in clouds."""
    height, width = picture.shape[:2]
    y, x = np.ogrid[:height, :width]
    edge = np.minimum(np.minimum(x, width - x), np.minimum(y, height - y)).astype(np.float32)
    clouds = smooth((height, width), 420, stream) * 0.05
    return darker(picture, (0.14 + 0.16 * np.exp(-edge / 180) + clouds) * strength, _BROWN)


def colour_cast(picture: Picture, strength: float, stream: np.random.Generator) -> Picture:
    """Coloured paper, or a lamp that is not white; in greys, paper that is not white."""
    tint = stream.uniform(0.1, 1.0, 3)
    flat = np.full(picture.shape[:2], 0.32 * min(strength, 1.6), np.float32)
    return darker(picture, flat, (float(tint[0]), float(tint[1]), float(tint[2])))


def staple(picture: Picture, strength: float, stream: np.random.Generator) -> Picture:
    """A staple and its shadow in the corner, the holes of earlier ones, and a corner turned down."""
    marks = np.zeros(picture.shape[:2], np.float32)
    for number in range(1 + int(2 * strength)):
        x, y = int(stream.integers(110, 330)), int(stream.integers(90, 260))
        dx, dy = int(stream.integers(90, 140)), int(stream.integers(-60, 60))
        if number == 0:
            cv2.line(marks, (x + 5, y + 9), (x + dx + 5, y + dy + 9), 0.35, 12, cv2.LINE_AA)
            cv2.line(marks, (x, y), (x + dx, y + dy), 0.85, 7, cv2.LINE_AA)
        for end in ((x, y), (x + dx, y + dy)):
            cv2.circle(marks, end, 6, 0.9, -1, cv2.LINE_AA)
    side = int(stream.integers(80, 170) * (0.5 + strength))
    corner = np.array([(0, 0), (side, 0), (0, round(side * 0.8))], np.int32)
    cv2.fillPoly(marks, [corner], 0.55)
    return darker(picture, cv2.GaussianBlur(marks, (0, 0), 1.5))


def marker(picture: Picture, strength: float, stream: np.random.Generator) -> Picture:
    """A highlighter drawn over some lines, and a pen that underlined others."""
    height, width = picture.shape[:2]
    over = np.zeros((height, width), np.float32)
    for _ in range(1 + int(3 * strength)):
        x, y = int(stream.integers(150, width // 2)), int(stream.integers(120, height * 2 // 3))
        long, tilt = int(stream.integers(300, 1100)), int(stream.integers(-12, 12))
        cv2.line(over, (x, y), (min(width - 20, x + long), y + tilt), 1.0, int(stream.integers(36, 58)), cv2.LINE_AA)
    picture = darker(picture, over * min(0.2 + 0.2 * strength, 0.6), _YELLOW)
    under = np.zeros((height, width), np.float32)
    for _ in range(int(4 * strength)):
        x, y = int(stream.integers(150, width // 2)), int(stream.integers(200, height - 200))
        cv2.line(under, (x, y), (x + int(stream.integers(200, 600)), y + int(stream.integers(-8, 8))), 0.8, 4)
    return darker(picture, under)
