"""Making a site, and asking whether all is well: init, verify, doctor."""

from __future__ import annotations

import json
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ingest.cli.cells import plain
from ingest.cli.site import Home, Json, home_of, open_site
from ingest.cli.terminal import need
from ingest.errors import BadFile, PaperchartError, WrongUse
from ingest.reading.installation import PartStatus, describe_installation
from ingest.review import Right
from ingest.running.custody import Verification, verify_site
from ingest.running.repairing import repair_site
from ingest.running.runner import utc_now
from ingest.running.site import create_site
from ingest.settings import SETTINGS_FILE, Unattended


def init(home: Home = None) -> None:
    """Make a site: drop folder, ledger, spool, records and commented settings. Harmless when it exists."""
    folder = home_of(home)
    existed = (folder / SETTINGS_FILE).exists()
    create_site(folder)
    with open_site(folder) as site:
        inbox, mode = site.paths.inbox, site.settings.unattended
    typer.echo(f"{'the site was there already:' if existed else 'made a site:'} {folder}")
    typer.echo(f"  settings     {folder / SETTINGS_FILE}")
    typer.echo(f"  drop folder  {inbox}")
    typer.echo(f'  unattended = "{mode.value}"{_meaning(mode)}')
    if not existed:
        typer.echo("next: ingest patients load FILE.csv, then put scans into the drop folder, then ingest batch")


def verify(
    head: Annotated[
        str | None,
        typer.Option("--head", metavar="SEQ:HASH", help="An audit head kept elsewhere that must be there."),
    ] = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Put back what can be proven: bytes that hash to what the ledger says.")
    ] = False,
    sources: Annotated[
        list[Path] | None, typer.Option("--from", metavar="BACKUP", help="With --repair: a backup to take bytes from.")
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Check that nothing is lost: ledger against disk and audit, every page accounted for, audit chain unbroken."""
    if sources and not repair:
        msg = "--from goes with --repair: without it nothing is put back"
        raise WrongUse(msg)
    for folder in sources or ():
        if not folder.is_dir():
            msg = f"--from {folder}: there is no such folder; name a backup"
            raise BadFile(msg)
    with open_site(home) as site, Console(stderr=True).status("verifying…"):
        by = need(site, Right.MAINTAIN).user if repair else ""
        mended = repair_site(site, sources or (), by=by, now=utc_now) if repair else ()
        result = verify_site(site, kept_head=head)
        newest = site.ledger.audit_head()
    if as_json:
        for one in mended:
            typer.echo(json.dumps({"mended": one.subject, "how": one.how}))
        for problem in result.problems:
            typer.echo(json.dumps({"problem": problem.kind, "subject": problem.subject, "reason": problem.reason}))
        line = {"checked": dict(result.checked), "problems": len(result.problems), "audit_head": newest}
        typer.echo(json.dumps(line))
    else:
        for one in mended:
            typer.echo(f"mended: {one.subject}: {one.how}")
        say_verification(result, newest)
    if result.problems:
        raise typer.Exit(1)


def say_verification(result: Verification, audit_head: str) -> None:
    """What a check found, for people."""
    for problem in result.problems:
        typer.echo(f"{problem.kind}: {problem.subject}: {problem.reason}")
    typer.echo("checked " + ", ".join(f"{count} {what}" for what, count in result.checked))
    typer.echo(f"audit head {audit_head} (keep it elsewhere, and give it to --head later)")
    typer.echo(f"{len(result.problems)} problem(s)" if result.problems else "nothing is missing")


def doctor(home: Home = None, as_json: Json = False) -> None:
    """Say what of the installation works, what is missing and how to get it."""
    parts = [_python(), *describe_installation(), _learning(), _site(home)]
    if as_json:
        for part in parts:
            line = {"part": part.part, "ok": part.ok, "needed": part.needed, "found": part.found}
            typer.echo(json.dumps(line | {"remedy": part.remedy}))
    else:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in ("", "Part", "Found", "What to do"):
            table.add_column(heading, overflow="fold")
        for part in parts:
            mark = "ok" if part.ok else ("MISSING" if part.needed else "absent")
            remedy = "" if part.ok else (part.remedy or "")
            table.add_row(mark, *map(plain, (part.part, part.found or "", remedy)))
        Console().print(table)
    if any(part.needed and not part.ok for part in parts):
        raise typer.Exit(1)


def _python() -> PartStatus:
    return PartStatus(
        part="Python",
        ok=sys.version_info >= (3, 11),
        needed=True,
        found=platform.python_version(),
        remedy="install Python 3.11 or later",
    )


def _learning() -> PartStatus:
    """What trains a classifier of types; using one needs nothing."""
    try:
        found = f"scikit-learn {version('scikit-learn')}"
    except PackageNotFoundError:
        found = None
    remedy = "for ingest learn types: pip install 'paperchart[learning]'"
    return PartStatus(part="learning of types", ok=found is not None, needed=False, found=found, remedy=remedy)


def _site(home: Home) -> PartStatus:
    folder = home_of(home)
    try:
        with open_site(folder) as site:
            site.ledger.counts()
    except PaperchartError as error:
        return PartStatus(part="site", ok=False, needed=False, found=None, remedy=str(error))
    return PartStatus(part="site", ok=True, needed=False, found=str(folder), remedy=None)


def _meaning(mode: Unattended) -> str:
    match mode:
        case Unattended.ON:
            return ": what is certain is filed without a person (going live by degrees: docs/going-live.md)"
        case Unattended.SHADOW:
            return ": everything goes to review; what would have been filed is recorded"
        case Unattended.OFF:
            return ": everything goes to review"
