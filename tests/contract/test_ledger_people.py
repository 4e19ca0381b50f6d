"""The contract of the ledger: what people decide, one row more each time."""

from __future__ import annotations

import pytest

from ingest.errors import Conflict, LostLease, NotFound
from ingest.ledger import Act, JobKind, Ledger
from ingest.model import Document, DocumentState
from tests.contract.ledger_steps import (
    NOW,
    claim,
    file_now,
    filed,
    later,
    patient,
    pdf,
    read,
    take,
    to_file,
    to_review,
    to_state,
)


@pytest.fixture(autouse=True)
def _patients(ledger: Ledger) -> None:
    ledger.load_patients([patient(mrn) for mrn in ("0012", "0013", "0099")], now=NOW)


def act(
    ledger: Ledger, document: Document, what: Act, mrn: str | None = None, *, version: int | None = None
) -> Document:
    return ledger.decide_by_person(
        document_id=document.id,
        version=document.version if version is None else version,
        act=what,
        mrn=mrn,
        by="anna",
        acting_for="dr. berg",
        note="seen by telephone",
        now=later(60),
    )


def test_an_accepted_document_is_filed_to_its_best_candidate(ledger: Ledger) -> None:
    (document,) = read(ledger, to_review(1))

    accepted = act(ledger, document, Act.ACCEPT)

    assert (accepted.state, accepted.mrn, accepted.version) == (DocumentState.WORKING, None, 2)
    assert (accepted.decided_by, accepted.decided_at) == ("anna", later(60))
    assert accepted.probability == 0.75
    assert accepted.reasons
    decision = ledger.decision(document.id)
    assert (decision.act, decision.mrn, decision.state) == ("accept", "0012", DocumentState.FILED)
    assert (decision.acting_for, decision.note) == ("dr. berg", "seen by telephone")
    assert decision.findings == document.findings
    done = ledger.conclude_filing(claim(ledger, at=later(60)), rendition=pdf("records/x.pdf"), now=NOW)
    assert (done.state, done.mrn, done.decided_by) == (DocumentState.FILED, "0012", "anna")


def test_another_candidate_can_be_accepted_and_no_stranger(ledger: Ledger) -> None:
    (first,) = read(ledger, to_review(1), name="a")
    (second,) = read(ledger, to_review(1), name="b")
    act(ledger, first, Act.ACCEPT, "0013")

    assert ledger.decision(first.id).mrn == "0013"
    assert ledger.decision(first.id).probability == 0.2
    with pytest.raises(Conflict, match="assign"):
        act(ledger, second, Act.ACCEPT, "0099")


def test_any_known_patient_can_be_assigned(ledger: Ledger) -> None:
    (document,) = read(ledger, to_review(1))

    act(ledger, document, Act.ASSIGN, "0099")

    decision = ledger.decision(document.id)
    assert (decision.act, decision.mrn, decision.probability) == ("assign", "0099", None)


@pytest.mark.parametrize("mrn", ["12", "999", "", None])
def test_an_unknown_patient_is_refused_without_being_named(ledger: Ledger, mrn: str | None) -> None:
    (document,) = read(ledger, to_review(1))

    with pytest.raises(NotFound) as refused:
        act(ledger, document, Act.ASSIGN, mrn)

    assert "999" not in str(refused.value)
    assert ledger.document(document.id) == document
    assert ledger.open_jobs() == 0


def test_a_blank_page_can_be_assigned(ledger: Ledger) -> None:
    (document,) = read(ledger, to_state(DocumentState.BLANK, 1))

    assert act(ledger, document, Act.ASSIGN, "0012").state is DocumentState.WORKING


def test_an_act_on_an_older_version_is_refused(ledger: Ledger) -> None:
    (document,) = read(ledger, to_review(1))
    act(ledger, document, Act.DISCARD)
    head = ledger.audit_head()

    with pytest.raises(Conflict, match="look at it again"):
        act(ledger, document, Act.ACCEPT)
    assert ledger.audit_head() == head


def test_an_unknown_document_is_not_found(ledger: Ledger) -> None:
    (document,) = read(ledger, to_review(1))
    for unknown in ("D000099", "S000001", "x", ""):
        with pytest.raises(NotFound):
            ledger.document(unknown)
    assert ledger.document(document.id) == document


def test_a_retired_document_cannot_be_decided_on(ledger: Ledger) -> None:
    (stuck,) = read(ledger, to_state(DocumentState.QUARANTINED, 1))
    ledger.retry(None, NOW, "anna")

    with pytest.raises(Conflict, match="retired"):
        act(ledger, stuck, Act.DISCARD)


def test_a_discarded_document_can_be_undone_to_what_it_was(ledger: Ledger) -> None:
    documents = read(ledger, to_review(1), to_state(DocumentState.QUARANTINED, 2), to_state(DocumentState.BLANK, 3))

    for document in documents:
        discarded = act(ledger, document, Act.DISCARD)
        assert (discarded.state, discarded.version) == (DocumentState.DISCARDED, 2)
        restored = act(ledger, discarded, Act.UNDO)
        assert (restored.state, restored.reasons, restored.candidates) == (
            document.state,
            document.reasons,
            document.candidates,
        )


def test_undoing_an_accepted_and_filed_document_restores_the_review(ledger: Ledger) -> None:
    (document,) = read(ledger, to_review(1))
    done = file_now_late(ledger, act(ledger, document, Act.ACCEPT))

    undone = act(ledger, done, Act.UNDO)

    for name in ("state", "reasons", "findings", "candidates", "probability", "type", "document_date", "mrn"):
        assert getattr(undone, name) == getattr(document, name)
    assert undone.filed_as is None
    assert undone.decided_by == "anna"
    assert [row.act for row in ledger.history(document.id)] == ["pipeline", "accept", "undo"]


def test_undoing_what_the_program_filed_makes_a_case_for_review(ledger: Ledger) -> None:
    document = filed(ledger)

    undone = act(ledger, document, Act.UNDO)

    assert undone.state is DocumentState.REVIEW
    assert undone.candidates == document.candidates
    assert "took it back" in undone.reasons[0]
    assert undone.reasons[1:] == document.reasons


def test_undoing_before_the_pdf_is_written_stops_the_filing(ledger: Ledger) -> None:
    (document,) = read(ledger, to_review(1))
    accepted = act(ledger, document, Act.ACCEPT)
    job = claim(ledger, JobKind.FILE, at=later(60))

    undone = act(ledger, accepted, Act.UNDO)

    assert undone.state is DocumentState.REVIEW
    assert ledger.open_jobs() == 0
    with pytest.raises(LostLease):
        ledger.conclude_filing(job, rendition=pdf("records/x.pdf"), now=NOW)
    again = act(ledger, undone, Act.ASSIGN, "0099")
    assert file_now_late(ledger, again).mrn == "0099"


def test_each_undo_goes_back_to_what_the_reviewer_had(ledger: Ledger) -> None:
    (document,) = read(ledger, to_review(1))
    first = act(ledger, act(ledger, document, Act.ACCEPT), Act.UNDO)
    second = act(ledger, act(ledger, first, Act.ASSIGN, "0099"), Act.UNDO)

    assert second.reasons == document.reasons
    assert second.probability == document.probability
    assert second.version == 5


@pytest.mark.parametrize(
    ("state", "refused"),
    [
        (DocumentState.REVIEW, {Act.UNDO}),
        (DocumentState.QUARANTINED, {Act.ACCEPT, Act.ASSIGN, Act.UNDO}),
        (DocumentState.DUPLICATE, {Act.ACCEPT, Act.ASSIGN, Act.UNDO}),
        (DocumentState.BLANK, {Act.ACCEPT, Act.UNDO}),
        (DocumentState.SEPARATOR, {Act.ACCEPT, Act.UNDO}),
    ],
)
def test_acts_that_a_state_does_not_allow_name_the_remedy(
    ledger: Ledger, state: DocumentState, refused: set[Act]
) -> None:
    (document,) = read(ledger, to_state(state, 1))

    for what in refused:
        with pytest.raises(Conflict, match=rf"{document.id} is {state}.*: "):
            act(ledger, document, what, "0012")
    assert ledger.document(document.id) == document


def test_what_the_program_works_on_is_left_to_it(ledger: Ledger) -> None:
    take(ledger, "b.pdf")
    (waiting,) = ledger.documents()
    (document,) = read(ledger, to_file(1))

    for each in (waiting, document):
        for what in Act:
            with pytest.raises(Conflict, match="wait"):
                act(ledger, each, what, "0012")


def test_a_filed_document_is_undone_before_anything_else(ledger: Ledger) -> None:
    document = filed(ledger)

    for what in (Act.ACCEPT, Act.ASSIGN, Act.DISCARD):
        with pytest.raises(Conflict, match="undo"):
            act(ledger, document, what, "0012")


def test_every_decision_stays_and_names_who_took_it(ledger: Ledger) -> None:
    (document,) = read(ledger, to_review(1))
    act(ledger, act(ledger, document, Act.DISCARD), Act.UNDO)

    history = ledger.history(document.id)

    assert [(row.version, row.act, row.decided_by, row.acting_for) for row in history] == [
        (1, "pipeline", "pipeline", None),
        (2, "discard", "anna", "dr. berg"),
        (3, "undo", "anna", "dr. berg"),
    ]
    decided = [event for event in ledger.audit() if event.action == "document.decided"]
    assert [event.actor for event in decided] == ["pipeline", "anna", "anna"]
    assert decided[1].details is not None
    assert decided[1].details.items() >= {"acting_for": "dr. berg", "note": "seen by telephone"}.items()


def file_now_late(ledger: Ledger, document: Document) -> Document:
    job = claim(ledger, JobKind.FILE, at=later(60))
    assert job.subject == document.id
    return ledger.conclude_filing(job, rendition=pdf(f"records/{document.id}-{document.version}.pdf"), now=NOW)


def test_steps_agree_on_what_filing_is(ledger: Ledger) -> None:
    (document,) = read(ledger, to_file(1))

    assert file_now(ledger, document).state is DocumentState.FILED
