"""A burst of files into a watched folder: each accounted for, memory steady, no look slow, how long until claimed.

    python -m tests.benchmarks.faults.burst [--files 10000]

Small white pictures, each with bytes of its own, moved in at once beside a daemon with one worker and the scripted OCR.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PIL import Image

from ingest.running.custody import verify_site
from ingest.running.site import open_site
from tests.e2e.conftest import House
from tests.faults import story

_LINE = re.compile(r"timestamp='([^']+)' .*event='(\w+)'(.*)")

_LOOK_S = 2.0
_STEADY = 1.1  # the last third of the run may hold so much of the first third's memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """What came of one. Times in seconds, memory in megabytes."""

    files: int
    states: dict[str, int]
    took_s: float
    looks_s: tuple[float, ...]
    claims_s: tuple[float, ...]
    memory_mb: tuple[float, ...]
    problems: int


def burst(files: int, folder: Path, *, give_up_s: float = 7200.0) -> Burst:
    """Drops so many files at once beside a daemon, and waits until all have come to an end."""
    house, ready = House(folder / "site"), folder / "ready"
    story.make(house.home)
    ready.mkdir()
    for number in range(files):
        picture = Image.new("L", (85, 110), 255)
        picture.putpixel((number % 85, number // 85 % 110), 250)
        picture.putpixel((number // 9350, 0), 251)
        picture.save(ready / f"{number:05}.png", dpi=(10, 10))
    log = folder / "log"
    with log.open("w") as out:
        daemon = subprocess.Popen(
            house.command("watch", "--workers", "1"), stdout=out, stderr=out, env=os.environ | {"INGEST_LOG": "debug"}
        )
        try:
            while "watching" not in log.read_text():
                time.sleep(0.1)
            began, dropped = time.monotonic(), time.time()
            ready.rename(house.inbox / "burst")
            memory_mb = []
            while _unfinished(house, files) and time.monotonic() - began < give_up_s:
                memory_mb.append(_memory_mb(daemon.pid))
                time.sleep(1)
            took_s = time.monotonic() - began
        finally:
            daemon.terminate()
            daemon.wait(60)
    looks, claims = _timed(log, dropped)
    with open_site(house.home) as site:
        states = Counter(document.state.value for document in site.ledger.documents())
        problems = len(verify_site(site).problems)
    return Burst(
        files=files,
        states=dict(states),
        took_s=took_s,
        looks_s=looks,
        claims_s=claims,
        memory_mb=tuple(memory_mb),
        problems=problems,
    )


def _unfinished(house: House, files: int) -> bool:
    with open_site(house.home) as site:
        counts = site.ledger.counts()
        return sum(counts.values()) < files or site.ledger.open_jobs() > 0


def _memory_mb(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found.group(1)) / 1024 if found else 0.0


def _timed(log: Path, dropped: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """How long each look took, and how long after the drop each scan was claimed."""
    looks, claims = [], []
    for line in log.read_text().splitlines():
        if (said := _LINE.match(line)) is None:
            continue
        at, event, facts = said.groups()
        if event == "looked" and (seconds := re.search(r"seconds=([\d.]+)", facts)):
            looks.append(float(seconds.group(1)))
        if event == "claimed" and "kind='read'" in facts:
            claims.append(datetime.fromisoformat(at).timestamp() - dropped)
    return tuple(looks), tuple(claims)


def main() -> int:
    """Drops, waits, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        done = burst(given.files, Path(folder))
    third = max(1, len(done.memory_mb) // 3)
    print(f"{done.files:,} files: {done.states}, {done.problems} problem(s), {done.took_s:.0f} s")
    print(f"looks: {len(done.looks_s)}, the longest {max(done.looks_s, default=0):.2f} s (wanted: under 2)")
    quantiles = statistics.quantiles(done.claims_s, n=20)
    print(f"dropped to claimed: median {statistics.median(done.claims_s):.1f} s, p95 {quantiles[-1]:.1f} s, "
          f"longest {max(done.claims_s):.1f} s")  # fmt: skip
    print(f"memory of the daemon, medians of thirds: {_thirds(done.memory_mb, third)} MB")
    steady = statistics.median(done.memory_mb[-third:]) < _STEADY * statistics.median(done.memory_mb[:third])
    quick = max(done.looks_s, default=0.0) < _LOOK_S
    whole = done.problems == 0 and sum(done.states.values()) == done.files
    return 0 if whole and steady and quick else 1


def _thirds(memory_mb: tuple[float, ...], third: int) -> str:
    parts = (memory_mb[:third], memory_mb[third : 2 * third], memory_mb[2 * third :])
    return ", ".join(f"{statistics.median(part):.0f}" for part in parts if part)


if __name__ == "__main__":
    sys.exit(main())
