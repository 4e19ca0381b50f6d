"""The drop folder as it is in life, with `ingest watch` beside it: whatever people and shares do, all is taken once."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.conftest import House
from tests.fakes import scripted
from tests.faults import story
from tests.faults.daemon import at_rest, daemon
from tests.waiting import wait_until

PAUSED = "paused; work resumes by itself"


@pytest.fixture
def site(tmp_path: Path) -> House:
    story.make(tmp_path / "site", settle_s="0.4")
    return House(tmp_path / "site")


def scan(salt: int) -> bytes:
    """A small scan, of other bytes for each number."""
    folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"scan-{os.getpid()}"  # noqa: S108 - removed at once
    scripted.save((scripted.page(scripted.NOBODY, salt=salt),), folder / "x.png")
    content = (folder / "x.png").read_bytes()
    shutil.rmtree(folder)
    return content


def sources(house: House) -> Counter[str]:
    return Counter(line["source"] for line in house.documents())


def test_scanners_of_every_habit_at_once(site: House, tmp_path: Path) -> None:
    contents = [scan(salt) for salt in range(12)]

    def slowly() -> None:
        for piece in range(8):
            with (site.inbox / "slow.png").open("ab") as out:
                size = len(contents[0]) // 8 + 1
                out.write(contents[0][piece * size : (piece + 1) * size])
            time.sleep(0.25)

    def pausing() -> None:
        with (site.inbox / "held.png").open("wb", buffering=0) as out:
            out.write(contents[1][:500])
            time.sleep(1.5)  # far longer than the settle time
            out.write(contents[1][500:])

    def renaming() -> None:
        (site.inbox / "copy.png.part").write_bytes(contents[2])
        time.sleep(0.5)
        (site.inbox / "copy.png.part").rename(site.inbox / "copy.png")

    def moving() -> None:
        (tmp_path / "ward" / "b").mkdir(parents=True)
        for number in (3, 4, 5):
            (tmp_path / "ward" / "b" / f"{number}.png").write_bytes(contents[number])
        (tmp_path / "ward").rename(site.inbox / "ward")

    def always_the_same_name() -> None:
        for number in (6, 7, 8):
            while (site.inbox / "scan.png").exists():
                time.sleep(0.02)
            (site.inbox / ".draft").write_bytes(contents[number])
            (site.inbox / ".draft").rename(site.inbox / "scan.png")

    def the_same_bytes() -> None:
        for name in ("one.png", "-two.png", "three 'x'\n.png"):
            (site.inbox / name).write_bytes(contents[9])
        (site.inbox / os.fsdecode(b"caf\xe9.png")).write_bytes(contents[10])
        (site.inbox / ("n" * 251 + ".png")).write_bytes(contents[11])

    habits = (slowly, pausing, renaming, moving, always_the_same_name, the_same_bytes)
    with daemon(site) as log:
        wait_until(lambda: "watching" in log.read_text())
        writers = [threading.Thread(target=habit) for habit in habits]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        wait_until(lambda: at_rest(site, 14))
        wait_until(lambda: not [path for path in site.inbox.rglob("*") if path.is_file()])
    assert "was started anew" not in log.read_text()
    states = Counter(line["state"] for line in site.documents())
    assert (states["duplicate"], states["review"]) == (2, 12)
    assert sources(site)["scan.png"] == 3
    assert {"caf\\xe9.png", "three 'x'\n.png", "ward/b/4.png", "n" * 251 + ".png"} <= set(sources(site))
    shown = {line["source_sha256"] for line in site.documents()}
    assert len(shown) == 12
    site.run("verify")


def test_a_folder_that_sends_no_events_is_looked_through_and_it_is_said_once(site: House) -> None:
    """A system that lets this user watch no folder: as with the shares that send nothing."""
    nothing = "echo 0 > /proc/sys/user/max_inotify_instances"
    if subprocess.run(["unshare", "-Ur", "sh", "-c", nothing], capture_output=True).returncode:
        pytest.skip("this user cannot limit the watching of folders")
    with daemon(site, "unshare", "-Ur", "sh", "-c", f'{nothing}; exec "$@"', "sh") as log:
        for number in range(3):
            (site.inbox / f"{number}.png").write_bytes(scan(number))
            wait_until(partial(at_rest, site, number + 1))
    assert log.read_text().count("sends no events") == 1
    assert "the observer" not in log.read_text()


def test_a_drop_folder_that_is_moved_away_and_back_pauses_the_daemon(site: House, tmp_path: Path) -> None:
    with daemon(site) as log:
        (site.inbox / "a.png").write_bytes(scan(1))
        wait_until(lambda: at_rest(site, 1))
        (site.inbox / "b.png").write_bytes(scan(2))
        site.inbox.rename(tmp_path / "away")
        (tmp_path / "away" / "c.png").write_bytes(scan(3))
        wait_until(lambda: PAUSED in log.read_text())
        time.sleep(4)  # it tries again and again, and does not say so again
        (tmp_path / "away").rename(site.inbox)
        wait_until(lambda: "resumed" in log.read_text() and at_rest(site, 3))
    assert log.read_text().count(PAUSED) == 1
    assert log.read_text().count("event='resumed'") == 1
    assert sources(site) == Counter({"a.png": 1, "b.png": 1, "c.png": 1})
    site.run("verify")


def test_a_drop_folder_that_is_made_anew_is_watched_anew_and_nobody_else_may_take_it(site: House) -> None:
    site.settings(rescan_s="600")
    with daemon(site) as log:
        wait_until(lambda: "watching" in log.read_text())
        site.inbox.rmdir()
        wait_until(lambda: PAUSED in log.read_text())
        site.inbox.mkdir()
        wait_until(lambda: "resumed" in log.read_text())
        (site.inbox / "a.png").write_bytes(scan(1))  # only an event can tell of it in time
        wait_until(lambda: at_rest(site, 1))
        assert "another process takes in" in site.run("batch", code=3).stderr
    assert log.read_text().count("was started anew") == 1


@pytest.fixture
def share(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own that can be laid over a drop folder and taken away again."""
    kept = tmp_path / "share"
    kept.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", kept], capture_output=True).returncode:
        pytest.skip("this user cannot mount")
    yield kept
    subprocess.run(["umount", "-l", kept], capture_output=True)


def test_a_share_that_is_unmounted_and_mounted_again_loses_nothing(site: House, share: Path) -> None:
    lay = ["mount", "--bind", str(share), str(site.inbox)]
    subprocess.run(lay, check=True)
    try:
        with daemon(site) as log:
            (site.inbox / "a.png").write_bytes(scan(1))
            wait_until(lambda: at_rest(site, 1))
            (share / "b.png").write_bytes(scan(2))
            subprocess.run(["umount", "-l", site.inbox], check=True)
            wait_until(lambda: "is another one than before" in log.read_text())
            (share / "c.png").write_bytes(scan(3))
            time.sleep(1)
            subprocess.run(lay, check=True)
            wait_until(lambda: at_rest(site, 3))
            assert "another process takes in" in site.run("batch", code=3).stderr
            (share / "d.png").write_bytes(scan(4))
            wait_until(lambda: at_rest(site, 4))
        assert log.read_text().count("is another one than before") == 2
        assert set(sources(site).values()) == {1}
        assert list(share.iterdir()) == []
    finally:
        subprocess.run(["umount", "-l", site.inbox], capture_output=True)
    site.run("verify")


def test_the_second_process_on_a_drop_folder_is_refused_with_one_plain_line(site: House, tmp_path: Path) -> None:
    other = House(tmp_path / "other")
    story.make(other.home, inbox=f'"{site.inbox}"')
    with daemon(site) as log:
        wait_until(lambda: "watching" in log.read_text())
        for house, command in ((site, "watch"), (site, "batch"), (other, "watch"), (other, "batch")):
            said = house.run(command, code=3).stderr
            assert said.count("\n") == 1
            assert said.startswith("ingest: another process takes in")
