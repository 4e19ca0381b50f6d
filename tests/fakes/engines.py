"""An OCR engine that reads as Tesseract does, and misbehaves on pages that tell it to.

A site names it as `reading.engine = "tests.fakes.engines:marked"`. The last line of a page says what happens: one of
HANGS, CRASHES, DEVOURS (memory), then ONCE (the isolated engines read it) or TWICE (nothing reads it).
"""

from __future__ import annotations

from ingest.model import Word
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
