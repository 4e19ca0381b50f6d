"""Into the records and out of them: whole, synced, never over another file, the same after a crash."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

import pytest

from ingest.errors import Conflict, NotFound, PaperchartError, StorageTrouble, WrongUse
from ingest.filing.place import place, withdraw

_CANARY = "CANARY-MRN"
_NAME = PurePosixPath(_CANARY, "2026", "x_D000001.pdf")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for folder in ("records", "withdrawn", "tmp"):
        (tmp_path / folder).mkdir()
    return tmp_path


def _draft(site: Path, data: bytes = b"one") -> Path:
    draft = site / "tmp" / "file-1-ab"
    draft.write_bytes(data)
    return draft


def _place(site: Path, data: bytes = b"one") -> Path:
    place(_draft(site, data), site / "records", _NAME)
    return site / "records" / _NAME


def test_a_placed_file_has_left_its_draft_and_is_private(site) -> None:
    placed = _place(site)
    assert placed.read_bytes() == b"one"
    assert not (site / "tmp" / "file-1-ab").exists()
    assert stat.S_IMODE(placed.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in placed.parents[:2]} == {0o700}


def test_placing_the_same_bytes_again_changes_nothing(site) -> None:
    before = _place(site).stat().st_ino
    assert _place(site).stat().st_ino == before
    assert list((site / "tmp").iterdir()) == []


def test_a_crash_between_the_new_name_and_the_old_one_is_mended(site) -> None:
    placed = _place(site)
    os.link(placed, site / "tmp" / "file-1-ab")
    place(site / "tmp" / "file-1-ab", site / "records", _NAME)
    assert placed.read_bytes() == b"one"
    assert list((site / "tmp").iterdir()) == []


def test_other_bytes_are_never_overwritten(site) -> None:
    placed = _place(site)
    with pytest.raises(Conflict) as refused:
        _place(site, b"two")
    assert placed.read_bytes() == b"one"
    assert (site / "tmp" / "file-1-ab").read_bytes() == b"two"
    assert _CANARY not in str(refused.value)


def test_a_folder_in_the_way_is_not_overwritten(site) -> None:
    (site / "records" / _NAME).mkdir(parents=True)
    with pytest.raises(Conflict):
        _place(site)


@pytest.mark.parametrize("name", ["../out.pdf", "/etc/out.pdf", "a/../../out.pdf", "."])
def test_nothing_is_placed_outside_the_records(site, name) -> None:
    with pytest.raises(WrongUse):
        place(_draft(site), site / "records", PurePosixPath(name))
    assert sorted(path.name for path in site.iterdir()) == ["records", "tmp", "withdrawn"]


def test_a_link_that_leads_out_of_the_records_is_not_followed(site, tmp_path_factory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (site / "records" / _CANARY).symlink_to(elsewhere)
    with pytest.raises(WrongUse):
        _place(site)
    assert list(elsewhere.iterdir()) == []


def test_a_file_where_a_folder_should_be_is_the_systems_trouble(site) -> None:
    (site / "records" / _CANARY).write_bytes(b"")
    with pytest.raises(StorageTrouble) as trouble:
        _place(site)
    assert _CANARY not in str(trouble.value)


def test_a_draft_that_is_gone_is_not_taken_for_placed(site) -> None:
    _place(site)
    with pytest.raises(NotFound):
        place(site / "tmp" / "file-1-ab", site / "records", _NAME)


def test_a_withdrawn_file_moves_and_moving_it_again_changes_nothing(site) -> None:
    placed = _place(site)
    path = str(PurePosixPath("records") / _NAME)
    assert withdraw(site, path, "7") == "withdrawn/7.pdf"
    assert not placed.exists()
    assert withdraw(site, path, "7") == "withdrawn/7.pdf"
    assert (site / "withdrawn" / "7.pdf").read_bytes() == b"one"


def test_a_withdrawal_broken_off_in_the_middle_is_finished(site) -> None:
    placed = _place(site)
    os.link(placed, site / "withdrawn" / "7.pdf")
    withdraw(site, str(PurePosixPath("records") / _NAME), "7")
    assert not placed.exists()
    assert (site / "withdrawn" / "7.pdf").read_bytes() == b"one"


def test_several_may_withdraw_one_file_at_once(site) -> None:
    path = str(PurePosixPath("records") / _NAME)
    for round_ in range(20):
        _place(site)
        with ThreadPoolExecutor(4) as threads:
            assert set(threads.map(lambda _: withdraw(site, path, f"{round_}"), range(4))) == {  # noqa: B023
                f"withdrawn/{round_}.pdf"
            }


def test_a_withdrawn_file_is_never_overwritten(site) -> None:
    placed = _place(site)
    (site / "withdrawn" / "7.pdf").write_bytes(b"other")
    with pytest.raises(Conflict):
        withdraw(site, str(PurePosixPath("records") / _NAME), "7")
    assert placed.exists()


def test_a_filed_pdf_that_is_nowhere_is_reported_without_its_name(site) -> None:
    with pytest.raises(PaperchartError) as trouble:
        withdraw(site, str(PurePosixPath("records") / _NAME), "7")
    assert isinstance(trouble.value, NotFound)
    assert _CANARY not in str(trouble.value)


def test_the_same_document_can_be_filed_again_after_its_withdrawal(site) -> None:
    _place(site)
    withdraw(site, str(PurePosixPath("records") / _NAME), "7")
    assert _place(site, b"two").read_bytes() == b"two"
