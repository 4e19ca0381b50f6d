"""A page's picture for people to look at."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps

from ingest.model import PageFailure, ScanKind, Turn
from ingest.reading.options import ReadingOptions
from ingest.reading.pages import take_picture
from ingest.reading.pdfpage import opened

_JPEG_QUALITY = 82  # small print stays clean
_PNG_LEVEL = 3
_STRIPS, _STRIP_PX = 5, 32
_ROTATIONS = {
    Turn.RIGHT: Image.Transpose.ROTATE_270,  # Pillow turns the other way round
    Turn.HALF: Image.Transpose.ROTATE_180,
    Turn.LEFT: Image.Transpose.ROTATE_90,
}


def page_picture(path: Path, kind: ScanKind, page: int, turn: Turn, max_px: int, options: ReadingOptions) -> bytes:
    """The page as a PNG, or a JPEG where that is smaller, in its colours, turned upright, at most `max_px` long.

    Raises ValueError with a plain reason when the page has no picture.
    """
    image = _colours(path, kind, page, max_px, options)
    if image is None:
        taken = take_picture(path, kind, page, options)
        if isinstance(taken, PageFailure):
            raise ValueError(taken.detail)
        image = Image.fromarray(taken.picture)
    image.thumbnail((max_px, max_px))
    if turn is not Turn.NONE:
        image = image.transpose(_ROTATIONS[turn])
    return _encoded(image, _smaller_as(image))


def _smaller_as(image: Image.Image) -> str:
    """The format that takes less room, told from strips: writing both costs more than drawing the page."""
    wide, high = image.size
    strips = Image.new(image.mode, (wide, min(high, _STRIPS * _STRIP_PX)))
    for number in range(_STRIPS):
        top = round(number * max(0, high - _STRIP_PX) / max(1, _STRIPS - 1))
        strips.paste(image.crop((0, top, wide, min(high, top + _STRIP_PX))), (0, number * _STRIP_PX))
    return min(("PNG", "JPEG"), key=lambda kind: len(_encoded(strips, kind)))


def _encoded(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    more = {"compress_level": _PNG_LEVEL} if kind == "PNG" else {"quality": _JPEG_QUALITY}
    image.save(out, format=kind, **more)
    return out.getvalue()


def _colours(path: Path, kind: ScanKind, page: int, max_px: int, options: ReadingOptions) -> Image.Image | None:
    """The page in colour, or None when only the way over greys can tell."""
    try:
        if kind is ScanKind.PDF:
            with opened(path, options.passwords) as pdf:
                shown = pdf[page - 1]
                scale = min(300.0 / 72.0, max_px / max(1.0, *shown.get_size()))
                drawn: Image.Image = shown.render(scale=scale).to_pil()
                return drawn.convert("RGB")
        return _plain_image(path, page, options)
    except (pypdfium2.PdfiumError, OSError, ValueError, Image.DecompressionBombError):
        return None


def _plain_image(path: Path, page: int, options: ReadingOptions) -> Image.Image | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with path.open("rb") as file, Image.open(file) as image:  # as in imagefile
            image.seek(page - 1)
            if image.mode not in ("1", "L", "RGB") or image.width * image.height > options.max_pixels:
                return None
            upright = ImageOps.exif_transpose(image)
            return upright.convert("L") if upright.mode == "1" else upright
