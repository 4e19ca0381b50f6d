"""A scan dropped into the watched folder is filed soon: a generous bound on what `make bench-latency` measures."""

from __future__ import annotations

import signal
import statistics
from pathlib import Path

import pytest

from ingest.model import DocumentState
from ingest.running.site import open_site
from tests.benchmarks.reading.latency import drop
from tests.e2e.conftest import PATIENTS, House
from tests.fakes.paper import lab_report, save

pytestmark = pytest.mark.ocr

SOON_S = 10.0  # settle time (0.3 s), reading, deciding, writing, on a machine that is busy with other tests


def test_scans_dropped_one_at_a_time_are_filed_soon_after_they_settle(house: House, tmp_path: Path) -> None:
    daemon = house.start("watch", "--workers", "1")
    try:
        rests = []
        with open_site(house.home) as site:
            for row in PATIENTS.splitlines()[1:5]:
                mrn, last, first, _, born, _ = row.split(",")
                save([lab_report(f"{last}, {first}", born, mrn)], tmp_path / f"{mrn}.png")
                rests.append(drop(site, tmp_path / f"{mrn}.png"))
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=30) == 0
    finally:
        daemon.kill()
        daemon.communicate()
    assert {state for state, _ in rests} == {DocumentState.FILED}
    assert statistics.median(seconds for _, seconds in rests[1:]) < SOON_S
