"""What a person at a terminal is shown of the paper."""

from __future__ import annotations

from datetime import date

from ingest.evidence.find import SiteFacts, find_evidence
from ingest.evidence.identity_rows import identity_rows, page_of_identity
from ingest.evidence.labels import load_labels
from ingest.model import Finding, PageArtefact
from tests.fakes.pages import at, lines_of, page_of

FACTS = SiteFacts(today=date(2026, 11, 23), mrn_shapes=("9999999",))


def findings(*pages: PageArtefact) -> tuple[Finding, ...]:
    labels = load_labels()
    return tuple(one for page in pages for one in find_evidence(page, labels, FACTS))


def test_the_upper_third_and_rows_with_identifiers_in_the_order_of_the_page() -> None:
    page = page_of(
        at(1, 0, "MERCY GENERAL"),
        at(3, 0, "Patient: DOE, JOHN Q"),
        at(3, 40, "DOB: 04/07/1962"),
        at(30, 0, "The lungs are clear."),
        at(50, 0, "MRN: 0012345"),
    )
    rows = identity_rows(page, findings(page))
    assert [(row.text, row.found) for row in rows] == [
        ("MERCY GENERAL", False),
        ("Patient: DOE, JOHN Q   DOB: 04/07/1962", True),
        ("MRN: 0012345", True),
    ]


def test_where_there_are_more_rows_than_wanted_those_with_identifiers_stay() -> None:
    page = page_of(*(at(row, 0, f"line number {row}") for row in range(15)), at(50, 0, "MRN: 0012345"))
    rows = identity_rows(page, findings(page), most=4)
    assert [row.text for row in rows] == ["line number 0", "line number 1", "line number 2", "MRN: 0012345"]


def test_findings_of_another_page_mark_nothing() -> None:
    page, other = lines_of("Patient: DOE, JOHN Q"), lines_of("Patient: DOE, JOHN Q", page=2)
    assert [row.found for row in identity_rows(page, findings(other))] == [False]


def test_an_empty_page_has_no_rows() -> None:
    assert identity_rows(page_of(), ()) == ()


def test_the_page_that_says_most_is_shown_and_the_first_of_equals() -> None:
    second = lines_of("Patient: DOE, JOHN Q        MRN: 0012345", page=2)
    assert page_of_identity((1, 2, 3), findings(second)) == 2
    assert page_of_identity((4, 5), findings(second)) == 4
    assert page_of_identity((), ()) is None
