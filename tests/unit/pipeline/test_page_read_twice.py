"""The way of one page: what is in doubt is shown to the second reader, and its words lie on the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import inf

import numpy as np
import pytest

from ingest.evidence.labels import load_labels
from ingest.evidence.values import SiteFacts
from ingest.model import PageArtefact, Turn
from ingest.page import Guide, read_again
from ingest.reading.ocr.port import OcrFailed
from ingest.reading.page import Sheet
from ingest.reading.prepare import Prepared, prepare
from ingest.reading.raster import Raster
from tests.fakes.drawn import raster
from tests.fakes.pages import HEIGHT, WIDTH, at, page_of
from tests.fakes.second import ScriptedReader

GUIDE = Guide(labels=load_labels(), facts=SiteFacts(today=date(2026, 11, 1), mrn_shapes=("9999999",)))
DOUBTFUL = page_of(
    at(2, 5, "Riverside Clinic"),
    at(5, 5, "MRN:  12E4567~"),
    at(7, 5, "Patient Name:  SMITH,~ JOHN~"),
    at(20, 5, "Please bring this form to the front desk."),
)


def sheet(page: PageArtefact) -> Sheet:
    shape = (WIDTH, HEIGHT) if page.turn in (Turn.LEFT, Turn.RIGHT) else (HEIGHT, WIDTH)
    blank: Raster = raster(np.full(shape, 240, dtype=np.uint8), 300)
    flat = np.arange(shape[0] * shape[1], dtype=np.uint32).reshape(shape).astype(np.uint8)
    prepared: Prepared = replace(prepare(blank), black=flat, flat=flat)
    return Sheet(artefact=page, prepared=prepared, until=inf)


def test_words_of_a_place_lie_where_the_place_lies() -> None:
    reader = ScriptedReader("one", "two", "three")
    read = read_again(sheet(DOUBTFUL), reader, GUIDE)
    assert len(read) == len(reader.shown) >= 2
    for one in read:
        assert (one.engine, one.engine_version) == ("scripted", "1")
        for word in one.words:
            assert abs(word.box.x0 - one.box.x0 - 5) <= 0.5
            assert abs(word.box.y0 - one.box.y0 - 5) <= 0.5


@pytest.mark.parametrize("turn", list(Turn))
def test_a_place_is_cut_from_the_page_turned_upright(turn: Turn) -> None:
    page = sheet(replace(DOUBTFUL, turn=turn))
    quarters = {Turn.NONE: 0, Turn.RIGHT: 3, Turn.HALF: 2, Turn.LEFT: 1}[turn]
    upright = np.rot90(page.prepared.flat, quarters)
    reader = ScriptedReader()
    for one, shown in zip(read_again(page, reader, GUIDE), reader.shown, strict=True):
        y0, x0 = round(one.box.y0), round(one.box.x0)
        assert np.array_equal(shown, upright[y0 : y0 + shown.shape[0], x0 : x0 + shown.shape[1]])


def test_a_place_that_the_second_reader_fails_on_costs_only_itself() -> None:
    read = read_again(sheet(DOUBTFUL), ScriptedReader(OcrFailed("no"), "two"), GUIDE)
    assert [word.text for one in read for word in one.words] == ["two"]


def test_certain_pages_are_shown_to_nobody() -> None:
    reader = ScriptedReader("one")
    certain = page_of(at(2, 5, "Riverside Clinic"), at(5, 5, "MRN:  1234567"), at(7, 5, "Patient Name:  SMITH, JOHN"))
    assert read_again(sheet(certain), reader, GUIDE) == ()
    assert reader.shown == []
