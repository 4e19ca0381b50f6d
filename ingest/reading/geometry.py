"""Affine maps between pictures: built, chained and inverted; coordinates are pixel edges, x right, y down."""

from __future__ import annotations

import math

from ingest.model import Affine, Turn

QUARTERS = {Turn.NONE: 0, Turn.RIGHT: -1, Turn.HALF: 2, Turn.LEFT: 1}  # as numpy's rot90 counts them


def scaling(sx: float, sy: float) -> Affine:
    """Stretches by `sx` and `sy` about the origin."""
    return Affine(a=sx, b=0.0, c=0.0, d=0.0, e=sy, f=0.0)


def then(first: Affine, second: Affine) -> Affine:
    """The map that applies `first`, then `second`."""
    return Affine(
        a=second.a * first.a + second.b * first.d,
        b=second.a * first.b + second.b * first.e,
        c=second.a * first.c + second.b * first.f + second.c,
        d=second.d * first.a + second.e * first.d,
        e=second.d * first.b + second.e * first.e,
        f=second.d * first.c + second.e * first.f + second.f,
    )


def inverse(map_: Affine) -> Affine:
    """The way back. Raises ZeroDivisionError for a map that flattens the plane."""
    det = map_.a * map_.e - map_.b * map_.d
    a, b, d, e = map_.e / det, -map_.b / det, -map_.d / det, map_.a / det
    return Affine(a=a, b=b, c=-(a * map_.c + b * map_.f), d=d, e=e, f=-(d * map_.c + e * map_.f))


def turning(turn: Turn, width: float, height: float) -> Affine:
    """A clockwise quarter turn of a `width` x `height` picture onto its new canvas."""
    match turn:
        case Turn.NONE:
            return Affine(a=1.0, b=0.0, c=0.0, d=0.0, e=1.0, f=0.0)
        case Turn.RIGHT:
            return Affine(a=0.0, b=-1.0, c=height, d=1.0, e=0.0, f=0.0)
        case Turn.HALF:
            return Affine(a=-1.0, b=0.0, c=width, d=0.0, e=-1.0, f=height)
        case Turn.LEFT:
            return Affine(a=0.0, b=1.0, c=0.0, d=-1.0, e=0.0, f=width)


def turned_size(turn: Turn, width: int, height: int) -> tuple[int, int]:
    """Width and height after the turn."""
    return (height, width) if turn in (Turn.RIGHT, Turn.LEFT) else (width, height)


def straightening(skew_deg: float, width: int, height: int) -> tuple[Affine, int, int]:
    """Undoes a clockwise skew about the picture's middle; returns the map and the canvas that holds all of it."""
    angle = math.radians(-skew_deg)
    cos, sin = math.cos(angle), math.sin(angle)
    new_width = math.ceil(abs(width * cos) + abs(height * sin) - 1e-6)
    new_height = math.ceil(abs(width * sin) + abs(height * cos) - 1e-6)
    c = new_width / 2 - (cos * width / 2 - sin * height / 2)
    f = new_height / 2 - (sin * width / 2 + cos * height / 2)
    return Affine(a=cos, b=-sin, c=c, d=sin, e=cos, f=f), new_width, new_height
