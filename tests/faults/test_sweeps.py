"""The drop folder as it is in life, one sweep at a time: real files, the real spool, a real ledger."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.errors import StorageTrouble
from ingest.intake.rescan import Seen, rescan, see
from ingest.intake.take import NotSettled, Unreadable, intake_key, take
from ingest.model import DocumentState
from tests.faults.yard import NAMES, NOW, Yard


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_any_name_is_taken_whole_and_shown_as_text(yard: Yard, name: bytes) -> None:
    for folder in (yard.inbox, yard.inbox / os.fsdecode(b"in" + name[:-6])):
        folder.mkdir(exist_ok=True)
        (folder / os.fsdecode(name)).write_bytes(name)
    yard.settle()
    assert (yard.left(), yard.contents()) == ([], [name, name])
    for source in yard.sources():
        source.encode("utf-8")


def test_a_folder_moved_in_whole_is_taken_with_its_sub_folders(yard: Yard) -> None:
    ready = yard.home / "ready" / "fax" / "night"
    ready.mkdir(parents=True)
    for number in range(5):
        (ready / f"{number}.pdf").write_bytes(b"%d" % number)
        (ready.parent / f"{number}.pdf").write_bytes(b"1%d" % number)
    yard.sweep()
    (yard.home / "ready" / "fax").rename(yard.inbox / "fax")
    yard.settle()
    assert yard.left() == []
    assert len(yard.contents()) == 10
    assert {row.scan.origin for row in yard.ledger.scans()} == {"fax", "fax/night"}


def test_a_copy_under_a_working_name_is_taken_once_it_has_its_own(yard: Yard) -> None:
    draft = yard.inbox / "scan.pdf.part"
    draft.write_bytes(b"half")
    yard.settle()
    assert yard.sources() == []
    draft.write_bytes(b"half and half")
    draft.rename(yard.inbox / "scan.pdf")
    yard.sweep(after_s=0.1)
    assert yard.sources() == []  # its own name begins the wait
    yard.settle()
    assert yard.contents() == [b"half and half"]


def test_a_file_that_grows_is_not_taken_and_then_taken_whole(yard: Yard) -> None:
    for piece in range(4):
        with (yard.inbox / "slow.pdf").open("ab") as writer:
            writer.write(b"%d" % piece)
        assert yard.sweep(after_s=0.4).taken == ()
    yard.settle()
    assert yard.contents() == [b"0123"]


def test_a_writer_that_pauses_with_the_file_open_is_waited_for(yard: Yard) -> None:
    with (yard.inbox / "held.pdf").open("wb") as writer:
        writer.write(b"first")
        writer.flush()
        for _ in range(4):
            assert yard.sweep(after_s=3.0).taken == ()
        writer.write(b" second")
    yard.settle()
    yard.settle()
    assert yard.contents() == [b"first second"]


def test_the_same_name_with_other_bytes_and_other_names_with_the_same_bytes_are_scans_of_their_own(yard: Yard) -> None:
    for content in (b"one", b"two", b"one"):
        (yard.inbox / "scan.pdf").write_bytes(content)
        yard.settle()
    (yard.inbox / "other.pdf").write_bytes(b"two")
    yard.settle()
    assert yard.sources() == ["other.pdf", "scan.pdf", "scan.pdf", "scan.pdf"]
    assert yard.contents() == [b"one", b"one", b"two", b"two"]


def test_a_name_that_gets_other_bytes_while_it_is_taken_loses_neither(yard: Yard) -> None:
    """The ledger has the first bytes, its process died; meanwhile the scanner wrote others under the name."""
    path = yard.inbox / "scan.pdf"
    path.write_bytes(b"one")
    yard.commit(path)
    (yard.inbox / "new").write_bytes(b"two")
    (yard.inbox / "new").rename(path)
    yard.restart()
    yard.settle()
    assert (yard.contents(), yard.left()) == ([b"one", b"two"], [])


def test_a_file_replaced_or_gone_between_look_and_copy_is_not_mistaken(yard: Yard) -> None:
    path = yard.inbox / "scan.pdf"
    path.write_bytes(b"one")
    (seen,) = (one for one in rescan(yard.inbox) if isinstance(one, Seen))
    (yard.inbox / "new").write_bytes(b"two")
    (yard.inbox / "new").rename(path)
    parts = {"root": yard.inbox, "spool": yard.folder.spool, "ledger": yard.ledger, "now": NOW}
    assert isinstance(take(seen, drop=True, **parts), NotSettled)  # type: ignore[arg-type]
    path.unlink()
    yard.settle()
    assert yard.sources() == []


def test_files_that_come_and_go_between_two_looks_leave_nothing_behind(yard: Yard) -> None:
    for round_ in range(3):
        for number in range(20):
            (yard.inbox / f"{round_}-{number}.pdf").write_bytes(b"x")
        yard.sweep()
        for path in yard.inbox.iterdir():
            path.unlink()
        yard.sweep()
    assert yard.sources() == []
    assert yard.folder.watch.known == 0


def test_what_cannot_be_read_is_reported_once_and_stops_nobody_else(yard: Yard) -> None:
    secret = yard.inbox / "locked.pdf"
    secret.write_bytes(b"x")
    secret.chmod(0)
    if os.access(secret, os.R_OK):
        pytest.skip("this user may read everything")
    (yard.inbox / "z.pdf").write_bytes(b"z")
    for _ in range(4):
        yard.sweep()
    assert yard.contents() == [b"z"]
    (quarantined,) = yard.ledger.documents(state=DocumentState.QUARANTINED)
    assert "cannot be read" in quarantined.reasons[0]
    assert yard.left() == ["locked.pdf"]


def test_links_sockets_and_pipes_are_reported_once_and_nothing_waits_on_them(yard: Yard) -> None:
    os.mkfifo(yard.inbox / "pipe.pdf")
    (yard.inbox / "way.pdf").symlink_to("/etc/passwd")
    (yard.inbox / "nowhere.pdf").symlink_to("/nowhere")
    (yard.inbox / "z.pdf").write_bytes(b"z")
    for _ in range(4):
        yard.sweep()
    assert yard.contents() == [b"z"]
    assert len(list(yard.ledger.documents(state=DocumentState.QUARANTINED))) == 3


def test_a_disk_that_gives_an_error_for_one_file_stops_nobody_else(yard: Yard, tmp_path: Path) -> None:
    """`/proc/self/mem` is a regular file that everybody may open and nobody can read from its beginning."""
    parts = {"root": Path("/proc/self"), "spool": yard.folder.spool, "ledger": yard.ledger, "now": NOW}
    outcome = take(see(Path("/proc/self/mem"), Path("/proc/self")), drop=True, **parts)  # type: ignore[arg-type]
    assert isinstance(outcome, Unreadable)
    assert yard.sources() == []
    assert not list((tmp_path / "tmp").iterdir())


def test_a_tree_too_deep_for_the_system_is_reported_and_stops_nobody_else(yard: Yard) -> None:
    descriptor = os.open(yard.inbox, os.O_RDONLY)
    for _ in range(60):
        os.mkdir("d" * 100, dir_fd=descriptor)
        deeper = os.open("d" * 100, os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = deeper
    os.close(os.open("deep.pdf", os.O_CREAT | os.O_WRONLY, dir_fd=descriptor))
    os.close(descriptor)
    (yard.inbox / "z.pdf").write_bytes(b"z")
    for _ in range(4):
        yard.sweep()
    assert yard.contents() == [b"z"]
    (reported,) = yard.ledger.documents(state=DocumentState.QUARANTINED)
    assert "deep" in reported.reasons[0]
    subprocess.run(["rm", "-r", yard.inbox], check=True)


def test_folders_nested_by_the_thousand_are_looked_through(yard: Yard) -> None:
    deepest = str(yard.inbox)
    while len(deepest) < 3900:
        deepest += "/d"
        Path(deepest).mkdir()
    (Path(deepest) / "z.pdf").write_bytes(b"z")
    yard.settle()
    assert yard.contents() == [b"z"]
    subprocess.run(["rm", "-r", yard.inbox], check=True)


def test_a_share_that_is_gone_for_a_while_brings_nothing_back_twice(yard: Yard) -> None:
    """Its mount point is an empty folder: that proves of no file that it has left the share."""
    path = yard.inbox / "scan.pdf"
    path.write_bytes(b"one")
    yard.commit(path)
    yard.restart()
    yard.inbox.rename(yard.home / "away")
    for _ in range(2):
        with pytest.raises(StorageTrouble):
            yard.sweep()
    (yard.home / "away").rename(yard.inbox)
    yard.settle()
    assert (yard.contents(), yard.left()) == ([b"one"], [])


@pytest.fixture
def share(yard: Yard) -> Iterator[Path]:
    """A file system of its own that can be laid over the drop folder and taken away again."""
    kept = yard.home / "kept"
    kept.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "tmpfs", kept], capture_output=True).returncode:
        pytest.skip("this user cannot mount")
    yield kept
    subprocess.run(["umount", "-l", yard.inbox], capture_output=True)
    subprocess.run(["umount", "-l", kept], capture_output=True)


def test_an_unmounted_share_brings_nothing_back_twice(yard: Yard, share: Path) -> None:
    subprocess.run(["mount", "--bind", share, yard.inbox], check=True)
    path = yard.inbox / "scan.pdf"
    path.write_bytes(b"one")
    yard.commit(path)
    (yard.inbox / "later.pdf").write_bytes(b"two")
    yard.restart()
    subprocess.run(["umount", yard.inbox], check=True)
    yard.settle()
    assert yard.ledger.unreleased() != ()
    subprocess.run(["mount", "--bind", share, yard.inbox], check=True)
    yard.settle()
    assert (yard.contents(), yard.left()) == ([b"one", b"two"], [])
    assert yard.ledger.unreleased() == ()


def test_a_share_that_returns_under_another_device_number_brings_nothing_back_twice(yard: Yard) -> None:
    """Network file systems get a new number with each mount; the row of the ledger has the old one."""
    path = yard.inbox / "scan.pdf"
    path.write_bytes(b"one")
    seen = see(path, yard.inbox)
    kept = yard.folder.spool.keep_bytes(b"one")
    key = replace(intake_key(seen, kept.sha256), device=seen.device + 1)
    yard.ledger.take_in(key=key, source=seen.source, origin=seen.origin, now=NOW, drop=True)
    yard.restart()
    yard.settle()
    assert (yard.contents(), yard.left()) == ([b"one"], [])
    assert yard.ledger.unreleased() == ()


def test_an_original_that_nobody_may_remove_is_taken_once_and_stops_nobody_else(yard: Yard) -> None:
    """A scanner's folder where the program may read, and not delete."""
    fixed = yard.inbox / "fixed.pdf"
    fixed.write_bytes(b"one")
    if subprocess.run(["chattr", "+i", fixed], capture_output=True).returncode:
        pytest.skip("this file system or user cannot make a file immutable")
    try:
        (yard.inbox / "z.pdf").write_bytes(b"z")
        for _ in range(6):
            yard.sweep()
        assert yard.contents() == [b"one", b"z"]
        assert yard.left() == ["fixed.pdf"]
    finally:
        subprocess.run(["chattr", "-i", fixed], check=True)
    yard.sweep(after_s=3600)
    assert (yard.contents(), yard.left()) == ([b"one", b"z"], [])


def test_a_file_that_another_program_has_leased_is_waited_for(yard: Yard) -> None:
    """A file server leases a file that its client works on: opening it would break into that."""
    path = yard.inbox / "leased.pdf"
    path.write_bytes(b"one")
    holder = subprocess.Popen([sys.executable, "-c", _HOLD_A_LEASE, path], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        if holder.stdout.readline() != b"held\n":
            pytest.skip("this file system has no leases")
        for _ in range(3):
            assert yard.sweep().taken == ()
        assert yard.sources() == []
    finally:
        holder.kill()
        holder.communicate()
    for _ in range(4):
        yard.sweep(after_s=30)
    assert (yard.sources(), yard.left()) == (["leased.pdf"], [])


_HOLD_A_LEASE = """
import fcntl, os, signal, sys, time
signal.signal(signal.SIGIO, signal.SIG_IGN)
held = os.open(sys.argv[1], os.O_RDWR)
try:
    fcntl.fcntl(held, fcntl.F_SETLEASE, fcntl.F_WRLCK)
except OSError:
    print("none", flush=True)
else:
    print("held", flush=True)
time.sleep(60)
"""


def test_a_writer_that_opens_the_file_in_the_very_moment_kills_nobody(tmp_path: Path) -> None:
    """A lease that somebody breaks ends its holder with SIGIO, unless another signal was asked for."""
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"x")
    opening = f"import os\nwhile True: os.close(os.open({str(path)!r}, os.O_WRONLY))"
    asking = (
        "import time\nfrom pathlib import Path\nimport os\n"
        "from ingest.intake.settle import is_being_written, open_for_reading\n"
        f"path, end = Path({str(path)!r}), time.monotonic() + 2\n"
        "while time.monotonic() < end:\n"
        "    held = open_for_reading(path)\n    is_being_written(held)\n    os.close(held)\n"
    )
    writer = subprocess.Popen([sys.executable, "-c", opening])
    try:
        asked = subprocess.run([sys.executable, "-c", asking], cwd=Path(__file__).parents[2])
    finally:
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    assert asked.returncode == 0
