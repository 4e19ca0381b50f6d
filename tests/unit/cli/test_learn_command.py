"""`ingest learn` as it is typed: who may, what is said, what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ingest.cli.app import app
from ingest.cli.terminal import current_user
from ingest.errors import NothingToLearn, WrongUse
from ingest.ledger import DeskRole, ProposalKind
from ingest.running.site import create_site, open_site
from ingest.running.weights import reweighed
from matchers import load_policy
from matchers.levels import Part
from tests.contract.ledger_steps import NOW

TRIAL = {
    "documents": 100, "filed": 60, "filed_wrong": 0, "reviewed": 40, "log_loss_bits": 0.5, "calibration_error": 0.01,
}  # fmt: skip
FIGURES = {
    "taught": 210, "confirmed": 0, "cut": None, "levels_changed": 1, "tried": 100, "threshold": 0.9995,
    "before": TRIAL, "after": TRIAL | {"filed": 70, "reviewed": 30}, "worse": [],
}  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A site with two open proposals: one that gains, one that makes things worse."""
    home = tmp_path / "site"
    create_site(home)
    with open_site(home) as site:
        policy = load_policy()
        for worse in ([], ["3 instead of 0 would be filed to the wrong patient"]):
            bits = {(Part.ZIP, "exact"): 6.5 if worse else 5.5}
            _, new = reweighed(home, bits, policy)
            levels = {
                f"{part}.{key}": [level.bits, new.level(part, key).bits]
                for part, of in policy.levels.items()
                for key, level in of.items()
            }
            body = {"policy": "standard", "base": policy.fingerprint, "fingerprint": new.fingerprint, "levels": levels}
            figures = FIGURES | {"worse": worse}
            site.ledger.propose(kind=ProposalKind.WEIGHTS, body=body, figures=figures, by="ann", now=NOW)
    return home


def typed(home: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["learn", *words, "--home", str(home)], env={"COLUMNS": "160"})


def said(home: Path, *words: str) -> str:
    result = typed(home, *words)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def account(home: Path, role: DeskRole) -> None:
    """The user of this terminal, as an account of the desk."""
    with open_site(home) as site:
        site.ledger.add_account(
            "desk-name", role=role, password_hash=None, system_user=current_user(), clearances=frozenset(), by="root",
            now=NOW,
        )  # fmt: skip


def test_proposals_are_listed_and_shown_with_their_figures(home: Path) -> None:
    listed = said(home, "list")
    assert "filed 60 → 70, wrongly 0 → 0" in listed
    assert listed.count("WORSE") == 1
    shown = said(home, "show", "1")
    assert "Proposal 1, weights: open." in shown
    assert "210 older decisions taught" in shown
    assert "filed unattended" in shown
    assert "60 → 70" in shown
    assert "zip, exact: +4.0 → +5.5 bits" in shown
    assert "WORSE: 3 instead of 0 would be filed to the wrong patient." in said(home, "show", "2")
    one, two = map(json.loads, said(home, "list", "--json").splitlines())
    assert (one["proposal"], one["state"], one["in_use"], two["figures"]["worse"] != []) == (1, "open", False, True)
    assert json.loads(said(home, "show", "1", "--json"))["body"]["levels"]["zip.exact"] == [4.0, 5.5]


def test_one_is_applied_taken_back_and_refused(home: Path) -> None:
    result = typed(home, "apply", "1", "--note", "fine")
    assert result.exit_code == 0
    assert "ingest learn revert weights" in result.stderr
    assert load_policy(home / "matching.toml").level(Part.ZIP, "exact").bits == 5.5
    assert "in use" in said(home, "list")
    assert "by " in said(home, "show", "1")
    assert "taken back" in said(home, "revert", "weights", "--note", "no")
    assert load_policy(home / "matching.toml").fingerprint == load_policy().fingerprint
    worse = typed(home, "apply", "2")
    assert isinstance(worse.exception, WrongUse)
    assert "--confirm" in str(worse.exception)
    assert "refused" in said(home, "refuse", "2", "--note", "it files wrongly")
    assert "(it files wrongly)" in said(home, "show", "2")


def test_applying_is_a_supervisors(home: Path) -> None:
    account(home, DeskRole.REVIEWER)
    for words in (("apply", "1"), ("refuse", "1", "--note", "no"), ("revert", "weights", "--note", "no")):
        result = typed(home, *words)
        assert isinstance(result.exception, WrongUse)
        assert "may not settle disagreements and apply what was learned" in str(result.exception)
    assert not (home / "matching.toml").exists()
    with open_site(home) as site:
        refused = [event for event in site.ledger.audit() if event.action == "access.refused"]
        assert [event.actor for event in refused] == ["desk-name"] * 3
        site.ledger.change_account("desk-name", role=DeskRole.SUPERVISOR, by="root", now=NOW)
    said(home, "apply", "1")
    with open_site(home) as site:
        assert site.ledger.proposal(1).settled_by == "desk-name"


def test_whose_account_was_shut_may_not(home: Path) -> None:
    account(home, DeskRole.SUPERVISOR)
    with open_site(home) as site:
        site.ledger.set_account_disabled("desk-name", True, by="root", now=NOW)
    assert "disabled" in str(typed(home, "apply", "1").exception)


def test_too_little_to_learn_from_is_said_plainly(tmp_path: Path) -> None:
    create_site(tmp_path / "site")
    assert "nothing was proposed yet" in said(tmp_path / "site", "list")
    for kind, needed in (("weights", "about 286 are needed"), ("types", "150 are needed")):
        result = typed(tmp_path / "site", kind)
        assert isinstance(result.exception, NothingToLearn)
        assert needed in str(result.exception)
        assert result.exception.exit_code == 2


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from ingest.cli import app; "
        "heavy = [name for name in sys.modules if name.startswith(('sklearn', 'scipy', 'ingest.learning'))]; "
        "sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
