"""When is a file completely written? When its size and time have been still for the settle time, and
nobody on this machine holds it open for writing.

The clock comes in as an argument (monotonic seconds); a file that changes begins its wait anew.
"""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass, field
from pathlib import Path

from ingest.intake.rescan import Seen

Signature = tuple[int, int, int, int]


@dataclass(slots=True)
class SettleWatch:
    """Remembers since when each file has been still. One instance a drop folder."""

    settle_s: float
    _still_since: dict[Path, tuple[Signature, float]] = field(default_factory=dict)

    def is_still(self, seen: Seen, now_s: float) -> bool:
        """True when `seen` has not changed for the settle time."""
        signature = (seen.device, seen.inode, seen.size, seen.mtime_ns)
        known = self._still_since.get(seen.path)
        if known is None or known[0] != signature:
            self._still_since[seen.path] = (signature, now_s)
            return self.settle_s <= 0
        return now_s - known[1] >= self.settle_s

    def start_anew(self, seen: Seen) -> None:
        """Forgets how long the file has been still: it turned out to be in use."""
        self._still_since.pop(seen.path, None)

    def forget_all_but(self, present: frozenset[Path]) -> None:
        """Drops what has left the folder, so that memory does not grow with history."""
        for path in self._still_since.keys() - present:
            del self._still_since[path]


def is_being_written(descriptor: int) -> bool:
    """True when another process of this machine holds the file open for writing (Linux read leases).

    False also when nobody can know: a network share, a foreign owner. Then stillness alone decides.
    """
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False


def open_for_reading(path: Path) -> int:
    """A descriptor of the file itself: no links, no waiting on pipes."""
    return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
