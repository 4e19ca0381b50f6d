"""How fast the desk in the browser answers with 100,000 documents waiting and twenty reviewers at once.

    python -m tests.benchmarks.desk.run [--items 100000] [--reviewers 20] [--think-s 5] [--minutes 2]
        [--before-s 20]

The committed samples are taken in with everything going to review; their documents are then multiplied in the ledger,
pictures and evidence with them. When the desk has run for `--before-s` seconds the shift begins: reviewers (Locust
users, four a second) log in, each takes the next item, looks at its picture for `--think-s` seconds on average, files
it to the first candidate or discards it, and gets the next one in the answer. Times are those of the whole answer,
measured by Locust beside the server on the same machine; exit status 1 when a promise of the desk is not kept.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import logging
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console
from rich.table import Table
from sqlalchemy import Column, ColumnElement, func, insert, literal, null, select
from sqlalchemy import Table as SqlTable

from ingest.ledger import DeskRole
from ingest.ledger.schema import counters, decisions, document_pages, documents, pages, scans
from ingest.ledger.schema_desk import waiting
from ingest.patients.csv_feed import CsvFeed
from ingest.review.logins import Logins
from ingest.running.batch import run_paths
from ingest.running.runner import Runner, utc_now
from ingest.running.site import Site, create_site, open_site
from tests.e2e.desk_house import DeskHouse, served

ROOT = Path(__file__).parents[3]
PASSWORD = "a long enough sentence"  # noqa: S105 - of accounts that live for a benchmark
LIMITS_MS = {"item": 50.0, "picture": 100.0, "decision": 200.0}  # at the 95th percentile
# Of each table: its key, and which columns count scans or documents.
_MULTIPLIED: dict[SqlTable, tuple[str, dict[str, str]]] = {
    scans: ("number", {"number": "scan"}),
    pages: ("scan", {"scan": "scan"}),
    documents: ("number", {"number": "document", "scan": "scan"}),
    document_pages: ("document", {"document": "document", "scan": "scan"}),
    decisions: ("document", {"document": "document"}),
    waiting: ("document", {"document": "document"}),
}
_ONCE = ("appearance", "key_path")  # what only one scan may have


def main() -> int:
    """Makes the site, lets the reviewers work, prints the table."""
    asked = _arguments()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "site"
        with _site(home) as site:
            _take_in(site)
            waits = _multiply(site, asked.items)
            _accounts(site, asked.reviewers)
        print(f"{waits:,} documents wait", file=sys.stderr)
        with served(DeskHouse(home=home)) as house:
            time.sleep(asked.before_s)
            figures = _load(house.url, asked, Path(folder))
    kept = _show(figures, asked, waits)
    return 0 if kept else 1


@contextmanager
def _site(home: Path) -> Iterator[Site]:
    create_site(home)
    settings = home / "ingest.toml"
    settings.write_text(settings.read_text().replace('unattended = "on"', 'unattended = "off"', 1))
    with open_site(home) as site:
        yield site


def _take_in(site: Site) -> None:
    patients = ROOT / "samples" / "patients.csv"
    site.ledger.load_patients(CsvFeed(patients, today=utc_now().date()).patients(), now=utc_now())
    with Runner(site, workers=2) as runner:
        run_paths(site, runner, [ROOT / "samples" / "scans"], lambda _: None)


def _multiply(site: Site, items: int) -> int:
    """Copies of what waits, until so many documents do; how many it are."""
    with site.ledger._database.write() as connection:
        there = int(connection.execute(select(func.count()).select_from(waiting)).scalar_one())
        scan_step = int(connection.execute(select(func.max(scans.c.number))).scalar_one())
        step = int(connection.execute(select(func.max(documents.c.number))).scalar_one())
        copies = max(0, -(-items // there) - 1)
        steps = {"scan": scan_step, "document": step}
        for copy, (table, (key, shifted)) in itertools.product(range(1, copies + 1), _MULTIPLIED.items()):
            columns = [_shifted(column, copy, steps, shifted) for column in table.columns]
            originals = select(*columns).where(table.c[key] <= steps[shifted[key]])
            connection.execute(insert(table).from_select([column.name for column in table.columns], originals))
        for name, number in (("scan", scan_step), ("document", step)):
            connection.execute(counters.update().where(counters.c.name == name).values(value=number * (copies + 1)))
        return int(connection.execute(select(func.count()).select_from(waiting)).scalar_one())


def _shifted(column: Column[Any], copy: int, steps: dict[str, int], shifted: dict[str, str]) -> ColumnElement[Any]:
    if column.name in shifted:
        return (column + literal(copy * steps[shifted[column.name]])).label(column.name)
    return null().label(column.name) if column.name in _ONCE else column


def _accounts(site: Site, reviewers: int) -> None:
    door = Logins(
        site.ledger,
        idle=timedelta(1),
        longest=timedelta(1),
        now=utc_now,
        new_token=lambda: secrets.token_hex(8),
    )
    hashed = door.hash(PASSWORD)
    for number in range(reviewers):
        site.ledger.add_account(
            f"clerk{number}",
            role=DeskRole.REVIEWER,
            password_hash=hashed,
            system_user=None,
            clearances=frozenset(),
            by="benchmark",
            now=utc_now(),
        )


def _load(url: str, asked: argparse.Namespace, folder: Path) -> dict[str, dict[str, str]]:
    """Locust's figures, by what was asked for."""
    prefix = folder / "load"
    subprocess.run(
        [
            sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("reviewers.py")), "--headless",
            "--host", url, "--users", str(asked.reviewers), "--spawn-rate", "4",
            "--run-time", f"{round(asked.minutes * 60)}s", "--csv", str(prefix), "--only-summary", "--reset-stats",
        ],
        check=False,
        cwd=ROOT,
        env=os.environ | {"THINK_S": str(asked.think_s), "PASSWORD": PASSWORD},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    with prefix.with_name("load_stats.csv").open() as file:
        return {row["Name"]: row for row in csv.DictReader(file)}


def _show(figures: dict[str, dict[str, str]], asked: argparse.Namespace, waits: int) -> bool:
    table = Table(title=f"{waits:,} waiting, {asked.reviewers} reviewers, {asked.think_s:g} s a document")
    for heading in ("answer", "requests", "failed", "median ms", "95th ms", "wanted", "kept"):
        table.add_column(heading, justify="right")
    kept = True
    for name, limit in LIMITS_MS.items():
        row = figures.get(name)
        if row is None:
            kept = False
            table.add_row(name, "0", "–", "–", "–", f"{limit:g}", "no")
            continue
        fine = float(row["95%"]) <= limit and int(row["Failure Count"]) == 0
        kept &= fine
        table.add_row(
            name,
            row["Request Count"],
            row["Failure Count"],
            row["50%"],
            row["95%"],
            f"{limit:g}",
            "yes" if fine else "no",
        )
    Console(width=110).print(table)
    return kept


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--reviewers", type=int, default=20)
    parser.add_argument("--think-s", type=float, default=5.0)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--before-s", type=float, default=20.0)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
