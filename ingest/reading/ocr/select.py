"""Which engine reads: the one that is asked for, or the best that works here."""

from __future__ import annotations

import importlib
from functools import lru_cache

from ingest.errors import MissingPart
from ingest.reading.ocr.port import OcrEngine
from ingest.reading.ocr.pytesseract_engine import PytesseractEngine
from ingest.reading.ocr.tesserocr_engine import TesserocrEngine
from ingest.reading.options import ReadingOptions


def engine_for(options: ReadingOptions) -> OcrEngine:
    """The engine for these options, kept for the next page of this process.

    "auto" is tesserocr where it works and pytesseract otherwise; an isolated reading is always
    pytesseract's unless the site names a factory of its own. Raises MissingPart with the remedy.
    """
    name = "pytesseract" if options.isolated and ":" not in options.engine else options.engine
    return _build(name, options.languages, options.tessdata_dir, options if ":" in name else None)


@lru_cache(maxsize=4)
def _build(
    name: str, languages: tuple[str, ...], tessdata_dir: str | None, options: ReadingOptions | None
) -> OcrEngine:
    match name:
        case "tesserocr":
            return TesserocrEngine(languages, tessdata_dir)
        case "pytesseract":
            return PytesseractEngine(languages, tessdata_dir)
        case "auto":
            try:
                return TesserocrEngine(languages, tessdata_dir)
            except MissingPart:
                return PytesseractEngine(languages, tessdata_dir)
        case _:
            return _from_factory(name, options)


def _from_factory(name: str, options: ReadingOptions | None) -> OcrEngine:
    module, colon, function = name.partition(":")
    try:
        if not colon:
            raise ImportError(name)
        engine: OcrEngine = getattr(importlib.import_module(module), function)(options)
    except (ImportError, AttributeError):
        raise MissingPart(
            f'the OCR engine "{name}" is not there; set engine to auto, tesserocr, pytesseract or module:factory'
        ) from None
    return engine
