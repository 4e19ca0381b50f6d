"""Wakes the rescan when something happens in the drop folder. Hints only: see `rescan` for the truth.

The observer's threads may die (a share that goes away, a handler that raises), and what they watch may be moved away;
`ensure` notices and starts a new one. Handlers only set an event, so nothing can raise in them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver


class _Wake(FileSystemEventHandler):
    def __init__(self, woken: threading.Event) -> None:
        self._woken = woken

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type not in ("opened", "closed_no_write"):
            self._woken.set()


class Watched(StrEnum):
    """How it stands with the events of a folder."""

    RUNS = "runs"
    BEGUN = "begun"
    BEGUN_ANEW = "begun anew"  # the last observer had died
    SILENT = "silent"  # none can be had now


class FolderWatch:
    """Watches one folder and all below it; `wait` returns early when something happened there."""

    def __init__(self, folder: Path, observers: Callable[[], BaseObserver] = Observer) -> None:
        self._folder = folder
        self._observers = observers
        self._woken = threading.Event()
        self._observer: BaseObserver | None = None
        self._watched: tuple[int, int] | None = None

    def ensure(self) -> Watched:
        """Starts the observer, or a new one when the last died or the folder is another by now."""
        if self._observer is not None and self._is_well(self._observer):
            return Watched.RUNS
        died = self._observer is not None
        self.close()
        observer: BaseObserver | None = None
        try:
            self._watched = self._identity()
            observer = self._observers()
            observer.schedule(_Wake(self._woken), str(self._folder), recursive=True)
            observer.start()
        except OSError:
            if observer is not None:
                _end(observer)
            return Watched.SILENT
        self._observer = observer
        self._woken.set()  # what happened meanwhile sent nothing
        return Watched.BEGUN_ANEW if died else Watched.BEGUN

    def _is_well(self, observer: BaseObserver) -> bool:
        """All its threads live, and what they watch is what is at the path."""
        parts = [part for part in vars(observer).values() if isinstance(part, threading.Thread)]
        try:
            alive = all(thread.is_alive() for thread in (observer, *observer.emitters, *parts))
            return alive and self._identity() == self._watched
        except OSError:
            return True  # the folder is gone: whoever looks through it says so

    def _identity(self) -> tuple[int, int]:
        facts = self._folder.stat()
        return facts.st_dev, facts.st_ino

    def wake(self) -> None:
        """Ends the current `wait` (a signal to stop arrived)."""
        self._woken.set()

    def wait(self, timeout_s: float) -> bool:
        """True as soon as something happened, False when nothing did for `timeout_s`."""
        woken = self._woken.wait(timeout_s)
        self._woken.clear()
        return woken

    def close(self) -> None:
        """Stops the observer; idempotent."""
        if self._observer is not None:
            _end(self._observer)
            self._observer = None


def _end(observer: BaseObserver) -> None:
    """Stops it, whether it runs, died or never came to run: what it has open is closed."""
    with suppress(RuntimeError, OSError):
        observer.stop()
    with suppress(RuntimeError):
        observer.join()
