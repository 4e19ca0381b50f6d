"""Hostile files dropped into a watched folder: each ends within its limits, and the daemon lives."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pikepdf
import pytest

from tests.fakes.bombs import BOMBS, CANARY, write_all
from tests.faults.hostile_run import ENDS, Ended, hostile_site, run_watch

WAIT_S = 300.0  # a bound on hanging, no measure of speed
MEMORY_KB = 1500 * 1024
DAEMON_KB = 1_000_000
BESIDE = Path(__file__).parents[3] / "shared" / "fixtures" / "hostile"
FIXTURES = Path(os.environ.get("HOSTILE_FILES", BESIDE))


def _bounded(ended: Ended) -> None:
    assert ended.most_kb < MEMORY_KB
    assert ended.daemon_kb < DAEMON_KB
    wrong = {source: states - ENDS for source, states in ended.states().items() if states - ENDS}
    assert not wrong


def test_bombs_of_our_own_making_end_as_they_should_and_what_would_act_is_told(tmp_path: Path) -> None:
    """The quick ones; the benchmark drops all of them."""
    house = hostile_site(tmp_path)
    made = tmp_path / "made"
    bombs = write_all(made, slow=False)

    def drop(inbox: Path) -> int:
        for file in made.iterdir():
            shutil.copy(file, inbox / file.name)
        return len(bombs)

    ended = run_watch(house, drop, within_s=WAIT_S)
    _bounded(ended)
    states = ended.states()
    assert {bomb.name: states[bomb.name] for bomb in bombs if not states[bomb.name] <= bomb.states} == {}
    flags = {line["source"]: {flag["flag"] for flag in line["flags"]} for line in ended.lines}
    assert {bomb.name for bomb in bombs if bomb.flag and bomb.flag not in flags[bomb.name]} == set()
    assert "active_content" not in flags["locked-known.pdf"]
    reasons = {line["source"]: line["reasons"] for line in ended.lines}
    assert "needs a password" in reasons["locked-unknown.pdf"][0]
    told = house.run("documents", "--scan", "script.pdf").stdout
    assert "a script and an action on opening" in " ".join(told.split())
    house.run("verify")
    assert CANARY not in house.run("doctor", code=None).stdout
    for line in ended.lines:
        if line["filed_as"] and line["source"] != "two-things.jpg":  # a JPEG is kept to the bit, its comment too
            with pikepdf.open(house.home / line["filed_as"]) as pdf:  # no password, and nothing that acts
                assert all(CANARY not in repr(item) for item in pdf.objects)
    assert not list(house.home.rglob(f"*{CANARY}*"))


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="no collection of hostile files: HOSTILE_FILES names none")
def test_hostile_files_of_others_end(tmp_path: Path) -> None:
    """Every sixth of them; the benchmark drops the whole collection."""
    house = hostile_site(tmp_path)

    def drop(inbox: Path) -> int:
        files = sorted(file for file in FIXTURES.rglob("*") if file.is_file())[::6]
        for number, file in enumerate(files):
            shutil.copy(file, inbox / f"{number}-{file.name}")
        return len(files)

    ended = run_watch(house, drop, within_s=2 * WAIT_S)
    _bounded(ended)
    house.run("verify")


def test_the_flags_of_a_file_outlive_the_cutting_of_its_documents(tmp_path: Path) -> None:
    """What a person cuts anew still says that the file held something that acts."""
    house = hostile_site(tmp_path)
    write_all(tmp_path / "made", slow=False)
    with pikepdf.open(tmp_path / "made" / "script.pdf") as pdf:
        pdf.pages.append(pdf.pages[0])
        pdf.save(house.inbox / "two.pdf")
    house.settings(unattended='"off"')
    house.run("batch")
    (line,) = house.documents()
    cut = house.run("review", "split", line["document"], "--before", "2", "--json").stdout.splitlines()
    assert cut
    after = house.documents()
    assert len(after) == 2
    for one in after:
        assert "active_content" in {flag["flag"] for flag in one["flags"]}, json.dumps(one)


def test_every_name_of_a_bomb_is_its_own() -> None:
    assert len({bomb.name for bomb in BOMBS}) == len(BOMBS)
