"""A burst of files is taken in whole while work goes on. `tests/benchmarks/faults/burst.py` drops ten thousand."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.faults.burst import burst


def test_each_file_of_a_burst_is_accounted_for_and_work_goes_on_meanwhile(tmp_path: Path) -> None:
    done = burst(120, tmp_path, give_up_s=240.0)
    assert done.states == {"blank": 120}
    assert done.problems == 0
    assert max(done.looks_s) < 2.0
    assert len(done.claims_s) >= 120
    assert min(done.claims_s) < 0.5 * max(done.claims_s)  # the first is not kept waiting by the last
