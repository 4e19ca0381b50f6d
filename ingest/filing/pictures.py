"""A frame of a TIFF, JPEG or PNG as a PDF page: the scanner's own data, laid out at its true size.

Promise: JPEG, single-strip Group 4 and plain PNG data are embedded as they are; anything else is
decoded and kept without loss. Orientation is metadata (/Rotate); only mirrored orientations need the
picture's matrix. What a viewer shows is what the reading room saw.
"""

from __future__ import annotations

import io
import logging
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import img2pdf
import numpy as np
import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageOps

from ingest.filing.pngstream import png_as_pdf
from ingest.filing.tiffframes import untouched_frame
from ingest.model import PictureFacts, ScanKind

_ORIENTATION = 0x0112
_CLOCKWISE = {1: 0, 2: 0, 3: 180, 4: 180, 5: 270, 6: 90, 7: 90, 8: 270}  # after mirroring, to be seen upright
_MIRRORED = (2, 4, 5, 7)
_PLAIN_JPEGS = {"L": "/DeviceGray", "RGB": "/DeviceRGB"}
_LARGEST_PT, _SMALLEST_PT = 14_400.0, 3.0
_LONG_SIDE_IN = 11.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """A picture that img2pdf takes, and how it lies."""

    data: bytes
    orientation: int
    dpi: tuple[float, float] | None


def append_pictures(
    pdf: pikepdf.Pdf,
    path: Path,
    kind: ScanKind,
    frames: Sequence[tuple[int, PictureFacts | None]],
    max_pixels: int,
) -> None:
    """Adds frames (numbers from 1) as the last pages of `pdf`, as a viewer should show them.

    A frame's `PictureFacts` settle its resolution where it was read. Raises what Pillow raises for
    damaged bytes.
    """
    formats = ("JPEG", "MPO") if kind is ScanKind.JPEG else (kind.name,)
    with _pixel_limit(max_pixels), Image.open(path, formats=formats) as image:
        for number, facts in frames:
            image.seek(number - 1)
            frame, picture = _embed(pdf, path, kind, image)
            pdf.pages.append(_page(pdf, frame, picture, facts))


def _page(pdf: pikepdf.Pdf, frame: _Frame, image: pikepdf.Object, facts: PictureFacts | None) -> pikepdf.Page:
    width_px, height_px = int(image.Width), int(image.Height)
    width_pt, height_pt, unit = _size_pt(width_px, height_px, _dpi(frame, width_px, height_px, facts))
    mirror = frame.orientation in _MIRRORED
    matrix = f"{-width_pt if mirror else width_pt:.4f} 0 0 {height_pt:.4f} {width_pt if mirror else 0:.4f} 0"
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, round(width_pt, 4), round(height_pt, 4)]),
        Resources=Dictionary(XObject=Dictionary(Im0=image)),
        Contents=pdf.make_stream(f"q {matrix} cm /Im0 Do Q\n".encode()),
        Rotate=_CLOCKWISE[frame.orientation],
    )
    if unit != 1.0:
        page.UserUnit = round(unit, 4)
    return pikepdf.Page(pdf.make_indirect(page))


def _embed(pdf: pikepdf.Pdf, path: Path, kind: ScanKind, image: Image.Image) -> tuple[_Frame, pikepdf.Object]:
    """The frame at which `image` stands, in `pdf`: untouched where that can be, else packed without loss."""
    stated = image.info.get("dpi")
    dpi = (float(stated[0]), float(stated[1])) if stated else None
    if kind is ScanKind.PNG and (picture := _png_picture(pdf, path)) is not None:
        told = {"exif", "Raw profile type exif"} & image.info.keys()  # asking a PNG without decodes all of it
        return _Frame(data=b"", orientation=_orientation(image) if told else 1, dpi=dpi), picture
    orientation = _orientation(image)
    data = untouched_frame(image, path) if kind is ScanKind.TIFF else path.read_bytes()
    frame = _Frame(data=data or b"", orientation=orientation, dpi=dpi)
    try:
        return frame, _image_of(pdf, frame)
    except Exception:  # img2pdf refuses in a dozen ways (deep alpha, odd colours): decoding answers all
        if kind is ScanKind.JPEG and image.mode in _PLAIN_JPEGS:
            return frame, _jpeg(pdf, frame, image)
        frame = _decoded(image, frame)
    return frame, _image_of(pdf, frame)


def _orientation(image: Image.Image) -> int:
    stated = image.getexif().get(_ORIENTATION, 1)
    return stated if stated in _CLOCKWISE else 1


def _png_picture(pdf: pikepdf.Pdf, path: Path) -> pikepdf.Object | None:
    """The PNG's own data, read from disk only when `pdf` is saved; None where they will not do."""
    with tempfile.TemporaryDirectory(prefix="paperchart-") as folder:
        packed = Path(folder, "picture.pdf")
        if not png_as_pdf(path, packed):
            return None
        with pikepdf.open(packed) as one:  # its bytes stay within reach: the open file outlives its name
            return pdf.copy_foreign(one.pages[0].Resources.XObject.Im0)


def _jpeg(pdf: pikepdf.Pdf, frame: _Frame, image: Image.Image) -> pikepdf.Object:
    """A JPEG as it is, without the colour profile that it has and that cannot be read."""
    image.load()  # raises for damaged bytes
    picture = pdf.make_stream(frame.data)
    picture.Type, picture.Subtype, picture.Filter = Name.XObject, Name.Image, Name.DCTDecode
    picture.Width, picture.Height, picture.BitsPerComponent = image.width, image.height, 8
    picture.ColorSpace = Name(_PLAIN_JPEGS[image.mode])
    return picture


def _image_of(pdf: pikepdf.Pdf, frame: _Frame) -> pikepdf.Object:
    packed = img2pdf.convert(
        io.BytesIO(frame.data),  # bare bytes would be tried as a file name first
        rotation=img2pdf.Rotation.none,
        first_frame_only=True,
        nodate=True,
        engine=img2pdf.Engine.internal,
    )
    with pikepdf.open(io.BytesIO(packed)) as one:
        return pdf.copy_foreign(one.pages[0].Resources.XObject.Im0)


def _decoded(image: Image.Image, frame: _Frame) -> _Frame:
    """The frame's pixels, packed anew and upright already; deeper than 8 bits become 8."""
    image.load()
    upright = ImageOps.exif_transpose(image)  # a TIFF was turned by load(): then this only copies
    dpi = frame.dpi[::-1] if frame.dpi is not None and frame.orientation >= 5 else frame.dpi
    if upright.mode.startswith(("I", "F")):
        upright = _to_8_bits(upright)
    elif upright.mode not in ("1", "L", "RGB", "CMYK", "P") or "transparency" in upright.info:
        layer = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
    upright.info = {}
    packed = io.BytesIO()
    upright.save(packed, "TIFF" if upright.mode in ("1", "CMYK") else "PNG")
    return _Frame(data=packed.getvalue(), orientation=1, dpi=dpi)


def _to_8_bits(image: Image.Image) -> Image.Image:
    values = np.nan_to_num(np.asarray(image).astype(np.float32))
    values -= min(0.0, float(values.min(initial=0.0)))
    top = float(values.max(initial=0.0))
    # Scanners fill 12 of 16 bits.
    full = next((full for full in (255.0, 4095.0, 65535.0) if top <= full), top)
    return Image.fromarray((values * (255.0 / full)).astype(np.uint8))


def _dpi(frame: _Frame, width_px: int, height_px: int, facts: PictureFacts | None) -> tuple[float, float]:
    """Dots per inch of the stored columns and rows; what reading settled on comes first."""
    if facts is not None:
        return (facts.dpi_y, facts.dpi_x) if frame.orientation >= 5 else (facts.dpi_x, facts.dpi_y)
    if frame.dpi is not None and all(50.0 <= value <= 2400.0 for value in frame.dpi):
        return frame.dpi
    guess = min(1200.0, max(72.0, max(width_px, height_px) / _LONG_SIDE_IN))
    return guess, guess


def _size_pt(width_px: int, height_px: int, dpi: tuple[float, float]) -> tuple[float, float, float]:
    """Width, height and user unit of the page; within what viewers accept."""
    width, height = width_px * 72.0 / dpi[0], height_px * 72.0 / dpi[1]
    if min(width, height) < _SMALLEST_PT:
        grow = _SMALLEST_PT / min(width, height)
        width, height = width * grow, height * grow
    unit = max(1.0, max(width, height) / _LARGEST_PT)
    return width / unit, height / unit, unit


@contextmanager
def _pixel_limit(max_pixels: int) -> Iterator[None]:
    """Pillow refuses pictures over `max_pixels`; its warnings and img2pdf's stay out of the log."""
    before = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = max(1, max_pixels // 2)  # Pillow warns at the limit and refuses at its double
    logger = logging.getLogger("img2pdf")
    was_disabled, logger.disabled = logger.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        Image.MAX_IMAGE_PIXELS = before
        logger.disabled = was_disabled
