"""Refiling and copying: asked about first, reasoned, and told who looked."""

from __future__ import annotations

import pytest

from ingest.errors import Conflict, NotAllowed, NotFound, WrongUse
from ingest.model import Document, DocumentState
from ingest.review import AsksAgain, Clerk, MovingDesk, Refiled, Right


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
