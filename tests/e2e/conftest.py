"""A site on disk and the `ingest` program run beside the test, as users run them."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ingest.cli.json_lines import document_to_json
from ingest.patients.csv_feed import CsvFeed
from ingest.running.runner import utc_now
from ingest.running.site import create_site, open_site
from tests.fakes.scripted import PATIENTS_CSV as PATIENTS
from tests.fakes.settings_file import change_settings

ROOT = Path(__file__).parents[2]
CANARY = ("HOLLOWAY", "MARGARET", "00412345")


def sings(said: str, asked: tuple[str, ...] = ()) -> list[str]:
    """Log lines and errors that tell of the canary patient, but for those that repeat what was typed a moment ago."""
    lines = [line for line in said.splitlines() if line.startswith(("ingest: ", "timestamp="))]
    return [
        line
        for line in lines
        if any(word in line.upper() for word in CANARY) and not any(word in line for word in asked if len(word) > 2)
    ]


@dataclass(frozen=True)
class House:
    """One site and the ways a user has to it."""

    home: Path

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "ingest.cli.app", "--home", str(self.home), *arguments]

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*arguments),
            cwd=ROOT,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, code: int | None = 0, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            self.command(*arguments), cwd=ROOT, capture_output=True, text=True, timeout=300, input=stdin
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert sings(done.stderr, arguments) == [], done.stderr
        assert code is None or done.returncode == code, (done.returncode, done.stdout, done.stderr)
        return done

    def documents(self, *, scan: str | None = None) -> list[dict[str, Any]]:
        """The lines of `ingest documents --json`, without the seconds that a new process takes to begin."""
        with open_site(self.home) as site:
            return [document_to_json(document) for document in site.ledger.documents(scan=scan)]

    def settings(self, **lines: str) -> None:
        """Sets settings in ingest.toml, as an administrator edits them."""
        change_settings(self.home / "ingest.toml", **lines)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A fresh site with five patients and a short settle time."""
    house = House(tmp_path / "site")
    (tmp_path / "patients.csv").write_text(PATIENTS)
    make_site(house, tmp_path / "patients.csv")
    return house


def make_site(house: House, patients: Path) -> None:
    """What `ingest init` and `ingest patients load` do."""
    create_site(house.home)
    house.settings(settle_s="0.3", rescan_s="0.5")
    with open_site(house.home) as site:
        site.ledger.load_patients(CsvFeed(patients, today=utc_now().date()).patients(), now=utc_now())
