"""Tesseract inside this process, by tesserocr: its model is loaded once and reused page after page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PIL import Image

from ingest.errors import MissingPart
from ingest.model import Box, Character, Word
from ingest.reading.ocr.data import data_folder
from ingest.reading.ocr.port import Layout, OcrFailed, OcrTimedOut
from ingest.reading.raster import Picture

REMEDY = "pip install tesserocr, or set the engine to pytesseract and install the tesseract program"
_CHOICES_MOST = 4
_CHOICE_LEAST = 0.01


class TesserocrEngine:
    """See `OcrEngine`. Gives each character's confidence and what else it could be."""

    name = "tesserocr"

    def __init__(self, languages: tuple[str, ...], tessdata_dir: str | None = None) -> None:
        try:
            import tesserocr
        except ImportError:
            raise MissingPart(f"tesserocr does not import; {REMEDY}") from None
        self._library: Any = tesserocr
        tesserocr.set_leptonica_log_level(tesserocr.LeptLogLevel.NONE)
        self.languages = languages
        self.version = library_version(tesserocr)
        folder = data_folder(languages, tessdata_dir)
        try:
            self._api: Any = tesserocr.PyTessBaseAPI(path=str(folder), lang="+".join(languages), psm=tesserocr.PSM.AUTO)
        except RuntimeError:
            raise MissingPart("Tesseract's language data do not load; install them again") from None
        self._api.SetVariable("debug_file", "/dev/null")
        self._api.SetVariable("lstm_choice_mode", "2")
        self._api.SetVariable("invert_threshold", "0")  # dark bands are turned before; lines are not read twice

    def read(self, picture: Picture, *, dpi: int, layout: Layout, timeout_s: float) -> tuple[Word, ...]:
        """See `OcrEngine.read`."""
        modes = self._library.PSM
        match layout:
            case Layout.PAGE:
                mode = modes.AUTO
            case Layout.BLOCK:
                mode = modes.SINGLE_BLOCK
            case Layout.SCATTERED:
                mode = modes.SPARSE_TEXT
        try:
            self._api.SetPageSegMode(mode)
            self._api.SetImage(Image.fromarray(picture))
            self._api.SetSourceResolution(dpi)
            if not self._api.Recognize(round(timeout_s * 1000)):
                raise OcrTimedOut("Tesseract did not finish in time")
            return tuple(self._words(*picture.shape))
        except RuntimeError:
            raise OcrFailed("Tesseract failed on this page") from None
        finally:
            self._api.Clear()

    def _words(self, height: int, width: int) -> Iterator[Word]:
        level = self._library.RIL
        results = self._api.GetIterator()
        if results is None:
            return
        line = block = -1
        characters: list[Character] = []
        for symbol in self._library.iterate_level(results, level.SYMBOL):
            if symbol.Empty(level.SYMBOL):
                continue
            if symbol.IsAtBeginningOf(level.BLOCK):
                block += 1
            if symbol.IsAtBeginningOf(level.TEXTLINE):
                line += 1
            characters.append(self._character(symbol, level.SYMBOL))
            if symbol.IsAtFinalElement(level.WORD, level.SYMBOL):
                word = _word(symbol, level.WORD, tuple(characters), max(line, 0), max(block, 0))
                characters = []
                if word is not None and word.box.x1 <= width and word.box.y1 <= height:
                    yield word

    @staticmethod
    def _character(symbol: Any, level: int) -> Character:
        text = symbol.GetUTF8Text(level)
        choices = sorted(
            ((choice.GetUTF8Text(), choice.Confidence() / 100.0) for choice in symbol.GetChoiceIterator()),
            key=lambda choice: -choice[1],
        )
        return Character(
            text=text,
            confidence=_share(symbol.Confidence(level)),
            alternatives=tuple(
                (other, round(_share(weight * 100.0), 3))
                for other, weight in choices[: _CHOICES_MOST + 1]
                if other and other != text and weight >= _CHOICE_LEAST
            )[:_CHOICES_MOST],
        )


def library_version(tesserocr: Any) -> str:
    """Tesseract's own version, as the library tells it."""
    return str(tesserocr.tesseract_version()).split("\n")[0].removeprefix("tesseract ").strip()


def _word(symbol: Any, level: int, characters: tuple[Character, ...], line: int, block: int) -> Word | None:
    text, corners = symbol.GetUTF8Text(level).strip(), symbol.BoundingBox(level)
    if not text or corners is None:
        return None
    x0, y0, x1, y1 = (float(corner) for corner in corners)
    if x1 <= x0 or y1 <= y0:
        return None
    return Word(
        text=text,
        confidence=_share(symbol.Confidence(level)),
        box=Box(x0=x0, y0=y0, x1=x1, y1=y1),
        line=line,
        block=block,
        characters=characters,
    )


def _share(percent: float) -> float:
    return round(min(1.0, max(0.0, percent / 100.0)), 4)
