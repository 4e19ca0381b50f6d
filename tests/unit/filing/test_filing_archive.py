"""Filed PDFs as lasting records: PDF/A-2b by two judges, words in their places, the scanner's own bytes."""

from __future__ import annotations

import io
import math
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import img2pdf
import numpy as np
import pikepdf
import pytest
from pikepdf import Dictionary, Name, pdfa
from PIL import Image, ImageCms

from ingest.filing.archive import About, PdfKind
from ingest.filing.order import PdfOrder
from ingest.filing.pdf import write_pdf
from ingest.model import ScanKind, Turn
from tests.unit.filing.archival import faults

_KINDS = {
    **dict.fromkeys((".tif", ".tiff"), ScanKind.TIFF),
    **dict.fromkeys((".jpg", ".jpeg"), ScanKind.JPEG),
    ".png": ScanKind.PNG,
    ".pdf": ScanKind.PDF,
}
_SHARED = Path(__file__).parents[4] / "shared" / "fixtures" / "scans"


def _picture(mode: str) -> Image.Image:
    noise = np.random.default_rng(5).integers(0, 255, (300, 420, 3), dtype=np.uint8)
    return Image.fromarray(noise).convert(mode)


def _file(scan: Path, kind: ScanKind, target: Path, pages: tuple[int, ...] = (1,), **more) -> PdfKind:
    return write_pdf(PdfOrder(scan=scan, kind=kind, pages=pages, artefacts=(), target=target, **more)).kind


def _profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize(
    ("suffix", "mode", "more"),
    [
        (".jpg", "RGB", {}),
        (".jpg", "L", {"icc_profile": b"no profile at all" * 20}),
        (".jpg", "RGB", {"icc_profile": _profile()}),
        (".tif", "1", {"compression": "group4"}),
        (".tif", "L", {"compression": "tiff_lzw"}),
        (".tif", "RGB", {"compression": "jpeg", "tiffinfo": {278: 300}}),
        (".png", "1", {}),
        (".png", "L", {}),
        (".png", "P", {}),
        (".png", "RGB", {"icc_profile": _profile()}),
        (".png", "RGBA", {}),
        (".png", "LA", {}),
        (".png", "I;16", {}),
    ],
)
def test_pictures_are_filed_as_pdfa(tmp_path, suffix, mode, more) -> None:
    scan, target = tmp_path / f"scan{suffix}", tmp_path / "filed.pdf"
    (Image.new(mode, (420, 300), 900) if mode == "I;16" else _picture(mode)).save(scan, dpi=(100, 100), **more)
    assert _file(scan, _KINDS[suffix], target) is PdfKind.PDFA_2B
    assert pdfa.validate_written(target, "2b").passed
    assert faults(target) == []
    assert target.stat().st_size <= 1.1 * scan.stat().st_size + 20_000 + 8_000


def test_a_jpeg_whose_profile_is_broken_is_not_compressed_again(tmp_path) -> None:
    scan = tmp_path / "scan.jpg"
    _picture("RGB").save(scan, icc_profile=b"no profile at all" * 20)
    _file(scan, ScanKind.JPEG, tmp_path / "filed.pdf")
    with pikepdf.open(tmp_path / "filed.pdf") as pdf:
        assert pdf.pages[0].Resources.XObject.Im0.read_raw_bytes() == scan.read_bytes()


def test_cmyk_pictures_are_kept_and_not_called_pdfa(tmp_path) -> None:
    scan, target = tmp_path / "scan.jpg", tmp_path / "filed.pdf"
    _picture("CMYK").save(scan)
    assert _file(scan, ScanKind.JPEG, target) is PdfKind.PDF
    with pikepdf.open(target) as pdf:
        assert pdf.pages[0].Resources.XObject.Im0.read_raw_bytes() == scan.read_bytes()
        assert "/OutputIntents" not in pdf.Root
        assert b"pdfaid:part" not in pdf.Root.Metadata.read_bytes()


@pytest.mark.parametrize("turn", list(Turn))
@pytest.mark.parametrize("skew", [0.0, 2.0])
@pytest.mark.parametrize("rotate", [0, 90])
def test_scanned_pdfs_are_filed_as_pdfa_with_their_words(bench, tmp_path, turn, skew, rotate) -> None:
    sheet = bench.sheet(turn=turn, skew_deg=skew)
    scan = bench.scanned_pdf(tmp_path / "scan.pdf", [sheet], rotate=rotate)
    facts = write_pdf(bench.order(scan, ScanKind.PDF, [sheet]))
    assert facts.kind is PdfKind.PDFA_2B
    assert pdfa.validate_written(tmp_path / "filed.pdf", "2b").passed
    assert faults(tmp_path / "filed.pdf") == []


def test_what_is_smoothed_or_claims_to_be_pdfa_is_judged_by_itself(bench, tmp_path) -> None:
    scan = bench.scanned_pdf(tmp_path / "scan.pdf", [bench.sheet()])
    with pikepdf.open(scan, allow_overwriting_input=True) as pdf:
        pdf.pages[0].Resources.XObject.Im0.Interpolate = True
        pdf.save(scan)
    assert _file(scan, ScanKind.PDF, tmp_path / "filed.pdf") is PdfKind.PDFA_2B
    assert faults(tmp_path / "filed.pdf") == []
    with pikepdf.open(scan, allow_overwriting_input=True) as pdf:  # a font that is nowhere, and yet a claim
        pdf.pages[0].obj.Resources.Font = Dictionary(
            F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        )
        pdf.pages[0].contents_add(b"BT /F1 12 Tf 20 20 Td (drawn) Tj ET")
        with pdf.open_metadata() as xmp:
            xmp["pdfaid:part"], xmp["pdfaid:conformance"] = "2", "B"
        pdf.save(scan)
    assert _file(scan, ScanKind.PDF, tmp_path / "filed.pdf") is PdfKind.PDF
    assert "6.6.4 claim" in faults(tmp_path / "filed.pdf")


def test_what_a_pdf_says_of_itself_stands_in_xmp_and_info(bench, tmp_path) -> None:
    scan = bench.scanned_pdf(tmp_path / "scan.pdf", [bench.sheet()])
    about = About(title="Lab <report> & more\x07, MRN 0012", identifier="D000017 S000009")
    assert _file(scan, ScanKind.PDF, tmp_path / "filed.pdf", about=about) is PdfKind.PDFA_2B
    assert faults(tmp_path / "filed.pdf") == []
    with pikepdf.open(tmp_path / "filed.pdf") as pdf, pdf.open_metadata() as xmp:
        assert xmp["dc:title"] == str(pdf.docinfo.Title) == "Lab <report> & more, MRN 0012"
        assert xmp["dc:identifier"] == "D000017 S000009"


def test_a_joined_document_has_a_bookmark_for_each_part(bench, tmp_path) -> None:
    scan = bench.scanned_pdf(tmp_path / "scan.pdf", [bench.sheet(page=number) for number in (1, 2, 3)])
    pages = (3, 1, 2)
    kind = _file(scan, ScanKind.PDF, tmp_path / "filed.pdf", pages=pages, parts=(3, 2))
    assert (kind, faults(tmp_path / "filed.pdf")) == (PdfKind.PDFA_2B, [])
    with pikepdf.open(tmp_path / "filed.pdf") as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == ["Part 1 (page 1)", "Part 2 (page 3)"]
        assert outline.root[1].destination[0] == pdf.pages[2].obj
    with pytest.raises(ValueError, match="another document"):
        PdfOrder(scan=scan, kind=ScanKind.PDF, pages=(1,), artefacts=(), target=tmp_path / "x", parts=(2,))


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
@pytest.mark.parametrize("turn", list(Turn))
@pytest.mark.parametrize("skew", [0.0, -3.0])
def test_poppler_finds_every_word_where_it_stands(bench, tmp_path, turn, skew) -> None:
    sheet = bench.sheet(turn=turn, skew_deg=skew, texts=("Smith", "MRN:", "0012345", "O'Neil-Jones", "Łódź"))
    write_pdf(bench.order(bench.scanned_pdf(tmp_path / "scan.pdf", [sheet]), ScanKind.PDF, [sheet]))
    made = subprocess.run(["pdftotext", "-bbox", tmp_path / "filed.pdf", "-"], capture_output=True, check=True).stdout
    page = next(item for item in ET.fromstring(made).iter() if item.tag.endswith("page"))  # noqa: S314 (poppler's own)
    width, height = sheet.artefact.read_width_px * 0.72, sheet.artefact.read_height_px * 0.72
    seen = {item.text: item.attrib for item in page}
    for word in sheet.artefact.words:
        place = seen[word.text]
        x = (float(place["xMin"]) + float(place["xMax"])) / 2 / width
        y = (float(place["yMin"]) + float(place["yMax"])) / 2 / height
        at = sheet.artefact.to_page.apply((word.box.x0 + word.box.x1) / 2, (word.box.y0 + word.box.y1) / 2)
        assert math.dist((x, y), at) < 0.01


@pytest.mark.skipif(shutil.which("pdfimages") is None, reason="poppler-utils is not installed")
def test_poppler_extracts_the_very_group_4_strip(tmp_path) -> None:
    scan = tmp_path / "scan.tif"
    _picture("1").save(scan, compression="group4", dpi=(100, 100))
    _file(scan, ScanKind.TIFF, tmp_path / "filed.pdf")
    subprocess.run(["pdfimages", "-all", tmp_path / "filed.pdf", tmp_path / "out"], check=True)
    with Image.open(scan) as image:
        (offset,), (length,) = image.tag_v2[273], image.tag_v2[279]
    assert (tmp_path / "out-000.ccitt").read_bytes() == scan.read_bytes()[offset : offset + length]


@pytest.mark.parametrize(("mode", "plain"), [("1", True), ("L", True), ("P", True), ("RGB", True), ("RGBA", False)])
def test_a_pngs_own_data_are_kept(tmp_path, mode, plain) -> None:
    scan, target = tmp_path / "scan.png", tmp_path / "filed.pdf"
    _picture(mode).save(scan)
    _file(scan, ScanKind.PNG, target)
    with pikepdf.open(target) as pdf:
        picture = pdf.pages[0].Resources.XObject.Im0
        assert (picture.read_raw_bytes() in b"".join(_idat(scan))) is plain
        shown = pikepdf.PdfImage(picture).as_pil_image().convert("RGB")
    expected = Image.open(scan).convert("RGB")
    assert np.array_equal(np.asarray(shown), np.asarray(expected)) or not plain


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_png_turned_by_its_exif_is_turned(tmp_path, orientation) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    _picture("L").save(tmp_path / "scan.png", exif=exif)
    _file(tmp_path / "scan.png", ScanKind.PNG, tmp_path / "filed.pdf")
    with pikepdf.open(tmp_path / "filed.pdf") as pdf:
        assert int(pdf.pages[0].obj.Rotate) == {1: 0, 6: 90}[orientation]


def test_a_jpeg_2000_of_a_scanned_pdf_is_not_compressed_again(tmp_path) -> None:
    packed = io.BytesIO()
    _picture("RGB").save(packed, "JPEG2000")
    (tmp_path / "scan.pdf").write_bytes(img2pdf.convert(packed.getvalue(), nodate=True))
    _file(tmp_path / "scan.pdf", ScanKind.PDF, tmp_path / "filed.pdf")
    with pikepdf.open(tmp_path / "filed.pdf") as pdf:
        (name,) = pdf.pages[0].Resources.XObject.keys()
        assert pdf.pages[0].Resources.XObject[name].read_raw_bytes() == packed.getvalue()


@pytest.mark.skipif(not _SHARED.is_dir(), reason="the shared fixtures are not here")
def test_whatever_is_called_pdfa_passes_both_judges(tmp_path) -> None:
    called = 0
    for scan in sorted(path for path in _SHARED.rglob("*") if path.suffix.lower() in _KINDS):
        target = tmp_path / "filed.pdf"
        target.unlink(missing_ok=True)
        try:
            kind = _file(scan, _KINDS[scan.suffix.lower()], target)
        except Exception:  # damaged on purpose: what it raises is others' matter, it must only leave nothing
            assert not target.exists()
            continue
        assert pdfa.validate_written(target, "2b").passed is (kind is PdfKind.PDFA_2B), scan.name
        if kind is PdfKind.PDFA_2B:
            called += 1
            assert faults(target) == [], scan.name
    assert called > 30


def _idat(path: Path) -> list[bytes]:
    data, at, parts = path.read_bytes(), 8, []
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if data[at + 4 : at + 8] == b"IDAT":
            parts.append(data[at + 8 : at + 8 + size])
        at += size + 12
    return parts
