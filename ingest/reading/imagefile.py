"""Pictures from TIFF, JPEG and PNG, whatever their colours, depth, orientation and resolution."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from ingest.model import PageFailure, PageTrouble, ScanKind
from ingest.reading.options import ReadingOptions
from ingest.reading.raster import Picture, Raster, guess_dpi, plausible_dpi

_SIDEWAYS_ORIENTATIONS = (5, 6, 7, 8)


def read_image(path: Path, kind: ScanKind, page: int, options: ReadingOptions) -> Raster | PageFailure:
    """The picture of one frame (`page` from 1). Raises what Pillow raises for damaged bytes."""
    formats = ("JPEG", "MPO") if kind is ScanKind.JPEG else (kind.name,)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # bomb and metadata warnings; the pixel limit below decides
        try:
            # from a file object: given a path, Pillow maps plain TIFFs and gets sideways ones wrong
            with path.open("rb") as file, Image.open(file, formats=formats) as image:
                image.seek(page - 1)
                if image.width * image.height > options.max_pixels:
                    return _too_large(page, image.width, image.height, options)
                return _raster(image)
        except Image.DecompressionBombError:
            return PageFailure(
                page=page,
                trouble=PageTrouble.TOO_LARGE,
                detail=f"The page is larger than {options.max_pixels:,} pixels; scan it at 300 dpi.",
                has_picture=False,
            )


def _too_large(page: int, width: int, height: int, options: ReadingOptions) -> PageFailure:
    return PageFailure(
        page=page,
        trouble=PageTrouble.TOO_LARGE,
        detail=f"The page has {width:,} x {height:,} pixels, the limit is {options.max_pixels:,}; scan it at 300 dpi.",
        has_picture=False,
    )


def _raster(image: Image.Image) -> Raster:
    orientation = image.getexif().get(0x0112, 1)
    stated = image.info.get("dpi")
    image.draft("L", None)  # a JPEG decodes to greys at once; Pillow takes four bytes for each pixel in colour
    image.load()
    bilevel = image.mode == "1"
    plain = image.mode == "RGB" and "transparency" not in image.info
    upright = image.convert("L") if plain else image.copy()
    ImageOps.exif_transpose(upright, in_place=True)  # TIFF was turned by load() already
    picture = to_grey(upright)
    height, width = picture.shape
    dpi = plausible_dpi(*stated, width, height) if isinstance(stated, tuple) and len(stated) == 2 else None
    known = dpi is not None
    dpi_x, dpi_y = dpi if dpi is not None else (guess_dpi(width, height),) * 2
    if orientation in _SIDEWAYS_ORIENTATIONS:
        dpi_x, dpi_y = dpi_y, dpi_x
    return Raster(picture=picture, dpi_x=dpi_x, dpi_y=dpi_y, dpi_known=known, origin="image", bilevel=bilevel)


def to_grey(image: Image.Image) -> Picture:
    """Any Pillow picture as greys: transparency laid on white, 16 and 32 bit scaled down, CMYK as it prints."""
    mode = image.mode
    if mode.startswith("I") or mode == "F":
        return _deep_to_grey(image)
    if "A" in image.getbands() or "a" in image.getbands() or "transparency" in image.info:
        rgba = image.convert("RGBA")
        paper = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
        image = Image.alpha_composite(paper, rgba).convert("RGB")
    if image.mode not in ("1", "L", "RGB"):
        image = image.convert("RGB")
    return np.array(image if image.mode == "L" else image.convert("L"), dtype=np.uint8)


def _deep_to_grey(image: Image.Image) -> Picture:
    values = np.asarray(image).astype(np.float32)
    values[~np.isfinite(values)] = 0.0
    top = float(values.max(initial=0.0))
    low = float(values.min(initial=0.0))
    if low >= 0 and top <= 255 and not image.mode.startswith("I;16"):
        full = 255.0
    elif low >= 0 and top <= 65535:
        full = 65535.0 if top > 4095 else 4095.0  # 12-bit scanners fill only the low bits
    else:
        values -= low
        full = max(top - low, 1.0)
    return np.asarray(np.clip(values * (255.0 / full), 0, 255), dtype=np.uint8)
