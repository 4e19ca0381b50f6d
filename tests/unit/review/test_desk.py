"""The rules of the desk: recorded, on what was shown, never against the paper without being asked again."""

from __future__ import annotations

import pytest

from ingest.errors import Conflict, NotFound, WrongUse
from ingest.model import Disposition, Document, DocumentState
from ingest.review import AsksAgain, Clerk, QueueFilter
from matchers.decision import VetoName


def _last(room, document_id):
    return room.ledger.history(document_id)[-1]


def _looks(room, action):
    return [(row.actor, row.subject, row.details) for row in room.ledger.audit() if row.action == action]


def test_the_queue_holds_what_waits_oldest_first(room, suspect, anna) -> None:
    first = room.waiting(suspect(anna), source="fax/a.pdf")
    second = room.waiting(source="fax/b.pdf")
    blank = Disposition(pages=(1,), state=DocumentState.BLANK, reasons=("Nothing is written.",))
    room.scan_in(blank, source="fax/c.pdf")
    assert [one.document.id for one in room.desk().list()] == [first.id, second.id]


def test_the_queue_can_be_narrowed(room) -> None:
    fax = room.waiting(source="fax/ward/a.pdf", origin="fax/ward", reasons=("Two patients.",))
    desk = room.waiting(source="faxes.pdf", origin="faxes", reasons=("Too little agrees.",))
    clerk = room.desk()
    assert [found.document.id for found in clerk.list(QueueFilter(origin="fax"))] == [fax.id]
    assert [found.document.id for found in clerk.list(QueueFilter(reason="LITTLE"))] == [desk.id]
    assert [found.document.id for found in clerk.list(QueueFilter(scan="faxes.pdf"))] == [desk.id]
    assert [found.document.id for found in clerk.list(QueueFilter(scan=fax.scan.id))] == [fax.id]


def test_showing_a_document_is_recorded_with_who_looked_for_whom(room, suspect, anna) -> None:
    document = room.waiting(suspect(anna))
    item = room.desk("mia", acting_for="dr-lee").show(document.id)
    assert item.document == document
    assert item.suspects == (anna,)
    assert _looks(room, "document.viewed") == [("mia", document.id, {"acting_for": "dr-lee"})]


def test_listing_the_queue_is_no_look_at_a_page(room) -> None:
    room.waiting()
    list(room.desk().list())
    assert _looks(room, "document.viewed") == []


def test_next_gives_the_oldest_that_was_not_left_for_later(room) -> None:
    first, second = room.waiting(source="a.pdf"), room.waiting(source="b.pdf")
    desk = room.desk()
    assert desk.next().document.id == first.id
    assert desk.next(skip={first.id}).document.id == second.id
    assert desk.next(skip={first.id, second.id}) is None
    assert len(_looks(room, "document.viewed")) == 2


def test_a_look_at_a_page_is_recorded_and_only_its_own_pages_can_be_seen(room) -> None:
    document = room.waiting()
    desk = room.desk()
    desk.look_at_page(document.id, 2)
    with pytest.raises(NotFound, match="no page 3"):
        desk.look_at_page(document.id, 3)
    assert _looks(room, "page.viewed") == [("mia", document.id, {"page": "2"})]


@pytest.mark.parametrize("choice", [2, "0054321"])
def test_accepting_a_suspect_by_number_or_mrn_files_it_there(room, suspect, anna, hannah, choice) -> None:
    document = room.waiting(suspect(anna), suspect(hannah, 0.2))
    accepted = room.desk().accept(document.id, choice)
    assert isinstance(accepted, Document)
    assert accepted.state is DocumentState.WORKING
    room.file_everything()
    assert room.ledger.document(document.id).mrn == hannah.mrn
    row = _last(room, document.id)
    assert (row.act, row.decided_by, row.acting_for, row.probability) == ("accept", "mia", None, 0.2)


@pytest.mark.parametrize("choice", [0, 3, -1, "0099999", "2"])
def test_a_suspect_that_is_not_there_cannot_be_accepted(room, suspect, anna, hannah, choice) -> None:
    document = room.waiting(suspect(anna), suspect(hannah))
    with pytest.raises(NotFound, match="assign"):
        room.desk().accept(document.id, choice)
    assert room.ledger.document(document.id).state is DocumentState.REVIEW


def test_acting_for_somebody_else_is_recorded(room, suspect, anna) -> None:
    document = room.waiting(suspect(anna))
    room.desk("mia", acting_for="dr-lee").accept(document.id, 1)
    row = _last(room, document.id)
    assert (row.decided_by, row.acting_for) == ("mia", "dr-lee")


def test_a_nameless_user_decides_nothing() -> None:
    with pytest.raises(WrongUse):
        Clerk(user=" ")
    with pytest.raises(WrongUse):
        Clerk(user="mia", acting_for="")


@pytest.mark.parametrize(
    "veto", [VetoName.MRN_CONTRADICTS, VetoName.GIVEN_NAME_CONTRADICTS, VetoName.BIRTH_DATE_CONTRADICTS]
)
def test_accepting_against_a_contradiction_asks_once_more(room, suspect, anna, veto) -> None:
    document = room.waiting(suspect(anna, 0.9, veto, VetoName.BELOW_THRESHOLD))
    asked = room.desk().accept(document.id, 1)
    assert asked == AsksAgain(document_id=document.id, mrn=anna.mrn, objections=(f"Because of {veto.value}.",))
    assert room.ledger.document(document.id) == document
    assert isinstance(room.desk().accept(document.id, 1, confirm=True), Document)


@pytest.mark.parametrize("veto", [VetoName.TOO_FEW_IDENTIFIERS, VetoName.RIVAL, VetoName.BELOW_THRESHOLD])
def test_mere_doubt_is_what_the_desk_is_for_and_asks_nothing(room, suspect, anna, veto) -> None:
    document = room.waiting(suspect(anna, 0.9, veto))
    assert isinstance(room.desk().accept(document.id, 1), Document)


def test_what_the_pages_say_is_asked_about_for_suspects_and_for_anybody(room, suspect, anna, hannah) -> None:
    room.objections = {anna.mrn: ("Page 2: another MRN.",), hannah.mrn: ("Page 1: another given name.",)}
    document = room.waiting(suspect(anna))
    accepted = room.desk().accept(document.id, 1)
    assigned = room.desk().assign(document.id, hannah.mrn)
    assert isinstance(accepted, AsksAgain)
    assert accepted.objections == ("Page 2: another MRN.",)
    assert isinstance(assigned, AsksAgain)
    assert assigned.objections == ("Page 1: another given name.",)


def test_an_inactive_registration_asks_once_more(room, gone) -> None:
    document = room.waiting()
    room.ledger.load_patients([gone], now=room.now(), replace=True)
    asked = room.desk().assign(document.id, "0012345")
    assert isinstance(asked, AsksAgain)
    assert "inactive" in asked.objections[0]


def test_assigning_to_a_patient_whom_nobody_knows_names_the_remedy_and_no_mrn(room) -> None:
    document = room.waiting()
    with pytest.raises(NotFound, match="patients search") as refused:
        room.desk().assign(document.id, "CANARY")
    assert "CANARY" not in str(refused.value)


def test_a_decision_on_what_was_shown_before_is_refused(room, suspect, anna) -> None:
    document = room.waiting(suspect(anna))
    shown = document.version
    room.desk("ben").discard(document.id, "a copy")
    room.desk("ben").undo(document.id)
    for decide in (
        lambda desk: desk.accept(document.id, 1, version=shown),
        lambda desk: desk.assign(document.id, anna.mrn, version=shown),
        lambda desk: desk.discard(document.id, "late", version=shown),
        lambda desk: desk.undo(document.id, version=shown),
    ):
        with pytest.raises(Conflict, match="look at it again"):
            decide(room.desk())
    assert _last(room, document.id).decided_by == "ben"


def test_a_filed_document_is_not_accepted_again(room, suspect, anna, hannah) -> None:
    document = room.waiting(suspect(anna))
    room.desk().accept(document.id, 1)
    room.file_everything()
    with pytest.raises(Conflict, match="undo"):
        room.desk().assign(document.id, hannah.mrn)


def test_discarding_needs_a_reason_and_keeps_it(room) -> None:
    document = room.waiting()
    with pytest.raises(WrongUse, match="why"):
        room.desk().discard(document.id, "  ")
    assert room.desk().discard(document.id, " an advertisement ").state is DocumentState.DISCARDED
    assert _last(room, document.id).note == "an advertisement"


def test_undo_brings_a_discarded_document_back_as_it_was(room, suspect, anna) -> None:
    document = room.waiting(suspect(anna))
    room.desk().discard(document.id, "mistaken")
    restored = room.desk().undo(document.id)
    assert restored.state is DocumentState.REVIEW
    assert restored.candidates == document.candidates
    assert restored.findings == document.findings


def test_undo_of_a_filing_withdraws_the_pdf(room, suspect, anna) -> None:
    document = room.waiting(suspect(anna))
    room.desk().accept(document.id, 1)
    room.file_everything()
    restored = room.desk().undo(document.id)
    assert (restored.state, restored.mrn, restored.filed_as) == (DocumentState.REVIEW, None, None)
    assert len(room.ledger.pending_withdrawals()) == 1
    assert [row.act for row in room.ledger.history(document.id)][-1] == "undo"


@pytest.mark.parametrize("act", ["show", "accept", "assign", "discard", "undo"])
def test_an_unknown_document_is_not_found(room, act) -> None:
    desk = room.desk()
    acts = {
        "show": lambda: desk.show("D999999"),
        "accept": lambda: desk.accept("D999999", 1),
        "assign": lambda: desk.assign("D999999", "0012345"),
        "discard": lambda: desk.discard("D999999", "x"),
        "undo": lambda: desk.undo("D999999"),
    }
    with pytest.raises(NotFound):
        acts[act]()
