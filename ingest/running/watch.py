"""The daemon: batch for as long as it lives.

Promises: SIGTERM or SIGINT ends it cleanly after the pages in hand; a system's trouble (ledger gone, disk
full, share away) is said once, waited out with growing pauses, and work resumes by itself; events only
wake the rescan, which finds everything also without them.
"""

from __future__ import annotations

import signal
import threading
import time
from types import FrameType

import structlog

from ingest.errors import CannotRunNow, IntakeBusy, MissingPart
from ingest.intake.lock import only_taker
from ingest.intake.watching import FolderWatch, Watched
from ingest.ledger import Job
from ingest.running.failure_folder import FailureFolder
from ingest.running.runner import Runner
from ingest.running.site import Site, sweep_temporary
from ingest.running.taking import Taking

_log = structlog.get_logger()
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 60.0


def watch(site: Site, *, workers: int) -> None:
    """Runs until it is told to stop. Raises `IntakeBusy` at once when another process takes the folder in."""
    stop = threading.Event()
    hints = FolderWatch(site.paths.inbox)

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()
        hints.wake()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    with only_taker(site.paths.inbox, site.home / "intake.lock") as held:
        sweep_temporary(site.paths)
        pauses, events = _Pauses(), Events(hints, retry_s=site.settings.intake.rescan_s)
        left: list[Job] = []
        try:
            while not stop.is_set():
                runner = Runner(site, workers=workers)
                try:
                    with runner:
                        runner.give_back(left)
                        left.clear()
                        _work(site, Taking(site, held, stopping=stop.is_set), runner, events, stop, pauses)
                except (IntakeBusy, MissingPart):
                    raise
                except CannotRunNow as trouble:
                    left += runner.left
                    stop.wait(pauses.begin_s(trouble))
        finally:
            hints.close()
    _log.info("stopped")


class _Pauses:
    """How long to wait for a trouble's end, longer each time. It is said once, and once that work goes on."""

    def __init__(self) -> None:
        self._pause_s = _FIRST_PAUSE_S
        self._said: str | None = None

    def begin_s(self, trouble: CannotRunNow) -> float:
        """The seconds of the pause that begins now."""
        if self._said != trouble.code:  # a full disk is met in many places, with as many messages
            self._said = trouble.code
            _log.error("paused; work resumes by itself", code=trouble.code, why=str(trouble))
        pause_s = self._pause_s
        self._pause_s = min(_LONGEST_PAUSE_S, pause_s * 2)
        return pause_s

    def over(self) -> None:
        """Something was done, or there was nothing to do."""
        if self._said is not None:
            _log.warning("resumed")
        self._said, self._pause_s = None, _FIRST_PAUSE_S


def _work(site: Site, taking: Taking, runner: Runner, events: Events, stop: threading.Event, pauses: _Pauses) -> None:
    intake = site.settings.intake
    failures = FailureFolder(site)
    _log.info("watching", settle_s=intake.settle_s, rescan_s=intake.rescan_s)
    while not stop.is_set():
        events.ensure()
        if taking.ready:
            woken = events.wait(0.0)
        else:
            woken = events.wait(min(0.1, intake.settle_s / 4) if (taking.waiting or not runner.idle) else 0.5)
        taking.turn(woken=woken)
        failures.turn()
        if runner.step() or (runner.idle and not (taking.waiting or taking.ready)):
            pauses.over()
    runner.stop()


class Events:
    """Keeps the observer alive, and says what a person should know of it: once."""

    def __init__(self, hints: FolderWatch, *, retry_s: float) -> None:
        self._hints = hints
        self._retry_s = retry_s
        self._not_before_s = 0.0
        self._silent = False

    def wait(self, timeout_s: float) -> bool:
        """`FolderWatch.wait`."""
        return self._hints.wait(timeout_s)

    def ensure(self) -> None:
        """Starts it anew where it died; where it cannot start, tries again now and then."""
        if time.monotonic() < self._not_before_s:
            return
        match self._hints.ensure():
            case Watched.RUNS:
                return
            case Watched.BEGUN:
                if self._silent:
                    _log.warning("the drop folder sends events again")
                self._silent = False
            case Watched.BEGUN_ANEW:
                _log.warning("the observer of the drop folder had died; it was started anew")
                self._silent = False
            case Watched.SILENT:
                self._not_before_s = time.monotonic() + self._retry_s
                if not self._silent:
                    _log.warning("the drop folder sends no events; it is looked through regularly all the same")
                self._silent = True
