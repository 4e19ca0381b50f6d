"""The state of a run of hours: it goes on after a kill, and refuses what other code or options made."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks.reading.blocks import CODE, ROOT, Block, OtherState, Wrong, add, begin, fingerprint, summary
from tests.benchmarks.reading.identity_pages import block_of, missing
from tests.benchmarks.reading.run import Ended

OPTIONS = {"seed": 7, "layouts": []}
ONE = Block(
    block=1, seed=8, scans=10, pages=12, fileable=8, fileable_filed=7, filed=7, wrong=0, seconds=9.5
)  # fmt: skip
WRONG = Wrong(file="doc00003.pdf", seed=10, number=3, case="absent_twin", layout="invoice", grade="hard", reasons="why")


def test_a_rerun_goes_on_after_the_blocks_that_are_there(tmp_path: Path) -> None:
    state = tmp_path / "state"
    assert begin(state, OPTIONS, "abc") == ()
    add(state, ONE)
    add(state, replace(ONE, block=3, wrong=1, wrong_ones=(WRONG,)))
    done = begin(state, OPTIONS, "abc")
    assert [block.block for block in done] == [1, 3]
    assert done[1].wrong_ones == (WRONG,)
    numbers = missing(done)
    assert [next(numbers) for _ in range(3)] == [2, 4, 5]


def test_a_line_that_a_kill_cut_short_is_done_again(tmp_path: Path) -> None:
    state = tmp_path / "state"
    begin(state, OPTIONS, "abc")
    add(state, ONE)
    with state.open("a") as file:
        file.write('{"block": 2, "seed"')
    assert [block.block for block in begin(state, OPTIONS, "abc")] == [1]
    add(state, replace(ONE, block=2))
    assert [block.block for block in begin(state, OPTIONS, "abc")] == [1, 2]


def test_a_kill_before_the_first_line_begins_anew(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.write_text('{"code": "a')
    assert begin(state, OPTIONS, "abc") == ()
    add(state, ONE)
    assert begin(state, OPTIONS, "abc") == (ONE,)


def test_a_state_of_other_code_or_options_is_refused(tmp_path: Path) -> None:
    state = tmp_path / "state"
    begin(state, OPTIONS, "abc")
    add(state, ONE)
    with pytest.raises(OtherState, match="other code"):
        begin(state, OPTIONS, "abd")
    assert begin(state, OPTIONS, "abd", anyway=True) == (ONE,)
    with pytest.raises(OtherState, match="other options"):
        begin(state, OPTIONS | {"seed": 8}, "abc", anyway=True)


def test_the_fingerprint_changes_with_code_and_data(tmp_path: Path) -> None:
    for name in ("ingest/a.py", "config/labels.toml", "README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("one")
    before = fingerprint(tmp_path)
    (tmp_path / "README.md").write_text("two")
    assert fingerprint(tmp_path) == before
    (tmp_path / "config/labels.toml").write_text("two")
    assert fingerprint(tmp_path) != before


def test_the_summary_has_the_exact_bound_and_says_how_to_draw_a_wrong_one_again() -> None:
    lines = list(summary([replace(ONE, filed=10_000, pages=12_000), replace(ONE, filed=0, block=3)]))
    assert "| 10,000 | 0 | 3.00e-04 |" in lines[2]
    told = list(summary([replace(ONE, wrong=1, wrong_ones=(WRONG,))]))[-1]
    assert "--again 10:3" in told
    assert "doc00003.pdf" in told


def test_a_blocks_sums_and_the_numbers_of_its_wrong_scans() -> None:
    right = Ended(
        file="a.pdf", case="ordinary", layout="x", grade="clean", fileable=True, pages=2, filed=2, wrong=0,
        seconds=1.0, read=(), told=(), kinds=(), reasons="",
    )  # fmt: skip
    wrong = replace(right, file="b.pdf", fileable=False, pages=1, filed=1, wrong=1)
    block = block_of(4, 11, [right, wrong, replace(right, filed=0)])
    assert (block.scans, block.pages, block.fileable, block.fileable_filed, block.filed, block.wrong) == (
        3, 5, 2, 1, 3, 1,
    )  # fmt: skip
    assert [(one.file, one.seed, one.number) for one in block.wrong_ones] == [("b.pdf", 11, 2)]


def test_the_fingerprint_covers_all_of_ours_that_a_run_loads() -> None:
    code = """
import sys
import tests.benchmarks.reading.identity_pages
print(*filter(None, (getattr(module, "__file__", None) for module in list(sys.modules.values()))))
"""
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    covered = {path for pattern in CODE for path in ROOT.glob(pattern)}
    ours = {
        Path(name)
        for name in loaded.stdout.split()
        if Path(name).is_relative_to(ROOT)
        and Path(name).relative_to(ROOT).parts[0] in ("ingest", "matchers", "samples")
    }
    assert len(ours) > 100
    assert {str(one.relative_to(ROOT)) for one in ours - covered} <= {"samples/__init__.py"}
