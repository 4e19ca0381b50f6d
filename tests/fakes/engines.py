"""OCR engines of tests. A site names one as `reading.engine = "tests.fakes.engines:NAME"`.

`marked` reads as Tesseract does, and misbehaves on pages that tell it to. The last line of a page says what happens:
one of HANGS, CRASHES, DEVOURS (memory), then ONCE (the isolated engines read it) or TWICE (nothing reads it).

`quick` takes no time and sees the same on every page: a report of Chidi Okafor, so that every page that has a picture
is also filed.
"""

from __future__ import annotations

from ingest.model import Box, Word
from ingest.reading.ocr.port import Layout, OcrEngine
from ingest.reading.ocr.pytesseract_engine import PytesseractEngine
from ingest.reading.ocr.tesserocr_engine import TesserocrEngine
from ingest.reading.options import ReadingOptions
from ingest.reading.raster import Picture
from tests.fakes import tasks


def marked(options: ReadingOptions) -> OcrEngine:
    """The factory, as `reading.engine` names it."""
    return _Marked(options)


class _Marked:
    """See `OcrEngine`; behind it stands the engine that would have been chosen."""

    def __init__(self, options: ReadingOptions) -> None:
        self._isolated = options.isolated
        self._engine: OcrEngine = (PytesseractEngine if options.isolated else TesserocrEngine)(options.languages)
        self.name = self._engine.name
        self.version = self._engine.version
        self.languages = self._engine.languages

    def read(self, picture: Picture, *, dpi: int, layout: Layout, timeout_s: float) -> tuple[Word, ...]:
        """Reads, then does what the page says."""
        words = self._engine.read(picture, dpi=dpi, layout=layout, timeout_s=timeout_s)
        said = {word.text for word in words}
        if "TWICE" in said or ("ONCE" in said and not self._isolated):
            _misbehave(said)
        return words


def _misbehave(said: set[str]) -> None:
    if "HANGS" in said:
        tasks.hang()
    if "CRASHES" in said:
        tasks.crash()
    if "DEVOURS" in said:
        tasks.devour()


_REPORT = (
    "LAKESIDE GENERAL HOSPITAL",
    "LABORATORY REPORT",
    "Patient: OKAFOR, CHIDI",
    "Date of Birth: 07/25/1984",
    "MRN: 00455550",
    "Sodium 139 mmol/L 135 - 145",
)


def quick(options: ReadingOptions) -> OcrEngine:
    """The factory, as `reading.engine` names it."""
    return _Quick(options.languages)


class _Quick:
    """See `OcrEngine`."""

    name = "quick"
    version = "1"

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages

    def read(self, picture: Picture, *, dpi: int, layout: Layout, timeout_s: float) -> tuple[Word, ...]:
        """The report, laid over the upper part of the picture, however small that is."""
        height, width = picture.shape
        row, letter = height / 40, width / 60
        words = []
        for line, text in enumerate(_REPORT):
            x = 4 * letter
            for word in text.split():
                box = Box(x0=x, y0=(3 + 2 * line) * row, x1=x + len(word) * letter, y1=(4 + 2 * line) * row)
                words.append(Word(text=word, confidence=0.97, box=box, line=line, block=0))
                x += (len(word) + 1) * letter
        return tuple(words)
