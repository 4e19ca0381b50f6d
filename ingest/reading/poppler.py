"""The second rasteriser: poppler, through pdf2image, in a process of its own.

PDFs that PDFium cannot draw, and pages whose first reading crashed or hung, come here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pdf2image
from pdf2image.exceptions import (
    PDFInfoNotInstalledError,
    PDFPageCountError,
    PDFPopplerTimeoutError,
    PDFSyntaxError,
)
from PIL import Image

from ingest.errors import MissingPart
from ingest.locked import with_qpdf
from ingest.model import PageFailure, PageTrouble
from ingest.reading.imagefile import to_grey
from ingest.reading.options import ReadingOptions
from ingest.reading.pdfpage import RENDER_DPI, PageSize, drawing_dpi, named_images, repaired, too_big_to_draw
from ingest.reading.raster import Raster

POPPLER_REMEDY = "install poppler: on Debian, apt-get install poppler-utils"


def read_with_poppler(path: Path, page: int, options: ReadingOptions) -> Raster | PageFailure:
    """The page drawn by poppler. Raises MissingPart without poppler; what else fails is a PageFailure."""
    size, biggest = _measure(path, page, options.passwords)
    dpi = drawing_dpi(size, RENDER_DPI, options)
    if dpi is None or biggest > options.max_pixels:
        return too_big_to_draw(page, size)
    try:
        image = _draw(path, page, dpi, options)
    except PDFInfoNotInstalledError:
        raise MissingPart(f"poppler is missing; {POPPLER_REMEDY}") from None
    except PDFPopplerTimeoutError:
        detail = "Both renderers failed on this page, the second by taking too long; scan it again."
        return PageFailure(page=page, trouble=PageTrouble.TIMEOUT, detail=detail, has_picture=False)
    if image is None:
        detail = "No renderer could draw this page; scan it again."
        return PageFailure(page=page, trouble=PageTrouble.NO_PICTURE, detail=detail, has_picture=False)
    return Raster(picture=to_grey(image), dpi_x=dpi, dpi_y=dpi, dpi_known=True, origin="pdf2image", bilevel=False)


def _draw(path: Path, page: int, dpi: float, options: ReadingOptions) -> Image.Image | None:
    how = {
        "dpi": max(1, round(dpi)),
        "first_page": page,
        "last_page": page,
        "grayscale": True,
        "use_cropbox": True,
        "timeout": max(1, round(options.ocr_timeout_s)),
    }
    try:
        images = pdf2image.convert_from_path(path, **how)  # type: ignore[arg-type]
    except (PDFPageCountError, PDFSyntaxError):
        # also what wants a password: on poppler's command line everybody could read it
        images = pdf2image.convert_from_bytes(repaired(path, options.passwords), **how)  # type: ignore[arg-type]
    return images[0] if images else None


def _measure(path: Path, page: int, passwords: Sequence[str]) -> tuple[PageSize, int]:
    """The page's size as shown, and the pixels of its biggest picture, without drawing anything."""
    with with_qpdf(path, passwords) as pdf:
        leaf = pdf.pages[page - 1]
        x0, y0, x1, y1 = (float(edge) for edge in leaf.cropbox)
        width, height = abs(x1 - x0), abs(y1 - y0)
        biggest = 0
        for picture in named_images(leaf):
            biggest = max(biggest, int(picture.get("/Width", 0)) * int(picture.get("/Height", 0)))
        if int(leaf.obj.get("/Rotate", 0)) % 180:
            width, height = height, width
    return PageSize(width_pt=width, height_pt=height), biggest
