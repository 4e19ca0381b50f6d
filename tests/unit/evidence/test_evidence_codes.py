"""Which barcodes are the patient's number, and which never are."""

from __future__ import annotations

from datetime import date

from ingest.evidence.find import SiteFacts, find_evidence
from ingest.evidence.labels import load_labels
from ingest.model import Finding, PageArtefact, Role
from matchers.patient import Field, Source
from tests.fakes.pages import at, code, page_of

LABELS = load_labels()
FACTS = SiteFacts(today=date(2026, 11, 23), mrn_shapes=("9999999",))


def codes(page: PageArtefact, facts: SiteFacts = FACTS) -> list[Finding]:
    return [f for f in find_evidence(page, LABELS, facts) if f.source is Source.BARCODE]


def test_a_code_that_agrees_with_the_printed_mrn_is_certain() -> None:
    found = codes(page_of(at(0, 0, "DOE, JOHN   MRN: 0012345   DOB: 04/07/1962"), code(3, 60, "0012345")))

    assert [(f.field, f.role, f.value) for f in found] == [(Field.MRN, Role.PATIENT, "0012345")]
    assert found[0].confidence > 0.99


def test_a_code_settles_a_misread_mrn() -> None:
    found = codes(page_of(at(0, 0, "Patient: DOE, JOHN   MRN: 0012845"), code(2, 0, "0012345")))

    assert [f.value for f in found] == ["0012345"]


def test_a_zero_that_the_print_lost_is_the_codes() -> None:
    found = codes(page_of(at(0, 0, "Patient: DOE, JOHN   MRN: 012345"), code(2, 0, "0012345")))

    assert [f.value for f in found] == ["0012345"]


def test_a_code_on_the_patients_sticker_needs_no_printed_number() -> None:
    found = codes(page_of(at(0, 0, "DOE, JOHN Q"), at(1, 0, "DOB: 04/07/1962  M"), code(2, 0, "0012345")))

    assert [(f.field, f.value) for f in found] == [(Field.MRN, "0012345")]


def test_a_prefix_in_the_code_does_not_hide_the_number() -> None:
    found = codes(page_of(at(0, 0, "Patient: DOE, JOHN   MRN: 0012345"), code(2, 0, "MRN=0012345;V=77", "QRCode")))

    assert [f.value for f in found] == ["0012345"]


def test_a_foreign_code_is_never_an_mrn() -> None:
    page = page_of(
        at(0, 0, "DOE, JOHN Q   DOB: 04/07/1962"),
        code(2, 0, "80003010003000320001090001004290", "DataMatrix"),
        code(3, 0, "4006381333931", "EAN13"),
    )

    assert codes(page) == []


def test_a_code_of_the_right_shape_far_from_the_patient_is_not_taken() -> None:
    assert codes(page_of(at(0, 0, "DOE, JOHN Q   DOB: 04/07/1962"), code(40, 60, "7654321"))) == []


def test_a_code_that_the_page_calls_a_visit_number_is_not_an_mrn() -> None:
    page = page_of(at(0, 0, "DOE, JOHN Q   DOB: 04/07/1962"), at(1, 0, "Visit #: 7654321"), code(2, 0, "7654321"))

    assert codes(page) == []


def test_an_account_code_is_an_account() -> None:
    found = codes(page_of(at(0, 0, "DOE, JOHN Q   DOB: 04/07/1962   Acct: 7654321"), code(2, 0, "7654321")))

    assert [(f.field, f.value) for f in found] == [(Field.ACCOUNT_NUMBER, "7654321")]


def test_without_the_sites_shapes_only_a_printed_number_counts() -> None:
    unknown = SiteFacts(today=date(2026, 11, 23))
    sticker = page_of(at(0, 0, "DOE, JOHN Q"), at(1, 0, "DOB: 04/07/1962  M"), code(2, 0, "0012345"))
    printed = page_of(at(0, 0, "Patient: DOE, JOHN   MRN: 0012345"), code(2, 0, "0012345"))

    assert codes(sticker, unknown) == []
    assert [f.value for f in codes(printed, unknown)] == ["0012345"]
