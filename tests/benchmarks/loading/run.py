"""How long a master patient index takes to load, and its search index to build from the ledger.

    python -m tests.benchmarks.loading.run --lists FOLDER [--people 1000000] [--csv FILE] [--in FOLDER]

Into a fresh site on SQLite, by the program's own commands: `ingest patients load` (the search index
included), the same file again, `ingest patients index`. Each is told in seconds on the clock, seconds of
processor (of all its processes), and the largest process's memory. `--csv` keeps the file, or takes one that is there.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.loading.register import write_csv


@dataclass(frozen=True, slots=True)
class Cost:
    """What one command took."""

    said: str
    clock_s: float
    processor_s: float
    peak_mb: float


def main() -> None:
    """Loads, loads again, builds, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lists", type=Path, required=True)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=920_001)
    parser.add_argument("--csv", type=Path)
    parser.add_argument("--in", dest="folder", type=Path, help="where the site is made (default: a temporary folder)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as temporary:
        file, home = options.csv or Path(temporary) / "patients.csv", Path(temporary) / "site"
        if not file.exists():
            print(f"{write_csv(file, options.lists, options.people, options.seed)} rows drawn", flush=True)
        run(home, "init")
        print("| | clock | processor | largest process | it said |\n|---|---|---|---|---|")
        for name, command in (
            ("load", ("patients", "load", file)),
            ("the same again", ("patients", "load", file)),
            ("index", ("patients", "index")),
        ):
            cost = run(home, *command)
            print(
                f"| {name} | {cost.clock_s:.1f} s | {cost.processor_s:.1f} s | {cost.peak_mb:.0f} MB | {cost.said} |",
                flush=True,
            )
        sizes = {"CSV": file.stat().st_size, "ledger": _size(home, "ledger*"), "index": _size(home, "**/patients-*")}
        print(", ".join(f"{name} {size / 1e6:.0f} MB" for name, size in sizes.items()))


def run(home: Path, *command: str | Path) -> Cost:
    """One command of the program in a process of its own."""
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        program = (sys.executable, "-c", "from ingest.cli.app import main; main()")
        process = subprocess.Popen([*program, "--home", home, *command], stdout=said)
        _, status, used = os.wait4(process.pid, 0)  # with what its own children used
        clock_s = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            sys.exit(f"ingest {command[0]} ended with {process.returncode}")
        said.seek(0)
        return Cost(said.read().strip(), clock_s, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e3)


def _size(home: Path, pattern: str) -> int:
    return sum(file.stat().st_size for file in home.glob(pattern))


if __name__ == "__main__":
    main()
