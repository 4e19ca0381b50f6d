"""When is a file completely written? When its size and time have been still for the settle time, and
nobody on this machine holds it open for writing.

The clock comes in as an argument (monotonic seconds); a file that changes begins its wait anew.
"""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Set
from dataclasses import dataclass, field
from pathlib import Path

from ingest.intake.rescan import Seen

Signature = tuple[int, int, int, int]


_LONGEST_PAUSE_S = 600.0


@dataclass(slots=True)
class _Stillness:
    signature: Signature
    since_s: float
    not_before_s: float = 0.0
    tries: int = 0


@dataclass(slots=True)
class SettleWatch:
    """Remembers since when each file has been still. One instance a drop folder."""

    settle_s: float
    _stillness: dict[Path, _Stillness] = field(default_factory=dict)

    @property
    def known(self) -> int:
        """How many files it remembers."""
        return len(self._stillness)

    def is_still(self, seen: Seen, now_s: float) -> bool:
        """True when `seen` has not changed for the settle time, and its pause (`put_off`) is over."""
        signature = (seen.device, seen.inode, seen.size, seen.mtime_ns)
        known = self._stillness.get(seen.path)
        if known is None or known.signature != signature:
            self._stillness[seen.path] = _Stillness(signature, now_s)
            return self.settle_s <= 0
        return now_s - known.since_s >= self.settle_s and now_s >= known.not_before_s

    def start_anew(self, seen: Seen) -> None:
        """Forgets how long the file has been still: it turned out to be in use."""
        self._stillness.pop(seen.path, None)

    def put_off(self, seen: Seen, now_s: float) -> int:
        """Leaves a still file alone for a while, longer each time; how many times that makes."""
        known = self._stillness.setdefault(
            seen.path, _Stillness((seen.device, seen.inode, seen.size, seen.mtime_ns), now_s)
        )
        known.tries += 1
        known.not_before_s = now_s + min(_LONGEST_PAUSE_S, max(self.settle_s, 0.05) * 2.0**known.tries)
        return known.tries

    def is_put_off(self, seen: Seen) -> bool:
        """True for a still file that is tried again later."""
        known = self._stillness.get(seen.path)
        return known is not None and known.tries > 0

    def forget_all_but(self, present: Set[Path]) -> None:
        """Drops what has left the folder, so that memory does not grow with history."""
        for path in self._stillness.keys() - present:
            del self._stillness[path]


def is_being_written(descriptor: int) -> bool:
    """True when another process of this machine holds the file open for writing (Linux read leases).

    False also when nobody can know: a network share, a foreign owner. Then stillness alone decides.
    """
    try:
        # who breaks a lease sends its holder SIGIO, which ends a process; this signal is ignored unless asked for
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
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
