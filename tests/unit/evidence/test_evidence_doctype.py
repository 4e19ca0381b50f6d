"""What kind of document pages are, which of their dates is its own, and when the program does not say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingest.errors import BadSettings
from ingest.evidence.days import days_on, document_date_of
from ingest.evidence.doctype import kinds_on, type_of
from ingest.evidence.doctypes import DocType, load_doctypes
from ingest.evidence.find import SiteFacts, evidence_of
from ingest.evidence.labels import load_labels
from tests.fakes.pages import lines_of

LABELS = load_labels()
KINDS = load_doctypes()
FACTS = SiteFacts(today=date(2026, 11, 23), mrn_shapes=("99999999",))


def typed(*drawings: str) -> DocType | None:
    found = type_of([kinds_on(evidence_of(lines_of(one), LABELS, FACTS).read.layout, KINDS) for one in drawings], KINDS)
    return found.type if found else None


def dated(kind: DocType, *drawings: str) -> date | None:
    pages = [days_on(evidence_of(lines_of(one), LABELS, FACTS).read, FACTS) for one in drawings]
    return document_date_of(pages, KINDS.of(kind))


BODY = "\n\nPatient: DOE, JANE\nDOB: 01/02/1960\nMRN: 00123456\n"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("LABORATORY REPORT", DocType.LAB_REPORT),
        ("Surgical Pathology Report", DocType.PATHOLOGY_REPORT),
        ("D1SCHARGE SUMMARY", DocType.DISCHARGE_SUMMARY),
        ("DISCHARGE SUMMARV", DocType.DISCHARGE_SUMMARY),
        ("HISTORY AND PHYSICAL", DocType.HISTORY_AND_PHYSICAL),
        ("INFORMED CONSENT FOR ANESTHESIA", DocType.CONSENT),
        ("Authorization for Release of Medical Information", DocType.AUTHORIZATION),
        ("Health Care Proxy", DocType.ADVANCE_DIRECTIVE),
        ("12-LEAD ECG", DocType.EKG),
        ("Physician Progress Notes", DocType.PROGRESS_NOTE),
        ("MEDICATION ADMINISTRATION RECORD", DocType.MEDICATION_RECORD),
    ],
)
def test_a_title_tells_what_a_document_is_misread_letters_or_not(head: str, kind: DocType) -> None:
    assert typed(head + BODY) is kind


def test_a_medical_record_number_is_no_medication_record() -> None:
    assert typed("OFFICE NOTE\n\nName: DOE, JANE\nMedical Record Number: 00123456\nShe takes Warfarin 5 mg PO.\n") is (
        DocType.PROGRESS_NOTE
    )


@pytest.mark.parametrize(
    "drawing",
    [
        BODY,
        "NORTH COUNTY HOSPITAL" + BODY,
        "Dear Dr. Smith,\n\nThe discharge summary, the lab report and the consent will follow.\n",
        "",
    ],
)
def test_a_paper_that_does_not_say_what_it_is_has_no_type(drawing: str) -> None:
    assert typed(drawing) is None


def test_cues_tell_what_a_page_without_a_title_is() -> None:
    drawing = (
        "NORTH LAB" + BODY + "Specimen: SERUM   Collected: 11/02/2026\nSodium 139 mmol/L   Reference range 135-145\n"
        "Glucose 95 mg/dL\nCreatinine 1.0 mg/dL\n"
    )
    assert typed(drawing) is DocType.LAB_REPORT


def test_the_first_page_says_what_the_document_is() -> None:
    assert typed("RADIOLOGY REPORT" + BODY, "LABORATORY REPORT" + BODY) is DocType.RADIOLOGY_REPORT


def test_no_pages_have_no_type() -> None:
    assert type_of((), KINDS) is None


def test_the_date_is_the_one_that_such_paper_speaks_of() -> None:
    lab = "Printed: 11/20/2026\nReported: 11/05/2026\nReceived: 11/03/2026\nCollected: 11/02/2026\n" + BODY
    assert dated(DocType.LAB_REPORT, lab) == date(2026, 11, 2)
    summary = "Admission date: 10/30/2026     Discharge date: 11/04/2026\n" + BODY
    assert dated(DocType.DISCHARGE_SUMMARY, summary) == date(2026, 11, 4)
    assert dated(DocType.DISCHARGE_SUMMARY, BODY, summary) == date(2026, 11, 4)


@pytest.mark.parametrize(
    "line",
    [
        "Printed: 11/20/2026",
        "Print date: 11/20/2026",
        "Birth date: 01/02/1960",
        "FAX 11/20/2026 10:14",
        "Expiration date 11/20/2026",
        "Date of service: 11/20/2027",  # a day to come
        "no date at all",
    ],
)
def test_other_dates_are_not_the_documents(line: str) -> None:
    assert dated(DocType.PROGRESS_NOTE, line + "\n" + BODY) is None


def test_a_date_behind_words_that_are_no_label_of_an_identifier_counts_where_such_paper_has_them() -> None:
    assert dated(DocType.MEDICATION_RECORD, "Aspirin 81 mg PO    Start 10/13/2026\n" + BODY) == date(2026, 10, 13)


def test_a_letter_has_the_date_at_its_head() -> None:
    letter = (
        "NORTH CLINIC\n\n\nNovember 4, 2026\n\nRE: DOE, JANE\nDOB: 01/02/1960\n\n\nDear Dr. Smith,\n" + "\n" * 12 + "."
    )
    assert dated(DocType.REFERRAL, letter) == date(2026, 11, 4)


def test_a_sites_own_file_adds_and_takes_away(tmp_path: Path) -> None:
    own = tmp_path / "doctypes.toml"
    own.write_text('[consent]\ntitles = ["permission to treat"]\nwithout = ["consent"]\nloinc = "59284-0"\n')
    kind = load_doctypes(own).of(DocType.CONSENT)
    assert "permission to treat" in kind.titles
    assert "consent" not in kind.titles
    assert KINDS.of(DocType.CONSENT).loinc == "59284-0"


def test_every_error_of_a_sites_file_is_told(tmp_path: Path) -> None:
    own = tmp_path / "doctypes.toml"
    own.write_text('[konsent]\ntitles = ["x"]\n[consent]\ntitles = "x"\nloinc = "abc"\n[order]\ncolour = "red"\n')
    with pytest.raises(BadSettings) as trouble:
        load_doctypes(own)
    for part in ("konsent", "consent.titles", "consent.loinc", "[order]"):
        assert part in str(trouble.value)
