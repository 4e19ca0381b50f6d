"""A PDF page's picture: the scanner's own pixels where the page is one image, a drawing of it otherwise."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest
from PIL import Image

from ingest.model import PageFailure, PageTrouble, ScanKind
from ingest.reading.options import ReadingOptions
from ingest.reading.pages import take_picture
from ingest.reading.raster import Raster
from tests.fakes.drawn import Grey, draw

OPTIONS = ReadingOptions()
SOURCE = draw(dpi=100, size_in=(5.0, 3.0))
FILL = b"q 360 0 0 216 0 0 cm /Im0 Do Q"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """How the page under test is made."""

    content: bytes = FILL
    rotate: int = 0
    crop: tuple[float, float, float, float] | None = None


def image_stream(document: pikepdf.Pdf, source: Grey, **keys: object) -> pikepdf.Stream:
    height, width = source.shape
    return pikepdf.Stream(
        document,
        source.tobytes(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        **({"ColorSpace": pikepdf.Name.DeviceGray, "BitsPerComponent": 8, "Width": width, "Height": height} | keys),
    )


def write(path: Path, sheet: Sheet, source: Grey = SOURCE, **keys: object) -> Path:
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(360, 216))
        image = document.make_indirect(image_stream(document, source, **keys))
        font = document.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        )
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image), Font=pikepdf.Dictionary(F0=font))
        page.Contents = pikepdf.Stream(document, sheet.content)
        if sheet.rotate:
            page.Rotate = sheet.rotate
        if sheet.crop:
            page.CropBox = pikepdf.Array(sheet.crop)
        document.save(path)
    return path


def take(path: Path, options: ReadingOptions = OPTIONS) -> Raster:
    taken = take_picture(path, ScanKind.PDF, 1, options)
    assert isinstance(taken, Raster), taken
    return taken


def alike(picture: Grey, other: Grey, most: float = 2.0) -> bool:
    """The same page, whatever its size: drawn and taken pictures differ by interpolation only."""
    height, width = other.shape
    same = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    blurred = [cv2.GaussianBlur(one, (0, 0), 2.0).astype(np.int16) for one in (same, other)]
    return float(np.abs(blurred[0] - blurred[1]).mean()) < most


def test_a_page_that_is_one_image_gives_the_scanners_own_pixels(tmp_path: Path) -> None:
    taken = take(write(tmp_path / "a.pdf", Sheet()))
    assert taken.origin == "embedded"
    assert (taken.dpi_x, taken.dpi_y, taken.dpi_known) == (100, 100, True)
    assert np.array_equal(taken.picture, SOURCE)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize(
    "content",
    [
        FILL,
        b"q -360 0 0 216 360 0 cm /Im0 Do Q",
        b"q 360 0 0 -216 0 216 cm /Im0 Do Q",
        b"q 0 216 360 0 0 0 cm /Im0 Do Q",
        b"q 0 216 -360 0 360 0 cm /Im0 Do Q",
        b"q 0 -216 360 0 0 216 cm /Im0 Do Q",
    ],
)
def test_however_the_image_lies_it_is_taken_as_the_page_shows_it(tmp_path: Path, content: bytes, rotate: int) -> None:
    path = write(tmp_path / "a.pdf", Sheet(content=content, rotate=rotate))
    taken = take(path)
    assert taken.origin == "embedded"
    shown = take(path, ReadingOptions(isolated=True))
    assert shown.origin == "pdf2image"
    assert alike(shown.picture, taken.picture)


def test_the_comparison_sees_a_page_that_lies_wrong() -> None:
    for wrong in (SOURCE[::-1], SOURCE[:, ::-1], SOURCE[::-1, ::-1], 255 - SOURCE):
        assert not alike(np.ascontiguousarray(wrong), SOURCE, most=4.0)


def test_an_inverting_decode_array_is_obeyed(tmp_path: Path) -> None:
    negative = np.asarray(255 - SOURCE, dtype=np.uint8)
    path = write(tmp_path / "a.pdf", Sheet(), negative, Decode=pikepdf.Array([1, 0]))
    assert alike(take(path).picture, SOURCE)


@pytest.mark.parametrize("decode", [[0, 1], [1, 0]])
def test_a_stencil_is_drawn_in_its_colour(tmp_path: Path, decode: list[int]) -> None:
    black = SOURCE < 128
    bits = np.packbits(~black if decode == [0, 1] else black, axis=1)
    image = Image.fromarray(np.where(black, 0, 255).astype(np.uint8))
    path = tmp_path / "a.pdf"
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(360, 216))
        stencil = pikepdf.Stream(
            document,
            bits.tobytes(),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=image.width,
            Height=image.height,
            ImageMask=True,
            BitsPerComponent=1,
            Decode=pikepdf.Array(decode),
        )
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=stencil))
        page.Contents = pikepdf.Stream(document, b"0 g " + FILL)
        document.save(path)
    assert alike(take(path).picture, np.asarray(image))


def test_a_soft_mask_is_obeyed(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(360, 216))
        mask = document.make_indirect(image_stream(document, np.asarray(255 - SOURCE, dtype=np.uint8)))
        image = image_stream(document, np.zeros_like(SOURCE), SMask=mask)
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=document.make_indirect(image)))
        page.Contents = pikepdf.Stream(document, FILL)
        document.save(path)
    assert alike(take(path).picture, SOURCE)


@pytest.mark.parametrize(
    "content",
    [
        FILL + b" BT /F0 18 Tf 30 20 Td (STAMPED) Tj ET",
        FILL + b" 20 20 100 40 re f",
        FILL + b" q 90 0 0 54 20 20 cm /Im0 Do Q",
        b"q 180 0 0 108 20 20 cm /Im0 Do Q",
        b"q 0 0 180 216 re W n 360 0 0 216 0 0 cm /Im0 Do Q",
        b"q 355 12 -12 214 8 0 cm /Im0 Do Q",
    ],
)
def test_a_page_with_anything_more_than_the_image_is_drawn(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path / "a.pdf", Sheet(content=content))
    drawn = take(path)
    assert drawn.origin == "pypdfium2"
    assert (drawn.dpi_x, drawn.dpi_y) == (300, 300)
    assert alike(drawn.picture, take(path, ReadingOptions(isolated=True)).picture, most=4.0)


def test_an_invisible_text_layer_does_not_count(tmp_path: Path) -> None:
    hidden = FILL + b" BT 3 Tr /F0 18 Tf 30 20 Td (WRONG NAME) Tj ET"
    assert take(write(tmp_path / "a.pdf", Sheet(content=hidden))).origin == "embedded"


def test_what_a_crop_box_hides_is_not_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.pdf", Sheet(crop=(0, 108, 360, 216)))
    drawn = take(path)
    assert drawn.picture.shape[0] / drawn.picture.shape[1] == pytest.approx(0.3, abs=0.01)
    assert alike(drawn.picture, SOURCE[: SOURCE.shape[0] // 2])


def test_a_black_and_white_fax_page_is_taken_as_it_is(tmp_path: Path) -> None:
    import img2pdf

    buffer = io.BytesIO()
    page = Image.fromarray(SOURCE).convert("1", dither=Image.Dither.NONE)
    page.save(buffer, format="TIFF", compression="group4", dpi=(204, 98))
    path = tmp_path / "a.pdf"
    path.write_bytes(img2pdf.convert(buffer.getvalue()))
    taken = take(path)
    assert (taken.origin, taken.bilevel) == ("embedded", True)
    assert (round(taken.dpi_x), round(taken.dpi_y)) == (204, 98)
    assert np.array_equal(taken.picture, np.asarray(page.convert("L")))


def test_a_cmyk_photograph_of_a_page_is_right_way_light(tmp_path: Path) -> None:
    import img2pdf

    buffer = io.BytesIO()
    Image.fromarray(SOURCE).convert("RGB").convert("CMYK").save(buffer, format="JPEG", quality=95)
    path = tmp_path / "a.pdf"
    path.write_bytes(img2pdf.convert(buffer.getvalue()))
    assert np.abs(take(path).picture.astype(int) - SOURCE).mean() < 8


def test_an_image_with_too_many_pixels_is_refused_unseen(tmp_path: Path) -> None:
    path = write(tmp_path / "a.pdf", Sheet(), Width=35_000, Height=35_000)
    for isolated in (False, True):
        outcome = take_picture(path, ScanKind.PDF, 1, ReadingOptions(isolated=isolated))
        assert isinstance(outcome, PageFailure)
        assert outcome.trouble is PageTrouble.TOO_LARGE


def test_a_poster_is_drawn_at_fewer_dots_and_an_absurd_page_not_at_all(tmp_path: Path) -> None:
    for side, fits in ((3_600, True), (14_400_000, False)):
        path = tmp_path / f"{side}.pdf"
        with pikepdf.new() as document:
            document.add_blank_page(page_size=(72, 72)).MediaBox = pikepdf.Array([0, 0, side, side])
            document.save(path)
        outcome = take_picture(path, ScanKind.PDF, 1, OPTIONS)
        if fits:
            assert isinstance(outcome, Raster)
            assert outcome.picture.size <= 41_000_000
            assert outcome.dpi_x == pytest.approx(outcome.picture.shape[1] / 50, rel=0.01)
        else:
            assert isinstance(outcome, PageFailure)
            assert outcome.trouble is PageTrouble.TOO_LARGE


def test_a_pdf_with_junk_in_front_or_a_lost_table_is_still_drawn(tmp_path: Path) -> None:
    whole = write(tmp_path / "a.pdf", Sheet()).read_bytes()
    path = tmp_path / "b.pdf"
    for broken in (b"junk\n" * 100 + whole, whole[: whole.rindex(b"startxref")]):
        path.write_bytes(broken)
        assert alike(take(path).picture, SOURCE)


def test_a_page_that_is_not_there_is_a_failure_not_an_exception(tmp_path: Path) -> None:
    path = write(tmp_path / "a.pdf", Sheet())
    for isolated in (False, True):
        outcome = take_picture(path, ScanKind.PDF, 7, ReadingOptions(isolated=isolated))
        assert isinstance(outcome, PageFailure)
        assert outcome.trouble is PageTrouble.NO_PICTURE
