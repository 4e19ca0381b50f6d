"""Our own separator sheets, read back with the real engine: worn, faxed, turned, and with their codes unreadable."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ingest.evidence.separators import OWN_CODE, OWN_WORDS, Mark, separator_mark
from ingest.filing.sheets import DPI, draw_separator
from ingest.model import PageArtefact
from ingest.reading.ocr.select import engine_for
from ingest.reading.options import ReadingOptions
from ingest.reading.page import read_raster
from tests.fakes.drawn import Grey, noisy, raster, skewed

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
