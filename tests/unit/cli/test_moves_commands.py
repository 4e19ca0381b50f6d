"""`ingest refile` and `ingest review copy` as they are typed: real site, real ledger, real PDFs in the folders."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

from ingest import logs
from ingest.cli.app import app
from ingest.cli.terminal import current_user
from ingest.errors import Conflict, NotFound
from ingest.model import Box, Disposition, DocumentState, Finding, Role
from ingest.running.custody import verify_site
from ingest.running.runner import settle_filing
from ingest.running.site import Site, create_site, open_site
from matchers.patient import Field, Patient, Source
from tests.fakes.doubtful import doubt
from tests.fakes.taken import open_white_page

NOW = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
MOTHER = Patient(mrn="0012", last_name="Berg", first_name="Anna", birth_date=date(1992, 4, 7))
NEWBORN = Patient(mrn="0013", last_name="Berg", first_name="Ida", birth_date=date(2026, 11, 20))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """With one document that the program filed to the mother."""
    logs.configure()  # as the program does: log lines never on standard output
    create_site(tmp_path / "site")
    with open_site(tmp_path / "site") as opened:
        opened.ledger.load_patients([MOTHER, NEWBORN], now=NOW)
        job = open_white_page(opened, NOW)
        born = Finding(
            field=Field.BIRTH_DATE, role=Role.PATIENT, value="1992-04-07", raw="04/07/1992", page=1, confidence=0.99,
            box=Box(x0=0.1, y0=0.1, x1=0.3, y1=0.12), source=Source.TEXT, place="header",
        )  # fmt: skip
        filed = Disposition(
            pages=(1,), state=DocumentState.FILED, mrn="0012", reasons=("All agrees.",), findings=(born,)
        )
        opened.ledger.conclude_reading(job, dispositions=(filed,), now=NOW)
        settle_filing(opened)
        yield opened
    structlog.reset_defaults()


def say(site: Site, *words: str) -> str:
    said = CliRunner().invoke(app, [*words, "--home", str(site.home)])
    assert said.exit_code == 0, (said.output, said.exception)
    return said.stdout


def refused(site: Site, *words: str) -> BaseException | None:
    said = CliRunner().invoke(app, [*words, "--home", str(site.home)])
    assert said.exit_code != 0
    return said.exception


def in_records(site: Site) -> list[str]:
    return sorted(path.parent.parent.name for path in site.paths.records.rglob("*.pdf"))


def problems(site: Site) -> list[str]:
    """Nothing but the page artefact, which these scans never had."""
    return [problem.reason for problem in verify_site(site).problems if problem.kind != "missing"]


REFILE = ("refile", "D000001", "--mrn", "0013", "--reason", "the newborn's")


def test_a_refile_asks_once_more_moves_the_file_and_tells_who_looked(site: Site) -> None:
    say(site, "review", "show", "D000001")
    asked = refused(site, *REFILE)
    assert isinstance(asked, Conflict)
    assert "--yes" in str(asked)
    assert in_records(site) == ["0012"]

    (line,) = map(json.loads, say(site, *REFILE, "--yes", "--json").splitlines())
    assert (line["document"], line["state"], line["mrn"]) == ("D000001", "filed", "0013")
    assert (line["refiled_from"], line["misfile"]) == ("0012", {"version": 1, "by_program": True})
    assert [(look["user"], look["what"]) for look in line["looks"]] == [(current_user(), "document.viewed")]
    assert in_records(site) == ["0013"]
    assert problems(site) == []

    assert "filed to MRN 0012" in say(site, "review", "undo", "D000001")
    assert in_records(site) == ["0012"]
    assert site.ledger.misfiles() == ()
    assert problems(site) == []


def test_a_refile_told_to_people(site: Site) -> None:
    say(site, "explain", "D000001")
    told = say(site, *REFILE, "--yes")
    assert "D000001 filed to MRN 0013" in told
    assert "its filing to MRN 0012 is marked as a misfile by the program" in told
    assert f"{current_user()}  the decision" in told


def test_a_refile_that_moves_nothing_is_refused_with_the_remedy(site: Site) -> None:
    there = refused(site, "refile", "D000001", "--mrn", "0012", "--reason", "x")
    assert "filed to this patient already" in str(there)
    assert isinstance(refused(site, "refile", "D000001", "--mrn", "9", "--reason", "x"), NotFound)
    assert "say why" in str(refused(site, "refile", "D000001", "--mrn", "0013", "--reason", ""))
    say(site, "review", "undo", "D000001")
    assert "assign it to the patient" in str(refused(site, *REFILE))
    assert in_records(site) == []


def test_a_copy_stands_in_both_records_until_it_is_taken_back(site: Site) -> None:
    copy = ("review", "copy", "D000001", "--mrn", "0013", "--note", "newborn")
    assert isinstance(refused(site, *copy), Conflict)
    (line,) = map(json.loads, say(site, *copy, "--yes", "--json").splitlines())
    assert (line["document"], line["copy_of"], line["pages"], line["mrn"]) == ("D000002", "D000001", [1], "0013")
    assert in_records(site) == ["0012", "0013"]
    assert problems(site) == []
    listed = [json.loads(line) for line in say(site, "documents", "--json").splitlines()]
    assert [(one["document"], one.get("copy_of")) for one in listed] == [("D000001", None), ("D000002", "D000001")]
    assert "copy of" in say(site, "documents")
    assert "already, as document" in str(refused(site, *copy, "--yes"))

    assert "D000002 is discarded" in say(site, "review", "undo", "D000002")
    assert in_records(site) == ["0012"]
    assert problems(site) == []


def test_verify_finds_a_copy_of_other_pages(site: Site) -> None:
    say(site, "review", "copy", "D000001", "--mrn", "0013", "--note", "newborn", "--yes")
    with site.ledger._database.write() as connection:
        connection.exec_driver_sql("UPDATE document_pages SET page = 2 WHERE document = 2")
    assert "it is called a copy, and has other pages than what it names" in problems(site)


def test_rematch_tells_what_became_of_what_changes_concern(site: Site) -> None:
    assert "1 as before" in say(site, "review", "rematch")  # its decision knew of no index
    assert "0 document(s)" in say(site, "review", "rematch")
    site.ledger.load_patients([replace(MOTHER, birth_date=date(1991, 4, 7))], now=NOW)
    (line,) = map(json.loads, say(site, "review", "rematch", "--json").splitlines())
    assert (line["documents"], line["same"], line["left"]) == (1, 1, 0)  # no page of it was kept to be judged anew
    assert json.loads(say(site, "review", "rematch", "--json"))["documents"] == 0


def test_what_is_in_doubt_is_listed_and_let_stand_with_a_reason(site: Site) -> None:
    assert say(site, "review", "doubts") == "nothing that people decided is in doubt\n"
    say(site, "refile", "D000001", "--mrn", "0013", "--reason", "the child's", "--yes")
    document = site.ledger.document("D000001")
    doubt(site.ledger, document, "Its pages speak for MRN 0012 now.", speaks_for="0012", now=NOW)
    (line,) = say(site, "review", "doubts", "--json").splitlines()
    assert json.loads(line) == {
        "document": "D000001",
        "version": 2,
        "reasons": ["Its pages speak for MRN 0012 now."],
        "raised_at": "2026-11-23T23:30:00.000Z",
    }
    assert "speak for MRN 0012 now" in say(site, "review", "doubts")
    assert say(site, "review", "let-stand", "D000001", "--note", "it is the child's") == "D000001 stands\n"
    assert say(site, "review", "doubts", "--json") == ""
    assert isinstance(refused(site, "review", "let-stand", "D000001", "--note", "again"), NotFound)
    assert "Let stand by" in say(site, "review", "doubts", "--settled")
    (line,) = say(site, "review", "doubts", "--settled", "--json").splitlines()
    assert json.loads(line)["settled_by"]
    assert say(site, "review", "let-stand", "D000001", "--undo") == "D000001 is in doubt again\n"
    assert say(site, "review", "doubts", "--settled") == "nothing was let stand\n"
    assert isinstance(refused(site, "review", "let-stand", "D000001", "--undo"), NotFound)
