"""`ingest documents`: what became of everything."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ingest.cli.cells import in_ranges, plain
from ingest.cli.json_lines import document_to_json
from ingest.cli.site import Home, Json, open_site
from ingest.cli.terminal import need
from ingest.model import Document, DocumentState, Flag, FlagKind
from ingest.review import Right
from ingest.running.desks import desk_of
from ingest.running.site import Site


def documents(
    state: Annotated[DocumentState | None, typer.Option("--state", help="Only these.")] = None,
    mrn: Annotated[str | None, typer.Option("--mrn", help="Only what is filed to this patient.")] = None,
    scan: Annotated[str | None, typer.Option("--scan", help="Only of this scan: its id or its source.")] = None,
    flagged: Annotated[
        bool, typer.Option("--flagged", help="Only what may lack something: pages, a signature, its final report…")
    ] = False,
    history: Annotated[bool, typer.Option("--history", help="Retired documents too.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """What became of every page that was taken in, one line a document."""
    with open_site(home) as site:
        seat = desk_of(site, need(site, Right.LOOK))
        every = site.ledger.documents(state=state, mrn=mrn, scan=scan, history=history)
        found = seat.listed(one for one in every if seat.is_there(one))
        listed = ((document, _flags(site, document)) for document in found)
        if flagged:
            listed = ((document, flags) for document, flags in listed if flags)
        if as_json:
            for document, flags in listed:
                typer.echo(json.dumps(document_to_json(document, flags), ensure_ascii=False))
        else:
            _print(listed)


def _flags(site: Site, document: Document) -> tuple[Flag, ...]:
    """The document's flags, with what the record has received since."""
    final = site.ledger.final_of(document)
    if final is None:
        return document.traits.flags
    detail = f"It is preliminary, and its final report is filed as {final}."
    return (*document.traits.flags, Flag(kind=FlagKind.SUPERSEDED, detail=detail, other=final))


def _print(listed: Iterable[tuple[Document, tuple[Flag, ...]]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Document", "State", "Patient", "Scan", "Pages"):
        table.add_column(heading, no_wrap=heading != "Scan", overflow="fold")
    table.add_column("Why", overflow="fold", ratio=1)
    for document, flags in listed:
        table.add_row(
            document.id,
            document.state.value
            if document.copy_of is None
            else f"{document.state.value} (copy of {document.copy_of})",
            plain(document.mrn or ""),
            plain(document.scan.source),
            in_ranges(document.pages),
            Text("\n").join((plain(document.reasons[0]), *(plain(f"! {flag.detail}") for flag in flags))),
        )
    if table.row_count:
        Console(soft_wrap=False).print(table)
    else:
        typer.echo("no documents")
