"""Observers of folders that behave badly on purpose; else they are watchdog's own, that look for themselves."""

from __future__ import annotations

import errno

from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingEmitter


class Mortal(BaseObserver):
    """Sees what happens, until one of its two threads dies."""

    def __init__(self) -> None:
        super().__init__(PollingEmitter, timeout=0.05)

    def lose_its_emitter(self) -> None:
        for emitter in self.emitters:
            emitter.stop()
            emitter.join()

    def lose_its_dispatcher(self) -> None:
        self.stop()
        self.join()


class Refused(BaseObserver):
    """The system lets no more folders be watched."""

    def __init__(self) -> None:
        super().__init__(PollingEmitter)

    def start(self) -> None:
        raise OSError(errno.EMFILE, "too many watches")
