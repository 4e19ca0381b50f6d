"""What is filed does nothing, holds nothing of other documents, and is the same every time."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, String

from ingest.filing.archive import PdfKind
from ingest.filing.order import PdfFacts, PdfOrder, TextState
from ingest.filing.pdf import write_pdf, write_task
from ingest.model import ScanKind

_SCRIPT = "app.alert('canary')"


def _script(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.make_indirect(Dictionary(S=Name.JavaScript, JS=pdf.make_stream(_SCRIPT.encode())))


@pytest.fixture
def loaded_scan(bench, tmp_path: Path) -> Path:
    """A scanned page with everything that can act, and a second page of somebody else."""
    scan = bench.scanned_pdf(tmp_path / "scan.pdf", [bench.sheet(page=1), bench.sheet(page=2, texts=("Stranger",))])
    with pikepdf.open(scan, allow_overwriting_input=True) as pdf:
        pdf.Root.OpenAction = _script(pdf)
        pdf.Root.AA = Dictionary(WC=_script(pdf))
        pdf.Root.Names = Dictionary(
            JavaScript=Dictionary(Names=Array([String("x"), _script(pdf)])),
            EmbeddedFiles=Dictionary(Names=Array([String("evil.exe"), _attachment(pdf)])),
        )
        page = pdf.pages[0].obj
        page.AA = Dictionary(O=_script(pdf))
        page.PieceInfo = Dictionary(App=Dictionary(Private=String("canary")))
        page.Annots = Array(
            [
                _link(pdf, page, Dictionary(S=Name.URI, URI=String("http://canary.example"))),
                _link(pdf, page, Dictionary(S=Name.Launch, F=String("canary.exe"))),
                _stamp(pdf, page),
            ]
        )
        picture = page.Resources.XObject.Im0
        picture.Metadata = pdf.make_stream(b"canary")
        picture.OPI = Dictionary(Version=String("canary"))
        page.Resources.Stranger = _script(pdf)
        # One resource dictionary for all pages, as some scanners write it.
        other = pdf.pages[1].obj
        page.Resources.XObject.Im1 = other.Resources.XObject.Im0
        other.Contents = pdf.make_stream(other.Contents.read_bytes().replace(b"/Im0", b"/Im1"))
        other.Resources = page.Resources
        pdf.save(scan)
    return scan


def _attachment(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return Dictionary(Type=Name.Filespec, F=String("evil.exe"), EF=Dictionary(F=pdf.make_stream(b"canary")))


def _link(pdf: pikepdf.Pdf, page: pikepdf.Object, action: pikepdf.Object) -> pikepdf.Object:
    return pdf.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 99, 99]), A=action, P=page)
    )


def _stamp(pdf: pikepdf.Pdf, page: pikepdf.Object) -> pikepdf.Object:
    """A black square that the page shows by an annotation."""
    look = pdf.make_stream(b"0 0 50 50 re f")
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 50, 50])
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Stamp,
            Rect=Array([500, 20, 550, 70]),
            F=4,
            AP=Dictionary(N=look),
            P=page,
            A=_script(pdf),
        )
    )


def _order(scan: Path, tmp_path: Path, *pages: int, **more) -> PdfOrder:
    return PdfOrder(scan=scan, kind=ScanKind.PDF, pages=pages, artefacts=(), target=tmp_path / "filed.pdf", **more)


def _everything(path: Path) -> bytes:
    """All objects, uncompressed."""
    with pikepdf.open(path) as pdf:
        parts = []
        for item in pdf.objects:
            parts.append(repr(item).encode())
            if isinstance(item, pikepdf.Stream):
                parts.append(item.read_raw_bytes())
        return b"\n".join(parts)


def test_no_script_action_attachment_or_link_survives(loaded_scan, tmp_path) -> None:
    write_pdf(_order(loaded_scan, tmp_path, 1, 2))
    everything = _everything(tmp_path / "filed.pdf")
    for word in (
        b"canary",
        b"JavaScript",
        b"/JS",
        b"OpenAction",
        b"/AA",
        b"/URI",
        b"/Launch",
        b"EmbeddedFile",
        b"/Annots",
    ):
        assert word not in everything, word


def test_what_an_annotation_shows_stays_visible(loaded_scan, tmp_path) -> None:
    write_pdf(_order(loaded_scan, tmp_path, 1))
    with pypdfium2.PdfDocument(tmp_path / "filed.pdf") as document:
        picture = document[0].render(scale=1.0, grayscale=True).to_numpy()
    height = picture.shape[0]
    assert picture[height - 45, 525] < 50


def test_a_picture_of_another_page_is_not_copied_along(loaded_scan, tmp_path) -> None:
    with pikepdf.open(loaded_scan) as pdf:
        stranger = pdf.pages[0].Resources.XObject.Im1.read_raw_bytes()
    write_pdf(_order(loaded_scan, tmp_path, 1))
    with pikepdf.open(tmp_path / "filed.pdf") as pdf:
        streams = [item.read_raw_bytes() for item in pdf.objects if isinstance(item, pikepdf.Stream)]
    assert stranger not in streams


def test_equal_orders_give_equal_bytes(bench, tmp_path) -> None:
    sheets = [bench.sheet(page=1), bench.sheet(page=2, skew_deg=1.0)]
    scan = bench.scanned_pdf(tmp_path / "scan.pdf", sheets)
    one, other = tmp_path / "one.pdf", tmp_path / "other.pdf"
    first = write_pdf(bench.order(scan, ScanKind.PDF, sheets, target=one))
    second = write_pdf(bench.order(scan, ScanKind.PDF, sheets, target=other))
    assert first == second
    assert one.read_bytes() == other.read_bytes()


def test_the_facts_are_those_of_the_file_and_survive_the_way_back(bench, tmp_path) -> None:
    sheet = bench.sheet()
    scan = bench.scanned_pdf(tmp_path / "scan.pdf", [sheet])
    facts = PdfFacts.decode(write_task(bench.order(scan, ScanKind.PDF, [sheet])))
    written = (tmp_path / "filed.pdf").read_bytes()
    assert facts == PdfFacts(
        sha256=hashlib.sha256(written).hexdigest(),
        size=len(written),
        pages=1,
        text_state=TextState.LAYER,
        kind=PdfKind.PDFA_2B,
    )


@pytest.mark.parametrize("answer", [b"", b"[]", b"{}", b'{"sha256":"x","size":1,"pages":1,"text_state":"?"}', b"\xff"])
def test_an_answer_that_is_no_facts_is_refused(answer) -> None:
    with pytest.raises(ValueError, match=r"."):
        PdfFacts.decode(answer)


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
def test_qpdf_finds_nothing_wrong(loaded_scan, bench, tmp_path) -> None:
    sheet = bench.sheet()
    write_pdf(_order(loaded_scan, tmp_path, 1, 2))
    written = subprocess.run(["qpdf", "--check", tmp_path / "filed.pdf"], capture_output=True, text=True, check=False)
    assert (written.returncode, written.stderr) == (0, "")
    write_pdf(bench.order(loaded_scan, ScanKind.PDF, [sheet]))
    written = subprocess.run(["qpdf", "--check", tmp_path / "filed.pdf"], capture_output=True, text=True, check=False)
    assert (written.returncode, written.stderr) == (0, "")


def test_a_damaged_pdf_is_filed_where_it_can_be_repaired(bench, tmp_path) -> None:
    sheet = bench.sheet()
    scan = bench.scanned_pdf(tmp_path / "scan.pdf", [sheet])
    whole = scan.read_bytes()
    scan.write_bytes(whole[: whole.rindex(b"xref")])
    assert write_pdf(bench.order(scan, ScanKind.PDF, [sheet])).text_state is TextState.LAYER


def test_a_scan_that_no_parser_takes_leaves_nothing_behind(tmp_path) -> None:
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-1.7 and then nothing")
    with pytest.raises(pikepdf.PdfError):
        write_pdf(_order(scan, tmp_path, 1))
    assert not (tmp_path / "filed.pdf").exists()


def test_a_page_that_the_scan_lacks_is_an_error(bench, tmp_path) -> None:
    scan = bench.scanned_pdf(tmp_path / "scan.pdf", [bench.sheet()])
    with pytest.raises(IndexError):
        write_pdf(_order(scan, tmp_path, 2))


def test_a_hidden_layer_stays_hidden(bench, tmp_path) -> None:
    scan = bench.scanned_pdf(tmp_path / "scan.pdf", [bench.sheet(texts=())])
    with pikepdf.open(scan, allow_overwriting_input=True) as pdf:
        group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("watermark")))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(OFF=Array([group])))
        page = pdf.pages[0]
        page.obj.Resources.Properties = Dictionary(MC0=group)
        page.obj.Contents = pdf.make_stream(b"/OC /MC0 BDC 0 g 0 0 612 792 re f EMC\n")
        pdf.save(scan)
    write_pdf(_order(scan, tmp_path, 1))
    with pypdfium2.PdfDocument(tmp_path / "filed.pdf") as document:
        assert document[0].render(scale=0.2, grayscale=True).to_numpy().min() == 255


def test_a_scan_that_wants_a_password_is_filed_without_one_and_the_password_is_not_in_it(bench, tmp_path) -> None:
    sheet = bench.sheet()
    bare = bench.scanned_pdf(tmp_path / "bare.pdf", [sheet])
    locked = tmp_path / "locked.pdf"
    with pikepdf.open(bare) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(user="hush-hush", owner="boss", R=6))
    with pytest.raises(pikepdf.PasswordError):
        write_pdf(_order(locked, tmp_path, 1, passwords=("wrong",)))
    order = _order(locked, tmp_path, 1, passwords=("wrong", "hush-hush"))
    assert "hush" not in repr(order)
    facts = write_pdf(order)
    assert b"hush" not in _everything(tmp_path / "filed.pdf")
    with pikepdf.open(tmp_path / "filed.pdf") as pdf:
        assert not pdf.is_encrypted
    assert facts == write_pdf(_order(bare, tmp_path, 1)), "the very file that the bare scan gives"


def test_the_own_text_of_a_scan_that_wants_a_password_is_kept(tmp_path) -> None:
    sheet = pikepdf.new()
    sheet.add_blank_page()
    sheet.pages[0].Resources = Dictionary(
        Font=Dictionary(F=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    )
    sheet.pages[0].Contents = sheet.make_stream(b"BT /F 20 Tf 72 700 Td (Potassium within normal range) Tj ET")
    sheet.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(user="u", owner="o"))
    assert write_pdf(_order(tmp_path / "locked.pdf", tmp_path, 1, passwords=("u",))).text_state is TextState.OWN
