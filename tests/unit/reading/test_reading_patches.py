"""Kodak's patch codes on pages as scanned: at any quarter turn, askew, at low resolution, noisy."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.model import Affine
from ingest.reading.patches import find_patches
from tests.fakes.drawn import FORM, Grey, draw, noisy, skewed

_SAME = Affine(a=1, b=0, c=0, d=0, e=1, f=0)
_WIDE, _NARROW = 0.20, 0.08  # inches


def _sheet(pattern: str, dpi: int = 150) -> Grey:
    """A letter page with a patch of four bars 2.5 inches long, across the page."""
    page = np.full((11 * dpi, round(8.5 * dpi)), 245, np.uint8)
    y = 1.0
    for letter in pattern:
        thick = _WIDE if letter == "W" else _NARROW
        page[round(y * dpi) : round((y + thick) * dpi), 2 * dpi : round(4.5 * dpi)] = 25
        y += thick + _NARROW
    return page


def _told(page: Grey) -> list[str]:
    return [patch.text for patch in find_patches(page, _SAME)]


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize(("pattern", "text"), [("NWNW", "PATCH T"), ("WNNW", "PATCH 2")])
def test_a_separators_patch_is_told_at_any_turn(pattern: str, text: str, turns: int) -> None:
    assert _told(np.ascontiguousarray(np.rot90(_sheet(pattern), turns))) == [text]


@pytest.mark.parametrize("pattern", ["WWNN", "NWWN", "NNWW"])
def test_patches_that_separate_nothing_are_not_told(pattern: str) -> None:
    assert _told(_sheet(pattern)) == []


@pytest.mark.parametrize("dpi", [100, 200, 300])
def test_a_worn_patch_is_told(dpi: int) -> None:
    page, _ = skewed(noisy(_sheet("NWNW", dpi), 15.0), 2.5)
    assert _told(page) == ["PATCH T"]


def test_a_form_has_no_patch() -> None:
    assert _told(draw(FORM)) == []
