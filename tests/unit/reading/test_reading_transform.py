"""A word read on a scan that lies askew maps back to where it stands on the page, within one per cent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ingest.model import Box, PageArtefact, Turn, Word
from ingest.reading.geometry import QUARTERS, then, turned_size, turning
from ingest.reading.ocr.port import Layout
from ingest.reading.ocr.select import engine_for
from ingest.reading.options import ReadingOptions
from ingest.reading.orient import best_turn, lie
from ingest.reading.page import read_raster
from tests.fakes.drawn import draw, noisy, raster, skewed

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


@pytest.mark.parametrize("turn", [Turn.RIGHT, Turn.LEFT])
def test_words_that_lie_say_which_part_of_the_page_tells_which_way_up_it_is(turn: Turn) -> None:
    """A tracing on squares is busier than the print beside it, and says nothing of the way up."""
    page = np.full((1600, 1600), 255, np.uint8)
    page[:, :1000:8] = 0
    page[100:700, 1400:1440] = 128  # the print
    lying = tuple(
        Word(text=text, confidence=0.96, box=Box(x0=1400, y0=y, x1=1440, y1=y + 180), block=1, line=n)
        for n, (text, y) in enumerate((("RIVERA,", 100), ("CARMEN", 300), ("00482913", 500)))
    )

    def reading(picture: np.ndarray, layout: Layout, dpi: int) -> tuple[Word, ...]:
        """An engine that reads the print, and reads it well as soon as it stands upright."""
        if not 100 < int(picture.min()) < 200:
            return ()
        upright = tuple(
            replace(word, box=Box(x0=100 * n, y0=10, x1=100 * n + 90, y1=30)) for n, word in enumerate(lying)
        )
        return upright if picture.shape[1] > picture.shape[0] and turns.pop(0) is turn else ()

    turns = [Turn.RIGHT, Turn.LEFT]
    found = best_turn(lambda _: page, 300, (Turn.NONE, *turns), reading, lying)
    assert lie(lying)
    assert found is turn


def test_print_beside_a_tracing_tells_where_the_tracing_does_not_that_a_page_stands_on_its_head() -> None:
    page = np.full((1600, 1600), 255, np.uint8)
    page[200::7, :1400] = 0
    page[40:140, 100:900] = 128  # the print
    garbled = tuple(
        Word(text=text, confidence=0.3, box=Box(x0=x, y0=50, x1=x + 180, y1=90), block=1, line=1)
        for text, x in (("papsoray", 100), ("ayepyqig", 300), ("quarzed", 500))
    )
    asked: list[bool] = []

    def reading(picture: np.ndarray, layout: Layout, dpi: int) -> tuple[Word, ...]:
        """An engine that reads the print as soon as it stands upright: at the foot of the turned picture."""
        grey = int((picture == 128).sum()) > 1000
        asked.append(grey)
        if not grey:
            return ()
        good = ("RIVERA,", "CARMEN", "00482913")
        return tuple(replace(word, text=text, confidence=0.96) for word, text in zip(garbled, good, strict=True))

    assert best_turn(lambda _: page, 300, (Turn.NONE, Turn.HALF), reading, garbled) is Turn.HALF
    assert asked == [False, True]
    assert best_turn(lambda _: page, 300, (Turn.NONE, Turn.HALF), reading, garbled[:1]) is Turn.NONE
