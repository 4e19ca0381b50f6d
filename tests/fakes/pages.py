"""Pages of words for tests of evidence: texts at coordinates, as an engine would report them.

Coordinates are letters and lines, so that a layout reads like the page: `at(row, column, text)`. One letter is 20
pixels wide, one line 60 high, letters 40 high. Two blanks in a text are a wide gap, as on paper.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.model import Affine, Barcode, Box, Character, PageArtefact, PictureFacts, Turn, Word

LETTER_PX, LINE_PX, HEIGHT_PX = 20.0, 60.0, 34.0
WIDTH, HEIGHT = 2550, 3300


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words on one line that begin at one place."""

    row: float
    column: float
    text: str
    confidence: float = 0.965
    size: float = 1.0


def at(row: float, column: float, text: str, confidence: float = 0.965, size: float = 1.0) -> Text:
    """A line of words from line `row`, letter `column` on."""
    return Text(row=row, column=column, text=text, confidence=confidence, size=size)


def code(row: float, column: float, text: str, symbology: str = "Code128") -> Barcode:
    """A barcode twelve letters wide and one line high."""
    x, y = column * LETTER_PX + 100, row * LINE_PX + 100
    return Barcode(text=text, symbology=symbology, box=Box(x0=x, y0=y, x1=x + 240, y1=y + HEIGHT_PX))


def page_of(*texts: Text | Barcode, page: int = 1) -> PageArtefact:
    """A page with these texts and codes."""
    words: list[Word] = []
    for line, text in enumerate(text for text in texts if isinstance(text, Text)):
        words.extend(_words(text, line))
    return artefact(words, [item for item in texts if isinstance(item, Barcode)], page=page)


def lines_of(body: str, page: int = 1) -> PageArtefact:
    """A page from a drawing: each line of `body` is a line, columns are letters, "~" raises a bad reading.

    A word that ends in "~" was read with confidence 0.6.
    """
    texts = []
    for row, line in enumerate(body.strip("\n").split("\n")):
        for match in re.finditer(r"\S+(?: \S+)*", line):
            texts.append(at(row, match.start(), match.group()))
    return page_of(*texts, page=page)


def artefact(words: Sequence[Word], barcodes: Sequence[Barcode] = (), page: int = 1) -> PageArtefact:
    """An upright 300-dpi page that holds these words and codes."""
    return PageArtefact(
        version=1,
        page=page,
        picture=PictureFacts(width_px=WIDTH, height_px=HEIGHT, dpi_x=300, dpi_y=300, dpi_known=True, origin="image"),
        turn=Turn.NONE,
        skew_deg=0.0,
        read_width_px=WIDTH,
        read_height_px=HEIGHT,
        to_page=Affine(a=1 / WIDTH, b=0, c=0, d=0, e=1 / HEIGHT, f=0),
        engine="test",
        engine_version="1",
        languages=("eng",),
        words=tuple(words),
        barcodes=tuple(barcodes),
        blank=not words,
        ink=0.05,
    )


def _words(text: Text, line: int) -> list[Word]:
    words = []
    for match in re.finditer(r"\S+", text.text):
        token = match.group()
        bad = token.endswith("~")
        token = token.rstrip("~") if bad else token
        confidence = 0.6 if bad else text.confidence
        x = 100 + text.column * LETTER_PX + match.start() * LETTER_PX * text.size
        y = 100 + text.row * LINE_PX
        words.append(
            Word(
                text=token,
                confidence=confidence,
                box=Box(
                    x0=x,
                    y0=y,
                    x1=x + len(token) * LETTER_PX * text.size - 6,
                    y1=y + HEIGHT_PX * text.size,
                ),
                line=line,
                block=0,
                characters=tuple(Character(text=letter, confidence=1 - (1 - confidence) / 7) for letter in token),
            )
        )
    return words
