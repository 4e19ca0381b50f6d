"""What counts as a file to take, and when it is completely written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.errors import IntakeBusy, StorageTrouble
from ingest.intake.lock import only_taker
from ingest.intake.rescan import Oddity, Seen, is_litter, rescan
from ingest.intake.settle import SettleWatch, is_being_written, open_for_reading
from ingest.intake.spool import Spool, digest_of


@pytest.mark.parametrize(
    "name",
    ["~scan.pdf", "scan.tmp", "scan.PDF.part", ".hidden.pdf", "Thumbs.db", "THUMBS.DB", "a.crdownload"],
)
def test_scanner_litter_is_never_taken(name: str) -> None:
    assert is_litter(name)


@pytest.mark.parametrize("name", ["scan.pdf", "scan", "part.pdf", "tmp", "-rf.pdf", "a b.tif", "Thumbs.db.pdf"])
def test_other_names_are_taken_whatever_they_are(name: str) -> None:
    assert not is_litter(name)


def test_every_file_is_seen_with_its_origin(tmp_path: Path) -> None:
    (tmp_path / "fax" / "night").mkdir(parents=True)
    (tmp_path / "fax" / "night" / "one.pdf").write_bytes(b"1")
    (tmp_path / "two").write_bytes(b"2")
    (tmp_path / ".stfolder").mkdir()
    (tmp_path / ".stfolder" / "x.pdf").write_bytes(b"3")
    found = list(rescan(tmp_path))
    assert all(isinstance(one, Seen) for one in found)
    assert [(one.source, one.origin) for one in found if isinstance(one, Seen)] == [
        ("fax/night/one.pdf", "fax/night"),
        ("two", ""),
    ]


def test_names_that_are_no_text_are_shown_escaped_and_can_still_be_opened(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9 \n.pdf")
    path.write_bytes(b"x")
    (seen,) = rescan(tmp_path)
    assert isinstance(seen, Seen)
    assert seen.source == "caf\\xe9 \n.pdf"
    os.close(open_for_reading(seen.path))


def test_a_folder_named_like_a_scan_and_a_link_are_reported(tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").mkdir()
    (tmp_path / "scan.pdf" / "inside.png").write_bytes(b"x")
    (tmp_path / "way.pdf").symlink_to("/etc/passwd")
    found = list(rescan(tmp_path))
    odd = {one.seen.source: one.reason for one in found if isinstance(one, Oddity)}
    assert "folder" in odd["scan.pdf"]
    assert "link" in odd["way.pdf"]
    assert [one.source for one in found if isinstance(one, Seen)] == ["scan.pdf/inside.png"]


def _seen(path: Path) -> Seen:
    (found,) = (one for one in rescan(path.parent) if isinstance(one, Seen) and one.path == path)
    return found


def test_a_file_is_still_when_size_and_time_have_not_changed_for_the_settle_time(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"first")
    watch = SettleWatch(3.0)
    assert not watch.is_still(_seen(path), 10.0)
    assert not watch.is_still(_seen(path), 12.9)
    path.write_bytes(b"first and more")
    assert not watch.is_still(_seen(path), 13.0)
    assert not watch.is_still(_seen(path), 15.9)
    assert watch.is_still(_seen(path), 16.0)


def test_a_replaced_file_of_the_same_size_begins_its_wait_anew(tmp_path: Path) -> None:
    path, other = tmp_path / "scan.pdf", tmp_path / "other"
    path.write_bytes(b"one")
    watch = SettleWatch(1.0)
    watch.is_still(_seen(path), 0.0)
    other.write_bytes(b"two")
    os.utime(other, ns=(0, path.stat().st_mtime_ns))
    other.replace(path)
    assert not watch.is_still(_seen(path), 5.0)


def test_a_file_that_a_process_writes_to_is_told(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    with path.open("wb") as writer:
        writer.write(b"x")
        writer.flush()
        descriptor = open_for_reading(path)
        assert is_being_written(descriptor)
        os.close(descriptor)
    descriptor = open_for_reading(path)
    assert not is_being_written(descriptor)
    os.close(descriptor)


def test_the_second_taker_of_a_folder_is_refused_and_the_lock_ends_with_the_first(tmp_path: Path) -> None:
    with only_taker(tmp_path, tmp_path / "lock"), pytest.raises(IntakeBusy), only_taker(tmp_path, tmp_path / "lock"):
        pass
    with only_taker(tmp_path, tmp_path / "lock"):
        pass


def test_a_drop_folder_that_is_gone_is_the_systems_trouble(tmp_path: Path) -> None:
    with pytest.raises(StorageTrouble, match="cannot be opened"), only_taker(tmp_path / "gone", tmp_path / "lock"):
        pass


def test_the_spool_keeps_bytes_once_under_their_hash(tmp_path: Path) -> None:
    for folder in ("spool", "tmp"):
        (tmp_path / folder).mkdir()
    spool = Spool(tmp_path / "spool", tmp_path / "tmp")
    kept = spool.keep_bytes(b"a page")
    assert spool.keep_bytes(b"a page") == kept
    assert digest_of(spool.path(kept.sha256)) == kept.sha256
    assert spool.path(kept.sha256).stat().st_mode & 0o777 == 0o400
    assert list(spool.addresses()) == [kept.sha256]
    assert not list((tmp_path / "tmp").iterdir())
