"""The drop folder as the runner sees it: looks find what is ready, sweeps take it in, in order.

Promises: a sweep may be broken off or repeated at any point without losing or doubling anything; a file
that cannot be taken is recorded and never stops the others; a sweep ends soon, however much lies there, so
that work goes on while a burst is taken in.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ingest.durable import Step, reached
from ingest.errors import StorageTrouble
from ingest.intake.rescan import Leftover, Oddity, Seen, Unseen, as_text, rescan, see
from ingest.intake.settle import SettleWatch
from ingest.intake.spool import Spool
from ingest.intake.take import (
    Announced,
    NotSettled,
    Overtaken,
    Stays,
    Unreadable,
    Vanished,
    put_right,
    refuse,
    take,
)
from ingest.ledger import Ledger
from ingest.model import FileTrouble, IntakeKey, Scan
from ingest.syncing import sync_removals

_TRIES = 5  # of a file that gives errors, before it is reported
_SWEEP_S = 0.1  # of taking in, before the runner has its turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """What one sweep did: scans taken, and files still being written or tried again later.

    `ready` files are settled and left for the next sweep. `stuck` are scans whose originals cannot be removed.
    `unseen` is why a part of the folder could not be looked at. `look_s` is how long the look took, 0 without one.
    """

    taken: tuple[Scan, ...]
    waiting: int
    ready: int = 0
    stuck: tuple[Scan, ...] = ()
    unseen: str | None = None
    look_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What cannot be taken stands in the ledger; it stays in place."""

    scan: Scan


@dataclass(slots=True, kw_only=True)
class DropFolder:
    """One drop folder of one site; sweeps are made by the one process that holds its lock."""

    root: Path
    spool: Spool
    ledger: Ledger
    watch: SettleWatch
    stopping: Callable[[], bool] = lambda: False
    _ready: deque[Seen | Oddity] = field(default_factory=deque)
    _refused: set[Oddity] = field(default_factory=set)  # so that what lies there for long costs nothing
    _unreleased: dict[str, list[IntakeKey]] = field(default_factory=dict)
    _waiting: int = 0
    _unseen: str | None = None

    def sweep(self, *, now_s: float, now: datetime, look: bool = True) -> Sweep:
        """Takes in settled files, as many as its time allows; with `look` those that lie there now, in order.

        Without, what is left of the last look, if anything is. Raises StorageTrouble when the folder or the spool
        cannot be used.
        """
        began = time.monotonic()
        try:
            look_s = 0.0
            if look:
                self._look(now_s, now)
                look_s = time.monotonic() - began
            taken, stuck = self._take(now_s, now)
        except OSError as error:
            self._ready.clear()
            msg = f"the drop folder or the spool cannot be used ({error.strerror}); nothing was lost, run again"
            raise StorageTrouble(msg) from None
        return Sweep(
            taken=tuple(taken),
            waiting=self._waiting,
            ready=len(self._ready),
            stuck=tuple(stuck),
            unseen=self._unseen,
            look_s=look_s,
        )

    def _look(self, now_s: float, now: datetime) -> None:
        folder = self._identity()
        self._ready.clear()
        self._waiting, self._unseen = 0, None
        present: set[Path] = set()
        odd: set[Oddity] = set()
        leftovers: list[Leftover] = []
        for found in rescan(self.root):
            if self.stopping():
                return
            if isinstance(found, Unseen):
                self._unseen = found.reason
                continue
            if isinstance(found, Leftover):
                leftovers.append(found)
                continue
            seen = found.seen if isinstance(found, Oddity) else found
            present.add(seen.path)
            if isinstance(found, Oddity):
                odd.add(found)
            if self.watch.is_still(seen, now_s):
                if not (isinstance(found, Oddity) and found in self._refused):
                    self._ready.append(found)
            elif not self.watch.is_put_off(seen):
                self._waiting += 1
        self._refused &= odd
        for leftover in leftovers:
            self._put_right(leftover, present, now_s)
        if self._unseen is None and self._identity() == folder:
            self.watch.forget_all_but(present)
            self._release_what_left(present, folder[0], now)

    def _put_right(self, leftover: Leftover, present: set[Path], now_s: float) -> None:
        """What has a name again by now was seen now."""
        try:
            path = put_right(leftover, ledger=self.ledger)
            if path is not None:
                present.add(path)
                self._waiting += 1
                self.watch.is_still(see(path, self.root), now_s)
        except FileNotFoundError:
            pass
        except OSError as error:
            self._unseen = error.strerror or type(error).__name__

    def _take(self, now_s: float, now: datetime) -> tuple[list[Scan], list[Scan]]:
        """Takes what is ready until its time is over; the scans that are new, and those whose originals stay."""
        new: list[Scan] = []
        stuck: list[Scan] = []
        removed: dict[str, Path] = {}
        until = time.monotonic() + _SWEEP_S
        try:
            while self._ready and not self.stopping():
                found = self._ready.popleft()
                match self._refuse(found, now) if isinstance(found, Oddity) else self._take_one(found, now_s, now):
                    case Scan() as scan:
                        new.append(scan)
                        removed[scan.id] = found.path if isinstance(found, Seen) else found.seen.path
                    case Stays(scan=scan):
                        stuck.append(scan)
                        new += [scan] if scan.received_at == now else []
                    case Refused(scan=scan):
                        new += [scan] if scan.received_at == now else []
                    case None:
                        pass
                if time.monotonic() >= until:
                    break
        finally:
            self._release(removed, now)
        return new, stuck

    def _refuse(self, oddity: Oddity, now: datetime) -> Refused:
        self._refused.add(oddity)
        return Refused(scan=refuse(oddity, ledger=self.ledger, now=now))

    def _take_one(self, seen: Seen, now_s: float, now: datetime) -> Scan | Stays | Refused | None:
        before = self._unreleased.get(as_text(str(seen.path.absolute())), ())
        outcome = take(
            seen, root=self.root, spool=self.spool, ledger=self.ledger, now=now, drop=True, unreleased=before
        )
        match outcome:
            case NotSettled():
                self.watch.start_anew(seen)
                self._waiting += 1
            case Unreadable(reason=reason, may_pass=may_pass):
                self._identity()  # a share that is gone gives errors for every file
                tries = self.watch.put_off(seen, now_s)
                if not may_pass or tries >= _TRIES:
                    oddity = Oddity(seen=seen, reason=reason)
                    trouble = FileTrouble.UNREADABLE
                    return Refused(scan=refuse(oddity, ledger=self.ledger, now=now, trouble=trouble))
                self._waiting += 1
            case Vanished():
                pass
            case Overtaken(scan=scan):
                self._waiting += 1
                return scan
            case Announced() | Stays():
                self.watch.put_off(seen, now_s)  # where it still lies there, it is not copied with every look
                return outcome if isinstance(outcome, Stays) else None
            case Scan():
                return outcome
        return None

    def _release(self, removed: Mapping[str, Path], now: datetime) -> None:
        """Closes the intake of these scans, when it is on disk that their originals are gone."""
        if removed:
            sync_removals(removed.values())
            reached(Step.ORIGINAL_REMOVED)
            self.ledger.release_all(removed, now)
            reached(Step.RELEASED)

    def _identity(self) -> tuple[int, int]:
        facts = self.root.stat()
        return facts.st_dev, facts.st_ino

    def _release_what_left(self, present: set[Path], device: int, now: datetime) -> None:
        """Closes the intake of originals that are gone from the folder: a crash left these open.

        Only what lay on the file system that is there now: an empty mount point proves nothing.
        """
        unreleased = self.ledger.unreleased()
        self._unreleased = {}
        here = {as_text(str(path.absolute())) for path in present} if unreleased else set()
        gone: dict[str, Path] = {}
        for scan, key in unreleased:
            if key.path not in here and key.device == device:
                gone[scan.id] = Path(key.path)
            else:
                self._unreleased.setdefault(key.path, []).append(key)
        self._release(gone, now)  # whoever removed them may have been killed before that was on disk
