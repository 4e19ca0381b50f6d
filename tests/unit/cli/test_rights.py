"""Every command asks for its right: as an account of the terminal, for its role, and for one that is shut."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
import typer.main
from typer.testing import CliRunner

from ingest import logs
from ingest.cli.app import app
from ingest.cli.terminal import current_user
from ingest.errors import NotAllowed
from ingest.ledger import DeskRole
from ingest.model import Disposition, DocumentState
from ingest.running.site import create_site, open_site
from matchers.patient import Patient
from tests.fakes.taken import open_white_page

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
# What keeps a site running asks the operating system only: whoever may read and write its files.
OPEN = {
    ("init",), ("batch",), ("watch",), ("verify",), ("backup",), ("restore",), ("doctor",), ("serve",),
    ("unattended", "status"), ("separators",),
}  # fmt: skip
# Commands and what they may be typed with; those for whose role it is not are named.
REVIEWER, SUPERVISOR, AUDITOR, ADMINISTRATOR = DeskRole
EVERYBODY = frozenset(DeskRole)
LOOKS = EVERYBODY - {ADMINISTRATOR}
DECIDES = {REVIEWER, SUPERVISOR}
COMMANDS: dict[tuple[str, ...], tuple[tuple[str, ...], frozenset[DeskRole] | set[DeskRole]]] = {
    ("documents",): ((), LOOKS),
    ("find",): (("chest",), LOOKS),
    ("explain",): (("D000001",), LOOKS),
    ("batches",): ((), LOOKS),
    ("report",): ((), EVERYBODY),
    ("calibrate",): ((), EVERYBODY),
    ("retry",): ((), {SUPERVISOR, ADMINISTRATOR}),
    ("recall",): (("--origin", "x", "--reason", "y"), {SUPERVISOR}),
    ("refile",): (("D000001", "--mrn", "0500", "--reason", "y"), DECIDES),
    ("patients", "load"): (("patients.csv",), {SUPERVISOR, ADMINISTRATOR}),
    ("patients", "search"): (("doe",), LOOKS),
    ("patients", "label"): (("0500", "VIP", "--remove"), {SUPERVISOR}),
    ("patients", "match"): (("lines.json",), LOOKS),
    ("patients", "merge"): (("0500", "0600"), {SUPERVISOR}),
    ("patients", "duplicates"): ((), LOOKS),
    ("patients", "index"): ((), {SUPERVISOR, ADMINISTRATOR}),
    ("weights", "estimate"): ((), EVERYBODY),
    ("learn", "weights"): ((), EVERYBODY),
    ("learn", "types"): ((), EVERYBODY),
    ("learn", "list"): ((), EVERYBODY),
    ("learn", "show"): (("1",), EVERYBODY),
    ("learn", "apply"): (("1",), {SUPERVISOR}),
    ("learn", "refuse"): (("1", "--note", "x"), {SUPERVISOR}),
    ("learn", "revert"): (("weights", "--note", "x"), {SUPERVISOR}),
    ("unattended", "stop"): (("--reason", "x"), EVERYBODY),
    ("unattended", "resume"): ((), {SUPERVISOR, ADMINISTRATOR}),
    ("users", "add"): (("bob", "--no-password"), {ADMINISTRATOR}),
    ("users", "list"): ((), {ADMINISTRATOR}),
    ("users", "change"): (("bob", "--role", "auditor"), {ADMINISTRATOR}),
    ("users", "disable"): (("bob",), {ADMINISTRATOR}),
    ("users", "enable"): (("bob",), {ADMINISTRATOR}),
    ("users", "password"): (("bob", "--password-stdin"), {ADMINISTRATOR}),
    ("review", "list"): ((), LOOKS),
    ("review", "show"): (("D000001",), LOOKS),
    ("review", "next"): ((), DECIDES),
    ("review", "accept"): (("D000001", "--mrn", "0500"), DECIDES),
    ("review", "assign"): (("D000001", "0500"), DECIDES),
    ("review", "discard"): (("D000001", "--reason", "x"), DECIDES),
    ("review", "undo"): (("D000001",), DECIDES),
    ("review", "split"): (("D000001", "--before", "2"), DECIDES),
    ("review", "join"): (("D000001", "D000002"), DECIDES),
    ("review", "rotate"): (("D000001", "--page", "1", "--by", "90"), DECIDES),
    ("review", "defer"): (("D000001", "--hours", "1"), DECIDES),
    ("review", "ask"): (("D000001", "--of", "x", "--question", "y"), DECIDES),
    ("review", "answer"): (("D000001", "x"), DECIDES),
    ("review", "describe"): (("D000001", "--type", "consent"), DECIDES),
    ("review", "bring-back"): (("D000001",), DECIDES),
    ("review", "copy"): (("D000001", "--mrn", "0500", "--note", "x"), DECIDES),
    ("review", "rematch"): ((), DECIDES),
    ("review", "doubts"): ((), LOOKS),
    ("review", "let-stand"): (("D000001", "--note", "x"), {SUPERVISOR}),
    ("review", "second-look", "draw"): ((), {SUPERVISOR, ADMINISTRATOR}),
    ("review", "second-look", "next"): ((), DECIDES),
    ("review", "second-look", "show"): (("1",), DECIDES),
    ("review", "second-look", "answer"): (("1", "--unsure"), DECIDES),
    ("review", "second-look", "open"): ((), {SUPERVISOR}),
    ("review", "second-look", "settle"): (("1", "--first-right"), {SUPERVISOR}),
    ("review", "second-look", "settled"): ((), {SUPERVISOR}),
    ("review", "second-look", "reopen"): (("1",), {SUPERVISOR}),
    ("review", "second-look", "rates"): ((), EVERYBODY),
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A site with two patients and one account, that of whoever runs the tests."""
    logs.configure()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "patients.csv").write_text("mrn,last_name,first_name,birth_date\n0500,Doe,Ann,1962-04-07\n")
    (tmp_path / "lines.json").write_text('{"mrn": "0500"}\n')
    create_site(tmp_path / "site")
    with open_site(tmp_path / "site") as site:
        born = date(1962, 4, 7)
        people = [Patient(mrn=mrn, last_name="Doe", first_name="Ann", birth_date=born) for mrn in ("0500", "0600")]
        site.ledger.load_patients(people, now=NOW)
        waits = Disposition(pages=(1,), state=DocumentState.REVIEW, reasons=("Nobody.",))
        site.ledger.conclude_reading(open_white_page(site, NOW), dispositions=(waits,), now=NOW)
    yield tmp_path / "site"
    structlog.reset_defaults()


def account(home: Path, role: DeskRole, *, disabled: bool = False) -> None:
    with open_site(home) as site:
        site.ledger.add_account(
            "ada", role=role, password_hash=None, system_user=current_user(), clearances=frozenset(), by="root", now=NOW
        )
        site.ledger.set_account_disabled("ada", disabled, by="root", now=NOW)


def refused(home: Path, *words: str) -> bool:
    """Whether the command ends with this being not allowed; whatever else comes of it."""
    result = CliRunner().invoke(app, [*words, "--home", str(home)], input="q\n")
    return isinstance(result.exception, NotAllowed)


def leaves(group: Any, *above: str) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from leaves(command, *above, name)
        else:
            yield (*above, name)


def test_every_command_is_here() -> None:
    assert set(leaves(typer.main.get_command(app))) == {*COMMANDS, *OPEN}


@pytest.mark.parametrize("role", list(DeskRole))
def test_a_role_may_what_it_may(home: Path, role: DeskRole) -> None:
    account(home, role)
    wrong = []
    for command, (words, roles) in COMMANDS.items():
        if command[:1] != ("learn",) and refused(home, *command, *words) != (role not in roles):
            wrong.append(command)
    assert not wrong, wrong


def test_who_was_shut_out_may_nothing(home: Path) -> None:
    account(home, REVIEWER, disabled=True)
    let_in = [command for command, (words, _) in COMMANDS.items() if not refused(home, *command, *words)]
    assert not let_in, let_in


def test_a_whole_index_is_for_those_who_may_see_all_of_it(home: Path) -> None:
    with open_site(home) as site:
        site.ledger.label_patient("0600", "VIP", by="sue", now=NOW)
    account(home, SUPERVISOR)
    assert refused(home, "patients", "match", "lines.json")
    with open_site(home) as site:
        site.ledger.change_account("ada", clearances=frozenset({"VIP"}), by="root", now=NOW)
    assert not refused(home, "patients", "match", "lines.json")
