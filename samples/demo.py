"""The main job on the samples, as a technician would run it; then a table of what became of each.

Run by `make demo`: makes a fresh site (demo-site/), loads samples/patients.csv, drops samples/scans into
the inbox, runs `ingest batch` and `ingest verify`, and holds every outcome against samples/truth.json.
Exit status 1 when a page went to a wrong patient, something has no end state, or verify finds damage.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

SAMPLES = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One sample: what it is, what became of it, and whether that is right, cautious or a misfile."""

    file: str
    case: str
    why: str
    fileable: bool
    end: str
    verdict: str  # "filed right", "queued", "MISFILED", "set aside", "NO END"
    reason: str


def main() -> int:
    """Runs the demo; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("demo-site"), help="a folder for the demo's site")
    parser.add_argument("--scans", type=Path, default=SAMPLES / "scans", help="a folder of scans")
    parser.add_argument("--truth", type=Path, default=SAMPLES / "truth.json", help="what is on them")
    parser.add_argument("--patients", type=Path, default=SAMPLES / "patients.csv", help="the patient index")
    parser.add_argument("--table", choices=("all", "unfiled", "none"), default="all", help="which rows to print")
    options = parser.parse_args()
    if options.home.exists():
        shutil.rmtree(options.home)
    home = str(options.home)
    _run("init", "--home", home)
    _run("patients", "load", str(options.patients), "--home", home)
    inbox = options.home / "inbox"
    shutil.copytree(options.scans, inbox, dirs_exist_ok=True)
    began_s = time.monotonic()
    _run("batch", "--home", home, check=False)  # 1 where a sample belongs into quarantine
    took_s = time.monotonic() - began_s
    verified = _run("verify", "--home", home, check=False)
    lines = _listing(home)
    truth = json.loads(options.truth.read_text())["files"]
    outcomes = [judge(one, lines[one["file"]]) for one in truth]
    show(outcomes, rows=options.table)
    pages = sum(len(one["pages"]) for one in truth)
    print(
        f"{pages} pages in {took_s:.0f} s. Look further:\n"
        f"  .venv/bin/ingest --home {home} review next     the queue in this terminal\n"
        f"  .venv/bin/ingest --home {home} users add ME --role supervisor\n"
        f"  .venv/bin/ingest --home {home} serve           the queue in a browser, for ME"
    )
    bad = any(one.verdict in ("MISFILED", "NO END") for one in outcomes)
    return 1 if bad or verified != 0 else 0


def judge(truth: dict[str, Any], lines: list[dict[str, Any]]) -> Outcome:
    """Holds the documents that came of one sample against what is known of it."""
    owners = {page["page"]: page["mrn"] for page in truth["pages"]}
    apart = len({mrn for mrn in owners.values() if mrn}) > 1  # two patients' pages may be filed, each to its own
    states = sorted({line["state"] for line in lines})
    filed = [line for line in lines if line["state"] == "filed"]
    wrong = [
        line
        for line in filed
        if (truth["never_file"] and not apart)
        or any(owners[page] not in (line["mrn"], None) for page in line["pages"])
        or line["mrn"] not in owners.values()
    ]
    if not lines or "working" in states:
        verdict = "NO END"
    elif wrong:
        verdict = "MISFILED"
    elif filed:
        verdict = "filed right"
    elif "review" in states:
        verdict = "queued"
    else:
        verdict = "set aside"
    main_line = (filed or [line for line in lines if line["state"] == "review"] or lines or [None])[0]
    return Outcome(
        file=truth["file"],
        case=truth["case"],
        why=truth["why"],
        fileable=truth["fileable"] and truth["indexed_patient"],
        end=" + ".join(states),
        verdict=verdict,
        reason=main_line["reasons"][0] if main_line else "",
    )


def show(outcomes: list[Outcome], *, rows: str) -> None:
    """The table and its sums."""
    table = Table(box=None, pad_edge=False, header_style="bold", title_justify="left")
    for heading in ("Sample", "What it is", "Became", "", "Why"):
        table.add_column(heading, overflow="fold")
    for one in outcomes:
        if rows == "all" or (rows == "unfiled" and one.verdict != "filed right"):
            table.add_row(one.file, one.why, one.end, one.verdict, one.reason)
    console = Console(width=max(Console().width, 120))
    if table.row_count:
        console.print(table)
    sums: dict[str, int] = defaultdict(int)
    for one in outcomes:
        sums[one.verdict] += 1
    fileable = [one for one in outcomes if one.fileable]
    filed = sum(one.verdict == "filed right" for one in fileable)
    console.print(
        f"{len(outcomes)} samples: {sums['filed right']} filed to the right patient, {sums['MISFILED']} misfiled, "
        f"{sums['queued']} queued for a person, {sums['set aside']} set aside, {sums['NO END']} without an end.\n"
        f"Of {len(fileable)} that have their patient in the index and say enough: {filed} filed "
        f"({100 * filed / max(1, len(fileable)):.0f} %)."
    )


def _listing(home: str) -> dict[str, list[dict[str, Any]]]:
    text = subprocess.run(
        [*_program(), "documents", "--json", "--home", home], check=True, capture_output=True, text=True
    ).stdout
    lines: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in text.splitlines():
        document = json.loads(line)
        lines[document["source"]].append(document)
    return lines


def _run(*arguments: str, check: bool = True) -> int:
    print(f"$ ingest {' '.join(arguments)}", flush=True)
    return subprocess.run([*_program(), *arguments], check=check).returncode


def _program() -> list[str]:
    return [sys.executable, "-m", "ingest.cli.app"]


if __name__ == "__main__":
    sys.exit(main())
