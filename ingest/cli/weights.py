"""`ingest weights`: the bits of every comparison level, estimated from the site's own documents."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from ingest.cli.cells import plain
from ingest.cli.site import Home, Json, open_site
from ingest.cli.terminal import need
from ingest.errors import WrongUse
from ingest.review import Right
from ingest.running.runner import utc_now
from ingest.running.weights import apply_weights, changed_bits, estimate_weights
from matchers import load_policy
from matchers.levels import Part
from matchers.reweigh import FEWEST_DECIDED, FEWEST_PAIRS, LevelWeight, Reweighing, Verdict

app = typer.Typer(help="How much each agreement and difference says, learned from this site.", no_args_is_help=True)


@app.command("estimate")
def estimate(
    apply: Annotated[bool, typer.Option("--apply", help="Use the estimated bits from now on.")] = False,
    newest: Annotated[
        int, typer.Option("--documents", min=1, max=100_000, help="Look at so many, the newest.")
    ] = 20_000,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Estimate the bits of every comparison level from documents, anchored by what people decided."""
    with open_site(home) as site:
        by = need(site, Right.SETTLE if apply else Right.REPORT).user
        policy = site.policy
        with Console(stderr=True).status("holding documents against patients…"):
            found = estimate_weights(site, newest=newest)
        if apply and found.lacking:
            msg = f"no weight was changed: {found.lacking:,} more documents decided by people are lacking"
            raise WrongUse(msg)
        file = apply_weights(site.home, changed_bits(found), policy) if apply and found.changed else None
        fingerprint = load_policy(file).fingerprint if file else policy.fingerprint
        if file:
            site.ledger.note(
                action="weights.applied",
                actor=by,
                subject="site",
                details={"before": policy.fingerprint, "after": fingerprint},
                now=utc_now(),
            )
    if as_json:
        typer.echo(json.dumps(_to_json(found, policy.fingerprint, fingerprint), ensure_ascii=False))
    else:
        Console().print(_table(found.levels))
        for line in _in_words(found):
            typer.echo(line)
    if file:
        typer.echo(f"written to {file}; it counts from the next start of a run. Fingerprint: {fingerprint}", err=True)
        typer.echo("What was audited so far was decided with other weights and certifies nothing now: when people "
                   "have checked enough new decisions, run ingest calibrate again.", err=True)  # fmt: skip
        if policy.certificate is not None:
            typer.echo(
                f"The certificate of {policy.certificate.date} is void and taken out; its threshold stays.", err=True
            )
    elif apply:
        typer.echo("no weight was changed: none would get other bits", err=True)


def _in_words(found: Reweighing) -> Iterable[str]:
    yield f"{found.documents:,} documents looked at, {found.decided:,} of them decided by people."
    if found.lacking:
        yield (
            f"These are too few to go by: {found.lacking:,} more documents decided by people are lacking "
            f"({FEWEST_DECIDED} are needed)."
        )
        return
    kept = len(found.levels) - len(found.changed)
    yield f"{len(found.changed)} levels would get other bits, {kept} keep theirs; those never met are not shown."
    yield f"A level needs {FEWEST_PAIRS} pairs of either kind. Vetoes and what counts as an agreement do not change."


def _table(levels: Iterable[LevelWeight]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Compared", "Level"):
        table.add_column(heading, overflow="fold")
    for heading in ("Bits", "Estimated", "Same person", "Strangers"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("What becomes of it", overflow="fold")
    shown: Part | None = None
    for one in levels:
        if one.estimated_bits is None:
            continue
        table.add_row(
            "" if one.level.part is shown else _PARTS.get(one.level.part, one.level.part.replace("_", " ")),
            plain(one.level.label),
            f"{one.level.bits:+.1f}",
            f"{one.estimated_bits:+.1f}",
            f"{one.same_person:,.0f}",
            "computed" if one.strangers is None else f"{one.strangers:,}",
            _verdict(one),
        )
        shown = one.level.part
    return table


_PARTS = {Part.FAMILY_NAME: "last name", Part.GIVEN_NAME: "first name", Part.MRN: "MRN", Part.SSN_LAST4: "SSN's last 4",
          Part.ZIP: "ZIP"}  # fmt: skip


def _verdict(one: LevelWeight) -> str:
    match one.verdict:
        case Verdict.ESTIMATED:
            return "new" if one.bits != one.level.bits else "the same"
        case Verdict.TOO_FEW:
            return "kept: too few pairs"
        case Verdict.SIGN:
            return "kept: would speak for the other side"
        case Verdict.ORDER:
            return "kept: a farther level would outweigh a nearer one"
        case Verdict.SILENT:
            return "kept: says nothing, by rule"
        case Verdict.POPULATION:
            return "kept: follows how common the value is"


def _to_json(found: Reweighing, before: str, after: str) -> dict[str, Any]:
    return {
        "documents": found.documents,
        "decided": found.decided,
        "lacking": found.lacking,
        "fingerprint": before,
        "new_fingerprint": None if after == before else after,
        "levels": [
            {
                "part": one.level.part.value,
                "level": one.level.key,
                "label": one.level.label,
                "bits": one.level.bits,
                "estimated_bits": one.estimated_bits,
                "new_bits": one.bits,
                "same_person_pairs": round(one.same_person, 1),
                "stranger_pairs": one.strangers,
                "verdict": one.verdict.value,
            }
            for one in found.levels
        ],
    }
