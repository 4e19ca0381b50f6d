"""`ingest batches`: what came together, what is missing of it, and whose paper may be destroyed."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from ingest.cli.cells import plain
from ingest.cli.json_lines import utc
from ingest.cli.site import Home, Json, open_site
from ingest.cli.terminal import need
from ingest.ledger import BatchRow
from ingest.review import Right
from ingest.running.runner import utc_now
from ingest.running.shredding import against_shredding, standing_of


def batches(
    safe: Annotated[
        bool, typer.Option("--safe", help="Only those whose paper may be destroyed; reads and hashes all their bytes.")
    ] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """What was scanned together: expected and arrived, what waits, and with --safe what may be shredded."""
    with open_site(home) as site:
        by = need(site, Right.LOOK).user
        listed = []
        for batch in site.ledger.batches():
            word, why = standing_of(batch, utc_now())
            if safe:
                if against_shredding(site, batch, utc_now()):
                    continue
                word, why = "safe to shred", "every page is filed or settled, and was read back from disk just now"
                told = {"scans": str(len(batch.scans))}
                site.ledger.note(action="batch.found_safe", actor=by, subject=batch.id, details=told, now=utc_now())
            listed.append((batch, word, why))
    if as_json:
        for batch, word, why in listed:
            typer.echo(json.dumps(_to_json(batch, word, why), ensure_ascii=False))
    elif listed:
        Console(soft_wrap=False).print(_table(listed))
    else:
        typer.echo("no batch is safe to shred" if safe else "no batches")


def _table(listed: list[tuple[BatchRow, str, str]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Batch", "Folder", "Since", "Files", "Pages", "State"):
        table.add_column(heading, no_wrap=heading != "Folder", overflow="fold")
    table.add_column("Why", overflow="fold", ratio=1)
    for batch, word, why in listed:
        table.add_row(
            batch.id,
            plain(batch.origin or "(drop folder)"),
            f"{batch.opened_at:%Y-%m-%d %H:%M}",
            _of(batch.files, batch.expected_files),
            _of(batch.pages, batch.expected_pages),
            word,
            plain(why),
        )
    return table


def _of(arrived: int, expected: int | None) -> str:
    return str(arrived) if expected is None else f"{arrived} of {expected}"


def _to_json(batch: BatchRow, word: str, why: str) -> dict[str, Any]:
    return {
        "batch": batch.id,
        "origin": batch.origin,
        "state": word.replace(" ", "_"),
        "why": why,
        "operator": batch.operator,
        "station": batch.station,
        "opened_at": utc(batch.opened_at),
        "last_at": utc(batch.last_at),
        "files": batch.files,
        "expected_files": batch.expected_files,
        "pages": batch.pages,
        "expected_pages": batch.expected_pages,
        "documents": {state.value: count for state, count in sorted(batch.states.items())},
        "scans": list(batch.scans),
    }
