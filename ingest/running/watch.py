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
from ingest.intake.drop_folder import DropFolder, Sweep
from ingest.intake.lock import only_taker
from ingest.intake.settle import SettleWatch
from ingest.intake.watching import FolderWatch
from ingest.ledger import Job
from ingest.running.runner import Runner, utc_now
from ingest.running.site import Site, sweep_temporary

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
    with only_taker(site.paths.inbox, site.home / "intake.lock"):
        sweep_temporary(site.paths)
        pauses = _Pauses()
        left: list[Job] = []
        try:
            while not stop.is_set():
                runner = Runner(site, workers=workers)
                try:
                    with runner:
                        runner.give_back(left)
                        left.clear()
                        _work(site, runner, hints, stop, pauses)
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


def _work(site: Site, runner: Runner, hints: FolderWatch, stop: threading.Event, pauses: _Pauses) -> None:
    intake = site.settings.intake
    folder = DropFolder(
        root=site.paths.inbox,
        spool=site.spool,
        ledger=site.ledger,
        watch=SettleWatch(intake.settle_s),
        stopping=stop.is_set,
    )
    _log.info("watching", settle_s=intake.settle_s, rescan_s=intake.rescan_s)
    hints.ensure()
    next_rescan_s = 0.0
    waiting = ready = 0
    said: set[str] = set()
    while not stop.is_set():
        if not hints.ensure():
            _once("the drop folder sends no events; it is looked through regularly all the same", said)
        if hints.died:
            _log.warning("the observer of the drop folder had died; a new one was started")
        pause_s = 0.0 if ready else min(0.1, intake.settle_s / 4) if (waiting or not runner.idle) else 0.5
        woken = hints.wait(pause_s)
        due = time.monotonic() >= next_rescan_s
        if ready or woken or waiting or due:
            # a burst's end is looked for when what was ready is taken, or when a look is due all the same
            sweep = folder.sweep(now_s=time.monotonic(), now=utc_now(), look=due or not ready)
            waiting, ready = sweep.waiting, sweep.ready
            if sweep.look_s:
                _log.debug("looked", seconds=round(sweep.look_s, 3), ready=ready, waiting=waiting)
                next_rescan_s = time.monotonic() + intake.rescan_s
            _tell(sweep, said)
        if runner.step() or (runner.idle and not waiting and not ready):
            pauses.over()
    runner.stop()


def _tell(sweep: Sweep, said: set[str]) -> None:
    for scan in sweep.taken:
        _log.info("taken", scan=scan.id)
    for scan in sweep.stuck:
        _once("taken, and cannot be removed from the drop folder: give the right to write there", said, scan=scan.id)
    if sweep.unseen is not None:
        _once("a part of the drop folder cannot be looked at", said, why=sweep.unseen)


def _once(what: str, said: set[str], **facts: str) -> None:
    """A warning that would come with every look is given once."""
    key = f"{what}{sorted(facts.items())}"
    if key not in said:
        said.add(key)
        _log.warning(what, **facts)
