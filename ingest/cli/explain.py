"""`ingest explain`: why a document was decided as it was, in words and bits."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from ingest.cli.cells import plain
from ingest.cli.site import Home, Json, open_site
from ingest.cli.terminal import need
from ingest.errors import NotFound
from ingest.ledger import DecisionRow
from ingest.review import Right
from ingest.running.desks import desk_of
from matchers import waterfall_of, waterfall_to_json


def explain(
    document: Annotated[str, typer.Argument(help="A document's id.")],
    candidate: Annotated[str | None, typer.Option("--candidate", metavar="MRN", help="Only this candidate.")] = None,
    version: Annotated[
        int | None, typer.Option("--version", min=1, help="An earlier decision; 1 is the first.")
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Why a document was filed or queued: each candidate's evidence from the first guess to the odds."""
    with open_site(home) as site:
        desk = desk_of(site, need(site, Right.LOOK))
        decision = _decision(site.ledger.history(document), document, version)
        document = decision.document_id  # as it is written, however it was typed
        desk.seen(document)
        desk.note("document.explained", document)
    shown = [c for c in decision.candidates if candidate in (None, c.mrn)]
    if candidate is not None and not shown:
        msg = f"document {document} has no candidate with this MRN; see: ingest explain {document}"
        raise NotFound(msg)
    falls = [waterfall_of(c, decision.threshold) for c in shown]
    if as_json:
        told = {
            "document": document,
            "version": decision.version,
            "state": decision.state.value,
            "mrn": decision.mrn,
            "reasons": list(decision.reasons),
            "index_generation": decision.index_generation,
            "fingerprint": decision.fingerprint,
            "threshold": decision.threshold,
            "candidates": [waterfall_to_json(fall) for fall in falls],
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    typer.echo(f"{document}, decision {decision.version}: {decision.state.value} (by {decision.decided_by})")
    for reason in decision.reasons:
        typer.echo(plain(f"  {reason}").plain)
    if not falls:
        typer.echo("nobody in the index came near")
    for number, fall in enumerate(falls, start=1):
        typer.echo(f"\n{number}. MRN {plain(fall.mrn)}")
        for line in fall.lines():
            typer.echo(plain(f"  {line}").plain)


def _decision(history: tuple[DecisionRow, ...], document: str, version: int | None) -> DecisionRow:
    """The decision asked for, else the newest one that the matcher had a part in."""
    by_version = {row.version: row for row in history}
    if version is not None:
        if version not in by_version:
            msg = f"document {document} has no decision {version}; it has {len(history)}"
            raise NotFound(msg)
        return by_version[version]
    matched = [row for row in history if row.fingerprint is not None]
    if not history:
        msg = f"document {document} is not decided yet"
        raise NotFound(msg)
    return (matched or list(history))[-1]
