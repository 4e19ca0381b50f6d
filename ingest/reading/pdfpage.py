"""A PDF page's picture: taken straight out when the page is just one image, otherwise drawn by PDFium.

Taking it out gives the scanner's own pixels, at a fifth of the cost. It is done only when nothing else is
on the page (an invisible text layer may be) and the image fills it without being clipped, masked or skewed.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pypdfium2
from pypdfium2 import raw

from ingest.locked import with_pdfium, with_qpdf
from ingest.model import PageFailure, PageTrouble
from ingest.reading.imagefile import to_grey
from ingest.reading.options import ReadingOptions
from ingest.reading.raster import Picture, Raster

RENDER_DPI = 300.0
_RENDER_DPI_MOST = 400.0
_RENDER_PIXELS_MOST = 40_000_000  # a poster is drawn at fewer dpi, not refused
_RENDER_DPI_LEAST = 50.0
_EDGE_SHARE = 0.02  # an image may miss the page's edge by this share of it
_INVISIBLE = 3  # text render mode of OCR layers


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSize:
    """A page as shown, in points (1/72 inch): crop box, turned by /Rotate, times its user unit."""

    width_pt: float
    height_pt: float


def read_pdf(path: Path, page: int, options: ReadingOptions) -> Raster | PageFailure:
    """The page's picture. Raises what PDFium raises (`PdfiumError`) when it cannot draw the page."""
    with opened(path, options.passwords) as pdf:
        shown = pdf[page - 1]
        size = _size_of(shown)
        images = tuple(images_on(shown))
        biggest = max((math.prod(image.get_px_size()) for image in images), default=0)
        if biggest > options.max_pixels:
            return PageFailure(
                page=page,
                trouble=PageTrouble.TOO_LARGE,
                detail=f"The page's picture has {biggest:,} pixels, the limit is {options.max_pixels:,}; "
                "scan it at 300 dpi.",
                has_picture=False,
            )
        whole = _only_image(shown, images)
        taken = _take_out(shown, whole, size) if whole is not None and _is_bare(path, page, options.passwords) else None
        if taken is not None:
            return taken
        dpi = drawing_dpi(size, _wanted_dpi(images, size), options)
        return _draw(shown, dpi) if dpi is not None else too_big_to_draw(page, size)


@contextmanager
def opened(path: Path, passwords: Sequence[str] = ()) -> Iterator[pypdfium2.PdfDocument]:
    """The PDF as PDFium sees it; what PDFium refuses is repaired by qpdf in memory first."""
    try:
        pdf = with_pdfium(path, passwords)
    except pypdfium2.PdfiumError:
        pdf = pypdfium2.PdfDocument(repaired(path, passwords))
    try:
        pdf.init_forms()  # filled-in fields are drawn
        yield pdf
    finally:
        pdf.close()


def repaired(path: Path, passwords: Sequence[str] = ()) -> bytes:
    """The PDF rewritten by qpdf: sound cross references, no encryption, no junk in front."""
    with with_qpdf(path, passwords) as pdf:
        buffer = io.BytesIO()
        pdf.save(buffer, encryption=False)
        return buffer.getvalue()


def drawing_dpi(size: PageSize, wanted_dpi: float, options: ReadingOptions) -> float | None:
    """The dpi that keeps a drawn page within its pixels, or None when not even 50 does."""
    square_inches = max(size.width_pt, 1.0) * max(size.height_pt, 1.0) / 72.0**2
    most = math.sqrt(min(_RENDER_PIXELS_MOST, options.max_pixels) / square_inches)
    longest = 30_000.0 / (max(size.width_pt, size.height_pt, 1.0) / 72.0)
    dpi = min(wanted_dpi, most, longest)
    return dpi if dpi >= _RENDER_DPI_LEAST else None


def too_big_to_draw(page: int, size: PageSize) -> PageFailure:
    """The outcome of a page whose paper is absurdly large."""
    width_in, height_in = size.width_pt / 72.0, size.height_pt / 72.0
    return PageFailure(
        page=page,
        trouble=PageTrouble.TOO_LARGE,
        detail=f"The page measures {width_in:,.0f} x {height_in:,.0f} inches; scan it in its true size.",
        has_picture=False,
    )


def _size_of(page: pypdfium2.PdfPage) -> PageSize:
    width, height = page.get_size()
    return PageSize(width_pt=width, height_pt=height)


def images_on(page: pypdfium2.PdfPage) -> Iterator[pypdfium2.PdfImage]:
    """The images that the page draws, also by way of forms."""
    for item in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=4):
        if isinstance(item, pypdfium2.PdfImage):
            yield item


def _only_image(page: pypdfium2.PdfPage, images: tuple[pypdfium2.PdfImage, ...]) -> pypdfium2.PdfImage | None:
    """The one image that is all one sees of the page, or None."""
    if len(images) != 1 or raw.FPDFPage_GetAnnotCount(page) or raw.FPDFPage_HasTransparency(page):
        return None
    for item in page.get_objects(max_depth=1):
        match item.type:
            case raw.FPDF_PAGEOBJ_IMAGE:
                continue
            case raw.FPDF_PAGEOBJ_TEXT if raw.FPDFTextObj_GetTextRenderMode(item) == _INVISIBLE:
                continue
            case _:
                return None  # also a form: its own matrix and clips are PDFium's business
    image = images[0]
    clip = raw.FPDFPageObj_GetClipPath(image)
    if clip and raw.FPDFClipPath_CountPaths(clip) > 0:
        return None
    left, bottom, right, top = page.get_bbox()
    x0, y0, x1, y1 = image.get_bounds()
    slack_x, slack_y = _EDGE_SHARE * (right - left), _EDGE_SHARE * (top - bottom)
    fills = (
        abs(x0 - left) <= slack_x
        and abs(x1 - right) <= slack_x
        and abs(y0 - bottom) <= slack_y
        and abs(y1 - top) <= slack_y
    )
    return image if fills else None


def _take_out(page: pypdfium2.PdfPage, image: pypdfium2.PdfImage, size: PageSize) -> Raster | None:
    """The image's own pixels as shown, or None when PDFium must draw them (a slanted image)."""
    matrix = image.get_matrix()
    upright = abs(matrix.b) + abs(matrix.c) < 1e-3 * (abs(matrix.a) + abs(matrix.d))
    sideways = abs(matrix.a) + abs(matrix.d) < 1e-3 * (abs(matrix.b) + abs(matrix.c))
    if not (upright or sideways):
        return None
    try:
        bitmap = image.get_bitmap(render=False)
    except pypdfium2.PdfiumError:
        return None
    if (bitmap.width, bitmap.height) != image.get_px_size():
        return None
    bits = image.get_metadata().bits_per_pixel
    picture = _greys_of(bitmap)
    del bitmap  # it holds the page once more, in colours
    if sideways:  # transposing turns the unit square's axes into each other
        picture = picture[::-1, ::-1].T
        flip_x, flip_y = matrix.c < 0, matrix.b < 0
    else:
        flip_x, flip_y = matrix.a < 0, matrix.d < 0
    picture = picture[:: -1 if flip_y else 1, :: -1 if flip_x else 1]
    picture = np.ascontiguousarray(np.rot90(picture, -page.get_rotation() // 90))
    height, width = picture.shape
    dpi_x, dpi_y = width * 72.0 / max(size.width_pt, 1.0), height * 72.0 / max(size.height_pt, 1.0)
    return Raster(
        picture=picture,
        dpi_x=dpi_x,
        dpi_y=dpi_y,
        dpi_known=min(dpi_x, dpi_y) >= 50.0 and max(dpi_x, dpi_y) <= 2400.0,
        origin="embedded",
        bilevel=bits == 1,
    )


def _greys_of(bitmap: pypdfium2.PdfBitmap) -> Picture:
    """Plain colours go straight to greys: Pillow would hold them a second time, at four bytes a pixel."""
    match bitmap.mode:
        case "BGR":
            return np.asarray(cv2.cvtColor(bitmap.to_numpy(), cv2.COLOR_BGR2GRAY), dtype=np.uint8)
        case "BGRX":
            return np.asarray(cv2.cvtColor(bitmap.to_numpy(), cv2.COLOR_BGRA2GRAY), dtype=np.uint8)
        case _:
            return to_grey(bitmap.to_pil())


def _is_bare(path: Path, page: int, passwords: Sequence[str]) -> bool:
    """Whether the page's images are named and none is a stencil or has a mask: their pixels are what one sees.

    PDFium does not tell, qpdf does.
    """
    with with_qpdf(path, passwords) as pdf:
        images = named_images(pdf.pages[page - 1])
        return bool(images) and not any(key in image for image in images for key in ("/SMask", "/Mask", "/ImageMask"))


def named_images(page: pikepdf.Page) -> tuple[pikepdf.Object, ...]:
    """The images and forms that the page's resources name, stencils included."""
    named = page.resources.get("/XObject")
    return tuple(item for _, item in named.items()) if isinstance(named, pikepdf.Dictionary) else ()


def _draw(page: pypdfium2.PdfPage, dpi: float) -> Raster:
    bitmap = page.render(scale=dpi / 72.0, grayscale=True, fill_color=(255, 255, 255, 255))
    picture: Picture = np.array(bitmap.to_numpy(), dtype=np.uint8).reshape(bitmap.height, bitmap.width)
    bitmap.close()
    return Raster(picture=picture, dpi_x=dpi, dpi_y=dpi, dpi_known=True, origin="pypdfium2", bilevel=False)


def _wanted_dpi(images: tuple[pypdfium2.PdfImage, ...], size: PageSize) -> float:
    """300, or that of a finer picture that covers much of the page (up to 400)."""
    finest = RENDER_DPI
    for image in images:
        x0, y0, x1, y1 = image.get_bounds()
        width_pt, height_pt = abs(x1 - x0), abs(y1 - y0)
        if width_pt * height_pt > 0.3 * size.width_pt * size.height_pt:
            pixels = math.prod(image.get_px_size())
            finest = max(finest, 72.0 * math.sqrt(pixels / (width_pt * height_pt)))
    return min(finest, _RENDER_DPI_MOST)
