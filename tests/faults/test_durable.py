"""The power goes: what was not synced is dropped, in several ways, and the next start ends as if nothing had happened.

A sample of the states of a recorded run; `make bench-faults` tries them all.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.disk import Crash
from tests.faults.nextstart import wrong_ends
from tests.faults.recording import ROOT, SETTINGS, Command, Place, Player, make_place, record
from tests.faults.states import State, states
from tests.faults.trace import can_trace, steps, traced

pytestmark = pytest.mark.skipif(not can_trace(), reason="strace is missing, or may not follow a program here")

_EVERY, _SCATTERED = 97, 1


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return make_place(tmp_path_factory.mktemp("durable"))


@pytest.fixture(scope="module")
def recorded(place: Place, tmp_path_factory: pytest.TempPathFactory) -> tuple[Command, ...]:
    """One record for all tests of this module."""
    return record(place, tmp_path_factory.mktemp("recording"))


def test_a_power_cut_at_any_step_loses_nothing_and_doubles_nothing(
    recorded: tuple[Command, ...], place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    wrong = {
        _told(state, recorded): found
        for state in states(recorded, place, every=_EVERY, scattered=_SCATTERED)
        if (found := wrong_ends(state, recorded, place))
    }
    assert wrong == {}


def _told(state: State, commands: Sequence[Command]) -> str:
    command = commands[state.command]
    return f"{command.name}, step {state.step} of {len(command.steps)}, {state.crash}"


_AFTER_A_KILL = """
import os, sys
from pathlib import Path, PurePosixPath
from ingest.filing.place import place
from ingest.intake.spool import Spool
disk = Path(sys.argv[1])
for folder in ("spool", "tmp", "records"):
    (disk / folder).mkdir()
os.fsync(os.open(disk, os.O_RDONLY))
content = b"a scan"
(disk / "spool" / sys.argv[2][:2]).mkdir()  # so far another process came, and was killed
(disk / "records" / "00412345").mkdir()
assert Spool(disk / "spool", disk / "tmp").keep_bytes(content).sha256 == sys.argv[2]
(disk / "tmp" / "draft").write_bytes(b"a PDF")
place(disk / "tmp" / "draft", disk / "records", PurePosixPath("00412345", "D000001.pdf"))
"""


def test_a_folder_that_a_killed_process_made_is_as_durable_as_ones_own(tmp_path: Path) -> None:
    sha256 = hashlib.sha256(b"a scan").hexdigest()
    disk = tmp_path / "disk"
    disk.mkdir()
    log = tmp_path / "log"
    done = traced([sys.executable, "-c", _AFTER_A_KILL, str(disk), sha256], log, cwd=ROOT, env=dict(os.environ))
    assert done.returncode == 0, done.stderr
    player = Player()
    for step in steps(log, disk, cwd=ROOT):
        player.play(step)
    tree = player.disk.after(Crash.NOTHING)
    assert tree.get(f"spool/{sha256[:2]}/{sha256}") == b"a scan"
    assert tree.get("records/00412345/D000001.pdf") == b"a PDF"
