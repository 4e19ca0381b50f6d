"""The second reader: an engine that has nothing in common with the first, asked about single places."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from ingest.errors import MissingPart
from ingest.model import Word
from ingest.reading.options import ReadingOptions
from ingest.reading.raster import Picture


class SecondReader(Protocol):
    """Reads the cut-out of a page; cheap to call again, not to be shared between threads.

    `read` takes an upright grey picture of one or a few lines and returns its words, top to bottom and left
    to right. Boxes are in the picture's pixels and lie inside it; a word's confidence is that of its worst
    character (0..1); `line` counts from 0 and never falls. A picture without text, or without pixels, gives
    no words. The same picture gives the same words. Raises OcrFailed for whatever the picture causes.
    Building a reader without its library or models raises MissingPart with the remedy.
    """

    @property
    def name(self) -> str:
        """Short and stable, as artefacts record it."""
        ...

    @property
    def version(self) -> str:
        """The engine's own version."""
        ...

    def read(self, picture: Picture) -> tuple[Word, ...]:
        """The picture's words."""
        ...


def second_reader_for(options: ReadingOptions) -> SecondReader | None:
    """The reader for these options, kept for the next page of this process; None where nothing is read twice.

    The isolated attempt after a crash reads nothing twice: what broke down may have been this engine.
    """
    if options.second_reader == "off" or options.isolated or options.languages != ("eng",):
        return None
    return _rapidocr()


@lru_cache(maxsize=1)
def _rapidocr() -> SecondReader | None:
    from ingest.reading.ocr.rapidocr_engine import RapidocrReader

    try:
        return RapidocrReader()
    except MissingPart:
        return None
