"""A word read on a scan that lies askew maps back to where it stands on the page, within one per cent."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.model import Box, PageArtefact, Turn, Word
from ingest.reading.geometry import QUARTERS, then, turned_size, turning
from ingest.reading.ocr.select import engine_for
from ingest.reading.options import ReadingOptions
from ingest.reading.page import read_raster
from tests.fakes.drawn import FORM, draw, noisy, raster, skewed

pytestmark = pytest.mark.ocr
OPTIONS = ReadingOptions()
LANDMARKS = ("HOSPITAL", "CARMEN", "00482913", "medication")


def read(picture: np.ndarray, dpi: float = 150, **facts: object) -> PageArtefact:
    page = read_raster(raster(picture, dpi, **facts), 1, engine_for(OPTIONS), OPTIONS)  # type: ignore[arg-type]
    assert isinstance(page, PageArtefact)
    return page


def middle(page: PageArtefact, text: str) -> tuple[float, float]:
    (word,) = [word for word in page.words if word.text == text]
    box = page.to_page.bounding(word.box)
    return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2


def drawn_middle(picture: np.ndarray, clean: PageArtefact, text: str) -> tuple[float, float]:
    """Where the ink of a word is, measured on the clean drawing in its pixels."""
    x, y = middle(clean, text)
    height, width = picture.shape
    return x * width, y * height


@pytest.fixture(scope="module")
def form() -> np.ndarray:
    return draw()


@pytest.fixture(scope="module")
def straight(form: np.ndarray) -> PageArtefact:
    return read(form)


def test_a_word_on_a_straight_page_is_where_it_was_drawn(form: np.ndarray, straight: PageArtefact) -> None:
    height, width = form.shape
    for text in LANDMARKS:
        (word,) = [word for word in straight.words if word.text == text]
        box = straight.to_page.bounding(word.box)
        found = form[
            int(box.y0 * height) - 2 : int(box.y1 * height) + 3,
            int(box.x0 * width) - 2 : int(box.x1 * width) + 3,
        ]
        ys, xs = np.nonzero(found < 128)
        assert (ys.min(), xs.min()) <= (4, 4)
        assert found.shape[0] - ys.max() <= 5
        assert found.shape[1] - xs.max() <= 5


@pytest.mark.parametrize(
    ("turn", "degrees"),
    [
        (Turn.NONE, 2.3),
        (Turn.NONE, -11.0),
        (Turn.HALF, 0.0),
        (Turn.RIGHT, -1.7),
        (Turn.LEFT, 4.1),
    ],
)
def test_a_word_on_a_skewed_and_turned_page_maps_back_to_its_place(
    form: np.ndarray, straight: PageArtefact, turn: Turn, degrees: float
) -> None:
    undo = {Turn.NONE: Turn.NONE, Turn.HALF: Turn.HALF, Turn.RIGHT: Turn.LEFT, Turn.LEFT: Turn.RIGHT}[turn]
    lying = np.ascontiguousarray(np.rot90(form, QUARTERS[undo]))
    scan, moved = skewed(noisy(lying, 6), degrees)
    page = read(scan)
    assert page.turn is turn
    assert page.skew_deg == pytest.approx(degrees, abs=0.3)
    height, width = form.shape
    lay = then(turning(undo, width, height), moved)
    lying_height, lying_width = lying.shape
    upright = then(lay, turning(turn, lying_width, lying_height))
    page_width, page_height = turned_size(turn, lying_width, lying_height)
    for text in LANDMARKS:
        x, y = upright.apply(*drawn_middle(form, straight, text))
        assert middle(page, text) == pytest.approx((x / page_width, y / page_height), abs=0.01)


def test_fax_pixels_that_are_twice_as_high_as_wide_map_back_too(form: np.ndarray, straight: PageArtefact) -> None:
    tall = draw(dpi=204)[::2]
    page = read(tall, 204, dpi_y=102)
    assert page.read_height_px / page.read_width_px == pytest.approx(form.shape[0] / form.shape[1], rel=0.02)
    for text in ("HOSPITAL", "CARMEN", "00482913"):
        assert middle(page, text) == pytest.approx(middle(straight, text), abs=0.01)


def test_every_box_lies_inside_the_picture_that_was_read(straight: PageArtefact) -> None:
    def inside(word: Word) -> bool:
        box: Box = word.box
        return 0 <= box.x0 < box.x1 <= straight.read_width_px and 0 <= box.y0 < box.y1 <= straight.read_height_px

    assert straight.words
    assert all(inside(word) for word in straight.words)


def test_words_of_one_line_share_its_number_and_lines_never_fall(straight: PageArtefact) -> None:
    numbers = [word.line for word in straight.words]
    assert numbers == sorted(numbers)
    (name,) = {word.line for word in straight.words if word.text in ("RIVERA,", "CARMEN")}
    assert name not in {word.line for word in straight.words if word.text == "00482913"}


@pytest.mark.parametrize(("turn", "undo"), [(Turn.RIGHT, Turn.LEFT), (Turn.LEFT, Turn.RIGHT)])
def test_a_page_on_its_side_is_turned_whatever_else_runs_across_it(turn: Turn, undo: Turn) -> None:
    """A tracing on squares is busier than its print, and the engine reads lines that run down the page too."""
    sheet = draw(FORM[:5], size_in=(11, 8.5))
    height, width = sheet.shape
    ruled = sheet.copy()
    ruled[height // 3 :: 30] = 190
    ruled[height // 3 :, ::30] = 190
    across = np.arange(width)
    for row in range(4):
        wave = height // 3 + 120 + row * 200 - (40 * (across % 90 < 4)) - (8 * np.sin(across / 7)).astype(int)
        for thick in range(3):
            ruled[np.clip(wave + thick, 0, height - 1), across] = 30
    page = read(np.ascontiguousarray(np.rot90(ruled, QUARTERS[undo])))
    assert page.turn is turn
    assert {"RIVERA,", "00482913"} <= {word.text for word in page.words}
