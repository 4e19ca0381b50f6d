"""The cost benchmark's noisy scans: their noise, their size, and that they are the same every time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ingest.model import ScanKind
from ingest.reading.options import ReadingOptions
from ingest.reading.pages import take_picture
from ingest.reading.raster import Raster
from tests.benchmarks.reading.noisy import NOISES, USUAL, save, scan_again, with_noise
from tests.fakes.drawn import draw, raster


@pytest.mark.parametrize("sigma", [4.0, 12.0])
def test_white_has_the_noise_that_is_said_and_black_has_less(sigma: float) -> None:
    stream = np.random.default_rng(1)
    white = with_noise(np.full((400, 400), USUAL.paper - 20, np.float32), sigma, stream)
    black = with_noise(np.full((400, 400), 60, np.float32), sigma, stream)
    assert white.std() == pytest.approx(sigma, rel=0.1)
    assert black.std() < 0.75 * white.std()


def test_a_fax_comes_out_square_at_300_dpi_and_the_same_again(tmp_path: Path) -> None:
    fax = raster(draw(dpi=100), 100, dpi_y=50)
    height, width = fax.picture.shape
    one, two = (scan_again(fax, np.random.default_rng(5)) for _ in range(2))
    assert one.size == (width * 3, height * 6)
    assert one.tobytes() == two.tobytes()
    save(one, tmp_path / "one.pdf", np.random.default_rng(5))
    taken = take_picture(tmp_path / "one.pdf", ScanKind.PDF, 1, ReadingOptions())
    assert isinstance(taken, Raster)
    assert taken.picture.shape == (height * 6, width * 3)
    assert taken.dpi_x == pytest.approx(300, abs=1)


def test_heavy_noise_stands_nearer_to_the_ink() -> None:
    light = raster(draw(dpi=100), 100)
    spread = {}
    for name, noise in NOISES.items():
        greys = np.asarray(scan_again(light, np.random.default_rng(2), noise), dtype=np.float32)
        spread[name] = greys[:60, :60].std() / (noise.paper - noise.ink)
    assert spread["heavy"] > 2 * spread["usual"] > 0
