"""The scanner's own picture data come through untouched, and show as they were scanned."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageOps

from ingest.filing.order import PdfOrder
from ingest.filing.pdf import write_pdf
from ingest.model import ScanKind


def _drawing(mode: str = "L", size: tuple[int, int] = (420, 300)) -> Image.Image:
    """Unlike itself under every turn and mirroring."""
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((20, 20, 200, 90), fill="black")
    draw.polygon(((300, 280), (400, 280), (400, 120)), fill=(30, 60, 120))
    return picture.convert(mode)


def _file(tmp_path: Path, scan: Path, kind: ScanKind, page: int = 1) -> Path:
    target = tmp_path / "filed.pdf"
    write_pdf(PdfOrder(scan=scan, kind=kind, pages=(page,), artefacts=(), target=target))
    return target


def _picture_data(path: Path) -> tuple[bytes, object]:
    """The one picture's bytes as they stand in the file, and the filter they are under."""
    with pikepdf.open(path) as pdf:
        (name,) = pdf.pages[0].Resources.XObject.keys()
        picture = pdf.pages[0].Resources.XObject[name]
        return picture.read_raw_bytes(), str(picture.Filter)


def _shown(path: Path, size: tuple[int, int]) -> Image.Image:
    with pypdfium2.PdfDocument(path) as document:
        return document[0].render(scale=2.0, grayscale=True).to_pil().convert("L").resize(size)


def _differ(one: Image.Image, other: Image.Image) -> float:
    return float(np.mean(np.abs(np.asarray(one, dtype=float) - np.asarray(other, dtype=float)))) / 255


def _strip(path: Path, frame: int = 0) -> bytes:
    with Image.open(path) as image:
        image.seek(frame)
        (offset,), (length,) = image.tag_v2[273], image.tag_v2[279]
    return path.read_bytes()[offset : offset + length]


def test_jpeg_bytes_are_kept(tmp_path) -> None:
    scan = tmp_path / "scan.jpg"
    _drawing("RGB").save(scan, quality=80, dpi=(100, 100))
    assert _picture_data(_file(tmp_path, scan, ScanKind.JPEG))[0] == scan.read_bytes()


@pytest.mark.parametrize("frame", [0, 1, 2])
def test_group_4_strips_of_each_frame_are_kept(tmp_path, frame) -> None:
    scan = tmp_path / "scan.tif"
    frames = [_drawing("1", (420 + 8 * n, 300)) for n in range(3)]
    frames[0].save(scan, save_all=True, append_images=frames[1:], compression="group4", dpi=(100, 100))
    filed = _file(tmp_path, scan, ScanKind.TIFF, page=frame + 1)
    assert _picture_data(filed)[0] == _strip(scan, frame)
    assert _differ(_shown(filed, frames[frame].size), frames[frame].convert("L")) < 0.02


def test_a_jpeg_inside_a_tiff_is_not_compressed_again(tmp_path) -> None:
    scan = tmp_path / "scan.tif"
    _drawing("RGB").save(scan, compression="jpeg", dpi=(100, 100), tiffinfo={278: 300})
    strip = _strip(scan)
    filed = _file(tmp_path, scan, ScanKind.TIFF)
    data, packing = _picture_data(filed)
    assert packing == "/DCTDecode"
    assert strip[2:] in data
    with Image.open(scan) as image:
        assert _differ(_shown(filed, image.size), image.convert("L")) < 0.01


def test_pictures_of_a_scanned_pdf_are_kept(bench, tmp_path) -> None:
    for name, save in (("scan.jpg", {"quality": 75}), ("scan.tif", {"compression": "group4"})):
        picture = tmp_path / name
        _drawing("1" if name.endswith("tif") else "L").save(picture, dpi=(100, 100), **save)
        kind = ScanKind.TIFF if name.endswith("tif") else ScanKind.JPEG
        scan = _file(tmp_path, picture, kind).rename(tmp_path / "scan.pdf")
        before = _picture_data(scan)
        assert _picture_data(_file(tmp_path, scan, ScanKind.PDF)) == before


@pytest.mark.skipif(shutil.which("pdfimages") is None, reason="poppler-utils is not installed")
def test_poppler_extracts_the_very_jpeg(tmp_path) -> None:
    scan = tmp_path / "scan.jpg"
    _drawing("RGB").save(scan, dpi=(100, 100))
    subprocess.run(["pdfimages", "-all", _file(tmp_path, scan, ScanKind.JPEG), tmp_path / "out"], check=True)
    assert (tmp_path / "out-000.jpg").read_bytes() == scan.read_bytes()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", [ScanKind.JPEG, ScanKind.TIFF])
def test_every_exif_orientation_shows_as_a_viewer_shows_the_scan(tmp_path, kind, orientation) -> None:
    picture = _drawing("L" if kind is ScanKind.JPEG else "1")
    exif = Image.Exif()
    exif[0x0112] = orientation
    scan = tmp_path / "scan"
    more = {"quality": 95} if kind is ScanKind.JPEG else {"compression": "group4"}
    picture.save(scan, format=kind.name, exif=exif, dpi=(100, 100), **more)
    stored = picture.convert("L")
    stored.getexif()[0x0112] = orientation
    expected = ImageOps.exif_transpose(stored)
    filed = _file(tmp_path, scan, kind)
    with pypdfium2.PdfDocument(filed) as document:
        assert document[0].get_size() == pytest.approx([side * 0.72 for side in expected.size], abs=0.1)
    assert _differ(_shown(filed, expected.size), expected) < 0.02


@pytest.mark.parametrize(
    ("mode", "kind", "more"),
    [
        ("1", ScanKind.TIFF, {"compression": "tiff_lzw"}),
        ("RGB", ScanKind.TIFF, {"compression": "tiff_adobe_deflate"}),
        ("P", ScanKind.TIFF, {}),
        ("CMYK", ScanKind.TIFF, {}),
        ("1", ScanKind.TIFF, {"compression": "group4", "tiffinfo": {278: 64}}),
        ("RGB", ScanKind.TIFF, {"compression": "jpeg", "tiffinfo": {278: 64}}),
        ("CMYK", ScanKind.JPEG, {}),
        ("1", ScanKind.PNG, {}),
        ("P", ScanKind.PNG, {}),
        ("RGBA", ScanKind.PNG, {}),
        ("LA", ScanKind.PNG, {}),
        ("I;16", ScanKind.PNG, {}),
        ("I;16", ScanKind.TIFF, {}),
    ],
)
def test_every_kind_of_picture_shows_as_it_is(tmp_path, mode, kind, more) -> None:
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(_drawing("L"), dtype=np.uint16) * 257)
    else:
        picture = _drawing("RGB").convert(mode)
    scan = tmp_path / "scan"
    picture.save(scan, format=kind.name, dpi=(100, 100), **more)
    filed = _file(tmp_path, scan, kind)
    assert _differ(_shown(filed, picture.size), _drawing("L")) < 0.03


def test_a_transparent_page_is_white_paper(tmp_path) -> None:
    picture = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    scan = tmp_path / "scan.png"
    picture.save(scan)
    assert _differ(_shown(_file(tmp_path, scan, ScanKind.PNG), (300, 300)), Image.new("L", (300, 300), 255)) < 0.01


def test_a_picture_without_resolution_gets_the_size_of_a_letter_page(tmp_path) -> None:
    scan = tmp_path / "photo.png"
    Image.new("L", (1700, 2200), 200).save(scan)
    with pikepdf.open(_file(tmp_path, scan, ScanKind.PNG)) as pdf:
        assert [float(edge) for edge in pdf.pages[0].MediaBox] == pytest.approx([0, 0, 612, 792], abs=0.1)


def test_a_picture_over_the_pixel_limit_is_refused_before_it_is_decoded(tmp_path) -> None:
    scan = tmp_path / "bomb.png"
    Image.new("L", (3000, 3000), 255).save(scan)
    order = PdfOrder(
        scan=scan,
        kind=ScanKind.PNG,
        pages=(1,),
        artefacts=(),
        target=tmp_path / "filed.pdf",
        max_pixels=1_000_000,
    )
    with pytest.raises(Image.DecompressionBombError):
        write_pdf(order)
    assert not order.target.exists()


def test_a_bar_of_pixels_makes_a_page_that_viewers_take(tmp_path) -> None:
    buffer = io.BytesIO()
    Image.new("L", (4, 600), 0).save(buffer, "PNG", dpi=(300, 300))
    scan = tmp_path / "bar.png"
    scan.write_bytes(buffer.getvalue())
    with pikepdf.open(_file(tmp_path, scan, ScanKind.PNG)) as pdf:
        assert min(float(edge) for edge in pdf.pages[0].MediaBox[2:]) >= 3.0
