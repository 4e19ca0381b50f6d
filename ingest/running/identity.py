"""Who a worker is, so that a lease of a process known to be dead need not be waited out."""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path

from ingest.drafts import began
from ingest.ledger import WorkerId


def this_worker() -> WorkerId:
    """This process: host, boot, process id and the instant it began (ids are used again)."""
    pid = os.getpid()
    return WorkerId(host=socket.gethostname(), boot_id=_boot(), pid=pid, started=_started(pid) or "")


def is_dead(worker: WorkerId) -> bool:
    """True only when it is certain: same host, and the boot or the process is another by now."""
    if worker.host != socket.gethostname():
        return False
    return worker.boot_id != _boot() or _started(worker.pid) != worker.started


@cache
def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return "unknown"


def _started(pid: int) -> str | None:
    ticks = began(pid)
    return None if ticks is None else str(ticks)
