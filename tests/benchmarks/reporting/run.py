"""How long a report of many documents takes, and how much memory.

    python -m tests.benchmarks.reporting.run [--documents 100000] [--days 30] [--ledger URL]

A fresh site, its ledger filled with made-up decisions as long as real ones; then the program's own command, with a
page and CSV files, told in seconds on the clock, seconds of processor, and the process's memory (and that of a report
of nothing: what the program needs before it counts).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from ingest.ledger import Ledger
from ingest.running.site import create_site
from tests.benchmarks.reporting.ledger import fill

_FIRST = date(2026, 1, 1)


def main() -> None:
    """Fills, counts, prints a line for each of the two reports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, default=960_001)
    parser.add_argument("--ledger", help="an empty database, postgresql+psycopg://… (default: SQLite in the site)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary) / "site"
        if options.ledger:
            os.environ["INGEST_LEDGER"] = options.ledger
        create_site(home)
        url = options.ledger or f"sqlite:///{home / 'ledger.sqlite'}"
        with Ledger.open(url, create=True) as ledger:
            fill(ledger, count=options.documents, first=_FIRST, days=options.days, seed=options.seed)
        print("| report of | clock | processor | most memory |\n|---|---|---|---|")
        before = _FIRST - timedelta(days=options.days)
        for what, first in (("nothing", before), (f"{options.documents:,} documents", _FIRST)):
            _report(home, what, first, first + timedelta(days=options.days - 1))


def _report(home: Path, what: str, first: date, last: date) -> None:
    command = [sys.executable, "-m", "ingest.cli.app", "report", "--home", str(home)]
    command += ["--from", first.isoformat(), "--to", last.isoformat()]
    command += ["--html", str(home / "report.html"), "--csv", str(home / "figures")]
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, "the report was not made"
    clock_s, processor_s = time.monotonic() - began, usage.ru_utime + usage.ru_stime
    print(f"| {what} | {clock_s:.1f} s | {processor_s:.1f} s | {usage.ru_maxrss / 1024:.0f} MB |", flush=True)


if __name__ == "__main__":
    main()
