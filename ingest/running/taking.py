"""The drop folder's turns: when it is looked through, and what is said of it.

Promises: looks take at most a third of the time, however many events come and however much lies there; between two
sweeps the runner has its turn; what a person should know is said once, by ids only.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog

from ingest.intake.drop_folder import DropFolder, Sweep
from ingest.intake.lock import Held
from ingest.intake.settle import SettleWatch
from ingest.model import Scan
from ingest.running.runner import utc_now
from ingest.running.site import Site

_log = structlog.get_logger()
_SLOW_S = 2.0
_FOLLOW_S = 1.0  # so soon a folder that went, or came back, is noticed


class Taking:
    """One taker's way with its drop folder; it holds the folder's lock."""

    def __init__(self, site: Site, held: Held, *, stopping: Callable[[], bool] = lambda: False) -> None:
        self._held = held
        self._rescan_s = site.settings.intake.rescan_s
        self._folder = DropFolder(
            root=site.paths.inbox,
            spool=site.spool,
            ledger=site.ledger,
            watch=SettleWatch(site.settings.intake.settle_s),
            stopping=stopping,
        )
        self._next_look_s = 0.0  # without any reason
        self._next_follow_s = 0.0
        self._no_look_before_s = 0.0  # whatever the reason
        self._said: set[str] = set()
        self.waiting = 0
        self.ready = 0
        self.unseen: str | None = None

    def turn(self, *, woken: bool) -> tuple[Scan, ...]:
        """The scans that were taken now, if it was time for it. Raises StorageTrouble, IntakeBusy."""
        now_s = time.monotonic()
        another = now_s >= self._next_follow_s and self._follow(now_s)
        asked = not self.ready and (woken or self.waiting > 0)  # what is ready comes first
        look = (asked or another or now_s >= self._next_look_s) and now_s >= self._no_look_before_s
        if not (look or self.ready):
            return ()
        sweep = self._folder.sweep(now_s=now_s, now=utc_now(), look=look)
        self.waiting, self.ready, self.unseen = sweep.waiting, sweep.ready, sweep.unseen
        if look:
            ended_s = now_s + sweep.look_s
            self._next_look_s = ended_s + self._rescan_s
            self._no_look_before_s = ended_s + 2 * sweep.look_s
        self._say(sweep)
        return sweep.taken

    def _follow(self, now_s: float) -> bool:
        self._next_follow_s = now_s + _FOLLOW_S
        another = self._held.follow()
        if another:
            _log.warning("the drop folder is another one than before: was a share mounted, or did it go?")
        return another

    def _say(self, sweep: Sweep) -> None:
        for scan in sweep.taken:
            _log.info("taken", scan=scan.id)
        for scan in sweep.stuck:
            self._once(scan.id, "an original cannot be removed from the drop folder; give the right to", scan=scan.id)
        if sweep.look_s:
            _log.debug("looked", seconds=round(sweep.look_s, 3), waiting=sweep.waiting, ready=sweep.ready)
            if sweep.unseen is None:
                self._said.discard("unseen")
            if sweep.look_s > _SLOW_S:
                self._once("slow", "the drop folder is slow to look through", seconds=round(sweep.look_s, 1))
        if sweep.unseen is not None:
            self._once("unseen", "a part of the drop folder cannot be looked through", why=sweep.unseen)

    def _once(self, key: str, what: str, **facts: object) -> None:
        if key not in self._said:
            self._said.add(key)
            _log.warning(what, **facts)
