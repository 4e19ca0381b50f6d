"""The model of a disk, by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.disk import Crash, Disk


def _synced(disk: Disk, *paths: str) -> None:
    for path in paths:
        disk.end_sync(disk.begin_sync(path))


def test_what_is_not_synced_is_gone_and_what_kill_9_leaves_is_all() -> None:
    disk = Disk()
    disk.create("a")
    disk.write("a", 0, b"bytes")
    assert disk.after(Crash.NOTHING) == {}
    assert disk.after(Crash.NAMES) == {"a": b""}
    assert disk.after(Crash.NAMES_ZEROED) == {"a": bytes(5)}
    assert disk.after(Crash.BYTES) == {}
    assert disk.after(Crash.ALL) == {"a": b"bytes"}


def test_a_synced_file_is_found_only_when_every_folder_above_it_was_synced() -> None:
    disk = Disk()
    disk.make_folder("f")
    disk.create("f/a")
    disk.write("f/a", 2, b"xy")
    _synced(disk, "f/a", "f")
    assert disk.after(Crash.NOTHING) == {}
    _synced(disk, "")
    assert disk.after(Crash.NOTHING) == {"f": None, "f/a": b"\0\0xy"}


def test_a_sync_covers_what_was_there_when_it_began() -> None:
    disk = Disk()
    disk.create("a")
    _synced(disk, "")
    disk.write("a", 0, b"one")
    sync = disk.begin_sync("a")
    disk.write("a", 3, b"two")
    disk.end_sync(sync)
    assert disk.after(Crash.NOTHING) == {"a": b"one"}
    assert disk.after(Crash.BYTES) == {"a": b"onetwo"}


def test_a_file_cut_short_keeps_its_length_until_it_is_synced() -> None:
    disk = Disk()
    disk.create("a")
    disk.write("a", 0, b"12345")
    _synced(disk, "a", "")
    disk.cut("a", 2)
    assert disk.after(Crash.NOTHING) == disk.after(Crash.NAMES) == {"a": b"12345"}
    disk.cut("a", 4)
    _synced(disk, "a")
    assert disk.after(Crash.NOTHING) == {"a": b"12\0\0"}


def test_a_removed_file_comes_back_until_its_folder_is_synced(tmp_path: Path) -> None:
    disk = Disk()
    disk.arrive("scan", tmp_path)
    disk.remove("scan")
    assert disk.after(Crash.NOTHING) == {"scan": tmp_path}
    assert disk.after(Crash.NAMES) == {}
    _synced(disk, "")
    assert disk.after(Crash.NOTHING) == {}


@pytest.mark.parametrize(
    ("synced", "found"),
    [(None, ["a/x"]), ("b", ["a/x", "b/x"]), ("a", ["b/x"])],
    ids=["neither synced", "the new folder", "the old folder"],
)
def test_a_file_moved_between_folders_is_never_under_none_of_its_names(synced: str | None, found: list[str]) -> None:
    disk = Disk()
    for folder in ("a", "b"):
        disk.make_folder(folder)
    disk.create("a/x")
    _synced(disk, "", "a", "b")
    disk.rename("a/x", "b/x")
    if synced is not None:
        _synced(disk, synced)
    assert [path for path in disk.after(Crash.NOTHING) if path.endswith("x")] == found
    for seed in range(20):
        assert {"a/x", "b/x"} & set(disk.after(Crash.SCATTERED, seed))


def test_scattered_changes_keep_their_order_in_each_file() -> None:
    disk = Disk()
    for name in ("a", "b"):
        disk.create(name)
    _synced(disk, "")
    for number in range(4):
        disk.write("a", 2 * number, b"%02d" % number)
        disk.write("b", 2 * number, b"%02d" % number)
    seen = set()
    for seed in range(60):
        tree = disk.after(Crash.SCATTERED, seed)
        a, b = tree["a"], tree["b"]
        assert isinstance(a, bytes)
        assert isinstance(b, bytes)
        assert b"00010203".startswith(a)
        assert b"00010203".startswith(b)
        seen.add((len(a), len(b)))
    assert len(seen) > 20


def test_a_hard_link_is_the_same_file_under_each_name() -> None:
    disk = Disk()
    disk.create("draft")
    disk.write("draft", 0, b"pdf")
    disk.link("draft", "filed")
    _synced(disk, "draft", "")
    disk.remove("draft")
    _synced(disk, "")
    assert disk.after(Crash.NOTHING) == {"filed": b"pdf"}
