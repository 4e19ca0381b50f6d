"""Trouble below: the disk full, the database gone, the scanner silent. Said once, waited out, nothing lost."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ingest.errors import StorageTrouble
from ingest.ledger import Ledger
from ingest.patients.search_index import SearchIndex, build_beside
from matchers import Patient
from tests.e2e.conftest import House
from tests.fakes import scripted
from tests.faults import dying, story
from tests.faults.daemon import at_rest, daemon
from tests.postgres import OwnServer
from tests.waiting import wait_until


@pytest.fixture
def calm(tmp_path: Path) -> tuple[story.Line, ...]:
    """What the day comes to when nothing is wrong."""
    home = tmp_path / "calm"
    story.make(home)
    story.drop(home / "inbox")
    dying.live(home)
    return story.ending(home)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 48 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=48m,nr_inodes=100000", "tmpfs", str(disk)], capture_output=True
    )
    if done.returncode:
        pytest.skip("a small disk cannot be mounted here (root only)")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)


def fill(disk: Path) -> Path:
    """What takes up the rest of the disk, to the last block."""
    filler = disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as out:
        while True:
            out.write(b"x" * 4096)
    return filler


def test_a_full_disk_stops_batch_and_pauses_watch_and_then_all_is_well(
    small_disk: Path, tmp_path: Path, calm: tuple[story.Line, ...]
) -> None:
    house = House(small_disk / "site")
    inbox = tmp_path / "inbox"  # on another disk
    story.make(house.home, inbox=f'"{inbox}"')
    filler = fill(small_disk)
    story.drop(inbox)
    said = house.run("batch", code=3).stderr
    assert said.count("\n") == 1
    assert "full" in said or "No space left" in said
    assert (inbox / "a.png").is_file()
    filler.unlink()

    shutil.move(inbox, tmp_path / "later")
    inbox.mkdir()
    with daemon(house) as log:
        wait_until(lambda: "watching" in log.read_text())
        filler = fill(small_disk)
        for entry in (tmp_path / "later").iterdir():
            shutil.move(entry, inbox / entry.name)
        wait_until(lambda: "paused; work resumes by itself" in log.read_text())
        time.sleep(3)  # it tries again, and does not say so again
        filler.unlink()
        wait_until(lambda: "resumed" in log.read_text() and at_rest(house, story.DROPPED))
    assert log.read_text().count("paused; work resumes by itself") == 1
    dying.live(house.home)  # the desk's part of the day
    assert story.ending(house.home) == calm
    assert story.faults(house.home, dropped=story.DROPPED) == []


def test_a_patient_index_that_finds_no_room_is_a_full_disk(small_disk: Path, tmp_path: Path) -> None:
    ledger = Ledger.open(url := f"sqlite:///{tmp_path / 'ledger.sqlite'}", create=True)
    with closing(ledger):
        one = Patient(mrn="1001", last_name="Smith", first_name="Ann", birth_date=date(1950, 1, 2))
        ledger.load_patients([one], now=datetime.now(UTC))
        search = SearchIndex(ledger, url, small_disk)
        filler = fill(small_disk)
        for ask in (search.current, search.build):
            with pytest.raises(StorageTrouble, match="No space left"):
                ask()
        build_beside(url, small_disk)
        assert [entry for entry in small_disk.iterdir() if entry.stat().st_size] == [filler]
        filler.unlink()
        assert len(search.current()) == 1


@pytest.mark.postgres
def test_postgresql_stopped_and_started_in_the_middle(tmp_path: Path, calm: tuple[story.Line, ...]) -> None:
    with OwnServer() as server:
        house = House(tmp_path / "site")
        story.make(house.home, ledger_url=server.url)
        server.stop()
        assert "does not answer" in house.run("batch", code=3).stderr
        server.start()

        with daemon(house) as log:
            story.drop(house.inbox)
            wait_until(lambda: "taken" in log.read_text())
            server.stop()
            wait_until(lambda: "paused; work resumes by itself" in log.read_text())
            server.start()
            wait_until(lambda: "resumed" in log.read_text() and at_rest(house, story.DROPPED))
        dying.live(house.home)
        assert story.ending(house.home) == calm
        assert story.faults(house.home, dropped=story.DROPPED) == []


PAUSED = "paused; work resumes by itself"


@pytest.mark.postgres
def test_watch_started_while_postgresql_is_down_waits_for_it(tmp_path: Path, calm: tuple[story.Line, ...]) -> None:
    with OwnServer() as server:
        house = House(tmp_path / "site")
        story.make(house.home, ledger_url=server.url)
        server.stop()
        with daemon(house) as log:  # it can be stopped while it waits
            wait_until(lambda: PAUSED in log.read_text())
        with daemon(house) as log:
            wait_until(lambda: PAUSED in log.read_text())
            assert "another process takes in" in house.run("watch", code=3).stderr
            story.drop(house.inbox)
            time.sleep(3)  # it tries again, and does not say so again
            server.start()
            wait_until(lambda: "resumed" in log.read_text() and at_rest(house, story.DROPPED))
        assert log.read_text().count(PAUSED) == 1
        assert log.read_text().count("event='resumed'") == 1
        assert server.password not in log.read_text()
        dying.live(house.home)
        assert story.ending(house.home) == calm
        assert story.faults(house.home, dropped=story.DROPPED) == []


def test_watch_started_on_a_full_disk_waits_for_room(
    small_disk: Path, tmp_path: Path, calm: tuple[story.Line, ...]
) -> None:
    house = House(small_disk / "site")
    inbox = tmp_path / "inbox"  # on another disk
    story.make(house.home, inbox=f'"{inbox}"')
    filler = fill(small_disk)
    story.drop(inbox)
    with daemon(house, logs=tmp_path) as log:
        wait_until(lambda: PAUSED in log.read_text())
        assert "another process takes in" in house.run("watch", code=3).stderr
        time.sleep(3)
        filler.unlink()
        wait_until(lambda: "resumed" in log.read_text() and at_rest(house, story.DROPPED))
    assert log.read_text().count(PAUSED) == 1
    assert log.read_text().count("event='resumed'") == 1
    dying.live(house.home)
    assert story.ending(house.home) == calm
    assert story.faults(house.home, dropped=story.DROPPED) == []


def test_a_log_on_a_full_disk_ends_nothing(small_disk: Path, tmp_path: Path) -> None:
    house = House(tmp_path / "site")
    story.make(house.home)
    filler = fill(small_disk)
    scripted.save((scripted.page(1),), house.inbox / "a.png")
    with daemon(house, logs=small_disk) as log:
        wait_until(lambda: at_rest(house, 1))
        assert log.read_text() == ""
        filler.unlink()
        scripted.save((scripted.page(2),), house.inbox / "b.png")
        wait_until(lambda: at_rest(house, 2) and "done" in log.read_text())


def test_watch_started_without_its_ledgers_disk_waits_for_that(tmp_path: Path) -> None:
    house = House(tmp_path / "site")
    disk = tmp_path / "ledgers"
    disk.mkdir()
    story.make(house.home, ledger_url=f"sqlite:///{disk / 'ledger.sqlite'}")
    disk.rename(tmp_path / "away")
    scripted.save((scripted.page(1),), house.inbox / "a.png")
    with daemon(house) as log:
        wait_until(lambda: PAUSED in log.read_text())
        (tmp_path / "away").rename(disk)
        wait_until(lambda: "resumed" in log.read_text() and at_rest(house, 1))
    house.run("verify")


def test_what_does_not_pass_by_itself_is_refused_at_the_start(tmp_path: Path) -> None:
    house = House(tmp_path / "site")
    story.make(house.home)
    settings = (house.home / "ingest.toml").read_text()
    house.settings(settle_s='"soon"')
    assert "intake.settle_s" in house.run("watch", code=2).stderr
    (house.home / "ingest.toml").write_text(settings)

    ledger = house.home / "ledger.sqlite"
    shutil.copy(ledger, tmp_path / "whole")
    connection = sqlite3.connect(ledger)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    assert "newer version" in house.run("watch", code=3).stderr

    ledger.write_bytes(b"this is no ledger " * 1000)
    assert "put back the last good copy" in house.run("watch", code=3).stderr

    shutil.copy(tmp_path / "whole", ledger)
    with daemon(house) as log:
        wait_until(lambda: "watching" in log.read_text())


@pytest.mark.postgres
@pytest.mark.parametrize("wrong", ["password", "database"])
def test_a_database_that_lets_nobody_in_is_a_wrong_setting(wrong: str, tmp_path: Path) -> None:
    with OwnServer() as server:
        house = House(tmp_path / "site")
        story.make(house.home, ledger_url=server.url)
        url = server.url.replace("@", "x@") if wrong == "password" else f"{server.url}x"
        house.settings(ledger=f'"{url}"')
        for command in ("watch", "batch"):
            said = house.run(command, code=3).stderr
            assert said.count("\n") == 1
            assert "correct" in said
            assert "ingest.toml" in said
            assert server.password not in said


def test_a_scanner_that_fails_lets_nothing_in_and_one_that_finds_something_quarantines(tmp_path: Path) -> None:
    program = tmp_path / "scanner.py"
    program.write_text("import sys\nsys.exit(2)\n")
    house = House(tmp_path / "site")
    story.make(house.home, scanner_command=f'["{sys.executable}", "{program}"]')
    scripted.save((scripted.page(1),), house.inbox / "good.png")
    scripted.save((scripted.page(2, salt=7),), house.inbox / "bad.png")
    bad = (house.inbox / "bad.png").read_bytes()
    assert "malware scanner" in house.run("batch", code=3).stderr
    assert {line["state"] for line in house.documents()} == {"working"}

    (tmp_path / "signature").write_bytes(bad)
    program.write_text(
        f"import sys\nsys.exit(open(sys.argv[1], 'rb').read() == open({str(tmp_path / 'signature')!r}, 'rb').read())\n"
    )
    house.run("batch", code=1)
    ends = {line["source"]: (line["state"], line["reasons"][0]) for line in house.documents()}
    assert ends["good.png"][0] == "filed"
    assert ends["bad.png"][0] == "quarantined"
    assert "malware" in ends["bad.png"][1]
    house.run("verify")
