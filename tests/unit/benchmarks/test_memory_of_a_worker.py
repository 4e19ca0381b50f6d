"""What a worker holds at most over the largest ordinary page: a fast part of `make bench-memory`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ingest.reading.options import ReadingOptions
from tests.benchmarks.reading.memory import DPI, PAPERS, WANTED_MB, draw_page, peak_of

pytestmark = pytest.mark.ocr


@pytest.mark.parametrize(
    ("name", "stated"), [("page.jpg", {"dpi": (DPI, DPI)}), ("page.pdf", {"resolution": DPI})], ids=["jpg", "pdf"]
)
def test_a_legal_page_in_colour_at_600_dpi_takes_less_than_400_mb(
    name: str, stated: dict[str, object], tmp_path: Path
) -> None:
    draw_page(PAPERS["legal"], "colour", np.random.default_rng(3)).save(tmp_path / name, **stated)
    peak = peak_of(tmp_path / name, ReadingOptions())
    assert peak.words > 400
    assert peak.mb < WANTED_MB
