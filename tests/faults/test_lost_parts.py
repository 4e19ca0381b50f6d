"""What a site rests on is gone: a ledger, a drop folder. Nothing goes on as if it had never been there."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.errors import LedgerDamaged, StorageTrouble
from ingest.intake.lock import only_taker
from ingest.running.backup import back_up, restore
from ingest.running.site import create_site, open_site

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A site that has taken something in."""
    create_site(tmp_path / "site")
    with open_site(tmp_path / "site") as site:
        site.spool.keep_bytes(b"%PDF")
    return tmp_path / "site"


def lose_ledger(home: Path) -> None:
    for part in home.glob("ledger.sqlite*"):
        part.unlink()


def test_a_ledger_that_is_gone_is_not_begun_anew_over_kept_scans(home: Path) -> None:
    lose_ledger(home)
    with pytest.raises(LedgerDamaged, match="ingest restore"):
        open_site(home)
    with pytest.raises(LedgerDamaged):
        create_site(home)
    assert not list(home.glob("ledger.sqlite*"))


def test_an_empty_file_is_no_ledger_of_kept_scans(home: Path) -> None:
    lose_ledger(home)
    (home / "ledger.sqlite").touch()
    with pytest.raises(LedgerDamaged):
        open_site(home)


def test_a_site_that_keeps_nothing_gets_its_ledger(tmp_path: Path) -> None:
    create_site(tmp_path / "site")
    lose_ledger(tmp_path / "site")
    with open_site(tmp_path / "site") as site:
        assert sum(site.ledger.counts().values()) == 0


def test_what_lies_in_a_folder_of_its_own_disk_is_no_scan(tmp_path: Path) -> None:
    create_site(tmp_path / "site")
    lose_ledger(tmp_path / "site")
    for folder in ("spool", "records"):
        (tmp_path / "site" / folder / "lost+found").mkdir()
    create_site(tmp_path / "site")
    assert (tmp_path / "site" / "ledger.sqlite").is_file()


def test_a_restored_site_gets_the_ledger_of_its_backup(home: Path, tmp_path: Path) -> None:
    with open_site(home) as site:
        back_up(site, tmp_path / "backup", now=NOW)
        head = site.ledger.audit_head()
    shutil.rmtree(home)
    restore(tmp_path / "backup", home)
    with open_site(home) as site:
        assert site.ledger.audit_head() == head


def test_a_drop_folder_elsewhere_is_made_by_init_alone(tmp_path: Path) -> None:
    home, share = tmp_path / "site", tmp_path / "share"
    create_site(home)
    settings = home / "ingest.toml"
    settings.write_text(f'[intake]\ninbox = "{share}"\n')
    with open_site(home) as site:
        assert not share.exists()
        with pytest.raises(StorageTrouble, match="mount it"), only_taker(site.paths.inbox, home / "intake.lock"):
            pass
    create_site(home)
    assert share.is_dir()


def test_the_site_s_own_drop_folder_is_made_again(home: Path) -> None:
    (home / "inbox").rmdir()
    with open_site(home) as site:
        assert site.paths.inbox.is_dir()
