"""Proposals and their figures in words, the same in the terminal and in the browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from ingest.ledger import Proposal, ProposalKind
from ingest.ledger.codec import Json

_MOST_WORDS = 8


def line_of(proposal: Proposal, used: bool) -> str:
    """What it is and what became of it."""
    settled = (
        "" if proposal.settled_by is None else f" by {proposal.settled_by} at {proposal.settled_at:%Y-%m-%d %H:%M}"
    )
    note = "" if proposal.note is None else f" ({proposal.note})"
    return f"Proposal {proposal.number}, {proposal.kind}: {proposal.state}{settled}{note}{', in use' if used else ''}."


def figures_in_words(kind: ProposalKind, figures: Json) -> Iterator[str]:
    """What it rests on, before and after, and plainly what gets worse."""
    match kind:
        case ProposalKind.WEIGHTS:
            yield from _of_weights(figures)
        case ProposalKind.TYPES:
            yield from _of_types(figures)
        case _:
            assert_never(kind)
    for worse in figures.get("worse", ()):
        yield f"WORSE: {worse}."


def changes(kind: ProposalKind, body: Json) -> Iterator[str]:
    """What it would change."""
    match kind:
        case ProposalKind.WEIGHTS:
            for name, (before, after) in body["levels"].items():
                if before != after:
                    part, _, level = name.partition(".")
                    yield f"  {part.replace('_', ' ')}, {level.replace('_', ' ')}: {before:+.1f} → {after:+.1f} bits"
        case ProposalKind.TYPES:
            model = body["model"]
            for name, weights in zip(model["types"], model["weights"], strict=True):
                if name in model["speaks_for"]:
                    best = sorted(range(len(weights)), key=lambda at: (-weights[at], at))[:_MOST_WORDS]
                    yield f"  {name}: {' '.join(model['words'][at] for at in best)}"
        case _:
            assert_never(kind)


def _of_weights(figures: Json) -> Iterator[str]:
    yield (
        f"{figures['taught']:,} older decisions taught ({figures['confirmed']:,} of the program's own, confirmed by "
        f"second looks); {figures['levels_changed']} levels would get other bits."
    )
    if "after" not in figures:
        return
    before, after = figures["before"], figures["after"]
    yield f"Tried on {figures['tried']:,} newer decisions, at the threshold of {figures['threshold']:.10g}:"
    for words, key in (
        ("filed unattended", "filed"),
        ("  of these to the wrong patient", "filed_wrong"),
        ("with a person", "reviewed"),
        ("surprise by the right patient (bits)", "log_loss_bits"),
        ("probabilities are off by", "calibration_error"),
    ):
        yield f"  {words:38} {before[key]:>10,} → {after[key]:,}"
    yield "Vetoes, what counts as an agreement and the threshold do not change."


def _of_types(figures: Json) -> Iterator[str]:
    named = ", ".join(figures["speaks_for"]) or "none"
    yield (
        f"{figures['taught']:,} older documents taught ({figures['corrected']:,} of them corrected), "
        f"{figures['words']:,} words, {len(figures['types'])} types; it may name: {named}."
    )
    yield f"Tried on {figures['tried']:,} newer documents (it is asked where the rules are silent):"
    for words, key in (("type right", "right"), ("type wrong", "wrong"), ("no type", "silent")):
        yield f"  {words:38} {figures['before'][key]:>10,} → {figures['after'][key]:,}"
    for name, told in figures["by_type"].items():
        yield f"  it named {name}: {told['right']} right, {told['wrong']} wrong"
