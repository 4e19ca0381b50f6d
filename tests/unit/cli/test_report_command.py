"""`ingest report` as it is typed: real site, real ledger; only the reading was done beforehand."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import structlog
from click.testing import Result
from typer.testing import CliRunner

from ingest import logs
from ingest.cli.app import app
from ingest.cli.terminal import current_user
from ingest.errors import PaperchartError
from ingest.ledger import DeskRole, JobKind
from ingest.model import Disposition, DocumentState, Flag, FlagKind, ScanKind, Traits
from ingest.running.reporting import local_zone
from ingest.running.site import create_site, open_site
from tests.contract.ledger_steps import HERE, LEASE_S, finding, key, patient, to_file, to_review

NOW = datetime.now(UTC)
ZONE = f"Etc/GMT{NOW.hour - 12:+d}"  # where it is about noon now, so that no test runs over midnight
TODAY = NOW.astimezone(ZoneInfo(ZONE)).date()
CANARY = ("HOLLOWAY", "MARGARET", "00412345", "1951")
FOLDER = "HOLLOWAY MARGARET 1951"


class Typed:
    """One site at noon of a day, and the reports typed at it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        create_site(home)

    def result(self, *words: str) -> Result:
        """Whatever comes of it."""
        return CliRunner().invoke(app, ["report", *words, "--home", str(self.home)], env={"COLUMNS": "80"})

    def run(self, *words: str) -> str:
        """Standard output of a report that must be made."""
        result = self.result(*words)
        assert result.exit_code == 0, (result.output, result.exception)
        return result.stdout

    def told(self, *words: str) -> dict[str, Any]:
        """The report as JSON."""
        told: dict[str, Any] = json.loads(self.run(*words, "--json"))
        return told

    def refused(self, *words: str) -> str:
        """Why it is not made."""
        result = self.result(*words)
        assert isinstance(result.exception, PaperchartError), result.output
        assert result.exception.exit_code == 2
        return str(result.exception)

    def received(self, number: int, disposition: Disposition, *, at: datetime, origin: str = "") -> str:
        """A scan of one page, read to this; its document."""
        with open_site(self.home) as site:
            which = key(f"/inbox/{number}.pdf", str(number), inode=number)
            scan = site.ledger.take_in(key=which, source=f"HOLLOWAY-{number}.pdf", origin=origin, now=at, drop=False)
            job = site.ledger.claim(worker=HERE, kinds=(JobKind.READ,), lease_s=LEASE_S, now=at, subject=scan.id)
            assert job is not None
            site.ledger.record_opened(job, kind=ScanKind.PDF, pages=1)
            (document,) = site.ledger.conclude_reading(job, dispositions=(disposition,), now=at)
            return document.id


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Typed]:
    """An empty site where it is about noon."""
    monkeypatch.setenv("TZ", ZONE)
    logs.configure()
    yield Typed(tmp_path / "site")
    structlog.reset_defaults()


def waiting_canary() -> Disposition:
    """A document in review that holds a patient's data in every place there is."""
    name = replace(finding(), value="HOLLOWAY, MARGARET", raw="HOLLOWAY, MARGARET")
    (candidate, *_) = to_review(1).candidates
    veto = replace(candidate.vetoes[0], reason="MARGARET HOLLOWAY, born 1951-03-14: MRN 00412345.")
    return replace(
        to_review(1),
        reasons=("MARGARET HOLLOWAY, born 1951-03-14: MRN 00412345.", "Page 1: HOLLOWAY"),
        findings=(name,),
        candidates=(replace(candidate, mrn="00412345", vetoes=(veto,)),),
        would_file_mrn="00412345",
        traits=Traits(flags=(Flag(kind=FlagKind.UNSIGNED, detail="MARGARET HOLLOWAY did not sign."),)),
    )


def test_a_site_without_a_document_has_a_report(typed: Typed) -> None:
    told = typed.told()
    assert (told["from"], told["to"], told["zone"]) == (_day(29), _day(0), ZONE)
    assert len(told["days"]) == 30
    assert told["received"]["scans"] == 0
    assert "What became of documents" in typed.run()


def test_figures_of_a_period(typed: Typed) -> None:
    with open_site(typed.home) as site:
        site.ledger.load_patients([patient("0012")], now=NOW)
    filed = typed.received(1, to_file(1), at=NOW - timedelta(days=1))
    waits = typed.received(2, to_review(1), at=NOW - timedelta(hours=3))
    typed.received(3, replace(to_file(1), state=DocumentState.BLANK, mrn=None), at=NOW - timedelta(days=60))
    with open_site(typed.home) as site:
        site.ledger.note(action="document.viewed", actor="ada", subject=waits, details=None, now=NOW)
        assert filed
    told = typed.told("--from", _day(1), "--to", _day(0))
    assert told["received"] == {"scans": 2, "pages": 2, "documents": 2, "unopened_scans": 0}
    counted = {one["outcome"]: one["documents"] for one in told["outcomes"] if one["documents"]}
    assert counted == {"filed unattended": 1, "in review": 1}
    assert [day["unattended_share"] for day in told["days"]] == [1.0, 0.0]
    assert told["queue"]["waiting"] == 1
    assert 0 <= told["queue"]["oldest_s"] - 3 * 3600 <= (datetime.now(UTC) - NOW).total_seconds()
    assert told["reasons"] == [{"reason": "below threshold", "documents": 1, "share": 1.0}]
    assert typed.told("--from", _day(65), "--to", _day(55))["outcomes"][6]["documents"] == 1


def test_the_table_fits_a_terminal_and_says_what_is_counted(typed: Typed) -> None:
    typed.received(1, to_review(1), at=NOW - timedelta(hours=3))
    shown = typed.run("--from", _day(0))
    assert max(map(len, shown.splitlines())) <= 80
    assert shown.startswith(f"{_day(0)} to {_day(0)}, days in {ZONE}")
    assert f"{_day(0)}      1      1           0          0        1   0.0%" in shown


def test_files_are_written_and_named(typed: Typed, tmp_path: Path) -> None:
    page, folder = tmp_path / "report.html", tmp_path / "figures"
    assert typed.run("--html", str(page), "--csv", str(folder)) == f"written: {page}\nwritten: {folder}\n"
    assert page.read_text().startswith("<!DOCTYPE html>")
    with (folder / "days.csv").open(newline="") as file:
        assert len(list(csv.reader(file))) == 31
    assert len(list(folder.iterdir())) == 14
    typed.run("--html", str(page), "--csv", str(folder))  # again, over the old ones
    assert json.loads(typed.run("--html", str(page), "--json"))["zone"] == ZONE


def test_no_patient_is_in_any_of_it(typed: Typed, tmp_path: Path) -> None:
    for number in range(25):  # long and often enough to be a place's name, but for its number
        at = NOW - timedelta(days=number)
        typed.received(number, waiting_canary(), at=at, origin=FOLDER)
    typed.received(99, waiting_canary(), at=NOW, origin="MARGARET")
    page, folder = tmp_path / "report.html", tmp_path / "figures"
    told = typed.run() + typed.run("--json") + typed.run("--html", str(page), "--csv", str(folder))
    told = told.replace(str(tmp_path), "") + page.read_text() + "".join(one.read_text() for one in folder.iterdir())
    assert "below threshold" in told
    assert [word for word in CANARY if word.casefold() in told.casefold()] == []


def test_a_folder_that_the_settings_name_is_shown(typed: Typed) -> None:
    settings = typed.home / "ingest.toml"
    none, one = "unattended_by_origin = {}", 'unattended_by_origin = {referrals = "off"}'
    settings.write_text(settings.read_text().replace(none, one))
    typed.received(1, to_review(1), at=NOW, origin="referrals")
    assert [one["folder"] for one in typed.told()["by_folder"]] == ["referrals"]


def test_making_a_report_is_an_event(typed: Typed) -> None:
    typed.run("--from", _day(24), "--json")
    with open_site(typed.home) as site:
        event = list(site.ledger.audit())[-1]
        assert site.ledger.check_audit() == ()
    assert (event.action, event.subject, event.details) == ("report.made", "site", None)
    assert event.facts == {"from": _day(24), "to": _day(0), "html": False, "csv": False, "json": True}


def test_whose_account_is_disabled_gets_none(typed: Typed) -> None:
    with open_site(typed.home) as site:
        site.ledger.add_account(
            "ada", role=DeskRole.AUDITOR, password_hash=None, system_user=current_user(), clearances=frozenset(),
            by="root", now=NOW,
        )  # fmt: skip
    typed.run()
    with open_site(typed.home) as site:
        assert list(site.ledger.audit())[-1].actor == "ada"
        site.ledger.set_account_disabled("ada", disabled=True, by="root", now=NOW)
    assert "the account ada is disabled" in typed.refused()


def test_refusals_name_the_remedy(typed: Typed, tmp_path: Path) -> None:
    assert "name the earlier day first" in typed.refused("--from", _day(23), "--to", _day(24))
    assert f"is yet to come: name a day until today, {_day(0)}" in typed.refused("--to", _day(-1))
    assert "name a later --from" in typed.refused("--from", "2020-01-01")
    nowhere = tmp_path / "nowhere" / "report.html"
    assert "name a file in a folder that is there" in typed.refused("--html", str(nowhere))
    assert "name a file in a folder that is there" in typed.refused("--html", str(tmp_path))
    (tmp_path / "file").write_text("")
    assert "name a folder that you may write to" in typed.refused("--csv", str(tmp_path / "file"))


@pytest.mark.parametrize(
    ("named", "known"), [("Europe/Berlin", "Europe/Berlin"), (":Asia/Tokyo", "Asia/Tokyo"), ("no/such", "UTC")]
)
def test_days_are_those_of_the_computers_zone(monkeypatch: pytest.MonkeyPatch, named: str, known: str) -> None:
    monkeypatch.setenv("TZ", named)
    assert str(local_zone()) == known


def test_without_a_zone_in_the_environment_the_systems_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TZ", raising=False)
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/America/New_York")
    assert str(local_zone(link)) == "America/New_York"


def _day(ago: int) -> str:
    """The day so many days before today, as it is typed."""
    return (TODAY - timedelta(days=ago)).isoformat()
