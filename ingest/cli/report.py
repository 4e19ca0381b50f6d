"""`ingest report`: figures and plots of a period."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table as Drawn

from ingest.cli.cells import plain
from ingest.cli.site import Home, day, open_site
from ingest.cli.terminal import need
from ingest.errors import BadFile
from ingest.reporting import Kind, Report, Table, as_csv, as_html, as_json, cell_text, period_of, tables_of
from ingest.review import Right
from ingest.running.reporting import local_zone, report_on
from ingest.running.runner import utc_now


def report(
    first: Annotated[
        date | None,
        typer.Option("--from", parser=day, metavar="DAY", help="The first day. [default: 30 days in all]"),
    ] = None,
    last: Annotated[
        date | None, typer.Option("--to", parser=day, metavar="DAY", help="The last. [default: today]")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page with plots, which stands alone.")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FOLDER", help="Write each table as a CSV file into this folder.")
    ] = None,
    home: Home = None,
    as_json_: Annotated[bool, typer.Option("--json", help="JSON on standard output, one object.")] = False,
) -> None:
    """What came in and what became of it: filed unattended and by people, the queue, turnaround, reasons, misfiles.

    Days are those of this computer's time zone. No name, number or word of a patient is in any of it.
    """
    now, zone = utc_now(), local_zone()
    period = period_of(first, last, today=now.astimezone(zone).date(), zone=zone)
    with open_site(home) as site, Console(stderr=True).status("counting…"):
        clerk = need(site, Right.REPORT)
        made = report_on(site, period, now=now)
        wanted = {"html": html is not None, "csv": csv is not None, "json": as_json_}
        site.ledger.note(
            action="report.made",
            actor=clerk.user,
            subject="site",
            facts={"from": period.first.isoformat(), "to": period.last.isoformat(), **wanted},
            details=None,
            now=now,
        )
    tables = tables_of(made)
    if html is not None:
        with _written(html, "--html", "a file in a folder that is there and that you may write to"):
            html.write_text(as_html(made), encoding="utf-8")
    if csv is not None:
        with _written(csv, "--csv", "a folder that you may write to"):
            csv.mkdir(exist_ok=True)
            for table in tables:
                (csv / f"{table.name}.csv").write_text(as_csv(table), encoding="utf-8", newline="")
    if as_json_:
        typer.echo(json.dumps(as_json(made), ensure_ascii=False))
    elif html is None and csv is None:
        _print(made, tables)
    else:
        typer.echo("\n".join(f"written: {path}" for path in (html, csv) if path is not None))


@contextmanager
def _written(path: Path, option: str, remedy: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        msg = f"{option} {path} cannot be written ({error.strerror}): name {remedy}"
        raise BadFile(msg) from None


def _print(made: Report, tables: Sequence[Table]) -> None:
    console = Console(soft_wrap=False, highlight=False)
    console.print(f"{made.period.first} to {made.period.last}, days in {made.period.zone}", markup=False)
    for table in tables:
        console.print()
        console.print(table.title, style="bold", markup=False)
        console.print(table.note, style="dim", markup=False)
        if not table.rows:
            console.print("none", markup=False)
            continue
        drawn = Drawn(box=None, pad_edge=False, header_style="bold")
        for column in table.columns:
            figure = column.kind not in (Kind.WORDS, Kind.DAY)
            drawn.add_column(
                column.heading, justify="right" if figure else "left", no_wrap=column.kind is Kind.DAY, overflow="fold"
            )
        for row in table.rows:
            drawn.add_row(
                *(plain(cell_text(column.kind, value)) for column, value in zip(table.columns, row, strict=True))
            )
        console.print(drawn)
