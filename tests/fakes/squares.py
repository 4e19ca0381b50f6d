"""An OCR engine that knows what the pages say: it counts the squares at a page's foot. Quick, and always the same.

A site names it as `reading.engine = "tests.fakes.squares:squares"`; `sheet` draws the pages that it reads.
"""

from __future__ import annotations

import re

import cv2
import numpy as np
from PIL import Image, ImageDraw

from ingest.model import Box, Character, Word
from ingest.reading.ocr.port import Layout, OcrEngine
from ingest.reading.options import ReadingOptions
from ingest.reading.raster import Picture
from tests.fakes.paper import DPI, page

_SIDE = 0.25  # inches
_FIRST_LINE, _LINE, _LETTER, _HIGH, _LEFT = 0.8, 0.32, 0.1, 0.15, 0.8


def sheet(person: int) -> Image.Image:
    """A page about one of `PEOPLE`."""
    picture = page(lines_of(*PEOPLE[person]))
    pen = ImageDraw.Draw(picture)
    for number in range(person + 1):
        x, y = DPI * (0.8 + 0.6 * number), DPI * 10
        pen.rectangle((x, y, x + DPI * _SIDE, y + DPI * _SIDE), fill=0)
    return picture


def lines_of(name: str, born: str, mrn: str) -> list[str]:
    """What stands on the page."""
    return [
        "LAKESIDE GENERAL HOSPITAL",
        "LABORATORY REPORT",
        "",
        f"Patient: {name}",
        f"Date of Birth: {born}",
        f"MRN: {mrn}",
        "",
        "Ordering Provider: Alan Whitfield, MD",
        "Collected: 10/02/2026",
    ]


PEOPLE = (
    ("HOLLOWAY, MARGARET ANN", "03/14/1951", "00412345"),
    ("BRANNIGAN, TERRENCE", "11/02/1968", "00498761"),
    ("OKAFOR, CHIDI JAMES", "07/25/1984", "00455550"),
    ("NOBODY, KNOWN", "01/01/1931", "00999999"),
)


def squares(options: ReadingOptions) -> OcrEngine:
    """The factory, as `reading.engine` names it."""
    return _Squares(options.languages)


class _Squares:
    """See `OcrEngine`."""

    name = "squares"
    version = "1"

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages

    def read(self, picture: Picture, *, dpi: int, layout: Layout, timeout_s: float) -> tuple[Word, ...]:
        """The words of the page with so many squares; none of a picture without."""
        count = _squares(picture, dpi)
        if not 1 <= count <= len(PEOPLE):
            return ()
        return tuple(
            _word(match.group(), row, match.start(), dpi)
            for row, line in enumerate(lines_of(*PEOPLE[count - 1]))
            for match in re.finditer(r"\S+", line)
        )


def _squares(picture: Picture, dpi: int) -> int:
    _, _, stats, _ = cv2.connectedComponentsWithStats((picture < 128).astype(np.uint8))
    side = _SIDE * dpi
    alike = (
        (abs(stats[:, cv2.CC_STAT_WIDTH] - side) < 0.2 * side)
        & (abs(stats[:, cv2.CC_STAT_HEIGHT] - side) < 0.2 * side)
        & (stats[:, cv2.CC_STAT_AREA] > 0.8 * side * side)
    )
    return int(alike.sum())


def _word(text: str, row: int, column: int, dpi: int) -> Word:
    x, y = dpi * (_LEFT + _LETTER * column), dpi * (_FIRST_LINE + _LINE * row)
    return Word(
        text=text,
        confidence=0.97,
        box=Box(x0=x, y0=y, x1=x + dpi * _LETTER * len(text), y1=y + dpi * _HIGH),
        line=row,
        block=0,
        characters=tuple(Character(text=letter, confidence=0.995) for letter in text),
    )
