"""Maps between pictures: what goes there comes back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model import Affine, Turn
from ingest.reading.geometry import (
    QUARTERS,
    inverse,
    scaling,
    straightening,
    then,
    turned_size,
    turning,
)

SIZES = st.integers(1, 5000)
DEGREES = st.floats(-15, 15)


@given(SIZES, SIZES, DEGREES, st.sampled_from(Turn), st.floats(0.2, 4), st.floats(0.2, 4))
def test_the_inverse_leads_back(width: int, height: int, skew: float, turn: Turn, sx: float, sy: float) -> None:
    straight, new_width, new_height = straightening(skew, width, height)
    chain = then(then(straight, turning(turn, new_width, new_height)), scaling(sx, sy))
    x, y = inverse(chain).apply(*chain.apply(width / 3, height / 4))
    assert (x, y) == pytest.approx((width / 3, height / 4), abs=1e-6 * (width + height))


@given(SIZES, SIZES, DEGREES)
def test_straightening_keeps_every_corner_on_the_canvas(width: int, height: int, skew: float) -> None:
    straight, new_width, new_height = straightening(skew, width, height)
    for x, y in ((0, 0), (width, 0), (0, height), (width, height)):
        there_x, there_y = straight.apply(x, y)
        assert -1e-3 <= there_x <= new_width + 1e-3
        assert -1e-3 <= there_y <= new_height + 1e-3


@pytest.mark.parametrize("turn", list(Turn))
def test_a_turn_moves_pixels_as_numpy_does(turn: Turn) -> None:
    picture = np.zeros((4, 7), dtype=np.uint8)
    picture[1, 5] = 1
    turned = np.rot90(picture, QUARTERS[turn])
    assert turned.shape[::-1] == turned_size(turn, 7, 4)
    x, y = turning(turn, 7, 4).apply(5.5, 1.5)
    assert turned[int(y), int(x)] == 1


def test_a_flat_map_has_no_inverse() -> None:
    with pytest.raises(ZeroDivisionError):
        inverse(Affine(a=1, b=1, c=0, d=1, e=1, f=0))
