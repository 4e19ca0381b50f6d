"""Which page of how many: as printed, as misread, and as a fax machine counts, which is another matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ingest.evidence.find import SiteFacts, evidence_of
from ingest.evidence.labels import load_labels
from ingest.evidence.layout import lay_out
from ingest.evidence.page_numbers import PageNumber, page_number_of
from ingest.evidence.unread import begins_anew, find_unread
from tests.fakes.pages import HEIGHT, WIDTH, at, page_of

LABELS = load_labels()
FACTS = SiteFacts(today=date(2026, 11, 23), mrn_shapes=("99999999",))


def number(text: str, row: float = 50) -> PageNumber | None:
    page = page_of(at(5, 0, "DISCHARGE SUMMARY"), at(row, 40, text))
    return page_number_of(lay_out(page.words, WIDTH, HEIGHT))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Page 2 of 3", (2, 3)),
        ("PAGE: 2/3", (2, 3)),
        ("Pg. 2 of 3", (2, 3)),
        ("Page lof 1", (1, 1)),
        ("Page 1of1", (1, 1)),
        ("page 1 of l", (1, 1)),
        ("- 2 of 3 -", (2, 3)),
        ("Page 4", (4, None)),
        ("Form LVHS-4120 Rev 03/24 Printed 5/28/2026 13:03 Page 1 of 2", (1, 2)),
    ],
)
def test_page_numbers_are_read(text: str, told: tuple[int, int | None]) -> None:
    assert number(text) == PageNumber(number=told[0], total=told[1])


@pytest.mark.parametrize("text", ["Page 3 of 2", "on page", "Pages of history", "BP 120/80", "Rev 03/24", "Page of 3"])
def test_what_is_no_page_number_is_none(text: str) -> None:
    assert number(text, row=30) is None


def test_a_fax_machines_count_is_not_the_documents() -> None:
    assert number("MERCY HOSPITAL FAX 814-553-8005 P. 001/003 10/20/2026 01:30", row=-0.9) is None


def test_a_first_page_that_does_not_name_its_patient_begins_a_document_of_its_own() -> None:
    nameless = page_of(at(5, 0, "Imaging"), at(9, 0, "No free air was seen."), at(50, 40, "Page 1 of 2"), page=2)
    second = replace(nameless, words=page_of(at(9, 0, "No free air."), at(50, 40, "Page 2 of 2")).words)
    begun, later = (find_unread(evidence_of(page, LABELS, FACTS), LABELS) for page in (nameless, second))
    assert [begins_anew(begun, named=False), begins_anew(begun, named=True)] == [True, False]
    assert not begins_anew(later, named=False)
