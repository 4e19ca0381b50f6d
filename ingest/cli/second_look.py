"""`ingest review second-look`: what was decided, seen once more by somebody who does not know how."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from ingest.cli.cells import in_ranges, plain
from ingest.cli.json_lines import document_to_json, utc
from ingest.cli.page_view import write_page_picture
from ingest.cli.review_tables import blind_view
from ingest.cli.site import Home, Json, open_site
from ingest.cli.terminal import clerk_here, need
from ingest.errors import WrongUse
from ingest.ledger import Disagreement, LookAnswer, LookKind, Settlement
from ingest.model import DocumentState
from ingest.review import BlindLook, Right, SecondLook
from ingest.review.second_look_rates import Rate, RatesBy
from ingest.running.desks import second_look_of
from ingest.running.paper import paper_of
from ingest.running.runner import settle_filing, utc_now
from ingest.running.second_look import draw_second_looks
from ingest.running.site import Site

app = typer.Typer(
    help="A share of what was decided comes back blind: misfiles are found, and how many there may be is known.",
    no_args_is_help=True,
)

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The second look's number, as `next` shows it.", min=1)]
OpenPicture = Annotated[bool, typer.Option("--open", help="Open the picture of a page too.")]
PageNumber = Annotated[int | None, typer.Option("--page", min=1, help="Which page --open shows.")]
_OF_DOCUMENT = ("pages", "type", "document_date", "evidence", "candidates")
_KINDS = {
    LookKind.UNATTENDED: "filed unattended",
    LookKind.FILED_BY_PERSON: "filed by people",
    LookKind.DISCARDED_BY_PERSON: "discarded by people",
}


@app.command("draw")
def draw(home: Home = None, as_json: Json = False) -> None:
    """Choose which of the new decisions are looked at again. Harmless to run at any time, from cron say."""
    with open_site(home) as site:
        drawn = draw_second_looks(site, by=need(site, Right.MAINTAIN).user, now=utc_now())
    if as_json:
        _print_json({"decisions": drawn.decisions, "chosen": drawn.chosen})  # not how many are known cases
    else:
        typer.echo(f"{drawn.chosen:,} of {drawn.decisions:,} new decisions are looked at again")


@app.command("next")
def next_(open_picture: OpenPicture = False, page: PageNumber = None, home: Home = None, as_json: Json = False) -> None:
    """The next document for a second look, held for you for a while. Answer it with `answer`."""
    with _second_look(home) as (site, service):
        look = service.next()
        if look is not None:
            _show(site, service, look, open_picture, page, as_json=as_json)
        elif not as_json:
            typer.echo("no second look waits for you")


@app.command("show")
def show(
    number: Number, open_picture: OpenPicture = False, page: PageNumber = None, home: Home = None, as_json: Json = False
) -> None:
    """Once more the document that you hold."""
    with _second_look(home) as (site, service):
        _show(site, service, service.show(number), open_picture, page, as_json=as_json)


@app.command("answer")
def answer(
    number: Number,
    mrn: Annotated[str | None, typer.Option("--mrn", help="Whose document it is.")] = None,
    no_patient: Annotated[bool, typer.Option("--no-patient", help="It belongs in no record.")] = False,
    unsure: Annotated[bool, typer.Option("--unsure", help="It cannot be told.")] = False,
    home: Home = None,
) -> None:
    """Say whose document it is, without knowing what was decided before."""
    said = {LookAnswer.PATIENT: mrn is not None, LookAnswer.NO_PATIENT: no_patient, LookAnswer.UNSURE: unsure}
    given = [one for one, is_said in said.items() if is_said]
    if len(given) != 1:
        msg = "say one of --mrn MRN, --no-patient and --unsure"
        raise WrongUse(msg)
    with _second_look(home) as (_, service):
        service.answer(number, given[0], mrn=mrn)
    typer.echo(f"second look {number} is answered")


@app.command("open")
def open_(home: Home = None, as_json: Json = False) -> None:
    """What waits for a supervisor: where the second answer is another one."""
    with _second_look(home) as (_, service):
        found = list(service.disagreements())
    if as_json:
        for one in found:
            _print_json(_disagreement_to_json(one))
    elif found:
        Console().print(_disagreements_table(found))
    else:
        typer.echo("no disagreement waits for a supervisor")


@app.command("settle")
def settle(
    number: Number,
    first_right: Annotated[bool, typer.Option("--first-right", help="What was decided first is right.")] = False,
    first_wrong: Annotated[bool, typer.Option("--first-wrong", help="It is wrong, and goes back to review.")] = False,
    mrn: Annotated[str | None, typer.Option("--mrn", help="With --first-wrong: whose it is.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Say which of two answers is right. What was filed wrongly leaves the record and waits for review."""
    if first_right == first_wrong:
        msg = "say one of --first-right and --first-wrong"
        raise WrongUse(msg)
    with _second_look(home) as (site, service):
        document = service.settle(number, Settlement.FIRST_RIGHT if first_right else Settlement.FIRST_WRONG, mrn=mrn)
        settle_filing(site)
    if as_json:
        _print_json(document_to_json(document))
    elif document.state is DocumentState.REVIEW:
        Console().print(plain(f"{document.id} is in review: {document.reasons[0]}"))
    else:
        typer.echo(f"{document.id} is {document.state}")


@app.command("settled")
def settled(home: Home = None, as_json: Json = False) -> None:
    """What supervisors settled, the newest first. `reopen` takes one of them back."""
    with _second_look(home) as (_, service):
        found = list(service.settled())
    if as_json:
        for one in found:
            _print_json(_disagreement_to_json(one) | {"settled": one.settled, "settled_by": one.settled_by})
    elif found:
        Console().print(_disagreements_table(found, settled=True))
    else:
        typer.echo("no disagreement is settled")


@app.command("reopen")
def reopen(number: Number, home: Home = None, as_json: Json = False) -> None:
    """Take back how two answers were settled: a misfile no more, and in review for whoever files it again."""
    with _second_look(home) as (_, service):
        document = service.reopen(number)
    if as_json:
        _print_json(document_to_json(document))
    else:
        typer.echo(f"second look {number} is to be settled again; {document.id} is {document.state}")


@app.command("rates")
def rates(
    by: Annotated[RatesBy, typer.Option("--by", help="A rate for each of these.")] = RatesBy.NOTHING,
    lookers: Annotated[bool, typer.Option("--lookers", help="How often whoever looks is wrong instead.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """How often the program and people are wrong: what was seen, and what it is at most with 95 % confidence.

    "At most" takes what waits for wrong; "so far at most" leaves it out.
    """
    with _second_look(home) as (_, service):
        if lookers:
            _print_lookers(service, as_json=as_json)
            return
        found = service.rates(by)
    if as_json:
        for one in found:
            _print_json(_rate_to_json(one, by))
    elif found:
        Console().print(_rates_table(found))
    else:
        typer.echo("nothing was drawn for a second look yet: ingest review second-look draw")


@contextmanager
def _second_look(home: Home) -> Iterator[tuple[Site, SecondLook]]:
    with open_site(home) as site:
        yield site, second_look_of(site, clerk_here(site))


def _show(
    site: Site, service: SecondLook, look: BlindLook, open_picture: bool, page: int | None, *, as_json: bool
) -> None:
    if as_json:
        told = document_to_json(look.document)
        _print_json({"second_look": look.number} | {name: told[name] for name in _OF_DOCUMENT})
    else:
        console = Console()
        console.print(f"Second look {look.number}, pages {in_ranges(look.document.pages)}", style="bold")
        console.print(blind_view(look.document, look.suspects, console, paper_of(site, look.document)))
        console.print(f"ingest review second-look answer {look.number} --mrn MRN, or --no-patient, or --unsure")
    if open_picture:
        number = page if page is not None else next(iter(look.document.pages), 1)
        file = write_page_picture(site, service.look_at(look.number, number), number)
        typer.echo(f"page {number}: {file}", err=True)
        if sys.stdout.isatty():
            typer.launch(str(file))


def _disagreements_table(found: list[Disagreement], *, settled: bool = False) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Number", "Document", "First", "By", "Then", "By", *(("Settled", "By") if settled else ())):
        table.add_column(heading, overflow="fold")
    for one in found:
        table.add_row(
            str(one.number),
            one.document_id,
            plain(f"MRN {one.first_mrn}" if one.first_mrn is not None else "discarded"),
            plain(one.first_by),
            plain(f"MRN {one.answer_mrn}" if one.answer_mrn is not None else one.answer.replace("_", " ")),
            plain(one.answered_by),
            *((one.settled.replace("_", " "), plain(one.settled_by or "")) if one.settled is not None else ()),
        )
    return table


def _rates_table(found: tuple[Rate, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Decisions", no_wrap=True)
    table.add_column("Of", overflow="fold")
    for heading in ("How many", "Looked at", "Waiting", "Wrong", "Disputed", "Estimate", "So far at most", "At most"):
        table.add_column(heading, justify="right")
    for one in found:
        table.add_row(
            _KINDS[one.kind],
            plain(one.group or "(top folder)"),
            f"{one.decisions:,}",
            f"{one.looked:,}",
            f"{one.waiting:,}",
            f"{one.wrong:,}",
            f"{one.disputed:,}",
            "–" if one.estimate is None else f"{one.estimate:.3%}",
            f"{one.so_far:.3%}",
            f"{one.at_most:.3%}",
        )
    return table


def _print_lookers(service: SecondLook, *, as_json: bool) -> None:
    found = service.looker_rates()
    for one in found:
        if as_json:
            _print_json({"person": one.person, "shown": one.shown, "wrong": one.wrong, "unsure": one.unsure})
        else:
            typer.echo(f"{one.person}: {one.shown:,} known cases, {one.wrong:,} wrong, {one.unsure:,} unsure")
    if not found and not as_json:
        typer.echo("nobody was shown a known case yet")


def _rate_to_json(one: Rate, by: RatesBy) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "by": by.value,
        "group": one.group,
        "decisions": one.decisions,
        "looked": one.looked,
        "waiting": one.waiting,
        "wrong": one.wrong,
        "disputed": one.disputed,
        "estimate": one.estimate,
        "at_most": one.at_most,
        "so_far": one.so_far,
        "exact": one.exact,
    }


def _disagreement_to_json(one: Disagreement) -> dict[str, Any]:
    return {
        "second_look": one.number,
        "document": one.document_id,
        "version": one.version,
        "kind": one.kind.value,
        "first_mrn": one.first_mrn,
        "first_by": one.first_by,
        "answer": one.answer.value,
        "answer_mrn": one.answer_mrn,
        "answered_by": one.answered_by,
        "answered_at": utc(one.answered_at),
    }


def _print_json(value: dict[str, Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))
