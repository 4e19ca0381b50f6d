"""A page on which the renderers fail is never taken for a blank one: a person hears of it."""

from __future__ import annotations

import io
import zlib
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ingest.evidence.labels import load_labels
from ingest.evidence.values import SiteFacts
from ingest.model import PageArtefact, PageFailure, PageTrouble, ScanKind
from ingest.page import Guide, read_task
from ingest.reading.artefact import decode
from ingest.reading.options import ReadingOptions
from ingest.reading.page import read_sheet
from ingest.running.pool import Limits, WorkerPool
from tests.fakes.bombs import one_page, stream

OPTIONS = ReadingOptions(engine="tests.fakes.engines:quick", second_reader="off")
_SHOWN = b"q 612 0 0 792 0 0 cm /Im0 Do Q"
_NAMED = b"<< /XObject << /Im0 5 0 R >> >>"
_TOLD = b"/Type /XObject /Subtype /Image /Width 400 /Height 500 /ColorSpace /DeviceGray /BitsPerComponent 8 "


def _outcome(folder: Path, data: bytes) -> PageArtefact | PageFailure:
    (folder / "scan.pdf").write_bytes(data)
    sheet = read_sheet(folder / "scan.pdf", ScanKind.PDF, 1, OPTIONS)
    return sheet if isinstance(sheet, PageFailure) else sheet.artefact


def _jpeg(fill: int = 255) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.full((500, 400), fill, np.uint8)).save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(
    "picture",
    [
        stream(b"\xff\xd8\xff\xe0 this is no JPEG" * 40, _TOLD + b"/Filter /DCTDecode"),
        stream(b"this is not deflated" * 40, _TOLD + b"/Filter /FlateDecode"),
        stream(b"\0" * 200, _TOLD + b"/Filter /NoSuchDecode"),
    ],
)
def test_a_page_whose_picture_nobody_can_decode_is_damaged_and_not_blank(tmp_path: Path, picture: bytes) -> None:
    outcome = _outcome(tmp_path, one_page(stream(_SHOWN), _NAMED, picture))
    assert isinstance(outcome, PageFailure)
    assert outcome.trouble is PageTrouble.NO_PICTURE
    assert not outcome.has_picture


def test_a_page_that_one_renderer_shows_empty_and_the_other_refuses_goes_to_a_person(tmp_path: Path) -> None:
    """Both run out of memory on it: poppler says so, PDFium shows a white page."""
    content = zlib.compress(b"q " * 1_500_000 + b"0 0 300 300 re f", 9)
    (tmp_path / "scan.pdf").write_bytes(one_page(stream(content, b"/Filter /FlateDecode")))
    guide = Guide(labels=load_labels(), facts=SiteFacts(today=date(2026, 11, 1), mrn_shapes=()))
    pool = WorkerPool(1, Limits(memory_bytes=1_000 << 20, file_bytes=1 << 20))
    try:
        asked = (str(tmp_path / "scan.pdf"), ScanKind.PDF, 1, OPTIONS, guide)
        outcome = decode(pool.submit(read_task, *asked, timeout_s=100).result())
    finally:
        pool.close(kill=True)
    assert isinstance(outcome, PageFailure)
    assert outcome.has_picture


@pytest.mark.parametrize(
    "data",
    [
        one_page(stream(b"q Q")),
        one_page(stream(_SHOWN), _NAMED, stream(_jpeg(), _TOLD + b"/Filter /DCTDecode")),
        one_page(stream(b"1 g 0 0 612 792 re f " + _SHOWN), _NAMED, stream(_jpeg(), _TOLD + b"/Filter /DCTDecode")),
    ],
)
def test_a_page_that_is_white_stays_blank(tmp_path: Path, data: bytes, caplog: pytest.LogCaptureFixture) -> None:
    outcome = _outcome(tmp_path, data)
    assert isinstance(outcome, PageArtefact)
    assert outcome.blank
    assert not caplog.records  # no library warns the user of what we do
