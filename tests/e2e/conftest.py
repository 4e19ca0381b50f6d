"""A site on disk and the `ingest` program run beside the test, as users run them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PATIENTS = """mrn,last_name,first_name,middle_name,birth_date,sex
00412345,HOLLOWAY,MARGARET,ANN,1951-03-14,F
00498761,BRANNIGAN,TERRENCE,,1968-11-02,M
00455550,OKAFOR,CHIDI,JAMES,1984-07-25,M
00431117,VASQUEZ,ELENA,MARIA,1992-01-19,F
00467302,LINDQVIST,PETER,,1947-09-30,M
"""


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
        assert code is None or done.returncode == code, (done.returncode, done.stdout, done.stderr)
        return done

    def documents(self, *arguments: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.run("documents", "--json", *arguments).stdout.splitlines()]

    def settings(self, **lines: str) -> None:
        """Sets top-level or `section__key` settings in ingest.toml, as an administrator edits them."""
        text = (self.home / "ingest.toml").read_text()
        for name, value in lines.items():
            key = name.split("__")[-1]
            rows = [f"{key} = {value}" if row.startswith(f"{key} = ") else row for row in text.splitlines()]
            text = "\n".join(rows) + "\n"
        (self.home / "ingest.toml").write_text(text)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A fresh site with five patients and a short settle time."""
    house = House(tmp_path / "site")
    house.run("init")
    house.settings(intake__settle_s="0.3", intake__rescan_s="0.5")
    csv = tmp_path / "patients.csv"
    csv.write_text(PATIENTS)
    house.run("patients", "load", str(csv))
    return house
