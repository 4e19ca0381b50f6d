"""`ingest find`: filed pages by the words that stand on them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from ingest.cli.cells import plain
from ingest.cli.json_lines import utc
from ingest.cli.site import Home, Json, day, open_site
from ingest.cli.terminal import need
from ingest.errors import WrongUse
from ingest.evidence.doctypes import DocType
from ingest.finding import Search, parse
from ingest.ledger.looks import SEARCHED
from ingest.review import Right
from ingest.running.finding import Found, rebuild, search_pages
from ingest.running.runner import utc_now


def find(
    words: Annotated[
        list[str] | None, typer.Argument(help='All must stand on the page; "two words" together; begin* of a word.')
    ] = None,
    mrn: Annotated[str | None, typer.Option("--mrn", help="Only what is filed to this patient.")] = None,
    type_: Annotated[DocType | None, typer.Option("--type", help="Only documents of this type.")] = None,
    first: Annotated[
        date | None,
        typer.Option("--from", parser=day, metavar="DAY", help="Documents of this day or later."),
    ] = None,
    last: Annotated[
        date | None,
        typer.Option("--to", parser=day, metavar="DAY", help="Documents of this day or earlier."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="At most so many pages.")] = 20,
    anew: Annotated[bool, typer.Option("--rebuild", help="Make the store of full text anew first.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Find filed pages by the words on them, newest paper first."""
    if not words and not anew:
        raise WrongUse("there is nothing to look for: name a word (see: ingest find --help)")
    terms = parse(words) if words else ()
    search = Search(terms=terms, mrn=mrn, type=type_.value if type_ else None, first=first, last=last)
    if search.first and search.last and search.first > search.last:
        raise WrongUse("--from is later than --to")
    with open_site(home) as site, Console(stderr=True).status("looking…") as status:
        clerk = need(site, Right.LOOK)

        def told(count: int) -> None:
            status.update(f"taking in what was filed: {count} documents…")

        if anew:
            rebuild(site, told)
        if not words:
            return
        found = search_pages(site, search, limit=limit + 1, told=told, clearance=clerk.clearance)
        site.ledger.note(
            action=SEARCHED,
            actor=clerk.user,
            subject="site",
            facts={
                "words": sum(len(term.words) for term in terms),
                "shown": len(found[:limit]),
                "documents": list(dict.fromkeys(one.document.id for one in found[:limit])),
            },
            details=_asked(words, search),
            now=utc_now(),
        )
    _show(found[:limit], more=len(found) > limit, as_json=as_json)


def _asked(words: Sequence[str], search: Search) -> dict[str, str]:
    asked = {"words": " ".join(words), "mrn": search.mrn, "type": search.type}
    days = {"from": search.first, "to": search.last}
    return {name: value for name, value in asked.items() if value is not None} | {
        name: day.isoformat() for name, day in days.items() if day is not None
    }


def _show(found: Sequence[Found], *, more: bool, as_json: bool) -> None:
    if as_json:
        for one in found:
            typer.echo(json.dumps(_to_json(one), ensure_ascii=False))
    elif not found:
        typer.echo("no filed page has all of this")
    else:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in ("Document", "Page", "Patient", "Type", "Date"):
            table.add_column(heading, no_wrap=True)
        table.add_column("Text", overflow="fold", ratio=1)
        for one in found:
            document = one.document
            day = document.document_date.isoformat() if document.document_date else ""
            cells = (document.mrn or "", document.type or "", day, one.snippet)
            table.add_row(document.id, str(one.page), *map(plain, cells))
        Console(soft_wrap=False).print(table)
    if more:
        typer.echo(f"there are more than these {len(found)}; --limit shows more", err=True)


def _to_json(one: Found) -> dict[str, Any]:
    document = one.document
    return {
        "document": document.id,
        "page": one.page,
        "pdf_page": one.pdf_page,
        "mrn": document.mrn,
        "type": document.type,
        "document_date": document.document_date.isoformat() if document.document_date else None,
        "received_at": utc(document.scan.received_at),
        "filed_as": document.filed_as,
        "snippet": one.snippet,
    }
