"""Our own separator sheets, read back with the real engine: worn, faxed, turned, and with their codes unreadable."""

from __future__ import annotations

from datetime import date

import cv2
import numpy as np
import pytest

from ingest.evidence.doctypes import DocType
from ingest.evidence.find import SiteFacts, find_evidence
from ingest.evidence.labels import load_labels
from ingest.evidence.separators import (
    COVER_WORD,
    OWN_CODE,
    OWN_WORDS,
    Cover,
    Mark,
    cover_code,
    cover_of,
    separator_mark,
)
from ingest.filing.sheets import DPI, draw_separator
from ingest.model import PageArtefact
from ingest.reading.ocr.select import engine_for
from ingest.reading.options import ReadingOptions
from ingest.reading.page import read_raster
from matchers.patient import Field
from tests.fakes.drawn import Grey, noisy, raster, skewed
from tests.fakes.pages import code, page_of

pytestmark = pytest.mark.ocr


def _sheet() -> Grey:
    sheet = draw_separator(OWN_CODE, OWN_WORDS, "Lay this sheet before each document.")
    return np.where(np.asarray(sheet), np.uint8(245), np.uint8(25))


def _mark(page: Grey, dpi: float = DPI) -> Mark | None:
    read = read_raster(raster(page, dpi), 1, engine_for(ReadingOptions()), ReadingOptions())
    assert isinstance(read, PageArtefact)
    return separator_mark(read, ())


@pytest.mark.parametrize("turns", range(4))
def test_a_sheet_is_known_at_any_turn(turns: int) -> None:
    assert _mark(np.ascontiguousarray(np.rot90(_sheet(), turns))) is Mark.SHEET


def test_a_copied_sheet_that_lies_askew_is_known() -> None:
    page, _ = skewed(noisy(cv2.GaussianBlur(_sheet(), (0, 0), 1.6), 18.0), 2.0)
    assert _mark(page) is Mark.SHEET


def test_a_faxed_sheet_is_known() -> None:
    small = cv2.resize(_sheet(), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    assert _mark(np.where(small > 127, np.uint8(255), np.uint8(0)), DPI / 2) is Mark.SHEET


def test_a_sheet_whose_codes_are_crossed_out_is_known_by_its_words() -> None:
    page = _sheet().copy()
    for top, bottom in ((0.5, 1.5), (5.0, 8.0), (9.5, 10.6)):
        page[round(top * DPI) : round(bottom * DPI)] = 245
    assert _mark(page) is Mark.SHEET


def test_a_cover_sheet_is_read_back_by_code_and_print() -> None:
    words = (COVER_WORD, "Patient: VANDERHOOF, MARGARET ALEXANDRA", "DOB: 1951-03-14", "MRN: 00412345")
    sheet = draw_separator(cover_code("00412345", DocType.CONSENT), words, "Lay this sheet before one document.")
    printed = np.where(np.asarray(sheet), np.uint8(245), np.uint8(25))
    worn, _ = skewed(noisy(cv2.GaussianBlur(printed, (0, 0), 1.2), 12.0), 1.5)
    read = read_raster(raster(worn, DPI), 1, engine_for(ReadingOptions()), ReadingOptions())
    assert isinstance(read, PageArtefact)
    assert cover_of(read) == Cover(page=1, mrn="00412345", type=DocType.CONSENT)
    said = {one.field: one.value for one in find_evidence(read, load_labels(), SiteFacts(today=date(2026, 11, 1)))}
    assert said[Field.MRN] == "00412345"
    assert said[Field.BIRTH_DATE] == "1951-03-14"
    assert said[Field.NAME] == "VANDERHOOF, MARGARET ALEXANDRA"


@pytest.mark.parametrize(
    "text", ["PAPERCHART:COVER:1:00412345:consent:00000000", "PAPERCHART:COVER:1:00412345:konsent:"]
)
def test_a_cover_sheets_code_that_does_not_hold_is_none(text: str) -> None:
    assert cover_of(page_of(code(1, 1, text))) is None


def test_a_cover_sheets_code_holds_any_mrn() -> None:
    assert cover_of(page_of(code(1, 1, cover_code("A:1/b ~é", None)))) == Cover(page=1, mrn="A:1/b ~é", type=None)
