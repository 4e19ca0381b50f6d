"""The daemon: batch for as long as it lives.

Promises: SIGTERM or SIGINT ends it cleanly after the pages in hand; a system's trouble (ledger gone, disk
full, share away) is said once, waited out with growing pauses, and work resumes by itself, at the start too; events
only wake the rescan, which finds everything also without them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import TypeVar

import structlog

from ingest.errors import CannotRunNow, IntakeBusy, LedgerUnreachable, MissingPart, Retry, StorageTrouble
from ingest.intake.lock import Held, only_taker
from ingest.intake.watching import FolderWatch, Watched
from ingest.ledger import Job
from ingest.running.failure_folder import FailureFolder
from ingest.running.runner import Runner
from ingest.running.second_look_beside import DrawnBeside
from ingest.running.site import Site, SitePlan, sweep_temporary
from ingest.running.stop_signals import heard
from ingest.running.taking import Taking

_log = structlog.get_logger()
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 60.0
_Begun = TypeVar("_Begun")


def watch(plan: SitePlan, *, workers: int) -> None:
    """Runs until it is told to stop. Raises `IntakeBusy` at once when another process takes the folder in, and what
    does not pass by itself: another version's ledger, a damaged one, a database that lets nobody in.
    """
    stop = threading.Event()
    hints = FolderWatch(plan.paths.inbox)

    def ask_to_stop() -> None:
        stop.set()
        hints.wake()

    pauses = _Pauses(stop)
    with ExitStack() as opened:
        opened.enter_context(heard(ask_to_stop))
        held = pauses.outlast(lambda: opened.enter_context(_taker(plan)))
        site = held and pauses.outlast(lambda: opened.enter_context(_swept(plan)))
        if held and site:
            opened.callback(hints.close)
            _live(site, held, hints, stop, pauses, workers=workers or site.settings.reading.worker_count)
    _log.info("stopped")


def _taker(plan: SitePlan) -> AbstractContextManager[Held]:
    """Whoever holds the folder may wait for the rest."""
    plan.make_folders()
    return only_taker(plan.paths.inbox, plan.home / "intake.lock")


def _swept(plan: SitePlan) -> Site:
    """What is left of a run that was broken off may be what fills the disk: it goes first."""
    plan.make_folders()
    sweep_temporary(plan.paths)
    return plan.open()


def _live(site: Site, held: Held, hints: FolderWatch, stop: threading.Event, pauses: _Pauses, *, workers: int) -> None:
    events = Events(hints, retry_s=site.settings.intake.rescan_s)
    left: list[Job] = []
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
            pauses.pause(trouble)


class _Pauses:
    """Waits for a trouble's end, longer each time. It is said once, and once that work goes on."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._pause_s = _FIRST_PAUSE_S
        self._said: str | None = None

    def outlast(self, begin: Callable[[], _Begun]) -> _Begun | None:
        """What `begin` gives, as soon as it can; None when told to stop. Raises what does not pass by itself."""
        while not self._stop.is_set():
            try:
                return begin()
            except (LedgerUnreachable, StorageTrouble) as trouble:
                if trouble.retry is not Retry.LATER:
                    raise
                self.pause(trouble)
        return None

    def pause(self, trouble: CannotRunNow) -> None:
        """Ends early when told to stop."""
        if self._said != trouble.code:  # a full disk is met in many places, with as many messages
            self._said = trouble.code
            _log.error("paused; work resumes by itself", code=trouble.code, why=str(trouble))
        self._stop.wait(self._pause_s)
        self._pause_s = min(_LONGEST_PAUSE_S, self._pause_s * 2)

    def over(self) -> None:
        """Something was done, or there was nothing to do."""
        if self._said is not None:
            _log.warning("resumed")
        self._said, self._pause_s = None, _FIRST_PAUSE_S


def _work(site: Site, taking: Taking, runner: Runner, events: Events, stop: threading.Event, pauses: _Pauses) -> None:
    intake = site.settings.intake
    failures, looks = FailureFolder(site), DrawnBeside(site)
    events.ensure()
    _log.info("watching", settle_s=intake.settle_s, rescan_s=intake.rescan_s)
    while not stop.is_set():
        events.ensure()
        if taking.ready:
            woken = events.wait(0.0)
        else:
            woken = events.wait(min(0.1, intake.settle_s / 4) if (taking.waiting or not runner.idle) else 0.5)
        taking.turn(woken=woken)
        failures.turn()
        looks.turn()
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
