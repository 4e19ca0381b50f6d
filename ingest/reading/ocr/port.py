"""The port every OCR engine implements."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from ingest.model import Word
from ingest.reading.raster import Picture


class Layout(StrEnum):
    """What the picture shows."""

    PAGE = "page"  # columns, tables, anything a page may hold
    BLOCK = "block"  # one block of lines
    SCATTERED = "scattered"  # words anywhere, in no order


class OcrFailed(Exception):
    """The engine gave up on this picture: a document's failure. The message holds no text of the page."""


class OcrTimedOut(OcrFailed):
    """The engine did not finish within its time."""


class OcrEngine(Protocol):
    """Reads one picture at a time; cheap to call again, not to be shared between threads.

    `read` takes a picture of 0 (ink) and 255 (paper), with greys at most along the edges of letters, upright,
    its true `dpi` and what it shows, and returns the words in the engine's reading order. Boxes are in the
    picture's pixels and lie inside it; confidences are 0..1; words are never empty or blank; `line` and
    `block` count from 0 and never fall. A picture without text gives no words. Reading the same picture
    twice gives the same words.
    Errors: OcrTimedOut after `timeout_s`, OcrFailed for whatever else the picture causes.
    Building an engine without its program, library or language data raises MissingPart with the remedy.
    """

    @property
    def name(self) -> str:
        """Short and stable, as artefacts record it."""
        ...

    @property
    def version(self) -> str:
        """The engine's own version."""
        ...

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it was built for."""
        ...

    def read(self, picture: Picture, *, dpi: int, layout: Layout, timeout_s: float) -> tuple[Word, ...]:
        """The picture's words."""
        ...


class ReadPicture(Protocol):
    """An engine's `read` with the page's dpi and remaining time filled in; errors as there."""

    def __call__(self, picture: Picture, layout: Layout = ..., dpi: int = ...) -> tuple[Word, ...]:
        """The picture's words."""
        ...
