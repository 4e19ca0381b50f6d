"""`ingest review`, the rest of it: what is done with a document short of saying whose it is."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Annotated

import typer
from rich.console import Console

from ingest.cli.cells import plain
from ingest.cli.json_lines import document_to_json, utc
from ingest.cli.review import ActingFor, DocumentId, Note, Version, app, desk_here
from ingest.cli.review_answers import report, settled
from ingest.cli.site import Home, Json, day
from ingest.errors import WrongUse
from ingest.evidence.doctypes import DocType
from ingest.ledger import Inquiry, InquiryKind
from ingest.running.runner import utc_now


@app.command("rotate")
def rotate(
    document: DocumentId,
    page: Annotated[int | None, typer.Option("--page", min=1, help="Which page; the only one if left out.")] = None,
    by: Annotated[int, typer.Option("--by", help="Degrees clockwise: 90, 180 or 270.")] = 180,
    version: Version = None,
    acting_for: ActingFor = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Read a page again as it lies; its document is decided anew."""
    with desk_here(home, acting_for) as (site, desk):
        pages = desk.seen(document).pages
        if page is None and len(pages) != 1:
            msg = f"document {document} has {len(pages)} pages: say which one with --page"
            raise WrongUse(msg)
        desk.rotate(document, pages[0] if page is None else page, by, version=version)
        report(settled(site, document), as_json=as_json)


@app.command("defer")
def defer(
    document: DocumentId,
    hours: Annotated[float, typer.Option("--hours", min=0.01, max=720, help="For how long.")] = 4.0,
    note: Note = None,
    acting_for: ActingFor = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Put a document off; it comes back by itself."""
    with desk_here(home, acting_for) as (site, desk):
        until = utc_now() + timedelta(hours=hours)
        desk.defer(document, until=until, note=note)
        if as_json:
            line = document_to_json(site.ledger.document(document)) | {"deferred_until": utc(until)}
            typer.echo(json.dumps(line, ensure_ascii=False))
        else:
            typer.echo(f"{document} is put off until {until:%Y-%m-%d %H:%M} UTC")


@app.command("ask")
def ask(
    document: DocumentId,
    owner: Annotated[str, typer.Option("--of", metavar="WHO", help="Who is to answer.")],
    question: Annotated[str, typer.Option("--question", help="What is asked.")],
    rescan: Annotated[bool, typer.Option("--rescan", help="Ask for the paper to be scanned again.")] = False,
    due: Annotated[date | None, typer.Option("--due", parser=day, metavar="DAY", help="By when.")] = None,
    acting_for: ActingFor = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Ask a physician or registration, or for a rescan; the document waits for the answer."""
    kind = InquiryKind.RESCAN if rescan else InquiryKind.QUERY
    with desk_here(home, acting_for) as (_, desk):
        _report(desk.ask(document, kind=kind, owner=owner, question=question, due=due), as_json=as_json)


@app.command("answer")
def answer(
    document: DocumentId,
    text: Annotated[str, typer.Argument(metavar="ANSWER", help="What was answered.")],
    acting_for: ActingFor = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Write down the answer to what was asked; the document is due at once."""
    with desk_here(home, acting_for) as (_, desk):
        _report(desk.answer(document, text), as_json=as_json)


@app.command("describe")
def describe(
    document: DocumentId,
    type_: Annotated[DocType | None, typer.Option("--type", help="What kind of document it is.")] = None,
    spoken_of: Annotated[
        date | None, typer.Option("--date", parser=day, metavar="DAY", help="The day it speaks of.")
    ] = None,
    version: Version = None,
    note: Note = None,
    acting_for: ActingFor = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Correct a waiting document's type, its date, or both."""
    if type_ is None and spoken_of is None:
        msg = "say what is to be corrected: --type, --date or both"
        raise WrongUse(msg)
    with desk_here(home, acting_for) as (_, desk):
        now = desk.seen(document)
        described = desk.describe(
            document,
            type_=type_.value if type_ else now.type,
            document_date=spoken_of or now.document_date,
            version=version,
            note=note,
        )
        report(described, as_json=as_json)


@app.command("bring-back")
def bring_back(
    document: DocumentId,
    version: Version = None,
    note: Note = None,
    acting_for: ActingFor = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """A blank page or a separator that is none: it waits for a person from now on."""
    with desk_here(home, acting_for) as (_, desk):
        report(desk.bring_back(document, version=version, note=note), as_json=as_json)


def _report(asked: Inquiry, *, as_json: bool) -> None:
    if as_json:
        line = {
            "document": asked.document_id,
            "kind": asked.kind.value,
            "owner": asked.owner,
            "question": asked.question,
            "due": asked.due.isoformat() if asked.due else None,
            "asked_by": asked.asked_by,
            "asked_at": utc(asked.asked_at),
            "answer": asked.answer,
            "closed_by": asked.closed_by,
            "closed_at": utc(asked.closed_at),
        }
        typer.echo(json.dumps(line, ensure_ascii=False))
    elif asked.answer is None:
        Console().print(plain(f"{asked.document_id} waits for {asked.owner}"))
    else:
        Console().print(plain(f"{asked.document_id} is answered and due at once"))
