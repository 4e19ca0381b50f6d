"""The original leaves the drop folder: what another program does to its name or its bytes in that very instant is kept,
and what a crash leaves set aside is put right by the next start.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from ingest import durable
from ingest.durable import Step
from ingest.intake.aside import own_name, set_aside
from ingest.running.batch import run_drop_folder
from ingest.running.runner import Runner
from ingest.running.site import open_site
from tests.e2e.conftest import ROOT, House
from tests.faults.trace import can_trace
from tests.faults.yard import NAMES, Yard

_at_checks: list[Callable[[], object]] = []
_at_steps: dict[Step, Callable[[], object]] = {}


def _hear(event: str, facts: tuple[object, ...]) -> None:
    if _at_checks and event == "fcntl.fcntl" and facts[1:] == (fcntl.F_SETLEASE, fcntl.F_UNLCK):
        _at_checks.pop(0)()


def _nothing() -> None:
    pass


sys.addaudithook(_hear)
durable.listen(lambda step: _at_steps.pop(step, _nothing)())


@contextmanager
def behind_the_last_check(act: Callable[[], object]) -> Iterator[None]:
    """`act` is done when a file was found to be the one that was copied, and written to by nobody."""
    _at_checks[:] = [_nothing, act]  # the same is asked before the copy
    try:
        yield
        assert not _at_checks, "it did not come to that"
    finally:
        _at_checks.clear()


@contextmanager
def at(step: Step, act: Callable[[], object]) -> Iterator[None]:
    """`act` is done when the step is made for the first time."""
    _at_steps[step] = act
    try:
        yield
        assert step not in _at_steps, "it did not come to that"
    finally:
        _at_steps.clear()


def puts(yard: Yard, content: bytes, path: Path) -> Callable[[], object]:
    """Another program renames a file of its own to this name."""
    draft = yard.home / content.decode()
    draft.write_bytes(content)
    return lambda: draft.rename(path)


def whole(yard: Yard) -> tuple[list[bytes], list[str], int]:
    """What was taken in, and that nothing else is left anywhere: no file, no folder, no open intake."""
    assert list(yard.inbox.iterdir()) == []
    return yard.contents(), yard.sources(), len(yard.ledger.unreleased())


every_name = pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())


@every_name
def test_a_file_that_gets_the_name_of_one_just_being_removed_is_taken_in_its_turn(yard: Yard, name: bytes) -> None:
    path = yard.inbox / os.fsdecode(name)
    path.write_bytes(b"one")
    yard.sweep()
    with behind_the_last_check(puts(yard, b"two", path)):
        sweep = yard.sweep()
    yard.settle()
    contents, sources, unreleased = whole(yard)
    assert (contents, len(set(sources)), unreleased) == ([b"one", b"two"], 1, 0)
    assert sweep.waiting == 1  # so a batch does not end before that


def test_a_file_that_lost_its_name_meanwhile_gets_a_numbered_one(yard: Yard) -> None:
    path, folder = yard.inbox / "scan", yard.inbox / "scan (2)"
    path.write_bytes(b"one")
    folder.mkdir()
    yard.sweep()
    second, third = puts(yard, b"two", path), puts(yard, b"three", path)
    with behind_the_last_check(second), at(Step.ORIGINAL_SET_ASIDE, third):
        yard.sweep()
    folder.rmdir()
    yard.settle()
    assert whole(yard) == ([b"one", b"three", b"two"], ["scan", "scan", "scan (3)"], 0)


@pytest.mark.parametrize("name", ["n" * 251 + ".pdf", os.fsdecode(b"\xe9" * 255), "a." + "s" * 253, "x"])
def test_a_numbered_name_fits_however_long_the_files_own_is(yard: Yard, name: str) -> None:
    path = yard.inbox / name
    path.write_bytes(b"one")
    hidden = set_aside(path)
    path.write_bytes(b"two")
    yard.settle()
    yard.settle()
    contents, sources, _ = whole(yard)
    assert contents == [b"one", b"two"]
    assert any("(2)" in source for source in sources)
    assert not hidden.exists()


def test_a_writer_that_came_behind_the_last_check_is_waited_for(yard: Yard) -> None:
    path = yard.inbox / "scan.pdf"
    path.write_bytes(b"one")
    yard.sweep()
    writers: list[IO[bytes]] = []
    with at(Step.ORIGINAL_SET_ASIDE, lambda: writers.append(only_file(yard).open("ab"))):
        (stuck,) = yard.sweep().stuck
    assert yard.left() == ["scan.pdf"]
    with writers.pop() as writer:
        writer.write(b" and more")
    yard.sweep(after_s=30)
    yard.settle()
    assert whole(yard) == ([b"one", b"one and more"], ["scan.pdf", "scan.pdf"], 0)
    assert stuck.id == "S000001"


def test_what_was_written_behind_the_last_check_is_found(yard: Yard) -> None:
    (yard.inbox / "scan.pdf").write_bytes(b"one")
    yard.sweep()
    with at(Step.ORIGINAL_SET_ASIDE, lambda: only_file(yard).write_bytes(b"one and more")):
        yard.sweep()
    yard.sweep(after_s=30)
    yard.settle()
    assert whole(yard) == ([b"one", b"one and more"], ["scan.pdf", "scan.pdf"], 0)


def only_file(yard: Yard) -> Path:
    """Under whatever name: whoever opened it before it was set aside has it too."""
    (path,) = yard.inbox.iterdir()
    return path


def test_a_folder_that_gets_the_name_is_no_file_and_what_lies_in_it_is_taken(yard: Yard) -> None:
    path, folder = yard.inbox / "scan", yard.home / "folder"
    path.write_bytes(b"one")
    folder.mkdir()
    (folder / "two.pdf").write_bytes(b"two")
    yard.sweep()

    def replace() -> None:
        path.unlink()
        folder.rename(path)

    with behind_the_last_check(replace):
        yard.sweep()
    yard.settle()
    assert (yard.contents(), yard.sources()) == ([b"one", b"two"], ["scan", "scan/two.pdf"])


def test_a_batch_takes_what_overtook_its_last_file(house: House) -> None:
    """A sidecar gives no work that a batch would wait for."""
    sidecar = house.inbox / "batch.json"
    sidecar.write_text('{"operator": "one"}')
    (house.home / "next").write_bytes(b'{"operator": "two"}')
    with open_site(house.home) as site, Runner(site, workers=1) as runner:
        with behind_the_last_check(lambda: (house.home / "next").rename(sidecar)):
            run_drop_folder(site, runner, lambda _: None)
        assert [batch.operator for batch in site.ledger.batches()] == ["one", "two"]
    assert list(house.inbox.iterdir()) == []


@every_name
def test_one_that_was_set_aside_when_its_taker_died_is_not_taken_twice(yard: Yard, name: bytes) -> None:
    path = yard.inbox / os.fsdecode(name)
    path.write_bytes(b"one")
    yard.commit(path)
    set_aside(path)
    yard.restart()
    yard.settle()
    assert whole(yard)[0] == [b"one"]
    assert yard.ledger.unreleased() == ()


@every_name
def test_nor_when_its_name_was_used_again_meanwhile(yard: Yard, name: bytes) -> None:
    path = yard.inbox / os.fsdecode(name)
    path.write_bytes(b"one")
    yard.commit(path)
    set_aside(path)
    path.write_bytes(b"two")
    yard.restart()
    yard.settle()
    yard.sweep()
    contents, sources, unreleased = whole(yard)
    assert (contents, len(set(sources)), unreleased) == ([b"one", b"two"], 1, 0)


@every_name
def test_another_that_was_set_aside_when_the_taker_died_gets_its_own_name_again(yard: Yard, name: bytes) -> None:
    folder = yard.inbox / "ward"
    folder.mkdir()
    (folder / os.fsdecode(name)).write_bytes(b"two")
    set_aside(folder / os.fsdecode(name))
    yard.restart()
    yard.sweep()
    assert [os.fsencode(path.name) for path in folder.iterdir()] == [name]
    yard.settle()
    assert (yard.contents(), yard.left()) == ([b"two"], [])


def test_the_same_bytes_under_the_name_are_a_scan_of_their_own(yard: Yard) -> None:
    """Only the very file that was taken counts as known, not one that is like it."""
    path = yard.inbox / "scan.pdf"
    path.write_bytes(b"one")
    yard.commit(path)
    puts(yard, b"one", path)()
    set_aside(path)
    path.write_bytes(b"two")
    yard.restart()
    yard.settle()
    yard.sweep()
    assert whole(yard) == ([b"one", b"one", b"two"], ["scan (2).pdf", "scan.pdf", "scan.pdf"], 0)


@pytest.mark.parametrize("again", [False, True], ids=["its name free", "its name used again"])
def test_a_sidecar_that_was_set_aside_when_its_taker_died_speaks_of_one_batch(yard: Yard, again: bool) -> None:
    path = yard.inbox / "batch.json"
    path.write_text('{"operator": "one"}')
    yard.sweep()
    asides: list[Path] = []

    def keep() -> None:
        asides.append(only_file(yard))
        os.link(asides[0], yard.home / "kept")

    with at(Step.ORIGINAL_SET_ASIDE, keep):
        yard.sweep()
    (yard.home / "kept").rename(asides[0])  # as if the taker had died there
    if again:
        path.write_text('{"operator": "two"}')
    yard.restart()
    yard.settle()
    yard.sweep()
    assert [batch.operator for batch in yard.ledger.batches()] == (["one", "two"] if again else ["one"])
    assert list(yard.inbox.iterdir()) == []


@pytest.mark.parametrize("name", ["scan.pdf", "n" * 255])
def test_a_file_that_got_half_of_its_name_back_is_one_file(yard: Yard, name: str) -> None:
    """Where a name is given back by a link, a crash leaves both."""
    path = yard.inbox / name
    path.write_bytes(b"one")
    yard.commit(path)
    os.link(set_aside(path), path)
    yard.restart()
    yard.settle()
    assert whole(yard) == ([b"one"], [name], 0)


def test_an_empty_place_goes(yard: Yard) -> None:
    path = yard.inbox / ("n" * 255)
    path.write_bytes(b"one")
    set_aside(path).rename(yard.home / "gone")
    assert len(list(yard.inbox.iterdir())) == 1
    yard.sweep()
    assert whole(yard) == ([], [], 0)


def test_one_that_cannot_be_put_right_now_is_told_and_its_intake_stays_open(yard: Yard) -> None:
    path = yard.inbox / "scan.pdf"
    path.write_bytes(b"one")
    yard.commit(path)
    set_aside(path)
    yard.restart()
    if subprocess.run(["chattr", "+i", yard.inbox], capture_output=True).returncode:
        pytest.skip("this file system or user cannot make a folder immutable")
    try:
        assert yard.sweep().unseen is not None
        assert len(yard.ledger.unreleased()) == 1
    finally:
        subprocess.run(["chattr", "-i", yard.inbox], check=True)
    yard.settle()
    yard.settle()
    assert whole(yard) == ([b"one"], ["scan.pdf"], 0)


_WITHOUT = """
import sys
from pathlib import Path
from ingest.intake.aside import give_name, set_aside
path = Path(sys.argv[1])
path.write_bytes(b"one")
hidden = set_aside(path)
assert not path.exists()
path.write_bytes(b"two")
print(give_name(hidden, path).name)
print(give_name(set_aside(path), path).name)
"""


@pytest.mark.skipif(not can_trace(), reason="strace is missing, or may not follow a program here")
@pytest.mark.parametrize("lacking", ["renameat2", "linkat", "renameat2,linkat"])
@pytest.mark.parametrize("name", ["scan.pdf", "n" * 255])
def test_a_file_system_that_lacks_links_or_such_a_rename_will_do(lacking: str, name: str, tmp_path: Path) -> None:
    program = [sys.executable, "-c", _WITHOUT, str(tmp_path / name)]
    strace = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"inject={lacking}:error=EOPNOTSUPP", "--", *program]
    done = subprocess.run(strace, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    other, own = done.stdout.splitlines()
    assert own == name
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([own, other])
    assert ((tmp_path / own).read_bytes(), (tmp_path / other).read_bytes()) == (b"two", b"one")


def test_a_hidden_file_of_somebody_else_is_never_taken_for_one_of_these(yard: Yard) -> None:
    path = yard.inbox / "scan.pdf"
    path.write_bytes(b"x")
    real = set_aside(path).name
    (yard.inbox / real).unlink()
    names = [
        ".scan.pdf",
        ".ingest-",
        ".ingest-scan.pdf",
        ".ingest-" + "0" * 32,
        ".ingest-" + "0" * 32 + "-scan.pdf",
        real + "~",
        real.replace("scan", "Scan"),
        "." + real,
        real[:40],  # the name of a place, and it is none
    ]
    for name in names:
        (yard.inbox / name).write_bytes(name.encode())
    place = yard.inbox / (".ingest-" + "1" * 32)
    place.mkdir()
    (place / "scan.pdf").write_bytes(b"x")
    for _ in range(3):
        yard.sweep()
    assert yard.sources() == []
    assert sorted(entry.name for entry in yard.inbox.iterdir()) == sorted([*names, place.name])
    assert [own_name(name) for name in names] == [None] * len(names)
