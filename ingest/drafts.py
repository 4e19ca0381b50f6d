"""Names of temporary files and folders: whose they are, so that a start clears away what nobody works on any more.

Promise: a name tells of the process that made it, and nothing else. What a living process made is spared; a process
that only has the number of one that is gone is told from it by when it began.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def draft_name(kind: str, *, ending: str = "") -> str:
    """A new name for this process: `kind-PID-BEGAN-TOKEN`."""
    pid = os.getpid()
    return f"{kind}-{pid}-{began(pid) or 0}-{secrets.token_hex(8)}{ending}"


def owner_is_gone(name: str) -> bool:
    """Whether nobody works on a draft of this name: its process is gone, is another by now, or is this one.

    This process clears away before it makes any. Names of any other form are nobody's.
    """
    parts = name.split("-")
    if len(parts) < 3 or not parts[1].isdigit() or len(parts[1]) > 9:
        return True
    pid = int(parts[1])
    now = began(pid)
    if now is None or pid == os.getpid():
        return True
    return len(parts) > 3 and parts[2].isdigit() and int(parts[2]) not in (0, now)


def began(pid: int) -> int | None:
    """Clock ticks from boot to the process's start; None when there is no such process (proc(5))."""
    try:
        facts = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    state, *rest = facts.rpartition(")")[2].split()
    return None if state == "Z" else int(rest[18])
