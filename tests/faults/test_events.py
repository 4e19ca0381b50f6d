"""Events are hints: an observer that dies is replaced and reported, one that cannot start is reported once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from ingest.intake.watching import FolderWatch, Watched
from ingest.running.watch import Events
from tests.fakes.observers import Mortal, Refused

WAIT_S = 30.0  # a bound on hanging


@contextmanager
def watching(folder: Path, observers: Callable[[], Mortal | Refused]) -> Iterator[FolderWatch]:
    hints = FolderWatch(folder, observers)
    try:
        yield hints
    finally:
        hints.close()


@pytest.mark.parametrize("kill", [Mortal.lose_its_emitter, Mortal.lose_its_dispatcher])
def test_an_observer_that_dies_is_replaced_and_reported_once(tmp_path: Path, kill: Callable[[Mortal], None]) -> None:
    made: list[Mortal] = []

    def observer() -> Mortal:
        made.append(Mortal())
        return made[-1]

    with watching(tmp_path, observer) as hints, capture_logs() as log:
        events = Events(hints, retry_s=0.0)
        events.ensure()
        kill(made[0])
        for _ in range(3):
            events.ensure()
        assert [line["event"] for line in log] == ["the observer of the drop folder had died; it was started anew"]
        assert len(made) == 2
        hints.wait(0.0)
        (tmp_path / "scan.pdf").write_bytes(b"x")
        assert hints.wait(WAIT_S)


def test_events_that_cannot_be_had_are_reported_once_and_once_when_they_come(tmp_path: Path) -> None:
    kinds: list[Callable[[], Mortal | Refused]] = [Refused, Refused, Refused, Mortal]
    with watching(tmp_path, lambda: kinds.pop(0)()) as hints, capture_logs() as log:
        events = Events(hints, retry_s=0.0)
        for _ in range(6):
            events.ensure()
        said = [line["event"] for line in log]
        assert said == [
            "the drop folder sends no events; it is looked through regularly all the same",
            "the drop folder sends events again",
        ]
        assert kinds == []


def test_one_that_cannot_start_is_not_tried_all_the_time(tmp_path: Path) -> None:
    tries: list[Refused] = []

    def observer() -> Refused:
        tries.append(Refused())
        return tries[-1]

    with watching(tmp_path, observer) as hints, capture_logs():
        events = Events(hints, retry_s=3600.0)
        for _ in range(10):
            events.ensure()
    assert len(tries) == 1


def test_a_folder_that_was_made_anew_is_watched_anew(tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    with watching(folder, Mortal) as hints:
        assert hints.ensure() is Watched.BEGUN
        assert hints.ensure() is Watched.RUNS
        folder.rename(tmp_path / "away")
        assert hints.ensure() is Watched.RUNS  # there is nothing else to watch
        folder.mkdir()
        assert hints.ensure() is Watched.BEGUN_ANEW
