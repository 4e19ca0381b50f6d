"""`ingest recall` as it is typed: a look first, then the act, its PDFs out of the records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingest.cli.app import app
from ingest.model import Disposition, DocumentState
from ingest.running.custody import verify_site
from ingest.running.runner import settle_filing
from ingest.running.site import Site, create_site, open_site
from tests.fakes.taken import open_white_page

NOW = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """With one document that the program filed."""
    create_site(tmp_path / "site")
    with open_site(tmp_path / "site") as opened:
        job = open_white_page(opened, NOW, name="fax/a.png", origin="fax")
        filed = Disposition(pages=(1,), state=DocumentState.FILED, mrn="0012", reasons=("All agrees.",))
        opened.ledger.conclude_reading(job, dispositions=(filed,), now=NOW)
        settle_filing(opened)
        yield opened


def say(site: Site, *words: str, code: int = 0) -> str:
    said = CliRunner().invoke(app, ["recall", *words, "--home", str(site.home)])
    assert said.exit_code == code, said.output
    return said.stdout


def in_records(site: Site) -> int:
    return len(list(site.paths.records.rglob("*.pdf")))


def test_a_look_first_then_the_act(site: Site) -> None:
    conditions = ("--from", "2026-11-23", "--to", "2026-11-23", "--origin", "fax/", "--reason", "wrong feeder")
    assert json.loads(say(site, *conditions, "--dry-run", "--json")) == {"documents": ["D000001"], "recalled": False}
    assert in_records(site) == 1

    assert "1 document(s) recalled" in say(site, *conditions)
    assert in_records(site) == 0
    assert site.ledger.document("D000001").reasons[0] == "Recalled: wrong feeder"
    assert [problem for problem in verify_site(site).problems if problem.kind != "missing"] == []


def test_a_day_that_is_none_and_a_recall_of_everything_are_refused(site: Site) -> None:
    failure = CliRunner().invoke(app, ["recall", "--from", "yesterday", "--reason", "x", "--home", str(site.home)])
    assert "write 2026-11-25" in str(failure.exception)
    failure = CliRunner().invoke(app, ["recall", "--reason", "x", "--home", str(site.home)])
    assert "--fingerprint" in str(failure.exception)
    assert in_records(site) == 1
