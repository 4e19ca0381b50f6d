"""The contract of the ledger: which decisions may teach the program, and which may not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.ledger import Act, Ledger, PatientLesson
from ingest.model import Document, Traits
from tests.contract.ledger_steps import file_now, filed, later, patient, read, to_review
from tests.fakes.taught import TOLD_AT, act, change, looked, misfiled


@pytest.fixture(autouse=True)
def registered(ledger: Ledger) -> None:
    ledger.load_patients([patient("0012"), patient("0099")], now=TOLD_AT)


def assigned(ledger: Ledger, name: str = "a.pdf", mrn: str = "0012") -> Document:
    """A document that waited and that a person gave to a patient, filed: its decision has version 2."""
    (document,) = read(ledger, to_review(1), name=name)
    act(ledger, document, Act.ASSIGN, mrn)
    return file_now(ledger, document)


def taught(ledger: Ledger) -> dict[str, str]:
    return {one.document_id: one.mrn for one in ledger.patient_lessons()}


def types(ledger: Ledger) -> dict[str, tuple[str, bool]]:
    return {one.document_id: (one.type, one.corrected) for one in ledger.type_lessons()}


def test_what_people_filed_teaches_whose_it_is_and_with_less_weight_what(ledger: Ledger) -> None:
    document = assigned(ledger)
    read(ledger, to_review(1), name="waits.pdf")
    assert ledger.patient_lessons() == (
        PatientLesson(
            document_id=document.id,
            scan_id=document.scan.id,
            mrn="0012",
            told_at=TOLD_AT,
            stands_for=1.0,
            confirmed=False,
        ),
    )
    assert types(ledger) == {document.id: ("lab_report", False)}


def test_lessons_come_in_the_order_in_which_they_were_told(ledger: Ledger) -> None:
    for name, seconds in (("late", 90), ("early", 10), ("middle", 50)):
        (document,) = read(ledger, to_review(1), name=name)
        act(ledger, document, Act.ASSIGN, "0012", at=later(seconds))
    assert [one.told_at for one in ledger.patient_lessons()] == [later(10), later(50), later(90)]
    assert [one.told_at for one in ledger.type_lessons()] == [later(10), later(50), later(90)]


def test_what_the_program_filed_teaches_only_when_a_second_look_found_the_same(ledger: Ledger) -> None:
    filed(ledger, name="never looked at")
    waits, confirmed, upheld = (filed(ledger, name=name) for name in ("chosen", "confirmed", "upheld"))
    looked(ledger, waits, 1, agrees=None)
    looked(ledger, confirmed, 1, agrees=True, chance=0.05)
    looked(ledger, upheld, 1, agrees=False, settled="first_right")
    assert {one.document_id: (one.stands_for, one.confirmed) for one in ledger.patient_lessons()} == {
        confirmed.id: (20.0, True),
        upheld.id: (10.0, True),
    }
    assert ledger.unattended_filings() == 4


def test_what_was_undone_teaches_nothing_until_somebody_decides_again(ledger: Ledger) -> None:
    document = assigned(ledger)
    act(ledger, document, Act.UNDO)
    assert (taught(ledger), types(ledger)) == ({}, {})
    act(ledger, document, Act.ASSIGN, "0099")
    assert taught(ledger) == {document.id: "0099"}


def test_what_was_discarded_teaches_nothing(ledger: Ledger) -> None:
    (document,) = read(ledger, to_review(1))
    change(ledger, document, "correct", type="consent")
    assert types(ledger) == {document.id: ("consent", True)}
    act(ledger, document, Act.DISCARD)
    assert (taught(ledger), types(ledger)) == ({}, {})


@pytest.mark.parametrize("how", ["refile", "second_look"])
def test_a_misfile_teaches_nothing_and_where_it_went_then_does(ledger: Ledger, how: str) -> None:
    found, moved = assigned(ledger, "found"), assigned(ledger, "moved")
    misfiled(ledger, found, 2, how=how)
    misfiled(ledger, moved, 2)
    change(ledger, moved, "refile", mrn="0099")
    assert taught(ledger) == {moved.id: "0099"}
    assert types(ledger) == {moved.id: ("lab_report", False)}


@pytest.mark.parametrize("settled", [None, "first_wrong"])
def test_what_a_second_look_disputes_teaches_nothing(ledger: Ledger, settled: str | None) -> None:
    document = assigned(ledger)
    looked(ledger, document, 2, agrees=False, settled=settled, kind="filed_by_person")
    assert (taught(ledger), types(ledger)) == ({}, {})


def test_a_dispute_that_was_settled_for_the_first_answer_is_none(ledger: Ledger) -> None:
    document = assigned(ledger)
    looked(ledger, document, 2, agrees=False, settled="first_right", kind="filed_by_person")
    assert ledger.patient_lessons()[0].stands_for == 1.0


def test_a_known_case_tries_the_person_and_says_nothing_of_the_document(ledger: Ledger) -> None:
    missed, hit = assigned(ledger, "missed"), filed(ledger, name="hit")
    looked(ledger, missed, 2, agrees=False, kind="known", chance=None)
    looked(ledger, hit, 1, agrees=True, kind="known", chance=None)
    assert taught(ledger) == {missed.id: "0012"}


def test_who_corrects_only_the_type_does_not_confirm_the_patient(ledger: Ledger) -> None:
    document = filed(ledger)
    change(ledger, document, "correct", type="consent", at=later(7))
    assert taught(ledger) == {}
    (lesson,) = ledger.type_lessons()
    assert (lesson.type, lesson.corrected, lesson.mrn, lesson.told_at) == ("consent", True, "0012", later(7))


def test_a_corrected_type_stays_corrected_when_the_document_is_filed_and_not_when_that_is_undone(
    ledger: Ledger,
) -> None:
    (document,) = read(ledger, to_review(1))
    change(ledger, document, "correct", type="order")
    act(ledger, document, Act.ACCEPT, "0012")
    file_now(ledger, document)
    assert types(ledger) == {document.id: ("order", True)}
    act(ledger, document, Act.UNDO)
    assert types(ledger) == {}


def test_a_type_that_was_learned_is_taught_by_its_correction_only(ledger: Ledger) -> None:
    (document,) = read(ledger, replace(to_review(1), traits=Traits(typed_by="0123456789abcdef")))
    act(ledger, document, Act.ASSIGN, "0012")
    file_now(ledger, document)
    assert (taught(ledger), types(ledger)) == ({document.id: "0012"}, {})
    change(ledger, document, "correct", type="consent")
    assert types(ledger) == {document.id: ("consent", True)}
