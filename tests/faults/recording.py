"""A small site's life, recorded: made, patients loaded, scans dropped and worked, one accepted and taken back.

The record is a list of commands, each with the steps that it took on the disk and with the listing that it left.
What it says was done is held against the disk at its end: played without a crash, the model and the folder are alike.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ingest.intake.aside import set_aside
from ingest.running.site import open_site
from tests.e2e.conftest import PATIENTS
from tests.fakes import scripted
from tests.fakes.paper import page, save
from tests.faults.disk import Crash, Disk, Sync, Tree
from tests.faults.story import LONG_NAME
from tests.faults.trace import Kind, Step, steps, traced

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "INGEST_READING__ENGINE": "tests.fakes.scripted:engine",
    "INGEST_READING__SECOND_READER": "off",
    "INGEST_INTAKE__SETTLE_S": "0.05",
}
Listing = list[tuple[str, str, str, tuple[int, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command of the record. `dropped`: these files came into the drop folder before it."""

    name: str
    steps: tuple[Step, ...]
    left: Listing
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it all happens: `disk` is watched, the site is in it; `papers` are the scans, under the same inodes."""

    disk: Path
    papers: Path
    patients: Path

    @property
    def home(self) -> Path:
        return self.disk / "site"


@dataclass(slots=True)
class Player:
    """Plays steps on the model."""

    disk: Disk = field(default_factory=Disk)
    _syncs: dict[int, Sync] = field(default_factory=dict)

    def drop(self, names: tuple[str, ...], place: Place) -> None:
        """The scans arrive, durable."""
        for name in names:
            self.disk.arrive(f"site/inbox/{name}", place.papers / name)

    def play(self, step: Step) -> None:
        """One step."""
        disk = self.disk
        match step.kind:
            case Kind.CREATE:
                disk.create(step.path)
            case Kind.WRITE:
                disk.write(step.path, step.offset, step.data)
            case Kind.CUT:
                disk.cut(step.path, step.size)
            case Kind.FOLDER:
                disk.make_folder(step.path)
            case Kind.LINK:
                disk.link(step.path, step.to)
            case Kind.RENAME:
                disk.rename(step.path, step.to)
            case Kind.REMOVE:
                disk.remove(step.path)
            case Kind.SYNC_BEGINS:
                self._syncs[step.sync] = disk.begin_sync(step.path)
            case Kind.SYNC_ENDS:
                disk.end_sync(self._syncs.pop(step.sync))


def make_place(folder: Path) -> Place:
    """The scans and the list of patients, ready to be dropped and loaded."""
    place = Place(disk=folder / "disk", papers=folder / "papers", patients=folder / "patients.csv")
    place.disk.mkdir(parents=True)
    place.patients.write_text(PATIENTS)
    scripted.save((scripted.page(1),), place.papers / "a.png")
    scripted.save((scripted.page(2), scripted.page(2)), place.papers / "b.tif")
    shutil.copy(place.papers / "a.png", place.papers / "copy.png")
    (place.papers / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    scripted.save((scripted.page(scripted.NOBODY),), place.papers / "nobody.png")
    save([page([])], place.papers / "white.png")
    (place.papers / "left.pdf").write_bytes(b"%PDF-1.7 and less")
    set_aside(place.papers / "left.pdf")  # by a taker that died
    (place.papers / LONG_NAME).write_bytes(b"%PDF-1.7 and even less")
    return place


def record(place: Place, folder: Path) -> tuple[Command, ...]:
    """Runs the commands under `strace`, one after the other. `folder` is for what is needed meanwhile."""
    names = tuple(sorted(path.name for path in place.papers.iterdir()))
    recorder = _Recorder(place, folder)
    commands = [recorder.run("init"), recorder.run("patients", "load", str(place.patients))]
    for name in names:
        os.link(place.papers / name, place.home / "inbox" / name)
    commands.append(recorder.run("batch", "--workers", "2", code=1, dropped=names))
    (waiting,) = recorder.waiting
    commands.append(recorder.run("review", "assign", waiting, "00412345", "--yes"))
    commands.append(recorder.run("review", "undo", waiting))
    _check(commands, place)
    return tuple(commands)


class _Recorder:
    def __init__(self, place: Place, folder: Path) -> None:
        self._place, self._folder = place, folder
        self._count = 0
        self.waiting: tuple[str, ...] = ()

    def run(self, *words: str, code: int = 0, dropped: tuple[str, ...] = ()) -> Command:
        home = self._place.home
        log = self._folder / "strace.log"
        done = traced(
            [sys.executable, "-m", "ingest.cli.app", "--home", str(home), *words],
            log,
            cwd=ROOT,
            env=os.environ | SETTINGS,
        )
        assert done.returncode == code, done.stderr
        taken = tuple(steps(log, self._place.disk, cwd=ROOT))
        log.unlink()
        return Command(
            name=" ".join(word for word in words[:2] if not word.startswith("-")),
            steps=taken,
            left=self._left(),
            dropped=dropped,
        )

    def _left(self) -> Listing:
        """The listing, from a copy: to open a site is to write to it."""
        self._count += 1
        copy = self._folder / f"copy-{self._count}"
        shutil.copytree(self._place.home, copy)
        with open_site(copy) as site:
            documents = list(site.ledger.documents())
        shutil.rmtree(copy)
        self.waiting = tuple(document.id for document in documents if document.state == "review")
        return sorted((d.scan.source, d.state.value, d.mrn or "", d.pages) for d in documents)


def _check(commands: list[Command], place: Place) -> None:
    player = Player()
    for command in commands:
        player.drop(command.dropped, place)
        for step in command.steps:
            player.play(step)
    told, there = player.disk.after(Crash.ALL), dict(_tree(place.disk))
    assert {path: _bytes(content) for path, content in told.items()} == there, "the record is not what was done"


def _bytes(content: bytes | Path | None) -> bytes | None:
    return content.read_bytes() if isinstance(content, Path) else content


def _tree(folder: Path) -> Iterator[tuple[str, bytes | None]]:
    for path in sorted(folder.rglob("*")):
        if not path.name.endswith("-shm"):
            yield str(path.relative_to(folder)), None if path.is_dir() else path.read_bytes()


def put_down(tree: Tree, disk: Path) -> None:
    """Makes the folder hold this tree and nothing else."""
    if disk.exists():
        shutil.rmtree(disk)
    disk.mkdir()
    for path, content in tree.items():
        there = disk / path
        match content:
            case None:
                there.mkdir(mode=0o700)
            case bytes():
                there.write_bytes(content)
                there.chmod(0o600)
            case Path():
                os.link(content, there)  # as a disk has it: the same inode, size and time
