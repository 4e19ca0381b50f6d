"""The plain script's table: shares of what was there, by grade, and a word when the scans were too easy."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.plain_script import ENDS
from tests.benchmarks.reading.plain import plain_table

RIGHT, WRONG, QUEUED = ENDS


def _true(grade: str, *, fileable: bool) -> dict[str, Any]:
    return {"grade": grade, "fileable": fileable}


def test_shares_are_of_all_and_of_the_fileable() -> None:
    truths = [_true("clean", fileable=True)] * 4 + [_true("hard", fileable=True), _true("hard", fileable=False)]
    lines = list(plain_table(truths, [RIGHT, RIGHT, RIGHT, QUEUED, QUEUED, WRONG]))
    assert "| clean | 4 | 3 (75.0%) | 3 of 4 (75.0%) | 0 |" in lines
    assert "| hard | 2 | 1 (50.0%) | 0 of 1 (0.0%) | 1 |" in lines
    assert "| all | 6 | 4 (66.7%) | 3 of 5 (60.0%) | 1 |" in lines
    assert "too easy" in lines[-1]


def test_scans_that_it_mostly_leaves_to_people_are_not_called_easy() -> None:
    lines = list(plain_table([_true("hard", fileable=True)] * 3, [QUEUED, QUEUED, RIGHT]))
    assert not any("too easy" in line for line in lines)
    assert not any(line.startswith("| clean") for line in lines)
