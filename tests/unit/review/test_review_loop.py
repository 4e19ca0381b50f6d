"""`ingest review next`: one line a document, and every line does what it says."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from ingest.cli.review_keys import (
    Accept,
    Ask,
    Assign,
    Defer,
    Describe,
    Discard,
    OpenPage,
    Quit,
    Rotate,
    Search,
    Skip,
    Undo,
    Unknown,
    Weights,
    parse_key,
)
from ingest.cli.review_loop import Sitting, work_queue
from ingest.evidence.identity_rows import IdentityRow
from ingest.ledger import InquiryKind
from ingest.model import Disposition, DocumentState
from ingest.review import QueueFilter
from matchers.decision import VetoName
from tests.unit.review.conftest import ANNA, HANNAH

PEOPLE = (ANNA, HANNAH)
PAPER = (IdentityRow("Patient: BERG, ANNA", True),)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("1", Accept(1)),
        (" 12 \n", Accept(12)),
        ("a 0012345", Assign("0012345")),
        ("A  12 34 ", Assign("12 34")),
        ("x", Discard(None)),
        ("x an advertisement", Discard("an advertisement")),
        ("d", Skip()),
        ("o", OpenPage(None)),
        ("o 3", OpenPage(3)),
        ("w", Weights()),
        ("Q", Quit()),
        ("/berg, anna", Search("berg, anna")),
        ("/", Unknown()),
        ("r", Rotate(None, 90)),
        ("r 2", Rotate(2, 90)),
        ("r 2 180", Rotate(2, 180)),
        ("r 2 180 1", Unknown()),
        ("t consent", Describe("consent", None)),
        ("t ekg 2026-03-01", Describe("ekg", "2026-03-01")),
        ("d 4", Defer(4)),
        ("d 9999", Unknown()),
        ("? registration: is this the twin?", Ask("registration", "is this the twin?")),
        ("u", Undo()),
        ("", Unknown()),
        ("?", Unknown()),
        ("0", Unknown()),
        ("a", Unknown()),
        ("1 2", Unknown()),
        ("d now", Unknown()),
        ("²", Unknown()),
    ],
)
def test_a_line_asks_for_one_thing(line, key) -> None:
    assert parse_key(line) == key


@given(st.text())
def test_any_line_is_understood_or_refused(line) -> None:
    assert parse_key(line) is not None


class _Person:
    """Types these lines, and keeps what they saw."""

    def __init__(self, room, *lines: str, desk=None) -> None:
        self.opened: list[tuple[str, int]] = []
        self._screen = io.StringIO()
        self.sitting = Sitting(
            desk=desk or room.desk(),
            console=Console(file=self._screen, width=100),
            lines=io.StringIO("".join(f"{line}\n" for line in lines)),
            settle=lambda identifier: self._settle(room, identifier),
            open_picture=lambda identifier, page: self.opened.append((identifier, page)),
            paper=lambda document: PAPER,
            search=lambda words: tuple(one for one in PEOPLE if words.casefold() in one.last_name.casefold()),
            now=room.now,
        )
        work_queue(self.sitting, QueueFilter())

    @staticmethod
    def _settle(room, identifier):
        room.file_everything()
        return room.ledger.document(identifier)

    @property
    def saw(self) -> str:
        return " ".join(self._screen.getvalue().split())


def test_a_number_files_to_that_suspect_and_the_next_item_follows(room, suspect, anna, hannah) -> None:
    first = room.waiting(suspect(anna), suspect(hannah), source="a.pdf")
    second = room.waiting(suspect(anna), source="b.pdf")
    person = _Person(room, "2", "1")
    assert room.ledger.document(first.id).mrn == hannah.mrn
    assert room.ledger.document(second.id).mrn == anna.mrn
    assert "nothing more waits for review 2 decided" in person.saw


def test_a_mrn_assigns_to_anybody(room, hannah) -> None:
    document = room.waiting()
    _Person(room, f"a {hannah.mrn}")
    assert room.ledger.document(document.id).mrn == hannah.mrn


def test_x_discards_and_asks_why_until_it_is_told(room) -> None:
    document = room.waiting()
    person = _Person(room, "x", "", "x a copy")
    assert room.ledger.document(document.id).state is DocumentState.DISCARDED
    assert room.ledger.history(document.id)[-1].note == "a copy"
    assert "say why" in person.saw


def test_d_leaves_a_document_for_later_and_comes_not_back_to_it(room) -> None:
    first, second = room.waiting(source="a.pdf"), room.waiting(source="b.pdf")
    person = _Person(room, "d", "d")
    assert {first.id, second.id} == person.sitting.later
    assert "0 decided, 2 left for later" in person.saw


def test_a_blank_page_is_brought_back_and_comes_up(room) -> None:
    blank = room.scan_in(
        Disposition(pages=(1,), state=DocumentState.BLANK, reasons=("Nothing stands on it.",)), "a.pdf", ""
    )
    room.waiting(source="b.pdf")
    person = _Person(room, f"b {blank.id}", "d", "d")
    assert room.ledger.document(blank.id).state is DocumentState.REVIEW
    assert "waits for a person now" in person.saw
    assert blank.id in person.sitting.later


def test_the_paper_is_asked_for_once_more(room) -> None:
    document = room.waiting()
    person = _Person(room, "! ward 3: page 2 is cut off")
    (asked,) = room.ledger.inquiries_of(document.id)
    assert (asked.kind, asked.owner, asked.question) == (InquiryKind.RESCAN, "ward 3", "page 2 is cut off")
    assert asked.due == (room.now() + timedelta(days=7)).date()
    assert "waits for ward 3" in person.saw


@pytest.mark.parametrize("lines", [("q",), ()])
def test_q_and_the_end_of_input_leave_the_desk(room, suspect, anna, lines) -> None:
    document = room.waiting(suspect(anna))
    assert "0 decided" in _Person(room, *lines).saw
    assert room.ledger.document(document.id).state is DocumentState.REVIEW


@pytest.mark.parametrize(("answer", "state"), [("y", DocumentState.FILED), ("", DocumentState.REVIEW)])
def test_a_contradiction_is_shown_and_asked_about(room, suspect, anna, answer, state) -> None:
    document = room.waiting(suspect(anna, 0.9, VetoName.MRN_CONTRADICTS))
    person = _Person(room, "1", answer, "q")
    assert "Because of mrn_contradicts." in person.saw
    assert "File it all the same?" in person.saw
    assert room.ledger.document(document.id).state is state


def test_what_cannot_be_done_is_said_and_asked_again(room, suspect, anna) -> None:
    document = room.waiting(suspect(anna))
    person = _Person(room, "7", "a nobody", "?", "1")
    assert "no such candidate" in person.saw
    assert "no patient has this MRN" in person.saw
    assert "d leaves it for later" in person.saw
    assert room.ledger.document(document.id).mrn == anna.mrn


def test_an_item_that_somebody_else_decided_meanwhile_is_left_alone(room, suspect, anna) -> None:
    document = room.waiting(suspect(anna))

    class Slow:
        """Ben is faster, each time before Mia's decision."""

        def __init__(self) -> None:
            self._desk = room.desk()

        def __getattr__(self, name):
            return getattr(self._desk, name)

        def accept(self, document_id, candidate, **more):
            room.ledger.let_go(user="mia")  # she took her time: the hold is over
            room.desk("ben").discard(document_id, "a copy")
            return self._desk.accept(document_id, candidate, **more)

    person = _Person(room, "1", desk=Slow())
    assert "look at it again" in person.saw
    assert room.ledger.document(document.id).state is DocumentState.DISCARDED


def test_o_opens_a_page_and_w_shows_the_weights(room, suspect, anna) -> None:
    document = room.waiting(suspect(anna))
    person = _Person(room, "o", "o 2", "w", "q")
    assert person.opened == [(document.id, 1), (document.id, 2)]
    assert "+12.0" in person.saw


def test_the_index_is_searched_and_the_patient_found_assigned(room, hannah) -> None:
    document = room.waiting()
    person = _Person(room, "/nobody at all", "/berg", f"a {hannah.mrn}")
    assert "nobody found" in person.saw
    assert f"Berg, Hannah (1962-04-07) MRN {hannah.mrn} (a {hannah.mrn})" in person.saw
    assert room.ledger.document(document.id).mrn == hannah.mrn


def test_u_takes_the_last_decision_back_and_the_document_comes_up_again(room, suspect, anna, hannah) -> None:
    first = room.waiting(suspect(anna), suspect(hannah), source="a.pdf")
    room.waiting(suspect(anna), source="b.pdf")
    person = _Person(room, "u", "1", "u", "x a copy", "2")
    assert "nothing was decided in this sitting" in person.saw
    assert f"{first.id} is review again" in person.saw
    assert room.ledger.document(first.id).mrn == hannah.mrn


def test_type_and_date_are_corrected_and_the_item_is_gone_on_with(room, suspect, anna) -> None:
    document = room.waiting(suspect(anna))
    person = _Person(room, "t nonsense", "t consent soon", "t consent 2026-03-01", "1")
    assert "there is no such type" in person.saw
    assert "write the day as" in person.saw
    filed = room.ledger.document(document.id)
    assert (filed.type, str(filed.document_date), filed.mrn) == ("consent", "2026-03-01", anna.mrn)


def test_a_document_is_put_off_asked_about_and_turned(room, suspect, anna) -> None:
    off, asked, turned = (room.waiting(suspect(anna), source=f"{name}.pdf") for name in "abc")
    person = _Person(room, "d 4", "? registration: the twin?", "r", "x a copy")
    assert "put off for 4 hours" in person.saw
    assert "waits for registration" in person.saw
    assert room.ledger.document(turned.id).state is DocumentState.DISCARDED
    assert room.ledger.inquiries_of(asked.id)[0].question == "the twin?"
    assert room.ledger.document(off.id).state is DocumentState.REVIEW
