"""Wakes the rescan when something happens in the drop folder. Hints only: see `rescan` for the truth.

The observer's thread may die (a share that goes away, a handler that raises); `ensure` notices and
starts a new one. Handlers only set an event, so nothing can raise in them.
"""

from __future__ import annotations

import threading
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


class FolderWatch:
    """Watches one folder and all below it; `wait` returns early when something happened there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._woken = threading.Event()
        self._observer: BaseObserver | None = None
        self.died = False  # whether the last `ensure` found the observer dead

    def ensure(self) -> bool:
        """Starts the observer, or a new one when the last died. False when the folder cannot be watched now."""
        if self._observer is not None and self._observer.is_alive():
            self.died = False
            return True
        self.died = self._observer is not None
        observer = Observer()
        observer.schedule(_Wake(self._woken), str(self._folder), recursive=True)
        try:
            observer.start()
        except OSError:
            return False
        self._observer = observer
        return True

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
            self._observer.stop()
            self._observer.join()
            self._observer = None
