"""The contract of the ledger: second looks drawn once, held by one, answered blind, settled by somebody else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from ingest.errors import Conflict, NotFound
from ingest.ledger import (
    SITE_ITSELF,
    Act,
    Clearance,
    HeldLook,
    Ledger,
    LookAnswer,
    LookKind,
    LookStanding,
    Settlement,
)
from ingest.ledger.schema_desk import misfiles
from ingest.model import Document, DocumentState
from ingest.review.second_look_draw import Shares, draw, lot_of
from tests.contract.ledger_steps import NOW, candidate, file_now, filed, later, patient, read, to_file, to_review

EVERYTHING = Shares(unattended=1, people=1, discards=1, known=0)


def draws(ledger: Ledger, shares: Shares = EVERYTHING, seed: bytes = b"seed") -> int:
    """Draws until there is nothing more; how many were chosen."""
    chosen = 0
    while (undrawn := ledger.undrawn()).decisions:
        drawing = draw(undrawn, shares=shares, lot=lot_of(seed))
        assert ledger.record_drawing(drawing, of=undrawn, by="cron", now=NOW)
        chosen += len(drawing.looks)
    return chosen


def act(
    ledger: Ledger, document: Document, what: Act, mrn: str | None = None, by: str = "ann", **more: str
) -> Document:
    return ledger.decide_by_person(
        document_id=document.id, version=ledger.document(document.id).version, act=what, mrn=mrn, by=by,
        acting_for=more.get("acting_for"), note=None, now=NOW,
    )  # fmt: skip


def by_person(ledger: Ledger, name: str, mrn: str = "0012", by: str = "ann", **more: str) -> Document:
    """A document that a person filed."""
    (document,) = read(ledger, to_review(1), name=name)
    act(ledger, document, Act.ASSIGN, mrn, by, **more)
    return file_now(ledger, document)


def takes(ledger: Ledger, user: str = "bob", *, at: float = 0.0, **more: object) -> HeldLook | None:
    names = {user, *more.pop("for_", ())}
    clearance = more.pop("clearance", SITE_ITSELF)
    return ledger.claim_second_look(user=user, names=names, clearance=clearance, hold_s=300, now=later(at), **more)


def answers(ledger: Ledger, user: str = "bob", mrn: str | None = "0012", answer: LookAnswer | None = None) -> int:
    held = takes(ledger, user)
    assert held is not None
    answer = answer or (LookAnswer.NO_PATIENT if mrn is None else LookAnswer.PATIENT)
    ledger.answer_second_look(held.number, answer=answer, mrn=mrn, user=user, now=NOW)
    return held.number


def settles(ledger: Ledger, number: int, how: Settlement, by: str = "sue", mrn: str | None = None) -> str:
    return ledger.settle_second_look(number, settlement=how, mrn=mrn, by=by, acting_for=None, now=NOW)


def reopens(ledger: Ledger, number: int, by: str = "sue", **more: object) -> str:
    return ledger.reopen_second_look(number, by=by, acting_for=more.pop("acting_for", None), now=NOW, **more)


def found_how(ledger: Ledger) -> list[str]:
    return [found.found_how for found in ledger.misfiles()]


def standings(ledger: Ledger) -> list[LookStanding]:
    return [look.standing for look in ledger.second_looks()]


@pytest.fixture(autouse=True)
def _people(ledger: Ledger) -> None:
    ledger.load_patients([patient("0012"), patient("0013")], now=NOW)


def test_every_filing_and_discarding_comes_up_once(ledger: Ledger) -> None:
    program = filed(ledger, name="program.pdf")
    person = by_person(ledger, "person.pdf")
    (gone,) = read(ledger, to_review(1), name="gone.pdf")
    act(ledger, gone, Act.DISCARD)
    read(ledger, to_file(1), name="under-way.pdf")
    read(ledger, to_review(1), name="waits.pdf")

    undrawn = ledger.undrawn()
    assert [(one.document_id, one.version, one.kind, one.person) for one in undrawn.decisions] == [
        (program.id, 1, LookKind.UNATTENDED, None),
        (person.id, 2, LookKind.FILED_BY_PERSON, "ann"),
        (gone.id, 2, LookKind.DISCARDED_BY_PERSON, "ann"),
    ]
    drawing = draw(undrawn, shares=EVERYTHING, lot=lot_of(b"x"))
    assert ledger.record_drawing(drawing, of=undrawn, by="cron", now=NOW)
    assert not ledger.record_drawing(drawing, of=undrawn, by="cron", now=NOW)
    assert ledger.undrawn().decisions == ()
    assert len(list(ledger.second_looks())) == 3
    assert ledger.check_audit() == ()


def test_a_better_pdf_is_no_new_filing(ledger: Ledger) -> None:
    document = filed(ledger)
    draws(ledger)
    with ledger._database.write() as connection:
        from ingest.ledger.job_rows import open_job
        from ingest.ledger.records import JobKind

        open_job(connection, JobKind.FILE, scan=1, document=1, now=NOW)
    file_now(ledger, document, path="records/better.pdf", content="better")
    assert ledger.undrawn().decisions == ()


def test_what_was_taken_back_and_filed_anew_is_another_decision(ledger: Ledger) -> None:
    document = by_person(ledger, "a.pdf")
    act(ledger, document, Act.UNDO, by="bob")
    act(ledger, document, Act.ASSIGN, "0013", by="cid")
    file_now(ledger, document, path="records/again.pdf")
    assert [(one.version, one.person) for one in ledger.undrawn().decisions] == [(2, "ann"), (4, "cid")]


def test_of_processes_that_draw_at_once_one_puts_it_down(ledger: Ledger) -> None:
    for number in range(3):
        filed(ledger, name=f"{number}.pdf")
    undrawn = ledger.undrawn()
    drawing = draw(undrawn, shares=EVERYTHING, lot=lot_of(b"x"))
    with ThreadPoolExecutor(4) as processes:
        done = list(processes.map(lambda _: ledger.record_drawing(drawing, of=undrawn, by="c", now=NOW), range(4)))
    assert sorted(done) == [False, False, False, True]
    assert sum(ledger.second_look_frame().values()) == 3


def test_the_frame_counts_what_the_looks_stand_for(ledger: Ledger) -> None:
    for number in range(4):
        (document,) = read(ledger, replace(to_file(1), type="ekg"), name=f"{number}.pdf")
        file_now(ledger, document)
        draws(ledger, Shares(unattended=0.25, people=0, discards=0, known=0))
    frame = {(cell.month, cell.type, cell.one_in): count for cell, count in ledger.second_look_frame().items()}
    assert frame == {("2026-11", "ekg", 1): 1, ("2026-11", "ekg", 4): 3}
    (look, *_) = ledger.second_looks()
    assert (look.one_in, look.month, look.type, look.origin, look.person) == (1, "2026-11", "ekg", "", None)


def test_nobody_looks_again_at_what_they_decided_themselves_or_for_another(ledger: Ledger) -> None:
    by_person(ledger, "a.pdf", by="ann", acting_for="amy")
    draws(ledger)
    assert takes(ledger, "ann") is None
    assert takes(ledger, "amy") is None
    assert takes(ledger, "bob", for_=("ann",)) is None
    assert takes(ledger, "bob") is not None


def test_two_people_never_hold_one_and_a_hold_ends(ledger: Ledger) -> None:
    for number in range(6):
        filed(ledger, name=f"{number}.pdf")
    draws(ledger)
    with ThreadPoolExecutor(3) as people:
        got = list(people.map(lambda n: [takes(ledger, f"p{n}"), takes(ledger, f"p{n}")], range(6)))
    assert len({pair[0].number for pair in got if pair[0]}) == 6
    assert all(first == second for first, second in got)
    assert takes(ledger, "zoe", at=299) is None
    assert takes(ledger, "zoe", at=300) is not None
    (first,) = [pair[0] for pair in got if pair[0] and pair[0].number == 1]
    with pytest.raises(Conflict, match="not yours"):
        ledger.answer_second_look(first.number, answer=LookAnswer.UNSURE, mrn=None, user="p99", now=NOW)


def test_it_is_let_go_and_skipped(ledger: Ledger) -> None:
    filed(ledger)
    draws(ledger)
    held = takes(ledger, "bob")
    assert held is not None
    assert takes(ledger, "bob", skip=[held.number]) is None
    ledger.let_go_of_second_look(held.number, user="zoe")
    assert takes(ledger, "zoe") is None
    ledger.let_go_of_second_look(held.number, user="bob")
    assert takes(ledger, "zoe") == held


def test_a_labelled_patient_is_kept_from_whoever_lacks_the_label(ledger: Ledger) -> None:
    filed(ledger)
    draws(ledger)
    ledger.label_patient("0012", "vip", by="sue", now=NOW)
    assert takes(ledger, clearance=Clearance()) is None
    assert takes(ledger, clearance=Clearance(labels=frozenset({"vip"}))) is not None


def test_answers_agree_or_do_not(ledger: Ledger) -> None:
    for number in range(4):
        filed(ledger, name=f"{number}.pdf")
    (gone,) = read(ledger, to_review(1), name="gone.pdf")
    act(ledger, gone, Act.DISCARD)
    draws(ledger)
    answers(ledger, mrn="0012")
    answers(ledger, mrn="0013")
    answers(ledger, mrn=None, answer=LookAnswer.UNSURE)
    answers(ledger, mrn=None)
    answers(ledger, mrn=None)
    assert standings(ledger) == [
        LookStanding.AGREED, LookStanding.DISPUTED, LookStanding.DISPUTED, LookStanding.DISPUTED, LookStanding.AGREED,
    ]  # fmt: skip
    assert [one.number for one in ledger.disagreements(clearance=SITE_ITSELF)] == [2, 3, 4]
    told = next(ledger.disagreements(clearance=SITE_ITSELF))
    assert (told.first_mrn, told.first_by, told.answer_mrn, told.answered_by) == ("0012", "pipeline", "0013", "bob")


def test_an_answer_stands_and_names_somebody_who_is_there(ledger: Ledger) -> None:
    filed(ledger)
    draws(ledger)
    held = takes(ledger)
    assert held is not None
    with pytest.raises(NotFound, match="no patient"):
        ledger.answer_second_look(held.number, answer=LookAnswer.PATIENT, mrn="77", user="bob", now=NOW)
    ledger.answer_second_look(held.number, answer=LookAnswer.PATIENT, mrn="0012", user="bob", now=NOW)
    with pytest.raises(Conflict, match="stands"):
        ledger.answer_second_look(held.number, answer=LookAnswer.UNSURE, mrn=None, user="bob", now=NOW)
    assert takes(ledger) is None
    (event,) = [row for row in ledger.audit() if row.action == "second_look.answered"]
    assert (event.facts, event.details) == ({"answer": "patient", "second_look": 1}, {"mrn": "0012"})


def test_two_registrations_that_were_merged_are_one_patient(ledger: Ledger) -> None:
    filed(ledger, mrn="0012")
    draws(ledger)
    ledger.merge_patients(retired="0012", survivor="0013", by="sue", now=NOW)
    answers(ledger, mrn="0013")
    assert standings(ledger) == [LookStanding.AGREED]


def test_what_was_filed_wrongly_is_a_misfile_and_waits_for_review(ledger: Ledger) -> None:
    document = filed(ledger)
    draws(ledger)
    number = answers(ledger, mrn="0013")
    assert settles(ledger, number, Settlement.FIRST_WRONG, mrn="0013") == document.id

    back = ledger.document(document.id)
    assert (back.state, back.mrn, back.filed_as) == (DocumentState.REVIEW, None, None)
    assert back.reasons[0].startswith("A second look found")
    assert ledger.history(document.id)[-1].act == "second_look"
    assert [row.document_id for row in ledger.pending_withdrawals()] == [document.id]
    with ledger._database.read() as connection:
        (row,) = connection.execute(select(misfiles)).all()
    assert (row.version, row.by_program, row.found_how, row.found_by) == (1, True, "second_look", "sue")
    with pytest.raises(Conflict, match="settled by sue"):
        settles(ledger, number, Settlement.FIRST_RIGHT)
    assert standings(ledger) == [LookStanding.FIRST_WRONG]
    assert ledger.check_audit() == ()
    assert ledger.check_pages() == ()


def test_what_was_right_stays_where_it_is(ledger: Ledger) -> None:
    document = by_person(ledger, "a.pdf")
    draws(ledger)
    settles(ledger, answers(ledger, mrn="0013"), Settlement.FIRST_RIGHT)
    assert ledger.document(document.id).state is DocumentState.FILED
    assert standings(ledger) == [LookStanding.FIRST_RIGHT]
    assert list(ledger.disagreements(clearance=SITE_ITSELF)) == []


def test_what_was_wrongly_discarded_comes_back_and_is_no_misfile(ledger: Ledger) -> None:
    (gone,) = read(ledger, to_review(1))
    act(ledger, gone, Act.DISCARD)
    draws(ledger)
    settles(ledger, answers(ledger, mrn="0012"), Settlement.FIRST_WRONG)
    assert ledger.document(gone.id).state is DocumentState.REVIEW
    with ledger._database.read() as connection:
        assert connection.execute(select(misfiles)).all() == []


def test_what_moved_on_since_is_a_misfile_and_stays_as_it_is(ledger: Ledger) -> None:
    document = by_person(ledger, "a.pdf", mrn="0012")
    draws(ledger)
    act(ledger, document, Act.UNDO, by="cid")
    act(ledger, document, Act.ASSIGN, "0013", by="cid")
    file_now(ledger, document, path="records/again.pdf")
    settles(ledger, answers(ledger, mrn="0013"), Settlement.FIRST_WRONG)
    assert ledger.document(document.id).mrn == "0013"
    with ledger._database.read() as connection:
        (row,) = connection.execute(select(misfiles)).all()
    assert (row.version, row.by_program) == (2, False)


def test_nobody_settles_their_own_answer_nor_takes_back_how_it_was_settled(ledger: Ledger) -> None:
    by_person(ledger, "a.pdf", by="ann")
    draws(ledger)
    number = answers(ledger, "bob", mrn="0013")
    for own in ("ann", "bob"):
        with pytest.raises(Conflict, match="somebody else settles"):
            settles(ledger, number, Settlement.FIRST_RIGHT, by=own)
    settles(ledger, number, Settlement.FIRST_WRONG)
    for own in ("ann", "bob"):
        with pytest.raises(Conflict, match="somebody else settles"):
            reopens(ledger, number, by=own)
    assert standings(ledger) == [LookStanding.FIRST_WRONG]


def test_what_was_settled_as_wrong_is_taken_back_and_filed_again(ledger: Ledger) -> None:
    document = by_person(ledger, "a.pdf", mrn="0012")
    draws(ledger)
    number = answers(ledger, mrn="0013")
    with pytest.raises(NotFound, match="no settled disagreement"):
        reopens(ledger, number)
    settles(ledger, number, Settlement.FIRST_WRONG, mrn="0013")
    (settled,) = ledger.disagreements(clearance=SITE_ITSELF, settled=True)
    assert (settled.settled, settled.settled_by) == (Settlement.FIRST_WRONG, "sue")
    assert ledger.disagreement(number, settled=True) == settled
    assert reopens(ledger, number) == document.id

    assert standings(ledger) == [LookStanding.DISPUTED]
    assert ledger.misfiles() == ()
    assert list(ledger.disagreements(clearance=SITE_ITSELF, settled=True)) == []
    back = ledger.document(document.id)
    assert (back.state, back.mrn) == (DocumentState.REVIEW, None)
    assert back.reasons[0] == "It was filed to MRN 0012; a second look's finding that this was wrong was taken back."
    assert not any("found that it was filed" in reason or "0013" in reason for reason in back.reasons)
    event = next(row for row in ledger.audit() if row.action == "second_look.reopened")
    assert (event.actor, event.facts) == ("sue", {"second_look": number, "settled": "first_wrong", "version": 2})
    act(ledger, document, Act.ASSIGN, "0012")
    assert file_now(ledger, document, path="records/again.pdf").mrn == "0012"
    settles(ledger, number, Settlement.FIRST_RIGHT)
    assert ledger.document(document.id).mrn == "0012"
    assert ledger.check_audit() == ()
    assert ledger.check_pages() == ()


def test_what_was_settled_as_right_is_taken_back_and_stays_filed(ledger: Ledger) -> None:
    document = by_person(ledger, "a.pdf")
    draws(ledger)
    number = answers(ledger, mrn="0013")
    settles(ledger, number, Settlement.FIRST_RIGHT)
    before = ledger.document(document.id)
    reopens(ledger, number)
    assert ledger.document(document.id) == before
    assert [one.number for one in ledger.disagreements(clearance=SITE_ITSELF)] == [number]


def test_what_is_settled_as_wrong_once_more_says_so_and_names_the_patient(ledger: Ledger) -> None:
    document = filed(ledger)
    draws(ledger)
    number = answers(ledger, mrn="0013")
    settles(ledger, number, Settlement.FIRST_WRONG)
    reopens(ledger, number)
    settles(ledger, number, Settlement.FIRST_WRONG, mrn="0013")
    back = ledger.document(document.id)
    assert back.reasons[:2] == (
        "A second look found that it was filed to the wrong patient.",
        "Who settled that named MRN 0013.",
    )
    assert not any("taken back" in reason for reason in back.reasons)
    reopens(ledger, number)
    settles(ledger, number, Settlement.FIRST_RIGHT)
    before = ledger.document(document.id)
    reopens(ledger, number)  # a word that moved nothing: nothing moves
    assert ledger.document(document.id) == before
    assert ledger.check_audit() == ()


def test_what_people_did_since_is_first_to_be_put_right(ledger: Ledger) -> None:
    (gone,) = read(ledger, to_review(1))
    act(ledger, gone, Act.DISCARD)
    draws(ledger)
    number = answers(ledger, mrn="0012")
    settles(ledger, number, Settlement.FIRST_WRONG)
    reopens(ledger, number)
    assert ledger.document(gone.id).reasons[0].startswith("It was discarded; a second look's finding")
    settles(ledger, number, Settlement.FIRST_WRONG)
    act(ledger, gone, Act.ASSIGN, "0012", by="cid")
    with pytest.raises(Conflict, match="first discard it again"):
        reopens(ledger, number)
    act(ledger, gone, Act.UNDO, by="cid")
    with pytest.raises(Conflict, match="first discard it again"):
        reopens(ledger, number)
    act(ledger, gone, Act.DISCARD, by="cid")
    discarded = ledger.document(gone.id)
    reopens(ledger, number)
    assert ledger.document(gone.id) == discarded


def test_an_older_look_that_is_taken_back_leaves_what_a_newer_one_found(ledger: Ledger) -> None:
    document = by_person(ledger, "a.pdf", mrn="0012")
    draws(ledger)
    older = answers(ledger, mrn="0013")
    settles(ledger, older, Settlement.FIRST_RIGHT)
    act(ledger, document, Act.UNDO, by="cid")
    act(ledger, document, Act.ASSIGN, "0013", by="cid")
    file_now(ledger, document, path="records/again.pdf")
    draws(ledger)
    newer = answers(ledger, "dan", mrn="0012")
    settles(ledger, newer, Settlement.FIRST_WRONG, mrn="0012")
    back = ledger.document(document.id)
    reopens(ledger, older)
    assert ledger.document(document.id) == back
    settles(ledger, older, Settlement.FIRST_WRONG)
    assert ledger.document(document.id) == back
    assert len(ledger.misfiles()) == 2
    reopens(ledger, older)  # settled when the decision stood no more: nobody went on from that
    assert ledger.document(document.id) == back
    assert [found.version for found in ledger.misfiles()] == [back.version - 1]


def test_a_misfile_that_was_found_twice_stays_one_when_one_finding_is_taken_back(ledger: Ledger) -> None:
    document = by_person(ledger, "a.pdf", mrn="0012")
    draws(ledger)
    number = answers(ledger, mrn="0013")
    act(ledger, document, Act.REFILE, "0013", by="cid")
    settles(ledger, number, Settlement.FIRST_WRONG)
    reopens(ledger, number)
    assert found_how(ledger) == ["refile"]
    settles(ledger, number, Settlement.FIRST_WRONG)
    act(ledger, document, Act.UNDO, by="cid")
    assert ledger.history(document.id)[-1].mrn == "0012"
    assert found_how(ledger) == ["second_look"]
    file_now(ledger, document, path="records/again.pdf")
    act(ledger, document, Act.REFILE, "0013", by="cid")
    with pytest.raises(Conflict, match="give it to MRN 0012 again"):
        reopens(ledger, number)
    act(ledger, document, Act.UNDO, by="cid")
    reopens(ledger, number)
    assert found_how(ledger) == []
    assert ledger.check_audit() == ()
    assert ledger.check_pages() == ()


def test_what_was_settled_anew_is_not_taken_back_unseen(ledger: Ledger) -> None:
    by_person(ledger, "a.pdf")
    draws(ledger)
    number = answers(ledger, mrn="0013")
    settles(ledger, number, Settlement.FIRST_RIGHT)
    with pytest.raises(Conflict, match="settled anew since"):
        reopens(ledger, number, settled_at=later(-60))
    reopens(ledger, number, settled_at=NOW)


def test_whoever_settled_or_took_it_back_never_sees_it_blind(ledger: Ledger) -> None:
    by_person(ledger, "a.pdf", mrn="0012")
    draws(ledger)
    number = answers(ledger, mrn="0013")
    settles(ledger, number, Settlement.FIRST_RIGHT, by="sue")
    reopens(ledger, number, by="tess", acting_for="dr-lee")
    settles(ledger, number, Settlement.FIRST_RIGHT, by="tom")
    by_person(ledger, "b.pdf", by="sue")
    draws(ledger, Shares(unattended=1, people=1, discards=1, known=0.5))
    assert takes(ledger, "sue") is None
    new = HeldLook(number=2, document_id="D000002")
    for time, name in enumerate(("tess", "tom")):
        assert takes(ledger, name, at=1000 * time) == new
        assert takes(ledger, name, at=1000 * time, skip=(2,)) is None
    assert takes(ledger, "ed", at=2000, for_=("dr-lee",), skip=(2,)) is None
    assert takes(ledger, "dan", at=2000, skip=(2,)) == HeldLook(number=3, document_id="D000001")


def test_a_known_case_is_one_only_while_it_is_established(ledger: Ledger) -> None:
    by_person(ledger, "a.pdf", mrn="0012")
    draws(ledger)
    number = answers(ledger, mrn="0013")
    settles(ledger, number, Settlement.FIRST_WRONG, mrn="0013")
    half_known = Shares(unattended=1, people=1, discards=1, known=0.5)
    by_person(ledger, "b.pdf")
    assert draws(ledger, half_known) == 2
    assert answers(ledger, "dan", mrn="0012") == 2
    assert answers(ledger, "dan", mrn="0012") == 3
    assert [answer.right for answer in ledger.known_answers()] == [False]
    reopens(ledger, number)
    assert ledger.known_answers() == ()
    settles(ledger, number, Settlement.FIRST_RIGHT)
    assert ledger.known_answers() == ()  # it was held against what nobody says any more
    by_person(ledger, "c.pdf")
    assert draws(ledger, half_known) == 2
    reopens(ledger, number)
    assert takes(ledger, "eve").document_id == "D000003"
    assert takes(ledger, "fay") is None


def test_whoever_lacks_the_label_of_a_patient_whom_a_second_look_names_sees_nothing(ledger: Ledger) -> None:
    document = by_person(ledger, "a.pdf", mrn="0012")
    draws(ledger)
    answers(ledger, mrn="0013")
    ledger.label_patient("0013", "vip", by="sue", now=NOW)
    assert list(ledger.disagreements(clearance=Clearance())) == []
    assert len(list(ledger.disagreements(clearance=Clearance(labels=frozenset({"vip"}))))) == 1
    assert not ledger.may_see(ledger.document(document.id), Clearance())


def test_known_cases_come_of_what_is_established_and_measure_whoever_looks(ledger: Ledger) -> None:
    filed(ledger, name="a.pdf")
    draws(ledger)
    answers(ledger, "bob")
    filed(ledger, name="b.pdf")
    half_known = Shares(unattended=1, people=1, discards=1, known=0.5)
    assert draws(ledger, half_known) == 2
    frame = ledger.second_look_frame()

    assert takes(ledger, "bob") is not None  # the new one only: bob looked at the other
    assert answers(ledger, "bob") == 2
    assert takes(ledger, "bob") is None
    assert answers(ledger, "cid", mrn="0013") == 3
    (answer,) = ledger.known_answers()
    assert (answer.person, answer.right) == ("cid", False)
    assert [look.number for look in ledger.second_looks()] == [1, 2]
    assert list(ledger.disagreements(clearance=SITE_ITSELF)) == []
    assert ledger.second_look_frame() == frame
    with pytest.raises(NotFound):
        settles(ledger, 3, Settlement.FIRST_WRONG)


def test_what_second_looks_say_of_unattended_filings(ledger: Ledger) -> None:
    certain = replace(to_file(1), fingerprint="weights-1", threshold=0.999, candidates=(candidate("0012", 0.9999),))
    for number in range(4):
        (document,) = read(ledger, certain, name=f"{number}.pdf")
        file_now(ledger, document)
    draws(ledger)
    answers(ledger, mrn="0012")
    answers(ledger, mrn="0013")
    settles(ledger, answers(ledger, mrn="0013"), Settlement.FIRST_RIGHT)
    assert [(row.document_id, row.right, row.one_in) for row in ledger.second_looked_decisions()] == [
        ("D000001", True, 1), ("D000002", False, 1), ("D000003", True, 1),
    ]  # fmt: skip


def test_a_verdict_that_a_second_look_overturned_is_none_any_more(ledger: Ledger) -> None:
    by_person(ledger, "a.pdf", mrn="0012")
    assert [row.right for row in ledger.audited_decisions()] == [True]
    draws(ledger)
    settles(ledger, answers(ledger, mrn="0013"), Settlement.FIRST_WRONG)
    assert list(ledger.audited_decisions()) == []
