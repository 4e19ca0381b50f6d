"""A site whose limits are short, a real `ingest watch` on it, and hostile files dropped into its folder."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.conftest import PATIENTS, House, make_site
from tests.fakes.bombs import CANARY
from tests.fakes.watched import Watched

ENDS = frozenset({"filed", "review", "blank", "quarantined", "duplicate", "separator"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What became of everything: the lines of the listing, peaks in kB, seconds, and the daemon's log."""

    lines: tuple[dict[str, Any], ...]
    most_kb: int
    daemon_kb: int
    processes: int
    seconds: float
    log: str

    def states(self) -> dict[str, set[str]]:
        """The states of each source's documents."""
        found: dict[str, set[str]] = {}
        for line in self.lines:
            found.setdefault(line["source"], set()).add(line["state"])
        return found


def hostile_site(folder: Path, **settings: str) -> House:
    """A site of which the limits are short and the engine quick, unless `settings` say otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "patients.csv").write_text(PATIENTS)
    house = House(folder / "site")
    make_site(house, folder / "patients.csv")
    house.settings(
        **{
            "engine": '"tests.fakes.engines:quick"',
            "second_reader": '"off"',
            "workers": "2",
            "page_timeout_s": "5.0",
            "open_timeout_s": "10.0",
            "write_timeout_s": "10.0",
            "worker_memory_mb": "1500",
            "pdf_passwords": f'["wrong", "{CANARY}"]',
            **settings,
        }
    )
    return house


def run_watch(house: House, drop: Callable[[Path], int], *, within_s: float) -> Ended:
    """`drop` puts files into the folder beside the running daemon, and says how many; until all have ended.

    The daemon must live until then, stop when asked to, and tell neither a trace nor a password.
    """
    began = time.monotonic()
    daemon = house.start("watch")
    try:
        with Watched(daemon.pid) as watched:
            count = drop(house.inbox)
            while not _all_ended(house, count):
                assert daemon.poll() is None, f"the daemon died: {daemon.communicate()[1][-3000:]}"
                assert time.monotonic() - began < within_s, _open_ones(house)
                time.sleep(0.5)
        assert daemon.poll() is None, "the daemon died"
        seconds = time.monotonic() - began
        os.kill(daemon.pid, signal.SIGTERM)
        assert daemon.wait(timeout=60) == 0
    finally:
        daemon.kill()
        _, log = daemon.communicate()
    assert "Traceback" not in log, log[-3000:]
    assert CANARY not in log
    return Ended(
        lines=tuple(house.documents()),
        most_kb=watched.most_kb,
        daemon_kb=watched.daemon_kb,
        processes=len(watched.seen),
        seconds=seconds,
        log=log,
    )


def _all_ended(house: House, count: int) -> bool:
    lines = house.documents()
    return len({line["source"] for line in lines}) == count and all(line["state"] != "working" for line in lines)


def _open_ones(house: House) -> str:
    lines = house.documents()
    waiting = sorted(path.name for path in house.inbox.rglob("*") if path.is_file())
    return f"working: {[line['source'] for line in lines if line['state'] == 'working']}; not taken: {waiting}"
