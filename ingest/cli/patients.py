"""`ingest patients`: the master patient index, loaded, searched, asked."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ingest.cli.cells import plain
from ingest.cli.json_lines import utc
from ingest.cli.site import Home, Json, open_site
from ingest.cli.terminal import hint_at_no_patients, need
from ingest.errors import BadFile, NotAllowed, WrongUse
from ingest.ledger import DuplicateRow, DuplicateState, LoadCounts
from ingest.patients.csv_feed import CsvFeed
from ingest.patients.plain_rows import plain_rows
from ingest.review import Right
from ingest.running.desks import desk_of
from ingest.running.matching import Answer, match_lines
from ingest.running.runner import utc_now
from ingest.running.site import Site
from matchers import Patient

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
        need(site, Right.MAINTAIN)
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
        seat = desk_of(site, need(site, Right.LOOK))
        found = seat.found(" ".join(text), site.index().search(" ".join(text), limit))
    if as_json:
        for patient in found:
            typer.echo(json.dumps(patient_to_json(patient), ensure_ascii=False))
    elif found:
        Console().print(_table(found))
    else:
        typer.echo("no patient found; try fewer words, or only the birth date")


@app.command("label")
def label(
    mrn: Annotated[str, typer.Argument(metavar="MRN", help="The patient's MRN.")],
    label_: Annotated[str, typer.Argument(metavar="LABEL", help="VIP, psychotherapy, substance use…")],
    remove: Annotated[bool, typer.Option("--remove", help="Take the label off.")] = False,
    home: Home = None,
) -> None:
    """Keep a patient from everybody whose account lacks this label (ingest users change --clearance)."""
    if not label_.strip():
        msg = "a label is a word or two, as on the accounts that may see the patient"
        raise WrongUse(msg)
    with open_site(home) as site:
        by = need(site, Right.LABEL).user
        if remove:
            site.ledger.unlabel_patient(mrn, label_, by=by, now=utc_now())
        else:
            site.ledger.label_patient(mrn, label_, by=by, now=utc_now())
    typer.echo("the label is off" if remove else "only accounts with this label see the patient")


@app.command("match")
def match(
    file: Annotated[Path | None, typer.Argument(help="JSON lines; standard input when not given.")] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, max=256, help="Processes; all cores when not given.")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Add each candidate's waterfall.")] = False,
    home: Home = None,
    as_json: Json = False,  # noqa: ARG001 - the answer is JSON either way
) -> None:
    """Say whom identifiers mean: one JSON object a line in, one decision a line out, same order."""
    workers = workers or len(os.sched_getaffinity(0))
    with _opened(file) as source, open_site(home) as site:
        _may_see_everybody(site)
        hint_at_no_patients(site)
        bad_lines = _write(match_lines(site, source, workers=workers, explain=explain))
    if bad_lines:
        raise typer.Exit(1)


def _write(answers: Iterator[Answer | None]) -> int:
    """Writes the answers as they come; how many questions were no good."""
    bad_lines = 0
    out = sys.stdout.buffer
    for answer in answers:
        if answer is None:
            out.flush()
            continue
        if answer.problem:
            bad_lines += 1
            typer.echo(f"line {answer.number}: {answer.problem}", err=True)
        out.write(answer.text.encode() + b"\n")
    out.flush()
    return bad_lines


@app.command("merge")
def merge(
    retired: Annotated[str, typer.Argument(help="The MRN that is given up.")],
    survivor: Annotated[str | None, typer.Argument(help="The MRN that stays.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the merger back.")] = False,
    home: Home = None,
) -> None:
    """Merge two registrations of one person: paper with the retired MRN then goes to the one that stays."""
    with open_site(home) as site:
        by = need(site, Right.SETTLE).user
        if undo:
            opened = site.ledger.unmerge_patient(retired=retired, by=by, now=utc_now())
            typer.echo(f"MRN {retired} stands for itself again")
            if opened:
                typer.echo(f"{opened} possible duplicate(s) wait for a decision again: ingest patients duplicates")
            return
        if survivor is None:
            msg = "name both MRNs: the retired one, then the one that stays"
            raise WrongUse(msg)
        settled = site.ledger.merge_patients(retired=retired, survivor=survivor, by=by, now=utc_now())
        filed = sum(1 for _ in site.ledger.documents(mrn=retired))
        typer.echo(f"MRN {retired} now means MRN {survivor}")
        if settled:
            typer.echo(f"{settled} possible duplicate(s) settled by it: ingest patients duplicates --all")
        if filed:
            typer.echo(f"{filed} document(s) are still filed under {retired}: ingest documents --mrn {retired}")


@app.command("duplicates")
def duplicates(
    settle: Annotated[
        tuple[str, str] | None, typer.Option("--settle", metavar="MRN MRN", help="Take this pair off the list.")
    ] = None,
    distinct: Annotated[bool, typer.Option("--distinct", help="They are two people (with --settle).")] = False,
    note: Annotated[str | None, typer.Option("--note", help="Why (with --settle).")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Settled pairs too.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Registrations that seem to be one person, as documents met them: a worklist for registration."""
    with open_site(home) as site:
        if settle is None and (distinct or note is not None):
            msg = "--distinct and --note go with --settle MRN MRN: name the pair"
            raise WrongUse(msg)
        if settle is not None:
            state = DuplicateState.DISTINCT if distinct else DuplicateState.MERGED
            by = need(site, Right.SETTLE).user
            site.ledger.settle_duplicate(*settle, state=state, by=by, now=utc_now(), note=note)
            words = "settled: two people" if distinct else "settled: one person, merged"
            typer.echo(json.dumps({"settled": sorted(settle), "state": state.value}) if as_json else words)
            return
        seat = desk_of(site, need(site, Right.LOOK))
        found = [
            (row, site.ledger.patient(row.mrn), site.ledger.patient(row.other_mrn))
            for row in site.ledger.duplicates(settled=everything)
            if seat.may_see(row.mrn) and seat.may_see(row.other_mrn)
        ]
        seat.found("possible duplicates", [patient for _, *both in found for patient in both if patient is not None])
    if as_json:
        for row, one, other in found:
            typer.echo(json.dumps(_duplicate_to_json(row, one, other), ensure_ascii=False))
    elif found:
        Console().print(_duplicates_table(found))
    else:
        typer.echo("no possible duplicates")


def _duplicate_to_json(row: DuplicateRow, one: Patient | None, other: Patient | None) -> dict[str, Any]:
    return {
        "mrn": row.mrn,
        "other_mrn": row.other_mrn,
        "state": row.state.value,
        "times": row.times,
        "first_seen": utc(row.first_seen),
        "last_seen": utc(row.last_seen),
        "document": row.document_id,
        "settled_by": row.settled_by,
        "settled_at": utc(row.settled_at),
        "note": row.note,
        "patients": [patient_to_json(patient) if patient else None for patient in (one, other)],
    }


def _duplicates_table(found: Sequence[tuple[DuplicateRow, Patient | None, Patient | None]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("MRN", "Name", "Born", "State", "Met", "Last document"):
        table.add_column(heading, overflow="fold")
    for row, *both in found:
        known = [next(_rows((patient,)))[:3] if patient else ("?", "", "") for patient in both]
        cells = [Text("\n").join(map(plain, lines)) for lines in zip(*known, strict=True)]
        table.add_row(*cells, row.state.value, f"{row.times} times", row.document_id)
    return table


@app.command("index")
def index(home: Home = None, as_json: Json = False) -> None:
    """Build the search index again from the ledger, whatever state it is in."""
    with open_site(home) as site:
        need(site, Right.MAINTAIN)
        with Console(stderr=True).status("building the patient index…"):
            built = site.search.build()
        told = {"patients": len(built), "index_generation": built.generation}
    typer.echo(json.dumps(told) if as_json else f"{told['patients']} patients, generation {built.generation}")


def _may_see_everybody(site: Site) -> None:
    """Answers name patients of the whole index. Raises NotAllowed for who may not see each of them."""
    clerk = need(site, Right.LOOK)
    if hidden := site.ledger.labels_hidden(clerk.clearance):
        msg = (
            f"the account {clerk.user} may not see patients labelled {', '.join(hidden)}, and this shows the whole "
            "index: an administrator gives the labels with `ingest users change --clearance`"
        )
        raise NotAllowed(msg)


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
    with plain_rows():
        return site.ledger.load_patients(feed.patients(), now=utc_now(), replace=replace, spare=feed.skipped_mrns)


def _opened(file: Path | None) -> BinaryIO:
    if file is None:
        if sys.stdin is None:
            msg = "standard input is closed: name a file, or send lines"
            raise BadFile(msg)
        return sys.stdin.buffer
    try:
        return file.open("rb")
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
        table.add_row(*map(plain, row))
    return table
