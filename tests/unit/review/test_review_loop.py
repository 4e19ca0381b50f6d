"""`ingest review next`: one line a document, and every line does what it says."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from ingest.cli.review_keys import (
    Accept,
    Assign,
    Discard,
    OpenPage,
    Quit,
    Skip,
    Unknown,
    Weights,
    parse_key,
)
from ingest.cli.review_loop import Sitting, work_queue
from ingest.model import DocumentState
from ingest.review import QueueFilter
from matchers.decision import VetoName


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
