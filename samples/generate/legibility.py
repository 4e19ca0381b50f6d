"""How much of a printed value survived: the scan is laid over the page as drawn, and the two compared.

1 is untouched, 0 unrelated. It says what a patient person could still make out, whatever an OCR engine
thinks.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .sheet import Sheet

LEGIBLE = 0.88


def legibilities(sheet: Sheet, scanned: Image.Image, to_fraction: NDArray[np.float64]) -> list[float]:
    """One figure for each of the sheet's marks: the correlation of ink within its rectangle."""
    width, height = sheet.image.size
    picture = np.asarray(scanned.convert("L"))
    to_scan = np.diag([picture.shape[1], picture.shape[0]]) @ to_fraction
    back = cv2.warpAffine(
        picture, to_scan, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderValue=255
    )
    drawn = cv2.GaussianBlur(np.asarray(sheet.image.convert("L")), (0, 0), 2.2)
    back = cv2.GaussianBlur(back, (0, 0), 2.2)
    return [_correlation(drawn, back, mark.box) for mark in sheet.marks]


def _correlation(drawn: NDArray[np.uint8], back: NDArray[np.uint8], box: tuple[float, float, float, float]) -> float:
    x0, y0, x1, y1 = (round(v) for v in box)
    window = (slice(max(0, y0 - 6), y1 + 6), slice(max(0, x0 - 6), x1 + 6))
    one, other = drawn[window].astype(np.float64), back[window].astype(np.float64)
    if one.size == 0 or one.std() < 1 or other.std() < 1:
        return 0.0
    return round(float(np.corrcoef(one.ravel(), other.ravel())[0, 1]), 3)
