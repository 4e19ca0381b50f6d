"""Work that nobody waits for gives way to who waits: it is nicer, and leaves one processor alone."""

from __future__ import annotations

import os
from contextlib import suppress


def give_way(process: int, niceness: int) -> None:
    """Makes a process, and all that it will begin, the last to be served; where that is not allowed it stays as it is.

    One processor is left to others where there are several: who wakes there for a moment waits for nobody.
    """
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process, niceness)
    with suppress(OSError):
        _, *others = sorted(os.sched_getaffinity(process))
        if others:
            os.sched_setaffinity(process, others)
