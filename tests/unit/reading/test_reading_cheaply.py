"""What spares work must not cost letters: specks and rules, shapes under a turn, smaller pictures, fewer readings."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from ingest.model import Box, Turn, Word
from ingest.reading.clean import Shapes, tidy
from ingest.reading.leftovers import add_leftovers
from ingest.reading.ocr.port import Layout
from ingest.reading.ocr.smaller import read_smaller
from ingest.reading.options import ReadingOptions
from ingest.reading.page import Sheet, sheet_of
from ingest.reading.prepare import prepare
from ingest.reading.raster import Picture
from ingest.reading.scale import letter_height, scale
from tests.fakes.drawn import draw, noisy, raster


def paper(height: int = 900, width: int = 1200) -> Picture:
    return np.full((height, width), 255, np.uint8)


def lettered(text: str, at: tuple[int, int] = (100, 200)) -> Picture:
    picture = paper()
    cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 3)
    return picture


def word(text: str, box: Box) -> Word:
    return Word(text=text, confidence=0.9, box=box, line=0, block=0)


class Scripted:
    """An engine that tells one word over a given part of whatever picture it is shown, and remembers the pictures."""

    name, version, languages = "scripted", "1", ("eng",)

    def __init__(self, left: float = 0.25, top: float = 0.5, right: float = 1.0, bottom: float = 1.0) -> None:
        self._shares = (left, top, right, bottom)
        self.shown: list[tuple[tuple[int, ...], int, Layout]] = []

    def read(self, picture: Picture, *, dpi: int, layout: Layout, timeout_s: float) -> tuple[Word, ...]:
        self.shown.append((picture.shape, dpi, layout))
        height, width = picture.shape
        left, top, right, bottom = self._shares
        return (word("ROE", Box(x0=left * width, y0=top * height, x1=right * width, y1=bottom * height)),)


def test_specks_go_and_dots_and_letters_stay() -> None:
    picture = lettered("i. Roe")
    letters = picture.copy()
    picture[600, 100:1100:50] = 0
    cv2.rectangle(picture, (600, 700), (604, 704), 0, -1)  # a printed dot of 10 points
    tidied, shapes = tidy(picture, 300, 4.0)
    assert (tidied[600] == 255).all()
    assert (tidied[700:705, 600:605] == 0).all()
    assert (tidied[:400] == letters[:400]).all()
    assert any(abs(x - 600) <= 2 and abs(y - 700) <= 2 for x, y, *_ in shapes.tolist())
    assert not any(590 <= y <= 610 for _, y, *_ in shapes.tolist())


def test_many_specks_go_as_well() -> None:
    picture = paper()
    picture[::8, ::8] = 0
    tidied, shapes = tidy(picture, 300, 4.0)
    assert (tidied == 255).all()
    assert len(shapes) == 0


@pytest.mark.parametrize("thickness", [1, 2, 4])
def test_rules_go_across_and_down_and_letters_on_them_stay(thickness: int) -> None:
    picture = lettered("HILT")
    letters = picture < 128
    cv2.line(picture, (50, 190), (1150, 190), 0, thickness)
    cv2.line(picture, (700, 50), (700, 850), 0, thickness)
    tidied, _ = tidy(picture, 300, 4.0)
    ink = tidied < 128
    assert ink[letters].mean() > 0.93
    assert not ink[:, 500:690].any()
    assert not ink[300:, 690:710].any()


def test_shapes_turn_with_the_page() -> None:
    prepared = prepare(raster(draw((("Jane Roe", 0.1, 0.2), ("MRN 447109", 0.1, 0.4)))))
    for turn in Turn:
        picture = prepared.turned(turn)
        found = prepared.shapes_turned(turn)
        assert len(found)
        for x, y, wide, high, _ in found.tolist():
            assert (picture[y : y + high, x : x + wide] < 128).any()
            around = picture[max(0, y - 2) : y + high + 2, max(0, x - 2) : x + wide + 2].copy()
            around[2:-2, 2:-2] = 255
            assert (around >= 128).mean() > 0.9


def test_a_smaller_picture_is_read_and_boxes_are_those_of_the_large_one() -> None:
    engine = Scripted()
    (read,) = read_smaller(engine, paper(901, 1203), 0.75, dpi=300, layout=Layout.BLOCK, timeout_s=1.0)
    assert engine.shown == [((676, 902), 225, Layout.BLOCK)]
    assert read.box.x0 == pytest.approx(1203 / 4, abs=0.1)
    assert read.box.y0 == pytest.approx(901 / 2, abs=0.1)
    assert (read.box.x1, read.box.y1) == (1203, 901)


def test_a_picture_that_is_small_enough_goes_as_it_is() -> None:
    engine = Scripted()
    read_smaller(engine, paper(), 1.0, dpi=200, layout=Layout.PAGE, timeout_s=1.0)
    assert engine.shown == [((900, 1200), 200, Layout.PAGE)]


def shapes_of(picture: Picture) -> Shapes:
    return tidy(picture, 300, 4.0)[1]


def test_what_was_left_over_is_read_again_and_nothing_else() -> None:
    picture = lettered("JANE ROE")
    cv2.putText(picture, "MRN 447109", (300, 700), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 3)
    shown: list[Picture] = []

    def read(part: Picture, layout: Layout = Layout.PAGE, dpi: int = 300) -> tuple[Word, ...]:
        assert layout is Layout.SCATTERED
        shown.append(part)
        ys, xs = np.nonzero(part < 128)
        return (word("447109", Box(x0=xs.min(), y0=ys.min(), x1=xs.max() + 1, y1=ys.max() + 1)),)

    name = word("JANE", Box(x0=90, y0=160, x1=420, y1=210))
    first, second = add_leftovers(picture, shapes_of(picture), (name,), read)
    assert first == name
    ys, xs = np.nonzero(picture[400:] < 128)
    assert (second.box.x0, second.box.x1) == (xs.min(), xs.max() + 1)
    assert (second.box.y0, second.box.y1) == (400 + ys.min(), 400 + ys.max() + 1)
    assert (second.line, second.block) == (1, 1)
    assert shown[0].size < 0.2 * picture.size


def test_a_page_that_was_read_whole_has_no_leftovers() -> None:
    picture = lettered("JANE ROE")

    def read(part: Picture, layout: Layout = Layout.PAGE, dpi: int = 300) -> tuple[Word, ...]:
        raise AssertionError("read again")

    name = word("JANE ROE", Box(x0=90, y0=150, x1=500, y1=215))
    assert add_leftovers(picture, shapes_of(picture), (name,), read) == (name,)


def test_badly_read_lines_that_clearly_run_across_are_tried_upside_down_only() -> None:
    words = ("admitted", "with", "a", "fever", "and", "cough", "since", "Tuesday", "treated", "at", "home")
    told = (" ".join(words[(5 * n + k) % 11] for k in range(4 + n % 3)) for n in range(14))
    lines = tuple((text, 0.05 + 0.013 * (n % 5), 0.06 + 0.06 * n) for n, text in enumerate(told))
    picture = noisy(draw(lines))
    prepared = prepare(raster(picture))
    assert prepared.across
    assert not prepared.sideways
    engine = Scripted()  # one word of three letters: it goes badly
    sheet_of(raster(picture), 1, engine, ReadingOptions())
    wide = [shape for shape, _, layout in engine.shown if layout is Layout.PAGE]
    assert len(wide) <= 3  # as it lies, the probe on its head, and at most one reading in the mirror


def test_dust_on_a_dark_page_is_not_taken_for_small_print() -> None:
    picture = np.full((2200, 1700), 120, np.uint8)
    stream = np.random.default_rng(11)
    for x, y in stream.integers(20, 1600, (60, 2)).tolist():
        picture[y : y + 5, x + 1 : x + 4] = picture[y + 1 : y + 4, x : x + 5] = 0
    assert letter_height(picture) is None
    assert scale(raster(picture, dpi=200)).picture.shape == (3300, 2550)


def test_dirt_on_a_page_of_a_pages_size_is_not_enlarged_for() -> None:
    """Where the dpi are stated and the page has paper's size, letters of three points are no print."""
    picture = np.full((3300, 2550), 255, np.uint8)
    stream = np.random.default_rng(12)
    for x, y in stream.integers(20, 2500, (3000, 2)).tolist():
        picture[y : y + 7, x + 2 : x + 5] = picture[y + 2 : y + 5, x : x + 7] = 0
    page = raster(picture, dpi=300)
    assert scale(page).picture.shape == picture.shape
    assert scale(raster(picture[:1200, :1600], dpi=300)).picture.shape[0] > 1200  # a small page's dpi may be wrong


class Illegible(Scripted):
    """The same, but nothing that it tells was read with any certainty."""

    def read(self, picture: Picture, *, dpi: int, layout: Layout, timeout_s: float) -> tuple[Word, ...]:
        words = super().read(picture, dpi=dpi, layout=layout, timeout_s=timeout_s)
        return tuple(replace(word, confidence=0.1) for word in words)


def drowned() -> Picture:
    """A page of black and white noise, coarse enough to be pieces of ink."""
    noise = np.random.default_rng(7).integers(0, 256, (1100, 850), dtype=np.uint8)
    smooth = cv2.GaussianBlur(cv2.resize(noise, (2550, 3300), interpolation=cv2.INTER_CUBIC), (0, 0), 2)
    return np.asarray(np.where(smooth < 112, 0, 255), dtype=np.uint8)


def test_a_page_drowned_in_noise_is_read_small_after_probes_and_never_blank() -> None:
    engine, options = Illegible(), ReadingOptions(max_pixels=100_000_000)
    page = raster(drowned(), 300)
    assert len(prepare(page).shapes) > 8_000
    sheet = sheet_of(page, 1, engine, options)
    assert isinstance(sheet, Sheet)
    assert not sheet.artefact.blank
    most = 0.3 * page.picture.size
    assert max(height * width for (height, width), _, _ in engine.shown) < most


def test_a_page_of_very_many_letters_is_read_at_its_size() -> None:
    engine, options = Scripted(), ReadingOptions(max_pixels=100_000_000)
    page = raster(drowned(), 300)
    sheet_of(page, 1, engine, options)
    assert max(height * width for (height, width), _, _ in engine.shown) > 0.4 * page.picture.size
