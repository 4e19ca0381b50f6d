"""What the processes of a running daemon hold at most, sampled from outside."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from types import TracebackType

_PAUSE_S = 0.05


class Watched:
    """Samples the peak memory of a process and of all that descends from it. Use it as a context manager.

    `daemon_kb` is the process's own peak, `most_kb` the largest of any of its descendants.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.daemon_kb = 0
        self.most_kb = 0
        self.seen: set[int] = set()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Watched:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._end.wait(_PAUSE_S):
            parents = dict(_parents())
            for pid in parents:
                if pid == self.pid:
                    self.daemon_kb = max(self.daemon_kb, _peak_kb(pid))
                elif self._descends(pid, parents):
                    self.seen.add(pid)
                    self.most_kb = max(self.most_kb, _peak_kb(pid))

    def _descends(self, pid: int, parents: dict[int, int]) -> bool:
        while pid in parents:
            pid = parents[pid]
            if pid == self.pid:
                return True
        return False


def _parents() -> list[tuple[int, int]]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended meanwhile
            found.append((int(entry.name), int(fields[1])))
    return found


def _peak_kb(pid: int) -> int:
    try:
        told = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(told.group(1)) if told else 0
