"""`ingest refile` and `ingest review copy`: filed documents moved to their patient, or copied to a second one."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.console import Console

from ingest.cli.cells import plain
from ingest.cli.json_lines import document_to_json, utc
from ingest.cli.review_answers import insist, report, settled
from ingest.cli.site import Home, Json, open_site
from ingest.cli.terminal import clerk_here
from ingest.ledger import Sighting
from ingest.model import Document
from ingest.review import Refiled
from ingest.running.desks import desk_of

DocumentId = Annotated[str, typer.Argument(metavar="DOCUMENT", help="The document's id, as `documents` shows it.")]
ActingFor = Annotated[
    str | None, typer.Option("--acting-for", "--as", metavar="USER", help="Whom you act for; both names are recorded.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do it although something speaks against the patient.")]
Version = Annotated[
    int | None, typer.Option("--version", help="Refuse if the document has changed since this version was shown.")
]


def refile(
    document: DocumentId,
    mrn: Annotated[str, typer.Option("--mrn", metavar="M", help="Whose it is.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept with the decision.")],
    yes: Yes = False,
    version: Version = None,
    acting_for: ActingFor = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Move a filed document to another patient. The first filing is marked as a misfile; `review undo` takes it back.

    Tells who looked at it in the wrong record.
    """
    with open_site(home) as site:
        desk = desk_of(site, clerk_here(site, acting_for))
        refiled = insist(lambda sure: desk.refile(document, mrn, reason, version=version, confirm=sure), sure=yes)
        _report_refiled(settled(site, document), refiled, as_json=as_json)


def copy(
    document: DocumentId,
    mrn: Annotated[str, typer.Option("--mrn", metavar="M", help="The second patient.")],
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Why; kept with the copy.")],
    yes: Yes = False,
    version: Version = None,
    acting_for: ActingFor = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """File a filed document's pages to a second patient too: mother and newborn. The copy is a document of its own."""
    with open_site(home) as site:
        desk = desk_of(site, clerk_here(site, acting_for))
        copied = insist(lambda sure: desk.copy(document, mrn, note, version=version, confirm=sure), sure=yes)
        report(settled(site, copied.id), as_json=as_json)


def _report_refiled(document: Document, refiled: Refiled, *, as_json: bool) -> None:
    misfile = refiled.misfile
    if as_json:
        told = None if misfile is None else {"version": misfile.version, "by_program": misfile.by_program}
        looks = [_look_to_json(look) for look in refiled.looks]
        more = {"refiled_from": refiled.from_mrn, "misfile": told, "looks": looks}
        typer.echo(json.dumps(document_to_json(document) | more, ensure_ascii=False))
        return
    report(document, as_json=False)
    if misfile is not None:
        who = "the program" if misfile.by_program else "a person"
        typer.echo(f"its filing to MRN {refiled.from_mrn} is marked as a misfile by {who}")
    if refiled.looks:
        typer.echo("looked at in that record:")
    for look in refiled.looks:
        by = look.actor if look.acting_for is None else f"{look.actor} for {look.acting_for}"
        Console().print(plain(f"  {look.at:%Y-%m-%d %H:%M} UTC  {by}  {_what(look)}"))


def _what(look: Sighting) -> str:
    match look.action:
        case "page.viewed":
            return f"page {look.page}"
        case "document.explained":
            return "the decision"
        case "documents.searched":
            return "found by a search"
        case _:
            return "the document"


def _look_to_json(look: Sighting) -> dict[str, Any]:
    told = {"user": look.actor, "acting_for": look.acting_for, "what": look.action, "page": look.page}
    return {"at": utc(look.at), **told}
