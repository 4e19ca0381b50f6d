"""Refiling and copying: asked about first, reasoned, and told who looked."""

from __future__ import annotations

import pytest

from ingest.errors import Conflict, NotAllowed, NotFound, WrongUse
from ingest.ledger import Clearance
from ingest.model import Document, DocumentState
from ingest.review import AsksAgain, Clerk, MovingDesk, Refiled, Right
from tests.fakes.doubtful import doubt


def _desk(room, user: str = "mia", **more) -> MovingDesk:
    return MovingDesk(
        room.ledger,
        Clerk(user=user, **more),
        objections=lambda _, patient: room.objections.get(patient.mrn, ()),
        judge=lambda _, pages: pytest.fail("nothing is cut here"),
        turner=lambda *_: pytest.fail("nothing is turned here"),
        now=room.now,
    )


def _filed(room, suspect, anna) -> Document:
    document = room.waiting(suspect(anna))
    _desk(room).accept(document.id, 1)
    room.file_everything()
    return room.ledger.document(document.id)


def test_a_refile_tells_from_whom_and_who_looked_meanwhile(room, suspect, anna, hannah) -> None:
    document = _filed(room, suspect, anna)
    _desk(room, "leo").show(document.id)
    refiled = _desk(room, "mia", acting_for="dr-lee").refile(document.id, hannah.mrn, " her twin's ")
    assert isinstance(refiled, Refiled)
    assert (refiled.document.state, refiled.from_mrn) == (DocumentState.WORKING, anna.mrn)
    assert refiled.misfile is not None
    assert (refiled.misfile.version, refiled.misfile.by_program) == (2, False)
    assert [look.actor for look in refiled.looks] == ["leo"]
    room.file_everything()
    assert room.ledger.document(document.id).mrn == hannah.mrn
    row = room.ledger.history(document.id)[-1]
    assert (row.act, row.note, row.decided_by, row.acting_for) == ("refile", "her twin's", "mia", "dr-lee")


def test_what_the_pages_say_is_put_before_the_person_first(room, suspect, anna, hannah) -> None:
    document = _filed(room, suspect, anna)
    room.objections[hannah.mrn] = ("Page 1: another birth date.",)
    for move in (_desk(room).refile, _desk(room).copy):
        asked = move(document.id, hannah.mrn, "because")
        assert asked == AsksAgain(document_id=document.id, mrn=hannah.mrn, objections=room.objections[hannah.mrn])
        assert room.ledger.document(document.id) == document
    assert isinstance(_desk(room).copy(document.id, hannah.mrn, "because", confirm=True), Document)
    assert isinstance(_desk(room).refile(document.id, hannah.mrn, "because", confirm=True), Refiled)


def test_what_cannot_be_done_is_said_before_anything_is_asked(room, suspect, anna, hannah) -> None:
    document = _filed(room, suspect, anna)
    waiting = room.waiting(source="b.pdf")
    room.objections |= {anna.mrn: ("Against.",), hannah.mrn: ("Against.",)}
    with pytest.raises(Conflict, match="nothing to refile"):
        _desk(room).refile(document.id, anna.mrn, "because")
    with pytest.raises(Conflict, match="already, as document"):
        _desk(room).copy(document.id, anna.mrn, "because")
    for move in (_desk(room).refile, _desk(room).copy):
        with pytest.raises(Conflict, match="assign it"):
            move(waiting.id, hannah.mrn, "because")
        with pytest.raises(WrongUse, match="say why"):
            move(document.id, hannah.mrn, " ")
        with pytest.raises(NotFound):
            move(document.id, "0000001", "because")
        with pytest.raises(Conflict, match="since it was shown"):
            move(document.id, hannah.mrn, "because", version=1)


def test_only_who_may_decide_moves_anything(room, suspect, anna, hannah) -> None:
    document = _filed(room, suspect, anna)
    auditor = _desk(room, "ada", rights=frozenset({Right.LOOK}))
    for move in (auditor.refile, auditor.copy):
        with pytest.raises(NotAllowed):
            move(document.id, hannah.mrn, "because")
    assert room.ledger.document(document.id) == document


def test_a_copy_is_filed_to_the_second_patient_and_can_be_undone(room, suspect, anna, hannah) -> None:
    document = _filed(room, suspect, anna)
    copy = _desk(room).copy(document.id, hannah.mrn, "newborn")
    assert isinstance(copy, Document)
    room.file_everything()
    assert (room.ledger.document(copy.id).mrn, room.ledger.document(document.id)) == (hannah.mrn, document)
    assert _desk(room).undo(copy.id).state is DocumentState.DISCARDED


def _doubted(room, suspect, anna, hannah) -> Document:
    """A document that Mia filed to Anna, and whose pages speak for Hannah since."""
    document = _filed(room, suspect, anna)
    doubt(room.ledger, document, "Its pages speak for another.", speaks_for=hannah.mrn, now=room.now())
    return document


def test_what_is_in_doubt_stands_on_a_supervisors_word_with_the_reason(room, suspect, anna, hannah) -> None:
    document = _doubted(room, suspect, anna, hannah)
    supervisor = _desk(room, "sue", acting_for="dr-lee")
    assert [doubt.document_id for doubt in supervisor.doubts()] == [document.id]
    assert supervisor.doubt_about(document) is not None
    with pytest.raises(NotAllowed):
        _desk(room, "mia", rights=frozenset({Right.LOOK, Right.DECIDE})).let_stand(document.id, "mine")
    with pytest.raises(WrongUse, match="say why"):
        supervisor.let_stand(document.id, " ")
    supervisor.let_stand(document.id, "she married")
    assert supervisor.doubts() == ()
    assert supervisor.doubt_about(document) is None
    assert room.ledger.document(document.id) == document
    with pytest.raises(NotFound, match="no open doubt"):
        supervisor.let_stand(document.id, "again")
    with pytest.raises(NotAllowed):
        _desk(room, "mia", rights=frozenset({Right.LOOK, Right.DECIDE})).doubt_again(document.id)
    assert [one.settled_by for one in supervisor.doubts(settled=True)] == ["sue"]
    supervisor.doubt_again(document.id)
    assert [one.document_id for one in supervisor.doubts()] == [document.id]


def test_a_doubt_ends_when_the_document_is_moved(room, suspect, anna, hannah) -> None:
    document = _doubted(room, suspect, anna, hannah)
    assert isinstance(_desk(room).refile(document.id, hannah.mrn, "her twin's"), Refiled)
    assert _desk(room).doubts() == ()


@pytest.mark.parametrize("labelled", ["whose it is", "for whom it speaks"])
def test_a_doubt_is_nowhere_for_who_may_not_see_one_of_its_patients(room, suspect, anna, hannah, labelled) -> None:
    document = _doubted(room, suspect, anna, hannah)
    mrn = anna.mrn if labelled == "whose it is" else hannah.mrn
    room.ledger.label_patient(mrn, "vip", by="sue", now=room.now())
    outsider = _desk(room, "ron", clearance=Clearance(labels=frozenset()))
    assert outsider.doubts() == ()
    assert outsider.doubt_about(document) is None
    doubt(room.ledger, document, "Its text speaks against it.", now=room.now())
    with pytest.raises(NotFound):  # its history names for whom its pages spoke
        outsider.seen(document.id)
    insider = _desk(room, "sue", clearance=Clearance(labels=frozenset({"vip"})))
    assert [doubt.document_id for doubt in insider.doubts()] == [document.id]
