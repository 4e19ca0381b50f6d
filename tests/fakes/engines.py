"""OCR engines of tests. A site names one as `reading.engine = "tests.fakes.engines:NAME"`.

`marked` reads as Tesseract does, and misbehaves on pages that tell it to. The last line of a page says what happens:
one of HANGS, CRASHES, DEVOURS (memory), then ONCE (the isolated engines read it) or TWICE (nothing reads it).

`greedy` reads as `scripted` does, and on pages that show so many rows takes more than it may of one thing.

`quick` takes no time and sees the same on every page: a report of Chidi Okafor, so that every page that has a picture
is also filed.
"""

from __future__ import annotations

from enum import Enum

from ingest.model import Box, Word
from ingest.reading.ocr.port import Layout, OcrEngine
from ingest.reading.ocr.pytesseract_engine import PytesseractEngine
from ingest.reading.ocr.tesserocr_engine import TesserocrEngine
from ingest.reading.options import ReadingOptions
from ingest.reading.raster import Picture
from tests.fakes import scripted, tasks


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


class Greed(Enum):
    """What a page makes `greedy` take, to no end."""

    MEMORY = 10
    PROCESSOR = 11
    LARGE_FILE = 12
    MANY_FILES = 13
    OPEN_FILES = 14
    ANSWER = 15
    TIME = 16

    @property
    def rows(self) -> int:
        """The number under which `scripted` draws such a page."""
        return self.value


def greedy(options: ReadingOptions) -> OcrEngine:
    """The factory, as `reading.engine` names it."""
    return _Greedy(scripted.engine(options))


class _Greedy:
    """See `OcrEngine`."""

    def __init__(self, engine: OcrEngine) -> None:
        self._engine = engine
        self.name = engine.name
        self.version = engine.version
        self.languages = engine.languages

    def read(self, picture: Picture, *, dpi: int, layout: Layout, timeout_s: float) -> tuple[Word, ...]:
        """What stands there, unless the page asks for more."""
        words = self._engine.read(picture, dpi=dpi, layout=layout, timeout_s=timeout_s)
        greed = next((greed for greed in Greed if greed.rows == scripted.rows(picture)), None)
        return words if greed is None else words + _taken(greed)


def _taken(greed: Greed) -> tuple[Word, ...]:
    match greed:
        case Greed.MEMORY:
            tasks.devour()
        case Greed.PROCESSOR:
            tasks.spin(3600.0)
        case Greed.LARGE_FILE:
            tasks.write_to_no_end()
        case Greed.MANY_FILES:
            tasks.write_files_to_no_end()
        case Greed.OPEN_FILES:
            tasks.open_to_no_end()
        case Greed.TIME:
            tasks.hang()
        case Greed.ANSWER:
            box = Box(x0=10.0, y0=10.0, x1=200.0, y1=34.0)
            return (Word(text="w" * (4 << 20), confidence=0.97, box=box, line=0, block=0),)
    raise AssertionError(greed)


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
