"""What the desk's commands say: what speaks against a patient, and what became of a document."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TypeVar

import typer
from rich.console import Console

from ingest.cli.cells import plain
from ingest.cli.json_lines import document_to_json
from ingest.errors import Conflict
from ingest.model import Document, DocumentState
from ingest.review import AsksAgain
from ingest.running.runner import settle_filing
from ingest.running.site import Site

_Given = TypeVar("_Given")


def insist(give: Callable[[bool], _Given | AsksAgain], *, sure: bool) -> _Given:
    """What `give` does, asked once more where something speaks against it. Raises Conflict when nobody insists."""
    given = give(sure)
    if not isinstance(given, AsksAgain):
        return given
    _ask_again(given)
    given = give(True)
    if isinstance(given, AsksAgain):
        msg = f"document {given.document_id} was not filed: look at it again"
        raise Conflict(msg)
    return given


def _ask_again(asked: AsksAgain) -> None:
    """Shows what speaks against it; returns only when the person at the terminal insists."""
    console = Console(stderr=True)
    console.print("These things speak against this patient:")
    for objection in asked.objections:
        console.print(plain(f"  - {objection}"))
    if not sys.stdin.isatty() or not typer.confirm("File it all the same?", default=False, err=True):
        count = len(asked.objections)
        msg = (
            f"document {asked.document_id} was not filed: {count} thing(s) speak against this patient; "
            "look at it again, and add --yes if it is right all the same"
        )
        raise Conflict(msg)


def settled(site: Site, identifier: str) -> Document:
    """The document after everything accepted was filed and everything taken back has left the records."""
    settle_filing(site)
    return site.ledger.document(identifier)


def report(document: Document, *, as_json: bool) -> None:
    """What became of it, in a line."""
    if as_json:
        typer.echo(json.dumps(document_to_json(document), ensure_ascii=False))
    else:
        match document.state:
            case DocumentState.FILED:
                typer.echo(f"{document.id} filed to MRN {document.mrn}: {document.filed_as}")
            case DocumentState.REVIEW:
                Console().print(plain(f"{document.id} is in review: {document.reasons[0]}"))
            case _:
                typer.echo(f"{document.id} is {document.state}")
