"""`ingest learn`: what the desk's decisions would teach, and what a supervisor makes of it."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console

from ingest.cli.cells import plain
from ingest.cli.learn_tables import listed, proposal_to_json
from ingest.cli.site import Home, Json, open_site
from ingest.cli.terminal import need
from ingest.ledger import ProposalKind
from ingest.review import Right
from ingest.running.runner import utc_now

app = typer.Typer(
    help="Weights and types learned from what people decided: proposed with figures, applied by a supervisor.",
    no_args_is_help=True,
)

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="As `ingest learn list` shows it.")]
Note = Annotated[str, typer.Option("--note", help="Why; kept in the audit.")]
Newest = Annotated[int, typer.Option("--documents", min=1, max=100_000, help="Learn from so many, the newest.")]


@app.command("weights")
def weights(newest: Newest = 20_000, home: Home = None, as_json: Json = False) -> None:
    """Propose bits for the comparison levels, estimated on older decisions and tried on newer ones."""
    _propose(ProposalKind.WEIGHTS, newest, home, as_json)


@app.command("types")
def types(newest: Newest = 5_000, home: Home = None, as_json: Json = False) -> None:
    """Propose a classifier for papers whose type the rules do not tell (needs the extra `learning`)."""
    _propose(ProposalKind.TYPES, newest, home, as_json)


def _propose(kind: ProposalKind, newest: int, home: Home, as_json: bool) -> None:
    from ingest.learning import propose_types, propose_weights
    from ingest.learning.words import figures_in_words

    propose = propose_weights if kind is ProposalKind.WEIGHTS else propose_types
    with open_site(home) as site, Console(stderr=True).status("learning from what people decided…"):
        found = propose(site, by=need(site, Right.REPORT).user, now=utc_now(), newest=newest)
    number = None if found.proposal is None else found.proposal.number
    if as_json:
        typer.echo(json.dumps({"proposal": number, "kind": kind.value, "figures": found.figures}))
        return
    for line in figures_in_words(kind, found.figures):
        typer.echo(line)
    if number is None:
        typer.echo("Nothing was proposed: it would change nothing, or gain too little.")
    else:
        typer.echo(f"Proposal {number} waits for a supervisor: ingest learn show {number}, ingest learn apply {number}")


@app.command("list")
def list_proposals(home: Home = None, as_json: Json = False) -> None:
    """Every proposal, oldest first, and which are in use."""
    from ingest.learning import in_use

    with open_site(home) as site:
        need(site, Right.REPORT)
        found = [(proposal, in_use(site, proposal)) for proposal in site.ledger.proposals()]
    if as_json:
        for proposal, used in found:
            typer.echo(json.dumps(proposal_to_json(proposal, used), ensure_ascii=False))
    elif found:
        Console().print(listed(found))
    else:
        typer.echo("nothing was proposed yet: ingest learn weights, ingest learn types")


@app.command("show")
def show(number: Number, home: Home = None, as_json: Json = False) -> None:
    """One proposal: what it would change, and its figures on past decisions, before and after."""
    from ingest.learning import in_use
    from ingest.learning.words import changes, figures_in_words, line_of

    with open_site(home) as site:
        need(site, Right.REPORT)
        proposal, body = site.ledger.proposal(number), site.ledger.proposal_body(number)
        used = in_use(site, proposal)
    if as_json:
        typer.echo(json.dumps(proposal_to_json(proposal, used) | {"body": body}, ensure_ascii=False))
        return
    typer.echo(plain(line_of(proposal, used)).plain)
    for line in figures_in_words(proposal.kind, proposal.figures):
        typer.echo(line)
    for line in changes(proposal.kind, body):
        typer.echo(line)


@app.command("apply")
def apply(
    number: Number,
    note: Annotated[str | None, typer.Option("--note", help="Kept in the audit.")] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Though its figures say that something gets worse.")
    ] = False,
    home: Home = None,
) -> None:
    """Use what a proposal says, from the next start of a run on; a former one may be applied again."""
    from ingest.learning import apply_proposal

    with open_site(home) as site:
        proposal = apply_proposal(
            site, number, by=need(site, Right.SETTLE).user, now=utc_now(), note=note, confirm=confirm
        )
    typer.echo(f"proposal {number} is applied; it counts from the next start of a run")
    typer.echo(f"to take it back: ingest learn revert {proposal.kind} --note WHY", err=True)
    if proposal.kind is ProposalKind.WEIGHTS:
        typer.echo("What was audited so far was decided with other weights and certifies nothing now: when people "
                   "have checked enough new decisions, run ingest calibrate again.", err=True)  # fmt: skip


@app.command("refuse")
def refuse(number: Number, note: Note, home: Home = None) -> None:
    """Do not use a proposal, and say why."""
    from ingest.learning import refuse_proposal

    with open_site(home) as site:
        refuse_proposal(site, number, by=need(site, Right.SETTLE).user, now=utc_now(), note=note)
    typer.echo(f"proposal {number} is refused")


@app.command("revert")
def revert(
    kind: Annotated[ProposalKind, typer.Argument(help="What is to be as it was before the proposal in use.")],
    note: Note,
    home: Home = None,
) -> None:
    """Take the applied proposal that is in use back: what stood before it stands again."""
    from ingest.learning import revert as take_back

    with open_site(home) as site:
        proposal = take_back(site, kind, by=need(site, Right.SETTLE).user, now=utc_now(), note=note)
    typer.echo(f"proposal {proposal.number} is taken back; it counts from the next start of a run")
