"""One page's picture, from whatever kind of file, with the second rasteriser where the first fails."""

from __future__ import annotations

from pathlib import Path

import pypdfium2

from ingest.errors import MissingPart
from ingest.model import PageFailure, PageTrouble, ScanKind
from ingest.reading.imagefile import read_image
from ingest.reading.options import ReadingOptions
from ingest.reading.pdfpage import read_pdf
from ingest.reading.poppler import read_with_poppler
from ingest.reading.raster import Raster


def take_picture(
    path: Path, kind: ScanKind, page: int, options: ReadingOptions, *, optional: bool = False
) -> Raster | PageFailure:
    """The page as shown, in greys, or why there is none. Never raises for what the document holds.

    Isolated reading needs poppler: MissingPart without it, unless the picture is `optional`.
    """
    try:
        if kind is not ScanKind.PDF:
            taken = read_image(path, kind, page, options)
        elif options.isolated:
            taken = read_with_poppler(path, page, options)
        else:
            taken = _pdf_by_either(path, page, options)
    except MissingPart:
        if not optional:
            raise
        return _no_picture(page, PageTrouble.NO_PICTURE, "The second renderer is not installed.")
    except MemoryError:
        return _no_picture(page, PageTrouble.TOO_LARGE, "The page needs too much memory; scan it at 300 dpi.")
    except Exception:  # parsers of hostile bytes raise anything
        return _no_picture(page, PageTrouble.NO_PICTURE, "The page is damaged; scan it again.")
    if isinstance(taken, Raster) and min(taken.picture.shape) < 2:
        return _no_picture(page, PageTrouble.NO_PICTURE, "The page has no area; scan it again.")
    return taken


def _pdf_by_either(path: Path, page: int, options: ReadingOptions) -> Raster | PageFailure:
    try:
        return read_pdf(path, page, options)
    except (pypdfium2.PdfiumError, ValueError, MemoryError):
        try:
            return read_with_poppler(path, page, options)
        except MissingPart:  # the second rasteriser is a convenience here, not a condition
            return _no_picture(page, PageTrouble.NO_PICTURE, "The page cannot be drawn; scan it again.")


def _no_picture(page: int, trouble: PageTrouble, detail: str) -> PageFailure:
    return PageFailure(page=page, trouble=trouble, detail=detail, has_picture=False)
