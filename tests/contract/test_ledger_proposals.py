"""The contract of the ledger: what may be learned, who applied it and who refused it."""

from __future__ import annotations

import pytest

from ingest.errors import Conflict, NotFound
from ingest.ledger import Ledger, Proposal, ProposalKind, ProposalState
from tests.contract.ledger_steps import later

BODY = {"levels": {"zip.exact": [4.0, 5.3]}, "base": "abc"}
FIGURES = {"documents": 80, "after": {"wrong": 0}}


def propose(ledger: Ledger, kind: ProposalKind = ProposalKind.WEIGHTS) -> Proposal:
    return ledger.propose(kind=kind, body=BODY, figures=FIGURES, by="ann", now=later(1))


def test_a_proposal_waits_with_its_figures_and_its_body_apart(ledger: Ledger) -> None:
    made = propose(ledger)
    types = propose(ledger, ProposalKind.TYPES)
    assert (made.kind, made.state, made.figures) == (ProposalKind.WEIGHTS, ProposalState.OPEN, FIGURES)
    assert (made.made_by, made.made_at, made.settled_by) == ("ann", later(1), None)
    assert ledger.proposal(made.number) == made
    assert ledger.proposals() == (made, types)
    assert ledger.proposals(ProposalKind.TYPES) == (types,)
    assert ledger.proposal_body(made.number) == BODY


def test_who_applied_it_is_in_the_audit_with_the_figures(ledger: Ledger) -> None:
    made = propose(ledger)
    applied = ledger.settle_proposal(made.number, ProposalState.APPLIED, by="sue", note="fine", now=later(5))
    assert (applied.state, applied.settled_by, applied.note) == (ProposalState.APPLIED, "sue", "fine")
    ledger.settle_proposal(made.number, ProposalState.APPLIED, by="sam", note=None, now=later(9))
    events = [event for event in ledger.audit() if event.action.startswith("proposal.")]
    assert [(event.action, event.actor) for event in events] == [
        ("proposal.made", "ann"),
        ("proposal.applied", "sue"),
        ("proposal.applied", "sam"),
    ]
    assert events[1].facts["figures"] == FIGURES
    assert events[1].facts["kind"] == "weights"
    assert len(events[1].facts["body_sha256"]) == 64
    assert events[1].details == {"note": "fine"}


def test_what_was_settled_is_not_settled_otherwise(ledger: Ledger) -> None:
    refused, applied = propose(ledger), propose(ledger)
    ledger.settle_proposal(refused.number, ProposalState.REFUSED, by="sue", note="no", now=later(2))
    ledger.settle_proposal(applied.number, ProposalState.APPLIED, by="sue", note=None, now=later(2))
    for number, state in (
        (refused.number, ProposalState.APPLIED),
        (refused.number, ProposalState.REFUSED),
        (applied.number, ProposalState.REFUSED),
    ):
        with pytest.raises(Conflict, match="make a new one"):
            ledger.settle_proposal(number, state, by="sue", note=None, now=later(3))


def test_there_is_no_such_proposal(ledger: Ledger) -> None:
    for ask in (ledger.proposal, ledger.proposal_body):
        with pytest.raises(NotFound, match="ingest learn list"):
            ask(7)
    with pytest.raises(NotFound):
        ledger.settle_proposal(7, ProposalState.REFUSED, by="sue", note=None, now=later(3))
