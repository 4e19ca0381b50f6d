"""`ingest backup` and `ingest restore`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ingest.cli.custody import say_verification
from ingest.cli.site import Home, Json, home_of, open_site
from ingest.running.backup import Copied, back_up
from ingest.running.backup import restore as restore_site
from ingest.running.runner import utc_now


def backup(
    target: Annotated[Path, typer.Argument(metavar="FOLDER", help="An empty folder, or the backup of before.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Copy a site, running or not, to a folder: one instant of it, checked. Again into the same folder: what is new."""
    with open_site(home) as site, Console(stderr=True).status("copying…"):
        copied = back_up(site, target, now=utc_now())
    _report(copied, f"backup at {target}", as_json=as_json)


def restore(
    source: Annotated[Path, typer.Argument(metavar="FOLDER", help="A backup.")],
    ledger: Annotated[
        str | None, typer.Option("--ledger", metavar="URL", help="Another ledger than the backup's settings name.")
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Make a site of a backup, at --home, where none is yet; checked."""
    folder = home_of(home)
    with Console(stderr=True).status("copying…"):
        copied = restore_site(source, folder, ledger_url=ledger)
    _report(copied, f"site at {folder}", as_json=as_json)


def _report(copied: Copied, what: str, *, as_json: bool) -> None:
    result = copied.verification
    if as_json:
        for problem in result.problems:
            typer.echo(json.dumps({"problem": problem.kind, "subject": problem.subject, "reason": problem.reason}))
        line = {"files": copied.written, "known": copied.known, "problems": len(result.problems)}
        typer.echo(json.dumps(line | {"audit_head": copied.audit_head}))
    else:
        typer.echo(f"{what}: {copied.written} file(s) copied, {copied.known} were there")
        say_verification(result, copied.audit_head)
    if result.problems:
        raise typer.Exit(1)
