"""An OCR engine that knows by heart what its pages say, and the pages: reading costs next to nothing.

A page shows a number of rows of the letter H, and the engine gives the lines that stand under that number in `SCRIPT`.
A site names it as `reading.engine = "tests.fakes.scripted:engine"`.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ingest.model import Box, Word
from ingest.reading.ocr.port import Layout, OcrEngine
from ingest.reading.options import ReadingOptions
from ingest.reading.raster import Picture

DPI = 150
SIDE_PX = 24
_IN_A_ROW = 10
_LINE_PX = 40
_LETTER_LEAST_PX = 8

PATIENTS_CSV = """mrn,last_name,first_name,middle_name,birth_date,sex
00412345,HOLLOWAY,MARGARET,ANN,1951-03-14,F
00498761,BRANNIGAN,TERRENCE,,1968-11-02,M
00455550,OKAFOR,CHIDI,JAMES,1984-07-25,M
00431117,VASQUEZ,ELENA,MARIA,1992-01-19,F
00467302,LINDQVIST,PETER,,1947-09-30,M
"""
NOBODY = 6  # from here on pages that are nobody's
REST = 7  # what stands below: it names nobody
REST_OF_ANOTHER = 8

_PEOPLE = tuple(row.split(",") for row in PATIENTS_CSV.splitlines()[1:])
SCRIPT: dict[int, tuple[str, ...]] = {
    **{
        number: (
            f"Patient: {last}, {first}",
            f"Date of Birth: {born[5:7]}/{born[8:]}/{born[:4]}",
            f"MRN: {mrn}",
            "Collected: 10/02/2026",
        )
        for number, (mrn, last, first, _, born, _) in enumerate(_PEOPLE, 1)
    },
    NOBODY: ("A page about nobody in particular", "with two lines of text"),
    REST: ("Sodium 139 mmol/L", "Potassium 4.1 mmol/L"),
    REST_OF_ANOTHER: ("Patient: BRANNIGAN, TERRENCE", "Date of Birth: 11/02/1968", "MRN: 00498761"),
}


def page(number: int, *, rest: int = 0, salt: int = 0) -> Image.Image:
    """A page that says what stands under `number`; with `rest`, its lower half says that. `salt` makes other bytes."""
    picture = Image.new("L", (round(5.5 * DPI), round(8.5 * DPI)), 255)
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(size=SIDE_PX)
    for top, count in ((60, number), (6 * DPI, rest)):
        for row in range(count):
            pen.text((100, top + row * 2 * SIDE_PX), "H " * _IN_A_ROW, fill=0, font=font)
    picture.putpixel((salt % picture.width, picture.height - 1 - salt // picture.width), 254)
    return picture


def lines(number: int) -> tuple[str, ...]:
    """What such a page says, for those who want it printed and really read."""
    return SCRIPT[number]


def save(pages: tuple[Image.Image, ...], path: Path) -> None:
    """One file of these pages; the suffix says which kind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    first, *rest = pages
    if path.suffix in (".pdf", ".tif"):
        first.save(path, save_all=True, append_images=rest, dpi=(DPI, DPI))
    else:
        first.save(path, dpi=(DPI, DPI))


def engine(_options: ReadingOptions) -> OcrEngine:
    """The factory, as `reading.engine` names it."""
    return _Scripted()


class _Scripted:
    """See `OcrEngine`."""

    name = "scripted"
    version = "1"
    languages = ("eng",)

    def read(self, picture: Picture, *, dpi: int, layout: Layout, timeout_s: float) -> tuple[Word, ...]:
        """The lines under the number of rows; nothing when it is asked for parts of a page."""
        if layout is not Layout.PAGE:
            return ()
        words = []
        _, width = picture.shape
        for line, text in enumerate(SCRIPT.get(rows(picture), ())):
            x = 60.0
            for piece in text.split():
                y, wide = 10.0 + line * _LINE_PX, 12.0 * len(piece)
                if x + wide < width:
                    box = Box(x0=x, y0=y, x1=x + wide, y1=y + 24)
                    words.append(Word(text=piece, confidence=0.97, box=box, line=line, block=0))
                x += wide + 12
        return tuple(words)


def rows(picture: Picture) -> int:
    """How many rows of letters a page shows."""
    ink = np.asarray(picture < 128, dtype=np.uint8)
    count, _, extents, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    return sum(int(extents[at, cv2.CC_STAT_HEIGHT]) >= _LETTER_LEAST_PX for at in range(1, count)) // _IN_A_ROW
