"""Commands that do the work: batch, watch, retry."""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live
from rich.text import Text

from ingest import logs
from ingest.cli.site import Home, Json, home_of, open_site
from ingest.cli.terminal import hint_at_no_patients, need
from ingest.model import DocumentState
from ingest.review import Right
from ingest.running.batch import BatchResult, Progress, run_drop_folder, run_paths
from ingest.running.runner import Runner, utc_now
from ingest.running.second_look_beside import draw_now
from ingest.running.site import Site, read_site
from ingest.running.watch import watch as run_watch

Workers = Annotated[
    int, typer.Option("--workers", min=0, help="Pages read at a time; 0: as the settings say (all cores).")
]


def batch(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Files and folders to take in instead of the drop folder; they stay in place."),
    ] = None,
    workers: Workers = 0,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Take in the drop folder (or PATHs), work until everything has reached an end, and stop."""
    with open_site(home) as site:
        hint_at_no_patients(site)
        started = utc_now()
        console = Console(stderr=True)
        runner = Runner(site, workers=workers or site.settings.reading.worker_count)
        with runner, Live(console=console, transient=True, auto_refresh=False) as live:

            def show(progress: Progress) -> None:
                if console.is_terminal:
                    live.update(_line(progress), refresh=True)

            result = run_paths(site, runner, paths, show) if paths else run_drop_folder(site, runner, show)
        draw_now(site)
        ended = _ends(site, started)
        _report(result, ended, as_json=as_json)
        if ended[DocumentState.QUARANTINED]:
            raise typer.Exit(1)


def watch(workers: Workers = 0, home: Home = None) -> None:
    """The daemon: take in the drop folder and work, for as long as it lives. SIGTERM ends it cleanly."""
    logs.set_level(os.environ.get("INGEST_LOG", "info"))
    run_watch(read_site(home_of(home)), workers=workers)


def retry(
    scans: Annotated[list[str] | None, typer.Argument(help="Scans by id or source; all when none is named.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Put quarantined scans back to work; the next batch (or the daemon) works them."""
    with open_site(home) as site:
        by = need(site, Right.MAINTAIN).user
        names = tuple(scans) if scans else None
        count = site.ledger.retry(names, now=utc_now(), by=by)
    if as_json:
        typer.echo(json.dumps({"retried": count}))
    else:
        then = "run `ingest batch`, or leave it to the daemon"
        typer.echo(f"{count} put back to work; {then if count else 'nothing of it is quarantined'}")


def _line(progress: Progress) -> Text:
    parts = [f"{progress.taken} taken in", f"{progress.open_jobs} being worked"]
    if progress.pages_known:
        parts.append(f"page {progress.pages_read} of {progress.pages_known}")
    if progress.waiting:
        parts.append(f"{progress.waiting} still being written")
    return Text(" · ".join(parts))


def _ends(site: Site, since: datetime) -> Counter[DocumentState]:
    """How many documents this run brought to each end (whoever worked them meanwhile)."""
    return Counter(
        document.state
        for document in site.ledger.documents()
        if document.decided_at is not None and document.decided_at >= since
    )


def _report(result: BatchResult, ended: Counter[DocumentState], *, as_json: bool) -> None:
    if as_json:
        facts = {state.value: ended[state] for state in DocumentState if ended[state]}
        line = {"scans": len(result.scans), "skipped": result.skipped, "left": result.left, "documents": facts}
        typer.echo(json.dumps(line))
        return
    typer.echo(f"{len(result.scans)} scan(s) taken in")
    for state in DocumentState:
        if ended[state]:
            typer.echo(f"  {ended[state]:5} {_in_words(state)}")
    if result.skipped:
        typer.echo(f"  {result.skipped:5} path(s) skipped: taken in before with the same bytes")
    if result.left:
        typer.echo(f"  {result.left:5} file(s) left in the drop folder: somebody still writes to them")


def _in_words(state: DocumentState) -> str:
    match state:
        case DocumentState.FILED:
            return "filed"
        case DocumentState.REVIEW:
            return "in review (see: ingest review list)"
        case DocumentState.QUARANTINED:
            return "quarantined (see: ingest documents --state quarantined)"
        case DocumentState.DUPLICATE:
            return "duplicate"
        case DocumentState.BLANK:
            return "blank"
        case DocumentState.SEPARATOR:
            return "separator sheet"
        case DocumentState.DISCARDED:
            return "discarded"
        case DocumentState.WORKING:
            return "being worked"
