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
from ingest.running.desks import desk_of


def doubts(home: Home = None, as_json: Json = False) -> None:
    """What people decided and what a changed index or text read later speaks against. It stays until somebody moves it.

    Each is ended by `ingest refile`, `review undo`, or `review let-stand`.
    """
    with open_site(home) as site:
        found = desk_of(site, clerk_here(site)).doubts()
    if as_json:
        for one in found:
            told = {"document": one.document_id, "version": one.version, "reasons": list(one.reasons)}
            typer.echo(json.dumps(told | {"raised_at": utc(one.raised_at)}, ensure_ascii=False))
        return
    if not found:
        typer.echo("nothing that people decided is in doubt")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Document", "Since (UTC)"):
        table.add_column(heading, no_wrap=True)
    table.add_column("What speaks against it", overflow="fold")
    for one in found:
        table.add_row(plain(one.document_id), f"{one.raised_at:%Y-%m-%d %H:%M}", plain(" ".join(one.reasons)))
    Console().print(table)


def let_stand(
    document: DocumentId,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Why; kept in the audit.", prompt="Why?")],
    acting_for: ActingFor = None,
    home: Home = None,
) -> None:
    """The document is right where it is: nothing is in doubt any more."""
    with open_site(home) as site:
        desk_of(site, clerk_here(site, acting_for)).let_stand(document, note)
    typer.echo(f"{document} stands")
