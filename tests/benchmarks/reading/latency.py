"""How long after its drop a scan is filed: a real `ingest watch`, one-page scans dropped one at a time.

    python -m tests.benchmarks.reading.latency [--scans 30] [--settle 1.0] [--workers 2] [--seed N]

Each file is moved whole into the watched folder once the one before it is at rest; the clock stops when the ledger
says what became of it. The settle time is a setting and is taken off. The first scan waits for the program and its
workers to start, so it is told apart. Wanted: filed within 1.5 s at the median.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ingest.ledger import Ledger
from ingest.model import DocumentState
from ingest.patients.csv_feed import CsvFeed
from ingest.running.runner import utc_now
from ingest.running.site import Site, create_site, open_site
from tests.benchmarks.reading.cost import drawn

WANTED_S = 1.5
REST_WITHIN_S = 60.0
_LOOK_S = 0.02
_RESTING = (DocumentState.FILED, DocumentState.REVIEW, DocumentState.QUARANTINED, DocumentState.BLANK)


def main() -> None:
    """Draws, starts the daemon, drops one by one, prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scans", type=int, default=30)
    parser.add_argument("--settle", type=float, default=1.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=940_201)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        files = drawn(folder, options.scans, options.seed)
        home = make_site(folder / "site", folder / "patients.csv", settle_s=options.settle)
        command = [sys.executable, "-m", "ingest.cli.app", "--home", str(home), "watch"]
        daemon = subprocess.Popen([*command, "--workers", str(options.workers)], stderr=subprocess.DEVNULL)
        try:
            with open_site(home) as site:
                rests = [drop(site, file) for file in files]
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(timeout=60)
    print(f"{len(files)} scans, seed {options.seed}; seconds after the settle time of {options.settle:g} s")
    print(f"the first, while the program starts: {rests[0][1] - options.settle:.2f} s ({rests[0][0].value})")
    print("| | scans | median | nine in ten | longest |\n|---|---|---|---|---|")
    for state in _RESTING:
        if seconds := sorted(took - options.settle for became, took in rests[1:] if became is state):
            tenth = seconds[min(len(seconds) - 1, int(0.9 * len(seconds)))]
            middle = statistics.median(seconds)
            print(f"| {state.value} | {len(seconds)} | {middle:.2f} | {tenth:.2f} | {seconds[-1]:.2f} |")
    print(f"wanted: filed within {WANTED_S} s at the median")


def make_site(home: Path, patients: Path, *, settle_s: float) -> Path:
    """A fresh site that knows these people."""
    create_site(home)
    settings = home / "ingest.toml"
    rows = settings.read_text().splitlines()
    rows = [f"settle_s = {settle_s}" if row.startswith("settle_s = ") else row for row in rows]
    settings.write_text("\n".join(rows) + "\n")
    with open_site(home) as site:
        site.ledger.load_patients(CsvFeed(patients, today=utc_now().date()).patients(), now=utc_now())
    return home


def drop(site: Site, file: Path) -> tuple[DocumentState, float]:
    """Moves a copy into the drop folder; what became of it, and how many seconds later."""
    aside = site.home / f"dropped{file.suffix}"
    shutil.copyfile(file, aside)
    began = time.monotonic()
    aside.rename(site.paths.inbox / file.name)
    while time.monotonic() < began + REST_WITHIN_S:
        if (state := _state_of(site.ledger, file.name)) in _RESTING:
            return state, time.monotonic() - began
        time.sleep(_LOOK_S)
    raise AssertionError(f"a scan was not at rest after {REST_WITHIN_S:g} s")


def _state_of(ledger: Ledger, source: str) -> DocumentState | None:
    """The state of the first document that a file gave, None while there is none."""
    return next((document.state for document in ledger.documents(scan=source)), None)


if __name__ == "__main__":
    main()
