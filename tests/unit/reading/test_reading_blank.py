"""Blank pages are told from sparse ones; doubt says used."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ingest.model import PageArtefact
from ingest.reading.ocr.select import engine_for
from ingest.reading.options import ReadingOptions
from ingest.reading.page import read_raster
from tests.fakes.drawn import FORM, Grey, Ink, draw, noisy, raster, skewed

pytestmark = pytest.mark.ocr
DPI = 200
OPTIONS = ReadingOptions()


def read(picture: Grey) -> PageArtefact:
    page = read_raster(raster(picture, DPI), 1, engine_for(OPTIONS), OPTIONS)
    assert isinstance(page, PageArtefact)
    return page


def paper(grey: int = 243) -> Grey:
    return np.full((11 * DPI, int(8.5 * DPI)), grey, dtype=np.uint8)


def pen(work: Callable[[ImageDraw.ImageDraw], object]) -> Grey:
    image = Image.fromarray(paper())
    work(ImageDraw.Draw(image))
    return np.asarray(image, dtype=np.uint8)


def inches(*values: float) -> tuple[float, ...]:
    return tuple(value * DPI for value in values)


def edge_shadows() -> Grey:
    picture = paper().copy()
    picture[:, :16], picture[:, -9:], picture[-12:] = 45, 90, 70
    return picture


def punch_holes() -> Grey:
    def work(ink: ImageDraw.ImageDraw) -> None:
        for y in (2.0, 5.5, 9.0):
            ink.ellipse(inches(0.3, y, 0.6, y + 0.3), fill=35)

    return pen(work)


def specks() -> Grey:
    picture = paper().copy()
    generator = np.random.default_rng(3)
    for _ in range(150):
        y, x = generator.integers(0, 10 * DPI), generator.integers(0, 8 * DPI)
        picture[y : y + 2, x : x + 2] = 60
    return picture


def fold() -> Grey:
    picture = paper().copy()
    picture[5 * DPI : 5 * DPI + 4] -= 30
    return picture


def rules() -> Grey:
    return pen(lambda ink: [ink.line(inches(0.8, 1 + n / 2, 7.7, 1 + n / 2), fill=120, width=2) for n in range(16)])


def other_side(contrast: float, blur: float) -> Grey:
    form = draw(FORM, dpi=DPI, ink=Ink(points=14), size_in=(8.5, 11.0))[:, ::-1].astype(np.float32)
    seen = 243 - contrast * (245 - cv2.GaussianBlur(form, (0, 0), blur))
    return np.asarray(np.clip(seen, 0, 255), dtype=np.uint8)


@pytest.mark.parametrize(
    "make",
    [
        paper,
        lambda: paper(150),
        lambda: paper(255),
        edge_shadows,
        punch_holes,
        specks,
        fold,
        rules,
        lambda: other_side(0.12, 3.0),
        lambda: other_side(0.25, 0.8),
        lambda: pen(lambda ink: ink.line(inches(0.6, 0.6, 1.0, 0.72), fill=50, width=5)),  # a staple
    ],
)
def test_a_page_that_nobody_wrote_on_is_blank(make: Callable[[], Grey]) -> None:
    page = read(noisy(make(), 5))
    assert page.blank
    assert page.words == ()


def test_noise_alone_is_blank() -> None:
    assert read(noisy(paper(), 22)).blank


def written(text: str, grey: int, points: float) -> Grey:
    font = ImageFont.load_default(size=points * DPI / 72)
    return pen(lambda ink: ink.text(inches(3, 4), text, fill=grey, font=font))


@pytest.mark.parametrize(
    ("text", "grey", "points"), [("Void", 30, 12), ("See chart", 212, 12), ("OK", 40, 12), ("Form 1203", 60, 7)]
)
def test_a_few_words_are_enough_however_faint_or_small(text: str, grey: int, points: float) -> None:
    assert not read(noisy(written(text, grey, points), 4)).blank


@pytest.mark.parametrize("grey", [40, 200, 215])
def test_a_signature_or_pencil_mark_is_never_blank(grey: int) -> None:
    curve = [(3 * DPI + 12 * n, 4 * DPI + 40 * float(np.sin(1.3 * n) * np.cos(0.37 * n))) for n in range(40)]
    assert not read(noisy(pen(lambda ink: ink.line(curve, fill=grey, width=3)), 4)).blank


def test_a_photograph_is_never_blank() -> None:
    assert not read(pen(lambda ink: ink.rectangle(inches(3, 3, 4.5, 5), fill=80))).blank


def test_show_through_beside_real_writing_is_not_blank() -> None:
    both = np.minimum(other_side(0.25, 0.8), written("Allergic to penicillin", 40, 14))
    page = read(noisy(both, 4))
    assert not page.blank
    assert "penicillin" in [word.text for word in page.words]


def test_a_skewed_blank_page_on_a_black_bed_is_blank() -> None:
    scan, _ = skewed(noisy(paper(), 5), 1.5, around=25)
    assert read(scan).blank
