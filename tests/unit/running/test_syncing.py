"""File and folder makers that a power cut cannot undo: their plain behaviour (tests/faults cuts the power)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.syncing import make_folders, name_new, rename_new, sync_removals, write_whole


def test_folders_are_made_to_the_last_and_may_be_there(tmp_path: Path) -> None:
    for _ in range(2):
        make_folders(tmp_path / "a" / "b", tmp_path)
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700
    make_folders(tmp_path, tmp_path)


def test_a_file_where_a_folder_is_to_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(FileExistsError):
        make_folders(tmp_path / "a", tmp_path)


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    for content in (b"one", b"two"):
        write_whole(file, content)
        assert file.read_bytes() == content
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_is_gone_too_is_no_trouble(tmp_path: Path) -> None:
    sync_removals([tmp_path / "gone" / "scan.png", tmp_path / "scan.png"])


@pytest.mark.parametrize("give", [name_new, rename_new])
def test_a_name_that_somebody_has_is_never_taken_from_them(give: Callable[[Path, Path], None], tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.write_bytes(b"ours")
    theirs.write_bytes(b"theirs")
    with pytest.raises(FileExistsError):
        give(ours, theirs)
    assert (ours.read_bytes(), theirs.read_bytes()) == (b"ours", b"theirs")
    give(ours, tmp_path / "free")
    assert (tmp_path / "free").read_bytes() == b"ours"
    with pytest.raises(FileNotFoundError):
        give(tmp_path / "nowhere", tmp_path / "other")


def test_a_folder_gets_another_name_in_the_same_way(tmp_path: Path) -> None:
    for name in ("ours", "theirs"):
        (tmp_path / name).mkdir()
    with pytest.raises(FileExistsError):
        rename_new(tmp_path / "ours", tmp_path / "theirs")
    rename_new(tmp_path / "ours", tmp_path / "free")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["free", "theirs"]
