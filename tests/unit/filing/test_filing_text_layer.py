"""What was read can be found in the filed PDF, where it stands on the paper."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from html import unescape
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from ingest.filing.order import TextState
from ingest.filing.pdf import write_pdf
from ingest.model import Box, ScanKind, Turn

pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
_PERCENT = 0.01


def _assert_on_the_ink(seen, *, edges: bool) -> None:
    for word in seen:
        x, y = (word.box.x0 + word.box.x1) / 2, (word.box.y0 + word.box.y1) / 2
        ink_x, ink_y = (word.ink.x0 + word.ink.x1) / 2, (word.ink.y0 + word.ink.y1) / 2
        assert abs(x - ink_x) < _PERCENT, word
        assert abs(y - ink_y) < _PERCENT, word
        if edges:
            for edge in ("x0", "y0", "x1", "y1"):
                assert abs(getattr(word.box, edge) - getattr(word.ink, edge)) < _PERCENT, (edge, word)


def _bbox_words(path: Path) -> list[tuple[str, Box]]:
    run = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, text=True, check=True)
    width, height = map(float, re.search(r'page width="([\d.]+)" height="([\d.]+)"', run.stdout).groups())
    pattern = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
    return [
        (
            unescape(text),
            Box(x0=float(x0) / width, y0=float(y0) / height, x1=float(x1) / width, y1=float(y1) / height),
        )
        for x0, y0, x1, y1, text in re.findall(pattern, run.stdout)
    ]


@pytest.mark.parametrize("skew_deg", [0.0, 1.3, -3.0, 5.0])
@pytest.mark.parametrize("turn", list(Turn))
def test_words_lie_on_their_ink_on_skewed_and_turned_pages(bench, tmp_path, turn, skew_deg) -> None:
    sheet = bench.sheet(turn=turn, skew_deg=skew_deg)
    scan = bench.scanned_pdf(tmp_path / "scan.pdf", [sheet])
    write_pdf(bench.order(scan, ScanKind.PDF, [sheet]))
    seen = bench.look(tmp_path / "filed.pdf")
    assert sorted(word.text for word in seen) == sorted(word.text for word in sheet.artefact.words)
    _assert_on_the_ink(seen, edges=skew_deg == 0.0)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("turn", [Turn.NONE, Turn.RIGHT, Turn.HALF])
def test_words_lie_on_their_ink_whatever_the_boxes_and_rotation_of_the_scan(bench, tmp_path, rotate, turn) -> None:
    sheet = bench.sheet(turn=turn)
    scan = bench.scanned_pdf(
        tmp_path / "scan.pdf", [sheet], rotate=rotate, origin=(-70.0, 133.0), margin_pt=40.0, user_unit=2.0
    )
    write_pdf(bench.order(scan, ScanKind.PDF, [sheet]))
    seen = bench.look(tmp_path / "filed.pdf")
    assert sorted(word.text for word in seen) == sorted(word.text for word in sheet.artefact.words)
    _assert_on_the_ink(seen, edges=True)


@pytest.mark.parametrize("turn", [Turn.NONE, Turn.LEFT])
@pytest.mark.parametrize("skew_deg", [0.0, 2.0])
def test_words_lie_on_their_ink_on_a_fax_with_oblong_pixels(bench, tmp_path, turn, skew_deg) -> None:
    sheet = bench.sheet(turn=turn, skew_deg=skew_deg, size_px=(1728, 1078), dpi=(204.0, 98.0))
    facts = sheet.artefact.picture
    scan = tmp_path / "fax.tif"
    sheet.shown.convert("1").save(scan, compression="group4", dpi=(facts.dpi_x, facts.dpi_y))
    write_pdf(bench.order(scan, ScanKind.TIFF, [sheet]))
    with pikepdf.open(tmp_path / "filed.pdf") as filed:
        page = filed.pages[0]
        shown = sorted(float(edge) for edge in page.MediaBox[2:])
    assert shown == pytest.approx([1728 / 204 * 72, 1078 / 98 * 72], abs=0.1)
    _assert_on_the_ink(bench.look(tmp_path / "filed.pdf"), edges=skew_deg == 0.0)


@pdftotext
@pytest.mark.parametrize(("turn", "skew_deg"), [(Turn.NONE, 0.0), (Turn.NONE, 4.0), (Turn.HALF, -2.0)])
def test_poppler_finds_every_word_at_its_place(bench, tmp_path, turn, skew_deg) -> None:
    sheet = bench.sheet(turn=turn, skew_deg=skew_deg)
    scan = bench.scanned_pdf(tmp_path / "scan.pdf", [sheet])
    write_pdf(bench.order(scan, ScanKind.PDF, [sheet]))
    found = dict(_bbox_words(tmp_path / "filed.pdf"))
    for word in sheet.artefact.words:
        middle = sheet.artefact.to_page.apply((word.box.x0 + word.box.x1) / 2, (word.box.y0 + word.box.y1) / 2)
        box = found[word.text]
        assert (box.x0 + box.x1) / 2 == pytest.approx(middle[0], abs=_PERCENT)
        assert (box.y0 + box.y1) / 2 == pytest.approx(middle[1], abs=_PERCENT)


@pdftotext
@pytest.mark.parametrize("turn", [Turn.RIGHT, Turn.LEFT])
def test_poppler_gives_back_the_words_of_a_page_turned_sideways(bench, tmp_path, turn) -> None:
    sheet = bench.sheet(turn=turn, skew_deg=1.0)
    scan = bench.scanned_pdf(tmp_path / "scan.pdf", [sheet])
    write_pdf(bench.order(scan, ScanKind.PDF, [sheet]))
    run = subprocess.run(["pdftotext", str(tmp_path / "filed.pdf"), "-"], capture_output=True, text=True, check=True)
    assert run.stdout.split() == [word.text for word in sheet.artefact.words]
    assert run.stderr == ""


def test_a_page_born_digital_keeps_its_text_and_gets_no_second(bench, tmp_path) -> None:
    sheet = bench.sheet(texts=("Patient", "Record", "Number"))
    scan = tmp_path / "born.pdf"
    _write_born_digital(scan, "Patient Record Number")
    facts = write_pdf(bench.order(scan, ScanKind.PDF, [sheet]))
    assert facts.text_state is TextState.OWN
    with pypdfium2.PdfDocument(tmp_path / "filed.pdf") as filed:
        assert filed[0].get_textpage().get_text_bounded().split() == ["Patient", "Record", "Number"]


def test_a_fax_header_is_not_taken_for_the_text_of_the_page(bench, tmp_path) -> None:
    sheet = bench.sheet(texts=("Patient", "Record", "Number", "Zebra"))
    scan = tmp_path / "stamped.pdf"
    _write_born_digital(scan, "FROM 555 0100 PAGE 1")
    facts = write_pdf(bench.order(scan, ScanKind.PDF, [sheet]))
    assert facts.text_state is TextState.LAYER
    with pypdfium2.PdfDocument(tmp_path / "filed.pdf") as filed:
        assert "Zebra" in filed[0].get_textpage().get_text_bounded()


def test_pages_that_were_not_read_are_filed_without_a_layer(bench, tmp_path) -> None:
    first, second = bench.sheet(page=1), bench.sheet(page=2, texts=())
    scan = bench.scanned_pdf(tmp_path / "scan.pdf", [first, second, bench.sheet(page=3)])
    facts = write_pdf(bench.order(scan, ScanKind.PDF, [second], pages=(2, 3)))
    assert (facts.pages, facts.text_state) == (2, TextState.NONE)
    facts = write_pdf(bench.order(scan, ScanKind.PDF, [first, second], pages=(1, 2, 3)))
    assert (facts.pages, facts.text_state) == (3, TextState.LAYER)


def test_a_page_that_was_read_in_part_says_so_unless_it_has_its_own_text(bench, tmp_path) -> None:
    whole, part = bench.sheet(page=1), bench.sheet(page=2)
    part = replace(part, artefact=replace(part.artefact, read_to_px=part.artefact.read_height_px // 3))
    scan = bench.scanned_pdf(tmp_path / "scan.pdf", [whole, part])
    assert write_pdf(bench.order(scan, ScanKind.PDF, [whole, part])).text_state is TextState.IDENTITY
    assert write_pdf(bench.order(scan, ScanKind.PDF, [whole], pages=(1,))).text_state is TextState.LAYER
    born = bench.sheet(texts=("Patient", "Record", "Number"))
    born = replace(born, artefact=replace(born.artefact, read_to_px=100))
    _write_born_digital(tmp_path / "born.pdf", "Patient Record Number")
    assert write_pdf(bench.order(tmp_path / "born.pdf", ScanKind.PDF, [born])).text_state is TextState.OWN


def test_words_are_put_in_characters_that_every_reader_gives_back(bench, tmp_path) -> None:
    sheet = bench.sheet(texts=("a\x00b", "\ud800", "line\u2028break", "c d", "oﬃce"))
    scan = bench.scanned_pdf(tmp_path / "scan.pdf", [sheet])
    write_pdf(bench.order(scan, ScanKind.PDF, [sheet]))
    assert [word.text for word in bench.look(tmp_path / "filed.pdf")] == ["ab", "linebreak", "cd", "office"]


def _write_born_digital(path: Path, text: str) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(612, 792))
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        pdf.pages[0].Contents = pdf.make_stream(f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode())
        pdf.save(path)
