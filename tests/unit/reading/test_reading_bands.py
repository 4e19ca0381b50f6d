"""Dark bands are turned over; print, bars and faded paper are not taken for them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ingest.reading.bands import turn_dark_bands
from ingest.reading.raster import Picture

PAPER, INK = 235, 150  # a scan without contrast: nothing on it is really dark


def page(paper: int, ink: int) -> Picture:
    """A page of small print, so that the page has ink of its own."""
    picture = np.full((1600, 2400), paper, np.uint8)
    for row in range(900, 1500, 60):
        cv2.putText(picture, "Admitted with fever and cough " * 3, (150, row), cv2.FONT_HERSHEY_SIMPLEX, 0.9, ink, 2)
    return picture


def bold(picture: Picture, text: str, at: tuple[int, int], size: int, ink: int) -> Picture:
    """The picture with heavy print on it."""
    image = Image.fromarray(picture)
    font = ImageFont.load_default(size=size)
    ImageDraw.Draw(image).text(at, text, fill=ink, font=font, stroke_width=size // 20, stroke_fill=ink)
    return np.asarray(image, dtype=np.uint8).copy()


def blurred(picture: Picture) -> Picture:
    noise = np.random.default_rng(7).normal(0, 4, picture.shape)
    soft = cv2.GaussianBlur(picture, (9, 9), 2.0).astype(np.float32)
    return np.clip(soft + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(("paper", "ink"), [(PAPER, INK), (250, 20)], ids=["faded", "black"])
@pytest.mark.parametrize("size", [40, 56, 80])
def test_bold_print_is_no_band(paper: int, ink: int, size: int) -> None:
    picture = page(paper, ink)
    for row in (150, 400, 650):
        picture = bold(picture, "EMERGENCY CONTACT", (150, row), size, ink)
    soft = blurred(picture)
    assert turn_dark_bands(soft) is soft


def test_print_on_a_tinted_bar_is_no_band() -> None:
    picture = page(PAPER, INK)
    cv2.rectangle(picture, (140, 150), (2200, 215), 212, -1)
    soft = blurred(bold(picture, "EMERGENCY CONTACT", (150, 155), 46, INK))
    assert turn_dark_bands(soft) is soft


@pytest.mark.parametrize("ink", [INK, 20])
def test_bars_are_no_band(ink: int) -> None:
    picture = page(PAPER, ink)
    rng = np.random.default_rng(3)
    x = 300
    while x < 900:
        wide = int(rng.choice((4, 8, 12)))
        cv2.rectangle(picture, (x, 200), (x + wide - 1, 300), ink, -1)
        x += wide + int(rng.choice((4, 8, 12)))
    soft = blurred(picture)
    assert turn_dark_bands(soft) is soft


@pytest.mark.parametrize("high", [40, 60, 140])
@pytest.mark.parametrize("ink", [110, 20])
def test_a_band_with_white_print_is_turned(high: int, ink: int) -> None:
    picture = page(PAPER, ink)
    cv2.rectangle(picture, (140, 200), (2200, 200 + high - 1), ink, -1)
    at = (200, 200 + high // 2 + min(24, (high - 16) // 2))
    cv2.putText(picture, "PATIENT INFORMATION", at, cv2.FONT_HERSHEY_SIMPLEX, min(2.5, (high - 16) / 22), PAPER, 3)
    turned = turn_dark_bands(blurred(picture))
    band = turned[204 : 200 + high - 4, 1800:2150]
    letters = turned[208 : 200 + high - 8, 200:500]
    assert np.median(band) > 130
    assert np.percentile(letters, 3) < 80


def test_a_solid_mark_is_turned_to_paper() -> None:
    picture = page(PAPER, 20)
    cv2.circle(picture, (55, 500), 48, 10, -1)
    assert np.median(turn_dark_bands(blurred(picture))[480:520, 30:80]) > 200
