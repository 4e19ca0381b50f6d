"""The second look as a service: blind, by the right people, and what planted misfiles show of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.errors import Conflict, NotAllowed, NotFound, WrongUse
from ingest.ledger import Chosen, Clearance, DeskRole, LookAnswer, LookKind, Settlement
from ingest.model import Disposition, Document, DocumentState
from ingest.review import RIGHTS, Clerk, SecondLook
from ingest.review.second_look_draw import Shares, draw, lot_of
from ingest.review.second_look_evidence import joined
from ingest.review.second_look_rates import RatesBy

ALL = Shares(unattended=1, people=1, discards=1, known=0)


@pytest.fixture
def looks(room, suspect, anna, hannah):
    """Makes somebody's second looks: the program finds Hannah before Anna, whatever was decided."""

    def judge(_, pages) -> Disposition:
        return Disposition(
            pages=pages, state=DocumentState.REVIEW, reasons=("Decided anew.",),
            candidates=(suspect(hannah), suspect(anna, 0.1)), type="ekg",
        )  # fmt: skip

    def of(user: str = "bob", role: DeskRole = DeskRole.REVIEWER, **more) -> SecondLook:
        return SecondLook(room.ledger, Clerk(user=user, rights=RIGHTS[role], **more), judge=judge, now=room.now)

    return of


@pytest.fixture
def supervisor(looks) -> SecondLook:
    return looks("sue", DeskRole.SUPERVISOR)


def draws(room, shares: Shares = ALL, seed: bytes = b"seed") -> int:
    chosen = 0
    while (undrawn := room.ledger.undrawn()).decisions:
        drawing = draw(undrawn, shares=shares, lot=lot_of(seed))
        assert room.ledger.record_drawing(drawing, of=undrawn, by="cron", now=room.now())
        chosen += sum(isinstance(look, Chosen) for look in drawing.looks)
    return chosen


def filed(room, patient, candidate, source: str = "fax/one.pdf", **more) -> Document:
    """A document that the program filed."""
    told = {"type": "lab_report", "probability": 0.99999, "fingerprint": "w", "threshold": 0.999} | more
    document = room.scan_in(
        Disposition(
            pages=(1, 2), state=DocumentState.FILED, mrn=patient.mrn, reasons=("All agrees.",),
            candidates=(candidate(patient, 0.99999),), **told,
        ),
        source,
    )  # fmt: skip
    room.file_everything()
    return document


def test_nothing_that_is_shown_says_what_was_decided(room, looks, suspect, anna, hannah) -> None:
    document = room.waiting(suspect(anna), suspect(hannah))
    room.desk("mia").accept(document.id, 1)
    room.file_everything()
    draws(room)
    look = looks().next()
    assert [candidate.mrn for candidate in look.document.candidates] == [hannah.mrn, anna.mrn]
    assert [patient.mrn for patient in look.suspects] == [hannah.mrn, anna.mrn]
    shown = repr(look)
    for told in ("mia", "accept", "Accepted", "records/", "'filed'", "Decided anew"):
        assert told not in shown
    assert (look.document.mrn, look.document.reasons, look.document.version) == (None, (), 0)
    pages = looks().look_at(look.number, 2)
    assert "mia" not in repr(pages)
    assert anna.mrn not in repr(pages)
    assert looks().show(look.number) == look
    with pytest.raises(NotFound, match="no page 9"):
        looks().look_at(look.number, 9)


def test_every_look_and_answer_is_in_the_audit_without_patient_data(room, looks, anna, suspect, supervisor) -> None:
    document = filed(room, anna, suspect)
    draws(room)
    clerk = looks(acting_for="max")
    look = clerk.next()
    clerk.look_at(look.number, 1)
    clerk.answer(look.number, LookAnswer.UNSURE)
    supervisor.settle(look.number, Settlement.FIRST_RIGHT)
    events = [row for row in room.ledger.audit() if row.action.startswith(("second_look.", "page."))]
    assert [(row.action, row.actor, row.subject) for row in events] == [
        ("second_look.shown", "bob", document.id),
        ("page.viewed", "bob", document.id),
        ("second_look.answered", "bob", document.id),
        ("second_look.settled", "sue", document.id),
    ]
    assert not any(anna.mrn in repr(row.facts) for row in room.ledger.audit())


def test_who_may(room, looks, anna, hannah, suspect, supervisor) -> None:
    filed(room, anna, suspect)
    draws(room)
    with pytest.raises(NotAllowed):
        looks("al", DeskRole.AUDITOR).next()
    look = looks().next()
    looks().answer(look.number, LookAnswer.PATIENT, mrn=hannah.mrn)
    for refused in (
        lambda: looks().settle(look.number, Settlement.FIRST_RIGHT),
        lambda: looks().disagreements(),
        lambda: looks("al", DeskRole.AUDITOR).settle(look.number, Settlement.FIRST_RIGHT),
        lambda: looks().settled(),
        lambda: looks().reopen(look.number),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert [one.number for one in supervisor.disagreements()] == [look.number]
    assert looks("al", DeskRole.AUDITOR).rates()[0].disputed == 1
    with pytest.raises(WrongUse, match="no other patient"):
        supervisor.settle(look.number, Settlement.FIRST_RIGHT, mrn=anna.mrn)
    with pytest.raises(NotFound, match="no open disagreement"):
        supervisor.settle(99, Settlement.FIRST_RIGHT)
    supervisor.settle(look.number, Settlement.FIRST_RIGHT)
    assert [one.number for one in supervisor.settled()] == [look.number]
    assert supervisor.reopen(look.number).state is DocumentState.FILED
    assert [one.number for one in supervisor.disagreements()] == [look.number]
    with pytest.raises(NotFound, match="no settled disagreement"):
        supervisor.reopen(look.number)


def test_an_answer_is_one_of_three(room, looks, anna, suspect) -> None:
    filed(room, anna, suspect)
    draws(room)
    look = looks().next()
    for answer, mrn in ((LookAnswer.PATIENT, None), (LookAnswer.UNSURE, anna.mrn), (LookAnswer.NO_PATIENT, anna.mrn)):
        with pytest.raises(WrongUse, match="one of the three"):
            looks().answer(look.number, answer, mrn=mrn)
    looks().let_go(look.number)
    assert looks("cid").next().number == look.number
    with pytest.raises(Conflict):
        looks().show(look.number)


def test_whoever_may_not_see_a_candidate_found_anew_gets_another_document(
    room, looks, anna, hannah, gone, suspect
) -> None:
    filed(room, gone, suspect)
    draws(room)
    room.ledger.label_patient(hannah.mrn, "vip", by="sue", now=room.now())
    assert looks(clearance=Clearance()).next() is None
    assert looks(clearance=Clearance(labels=frozenset({"vip"}))).next() is not None


def test_planted_misfiles_are_found_at_the_rate_that_the_sample_promises(room, looks, anna, hannah, suspect) -> None:
    """240 filings, 60 of them to Anna though they are Hannah's; one in four looked at, by somebody who sees whose."""
    shares = Shares(unattended=0.25, people=1, discards=1, known=0.2)
    planted = set()
    for number in range(240):
        wrong = number % 4 == 1
        document = filed(room, anna if wrong else hannah, suspect, f"fax/{number}.pdf", type=f"type {number % 3}")
        planted |= {document.id} if wrong else set()

    # Over many lots, each planted one is found as often as its chance says: drawn from the real ledger, put down never.
    undrawn = room.ledger.undrawn()
    promised = found = 0.0
    for seed in range(300):
        drawing = draw(undrawn, shares=shares, lot=lot_of(str(seed).encode()))
        found += sum(isinstance(one, Chosen) and one.decision.document_id in planted for one in drawing.looks)
        promised += len(planted) * (sum(n / cell.one_in for cell, n in drawing.frame.items()) / 240)
    assert found / 300 == pytest.approx(promised / 300, rel=0.05)

    # Once in earnest, to the end.
    drawn = draws(room, shares)
    clerk, supervisor = looks("bob"), looks("sue", DeskRole.SUPERVISOR)
    while (look := clerk.next()) is not None:
        clerk.answer(look.number, LookAnswer.PATIENT, mrn=hannah.mrn)
    disputed = list(supervisor.disagreements())
    chosen = {look.document_id for look in room.ledger.second_looks()}
    assert {one.document_id for one in disputed} == chosen & planted
    assert len(chosen) == drawn
    for one in disputed:
        assert supervisor.settle(one.number, Settlement.FIRST_WRONG, mrn=hannah.mrn).state is DocumentState.REVIEW
    (rate,) = supervisor.rates()
    assert (rate.kind, rate.decisions, rate.looked, rate.wrong) == (LookKind.UNATTENDED, 240, drawn, len(disputed))
    assert rate.at_most >= 0.25 >= rate.estimate / 2
    assert [one.group for one in supervisor.rates(RatesBy.TYPE)] == ["type 0", "type 1", "type 2"]


def test_second_looks_are_evidence_beside_what_people_decided(room, looks, anna, hannah, suspect, supervisor) -> None:
    for number in range(9):
        filed(room, anna, suspect, f"fax/{number}.pdf")
    draws(room, replace(ALL, unattended=0.2))  # two blocks: of two decisions, and of five; and two more
    clerk = looks()
    while (look := clerk.next()) is not None:
        clerk.answer(look.number, LookAnswer.PATIENT, mrn=anna.mrn)
    looked = list(room.ledger.second_looked_decisions())
    evidence = joined([], looked)
    assert {row.one_in for row in evidence.rows} == {max(row.one_in for row in looked)}
    assert evidence.second_looks + evidence.of_another_chance == len(looked)
    assert all(row.right for row in evidence.rows)


def test_a_finding_counts_once(room, looks, anna, hannah, suspect, supervisor) -> None:
    document = filed(room, anna, suspect)
    draws(room)
    look = looks().next()
    looks().answer(look.number, LookAnswer.PATIENT, mrn=hannah.mrn)
    supervisor.settle(look.number, Settlement.FIRST_WRONG)
    room.desk("mia").assign(document.id, hannah.mrn)
    decided, looked = list(room.ledger.audited_decisions()), list(room.ledger.second_looked_decisions())
    assert ([row.right for row in decided], [row.right for row in looked]) == ([False], [False])
    assert [row.one_in for row in joined(decided, looked).rows] == [1]
    other = replace(looked[0], document_id="D000099", one_in=50)
    assert [row.one_in for row in joined(decided, [*looked, other, other]).rows] == [None, 50, 50]
