"""The contract of the queue: who works on what, in which order, and what is put off or asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, event

from ingest.errors import Conflict, NotFound, WrongUse
from ingest.ledger import SITE_ITSELF, Act, Clearance, InquiryKind, Ledger, QueueFilter
from ingest.model import Document, DocumentState, Traits
from tests.contract.ledger_steps import NOW, later, patient, read, take, to_review, to_state

ANYBODY = Clearance()
ALL = QueueFilter()


def waits(ledger: Ledger, name: str = "a.pdf", type_: str | None = None, origin: str = "") -> Document:
    """A document in review."""
    if origin:
        take(ledger, name, origin=origin)
    (document,) = read(ledger, replace(to_review(1), type=type_), name=name)
    return document


def next_of(
    ledger: Ledger, user: str = "ada", *, queue: QueueFilter = ALL, at: float = 0.0, **more: object
) -> str | None:
    found = ledger.claim_waiting(
        queue, user=user, clearance=more.pop("clearance", ANYBODY), hold_s=300, now=later(at), **more
    )
    return None if found is None else found.id


def in_queue(ledger: Ledger, queue: QueueFilter = ALL, at: float = 0.0) -> list[str]:
    return [one.document.id for one in ledger.waiting(queue, clearance=SITE_ITSELF, now=later(at))]


def test_a_document_waits_from_when_it_is_in_review_until_it_is_decided(ledger: Ledger) -> None:
    document = waits(ledger)
    assert in_queue(ledger) == [document.id]
    discarded = ledger.decide_by_person(
        document_id=document.id, version=document.version, act=Act.DISCARD, mrn=None, by="ada",
        acting_for=None, note="blank form", now=NOW,
    )  # fmt: skip
    assert in_queue(ledger) == []
    ledger.decide_by_person(
        document_id=document.id, version=discarded.version, act=Act.UNDO, mrn=None, by="ada",
        acting_for=None, note=None, now=NOW,
    )  # fmt: skip
    assert in_queue(ledger) == [document.id]


def test_what_is_not_in_review_does_not_wait(ledger: Ledger) -> None:
    read(ledger, to_state(DocumentState.BLANK, 1))
    read(ledger, to_state(DocumentState.QUARANTINED, 1), name="b.pdf")
    assert in_queue(ledger) == []
    assert next_of(ledger) is None


def test_no_two_people_get_the_same_document(ledger: Ledger) -> None:
    documents = {waits(ledger, f"{n}.pdf").id for n in range(12)}
    with ThreadPoolExecutor(6) as people:
        got = list(people.map(lambda n: [next_of(ledger, f"clerk{n}"), next_of(ledger, f"clerk{n}")], range(12)))
    firsts = [pair[0] for pair in got]
    assert len(set(firsts)) == 12
    assert set(firsts) == documents
    assert all(first == second for first, second in got)  # one's own is shown again


@pytest.mark.parametrize("meanwhile", ["held", "decided", "labelled"])
def test_what_somebody_else_takes_between_looking_and_holding_is_not_held(ledger: Ledger, meanwhile: str) -> None:
    ledger.load_patients([patient("0012")], now=NOW)
    first, second = waits(ledger), waits(ledger, "b.pdf")
    others = Ledger.open(ledger._database.engine.url.render_as_string(hide_password=False), create=False)

    def interpose(_: Connection) -> None:  # the end of looking
        if not others_turn:
            others_turn.append(True)
            match meanwhile:
                case "held":
                    assert next_of(others, "bob") == first.id
                case "decided":
                    others.decide_by_person(
                        document_id=first.id, version=first.version, act=Act.DISCARD, mrn=None, by="bob",
                        acting_for=None, note="blank form", now=NOW,
                    )  # fmt: skip
                case _:
                    others.label_patient(first.candidates[0].mrn, "vip", by="sue", now=NOW)

    others_turn: list[bool] = []
    event.listen(ledger._database.engine, "commit", interpose)
    assert next_of(ledger, "ada") == (None if meanwhile == "labelled" else second.id)
    assert others_turn
    others.close()


def test_a_hold_ends_by_itself(ledger: Ledger) -> None:
    document = waits(ledger)
    assert next_of(ledger, "ada") == document.id
    assert next_of(ledger, "bob", at=299) is None
    assert ledger.holder(document.id, now=later(299)) == "ada"
    assert next_of(ledger, "bob", at=300) == document.id
    with pytest.raises(Conflict, match="is with bob"):
        ledger.hold(document.id, user="ada", hold_s=300, now=later(301))


def test_a_hold_is_let_go(ledger: Ledger) -> None:
    document = waits(ledger)
    other = waits(ledger, "b.pdf")
    next_of(ledger, "ada")
    ledger.let_go(user="bob")
    assert next_of(ledger, "bob") == other.id
    ledger.let_go(user="ada", document_id=document.id)
    ledger.let_go(user="ada", document_id=document.id)
    assert next_of(ledger, "bob", skip=[other.id]) == document.id


def test_what_is_due_first_is_shown_first(ledger: Ledger) -> None:
    wanted = {("", ""): 1440, ("stat", ""): 10, ("", "lab_report"): 60}
    assert ledger.set_review_limits(wanted, now=NOW)
    assert not ledger.set_review_limits(wanted, now=NOW)
    slow = waits(ledger, "slow.pdf", "correspondence")
    report = waits(ledger, "lab.pdf", "lab_report")
    urgent = waits(ledger, "urgent.pdf", origin="stat/er")
    assert in_queue(ledger) == [urgent.id, report.id, slow.id]
    ledger.set_review_limits({("", ""): 1440}, now=NOW)
    assert in_queue(ledger) == [slow.id, report.id, urgent.id]


def test_what_waits_long_enough_comes_before_what_is_urgent(ledger: Ledger) -> None:
    ledger.set_review_limits({("", ""): 60, ("", "lab_report"): 1}, now=NOW)
    old = waits(ledger, "old.pdf", "correspondence")
    report = waits(ledger, "lab.pdf", "lab_report")
    due = {one.document.id: one.due_at for one in ledger.waiting(ALL, clearance=SITE_ITSELF, now=NOW)}
    assert due == {old.id: NOW + timedelta(hours=1), report.id: NOW + timedelta(minutes=1)}


@pytest.mark.parametrize(
    ("queue", "expected"),
    [
        (QueueFilter(type="lab_report"), ["lab"]),
        (QueueFilter(origin="stat"), ["stat"]),
        (QueueFilter(origin="st"), []),
        (QueueFilter(scan="lab.pdf"), ["lab"]),
        (QueueFilter(reason="two PATIENTS differ"), ["stat"]),
        (QueueFilter(reason="100%"), []),
        (QueueFilter(received_before=NOW), []),
        (QueueFilter(received_before=later(1)), ["lab", "stat"]),
    ],
)
def test_filters(ledger: Ledger, queue: QueueFilter, expected: list[str]) -> None:
    ids = {waits(ledger, "lab.pdf", "lab_report").id: "lab"}
    take(ledger, "stat.pdf", origin="stat/er")
    differ = replace(to_review(1), type=None, reasons=("The two patients differ.", "Low."))
    (other,) = read(ledger, differ, name="stat.pdf")
    ids[other.id] = "stat"
    assert sorted(ids[one] for one in in_queue(ledger, queue)) == expected


def test_what_is_put_off_comes_back(ledger: Ledger) -> None:
    document = waits(ledger)
    next_of(ledger, "ada")
    ledger.defer(document.id, until=later(3600), by="ada", note="ask tomorrow", now=NOW)
    assert next_of(ledger, "bob", at=3599) is None
    assert in_queue(ledger, at=10) == [document.id]
    assert next_of(ledger, "bob", at=3600) == document.id


def test_a_question_is_asked_of_somebody_and_answered(ledger: Ledger) -> None:
    document = waits(ledger)
    asked = ledger.ask(
        document.id, kind=InquiryKind.QUERY, owner="registration", question="Is this the twin?",
        due=date(2026, 11, 25), by="ada", now=NOW,
    )  # fmt: skip
    assert (asked.owner, asked.answer, asked.due) == ("registration", None, date(2026, 11, 25))
    assert next_of(ledger) is None
    (waiting,) = ledger.waiting(ALL, clearance=SITE_ITSELF, now=NOW)
    assert waiting.inquiry == asked
    with pytest.raises(Conflict, match="waits for an answer already"):
        ledger.ask(document.id, kind=InquiryKind.RESCAN, owner="x", question="y", due=None, by="ada", now=NOW)
    answered = ledger.answer(document.id, "It is her brother.", by="bob", now=later(60))
    assert (answered.answer, answered.closed_by) == ("It is her brother.", "bob")
    assert next_of(ledger, at=60) == document.id
    assert ledger.inquiries_of(document.id) == (answered,)
    with pytest.raises(NotFound):
        ledger.answer(document.id, "again", by="bob", now=later(61))


def test_a_document_that_nobody_answers_for_comes_back_the_day_after(ledger: Ledger) -> None:
    document = waits(ledger)
    due = NOW.date() + timedelta(days=2)
    ledger.ask(document.id, kind=InquiryKind.RESCAN, owner="ward 3", question="page 2", due=due, by="ada", now=NOW)
    assert next_of(ledger, at=2 * 86400) is None
    assert next_of(ledger, at=3 * 86400) == document.id
    (waiting,) = ledger.waiting(ALL, clearance=SITE_ITSELF, now=later(3 * 86400))
    assert waiting.inquiry is not None


def test_a_question_needs_an_owner_and_words(ledger: Ledger) -> None:
    document = waits(ledger)
    for owner, question in (("", "who?"), ("registration", "  ")):
        with pytest.raises(WrongUse):
            ledger.ask(document.id, kind=InquiryKind.QUERY, owner=owner, question=question, due=None, by="a", now=NOW)


def test_only_what_waits_is_put_off_or_asked_about(ledger: Ledger) -> None:
    (blank,) = read(ledger, to_state(DocumentState.BLANK, 1))
    with pytest.raises(Conflict, match="blank"):
        ledger.defer(blank.id, until=later(1), by="ada", note=None, now=NOW)
    with pytest.raises(NotFound):
        ledger.defer("D999999", until=later(1), by="ada", note=None, now=NOW)


def test_a_labelled_patient_is_kept_from_those_without_the_label(ledger: Ledger) -> None:
    document = waits(ledger)
    (mrn, *_) = [candidate.mrn for candidate in document.candidates]
    with pytest.raises(NotFound):
        ledger.label_patient("no such", "VIP", by="sue", now=NOW)
    ledger.load_patients([patient(mrn)], now=NOW)
    ledger.label_patient(mrn, "VIP", by="sue", now=NOW)
    ledger.label_patient(mrn, "VIP", by="sue", now=NOW)
    assert next_of(ledger) is None
    assert not ledger.may_see(document, ANYBODY)
    assert list(ledger.waiting(ALL, clearance=ANYBODY, now=NOW)) == []
    cleared = Clearance(labels=frozenset({"VIP", "psychotherapy"}))
    assert ledger.may_see(document, cleared)
    assert next_of(ledger, clearance=cleared) == document.id
    ledger.unlabel_patient(mrn, "VIP", by="sue", now=NOW)
    assert ledger.may_see(document, ANYBODY)


def test_a_document_is_kept_from_those_who_may_not_see_a_patient_whom_its_history_names(ledger: Ledger) -> None:
    document = waits(ledger)
    ledger.load_patients([patient("0500"), patient("0600"), patient("0700")], now=NOW)
    ledger.label_patient("0500", "VIP", by="sue", now=NOW)
    cleared = Clearance(labels=frozenset({"VIP"}))
    assert ledger.may_see(document, ANYBODY)
    given = ledger.decide_by_person(
        document_id=document.id, version=1, act=Act.ASSIGN, mrn="0500", by="sue", acting_for=None, note=None, now=NOW
    )
    assert given.state is DocumentState.WORKING
    assert not ledger.may_see(given, ANYBODY)
    undone = ledger.decide_by_person(
        document_id=document.id, version=2, act=Act.UNDO, mrn=None, by="sue", acting_for=None, note=None, now=NOW
    )
    assert not ledger.may_see(undone, ANYBODY)
    assert next_of(ledger) is None
    assert ledger.may_see(undone, cleared)


def test_a_document_is_kept_from_those_who_may_not_see_the_patient_of_its_cover_sheet(ledger: Ledger) -> None:
    ledger.load_patients([patient("0500")], now=NOW)
    ledger.label_patient("0500", "VIP", by="sue", now=NOW)
    (document,) = read(ledger, replace(to_review(1), traits=Traits(cover_mrn="0500")))
    assert document.traits.cover_mrn == "0500"
    assert not ledger.may_see(document, ANYBODY)


def test_a_label_holds_for_every_registration_of_a_person(ledger: Ledger) -> None:
    ledger.load_patients([patient("0500"), patient("0600"), patient("0700")], now=NOW)
    ledger.merge_patients(retired="0500", survivor="0600", by="sue", now=NOW)
    ledger.merge_patients(retired="0600", survivor="0700", by="sue", now=NOW)
    for labelled, others in (("0500", ("0600", "0700")), ("0700", ("0500", "0600"))):
        ledger.label_patient(labelled, "VIP", by="sue", now=NOW)
        assert ledger.labels_of([labelled, *others]) == dict.fromkeys((labelled, *others), frozenset({"VIP"}))
        ledger.unlabel_patient(labelled, "VIP", by="sue", now=NOW)
    assert ledger.labels_of(["0500", "0600", "0700"]) == {}
    ledger.label_patient("0500", "VIP", by="sue", now=NOW)
    assert ledger.labels_hidden(ANYBODY) == ("VIP",)
    assert ledger.labels_hidden(Clearance(labels=frozenset({"VIP"}))) == ledger.labels_hidden(SITE_ITSELF) == ()


def test_a_hidden_type_is_kept_from_everybody_without_it(ledger: Ledger) -> None:
    document = waits(ledger, type_="progress_note")
    assert next_of(ledger, clearance=Clearance(hidden_types=frozenset({"progress_note"}))) is None
    assert next_of(ledger) == document.id


def test_the_queue_in_figures(ledger: Ledger) -> None:
    first = waits(ledger)
    second = waits(ledger, "b.pdf")
    waits(ledger, "c.pdf")
    ledger.defer(first.id, until=later(3600), by="ada", note=None, now=NOW)
    ledger.ask(second.id, kind=InquiryKind.RESCAN, owner="scan room", question="page 2?", due=None, by="a", now=NOW)
    next_of(ledger)
    length = ledger.queue_length(now=later(1))
    assert (length.waiting, length.late, length.held, length.deferred, length.asked) == (3, 0, 1, 1, 1)
    assert length.oldest == NOW
    assert ledger.queue_length(now=later(90_000)).late == 3


def test_a_long_queue_is_listed_whole_and_in_order(ledger: Ledger) -> None:
    documents = [waits(ledger, f"{n}.pdf").id for n in range(120)]
    assert in_queue(ledger) == documents
