"""What is wrong with a call is said in a line with its remedy, and with the exit code that scripts look at."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ingest.cli.app import app
from ingest.errors import BadFile, Conflict, NotFound, PaperchartError, StorageTrouble, WrongUse
from ingest.model import DocumentState
from ingest.running.site import create_site, open_site
from tests.contract.ledger_steps import read, to_review, to_state


@pytest.fixture
def home(tmp_path: Path) -> Path:
    create_site(tmp_path / "site")
    return tmp_path / "site"


def typed(home: Path, *words: str, given: str = "") -> Result:
    return CliRunner().invoke(app, [*words, "--home", str(home)], input=given)


def refused(home: Path, *words: str) -> PaperchartError:
    error = typed(home, *words).exception
    assert isinstance(error, PaperchartError), error
    return error


def run(*words: str, output: str | None = None) -> subprocess.CompletedProcess[str]:
    """The program itself, its output into a file where one is named."""
    command = [sys.executable, "-m", "ingest.cli.app", *words]
    if output is None:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    with Path(output).open("w") as out:
        return subprocess.run(command, stdout=out, stderr=subprocess.PIPE, text=True, check=False, timeout=60)


@pytest.mark.parametrize("words", [("documents",), ("documents", "--json"), ("verify",), ("--help",)])
def test_a_full_disk_behind_standard_output_is_said_in_a_line(home: Path, words: tuple[str, ...]) -> None:
    told = run("--home", str(home), *words, output="/dev/full")
    nothing_to_say = words == ("documents", "--json")
    assert told.returncode == (0 if nothing_to_say else StorageTrouble.exit_code)
    assert "Traceback" not in told.stderr
    assert nothing_to_say or "make room and run again" in told.stderr


def test_a_reader_who_has_seen_enough_is_no_trouble(home: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "ingest.cli.app", "--home", str(home), "doctor", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        said = program.stderr.read()
    assert (program.returncode, said) == (0, "")


def test_no_command_shows_the_help_and_says_what_is_missing() -> None:
    told = run()
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.endswith("ingest: name a command (see: ingest --help)\n")


def test_a_day_that_is_none_is_told_as_a_day_is_written(home: Path) -> None:
    for words in (("find", "scan", "--from"), ("report", "--to"), ("review", "describe", "D000001", "--date")):
        told = typed(home, *words, "25/11/2026")
        assert told.exit_code == 2
        assert "write one as 2026-11-25" in told.stderr


def test_a_variable_that_is_not_set_makes_no_site_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(app, ["init", "--home", ""]).exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_site_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("notes")
    error = refused(tmp_path / "notes.txt", "init")
    assert isinstance(error, WrongUse)
    assert "notes.txt is a file" in str(error)


def test_only_types_that_there_are_can_be_looked_for(home: Path) -> None:
    assert typed(home, "find", "scan", "--type", "bogus").exit_code == 2
    assert typed(home, "find", "scan", "--type", "lab_report").exit_code == 0


def test_a_backup_to_take_bytes_from_must_be_there_and_used(home: Path, tmp_path: Path) -> None:
    assert isinstance(refused(home, "verify", "--from", str(tmp_path)), WrongUse)
    assert isinstance(refused(home, "verify", "--repair", "--from", str(tmp_path / "nothing")), BadFile)
    assert typed(home, "verify", "--repair", "--from", str(tmp_path)).exit_code == 0


def test_nobody_is_asked_why_where_nobody_sits(home: Path) -> None:
    for words in ((), ("--json",)):
        assert "--reason" in str(refused(home, "review", "discard", "D000001", *words))


def test_words_that_people_will_read_are_not_empty(home: Path) -> None:
    assert isinstance(refused(home, "unattended", "stop", "--reason", " "), WrongUse)
    assert isinstance(refused(home, "patients", "label", "700100", ""), WrongUse)
    assert typed(home, "users", "add", "ada", "--no-password", "--clearance", "").exit_code == 2
    assert not (home / "unattended.stopped").exists()


def test_every_line_has_its_answer_an_empty_one_too(home: Path) -> None:
    told = typed(home, "patients", "match", given='{"id": 1}\n\n   \n{"id": 4}\n')
    assert told.exit_code == 0
    answers = [json.loads(line) for line in told.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [1, None, None, 4]
    assert answers[1]["reasons"] == ["This line is empty."]


def test_who_has_loaded_no_patients_is_told(home: Path) -> None:
    for told in (typed(home, "patients", "match", given='{"id": 1}\n'), typed(home, "batch", "--workers", "1")):
        assert told.exit_code == 0
        assert "no patients are loaded yet" in told.stderr


def test_a_scan_is_put_back_to_work_by_its_name(home: Path) -> None:
    with open_site(home) as site:
        read(site.ledger, to_state(DocumentState.QUARANTINED, 1))
    assert isinstance(refused(home, "retry", "nothing.pdf"), NotFound)
    assert typed(home, "retry", "a.pdf").stdout.startswith("1 put back to work")
    assert typed(home, "retry", "S000001").stdout == "0 put back to work; nothing of it is quarantined\n"


def test_the_queue_tells_what_is_put_off_and_what_is_asked(home: Path) -> None:
    with open_site(home) as site:
        read(site.ledger, to_review(1), to_review(2))
    assert typed(home, "review", "defer", "D000001", "--hours", "2").exit_code == 0
    assert typed(home, "review", "ask", "D000002", "--of", "registration", "--question", "Which?").exit_code == 0
    listed = typed(home, "review", "list").stdout
    assert "Put off" in listed
    assert "registration" in listed
    lines = {
        line["document"]: line
        for line in map(json.loads, typed(home, "review", "list", "--json").stdout.split("\n")[:2])
    }
    assert lines["D000001"]["deferred_until"]
    assert lines["D000002"]["asked_of"] == "registration"


def test_what_waits_already_is_not_brought_back(home: Path) -> None:
    with open_site(home) as site:
        read(site.ledger, to_review(1))
    error = refused(home, "review", "bring-back", "D000001")
    assert isinstance(error, Conflict)
    assert str(error) == "document D000001 is review, bring-back is not possible: it waits for a person already"
