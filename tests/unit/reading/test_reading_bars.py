"""Bar codes are taken out of the picture that is read; print on their height is read, and print like bars stays."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ingest.model import PageArtefact
from ingest.reading.bars import wipe_bars
from ingest.reading.clean import tidy
from ingest.reading.ocr.select import engine_for
from ingest.reading.options import ReadingOptions
from ingest.reading.page import read_raster
from ingest.reading.raster import Picture
from tests.fakes.drawn import draw, raster

LETTER_PX = 28.0


def bars(picture: Picture, x: int, y: int, high: int, count: int = 24, seed: int = 3) -> int:
    """Draws so many bars, and returns where they end."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        wide = int(rng.choice((4, 8, 12)))
        cv2.rectangle(picture, (x, y), (x + wide - 1, y + high), 0, -1)
        x += wide + int(rng.choice((4, 8, 12)))
    return x


def turned(picture: Picture, degrees: float) -> Picture:
    height, width = picture.shape
    turning = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(picture, turning, (width, height), borderValue=255), dtype=np.uint8)


def wiped(picture: Picture) -> Picture:
    binary = np.where(picture < 128, 0, 255).astype(np.uint8)
    black, shapes = tidy(binary, 300, 4.0)
    before = len(shapes)
    left = wipe_bars(black, shapes, LETTER_PX)
    assert len(left) <= before
    return black


@pytest.mark.parametrize("degrees", [0.0, 2.0, -5.0])
@pytest.mark.parametrize("down", [False, True])
def test_bars_go_and_the_print_round_them_stays(degrees: float, down: bool) -> None:
    picture = np.full((1200, 1200), 255, np.uint8)
    cv2.putText(picture, "PATTON, JANET", (420, 480), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 3)
    print_only = picture.copy()
    bars(picture, 420, 510, 110)
    if down:
        picture, print_only = np.rot90(picture).copy(), np.rot90(print_only).copy()
    left = wiped(turned(picture, degrees)) < 128
    expected = wiped(turned(print_only, degrees)) < 128
    assert np.count_nonzero(left & ~expected) < 60
    assert np.count_nonzero(left & expected) > 0.99 * np.count_nonzero(expected)


@pytest.mark.parametrize(
    "text", ["ILLINI WILL FILL IT", "llll iiii llll iiii", "1111 1111 1111", "HILLSIDE MILL VILLAGE", "| | | | | | | |"]
)
@pytest.mark.parametrize("size", [1.0, 2.0])
def test_words_of_thin_letters_stay(text: str, size: float) -> None:
    picture = np.full((400, 1400), 255, np.uint8)
    cv2.putText(picture, text, (60, 200), cv2.FONT_HERSHEY_SIMPLEX, size, 0, 4)
    before, _ = tidy(np.where(picture < 128, 0, 255).astype(np.uint8), 300, 4.0)
    assert (wiped(picture) == before).all()


def read(picture: Picture) -> PageArtefact:
    options = ReadingOptions()
    outcome = read_raster(raster(picture, 300), 1, engine_for(options), options)
    assert isinstance(outcome, PageArtefact)
    return outcome


def test_a_name_on_the_height_of_a_bar_code_is_read() -> None:
    texts = (
        ("MEDICATION RECORD", 0.05, 0.1),
        ("Name: BLACKWELL, MARCIA", 0.05, 0.21),
        ("DOB: 1965-07-07", 0.05, 0.29),
        ("Metformin 500 mg twice a day with meals", 0.05, 0.5),
    )
    picture = draw(texts, dpi=300).copy()
    bars(picture, 1500, 380, 150)
    told = " ".join(word.text for word in read(turned(picture, 0.9)).words)
    assert "BLACKWELL, MARCIA" in told
    assert "1965-07-07" in told
