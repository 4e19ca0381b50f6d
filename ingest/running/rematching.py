"""When the index changes, the documents that it concerns are matched again: beside other work, or by command.

Promises: one transaction a document, each step on disk before the next, so that a kill loses and doubles nothing and a
later pass goes on; a document whose matching fails holds up no other, is tried again with growing pauses and then left
as it is, which the audit tells; a PDF that is recalled leaves the record before the next document is looked at.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from ingest.durable import Step, reached
from ingest.errors import CannotRunNow, MissingPart
from ingest.ledger import Concerned, Stand
from ingest.model import DocumentState
from ingest.running.rematch import Rematched, Rematcher
from ingest.running.site import Site
from ingest.running.withdrawals import finish_withdrawals

_LOOK_EVERY_S = 1.0
_ATTEMPTS = 5
_FIRST_PAUSE = timedelta(minutes=1)
_log = structlog.get_logger()


class Fate(StrEnum):
    """What became of a document that a change concerned."""

    FILED = "filed"
    REFRESHED = "refreshed"
    RECALLED = "recalled"
    NOTED = "noted"  # against a person's filing, which stays
    SAME = "same"
    LEFT = "left"  # people have made it theirs
    HELD = "held"  # by somebody: matched again when that ends
    FAILED = "failed"


@dataclass(slots=True)
class Pass:
    """What one pass did."""

    fates: Counter[Fate] = field(default_factory=Counter)
    judged_scans: int = 0

    @property
    def decided(self) -> bool:
        """Whether anything was decided."""
        return any(self.fates[fate] for fate in (Fate.FILED, Fate.REFRESHED, Fate.RECALLED))


def rematch(site: Site, *, now: Callable[[], datetime], stopping: Callable[[], bool] = lambda: False) -> Pass:
    """Everything that is due at this moment, until `stopping`. Raises a system's failure."""
    done = Pass()
    while not stopping() and site.ledger.queue_rematches(now=now()):
        reached(Step.CONCERNED_QUEUED)
    if stopping():
        return done
    rematcher = Rematcher(site, site.house())
    last: str | None = None
    while due := site.ledger.concerned(now=now(), after=last):
        for one in due:
            if stopping():
                return done
            if one.seq <= rematcher.house.index.generation:  # else in the next pass
                done.fates[_one(one, rematcher, now)] += 1
        last = due[-1].document_id
    done.judged_scans = rematcher.judged_scans
    if done.fates:
        _log.info("matched again", **{fate.value: count for fate, count in done.fates.items()})
    return done


def _one(one: Concerned, rematcher: Rematcher, now: Callable[[], datetime]) -> Fate:
    ledger = rematcher.site.ledger
    match one.stand:
        case Stand.THEIRS:
            ledger.leave_rematch(one)
            return Fate.LEFT
        case Stand.HELD:
            ledger.postpone_rematch(one, until=one.held_until or now())
            return Fate.HELD
        case _:
            pass
    try:
        rematched = rematcher.rematch(one)
        kept = ledger.conclude_rematch(
            one,
            disposition=rematched.disposition,
            against=rematched.against,
            speaks_for=rematched.speaks_for,
            now=now(),
        )
    except (CannotRunNow, MissingPart):
        raise
    except Exception as error:  # of this document alone
        _failed(one, rematcher.site, error, now)
        return Fate.FAILED
    if not kept:
        return Fate.HELD
    reached(Step.MATCHED_AGAIN)
    fate = _fate(one, rematched)
    if fate is Fate.RECALLED:
        finish_withdrawals(rematcher.site, now)
    return fate


def _fate(one: Concerned, rematched: Rematched) -> Fate:
    if rematched.disposition is None:
        return Fate.NOTED if rematched.against else Fate.SAME
    if one.stand is Stand.FILED:
        return Fate.RECALLED
    return Fate.FILED if rematched.disposition.state is DocumentState.FILED else Fate.REFRESHED


def _failed(one: Concerned, site: Site, error: Exception, now: Callable[[], datetime]) -> None:
    if one.attempt + 1 >= _ATTEMPTS:
        site.ledger.give_up_rematch(one, now=now())
    else:
        until = now() + _FIRST_PAUSE * (4**one.attempt)
        site.ledger.postpone_rematch(one, until=until, failed=True)
    _log.error("a document cannot be matched again", document=one.document_id, error=type(error).__name__)


class RematchBeside:
    """The passes of a runner: one at a time, in a thread of its pool, when there is something to do."""

    def __init__(self, site: Site, *, now: Callable[[], datetime], stopping: Callable[[], bool]) -> None:
        self._site, self._now, self._stopping = site, now, stopping
        self._running: Future[Pass] | None = None
        self._next_look_s = 0.0

    @property
    def busy(self) -> bool:
        """Whether a pass runs."""
        return self._running is not None

    def turn(self, threads: ThreadPoolExecutor, ended: Callable[[], None]) -> None:
        """Collects a pass that has ended, raising its failure, and begins another when that is due."""
        if self._running is not None:
            if not self._running.done():
                return
            over, self._running = self._running, None
            self._next_look_s = 0.0 if over.result().fates else time.monotonic() + _LOOK_EVERY_S
        if time.monotonic() < self._next_look_s or self._stopping():
            return
        self._next_look_s = time.monotonic() + _LOOK_EVERY_S
        if self._site.ledger.rematch_due(now=self._now()):
            self._running = threads.submit(rematch, self._site, now=self._now, stopping=self._stopping)
            self._running.add_done_callback(lambda _: ended())
