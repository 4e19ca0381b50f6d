"""`ingest review`: the desk in a terminal. What is accepted is filed before the command ends."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.console import Console

from ingest.cli.json_lines import document_to_json, utc
from ingest.cli.page_view import write_page_picture
from ingest.cli.review_answers import insist, report, settled
from ingest.cli.review_loop import Sitting, work_queue
from ingest.cli.review_tables import item_view, queue_table
from ingest.cli.site import Home, Json, open_site
from ingest.cli.terminal import clerk_here
from ingest.errors import WrongUse
from ingest.evidence.doctypes import DocType
from ingest.ledger import DecisionRow, Waiting
from ingest.model import Document
from ingest.review import Desk, QueueFilter
from ingest.running.desks import desk_of
from ingest.running.paper import paper_of
from ingest.running.runner import settle_filing, utc_now
from ingest.running.site import Site
from matchers.patient import Patient

app = typer.Typer(help="The review desk: what waits for a person, and what a person decides.", no_args_is_help=True)

DocumentId = Annotated[str, typer.Argument(metavar="DOCUMENT", help="The document's id, as `list` shows it.")]
ActingFor = Annotated[
    str | None,
    typer.Option("--acting-for", "--as", metavar="USER", help="Whom you act for; both names are recorded."),
]
Yes = Annotated[bool, typer.Option("--yes", help="File it although something speaks against the patient.")]
Version = Annotated[
    int | None, typer.Option("--version", help="Refuse if the document has changed since this version was shown.")
]
Note = Annotated[str | None, typer.Option("--note", help="Kept with the decision.")]
Origin = Annotated[str | None, typer.Option("--origin", help="Only from this sub-folder of the drop folder.")]
ScanName = Annotated[str | None, typer.Option("--scan", help="Only of this scan: its id or its source.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Only where a reason contains these words.")]
Type = Annotated[DocType | None, typer.Option("--type", help="Only of this type.")]
Older = Annotated[
    float | None, typer.Option("--older-than", metavar="HOURS", min=0, help="Only what came before that.")
]
Weights = Annotated[bool, typer.Option("--weights", help="Show each field's weight of evidence in bits.")]


@app.command("list")
def list_(
    origin: Origin = None,
    scan: ScanName = None,
    reason: Reason = None,
    type_: Type = None,
    older: Older = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """What waits for a person, in the order in which it is due."""
    with desk_here(home) as (site, desk):
        waiting = desk.list(_filter(origin, scan, reason, type_, older))
        if as_json:
            for one in waiting:
                _print_json(document_to_json(one.document) | _standing_to_json(one))
            return
        table = queue_table((one, _best_suspect(site, one.document)) for one in waiting)
    if table.row_count:
        Console().print(table)
    else:
        typer.echo("nothing waits for review")


@app.command("show")
def show(
    document: DocumentId,
    weights: Weights = False,
    open_picture: Annotated[bool, typer.Option("--open", help="Open the picture of a page too.")] = False,
    page: Annotated[int | None, typer.Option("--page", min=1, help="Which page --open shows.")] = None,
    acting_for: ActingFor = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """One document: why it waits, what its pages say, and each suspect field by field."""
    with desk_here(home, acting_for) as (site, desk):
        item = desk.show(document)
        if as_json:
            history = [_decision_to_json(row) for row in item.history]
            _print_json(document_to_json(item.document) | {"history": history})
        else:
            console = Console()
            console.print(item_view(item, console, paper=paper_of(site, item.document), weights=weights))
        if open_picture:
            first = next(iter(item.document.pages), 1)
            _open_picture(site, desk, item.document.id, page if page is not None else first)


@app.command("next")
def next_(
    origin: Origin = None,
    scan: ScanName = None,
    reason: Reason = None,
    type_: Type = None,
    older: Older = None,
    acting_for: ActingFor = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Work the queue, one document after the other, with one key each. With --json: show the next one."""
    queue = _filter(origin, scan, reason, type_, older)
    with desk_here(home, acting_for) as (site, desk):
        if as_json:
            item = desk.next(queue)
            if item is not None:
                _print_json(document_to_json(item.document))
            return
        sitting = Sitting(
            desk=desk,
            console=Console(),
            lines=sys.stdin,
            settle=lambda identifier: settled(site, identifier),
            open_picture=lambda identifier, number: _open_picture(site, desk, identifier, number),
            paper=lambda waiting: paper_of(site, waiting),
            search=lambda words: desk.found(words, site.index().search(words, 9)),
            now=utc_now,
        )
        work_queue(sitting, queue)


@app.command("accept")
def accept(
    document: DocumentId,
    candidate: Annotated[
        str | None,
        typer.Argument(metavar="[CANDIDATE]", help="A suspect's number or MRN; the only one if left out."),
    ] = None,
    mrn: Annotated[str | None, typer.Option("--mrn", help="The suspect's MRN, where it could be a number.")] = None,
    yes: Yes = False,
    version: Version = None,
    note: Note = None,
    acting_for: ActingFor = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """File a document to one of its suspects."""
    with desk_here(home, acting_for) as (site, desk):
        chosen = _chosen(desk.seen(document), candidate, mrn)
        insist(lambda sure: desk.accept(document, chosen, version=version, confirm=sure, note=note), sure=yes)
        report(settled(site, document), as_json=as_json)


@app.command("assign")
def assign(
    document: DocumentId,
    mrn: Annotated[str | None, typer.Argument(metavar="MRN", help="Any patient's MRN.")] = None,
    mrn_option: Annotated[str | None, typer.Option("--mrn", metavar="MRN", help="The same.")] = None,
    yes: Yes = False,
    version: Version = None,
    note: Note = None,
    acting_for: ActingFor = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """File a document to any patient of the index."""
    target = mrn if mrn is not None else mrn_option
    if target is None:
        msg = f"name the MRN of the patient to whom document {document} is to be assigned"
        raise WrongUse(msg)
    with desk_here(home, acting_for) as (site, desk):
        insist(lambda sure: desk.assign(document, target, version=version, confirm=sure, note=note), sure=yes)
        report(settled(site, document), as_json=as_json)


@app.command("discard")
def discard(
    document: DocumentId,
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why it belongs in no record; a terminal is asked for it.")
    ] = None,
    version: Version = None,
    acting_for: ActingFor = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Take a document out of the queue: it belongs in no record. Its pages are kept."""
    if reason is None:
        if as_json or not sys.stdin.isatty():
            msg = f"say with --reason why document {document} belongs in no record"
            raise WrongUse(msg)
        reason = str(typer.prompt("Why?", err=True))
    with desk_here(home, acting_for) as (_, desk):
        report(desk.discard(document, reason, version=version), as_json=as_json)


@app.command("undo")
def undo(
    document: DocumentId,
    version: Version = None,
    note: Note = None,
    acting_for: ActingFor = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Take the newest act back: what was filed is in review again, what was refiled goes back to its first patient."""
    with desk_here(home, acting_for) as (site, desk):
        desk.undo(document, version=version, note=note)
        report(settled(site, document), as_json=as_json)


@app.command("split")
def split(
    document: DocumentId,
    before: Annotated[
        list[int], typer.Option("--before", metavar="PAGE", min=1, help="A page with which another document begins.")
    ],
    version: Version = None,
    note: Note = None,
    acting_for: ActingFor = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Cut a document in parts: each is decided anew, and filed where it is certain whose it is."""
    with desk_here(home, acting_for) as (site, desk):
        parts = desk.split(document, before, version=version, note=note)
        settle_filing(site)
        for part in parts:
            report(site.ledger.document(part.id), as_json=as_json)


@app.command("join")
def join(
    documents: Annotated[list[str], typer.Argument(metavar="DOCUMENT...", help="Documents of one scan.")],
    note: Note = None,
    acting_for: ActingFor = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Make one document of several of the same scan; blank pages and separators can be brought back so too."""
    with desk_here(home, acting_for) as (site, desk):
        report(settled(site, desk.join(documents, note=note).id), as_json=as_json)


@contextmanager
def desk_here(home: Home, acting_for: str | None = None) -> Iterator[tuple[Site, Desk]]:
    """The site, and the desk of the person at the terminal."""
    with open_site(home) as site:
        yield site, desk_of(site, clerk_here(site, acting_for))


def _filter(
    origin: str | None, scan: str | None, reason: str | None, type_: DocType | None, older_h: float | None
) -> QueueFilter:
    before = None if older_h is None else utc_now() - timedelta(hours=older_h)
    kind = type_.value if type_ else None
    return QueueFilter(origin=origin, scan=scan, reason=reason, type=kind, received_before=before)


def _chosen(document: Document, candidate: str | None, mrn: str | None) -> int | str:
    """Which suspect the words on the command line mean; never one of several by default."""
    known = [item.mrn for item in document.candidates]
    if mrn is not None:
        return mrn
    if candidate is None:
        if len(known) == 1:
            return 1
        msg = f"document {document.id} has {len(known)} suspects: name one by its number or MRN"
        if not known:
            msg = f"document {document.id} has no suspects: name its patient with `ingest review assign`"
        raise WrongUse(msg)
    is_number = candidate.isascii() and candidate.isdigit() and 1 <= int(candidate) <= len(known)
    if candidate in known and is_number and known[int(candidate) - 1] != candidate:
        msg = f"{candidate} is one suspect's number and another's MRN: use --mrn for the MRN"
        raise WrongUse(msg)
    return int(candidate) if is_number and candidate not in known else candidate


def _open_picture(site: Site, desk: Desk, identifier: str, page: int) -> None:
    document = desk.look_at_page(identifier, page)
    file = write_page_picture(site, document, page)
    typer.echo(f"page {page}: {file}", err=True)
    if sys.stdout.isatty():
        typer.launch(str(file))


def _best_suspect(site: Site, document: Document) -> Patient | None:
    return site.ledger.patient(document.candidates[0].mrn) if document.candidates else None


def _decision_to_json(row: DecisionRow) -> dict[str, Any]:
    return {
        "version": row.version,
        "act": row.act,
        "state": row.state.value,
        "mrn": row.mrn,
        "probability": row.probability,
        "reasons": list(row.reasons),
        "decided_at": row.decided_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "decided_by": row.decided_by,
        "acting_for": row.acting_for,
        "note": row.note,
    }


def _standing_to_json(one: Waiting) -> dict[str, Any]:
    return {
        "due_at": utc(one.due_at),
        "held_by": one.held_by,
        "deferred_until": utc(one.deferred_until),
        "asked_of": None if one.inquiry is None else one.inquiry.owner,
    }


def _print_json(value: dict[str, Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))
