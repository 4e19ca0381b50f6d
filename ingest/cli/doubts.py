"""`ingest review doubts` and `let-stand`: what people filed, and what something speaks against since."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ingest.cli.cells import plain
from ingest.cli.json_lines import utc
from ingest.cli.moves import ActingFor, DocumentId
from ingest.cli.site import Home, Json, open_site
from ingest.cli.terminal import clerk_here
from ingest.ledger import Doubt
from ingest.running.desks import desk_of


def doubts(
    settled: Annotated[bool, typer.Option("--settled", help="Those that were let stand instead.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """What people decided and what a changed index or text read later speaks against. It stays until somebody moves it.

    Each is ended by `ingest refile`, `review undo`, or `review let-stand`.
    """
    with open_site(home) as site:
        found = desk_of(site, clerk_here(site)).doubts(settled=settled)
    if as_json:
        for one in found:
            told = {"document": one.document_id, "version": one.version, "reasons": list(one.reasons)}
            told |= {"raised_at": utc(one.raised_at)} | ({"settled_by": one.settled_by} if settled else {})
            typer.echo(json.dumps(told, ensure_ascii=False))
    elif found:
        Console().print(_table(found, settled=settled))
    else:
        typer.echo("nothing was let stand" if settled else "nothing that people decided is in doubt")


def let_stand(
    document: DocumentId,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="Why; kept in the audit.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take it back: it is in doubt again.")] = False,
    acting_for: ActingFor = None,
    home: Home = None,
) -> None:
    """The document is right where it is: nothing is in doubt any more."""
    with open_site(home) as site:
        desk = desk_of(site, clerk_here(site, acting_for))
        if undo:
            desk.doubt_again(document, note)
        else:
            desk.let_stand(document, note if note is not None else typer.prompt("Why?"))
    typer.echo(f"{document} is in doubt again" if undo else f"{document} stands")


def _table(found: tuple[Doubt, ...], *, settled: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Document", "Since (UTC)"):
        table.add_column(heading, no_wrap=True)
    table.add_column("What speaks against it", overflow="fold")
    if settled:
        table.add_column("Let stand by", overflow="fold")
    for one in found:
        row = (plain(one.document_id), f"{one.raised_at:%Y-%m-%d %H:%M}", plain(" ".join(one.reasons)))
        table.add_row(*row, *((plain(one.settled_by or ""),) if settled else ()))
    return table
