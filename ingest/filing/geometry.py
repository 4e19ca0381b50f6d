"""Where a point of the upright page lies in a PDF page's own coordinates.

Promise: `upright_to_user` is right for every combination of /Rotate, crop and media box offset. The
reading room gives places as fractions of the page as a viewer shows it, top left origin; PDF content
is written in default user space, whose origin is wherever the boxes put it. /UserUnit scales both
alike and needs no treatment.
"""

from __future__ import annotations

from typing import Any

import pikepdf

from ingest.model import Affine, Box

_LETTER = Box(x0=0.0, y0=0.0, x1=612.0, y1=792.0)


def visible_box(page: pikepdf.Object) -> Box:
    """The part of the page that viewers show: crop box within media box, by PDFium's rules.

    A missing or empty media box counts as US Letter; an unusable crop box as absent. In PDF the
    second coordinate grows upwards: `y0` is the bottom.
    """
    media = _box(page.get("/MediaBox")) or _LETTER
    crop = _box(page.get("/CropBox"))
    if crop is None:
        return media
    common = Box(
        x0=max(media.x0, crop.x0),
        y0=max(media.y0, crop.y0),
        x1=min(media.x1, crop.x1),
        y1=min(media.y1, crop.y1),
    )
    return common if common.x1 > common.x0 and common.y1 > common.y0 else media


def rotation_of(page: pikepdf.Object) -> int:
    """The page's /Rotate as 0, 90, 180 or 270; 0 for anything that is no multiple of 90."""
    try:
        degrees = int(page.get("/Rotate", 0))
    except (TypeError, ValueError):
        return 0
    return degrees % 360 if degrees % 90 == 0 else 0


def upright_to_user(box: Box, rotate: int) -> Affine:
    """Maps fractions of the page as shown under /Rotate `rotate` to user space inside `box`."""
    width, height = box.x1 - box.x0, box.y1 - box.y0
    match rotate:
        case 0:
            return Affine(a=width, b=0, c=box.x0, d=0, e=-height, f=box.y1)
        case 90:
            return Affine(a=0, b=width, c=box.x0, d=height, e=0, f=box.y0)
        case 180:
            return Affine(a=-width, b=0, c=box.x1, d=0, e=height, f=box.y0)
        case 270:
            return Affine(a=0, b=-width, c=box.x1, d=-height, e=0, f=box.y1)
        case _:
            msg = f"a page turns by quarters, not by {rotate} degrees"
            raise ValueError(msg)


def compose(outer: Affine, inner: Affine) -> Affine:
    """The map that applies `inner` first, then `outer`."""
    return Affine(
        a=outer.a * inner.a + outer.b * inner.d,
        b=outer.a * inner.b + outer.b * inner.e,
        c=outer.a * inner.c + outer.b * inner.f + outer.c,
        d=outer.d * inner.a + outer.e * inner.d,
        e=outer.d * inner.b + outer.e * inner.e,
        f=outer.d * inner.c + outer.e * inner.f + outer.f,
    )


def _box(value: Any) -> Box | None:
    try:
        x0, y0, x1, y1 = (float(number) for number in value)
    except (TypeError, ValueError, pikepdf.PdfError):
        return None
    box = Box(x0=min(x0, x1), y0=min(y0, y1), x1=max(x0, x1), y1=max(y0, y1))
    return box if box.x1 > box.x0 and box.y1 > box.y0 else None
