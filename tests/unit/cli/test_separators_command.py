"""`ingest separators` as it is typed: plain sheets, cover sheets for registered patients, and what it refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pikepdf
import pytest
from typer.testing import CliRunner

from ingest.cli.app import app
from ingest.errors import NotFound, WrongUse
from ingest.running.site import create_site, open_site
from matchers.patient import Patient

ANNA = Patient(mrn="0012345", last_name="Berg", first_name="Anna", birth_date=date(1962, 4, 7))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    create_site(tmp_path / "site")
    with open_site(tmp_path / "site") as site:
        site.ledger.load_patients([ANNA], now=datetime(2026, 11, 1, tzinfo=UTC))
    return tmp_path / "site"


def test_plain_sheets_need_no_site(tmp_path: Path) -> None:
    out = tmp_path / "sheets.pdf"
    said = CliRunner().invoke(app, ["separators", "--count", "3", "--out", str(out), "--home", str(tmp_path / "none")])
    assert (said.exit_code, said.stdout) == (0, f"3 sheets: {out}\n")
    with pikepdf.open(out) as pdf:
        assert len(pdf.pages) == 3


def test_cover_sheets_name_a_registered_patient_and_are_in_the_audit(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "covers.pdf"
    words = [
        "separators",
        "--mrn",
        ANNA.mrn,
        "--type",
        "consent",
        "--count",
        "2",
        "--out",
        str(out),
        "--home",
        str(home),
    ]
    assert CliRunner().invoke(app, words).exit_code == 0
    with pikepdf.open(out) as pdf:
        assert len(pdf.pages) == 2
    with open_site(home) as site:
        (event,) = [row for row in site.ledger.audit() if row.action == "covers.printed"]
    assert event.details == {"mrns": ANNA.mrn}


@pytest.mark.parametrize(
    ("words", "trouble"),
    [(["--mrn", "999"], NotFound), (["--type", "consent"], WrongUse), (["--out", "/nowhere/at/all.pdf"], WrongUse)],
)
def test_what_cannot_be_printed_is_refused_with_a_reason(home: Path, words: list[str], trouble: type) -> None:
    said = CliRunner().invoke(app, ["separators", *words, "--home", str(home)])
    assert isinstance(said.exception, trouble)
    assert "999" not in str(said.exception)
