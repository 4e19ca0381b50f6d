"""Punch holes become paper, also where words touch them; print, bands and spots inside the page stay."""

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
from ingest.reading.prepare import prepare
from ingest.reading.punch_holes import fill_punch_holes
from ingest.reading.raster import Picture, Raster

PAPER = 240


def _page() -> Picture:
    """A grey page of print at 300 dpi."""
    image = Image.new("L", (2550, 3300), PAPER)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=44)
    draw.text((122, 300), "AUSTIN, BARBARA ANNA     07/19/1968  F", fill=20, font=font)
    for row in range(500, 2400, 70):
        draw.text((150, row), "Admitted with fever and cough for five days before", fill=20, font=font)
    return np.array(image, dtype=np.uint8)


def _punched(picture: Picture, x: int, y: int, ink: int = 25) -> Picture:
    punched = picture.copy()
    cv2.circle(punched, (x, y), 40, ink, -1)
    return punched


@pytest.mark.parametrize("ink", [0, 60, 90])
def test_holes_near_an_edge_become_paper_and_the_rest_stays(ink: int) -> None:
    page = _page()
    punched = page
    for y in (420, 1650, 2880):
        punched = _punched(punched, 75, y, ink)
    filled, holes = fill_punch_holes(punched, 300)
    assert np.abs(filled.astype(int) - page).max() <= 2
    assert (punched != page).any()
    assert [round((hole.y0 + hole.y1) / 2, -1) for hole in holes] == [420, 1650, 2880]
    assert all(hole.x0 <= 35 and hole.x1 >= 115 for hole in holes)


def test_a_page_without_holes_is_the_very_same_picture() -> None:
    page = _page()
    filled, holes = fill_punch_holes(page, 300)
    assert (filled is page, holes) == (True, ())


def _initial(picture: Picture) -> None:
    cv2.putText(picture, "O", (60, 300), cv2.FONT_HERSHEY_SIMPLEX, 5.0, 20, 22)


def _band(picture: Picture) -> None:
    cv2.rectangle(picture, (60, 60), (2490, 140), 20, -1)


def _spot_in_the_page(picture: Picture) -> None:
    cv2.circle(picture, (1275, 1650), 40, 20, -1)


def _bar(picture: Picture) -> None:
    cv2.rectangle(picture, (60, 700), (110, 1000), 20, -1)


def _square(picture: Picture) -> None:
    cv2.rectangle(picture, (60, 700), (140, 780), 20, -1)


@pytest.mark.parametrize("draw", [_initial, _band, _spot_in_the_page, _bar, _square])
def test_print_and_what_is_no_hole_stays(draw: Callable[[Picture], None]) -> None:
    page = _page()
    draw(page)
    filled, holes = fill_punch_holes(page, 300)
    assert (filled is page, holes) == (True, ())


@pytest.mark.ocr
def test_a_name_that_touches_a_hole_is_read() -> None:
    punched = _punched(_page(), 78, 322)
    options = ReadingOptions(max_pixels=100_000_000)
    raster = Raster(picture=punched, dpi_x=300, dpi_y=300, dpi_known=True, origin="image", bilevel=False)
    read = read_raster(raster, 1, engine_for(options), options)
    assert isinstance(read, PageArtefact)
    text = " ".join(word.text for word in read.words)
    assert "AUSTIN, BARBARA ANNA" in text
    assert "07/19/1968" in text


def test_where_holes_lay_is_told_on_the_page_as_it_is_read() -> None:
    picture = _page()
    for y in (420, 1650, 2880):
        picture = _punched(picture, 120, y)
    askew = cv2.getRotationMatrix2D((1275, 1650), 1.5, 1.0)
    turned = np.asarray(cv2.warpAffine(picture, askew, (2550, 3300), borderValue=PAPER), dtype=np.uint8)
    prepared = prepare(Raster(picture=turned, dpi_x=300, dpi_y=300, dpi_known=True, origin="image", bilevel=False))
    assert abs(prepared.skew_deg) > 1
    assert len(prepared.holes) == 3
    for hole, y in zip(sorted(prepared.holes, key=lambda one: one.y0), (420, 1650, 2880), strict=True):
        middle_x, middle_y = (hole.x0 + hole.x1) / 2, (hole.y0 + hole.y1) / 2
        expected = prepared.from_shown.apply(*(askew @ (120, y, 1)))
        assert abs(middle_x - expected[0]) < 8
        assert abs(middle_y - expected[1]) < 8
        assert 75 < hole.x1 - hole.x0 < 115
