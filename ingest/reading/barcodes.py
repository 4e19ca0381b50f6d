"""Barcodes on a page, wherever and however they lie: Code 128, Code 39, QR, DataMatrix, PDF417."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np
import zxingcpp

from ingest.model import Affine, Barcode, Box
from ingest.reading.raster import Picture

_PIXELS_MOST = 14_000_000
_SIDE_LIKELY_PX = 1100
_BUSY = 28.0  # grey levels between neighbours, on average
_CROPS_MOST = 4
_CROP_PIXELS_MOST = 1_500_000
_SIDE_SMALL_PX = 1700  # 2D codes are found on a picture of about so many pixels; they are costly to look for
_F = zxingcpp.BarcodeFormat
_LINES = (_F.Code128, _F.Code39, _F.QRCode)
_SQUARES = (_F.DataMatrix, _F.PDF417)


def find_barcodes(shown: Picture, to_read: Affine) -> tuple[Barcode, ...]:
    """The codes on the page as shown, with boxes in pixels of the picture that is read (`to_read`).

    What looks like a code and was not read is tried again twice as large: small codes at few dpi need it.
    """
    height, width = shown.shape
    factor = min(1.0, (_PIXELS_MOST / (height * width)) ** 0.5)
    picture = shown if factor == 1.0 else _resized(shown, factor)
    found = list(_decode(picture, _LINES, 1.0 / factor))
    small_factor = min(1.0, _SIDE_SMALL_PX / max(picture.shape))
    small = picture if small_factor == 1.0 else _resized(picture, small_factor)
    found += _decode(small, _SQUARES, 1.0 / (factor * small_factor))
    for x, y, wide, high in _likely(picture):
        left, top = x / factor, y / factor
        if any(_overlaps(code.box, left, top, wide / factor, high / factor) for code in found):
            continue
        crop = _resized(picture[y : y + high, x : x + wide], 2.0)
        found += _decode(crop, (*_LINES, *_SQUARES), 0.5 / factor, left, top)
    return tuple(replace(code, box=_mapped(code.box, to_read)) for code in _once(found))


def _once(codes: list[Barcode]) -> Iterator[Barcode]:
    """Each code of a place once, though it was looked for at two sizes."""
    seen: list[Barcode] = []
    for code in codes:
        box = code.box
        if not any(
            code.text == other.text and _overlaps(other.box, box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0)
            for other in seen
        ):
            seen.append(code)
            yield code


def _overlaps(box: Box, left: float, top: float, wide: float, high: float) -> bool:
    return box.x0 <= left + wide and left <= box.x1 and box.y0 <= top + high and top <= box.y1


def _mapped(box: Box, map_: Affine) -> Box:
    points = [map_.apply(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(x0=min(xs), y0=min(ys), x1=max(xs), y1=max(ys))


def _resized(picture: Picture, factor: float) -> Picture:
    how = cv2.INTER_AREA if factor < 1.0 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=how), dtype=np.uint8)


def _decode(
    picture: Picture,
    formats: tuple[zxingcpp.BarcodeFormat, ...],
    to_shown: float,
    left: float = 0.0,
    top: float = 0.0,
) -> Iterator[Barcode]:
    """The codes of a part of the page, with boxes in pixels of the page as shown."""
    whole = np.ascontiguousarray(picture)
    for code in zxingcpp.read_barcodes(whole, formats=zxingcpp.BarcodeFormats(formats), try_invert=False):
        if not code.text:
            continue
        place = code.position
        corners = (place.top_left, place.top_right, place.bottom_left, place.bottom_right)
        xs = [left + corner.x * to_shown for corner in corners]
        ys = [top + corner.y * to_shown for corner in corners]
        yield Barcode(
            text=code.text.encode("utf-8", "replace").decode("utf-8"),
            symbology=code.symbology.name,
            box=Box(x0=min(xs), y0=min(ys), x1=max(xs), y1=max(ys)),
        )


def _likely(picture: Picture) -> Iterator[tuple[int, int, int, int]]:
    """Places as x, y, width, height that are as busy as a code and of its size, the busiest first."""
    factor = min(1.0, _SIDE_LIKELY_PX / max(picture.shape))
    small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    across = cv2.absdiff(small[:-1, 1:], small[:-1, :-1])
    down = cv2.absdiff(small[1:, :-1], small[:-1, :-1])
    regions: list[tuple[float, tuple[int, int, int, int]]] = []
    for edges in (cv2.subtract(across, down), cv2.subtract(down, across), cv2.min(across, down)):
        busy = cv2.blur(edges, (13, 13))
        _, mask = cv2.threshold(busy, _BUSY, 255, cv2.THRESH_BINARY)
        mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
        _, _, stats, _ = cv2.connectedComponentsWithStats(mask)
        for x, y, wide, high, area in stats[1:].tolist():
            if min(wide, high) >= 14 and max(wide, high) >= 20 and area > 0.6 * wide * high:
                margin = 12
                left, top = max(0, x - margin), max(0, y - margin)
                size = (x + wide + margin - left, y + high + margin - top)
                scaled = tuple(round(edge / factor) for edge in (left, top, *size))
                if scaled[2] * scaled[3] <= _CROP_PIXELS_MOST:
                    regions.append((area, (scaled[0], scaled[1], scaled[2], scaled[3])))
    regions.sort(key=lambda region: -region[0])
    for _, place in regions[:_CROPS_MOST]:
        yield place
