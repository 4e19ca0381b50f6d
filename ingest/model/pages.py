"""A page as it was read: words, codes and signatures with their places, or why it could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle, left/top/right/bottom. The owner says in which unit."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def area(self) -> float:
        """Width by height; 0.0 where either is none."""
        return max(0.0, self.x1 - self.x0) * max(0.0, self.y1 - self.y0)

    def shared_area(self, other: Box) -> float:
        """The area that two rectangles have in common."""
        wide = min(self.x1, other.x1) - max(self.x0, other.x0)
        high = min(self.y1, other.y1) - max(self.y0, other.y0)
        return wide * high if wide > 0 and high > 0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Affine:
    """x' = a*x + b*y + c, y' = d*x + e*y + f."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def apply(self, x: float, y: float) -> tuple[float, float]:
        """The image of one point."""
        return self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f

    def bounding(self, box: Box) -> Box:
        """The upright rectangle round the image of `box`, clipped to the unit square."""
        corners = [self.apply(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
        xs = [min(1.0, max(0.0, x)) for x, _ in corners]
        ys = [min(1.0, max(0.0, y)) for _, y in corners]
        return Box(x0=min(xs), y0=min(ys), x1=max(xs), y1=max(ys))


class Turn(StrEnum):
    """Clockwise quarter turns that bring the page as scanned upright."""

    NONE = "0"
    RIGHT = "90"
    HALF = "180"
    LEFT = "270"


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """One character as read, its confidence (0..1) and what else it could be, likeliest first."""

    text: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word: text, confidence (0..1), box in pixels of the picture that was read.

    `line` and `block` number the lines and blocks of the page in reading order, from 0; words of
    one line have the same `line`. `characters` is empty when the engine gives none.
    """

    text: str
    confidence: float
    box: Box
    line: int
    block: int
    characters: tuple[Character, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Barcode:
    """One code as decoded; `symbology` is zxing's name ("Code128", "QRCode"); box as for words."""

    text: str
    symbology: str
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondReading:
    """What an independent engine read inside `box`, where the first reading was in doubt.

    Boxes are in pixels of the picture that was read, as those of the page's words. No words: it saw none.
    """

    box: Box
    engine: str
    engine_version: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFacts:
    """The page as scanned: pixels and dpi before any turning, and where its picture came from."""

    width_px: int
    height_px: int
    dpi_x: float
    dpi_y: float
    dpi_known: bool
    origin: str  # "embedded" (the page's one image), "pypdfium2", "pdf2image", "image"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureLine:
    """A line to be signed, in pixels of the picture that was read: the words that ask, and whether ink stands on it."""

    box: Box
    label: str
    inked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PageArtefact:
    """All that reading found on one page: kept by hash, versioned, read again by later work.

    The picture that was read is `read_width_px` x `read_height_px`: binarised, deskewed, upright.
    `to_page` maps its pixels to fractions of the page as scanned, turned upright by `turn`.
    `ink` is the share of black pixels; a `blank` page has no words. `read_to_px` is None where all of the
    picture was read; else words were looked for above that row of it only, and below in none of it.
    `dark` are areas of ink too large to be print, on which nothing can be read, `holes` are punch holes that were taken
    out of the picture; versions before 5 know neither.
    """

    version: int
    page: int
    picture: PictureFacts
    turn: Turn
    skew_deg: float
    read_width_px: int
    read_height_px: int
    to_page: Affine
    engine: str
    engine_version: str
    languages: tuple[str, ...]
    words: tuple[Word, ...]
    barcodes: tuple[Barcode, ...]
    blank: bool
    ink: float
    remarks: tuple[str, ...] = ()
    second: tuple[SecondReading, ...] = ()
    read_to_px: int | None = None
    signatures: tuple[SignatureLine, ...] = ()
    dark: tuple[Box, ...] = ()
    holes: tuple[Box, ...] = ()


class PageTrouble(StrEnum):
    """Why a page could not be read. Data, not an exception."""

    TIMEOUT = "timeout"
    CRASHED = "crashed"
    TOO_LARGE = "too_large"
    NO_PICTURE = "no_picture"
    OCR_FAILED = "ocr_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFailure:
    """A page without words: what went wrong, and whether a person could still look at its picture."""

    page: int
    trouble: PageTrouble
    detail: str
    has_picture: bool


PageOutcome: TypeAlias = PageArtefact | PageFailure
