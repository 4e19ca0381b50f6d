"""What a document lacks, how final a report is, and what looks like the same paper again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from ingest.evidence.completeness import flags_of
from ingest.evidence.doctypes import DocType, load_doctypes
from ingest.evidence.find import SiteFacts
from ingest.evidence.labels import load_labels
from ingest.evidence.likeness import alike, sketch_of
from ingest.evidence.notes import PageNotes, notes_of
from ingest.model import Box, FlagKind, PageArtefact, ReportStatus, SignatureLine
from ingest.reading.ocr.select import engine_for
from ingest.reading.options import ReadingOptions
from ingest.reading.page import sheet_of
from tests.fakes.drawn import Ink, draw, noisy, raster, skewed
from tests.fakes.pages import at, lines_of, page_of

LABELS = load_labels()
KINDS = load_doctypes()
FACTS = SiteFacts(today=date(2026, 11, 23), mrn_shapes=("99999999",))


def seen(page: PageArtefact) -> PageNotes:
    return notes_of(page, LABELS, KINDS, FACTS)


def numbered(*feet: str) -> list[PageNotes]:
    body = at(3, 1, "Patient: DOE, JANE")
    return [seen(page_of(body, *((at(50, 40, foot),) if foot else ()), page=n)) for n, foot in enumerate(feet, 1)]


@pytest.mark.parametrize(
    ("feet", "detail"),
    [
        (("Page 1 of 3", "Page 2 of 3"), "Page 3 of 3 is missing."),
        (("Page 2 of 3",), "Pages 1, 3 of 3 are missing."),
        (("Page 1 of 4", ""), "Of 4 pages 2 are here."),
        (("Page 1 of 2", "Page 2 of 2"), None),
        (("Page 1 of 2", ""), None),  # the page that says nothing may be it
        (("Page 2", "Page 3"), None),  # nothing tells how many there are
        (("Page 1 of 2", "Page 1 of 3"), None),  # two documents, or a misread number
        (("", ""), None),
    ],
)
def test_a_page_that_is_not_there_is_told(feet: tuple[str, ...], detail: str | None) -> None:
    flags = flags_of(numbered(*feet), DocType.LAB_REPORT)
    assert [flag.detail for flag in flags] == ([detail] if detail else [])
    assert all(flag.kind is FlagKind.MISSING_PAGE for flag in flags)


def signed(*lines: tuple[str, bool]) -> list[PageNotes]:
    box = Box(x0=0, y0=0, x1=9, y1=9)
    spots = tuple(SignatureLine(box=box, label=label, inked=inked) for label, inked in lines)
    return [seen(replace(page_of(at(1, 1, "CONSENT FOR TREATMENT")), signatures=spots))]


@pytest.mark.parametrize(
    ("lines", "flagged"),
    [
        ((("Signature of patient", False), ("Signature of witness", True)), True),
        ((("Signature", False),), True),
        ((("Signature of patient", True),), False),
        ((("Patient's signature", False), ("Signature of legal representative", True)), False),
        ((("Signature of witness", False), ("Physician's signature", False)), False),
        ((), False),
    ],
)
def test_a_consent_that_nobody_signed_is_told(lines: tuple[tuple[str, bool], ...], flagged: bool) -> None:
    assert bool(flags_of(signed(*lines), DocType.CONSENT)) is flagged
    assert flags_of(signed(*lines), DocType.LAB_REPORT) == ()


@pytest.mark.ocr
@pytest.mark.parametrize("beside", [True, False])
@pytest.mark.parametrize("inked", [True, False])
def test_ink_on_the_line_to_be_signed_is_seen_and_the_line_is_none(beside: bool, inked: bool) -> None:
    """Captions stand before their line or under it."""
    page = draw(
        (("Signature of patient:" if beside else "Signature of patient", 0.08, 0.5 if beside else 0.53),), dpi=200
    )
    height, width = page.shape
    left, line = (0.29, 0.535) if beside else (0.08, 0.52)
    sheet = page.copy()
    sheet[int(line * height) : int(line * height) + 2, int(left * width) : int((left + 0.4) * width)] = 60
    if inked:
        across = np.arange(int((left + 0.05) * width), int((left + 0.25) * width))
        wave = (line - 0.012) * height - 14 * np.abs(np.sin(across / 9.0)) * np.cos(across / 31.0)
        for thick in range(3):
            sheet[wave.astype(int) + thick, across] = 50
    scan, _ = skewed(noisy(sheet, 6), 0.8)
    read = sheet_of(raster(scan, 200), 1, engine_for(ReadingOptions()), ReadingOptions())
    (found,) = read.signature_lines()  # type: ignore[union-attr]
    assert found.inked is inked
    assert "patient" in found.label


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("PRELIMINARY", ReportStatus.PRELIMINARY),
        ("Report status: Preliminary", ReportStatus.PRELIMINARY),
        ("FINAL REPORT", ReportStatus.FINAL),
        ("Status: Final", ReportStatus.FINAL),
        ("CORRECTED REPORT", ReportStatus.CORRECTED),
        ("FINAL DIAGNOSIS", None),
        ("Preliminary findings were discussed with the family today", None),
        ("LABORATORY REPORT", None),
    ],
)
def test_a_report_says_how_final_it_is(head: str, status: ReportStatus | None) -> None:
    assert seen(lines_of(f"{head}\n\nPatient: DOE, JANE\nMRN: 00123456\n")).status is status


def test_a_report_has_an_accession_number() -> None:
    assert seen(lines_of("Patient: DOE, JANE\nAccession #: S26-4711\nMRN: 00123456\n")).accession == "S264711"
    assert seen(lines_of("Patient: DOE, JANE\nMRN: 00123456\n")).accession is None


FORM = (
    ("COUNTY MEMORIAL HOSPITAL LABORATORY", 0.1, 0.06),
    ("Patient Name: RIVERA, CARMEN   MRN: 00482913", 0.1, 0.12),
    ("Date of Birth: 04/07/1962   Collected: {0}", 0.1, 0.17),
    ("Sodium {1} mmol/L   Potassium {2} mmol/L", 0.1, 0.27),
    ("Glucose {3} mg/dL   Creatinine {4} mg/dL", 0.1, 0.34),
    ("Attending physician Alan Smith, reported to the ward", 0.1, 0.39),
    ("The specimen was received in good condition", 0.1, 0.44),
)


def scanned(*values: str, grain: float, lean: float) -> PageNotes:
    page = draw([(text.format(*values), x, y) for text, x, y in FORM], dpi=200, ink=Ink(points=11))
    scan, _ = skewed(noisy(page, grain), lean)
    read = sheet_of(raster(scan, 200), 1, engine_for(ReadingOptions()), ReadingOptions())
    return seen(read.artefact)  # type: ignore[union-attr]


@pytest.mark.ocr
def test_the_same_paper_scanned_again_is_alike_and_the_same_form_filled_anew_is_not() -> None:
    values = ("11/02/2026", "139", "4.1", "95", "1.02")
    once = sketch_of([scanned(*values, grain=5, lean=0.4).sketch])
    again = sketch_of([scanned(*values, grain=12, lean=-1.1).sketch])
    anew = sketch_of([scanned("11/09/2026", "141", "3.8", "118", "0.97", grain=5, lean=0.4).sketch])
    assert once is not None
    assert again is not None
    assert anew is not None
    assert alike(once, again)
    assert not alike(once, anew)
    assert not alike(once, replace(again, pages=2))


def test_a_page_that_says_little_has_no_sketch() -> None:
    assert sketch_of([seen(lines_of("Patient: DOE, JANE\nMRN: 00123456\n")).sketch]) is None
    assert sketch_of([]) is None
