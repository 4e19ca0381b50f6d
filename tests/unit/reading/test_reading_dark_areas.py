"""Dark bands that a black-and-white scanner has eaten are told; print, frames and bands that can be turned are not."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from ingest.model import Box
from ingest.reading.artefact import decode, encode
from ingest.reading.dark_areas import find_dark_areas
from ingest.reading.prepare import prepare
from ingest.reading.raster import Picture, Raster
from tests.fakes.pages import at, page_of


def _page() -> Picture:
    """A black-and-white page of print."""
    picture = np.full((3300, 2550), 255, np.uint8)
    for row in range(400, 2400, 70):
        cv2.putText(picture, "Admitted with fever and cough " * 3, (150, row), cv2.FONT_HERSHEY_SIMPLEX, 1.1, 0, 3)
    return picture


def _dark(picture: Picture) -> tuple[Box, ...]:
    raster = Raster(picture=picture, dpi_x=300, dpi_y=300, dpi_known=True, origin="image", bilevel=True)
    prepared = prepare(raster)
    return find_dark_areas(prepared.shapes, prepared.dpi)


def test_what_a_scanner_left_of_a_dark_band_is_a_dark_area() -> None:
    picture = _page()
    cv2.rectangle(picture, (150, 2800), (2400, 3060), 60, -1)
    cv2.putText(picture, "CRUZ, FRANCES  00503953", (200, 2955), cv2.FONT_HERSHEY_SIMPLEX, 2.0, 255, 6)
    noisy = np.clip(picture + np.random.default_rng(5).normal(0, 8, picture.shape), 0, 255).astype(np.uint8)
    kind = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY
    (area,) = _dark(np.asarray(cv2.adaptiveThreshold(noisy, 255, *kind, 71, 20), dtype=np.uint8))
    assert area.x0 < 200 < 2300 < area.x1
    assert area.y0 < 2820 < 3040 < area.y1


def _title(picture: Picture) -> None:
    cv2.putText(picture, "SURGERY", (150, 250), cv2.FONT_HERSHEY_SIMPLEX, 5.0, 0, 20)


def _frame(picture: Picture) -> None:
    cv2.rectangle(picture, (150, 2600), (2400, 3060), 0, 6)


def _band(picture: Picture) -> None:
    cv2.rectangle(picture, (150, 2800), (2400, 2920), 0, -1)
    cv2.putText(picture, "CRUZ, FRANCES  00503953", (200, 2885), cv2.FONT_HERSHEY_SIMPLEX, 2.0, 255, 6)


@pytest.mark.parametrize("draw", [_title, _frame, _band])
def test_large_print_frames_and_whole_bands_are_none(draw: Callable[[Picture], None]) -> None:
    picture = _page()
    draw(picture)
    assert _dark(picture) == ()


def test_an_artefact_keeps_its_dark_areas_and_holes_and_older_ones_know_none() -> None:
    dark, hole = Box(x0=150.0, y0=2800.0, x1=2400.0, y1=3060.0), Box(x0=30.0, y0=360.0, x1=112.0, y1=442.0)
    kept = replace(page_of(at(1, 0, "one")), version=5, dark=(dark,), holes=(hole,))
    assert decode(encode(kept)) == kept
    body = json.loads(gzip.decompress(encode(kept)))
    body["artefact"]["dark"] = [[5, 1, 2, 3]]
    with pytest.raises(ValueError, match="inside out"):
        decode(gzip.compress(json.dumps(body).encode()))
    body["version"] = 4
    del body["artefact"]["dark"], body["artefact"]["holes"]
    assert decode(gzip.compress(json.dumps(body).encode())) == replace(kept, dark=(), holes=())
