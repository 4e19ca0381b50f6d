"""`ingest patients`: the master patient index, loaded, searched, asked."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer
from rich.console import Console
from rich.table import Table

from ingest.cli.site import Home, Json, open_site
from ingest.errors import BadFile
from ingest.ledger import LoadCounts
from ingest.patients.csv_feed import CsvFeed
from ingest.running.runner import utc_now
from ingest.running.site import Site
from matchers import Patient, PatientIndex, decide, decision_to_json, identifiers_from_json

app = typer.Typer(help="The master patient index: load it, search it, ask it who a page means.", no_args_is_help=True)

_SHOWN_PROBLEMS = 20


@app.command("load")
def load(
    file: Annotated[Path, typer.Argument(help="CSV with a header row (README: Patients CSV).")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Mark patients that the file lacks as inactive; none is deleted.")
    ] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Load or update patients. Bad rows are named by line and skipped; the rest is loaded."""
    with open_site(home) as site:
        feed = CsvFeed(file, today=utc_now().date())
        with Console(stderr=True).status("loading patients…"):
            counts = _load(site, feed, replace=replace)
            site.index()
    for warning in feed.warnings:
        typer.echo(f"ingest: {warning}", err=True)
    for problem in feed.problems[:_SHOWN_PROBLEMS]:
        typer.echo(f"line {problem.line}: {problem.reason}; skipped", err=True)
    if len(feed.problems) > _SHOWN_PROBLEMS:
        typer.echo(f"… and {len(feed.problems) - _SHOWN_PROBLEMS} more rows skipped", err=True)
    result: dict[str, Any] = {
        "inserted": counts.inserted,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "deactivated": counts.deactivated,
        "skipped": len(feed.problems),
    }
    if as_json:
        result["problems"] = [{"line": one.line, "reason": one.reason} for one in feed.problems]
        typer.echo(json.dumps(result))
    else:
        typer.echo(", ".join(f"{count} {what}" for what, count in result.items()))
    if feed.problems:
        raise typer.Exit(1)


@app.command("search")
def search(
    text: Annotated[list[str], typer.Argument(help="Any mix of name, birth date, MRN, phone.")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="At most so many.")] = 20,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Find patients by any mix of name, birth date, MRN and phone, best first."""
    with open_site(home) as site:
        found = site.index().search(" ".join(text), limit)
    if as_json:
        for patient in found:
            typer.echo(json.dumps(patient_to_json(patient), ensure_ascii=False))
    elif found:
        Console().print(_table(found))
    else:
        typer.echo("no patient found; try fewer words, or only the birth date")


@app.command("match")
def match(
    file: Annotated[Path | None, typer.Argument(help="JSON lines; standard input when not given.")] = None,
    home: Home = None,
    as_json: Json = False,  # noqa: ARG001 - the answer is JSON either way
) -> None:
    """Say whom identifiers mean: one JSON object a line in, one decision a line out, same order."""
    bad_lines = 0
    with open_site(home) as site, _opened(file) as lines:
        index = site.index()
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            answer = _answer(line, site, index)
            if answer is None:
                bad_lines += 1
                typer.echo(f"line {number}: not a JSON object", err=True)
                answer = _no_question()
            sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    if bad_lines:
        raise typer.Exit(1)


def patient_to_json(patient: Patient) -> dict[str, Any]:
    """A patient in the columns of the patients CSV."""
    return {
        "mrn": patient.mrn,
        "last_name": patient.last_name,
        "first_name": patient.first_name,
        "middle_name": patient.middle_name,
        "suffix": patient.suffix,
        "former_last_name": ";".join(patient.former_last_names) or None,
        "birth_date": patient.birth_date.isoformat(),
        "sex": patient.sex.value if patient.sex else None,
        "ssn_last4": patient.ssn_last4,
        "phone": ";".join(patient.phones) or None,
        "address": patient.address,
        "city": patient.city,
        "state": patient.state,
        "zip": patient.zip,
        "account_number": ";".join(patient.account_numbers) or None,
        "active": patient.active,
    }


def _load(site: Site, feed: CsvFeed, *, replace: bool) -> LoadCounts:
    """One bad row must not make its patient inactive: `skipped_mrns` fills as the feed is read."""
    return site.ledger.load_patients(feed.patients(), now=utc_now(), replace=replace, spare=feed.skipped_mrns)


def _answer(line: str, site: Site, index: PatientIndex) -> dict[str, Any] | None:
    try:
        question = json.loads(line)
    except ValueError:
        return None
    if not isinstance(question, dict):
        return None
    identifiers = identifiers_from_json(question)
    decision = decide(
        identifiers,
        index.candidates(identifiers),
        population=index.population,
        policy=site.policy,
        generation=index.generation,
    )
    return decision_to_json(decision, question.get("id"))


def _no_question() -> dict[str, Any]:
    reason = "This line is not a JSON object."
    return {"id": None, "outcome": "none", "mrn": None, "probability": None, "reasons": [reason], "candidates": []}


def _opened(file: Path | None) -> TextIO:
    if file is None:
        return sys.stdin
    try:
        return file.open(encoding="utf-8", errors="replace")
    except OSError as error:
        msg = f"{file} cannot be read: {error.strerror}"
        raise BadFile(msg) from None


def _rows(found: tuple[Patient, ...]) -> Iterator[tuple[str, ...]]:
    for patient in found:
        given = " ".join(part for part in (patient.first_name, patient.middle_name, patient.suffix) if part)
        yield (
            patient.mrn,
            f"{patient.last_name}, {given}",
            patient.birth_date.isoformat(),
            patient.sex.value if patient.sex else "",
            patient.phones[0] if patient.phones else "",
            ", ".join(part for part in (patient.address, patient.city) if part),
            "" if patient.active else "inactive",
        )


def _table(found: tuple[Patient, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("MRN", "Name", "Born", "Sex", "Phone", "Address", ""):
        table.add_column(heading, overflow="fold")
    for row in _rows(found):
        table.add_row(*row)
    return table
