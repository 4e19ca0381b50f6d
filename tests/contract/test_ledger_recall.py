"""What the program filed unattended goes back to people; what people filed stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.errors import LostLease, WrongUse
from ingest.ledger import Act, JobKind, Ledger, Recall
from ingest.model import Document, DocumentState
from tests.contract.ledger_steps import HERE, NOW, claim, file_now, later, patient, read, take, to_file, to_review


def recalled(ledger: Ledger, which: Recall) -> tuple[str, ...]:
    told = ledger.recallable(which)
    done = ledger.recall(which, reason="bad weights", by="anna", acting_for=None, now=later(60))
    assert done == told
    return done


def filed_by_program(ledger: Ledger, name: str, fingerprint: str = "weights-1") -> Document:
    (document,) = read(ledger, replace(to_file(1), fingerprint=fingerprint), name=name)
    return file_now(ledger, document)


def test_everything_filed_under_some_weights_comes_back_in_one_act(ledger: Ledger) -> None:
    one, other = filed_by_program(ledger, "a.pdf"), filed_by_program(ledger, "b.pdf")
    kept = filed_by_program(ledger, "c.pdf", "weights-2")

    assert recalled(ledger, Recall(fingerprint="weights-1")) == (one.id, other.id)

    back = ledger.document(one.id)
    assert (back.state, back.mrn, back.filed_as) == (DocumentState.REVIEW, None, None)
    assert back.reasons == ("Recalled: bad weights", *one.reasons)
    assert (back.candidates, back.decided_by) == (one.candidates, "anna")
    assert ledger.document(kept.id).state is DocumentState.FILED
    assert {row.document_id for row in ledger.pending_withdrawals()} == {one.id, other.id}
    (event,) = (row for row in ledger.audit() if row.action == "documents.recalled")
    assert event.facts["documents"] == [one.id, other.id]
    assert event.details == {"reason": "bad weights"}
    assert ledger.check_audit() == ()


def test_what_a_person_filed_stays_filed(ledger: Ledger) -> None:
    ledger.load_patients([patient("0012")], now=NOW)
    (waiting,) = read(ledger, to_review(1))
    accepted = ledger.decide_by_person(
        document_id=waiting.id, version=waiting.version, act=Act.ACCEPT, mrn=None, by="anna", acting_for=None,
        note=None, now=NOW,
    )  # fmt: skip
    file_now(ledger, accepted)
    assert recalled(ledger, Recall(fingerprint="weights-1")) == ()
    assert ledger.document(waiting.id).state is DocumentState.FILED


def test_a_filing_under_way_is_taken_back_and_its_worker_cannot_end_it(ledger: Ledger) -> None:
    (document,) = read(ledger, to_file(1))
    job = claim(ledger, JobKind.FILE)
    assert recalled(ledger, Recall(since=NOW)) == (document.id,)
    with pytest.raises(LostLease):
        ledger.filing_order(job)
    assert ledger.document(document.id).state is DocumentState.REVIEW


def test_a_time_holds_from_its_first_instant_to_before_its_last(ledger: Ledger) -> None:
    document = filed_by_program(ledger, "a.pdf")
    assert ledger.recallable(Recall(since=later(1))) == ()
    assert ledger.recallable(Recall(until=NOW)) == ()
    assert ledger.recallable(Recall(since=NOW, until=later(1))) == (document.id,)


def test_an_origin_holds_for_what_is_below_it_and_not_for_names_that_begin_like_it(ledger: Ledger) -> None:
    for origin in ("fax", "fax/night", "fax_2", "fax%", "scan/fax"):
        name = f"{origin}/a.pdf"
        scan = take(ledger, name, origin=origin)
        job = ledger.claim(worker=HERE, kinds=(JobKind.READ,), lease_s=60, now=NOW, subject=scan.id)
        assert job is not None
        ledger.record_opened(job, kind=None, pages=1)
        ledger.conclude_reading(job, dispositions=(to_file(1),), now=NOW)
    found = {ledger.document(one).scan.origin for one in ledger.recallable(Recall(origin="fax"))}
    assert found == {"fax", "fax/night"}
    assert {ledger.document(one).scan.origin for one in ledger.recallable(Recall(origin="fax%"))} == {"fax%"}


def test_what_came_back_does_not_come_back_again(ledger: Ledger) -> None:
    filed_by_program(ledger, "a.pdf")
    assert len(recalled(ledger, Recall(since=NOW))) == 1
    assert recalled(ledger, Recall(since=NOW)) == ()


def test_a_recall_of_everything_must_be_said() -> None:
    with pytest.raises(WrongUse, match="--fingerprint"):
        Recall()
