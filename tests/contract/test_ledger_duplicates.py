"""The contract of the ledger: the worklist of possible duplicate registrations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.errors import Conflict, NotFound
from ingest.ledger import DuplicateState, Ledger
from ingest.model import DocumentState
from matchers.decision import Veto, VetoName
from tests.contract.ledger_steps import NOW, candidate, later, patient, read, to_review


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


def merge(ledger: Ledger, retired: str, survivor: str) -> int:
    return ledger.merge_patients(retired=retired, survivor=survivor, by="ann", now=later(5))


def test_a_merger_settles_its_pair_and_undoing_it_opens_the_line_again(ledger: Ledger) -> None:
    ledger.load_patients([patient("1"), patient("2"), patient("3")], now=NOW)
    meet(ledger, "1", "2", name="a")
    meet(ledger, "1", "3", name="b")

    assert merge(ledger, "2", "1") == 1
    assert pairs(ledger) == [("1", "3", "open", 1)]
    (row,) = (d for d in ledger.duplicates(settled=True) if d.other_mrn == "2")
    assert (row.state, row.settled_by, row.settled_at) == (DuplicateState.MERGED, "ann", later(5))

    assert ledger.unmerge_patient(retired="2", by="bob", now=later(9)) == 1
    assert pairs(ledger) == [("1", "2", "open", 1), ("1", "3", "open", 1)]
    (row,) = (d for d in ledger.duplicates() if d.other_mrn == "2")
    assert (row.settled_by, row.settled_at) == (None, None)


def test_a_merger_and_its_undoing_are_told_with_what_they_did_to_the_list(ledger: Ledger) -> None:
    ledger.load_patients([patient("4711"), patient("4712")], now=NOW)
    meet(ledger, "4711", "4712", name="a")
    merge(ledger, "4711", "4712")
    ledger.unmerge_patient(retired="4711", by="bob", now=later(9))

    *_, settled, merged, opened, unmerged = ledger.audit()

    assert (settled.action, settled.actor, settled.facts) == ("duplicate.settled", "ann", {"state": "merged"})
    assert (opened.action, opened.actor, opened.facts) == ("duplicate.opened", "bob", {"state": "open"})
    assert (merged.action, unmerged.action) == ("patients.merged", "patients.unmerged")
    assert settled.details == opened.details == {"mrn": "4711", "other_mrn": "4712"}


def test_a_merger_of_a_pair_that_nobody_met_makes_no_line(ledger: Ledger) -> None:
    ledger.load_patients([patient("1"), patient("2")], now=NOW)
    assert merge(ledger, "1", "2") == 0
    assert ledger.unmerge_patient(retired="1", by="ann", now=later(9)) == 0
    assert pairs(ledger, settled=True) == []


def test_who_were_called_two_people_are_not_merged(ledger: Ledger) -> None:
    ledger.load_patients([patient("1"), patient("2")], now=NOW)
    meet(ledger, "1", "2", name="a")
    ledger.settle_duplicate("1", "2", state=DuplicateState.DISTINCT, by="bob", now=NOW, note="father and son")
    before = (ledger.patient_generation(), len(list(ledger.audit())))

    with pytest.raises(Conflict, match="two people"):
        merge(ledger, "1", "2")

    assert (ledger.patient_generation(), len(list(ledger.audit()))) == before
    ledger.settle_duplicate("1", "2", state=DuplicateState.MERGED, by="bob", now=NOW)
    assert merge(ledger, "1", "2") == 0
    assert pairs(ledger, settled=True) == [("1", "2", "merged", 1)]


def test_a_chain_of_mergers_leaves_no_line_between_its_registrations(ledger: Ledger) -> None:
    ledger.load_patients([patient("1"), patient("2"), patient("3")], now=NOW)
    for one, other in (("1", "2"), ("2", "3"), ("1", "3")):
        meet(ledger, one, other, name=one + other)

    merge(ledger, "1", "2")
    assert merge(ledger, "2", "3") == 2
    assert pairs(ledger) == []

    assert ledger.unmerge_patient(retired="2", by="ann", now=later(9)) == 2
    assert pairs(ledger) == [("2", "3", "open", 1), ("1", "3", "open", 1)]


def test_an_index_from_before_the_merger_opens_nothing(ledger: Ledger) -> None:
    ledger.load_patients([patient("1"), patient("2"), patient("3")], now=NOW)
    meet(ledger, "1", "2", name="a")
    merge(ledger, "1", "2")

    meet(ledger, "1", "2", name="b")
    meet(ledger, "1", "3", name="c")

    assert pairs(ledger, settled=True) == [("1", "2", "merged", 1)]
