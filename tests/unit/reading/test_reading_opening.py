"""What a file is and whether it can be worked, told before anything is decoded."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

import img2pdf
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from ingest.model import FileOpened, FileRefused, FileTrouble, ScanKind
from ingest.reading.opening import open_scan
from ingest.reading.options import ReadingOptions
from ingest.reading.pages import take_picture
from ingest.reading.raster import Raster
from tests.fakes.drawn import draw

OPTIONS = ReadingOptions()


def picture(form: str, **how: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(draw(dpi=60)).save(buffer, format=form, **how)  # type: ignore[arg-type]
    return buffer.getvalue()


def pdf(pages: int = 2) -> bytes:
    data = img2pdf.convert([picture("JPEG", dpi=(60, 60))] * pages)
    assert isinstance(data, bytes)
    return data


def tiff(frames: int = 3) -> bytes:
    buffer = io.BytesIO()
    image = Image.fromarray(draw(dpi=60)).convert("1")
    image.save(
        buffer,
        format="TIFF",
        save_all=True,
        append_images=[image] * (frames - 1),
        compression="group4",
    )
    return buffer.getvalue()


def protected(**passwords: str) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.save(buffer, encryption=pikepdf.Encryption(**passwords))  # type: ignore[arg-type]
    return buffer.getvalue()


def opened(folder: Path, data: bytes, name: str = "scan", options: ReadingOptions = OPTIONS) -> object:
    path = folder / name
    path.write_bytes(data)
    return open_scan(path, options)


def refused(outcome: object, trouble: FileTrouble) -> str:
    assert isinstance(outcome, FileRefused)
    assert outcome.trouble is trouble
    assert outcome.reason[0].isupper()
    assert outcome.reason.endswith(".")
    return outcome.reason


@pytest.mark.parametrize(
    ("data", "kind", "pages"),
    [
        (pdf(2), ScanKind.PDF, 2),
        (b"mail header\r\n" * 30 + pdf(2), ScanKind.PDF, 2),
        (tiff(3), ScanKind.TIFF, 3),
        (picture("TIFF", big_tiff=True), ScanKind.TIFF, 1),
        (picture("JPEG"), ScanKind.JPEG, 1),
        (picture("PNG"), ScanKind.PNG, 1),
    ],
)
def test_a_scan_is_told_by_its_content_whatever_its_name(
    tmp_path: Path, data: bytes, kind: ScanKind, pages: int
) -> None:
    for name in ("scan", "scan.txt", "scan.jpg", "scan.pdf"):
        assert opened(tmp_path, data, name) == FileOpened(kind=kind, pages=pages)


@pytest.mark.parametrize("data", [b"just a letter", b"GIF89a....", b"PK\x03\x04 office", bytes(range(256)) * 8])
def test_what_is_no_scan_is_refused(tmp_path: Path, data: bytes) -> None:
    assert "PDF, TIFF, JPEG or PNG" in refused(opened(tmp_path, data, "scan.pdf"), FileTrouble.NOT_A_SCAN)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    refused(opened(tmp_path, b""), FileTrouble.EMPTY)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.97])
@pytest.mark.parametrize("make", [pdf, tiff, lambda: picture("PNG"), lambda: picture("JPEG")])
def test_a_cut_off_file_is_refused(tmp_path: Path, make: object, share: float) -> None:
    data = make()  # type: ignore[operator]
    refused(opened(tmp_path, data[: int(len(data) * share)]), FileTrouble.DAMAGED)


def test_a_pdf_that_lacks_a_page_it_announces_is_refused(tmp_path: Path) -> None:
    data = pdf(2)
    assert data.count(b"/Count 2") == 1
    refused(opened(tmp_path, data.replace(b"/Count 2", b"/Count 5")), FileTrouble.DAMAGED)


def test_a_pdf_with_a_broken_table_but_all_its_pages_is_opened_with_a_remark(tmp_path: Path) -> None:
    data = pdf(2)
    start = data.rindex(b"startxref")
    outcome = opened(tmp_path, data[:start] + b"startxref\n7\n%%EOF\n")
    assert outcome == FileOpened(kind=ScanKind.PDF, pages=2, remarks=("the PDF was damaged and has been repaired",))


def test_a_pdf_that_needs_a_password_is_refused_with_the_remedy(tmp_path: Path) -> None:
    reason = refused(opened(tmp_path, protected(user="u", owner="o")), FileTrouble.ENCRYPTED)
    assert reason.startswith("The PDF needs a password; save it without one and drop it again, or put the password")
    others = ReadingOptions(passwords=("no",))
    unknown = refused(opened(tmp_path, protected(user="u", owner="o"), options=others), FileTrouble.ENCRYPTED)
    assert "none of the site's opens it" in unknown


@pytest.mark.parametrize("owner", ["o", "u"])
def test_a_pdf_opens_with_a_password_that_the_site_knows(tmp_path: Path, owner: str) -> None:
    known = ReadingOptions(passwords=("wrong", "ü", "u"))
    assert opened(tmp_path, protected(user="u", owner=owner), options=known) == FileOpened(kind=ScanKind.PDF, pages=2)
    assert opened(tmp_path, pdf(), options=known) == FileOpened(kind=ScanKind.PDF, pages=2)


def test_a_pdf_that_no_known_password_opens_is_refused_and_none_is_told(tmp_path: Path) -> None:
    known = ReadingOptions(passwords=("hush-hush", "open sesame"))
    reason = refused(opened(tmp_path, protected(user="u", owner="o"), options=known), FileTrouble.ENCRYPTED)
    assert "none of the site's opens it" in reason
    assert "hush" not in reason + repr(known)


@pytest.mark.parametrize("isolated", [False, True])
def test_a_locked_pdf_is_drawn_as_the_open_one(tmp_path: Path, isolated: bool) -> None:
    (tmp_path / "locked.pdf").write_bytes(protected(user="u", owner="o"))
    (tmp_path / "open.pdf").write_bytes(pdf())
    options = ReadingOptions(passwords=("w", "u"), isolated=isolated)
    locked, bare = (take_picture(tmp_path / name, ScanKind.PDF, 2, options) for name in ("locked.pdf", "open.pdf"))
    assert isinstance(locked, Raster)
    assert isinstance(bare, Raster)
    assert (locked.picture == bare.picture).all()


def test_a_pdf_that_is_only_locked_against_changes_opens(tmp_path: Path) -> None:
    assert opened(tmp_path, protected(owner="o")) == FileOpened(kind=ScanKind.PDF, pages=2)


def test_a_pdf_without_pages_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    pikepdf.new().save(buffer)
    refused(opened(tmp_path, buffer.getvalue()), FileTrouble.NO_PAGES)


@pytest.mark.parametrize("data", [pdf(4), tiff(4)])
def test_too_many_pages_are_refused(tmp_path: Path, data: bytes) -> None:
    few = ReadingOptions(max_pages=3)
    assert "3 pages" in refused(opened(tmp_path, data, options=few), FileTrouble.TOO_MANY_PAGES)


def test_a_tiff_whose_chain_of_frames_loops_comes_to_an_end(tmp_path: Path) -> None:
    data = bytearray(tiff(3))
    first = struct.unpack_from("<I", data, 4)[0]
    entries = struct.unpack_from("<H", data, first)[0]
    struct.pack_into("<I", data, first + 2 + 12 * entries, first)  # the first frame's next is the first
    assert opened(tmp_path, bytes(data)) == FileOpened(kind=ScanKind.TIFF, pages=1)


def test_too_many_bytes_are_refused_unread(tmp_path: Path) -> None:
    refused(opened(tmp_path, pdf(), options=ReadingOptions(max_file_bytes=100)), FileTrouble.TOO_LARGE)


@pytest.mark.parametrize("side", [2_000, 30_000])
def test_too_many_pixels_are_refused_before_they_are_decoded(tmp_path: Path, side: int) -> None:
    header = struct.pack(">II5B", side, side, 1, 0, 0, 0, 0)
    chunk = struct.pack(">I", len(header)) + b"IHDR" + header
    crc = struct.pack(">I", zlib.crc32(b"IHDR" + header))
    data = b"\x89PNG\r\n\x1a\n" + chunk + crc + b"\x00\x00\x00\x00IDAT" + b"\x00" * 8 + b"IEND"
    small = ReadingOptions(max_pixels=1_000_000)
    refused(opened(tmp_path, data, options=small), FileTrouble.TOO_LARGE)


def test_what_is_no_file_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    folder, pipe = tmp_path / "folder.pdf", tmp_path / "pipe.pdf"
    folder.mkdir()
    os.mkfifo(pipe)
    assert "folder" in refused(open_scan(folder, OPTIONS), FileTrouble.NOT_A_FILE)
    refused(open_scan(pipe, OPTIONS), FileTrouble.NOT_A_FILE)
    refused(open_scan(tmp_path / "gone.pdf", OPTIONS), FileTrouble.UNREADABLE)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf())
    path.chmod(0)
    refused(open_scan(path, OPTIONS), FileTrouble.UNREADABLE)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(which=st.sampled_from(["pdf", "tiff", "png", "jpeg"]), data=st.data())
def test_whatever_bytes_are_broken_there_is_an_outcome(tmp_path: Path, which: str, data: st.DataObject) -> None:
    whole = {"pdf": pdf(1), "tiff": tiff(2), "png": picture("PNG"), "jpeg": picture("JPEG")}[which]
    broken = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(opened(tmp_path, bytes(broken)), FileOpened | FileRefused)
