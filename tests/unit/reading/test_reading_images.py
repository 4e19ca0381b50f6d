"""Pictures from image files: whatever their colours, depth, orientation and resolution, as a person sees them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ingest.model import PageFailure, PageTrouble, ScanKind
from ingest.reading.options import ReadingOptions
from ingest.reading.pages import take_picture
from ingest.reading.raster import Raster, plausible_dpi
from ingest.reading.scale import LETTER_PX, letter_height, scale
from tests.fakes.drawn import Grey, Ink, draw, raster

OPTIONS = ReadingOptions()
SOURCE = draw(dpi=100, size_in=(4.0, 3.0))


def take(path: Path, kind: ScanKind, page: int = 1) -> Raster:
    taken = take_picture(path, kind, page, OPTIONS)
    assert isinstance(taken, Raster), taken
    return taken


def save(image: Image.Image, path: Path, **how: object) -> Path:
    image.save(path, **how)  # type: ignore[arg-type]
    return path


def off(picture: Grey, other: Grey) -> float:
    """How far apart, in shares of what the page's mirror image is off."""
    apart = np.abs(picture.astype(int) - other).mean()
    return float(apart / np.abs(other.astype(int) - other[::-1, ::-1]).mean())


@pytest.mark.parametrize("mode", ["L", "RGB", "P", "RGBA", "LA", "CMYK", "YCbCr", "I;16", "F"])
def test_every_kind_of_pixels_becomes_the_same_greys(tmp_path: Path, mode: str) -> None:
    plain = Image.fromarray(SOURCE)
    match mode:
        case "I;16":
            image = Image.fromarray(SOURCE.astype(np.uint16) * 257)
        case "F":
            image = Image.fromarray(SOURCE.astype(np.float32))
        case "LA" | "P":
            image = plain.convert(mode)
        case _:
            image = plain.convert("RGB").convert(mode)
    path = save(image, tmp_path / "a.tif")
    assert off(take(path, ScanKind.TIFF).picture, SOURCE) < 0.2


@pytest.mark.parametrize("hidden", [0, 255])
def test_what_is_transparent_is_paper(tmp_path: Path, hidden: int) -> None:
    colours = np.full((*SOURCE.shape, 4), hidden, dtype=np.uint8)
    ink = SOURCE < 128
    colours[ink] = (10, 10, 10, 255)
    colours[~ink, 3] = 0
    path = save(Image.fromarray(colours), tmp_path / "a.png")
    assert off(take(path, ScanKind.PNG).picture, np.where(ink, 10, 255)) < 0.05


def test_a_transparent_colour_of_a_palette_is_paper(tmp_path: Path) -> None:
    image = Image.fromarray(np.where(SOURCE < 128, 1, 0).astype(np.uint8), mode=None).convert("P")
    image.putpalette([0, 0, 0, 20, 20, 20] + [0] * 762)
    path = save(image, tmp_path / "a.png", transparency=0)
    assert off(take(path, ScanKind.PNG).picture, np.where(SOURCE < 128, 20, 255)) < 0.05


@pytest.mark.parametrize(("name", "kind"), [("a.jpg", ScanKind.JPEG), ("a.tif", ScanKind.TIFF)])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_stored_orientation_is_applied(tmp_path: Path, name: str, kind: ScanKind, orientation: int) -> None:
    undo = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    image = Image.fromarray(SOURCE)
    stored = image if undo is None else image.transpose(undo)
    exif = Image.Exif()
    exif[0x0112] = orientation
    dpi = (100, 50) if orientation >= 5 else (50, 100)
    path = save(stored, tmp_path / name, exif=exif, dpi=dpi)
    taken = take(path, kind)
    assert off(taken.picture, SOURCE) < 0.2
    assert (taken.dpi_x, taken.dpi_y) == pytest.approx((50, 100), abs=0.1)


@pytest.mark.parametrize("dpi", [None, (0, 0), (1, 1), (72, 72), (30_000, 30_000)])
def test_a_missing_or_impossible_resolution_is_not_believed(tmp_path: Path, dpi: object) -> None:
    page = draw(dpi=200, size_in=(8.5, 11.0))
    how = {} if dpi is None else {"dpi": dpi}
    taken = take(save(Image.fromarray(page), tmp_path / "a.jpg", **how), ScanKind.JPEG)
    assert not taken.dpi_known
    assert taken.dpi_x == taken.dpi_y == pytest.approx(200, rel=0.01)


@pytest.mark.parametrize("bad", [(float("nan"), 300), (300, float("inf")), ("x", 300), (None, None), (-300, 300)])
def test_nonsense_for_a_resolution_is_not_believed(bad: tuple[object, object]) -> None:
    assert plausible_dpi(*bad, 2550, 3300) is None


def test_each_frame_of_a_tiff_is_a_page_of_its_own(tmp_path: Path) -> None:
    frames = [Image.fromarray(np.full((40, 60), grey, np.uint8)) for grey in (10, 120, 230)]
    path = save(frames[0], tmp_path / "a.tif", save_all=True, append_images=frames[1:])
    assert [int(take(path, ScanKind.TIFF, page).picture[0, 0]) for page in (1, 2, 3)] == [10, 120, 230]
    missing = take_picture(path, ScanKind.TIFF, 4, OPTIONS)
    assert isinstance(missing, PageFailure)
    assert missing.trouble is PageTrouble.NO_PICTURE


def test_a_frame_with_too_many_pixels_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = save(Image.new("1", (4_000, 3_000)), tmp_path / "a.tif", compression="group4")
    outcome = take_picture(path, ScanKind.TIFF, 1, ReadingOptions(max_pixels=1_000_000))
    assert isinstance(outcome, PageFailure)
    assert outcome.trouble is PageTrouble.TOO_LARGE


@pytest.mark.parametrize("dpi", [75, 100, 200, 300, 600])
@pytest.mark.parametrize("known", [True, False])
def test_print_is_brought_to_reading_size_from_any_resolution(dpi: int, known: bool) -> None:
    page = draw(dpi=dpi, ink=Ink(points=11), size_in=(8.5, 5.0))
    scaled = scale(raster(page, dpi if known else 90, known=known))
    letter = letter_height(scaled.picture)
    assert letter is not None
    assert 0.7 * LETTER_PX < letter < 1.5 * LETTER_PX
    assert 225 <= scaled.dpi <= 450


def test_a_page_without_letters_has_no_letter_height() -> None:
    assert letter_height(np.full((3300, 2550), 240, dtype=np.uint8)) is None
