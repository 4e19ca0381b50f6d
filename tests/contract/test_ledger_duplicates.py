"""The contract of the ledger: the worklist of possible duplicate registrations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.errors import NotFound
from ingest.ledger import DuplicateState, Ledger
from ingest.model import DocumentState
from matchers.decision import Veto, VetoName
from tests.contract.ledger_steps import NOW, candidate, later, read, to_review


def meet(ledger: Ledger, mrn: str, other: str, *, name: str) -> None:
    veto = Veto(name=VetoName.DUPLICATE_REGISTRATION, reason="They seem one.", other_mrn=other)
    best = replace(candidate(mrn, 0.6), vetoes=(veto,))
    suspects = replace(to_review(1), candidates=(best, candidate(other, 0.4)))
    read(ledger, suspects, name=name, content=name)


def pairs(ledger: Ledger, *, settled: bool = False) -> list[tuple[str, str, str, int]]:
    return [(d.mrn, d.other_mrn, d.state.value, d.times) for d in ledger.duplicates(settled=settled)]


def test_a_pair_is_one_line_whichever_comes_first(ledger: Ledger) -> None:
    meet(ledger, "9", "10", name="a")
    meet(ledger, "10", "9", name="b")
    meet(ledger, "3", "4", name="c")

    assert pairs(ledger) == [("10", "9", "open", 2), ("3", "4", "open", 1)]
    (first, _) = ledger.duplicates()
    assert first.document_id == max(d.id for d in ledger.documents(state=DocumentState.REVIEW, scan="b"))


def test_a_settled_pair_leaves_the_list_and_two_people_stay_two(ledger: Ledger) -> None:
    meet(ledger, "1", "2", name="a")
    ledger.settle_duplicate("2", "1", state=DuplicateState.DISTINCT, by="ann", now=NOW, note="father and son")
    meet(ledger, "1", "2", name="b")

    assert pairs(ledger) == []
    (row,) = ledger.duplicates(settled=True)
    assert (row.state, row.times, row.settled_by, row.note) == (DuplicateState.DISTINCT, 2, "ann", "father and son")


def test_a_merged_pair_that_is_met_again_opens_again(ledger: Ledger) -> None:
    meet(ledger, "1", "2", name="a")
    ledger.settle_duplicate("1", "2", state=DuplicateState.MERGED, by="ann", now=later(1))
    assert pairs(ledger) == []
    meet(ledger, "1", "2", name="b")
    assert pairs(ledger) == [("1", "2", "open", 2)]


def test_settling_is_an_event_that_names_nobody(ledger: Ledger) -> None:
    meet(ledger, "4711", "4712", name="a")
    ledger.settle_duplicate("4711", "4712", state=DuplicateState.MERGED, by="ann", now=NOW)
    *_, event = ledger.audit()
    assert (event.action, event.actor, event.facts) == ("duplicate.settled", "ann", {"state": "merged"})


def test_a_pair_that_is_not_listed_cannot_be_settled(ledger: Ledger) -> None:
    with pytest.raises(NotFound, match="duplicates"):
        ledger.settle_duplicate("1", "2", state=DuplicateState.MERGED, by="ann", now=NOW)


def test_other_vetoes_put_nothing_on_the_list(ledger: Ledger) -> None:
    read(ledger, to_review(1))
    assert pairs(ledger, settled=True) == []
