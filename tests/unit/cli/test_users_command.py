"""Accounts at the terminal: who may what, and patients that not everybody sees."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingest.cli.app import app
from ingest.cli.terminal import current_user
from ingest.ledger import DeskRole
from ingest.running.runner import utc_now
from ingest.running.site import create_site, open_site
from tests.contract.ledger_steps import filed, patient, read, to_review

SENTENCE = "correct horse battery\n"


class Terminal:
    """A site, and what its person at the terminal types."""

    def __init__(self, home: Path) -> None:
        self.home = home
        create_site(home)

    def run(self, *words: str, typed: str = "") -> str:
        result = CliRunner().invoke(app, [*words, "--home", str(self.home)], input=typed)
        assert result.exit_code == 0, (result.output, result.exception)
        return result.stdout

    def refused(self, *words: str, typed: str = "") -> str:
        result = CliRunner().invoke(app, [*words, "--home", str(self.home)], input=typed)
        assert result.exit_code != 0
        return str(result.exception)

    def become(self, role: DeskRole, *clearances: str) -> None:
        """From now on the person at the terminal has this account."""
        with open_site(self.home) as site:
            site.ledger.add_account(
                f"me-{role}",
                role=role,
                password_hash=None,
                system_user=current_user(),
                clearances=frozenset(clearances),
                by="test",
                now=utc_now(),
            )


@pytest.fixture
def here(tmp_path: Path) -> Terminal:
    terminal = Terminal(tmp_path / "site")
    with open_site(terminal.home) as site:
        site.ledger.load_patients([patient("0012"), patient("0013", last_name="Roe")], now=utc_now())
        read(site.ledger, to_review(1), name="a.pdf")
        filed(site.ledger, name="b.pdf", mrn="0012")
    return terminal


def test_an_account_is_made_listed_changed_and_shut(here: Terminal) -> None:
    here.run("users", "add", "sue", "--role", "supervisor", "--password-stdin", typed=SENTENCE)
    here.run("users", "add", "rob", "--no-password", "--system-user", "rob", "--clearance", "VIP")
    here.run("users", "change", "rob", "--role", "auditor", "--no-clearance")
    here.run("users", "disable", "sue")
    lines = {line["name"]: line for line in map(json.loads, here.run("users", "list", "--json").splitlines())}
    assert (lines["sue"]["role"], lines["sue"]["has_password"]) == ("supervisor", True)
    assert lines["sue"]["disabled_at"] is not None
    assert (lines["rob"]["role"], lines["rob"]["has_password"], lines["rob"]["clearances"]) == ("auditor", False, [])
    assert "disabled" in here.run("users", "list")
    here.run("users", "enable", "sue")
    here.run("users", "password", "sue", "--password-stdin", typed="another long sentence\n")
    with open_site(here.home) as site:
        done = [row.action for row in site.ledger.audit() if row.action.startswith("account.")]
    assert done == [
        "account.added", "account.added", "account.changed", "account.disabled", "account.enabled", "account.changed",
    ]  # fmt: skip


def test_what_will_not_do_is_said_with_the_remedy(here: Terminal) -> None:
    assert "12 to 1024 characters" in here.refused("users", "add", "sue", "--password-stdin", typed="short\n")
    assert "no spaces" in here.refused("users", "add", "s u e", "--no-password")
    assert "--password-stdin" in here.refused("users", "add", "sue")
    here.run("users", "add", "sue", "--no-password")
    assert "already" in here.refused("users", "add", "sue", "--no-password")
    assert "ingest users list" in here.refused("users", "disable", "nobody")


def test_without_an_account_the_owner_of_the_site_may_everything(here: Terminal) -> None:
    assert "nobody" not in here.run("users", "list")
    assert json.loads(here.run("review", "list", "--json"))["document"] == "D000001"


LABEL = ("patients", "label", "0012", "VIP")
DISCARD = ("review", "discard", "D000001", "--reason", "x")
LOOKS = (
    ("review", "list"),
    ("documents",),
    ("review", "show", "D000001"),
    ("patients", "search", "Doe"),
    ("explain", "D000001"),
)


@pytest.mark.parametrize(
    ("role", "refused"),
    [
        (DeskRole.AUDITOR, (DISCARD, ("users", "list"), LABEL)),
        (DeskRole.REVIEWER, (("users", "list"), ("unattended", "resume"), LABEL)),
        (DeskRole.ADMINISTRATOR, LOOKS),
    ],
)
def test_the_terminals_account_has_the_rights_of_its_role(
    here: Terminal, role: DeskRole, refused: tuple[tuple[str, ...], ...]
) -> None:
    here.become(role)
    for words in refused:
        assert "may not" in here.refused(*words)
    with open_site(here.home) as site:
        assert len([row for row in site.ledger.audit() if row.action == "access.refused"]) == len(refused)


def test_a_disabled_account_does_nothing_at_the_terminal(here: Terminal) -> None:
    here.become(DeskRole.SUPERVISOR)
    with open_site(here.home) as site:
        site.ledger.set_account_disabled("me-supervisor", True, by="test", now=utc_now())
    assert "disabled" in here.refused("review", "list")


def test_a_labelled_patient_is_nowhere_for_those_without_the_label(here: Terminal) -> None:
    here.run("patients", "label", "0012", "VIP")
    assert len(here.run("documents", "--json").splitlines()) == 2
    here.become(DeskRole.REVIEWER)
    assert here.run("documents", "--json") == ""
    assert here.run("review", "list", "--json") == ""
    assert "0012" not in here.run("patients", "search", "0012", "--json")
    assert "there is no document" in here.refused("review", "show", "D000002")
    assert "there is no document" in here.refused("explain", "D000002")


def test_the_label_opens_them_and_can_be_taken_off(here: Terminal) -> None:
    here.run("patients", "label", "0012", "VIP")
    here.become(DeskRole.SUPERVISOR, "VIP")
    assert len(here.run("documents", "--json").splitlines()) == 2
    assert "0012" in here.run("patients", "search", "0012", "--json")
    here.run("patients", "label", "0012", "VIP", "--remove")
    with open_site(here.home) as site:
        assert site.ledger.labels_of(["0012"]) == {}
