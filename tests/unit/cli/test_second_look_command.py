"""`ingest review second-look` as it is typed."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingest.cli.app import app
from ingest.errors import Conflict
from ingest.ledger import SITE_ITSELF, LookAnswer
from ingest.model import Disposition, DocumentState, PageFailure, PageTrouble
from ingest.running.custody import verify_site
from ingest.running.runner import settle_filing
from ingest.running.second_look import draw_second_looks
from ingest.running.site import Site, create_site, open_site
from matchers.patient import Patient
from tests.fakes.taken import open_white_page

NOW = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """With two documents that the program filed, all of which are looked at again."""
    home = tmp_path / "site"
    create_site(home)
    settings = home / "ingest.toml"
    settings.write_text(settings.read_text().replace("unattended = 0.01", "unattended = 1"))
    with open_site(home) as opened:
        people = [
            Patient(mrn=mrn, last_name="Berg", first_name=name, birth_date=date(1962, 4, 7))
            for mrn, name in (("0012", "Anna"), ("0013", "Hannah"))
        ]
        opened.ledger.load_patients(people, now=NOW)
        for name in ("a.png", "b.png"):
            job = open_white_page(opened, NOW, name=f"fax/{name}", origin="fax")
            failure = PageFailure(page=1, trouble=PageTrouble.TIMEOUT, detail="slow", has_picture=True)
            opened.ledger.record_page(job, page=1, artefact_sha256=None, failure=failure, now=NOW)
            filed = Disposition(pages=(1,), state=DocumentState.FILED, mrn="0012", reasons=("All agrees.",))
            opened.ledger.conclude_reading(job, dispositions=(filed,), now=NOW)
        settle_filing(opened)
        yield opened


def say(site: Site, *words: str, code: int = 0) -> str:
    said = CliRunner().invoke(app, ["review", "second-look", *words, "--home", str(site.home)])
    assert said.exit_code == code, said.output
    return said.stdout


def complaint(site: Site, *words: str) -> str:
    said = CliRunner().invoke(app, ["review", "second-look", *words, "--home", str(site.home)])
    assert said.exit_code != 0
    return str(said.exception)


def test_from_the_drawing_to_the_rates(site: Site) -> None:
    assert json.loads(say(site, "draw", "--json")) == {"decisions": 2, "chosen": 2}
    assert "0 of 0 new decisions" in say(site, "draw")

    told = json.loads(say(site, "next", "--json"))
    assert set(told) == {"second_look", "pages", "type", "document_date", "evidence", "candidates"}
    assert "0012" not in json.dumps(told)
    assert "Second look 1, pages 1" in say(site, "next")
    assert "nobody in the index comes near" in say(site, "show", "1")
    assert "say one of" in complaint(site, "answer", "1")
    assert "say one of" in complaint(site, "answer", "1", "--unsure", "--no-patient")
    assert say(site, "answer", "1", "--mrn", "0013") == "second look 1 is answered\n"
    say(site, "next")
    say(site, "answer", "2", "--mrn", "0012")
    assert say(site, "next") == "no second look waits for you\n"

    opened = json.loads(say(site, "open", "--json"))
    assert (opened["second_look"], opened["first_mrn"], opened["answer_mrn"]) == (1, "0012", "0013")
    assert "pipeline" in say(site, "open")
    assert "say one of" in complaint(site, "settle", "1")
    assert isinstance(
        CliRunner()
        .invoke(app, ["review", "second-look", "settle", "1", "--first-right", "--home", str(site.home)])
        .exception,
        Conflict,
    )  # the answer is one's own


def test_what_a_supervisor_finds_wrong_leaves_the_records(site: Site) -> None:
    draw_second_looks(site, by="cron", now=NOW)
    held = site.ledger.claim_second_look(user="bob", names={"bob"}, clearance=SITE_ITSELF, hold_s=60, now=NOW)
    assert held is not None
    site.ledger.answer_second_look(held.number, answer=LookAnswer.PATIENT, mrn="0013", user="bob", now=NOW)
    assert len(list(site.paths.records.rglob("*.pdf"))) == 2
    number, document = str(held.number), held.document_id  # whichever was filed first
    said = say(site, "settle", number, "--first-wrong", "--mrn", "0013")
    assert f"{document} is in review: A second look found" in said
    assert len(list(site.paths.records.rglob("*.pdf"))) == 1
    assert [problem for problem in verify_site(site).problems if problem.kind != "missing"] == []
    assert say(site, "open") == "no disagreement waits for a supervisor\n"

    (rate,) = [json.loads(line) for line in say(site, "rates", "--by", "origin", "--json").splitlines()]
    assert (rate["kind"], rate["group"], rate["looked"], rate["waiting"], rate["wrong"]) == (
        "unattended", "fax", 1, 1, 1,
    )  # fmt: skip
    assert "filed unattended" in say(site, "rates")
    assert "first wrong" in say(site, "settled")
    (settled,) = [json.loads(line) for line in say(site, "settled", "--json").splitlines()]
    assert (settled["second_look"], settled["settled"]) == (held.number, "first_wrong")
    assert say(site, "reopen", number) == f"second look {number} is to be settled again; {document} is review\n"
    assert say(site, "settled") == "no disagreement is settled\n"
    assert json.loads(say(site, "open", "--json"))["second_look"] == held.number
    assert f"no settled disagreement {number}" in complaint(site, "reopen", number)
    assert say(site, "rates", "--lookers") == "nobody was shown a known case yet\n"


def test_the_seed_is_the_sites_own_and_kept(site: Site) -> None:
    draw_second_looks(site, by="cron", now=NOW)
    seed = site.paths.second_look_seed
    kept = seed.read_bytes()
    assert (len(kept), stat.S_IMODE(seed.stat().st_mode)) == (32, 0o600)
    draw_second_looks(site, by="cron", now=NOW)
    assert seed.read_bytes() == kept
    assert [left.name for left in site.home.glob(".second-look*")] == []
