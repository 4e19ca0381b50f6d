"""What holds for any words on any page."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.evidence.find import SiteFacts, find_evidence
from ingest.evidence.identity import identifiers_of
from ingest.evidence.labels import load_labels
from ingest.evidence.people import two_people
from ingest.evidence.spelling import fold
from ingest.model import Affine, Barcode, Box, PageArtefact, Word
from tests.fakes.pages import artefact

LABELS = load_labels()
FACTS = SiteFacts(today=date(2026, 11, 23), mrn_shapes=("9999999", "A999999"))
FREQUENT = (
    "Patient:", "Name:", "Name", "DOB:", "DOB", "MRN:", "MRN", "#", "/", "(", ")", ":", "|", "Date", "of", "Birth",
    "Guarantor", "Mother's", "DOE,", "JOHN", "Q", "04/07/1962", "4", "7", "62", "0012345", "M", "F", "Dr.", "MD",
    "Sex:", "is", "a", "64-year-old", "born",
    "77", "y.o.", "woman,", "named", "I,", "RE:", "Phone:", "(330)", "555-0142", "Address", "12", "Elm", "St",
    "BABY", "GIRL", "PATIENT", "INFORMATION", "EMERGENCY", "CONTACT", "Mr.", "Insured", "SSN", "XXX-XX-6789",
)  # fmt: skip

texts = st.one_of(st.sampled_from(FREQUENT), st.text(max_size=12))
numbers = st.floats(min_value=-50, max_value=2600, allow_nan=False)


@st.composite
def words(draw: st.DrawFn) -> Word:
    x, y = draw(numbers), draw(numbers)
    return Word(
        text=draw(texts),
        confidence=draw(st.floats(min_value=0, max_value=1)),
        box=Box(x0=x, y0=y, x1=x + draw(st.floats(0, 400)), y1=y + draw(st.floats(0, 80))),
        line=draw(st.integers(0, 6)),
        block=0,
    )


@st.composite
def pages(draw: st.DrawFn) -> PageArtefact:
    """Random words, and rows of frequent ones."""
    scattered = draw(st.lists(words(), max_size=15))
    row = [
        Word(
            text=text,
            confidence=0.96,
            box=Box(x0=100 + 130 * at, y0=100 + 60 * line, x1=100 + 130 * at + 20 * len(text), y1=134 + 60 * line),
            line=10 + line,
            block=0,
        )
        for line in range(draw(st.integers(0, 4)))
        for at, text in enumerate(draw(st.lists(st.sampled_from(FREQUENT), max_size=14)))
    ]
    barcodes = [
        Barcode(text=text, symbology="Code128", box=Box(x0=100, y0=300, x1=300, y1=340))
        for text in draw(st.lists(st.one_of(st.text(max_size=20), st.just("0012345")), max_size=2))
    ]
    return artefact([*scattered, *row], barcodes)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(pages())
def test_any_page_gives_findings_that_keep_their_promises(page: PageArtefact) -> None:
    findings = find_evidence(page, LABELS, FACTS)

    for finding in findings:
        assert 0.0 <= finding.confidence <= 1.0
        assert 0.0 <= finding.box.x0 <= finding.box.x1 <= 1.0
        assert 0.0 <= finding.box.y0 <= finding.box.y1 <= 1.0
        assert finding.value
        assert finding.raw
        assert finding.place
    assert findings == find_evidence(page, LABELS, FACTS)
    identifiers_of(findings)
    two_people(findings)


@settings(max_examples=60)
@given(pages())
def test_a_transform_moves_boxes_and_nothing_else(page: PageArtefact) -> None:
    moved = PageArtefact(
        **{name: getattr(page, name) for name in page.__dataclass_fields__ if name != "to_page"},
        to_page=Affine(a=0, b=-1 / 5000, c=0.9, d=1 / 5000, e=0, f=0.1),
    )

    here, there = find_evidence(page, LABELS, FACTS), find_evidence(moved, LABELS, FACTS)

    assert [(f.field, f.role, f.value, f.confidence) for f in here] == [
        (f.field, f.role, f.value, f.confidence) for f in there
    ]


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
