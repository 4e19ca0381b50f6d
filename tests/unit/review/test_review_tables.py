"""What a clerk reads in a terminal: all of it at 80 columns, without colour, and nothing that acts."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from ingest.cli.cells import plain
from ingest.cli.review_tables import item_view, queue_table
from ingest.evidence.identity_rows import IdentityRow
from ingest.ledger import Waiting
from ingest.model import Document
from ingest.review.words import person, verdict_of
from matchers.decision import FieldComparison, VetoName
from matchers.patient import Field, Patient


def _printed(renderable, *, width: int = 80, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors="strict")
    Console(file=stream, width=width).print(renderable)
    stream.flush()
    return raw.getvalue().decode(encoding)


def _standing(document: Document, **more: object) -> Waiting:
    facts = {"due_at": document.scan.received_at, "held_by": None, "deferred_until": None, "inquiry": None}
    return Waiting(document=document, **(facts | more))


def _words(text: str) -> str:
    return " ".join(text.split())


def _field(**more) -> FieldComparison:
    facts = {
        "field": Field.BIRTH_DATE,
        "query": "1962-04-07",
        "patient": "1962-04-07",
        "level": "exact",
        "weight_bits": 9.0,
        "agrees": True,
    }
    return FieldComparison(**(facts | more))


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({}, "agrees"),
        ({"agrees": False, "weight_bits": 2.0}, "similar"),
        ({"agrees": False, "weight_bits": -3.0}, "conflicts"),
        ({"agrees": False, "weight_bits": 0.0}, "says nothing"),
        ({"patient": None, "agrees": False, "weight_bits": 0.0}, "says nothing"),
    ],
)
def test_each_comparison_has_one_verdict_in_words(more, verdict) -> None:
    assert verdict_of(_field(**more)) == verdict


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_line_of_a_queue_is_wider_than_the_terminal(room, suspect, anna, width) -> None:
    document = room.waiting(suspect(anna), source="fax/" + "long-file-name-" * 12 + ".pdf", reasons=("Because. " * 40,))
    printed = _printed(
        queue_table([(_standing(document), anna), (_standing(room.waiting(source="b.pdf")), None)]), width=width
    )
    assert max(len(line) for line in printed.splitlines()) <= width


def test_a_queue_line_tells_which_document_whence_why_and_whom(room, suspect, anna) -> None:
    document = room.waiting(suspect(anna, 0.9), source="fax/one.pdf")
    printed = _words(_printed(queue_table([(_standing(document), anna)]), width=160))
    for part in (
        document.id,
        "2026-03-04",
        "1-2",
        "fax/one.pdf",
        "Too little agrees.",
        "Berg, Anna",
        "0012345",
        "90.00 %",
    ):
        assert part in printed


def test_an_item_tells_everything_field_by_field(room, suspect, anna, hannah) -> None:
    document = room.waiting(suspect(anna, 0.9, VetoName.RIVAL), suspect(hannah, 0.2))
    item = room.desk().show(document.id)
    printed = _words(_printed(item_view(item, Console())))
    for part in (
        "Too little agrees.",
        "BERG, ANNA",
        "93%",
        "[1] Berg, Anna (1962-04-07, F) MRN 0012345: 90.00 %",
        "[2] Berg, Hannah",
        "✓ agrees: exact",
        "✗ conflicts: one",
        "– says nothing",
        "not recorded",
        "Because of rival.",
    ):
        assert part in printed, part
    assert "bits" not in printed.casefold()


def test_weights_are_shown_on_demand(room, suspect, anna) -> None:
    item = room.desk().show(room.waiting(suspect(anna)).id)
    printed = _words(_printed(item_view(item, Console(), weights=True)))
    assert "+12.0" in printed
    assert "-4.0" in printed


PAPER = (IdentityRow("MERCY GENERAL", False), IdentityRow("Patient: BERG, ANNA   DOB: 04/07/1962", True))


def test_the_paper_stands_beside_the_suspects_on_a_wide_terminal_and_before_them_on_a_narrow_one(
    room, suspect, anna
) -> None:
    item = room.desk().show(room.waiting(suspect(anna)).id)
    wide = _printed(item_view(item, Console(width=160), paper=PAPER), width=160).splitlines()
    assert any("> Patient: BERG, ANNA" in line and "(1962-04-07, F)" in line for line in wide)
    narrow = _printed(item_view(item, Console(width=80), paper=PAPER), width=80)
    assert narrow.index("MERCY GENERAL") < narrow.index("Patient: BERG, ANNA") < narrow.index("[1] Berg, Anna")


@pytest.mark.parametrize("width", [50, 80])
def test_no_line_of_an_item_is_wider_than_the_terminal(room, suspect, anna, width) -> None:
    document = room.waiting(suspect(anna), source="x" * 200, reasons=("w" * 300,))
    paper = (IdentityRow("p" * 300, True),)
    printed = _printed(item_view(room.desk().show(document.id), Console(width=width), paper=paper), width=width)
    assert max(len(line) for line in printed.splitlines()) <= width


def test_a_terminal_without_unicode_gets_plain_signs(room, suspect, anna) -> None:
    item = room.desk().show(room.waiting(suspect(anna)).id)
    console = Console(file=io.TextIOWrapper(io.BytesIO(), encoding="ascii"), width=80)
    printed = _words(_printed(item_view(item, console), encoding="ascii"))
    assert "= agrees: exact" in printed
    assert "X conflicts: one" in printed


def test_what_paper_says_is_never_markup_nor_control_characters(room, suspect, anna) -> None:
    hostile = "[red]\x1b[2J\x07‮evil[/red]"
    document = room.waiting(suspect(anna), source=f"{hostile}.pdf", reasons=(hostile,))
    printed = _printed(item_view(room.desk().show(document.id), Console()), width=200)
    printed += _printed(queue_table([(_standing(document), anna)]), width=200)
    assert "[red]" in printed
    assert not {"\x1b", "\x07", "‮"} & set(printed)


def test_plain_text_stays_on_its_line() -> None:
    assert plain("a\nb\tc").plain == "a b c"


def test_a_person_is_told_by_more_than_a_name(anna, gone) -> None:
    assert person(anna) == "Berg, Anna (1962-04-07, F) MRN 0012345"
    assert person(gone).endswith("inactive")
    junior = Patient(
        mrn="7", last_name="Doe", first_name="John", middle_name="Q", suffix="JR", birth_date=anna.birth_date
    )
    assert person(junior) == "Doe, John Q JR (1962-04-07) MRN 7"


def test_the_history_is_shown_once_somebody_has_decided(room, suspect, anna) -> None:
    document = room.waiting(suspect(anna))
    room.desk("mia", acting_for="dr-lee").discard(document.id, "a copy")
    room.desk("ben").undo(document.id)
    printed = _words(_printed(item_view(room.desk().show(document.id), Console()), width=120))
    assert "mia for dr-lee" in printed
    assert "discard: discarded (a copy)" in printed
    assert "ben" in printed
