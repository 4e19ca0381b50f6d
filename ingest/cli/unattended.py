"""`ingest unattended`: the stop switch of unattended filing. It works at once, daemon or not."""

from __future__ import annotations

from typing import Annotated

import typer

from ingest.cli.site import Home, open_site
from ingest.cli.terminal import need
from ingest.errors import WrongUse
from ingest.review import Right
from ingest.running import stop_switch
from ingest.running.runner import utc_now

app = typer.Typer(help="Stop unattended filing at once, or let it go on.", no_args_is_help=True)


@app.command("stop")
def stop(
    reason: Annotated[str, typer.Option("--reason", help="Why; kept in the audit.")],
    home: Home = None,
) -> None:
    """From now on everything goes to review, whatever the settings say."""
    if not reason.strip():
        msg = "--reason: say why, for whoever is to let it go on"
        raise WrongUse(msg)
    with open_site(home) as site:
        stop_switch.stop(site, by=need(site, Right.STOP).user, reason=reason, now=utc_now())
    typer.echo("unattended filing is stopped: everything goes to review (undo: ingest unattended resume)")


@app.command("resume")
def resume(home: Home = None) -> None:
    """The settings hold again."""
    with open_site(home) as site:
        stop_switch.resume(site, by=need(site, Right.RESUME).user, now=utc_now())
        mode = site.settings.unattended.value
    typer.echo(f'the stop switch is off: unattended = "{mode}" holds')


@app.command("status")
def status(home: Home = None) -> None:
    """Whether the program files by itself."""
    with open_site(home) as site:
        stopped = site.paths.stop_switch.exists()
        mode = site.settings.unattended.value
    typer.echo("stopped by the stop switch" if stopped else f'unattended = "{mode}"')
