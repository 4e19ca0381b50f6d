"""Proposals and their figures as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, assert_never

from rich.table import Table

from ingest.cli.cells import plain
from ingest.ledger import Proposal, ProposalKind

_MOST_WORDS = 8


def proposal_to_json(proposal: Proposal, used: bool) -> dict[str, Any]:
    """A proposal without its body."""
    return {
        "proposal": proposal.number,
        "kind": proposal.kind.value,
        "state": proposal.state.value,
        "in_use": used,
        "made_at": proposal.made_at.isoformat(),
        "made_by": proposal.made_by,
        "settled_at": proposal.settled_at and proposal.settled_at.isoformat(),
        "settled_by": proposal.settled_by,
        "note": proposal.note,
        "figures": proposal.figures,
    }


def listed(found: Iterable[tuple[Proposal, bool]]) -> Table:
    """One line a proposal."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Number", "Kind", "State", "Made", "By"):
        table.add_column(heading, no_wrap=True)
    table.add_column("Before → after, on newer decisions", overflow="fold")
    for proposal, used in found:
        state = "in use" if used else proposal.state.value
        made = f"{proposal.made_at:%Y-%m-%d %H:%M}"
        table.add_row(
            str(proposal.number), proposal.kind.value, state, made, plain(proposal.made_by), plain(_short(proposal))
        )
    return table


def _short(proposal: Proposal) -> str:
    before, after = proposal.figures["before"], proposal.figures["after"]
    match proposal.kind:
        case ProposalKind.WEIGHTS:
            told = (
                f"filed {before['filed']} → {after['filed']}, wrongly {before['filed_wrong']} → {after['filed_wrong']}"
            )
        case ProposalKind.TYPES:
            told = f"types right {before['right']} → {after['right']}, wrong {before['wrong']} → {after['wrong']}"
        case _:
            assert_never(proposal.kind)
    return f"{told}{'; WORSE' if proposal.figures.get('worse') else ''}"
