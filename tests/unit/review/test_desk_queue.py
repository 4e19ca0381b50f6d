"""Who works on what, who may do what, whom they may see: the rules of the desk round the decision."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ingest.errors import Conflict, NotAllowed, NotFound, WrongUse
from ingest.ledger import Act, Clearance, DeskRole, InquiryKind
from ingest.model import Disposition, DocumentState
from ingest.review import RIGHTS, Right


def events(room, action: str) -> list[tuple[str, str]]:
    return [(row.actor, row.subject) for row in room.ledger.audit() if row.action == action]


def test_two_people_never_get_the_same_document(room) -> None:
    first, second = room.waiting(source="a.pdf"), room.waiting(source="b.pdf")
    assert room.desk("mia").next().document.id == first.id
    assert room.desk("ben").next().document.id == second.id
    assert room.desk("joe").next() is None


def test_what_somebody_works_on_nobody_else_decides(room, suspect, anna) -> None:
    document = room.waiting(suspect(anna))
    room.desk("mia").next()
    for act in (
        lambda desk: desk.accept(document.id, 1),
        lambda desk: desk.assign(document.id, anna.mrn),
        lambda desk: desk.discard(document.id, "a copy"),
        lambda desk: desk.split(document.id, [2]),
        lambda desk: desk.describe(document.id, type_="consent", document_date=None),
        lambda desk: desk.defer(document.id, until=room.time + timedelta(hours=1)),
        lambda desk: desk.ask(document.id, kind=InquiryKind.QUERY, owner="ward", question="?"),
    ):
        with pytest.raises(Conflict, match="is with mia"):
            act(room.desk("ben"))
    assert room.ledger.document(document.id).state is DocumentState.REVIEW


@pytest.mark.parametrize("role", [DeskRole.AUDITOR, DeskRole.ADMINISTRATOR])
def test_who_only_looks_or_only_manages_decides_nothing(room, suspect, anna, role) -> None:
    document = room.waiting(suspect(anna))
    desk = room.desk("kim", rights=RIGHTS[role])
    for act in (
        lambda: desk.next(),
        lambda: desk.accept(document.id, 1),
        lambda: desk.discard(document.id, "a copy"),
        lambda: desk.undo(document.id),
        lambda: desk.bring_back(document.id),
    ):
        with pytest.raises(NotAllowed, match="ingest users"):
            act()
    assert len(events(room, "access.refused")) == 5
    assert events(room, "document.decided") == [("pipeline", document.id)]


def test_an_administrator_reads_no_chart_and_an_auditor_does(room) -> None:
    document = room.waiting()
    with pytest.raises(NotAllowed):
        room.desk("adm", rights=RIGHTS[DeskRole.ADMINISTRATOR]).show(document.id)
    assert room.desk("aud", rights=RIGHTS[DeskRole.AUDITOR]).show(document.id).document.id == document.id


def test_a_supervisor_may_all_that_a_reviewer_may() -> None:
    assert RIGHTS[DeskRole.REVIEWER] < RIGHTS[DeskRole.SUPERVISOR]
    assert Right.USERS not in RIGHTS[DeskRole.SUPERVISOR]


def test_a_labelled_patients_document_is_not_there_for_others(room, suspect, anna, hannah) -> None:
    secret, plain = room.waiting(suspect(anna), source="a.pdf"), room.waiting(suspect(hannah), source="b.pdf")
    room.ledger.label_patient(anna.mrn, "VIP", by="sue", now=room.now())
    desk = room.desk("mia", clearance=Clearance())
    assert [one.document.id for one in desk.list()] == [plain.id]
    for act in (
        lambda: desk.show(secret.id),
        lambda: desk.look_at_page(secret.id, 1),
        lambda: desk.accept(secret.id, 1),
        lambda: desk.assign(plain.id, anna.mrn),
    ):
        with pytest.raises(NotFound):
            act()
    assert events(room, "access.refused") == [("mia", secret.id)] * 3
    cleared = room.desk("sue", clearance=Clearance(labels=frozenset({"VIP"})))
    assert cleared.show(secret.id).document.id == secret.id


def test_a_document_is_put_off_and_comes_back(room) -> None:
    document = room.waiting()
    desk = room.desk()
    desk.next()
    with pytest.raises(WrongUse, match="past"):
        desk.defer(document.id, until=room.time)
    desk.defer(document.id, until=room.time + timedelta(hours=1), note="wait for the ward")
    assert desk.next() is None
    (waiting,) = desk.waiting()
    assert waiting.deferred_until is not None
    room.time += timedelta(hours=2)
    assert desk.next().document.id == document.id


def test_a_question_is_asked_and_answered(room) -> None:
    document = room.waiting()
    desk = room.desk()
    desk.ask(document.id, kind=InquiryKind.RESCAN, owner="scan room", question="Page 2 is cut.", due=date(2026, 3, 5))
    assert desk.next() is None
    room.desk("ben").answer(document.id, "Scanned again as S000007.")
    item = desk.next()
    assert [(one.owner, one.answer) for one in item.inquiries] == [("scan room", "Scanned again as S000007.")]
    assert events(room, "document.rescan_asked") == [("mia", document.id)]
    assert events(room, "document.answered") == [("ben", document.id)]


def test_type_and_date_are_corrected_and_all_else_stands(room, suspect, anna) -> None:
    document = room.waiting(suspect(anna))
    corrected = room.desk().describe(document.id, type_="consent", document_date=date(2026, 3, 1))
    assert (corrected.type, corrected.document_date) == ("consent", date(2026, 3, 1))
    assert (corrected.state, corrected.reasons) == (document.state, document.reasons)
    assert corrected.candidates == document.candidates
    last = room.ledger.history(document.id)[-1]
    assert (last.act, last.decided_by) == (Act.DESCRIBE, "mia")
    with pytest.raises(Conflict, match="look at it again"):
        room.desk().describe(document.id, type_="ekg", document_date=None, version=document.version)
    assert room.desk().accept(document.id, 1).id == document.id
    with pytest.raises(Conflict):
        room.desk().describe(document.id, type_="ekg", document_date=None)


def test_a_blank_that_is_none_is_brought_back(room) -> None:
    blank = room.scan_in(Disposition(pages=(1,), state=DocumentState.BLANK, reasons=("Nothing is written.",)))
    brought = room.desk().bring_back(blank.id)
    assert (brought.state, brought.reasons[0]) == (DocumentState.REVIEW, "A person brought it back.")
    assert room.desk().next().document.id == blank.id
    with pytest.raises(Conflict):
        room.desk().bring_back(blank.id)


def test_a_page_is_read_again_as_it_lies_and_the_document_decided_anew(room, suspect, anna) -> None:
    document = room.waiting(suspect(anna))
    turned = room.desk().rotate(document.id, 2, 90)
    assert (turned.id, turned.version, turned.reasons) == (document.id, 2, ("Read again as it lies.",))
    assert room.ledger.history(document.id)[-1].act == Act.ROTATE
    assert room.ledger.pages_of(document.scan.id)[1].artefact_sha256 is None  # it was never recorded as read here
    assert ("mia", document.scan.id) in events(room, "page.turned")
    with pytest.raises(NotFound, match="no page 3"):
        room.desk().rotate(document.id, 3, 90)
    with pytest.raises(WrongUse, match="clockwise"):
        room.desk().rotate(document.id, 2, 45)
    with pytest.raises(Conflict, match="look at it again"):
        room.desk().rotate(document.id, 2, 90, version=1)
