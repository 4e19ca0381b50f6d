"""Tables of the command line: what a file, a folder or paper is called is text, whatever it looks like."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingest.cli.app import app
from ingest.model import Flag, FlagKind, Traits
from ingest.running.site import create_site, open_site
from tests.contract.ledger_steps import read, to_review


def shown(home: Path, *words: str) -> str:
    result = CliRunner().invoke(app, [*words, "--home", str(home)], env={"COLUMNS": "400"})
    assert isinstance(result.exception, SystemExit | None), result.exception
    return result.stdout


@pytest.mark.parametrize("name", ["[/red].pdf", "[bold]a.pdf", "a\\[x].pdf"])
def test_a_file_name_in_the_listing_is_no_markup(tmp_path: Path, name: str) -> None:
    create_site(tmp_path / "site")
    with open_site(tmp_path / "site") as site:
        read(site.ledger, replace(to_review(1), reasons=("The name is [/b]Odd.",)), name=name)
    for words in (("documents",), ("review", "list")):
        told = shown(tmp_path / "site", *words)
        assert name in told
        assert "The name is [/b]Odd." in told


def test_a_file_name_gives_the_terminal_no_orders(tmp_path: Path) -> None:
    create_site(tmp_path / "site")
    with open_site(tmp_path / "site") as site:
        read(site.ledger, to_review(1), name="a\x1b[2Jb\u202efdp.exe")
    assert "a\ufffd[2Jb\ufffdfdp.exe" in shown(tmp_path / "site", "documents")


@pytest.mark.parametrize("folder", ["[/red]", "[bold]site"])
def test_a_folder_name_in_the_doctors_table_is_no_markup(tmp_path: Path, folder: str) -> None:
    create_site(tmp_path / folder)
    assert folder in shown(tmp_path / folder, "doctor").replace("\n", "")
    assert folder in shown(tmp_path / f"no{folder}", "doctor").replace("\n", "")


def test_the_desk_shows_what_may_be_wrong_with_the_paper(tmp_path: Path) -> None:
    create_site(tmp_path / "site")
    unsigned = Traits(flags=(Flag(kind=FlagKind.UNSIGNED, detail="Page 1 is to be signed, and no ink stands there."),))
    with open_site(tmp_path / "site") as site:
        (document,) = read(site.ledger, replace(to_review(1), traits=unsigned))
    told = shown(tmp_path / "site", "review", "show", document.id)
    assert "Look out for" in told
    assert "no ink stands there" in told
