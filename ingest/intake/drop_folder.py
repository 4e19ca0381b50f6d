"""The drop folder as the runner sees it: one sweep takes in everything that is ready, in order.

Promises: a sweep may be broken off or repeated at any point without losing or doubling anything; a file
that cannot be taken is recorded and never stops the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingest.errors import StorageTrouble
from ingest.intake.rescan import Oddity, as_text, rescan
from ingest.intake.settle import SettleWatch
from ingest.intake.spool import Spool
from ingest.intake.take import Announced, NotSettled, Vanished, refuse, take
from ingest.ledger import Ledger
from ingest.model import Scan
from ingest.syncing import sync_removals


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """What one look through the drop folder did: scans taken, and files still being written."""

    taken: tuple[Scan, ...]
    waiting: int


@dataclass(slots=True, kw_only=True)
class DropFolder:
    """One drop folder of one site; sweeps are made by the one process that holds its lock."""

    root: Path
    spool: Spool
    ledger: Ledger
    watch: SettleWatch
    stopping: Callable[[], bool] = lambda: False

    def sweep(self, *, now_s: float, now: datetime) -> Sweep:
        """Takes in every settled file. Raises StorageTrouble when the folder or the spool cannot be used."""
        taken: list[Scan] = []
        waiting = 0
        present: set[Path] = set()
        try:
            for found in rescan(self.root):
                if self.stopping():
                    break
                seen = found.seen if isinstance(found, Oddity) else found
                present.add(seen.path)
                if not self.watch.is_still(seen, now_s):
                    waiting += 1
                elif isinstance(found, Oddity):
                    refuse(found, ledger=self.ledger, now=now)
                else:
                    match take(seen, root=self.root, spool=self.spool, ledger=self.ledger, now=now, drop=True):
                        case NotSettled():
                            self.watch.start_anew(seen)
                            waiting += 1
                        case Vanished() | Announced():
                            pass
                        case Scan() as scan:
                            taken.append(scan)
            else:
                self.watch.forget_all_but(frozenset(present))
                self._release_what_left(present, now)
        except OSError as error:
            msg = f"the drop folder or the spool cannot be used ({error.strerror}); nothing was lost, run again"
            raise StorageTrouble(msg) from None
        return Sweep(taken=tuple(taken), waiting=waiting)

    def _release_what_left(self, present: set[Path], now: datetime) -> None:
        """Closes the intake of originals that are gone from the folder: a crash left these open."""
        here = {as_text(str(path.absolute())) for path in present}
        for scan, key in self.ledger.unreleased():
            if key.path not in here:
                sync_removals((Path(key.path),))  # whoever removed it may have been killed before it was on disk
                self.ledger.release(scan.id, now)
