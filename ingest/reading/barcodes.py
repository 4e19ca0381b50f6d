"""Barcodes on a page, wherever and however they lie: Code 128, Code 39, QR, DataMatrix, PDF417."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import zxingcpp

from ingest.model import Affine, Barcode, Box
from ingest.reading.raster import Picture

_PIXELS_MOST = 14_000_000
_SIDE_SMALL_PX = 1700  # 2D codes are found on a picture of about so many pixels; they are costly to look for
_F = zxingcpp.BarcodeFormat
_LINES = (_F.Code128, _F.Code39, _F.QRCode)
_SQUARES = (_F.DataMatrix, _F.PDF417)


def find_barcodes(shown: Picture, to_read: Affine) -> tuple[Barcode, ...]:
    """The codes on the page as shown, with boxes in pixels of the picture that is read (`to_read`)."""
    height, width = shown.shape
    factor = min(1.0, (_PIXELS_MOST / (height * width)) ** 0.5)
    picture = shown if factor == 1.0 else _resized(shown, factor)
    codes = {code.text: code for code in _decode(picture, _LINES, 1.0 / factor, to_read)}
    small_factor = min(1.0, _SIDE_SMALL_PX / max(picture.shape))
    small = picture if small_factor == 1.0 else _resized(picture, small_factor)
    for code in _decode(small, _SQUARES, 1.0 / (factor * small_factor), to_read):
        codes.setdefault(code.text, code)
    for crop, left, top in _likely(picture):
        for code in _decode(crop, (*_LINES, *_SQUARES), 1.0 / (2.0 * factor), to_read, left, top):
            codes.setdefault(code.text, code)
    return tuple(codes.values())


def _resized(picture: Picture, factor: float) -> Picture:
    how = cv2.INTER_AREA if factor < 1.0 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=how), dtype=np.uint8)


def _decode(
    picture: Picture,
    formats: tuple[zxingcpp.BarcodeFormat, ...],
    to_shown: float,
    to_read: Affine,
    left: float = 0.0,
    top: float = 0.0,
) -> Iterator[Barcode]:
    for code in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(formats), try_invert=False):
        if not code.text:
            continue
        place = code.position
        corners = (place.top_left, place.top_right, place.bottom_left, place.bottom_right)
        points = [to_read.apply(left + corner.x * to_shown, top + corner.y * to_shown) for corner in corners]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        yield Barcode(
            text=code.text.encode("utf-8", "replace").decode("utf-8"),
            symbology=code.symbology.name,
            box=Box(x0=min(xs), y0=min(ys), x1=max(xs), y1=max(ys)),
        )


def _likely(picture: Picture) -> Iterator[tuple[Picture, float, float]]:
    return iter(())
