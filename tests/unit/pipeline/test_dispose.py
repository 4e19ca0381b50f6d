"""The way of one scan: what becomes of each page, and what forbids filing by the program alone."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from ingest.evidence.doctypes import DocType, load_doctypes
from ingest.evidence.find import SiteFacts, find_evidence
from ingest.evidence.labels import load_labels
from ingest.evidence.separators import cover_code
from ingest.house import House
from ingest.model import (
    Box,
    Disposition,
    DocumentState,
    PageArtefact,
    PageFailure,
    PageOutcome,
    PageTrouble,
    Scan,
    SecondReading,
    Word,
)
from ingest.pipeline import dispose, duplicate
from ingest.settings import Settings, Unattended
from matchers import Patient, PatientIndex, load_policy
from matchers.population import usual_shapes
from tests.fakes.pages import Text, artefact, at, code, page_of

PATIENTS = (
    Patient(
        mrn="00412345", last_name="HOLLOWAY", first_name="MARGARET", middle_name="ANN", birth_date=date(1951, 3, 14)
    ),
    Patient(mrn="00455550", last_name="OKAFOR", first_name="CHIDI", birth_date=date(1984, 7, 25)),
    Patient(mrn="00431117", last_name="VASQUEZ", first_name="ELENA", birth_date=date(1992, 1, 19)),
    Patient(mrn="00467302", last_name="LINDQVIST", first_name="PETER", birth_date=date(1947, 9, 30)),
    *(
        Patient(mrn=f"004{number:05}", last_name=f"FILLER{number}", first_name="PAT", birth_date=date(1960, 1, 1))
        for number in range(10000, 10050)
    ),
)
SCAN = Scan(
    id="S000001", source="a.pdf", origin="", sha256="0" * 64, size=1, received_at=datetime(2026, 11, 1, tzinfo=UTC)
)


@pytest.fixture(scope="module")
def house() -> House:
    return _house_of(PatientIndex.of(PATIENTS))


def _house_of(index: PatientIndex) -> House:
    return House(
        labels=load_labels(),
        doctypes=load_doctypes(),
        facts=SiteFacts(today=date(2026, 11, 1), mrn_shapes=usual_shapes(index.population)),
        index=index,
        policy=load_policy(),
        settings=Settings(),
        filing_stopped=False,
    )


def _holloway(page: int = 1) -> PageArtefact:
    return page_of(
        at(1, 1, "Patient: HOLLOWAY, MARGARET A"),
        at(2, 1, "Date of Birth: 03/14/1951"),
        at(3, 1, "MRN: 00412345"),
        at(8, 1, "The patient was seen today and is doing well."),
        page=page,
    )


def _text(page: int, confidence: float = 0.96) -> PageArtefact:
    lines = [at(row, 1, "She was advised to return in six months.", confidence) for row in range(2, 8)]
    return page_of(*lines, page=page)


def _only(pages: tuple[PageOutcome, ...], house: House) -> Disposition:
    (disposition,) = dispose(SCAN, pages, house)
    return disposition


def test_a_document_that_names_one_patient_for_certain_is_filed_whole(house: House) -> None:
    disposition = _only((_holloway(), _text(2)), house)
    assert (disposition.state, disposition.mrn, disposition.pages) == (DocumentState.FILED, "00412345", (1, 2))
    assert disposition.fingerprint is not None
    assert disposition.index_generation == house.index.generation


def test_each_page_stands_in_exactly_one_disposition(house: House) -> None:
    lost = PageFailure(page=3, trouble=PageTrouble.NO_PICTURE, detail="", has_picture=False)
    pages = (_holloway(), artefact([], page=2), lost, _text(4))
    dispositions = dispose(SCAN, pages, house)
    assert sorted(page for one in dispositions for page in one.pages) == [1, 2, 3, 4]
    states = {one.pages: one.state for one in dispositions}
    assert states == {
        (1, 4): DocumentState.FILED,
        (2,): DocumentState.BLANK,
        (3,): DocumentState.QUARANTINED,
    }


def test_a_page_that_only_a_person_can_read_sends_its_document_to_review(house: House) -> None:
    failed = PageFailure(page=2, trouble=PageTrouble.TIMEOUT, detail="", has_picture=True)
    disposition = _only((_holloway(), failed), house)
    assert disposition.state is DocumentState.REVIEW
    assert disposition.pages == (1, 2)
    assert "Page 2 could not be read" in disposition.reasons[0]


def _okafor(page: int, *more: Text) -> PageArtefact:
    return page_of(
        at(1, 1, "Patient: OKAFOR, CHIDI"), at(2, 1, "DOB: 07/25/1984"), at(3, 1, "MRN: 00455550"), *more, page=page
    )


def _ends(pages: tuple[PageOutcome, ...], house: House) -> dict[tuple[int, ...], str]:
    """What became of which pages: an MRN, or a state."""
    return {one.pages: one.mrn or str(one.state) for one in dispose(SCAN, pages, house)}


def test_another_patient_on_page_two_begins_a_document_of_their_own(house: House) -> None:
    assert _ends((_holloway(), _okafor(2)), house) == {(1,): "00412345", (2,): "00455550"}


def test_another_patient_whose_page_numbers_go_on_sends_the_scan_to_review_with_the_cut_proposed(house: House) -> None:
    first = page_of(
        at(1, 1, "Patient: HOLLOWAY, MARGARET A"), at(2, 1, "DOB: 03/14/1951"), at(3, 1, "MRN: 00412345"),
        at(50, 40, "Page 1 of 2"),
    )  # fmt: skip
    disposition = _only((first, _okafor(2, at(50, 40, "Page 2 of 2"))), house)
    assert (disposition.state, disposition.mrn, disposition.pages) == (DocumentState.REVIEW, None, (1, 2))
    assert disposition.reasons[0].startswith("Split before page 2?")
    assert any("two patients" in reason for reason in disposition.reasons)


def test_separators_end_documents_and_stand_in_a_line_of_their_own(house: House) -> None:
    patch = page_of(code(1, 1, "PATCH T", "PatchCode"), at(20, 1, "Patch T"), page=2)
    ours = page_of(at(20, 1, "PAPERCHART DOCUMENT SEPARATOR"), page=4)  # its code could not be read
    pages = (_holloway(), patch, _holloway(3), ours, _okafor(5))
    assert _ends(pages, house) == {
        (1,): "00412345",
        (3,): "00412345",
        (5,): "00455550",
        (2, 4): "separator",
    }


def test_a_page_that_names_nobody_between_two_patients_is_nobodys_unless_something_ties_it(house: House) -> None:
    loose = _ends((_holloway(), _text(2), _okafor(3)), house)
    assert (loose[1,], loose[3,]) == ("00412345", "00455550")
    assert loose[2,] in ("review",)
    numbered = tuple(
        page_of(*body, at(50, 40, f"Page {page} of 2"), page=page)
        for page, body in (
            (1, (at(1, 1, "Patient: HOLLOWAY, MARGARET A"), at(2, 1, "DOB: 03/14/1951"), at(3, 1, "MRN: 00412345"))),
            (2, tuple(at(row, 1, "She was advised to return in six months.") for row in range(2, 8))),
        )
    )
    assert _ends((*numbered, _okafor(3)), house) == {(1, 2): "00412345", (3,): "00455550"}


def test_a_damaged_page_of_a_stack_names_its_neighbours_and_the_rest_is_filed(house: House) -> None:
    lost = PageFailure(page=2, trouble=PageTrouble.NO_PICTURE, detail="", has_picture=False)
    dispositions = dispose(SCAN, (_holloway(), lost, _okafor(3)), house)
    assert {one.pages: one.state for one in dispositions} == {
        (1,): DocumentState.FILED,
        (2,): DocumentState.QUARANTINED,
        (3,): DocumentState.FILED,
    }
    assert "beside page 1 and page 3" in dispositions[0].reasons[0]


def test_a_first_page_of_the_same_patient_begins_a_document(house: House) -> None:
    pages = tuple(
        page_of(at(1, 1, "Patient: HOLLOWAY, MARGARET A"), at(2, 1, "DOB: 03/14/1951"), at(3, 1, "MRN: 00412345"),
                at(50, 40, f"Page {number} of 2"), page=page)
        for page, number in ((1, 1), (2, 2), (3, 1), (4, 2))
    )  # fmt: skip
    assert _ends(pages, house) == {(1, 2): "00412345", (3, 4): "00412345"}


def test_a_lone_barcode_of_another_patient_speaks_against_filing(house: House) -> None:
    text = _text(2)
    other = replace(text, barcodes=(code(10, 1, "00455550"),))
    disposition = _only((_holloway(), other), house)
    assert disposition.state is DocumentState.REVIEW
    assert "barcode is the MRN of another patient" in disposition.reasons[0]


def test_a_foreign_barcode_speaks_neither_for_nor_against(house: House) -> None:
    other = replace(_text(2), barcodes=(code(10, 1, "80003010003000320001090001004290", "DataMatrix"),))
    assert _only((_holloway(), other), house).state is DocumentState.FILED


def test_a_page_that_read_badly_and_names_nobody_is_not_filed_on_its_neighbours_word(house: House) -> None:
    disposition = _only((_holloway(), _text(2, confidence=0.5)), house)
    assert disposition.state is DocumentState.REVIEW
    assert disposition.reasons[0].startswith("Page 2:")


_BADLY = tuple(at(row, 1, "Shc was advlsed to retum in slx months.", 0.5) for row in range(12, 20))


def test_a_date_that_is_not_the_patients_names_nobody_on_a_page_that_read_badly(house: House) -> None:
    visit = page_of(at(4, 1, "Weiss, Ruth", 0.02), at(5, 1, "10-26-2026  F"), *_BADLY, page=2)
    assert _ends((_holloway(), visit), house) == {(1, 2): "review"}


def test_a_page_that_read_badly_and_bears_the_patients_birth_date_goes_with_its_neighbours(house: House) -> None:
    theirs = page_of(at(4, 1, "Hcllowy, Marg", 0.02), at(5, 1, "03-14-1951  F"), *_BADLY, page=2)
    assert _ends((_holloway(), theirs), house) == {(1, 2): "00412345"}


def test_a_date_that_only_the_second_engine_read_is_none_without_the_name_that_it_stood_by(house: House) -> None:
    def word(text: str, x: float, line: int) -> Word:
        y = 345 + 60 * line
        return Word(
            text=text, confidence=0.99, box=Box(x0=x, y0=y, x1=x + 20 * len(text), y1=y + 34), line=line, block=0
        )

    words = (word("Weiss,", 100, 0), word("Ruth", 260, 0), word("10-26-2026", 100, 1), word("F", 380, 1))
    box = Box(x0=90, y0=330, x1=900, y1=460)
    scraps = page_of(at(4, 1, "W R", 0.1), at(5, 1, "l0 2G", 0.2), *_BADLY, page=2)
    again = replace(scraps, second=(SecondReading(box=box, engine="test", engine_version="1", words=words),))
    assert find_evidence(again, house.labels, house.facts) == ()
    assert _ends((_holloway(), again), house) == {(1, 2): "review"}


def test_identity_labels_without_readable_values_keep_a_page_from_its_neighbours_patient(house: House) -> None:
    unread = page_of(
        at(1, 1, "Name:"),
        at(1, 12, "~.,"),
        at(2, 1, "Date of Birth:"),
        at(3, 1, "MRN:"),
        at(8, 1, "Diet as tolerated."),
        page=2,
    )
    assert _only((_holloway(), unread), house).state is DocumentState.REVIEW


def test_writing_that_does_not_look_like_the_stickers_name_is_not_filed_on_the_sticker(house: House) -> None:
    sticker = (
        at(4, 70, "HOLLOWAY, MARGARET"),
        at(5, 70, "MRN: 00412345"),
        at(6, 70, "DOB: 03/14/1951"),
    )
    form = (at(1, 1, "CONSENT FOR PROCEDURE"), at(20, 1, "I authorize the procedure named above."))
    alone = page_of(*form, *sticker)
    assert _only((alone,), house).state is DocumentState.FILED
    written = page_of(*form, *sticker, at(2, 1, "Patient name (print):"), at(2, 24, "R@B1nxoNs MaaR", 0.1))
    disposition = _only((written,), house)
    assert disposition.state is DocumentState.REVIEW


STICKER = (at(4, 70, "HOLLOWAY, MARGARET"), at(5, 70, "MRN: 00412345"), at(6, 70, "DOB: 03/14/1951"))


@pytest.mark.parametrize("certainty", [0.05, 0.2, 0.3, 0.5, 0.7, 0.9])
def test_however_surely_another_name_on_the_form_is_read_the_sticker_does_not_file_it(
    house: House, certainty: float
) -> None:
    form = at(1, 1, "CONSENT FOR PROCEDURE"), at(20, 1, "I authorize the procedure named above.")
    name = at(9, 1, "Patient (print):"), at(9, 20, "Lori W. Garcia", certainty)
    assert _only((page_of(*form, *STICKER, *name),), house).state is DocumentState.REVIEW
    own = at(9, 1, "Patient (print):"), at(9, 20, "Margaret Holloway", max(0.5, certainty))
    assert _only((page_of(*form, *STICKER, *own),), house).state is DocumentState.FILED


FORM = at(1, 1, "CONSENT FOR PROCEDURE"), at(20, 1, "I authorize the procedure named above.")


@pytest.mark.parametrize("certainty", [0.0, 0.1, 0.2, 0.3])
@pytest.mark.parametrize(
    ("texts", "own"),
    [
        (((9, 1, "PATIENT NAME"), (10, 1, "Lori W. Garcia")), "Margaret A. Holloway"),
        (((9, 1, "PATIENT NAME"), (10, 1, "R@B1nxoNs MaaR")), "Margaret Ho1loway"),
        (((9, 1, "PATIENT NAME"), (9, 18, "R@B1nxoNs MaaR")), "Margaret Ho1loway"),
        (((9, 1, "Last name:"), (9, 14, "R@B1nxoNs")), "Ho1loway"),
        (((9, 1, "Patient name (print):"), (9, 50, "R@B1nxoNs MaaR")), "Margaret Ho1loway"),
    ],
)
def test_wherever_the_form_asks_for_the_name_what_was_written_there_counts(
    house: House, texts: tuple[tuple[int, int, str], tuple[int, int, str]], own: str, certainty: float
) -> None:
    label, (row, column, writing) = texts
    anothers = page_of(*FORM, *STICKER, at(*label), at(row, column, writing, certainty))
    assert _only((anothers,), house).state is DocumentState.REVIEW
    theirs = page_of(*FORM, *STICKER, at(*label), at(row, column, own, certainty))
    assert _only((theirs,), house).state is DocumentState.FILED


@pytest.mark.parametrize("certainty", [0.05, 0.2, 0.3])
@pytest.mark.parametrize(
    "writing",
    [
        (at(14, 1, "Patient name:"), at(15, 1, "R@B1nxoNs MaaR")),
        (at(14, 1, "R@B1nxoNs MaaR"), at(15, 1, "Patient's printed name")),
        (at(14, 1, "Patient name:"), at(14, 18, "Ch@rles Adum5")),
        (at(14, 1, "First name:"), at(14, 18, "R@B1nxoN")),
    ],
)
def test_writing_under_over_or_like_a_label_counts_as_well(
    house: House, writing: tuple[Text, ...], certainty: float
) -> None:
    badly = [replace(one, confidence=certainty) if "name" not in one.text else one for one in writing]
    assert _only((page_of(*FORM, *STICKER, *badly),), house).state is DocumentState.REVIEW


@pytest.mark.parametrize(
    ("left", "certainty"),
    [("S. Bell", 0.3), ("S. Bell", 0.6), ("S. Bell", 0.9), ("Ruth S.", 0.3), ("Ruth S.", 0.9), ("Bell", 0.9)],
)
def test_what_is_left_of_another_name_on_the_form_contradicts_a_sticker(
    house: House, left: str, certainty: float
) -> None:
    name = at(14, 1, "Patient (print):"), at(14, 19, "ot", 0.25), at(14, 22, left, certainty)
    assert _only((page_of(*FORM, *STICKER, *name),), house).state is DocumentState.REVIEW


@pytest.mark.parametrize("certainty", [0.4, 0.6])  # below, the page reads badly as a whole
def test_a_sentence_in_handwriting_about_the_patient_names_nobody(house: House, certainty: float) -> None:
    note = at(14, 1, "Patient will cal tee Depoinment.", certainty)
    assert _only((page_of(*FORM, *STICKER, note),), house).state is DocumentState.FILED


@pytest.mark.parametrize("label", ["patient erin):", "Patient prim):", "Patient (print):"])
def test_a_label_whose_bracket_lost_its_beginning_asks_for_a_name(house: House, label: str) -> None:
    name = at(14, 1, label, 0.3), at(14, 19, "Raleh J. Nacshall", 0.5)
    assert _only((page_of(*FORM, *STICKER, *name),), house).state is DocumentState.REVIEW


def test_a_name_that_touches_its_label_is_one(house: House) -> None:
    name = at(14, 1, "Patint (rint):RalphJ.Marshall", 0.4)
    assert _only((page_of(*FORM, *STICKER, name),), house).state is DocumentState.REVIEW


@pytest.mark.parametrize("born", ["19/16/21", "O7/28/8O", "7-30-66", "28.11.2019"])
@pytest.mark.parametrize("certainty", [0.2, 0.4])
def test_another_birth_date_on_the_form_speaks_against_a_sticker_however_badly_it_was_read(
    house: House, born: str, certainty: float
) -> None:
    written = at(14, 1, "Date of birth:"), at(14, 16, born, certainty)
    assert _only((page_of(*FORM, *STICKER, *written),), house).state is DocumentState.REVIEW


@pytest.mark.parametrize("born", ["03/14/1951", "O3/1A/1951", "3/14/51", "08/14/1951", "03/19/57"])
def test_the_stickers_birth_date_misread_on_the_form_is_no_objection(house: House, born: str) -> None:
    written = at(14, 1, "Date of birth:"), at(14, 16, born, 0.3)
    assert _only((page_of(*FORM, *STICKER, *written),), house).state is DocumentState.FILED


def test_what_is_another_labels_value_is_no_name_over_its_label(house: House) -> None:
    above = at(13, 1, "WARD"), at(14, 1, "N0rtb x&ing", 0.2), at(15, 1, "Patient name")
    assert _only((page_of(*FORM, *STICKER, *above),), house).state is DocumentState.FILED


@pytest.mark.parametrize("row", [7, 7.75])
def test_a_line_of_the_form_close_to_a_sticker_is_no_part_of_it(house: House, row: float) -> None:
    pitch = (row - 4) / 3
    lines = ("Name: HOLLOWAY, MARGARET", "MRN: 00412345", "DOB: 03/14/1951")
    sticker = [at(4 + n * pitch, 70, line) for n, line in enumerate(lines)]
    text = at(row, 1, "I authorize the surgeon and whomever she chooses to perform the operation on me and")
    written = at(14, 1, "Patient name (print):"), at(14, 26, "R@B1nxoNs MaaR", 0.1)
    assert _only((page_of(*FORM, *sticker, text),), house).state is DocumentState.FILED
    assert _only((page_of(*FORM, *sticker, text, *written),), house).state is DocumentState.REVIEW


@pytest.mark.parametrize("pitch", [1.25, 1.5])
def test_a_forms_own_airy_header_stands_whoever_signed_illegibly_below(house: House, pitch: float) -> None:
    lines = ("Patient: HOLLOWAY, MARGARET", "DOB: 03/14/1951", "MRN: 00412345")
    header = [at(4 + n * pitch, 1, line) for n, line in enumerate(lines)]
    signed = at(40, 1, "Print name:"), at(40, 14, "Rxb@rt Sm1lhs", 0.1)
    assert _only((page_of(*FORM, *header, *signed),), house).state is DocumentState.FILED


@pytest.mark.parametrize("pitch", [0.8, 1, 1.25, 1.5])
@pytest.mark.parametrize("label", ["", "Name: "])
def test_a_sticker_is_one_however_far_apart_its_lines_stand(house: House, label: str, pitch: float) -> None:
    lines = (f"{label}HOLLOWAY, MARGARET", "MRN: 00412345", "DOB: 03/14/1951")
    sticker = [at(4 + n * pitch, 70, line) for n, line in enumerate(lines)]
    written = at(14, 1, "Patient name (print):"), at(14, 26, "R@B1nxoNs MaaR", 0.1)
    assert _only((page_of(*FORM, *sticker),), house).state is DocumentState.FILED
    assert _only((page_of(*FORM, *sticker, *written),), house).state is DocumentState.REVIEW


@pytest.mark.parametrize("below", ["", "Room 4", "17 beds, 3 of them in use"])
def test_a_name_that_nobody_wrote_into_the_form_is_no_objection(house: House, below: str) -> None:
    empty = page_of(*FORM, *STICKER, at(9, 1, "PATIENT NAME"), *((at(10, 1, below),) if below else ()))
    assert _only((empty,), house).state is DocumentState.FILED


@pytest.mark.parametrize("certainty", [0.05, 0.15, 0.2, 0.35, 0.6, 0.96])
def test_the_fainter_a_sticker_the_less_it_files_on_a_page_that_reads_badly(house: House, certainty: float) -> None:
    form = [at(row, 1, "l eutborize tbe pnocedune namcd abovc.", 0.6) for row in range(20, 30)]
    faint = [replace(text, confidence=certainty) for text in STICKER]
    assert _only((page_of(*faint, *form),), house).state is DocumentState.REVIEW


def test_the_same_sticker_twice_is_one_witness_where_the_page_reads_badly(house: House) -> None:
    form = [at(row, 1, "l eutborize tbe pnocedune namcd abovc.", 0.6) for row in range(20, 30)]
    again = [replace(text, row=text.row + 36) for text in STICKER]
    assert _only((page_of(*STICKER, *again, *form),), house).state is DocumentState.REVIEW


def test_a_running_header_without_labels_goes_with_the_page_before_it_however_badly_it_reads(house: House) -> None:
    body = [at(row, 1, "Tbe paticnt wes scen today.", 0.7) for row in range(10, 20)]
    second = page_of(at(-1, 1, "HOLLOWAY, MARGARET  03/14/1951  00412345", 0.93), *body, page=2)
    assert _only((_holloway(), second), house).state is DocumentState.FILED


def test_on_a_page_that_reads_badly_a_sticker_alone_does_not_file(house: House) -> None:
    form = [at(row, 1, "l eutborize tbe pnocedune namcd abovc.", 0.6) for row in range(20, 30)]
    disposition = _only((page_of(*STICKER, *form),), house)
    assert disposition.state is DocumentState.REVIEW
    assert "it reads badly, and no label says whose it is" in disposition.reasons[0]
    for name in ("Patient name: Margaret Holloway", "Insured's name: Margaret Holloway"):
        assert _only((page_of(*STICKER, at(9, 1, name), *form),), house).state is DocumentState.FILED


@pytest.mark.parametrize("mode", [Unattended.OFF, Unattended.SHADOW])
def test_shadow_and_off_send_to_review_and_shadow_says_what_it_would_have_filed(house: House, mode: Unattended) -> None:
    careful = replace(house, settings=Settings(unattended=mode))
    disposition = _only((_holloway(),), careful)
    assert (disposition.state, disposition.mrn) == (DocumentState.REVIEW, None)
    assert disposition.would_file_mrn == ("00412345" if mode is Unattended.SHADOW else None)
    assert str(mode) in disposition.reasons[0]


def test_the_stop_switch_is_off_whatever_the_settings_say(house: House) -> None:
    disposition = _only((_holloway(),), replace(house, filing_stopped=True))
    assert (disposition.state, disposition.would_file_mrn) == (DocumentState.REVIEW, None)
    assert "stop switch" in disposition.reasons[0]


def test_a_duplicate_names_the_scan_that_came_first() -> None:
    (disposition,) = duplicate("S000007", 3)
    assert (disposition.state, disposition.pages) == (DocumentState.DUPLICATE, (1, 2, 3))
    assert "S000007" in disposition.reasons[0]


def test_a_document_has_its_type_and_date_and_a_site_may_keep_a_type_to_itself(house: House) -> None:
    page = page_of(
        at(0, 20, "LABORATORY REPORT"), at(2, 1, "Patient: HOLLOWAY, MARGARET A"), at(3, 1, "DOB: 03/14/1951"),
        at(4, 1, "MRN: 00412345"), at(5, 1, "Collected: 10/02/2026"), at(6, 1, "Printed: 10/05/2026"),
    )  # fmt: skip
    filed = _only((page,), house)
    assert (filed.state, filed.type, filed.document_date) == (
        DocumentState.FILED, "lab_report", date(2026, 10, 2),
    )  # fmt: skip
    careful = replace(house, settings=Settings(unattended_by_type={"lab_report": Unattended.OFF}))
    assert _only((page,), careful).state is DocumentState.REVIEW


def _cover(page: int, *, mrn: str = "00412345", kind: DocType | None = None, name: str = "HOLLOWAY, MARGARET A"):
    return page_of(
        code(1, 1, cover_code(mrn, kind), "QRCode"), at(10, 1, "COVER SHEET"), at(12, 1, f"Patient: {name}"),
        at(14, 1, "DOB: 1951-03-14"), at(16, 1, "MRN: 00412345"), page=page,
    )  # fmt: skip


def test_a_cover_sheet_settles_whose_and_what_the_paper_behind_it_is(house: House) -> None:
    pages = (_cover(1, kind=DocType.CONSENT), _text(2), _text(3))
    filed, sheet = dispose(SCAN, pages, house)
    assert (filed.pages, filed.state, filed.mrn, filed.type) == ((2, 3), DocumentState.FILED, "00412345", "consent")
    assert filed.reasons[0].startswith("Its cover sheet, page 1, names ")
    assert (sheet.pages, sheet.state) == ((1,), DocumentState.SEPARATOR)


def test_a_cover_sheet_says_nothing_against_what_the_pages_say_nor_behind_such_pages(house: House) -> None:
    first = page_of(at(10, 1, "Nothing was found."), at(50, 40, "Page 1 of 2"), page=3)
    ends = {one.pages: one for one in dispose(SCAN, (_cover(1), _okafor(2), first), house)}
    assert ends[2,].state is DocumentState.REVIEW
    assert any("cover sheet, page 1" in reason for reason in ends[2,].reasons)
    assert ends[3,].state is DocumentState.REVIEW
    assert {one.pages: one.state for one in dispose(SCAN, (_cover(1), _text(2), first), house)}[3,] is (
        DocumentState.FILED
    )


@pytest.mark.parametrize(
    "cover",
    [
        {"name": "OKAFOR, CHIDI"},  # its print and its code are of two patients
        {"mrn": "00455550"},
        {"mrn": "09999999"},  # nobody's
    ],
)
def test_a_cover_sheet_whose_print_does_not_bear_out_its_code_only_parts_documents(house: House, cover) -> None:
    ends = _ends((_cover(1, **cover), _text(2)), house)
    assert ends == {(2,): "review", (1,): "separator"}


def test_a_cover_sheet_reaches_to_the_next_sheet(house: House) -> None:
    plain = page_of(code(1, 1, "PATCH T", "PatchCode"), at(20, 1, "Patch T"), page=3)
    assert _ends((_cover(1), _text(2), plain, _text(4)), house) == {
        (2,): "00412345",
        (4,): "review",
        (3,): "separator",
        (1,): "separator",
    }


def test_what_a_site_keeps_to_itself_a_cover_sheet_does_not_file(house: House) -> None:
    careful = replace(house, settings=Settings(unattended=Unattended.OFF))
    assert dispose(SCAN, (_cover(1), _text(2)), careful)[0].state is DocumentState.REVIEW


def test_a_stack_of_any_height_is_decided_with_a_page_at_a_time_in_memory(house: House) -> None:
    held = []

    def coming() -> Iterator[PageArtefact]:
        for number in range(1, 31):
            page = _holloway(number) if number % 2 else _okafor(number)
            yield page
            del page
            held.append(sum(isinstance(one, PageArtefact) for one in gc.get_objects()))

    before = sum(isinstance(one, PageArtefact) for one in gc.get_objects())
    ended = dispose(SCAN, coming(), house)
    assert sorted(page for one in ended for page in one.pages) == list(range(1, 31))
    assert max(held) - before <= 2


@pytest.mark.parametrize(("phone", "address"), [("216-557-2054", "4930 Birch Way"), (None, "4930 Birch Way")])
def test_a_form_with_another_phone_and_address_is_not_filed_on_a_stickers_word(phone: str | None, address: str) -> None:
    home = replace(PATIENTS[0], phones=("440-555-1212",), address="12 Elm St")
    index = PatientIndex.of((home, *PATIENTS[1:]))
    site = _house_of(index)
    form = [at(9, 1, f"Home address: {address}"), *([at(10, 1, f"Phone: {phone}")] if phone else [])]
    sticker = _only((page_of(*FORM, *STICKER, *form),), site)
    assert sticker.state is (DocumentState.REVIEW if phone else DocumentState.FILED)
    if phone:
        assert "its phone and address are not the patient's" in sticker.reasons[0]
    named = page_of(*FORM, *STICKER, *form, at(8, 1, "Patient name: Margaret Holloway"))
    assert _only((named,), site).state is DocumentState.FILED


def test_a_site_that_writes_the_day_first_files_what_its_paper_says(house: House) -> None:
    abroad = Patient(mrn="00455551", last_name="MBEKI", first_name="THABO", birth_date=date(1984, 5, 3))
    index = PatientIndex.of((*PATIENTS, abroad))
    site = replace(_house_of(index), facts=replace(house.facts, day_first=True))
    page = page_of(at(1, 1, "Patient: MBEKI, THABO"), at(2, 1, "Date of Birth: 03/05/1984"), at(3, 1, "MRN: 00455551"))
    assert _only((page,), site).state is DocumentState.FILED
    assert _only((page,), replace(site, facts=house.facts)).state is DocumentState.REVIEW


@pytest.mark.parametrize(
    "written",
    ["PIERCE, DONALD JR", "Donald R. Pierce Jr.", "Donald Lee.", "PIERCE, ANN.", "Filled in by   Donald Pierce",
     "CADET: NAME   DONALD PIERCE"],
)  # fmt: skip
def test_endings_and_titles_make_nobody_known(house: House, written: str) -> None:
    assert _only((page_of(*FORM, *STICKER, at(9, 1, written)),), house).state is DocumentState.REVIEW


def test_a_label_with_a_value_of_its_own_says_nothing_of_the_name_above_it(house: House) -> None:
    stands = at(9, 1, "Donald R. Pierce"), at(10, 1, "Attending: Amy Lee")
    assert _only((page_of(*FORM, *STICKER, *stands),), house).state is DocumentState.REVIEW


@pytest.mark.parametrize(
    "written", ["Enrolee of record   Donald R. Pierce", "Lee, Jill S", "Studemt'snarne Edwards, Ryan", "PIERCE, DONALD"]
)
def test_a_name_that_stands_on_the_form_without_a_known_label_is_held_against_a_sticker(
    house: House, written: str
) -> None:
    disposition = _only((page_of(*FORM, *STICKER, at(9, 1, written)),), house)
    assert disposition.state is DocumentState.REVIEW
    assert "a name stands on it that does not look like the patient's" in disposition.reasons[0]


def test_an_early_date_without_a_label_is_held_against_a_sticker_that_has_another(house: House) -> None:
    """The family name was lost under a punch hole, the birth date beside it was not."""
    visit = at(10, 1, "Tx 09/28/2026 Station 9")
    other = _only((page_of(*FORM, *STICKER, at(9, 1, "ews: PATRICIA P   01/27/1973 F"), visit),), house)
    assert other.state is DocumentState.REVIEW
    assert "a date stands on it that may be another patient's birth date" in other.reasons[0]
    for told in (
        "RTC 03/15/27",
        "Seen before on 03/27/2025",
        "Born on the 03/14/1951",
        "DOB: 03/14/1951   hired 01/27/1973",
    ):
        assert _only((page_of(*FORM, *STICKER, at(9, 1, told), visit),), house).state is DocumentState.FILED
    below = at(40, 1, "Appendectomy 01/27/1973")
    assert _only((page_of(*FORM, *STICKER, below, visit),), house).state is DocumentState.FILED


def test_a_page_that_names_nobody_but_has_a_number_of_its_own_is_not_filed_with_another(house: House) -> None:
    body = [at(row, 1, "Nothing remarkable was seen there.") for row in range(10, 20)]
    numbered = page_of(at(1, 1, "Hospital number (if known) 0055057"), *body, page=2)
    disposition = _only((_holloway(), numbered), house)
    assert disposition.state is DocumentState.REVIEW
    assert "it names nobody, and a number on it is not the patient's" in disposition.reasons[0]
    own = page_of(at(1, 1, "Hospital number (if known) 00412345"), *body, page=2)
    assert _only((_holloway(), own), house).state is DocumentState.FILED


def test_another_hospitals_number_on_every_page_is_no_objection(house: House) -> None:
    body = [at(row, 1, "Nothing remarkable was seen there.") for row in range(10, 20)]
    theirs = at(6, 1, "Hospital number 77341")
    first = page_of(at(1, 1, "Patient: HOLLOWAY, MARGARET A"), at(2, 1, "Date of Birth: 03/14/1951"), theirs, *body)
    assert _only((first, page_of(theirs, *body, page=2)), house).state is DocumentState.FILED


def test_a_number_at_a_punch_hole_may_have_lost_digits(house: House) -> None:
    born = at(9, 1, "DOB: 3/14/1951")
    (whole,) = (one for one in find_evidence(page_of(born), house.labels, house.facts))
    hole = replace(page_of(born), holes=(Box(x0=60, y0=620, x1=190, y1=700),))
    (cut,) = (one for one in find_evidence(hole, house.labels, house.facts))
    assert whole.confidence > 0.9 > 0.6 > cut.confidence


def test_a_name_in_cells_whose_labels_nobody_could_read_is_held_against_a_sticker(house: House) -> None:
    """A fax had worn off the form's small print: "Patient First Name", "Patient Middle Name"."""
    cells = at(9, 1, "THOMAS II"), at(11, 1, "JOHN"), at(12, 1, "Pare Mast te", 0.3), at(13, 1, "JONATHAN")
    disposition = _only((page_of(*FORM, *STICKER, *cells),), house)
    assert disposition.state is DocumentState.REVIEW
    assert "a name stands on it that does not look like the patient's" in disposition.reasons[0]
    apart = at(9, 1, "JOHN"), at(16, 1, "JONATHAN")
    assert _only((page_of(*FORM, *STICKER, *apart),), house).state is DocumentState.FILED
    own = at(9, 1, "MARGARET"), at(10, 1, "ANN")
    assert _only((page_of(*FORM, *STICKER, *own),), house).state is DocumentState.FILED


def _behind_holloways(house: House, *texts: Text) -> Disposition:
    """What becomes of a page of Holloway's with one behind it that has these texts over a body that says nothing."""
    body = [at(row, 1, "Nothing remarkable was seen there.") for row in range(10, 20)]
    return _only((_holloway(), page_of(*texts, *body, page=2)), house)


def test_a_name_with_the_family_name_first_on_a_page_that_names_nobody_else_is_another_patients(house: House) -> None:
    disposition = _behind_holloways(house, at(6, 1, "SANCHEZ, CASEY T"), at(6, 60, "be. 41/10/05", 0.6))
    assert disposition.state is DocumentState.REVIEW
    assert "a name stands on it that does not look like the patient's" in disposition.reasons[0]
    for told in ("HOLLOWAY, MARGARET", "Referred to Casey Sanchez", "Seen by: SANCHEZ, CASEY T, MD"):
        assert _behind_holloways(house, at(6, 1, told)).state is DocumentState.FILED


def test_a_number_without_a_label_on_a_page_that_names_nobody_is_another_patients(house: House) -> None:
    """ "BENNETT, KEITH D   01052787": a fold through the family name, no label."""
    typed = at(6, 1, "BFNMFTT", 0.1), at(6, 12, "KEITH D"), at(6, 30, "00642646", 0.8)
    disposition = _behind_holloways(house, *typed)
    assert disposition.state is DocumentState.REVIEW
    assert "it names nobody, and a number on it is not the patient's" in disposition.reasons[0]
    for told in ("Order no. 00642646", "Batch 642-646", "Seen 42 times since 2004"):
        assert _behind_holloways(house, at(6, 1, told)).state is DocumentState.FILED


def test_whom_a_label_below_the_rule_makes_known_is_no_stranger(house: House) -> None:
    name = at(9, 1, "Donald R. Pierce"), at(10, 1, "FAMILY DOCTOR")
    assert _only((page_of(*FORM, *STICKER, *name),), house).state is DocumentState.FILED
    unknown = at(9, 1, "Donald R. Pierce"), at(10, 1, "ENROLEE OF RECORD")
    assert _only((page_of(*FORM, *STICKER, *unknown),), house).state is DocumentState.REVIEW


def test_a_stranger_is_heard_whose_family_name_was_read_with_little_certainty(house: House) -> None:
    name = at(9, 1, "PIERCE,", 0.62), at(9, 9, "DONALD")
    assert _only((page_of(*FORM, *STICKER, *name),), house).state is DocumentState.REVIEW


def test_on_a_page_with_a_dark_area_a_person_looks_where_no_label_names_its_patient(house: House) -> None:
    """White print on black that a scanner ate: another patient may have been named there."""
    dark = (Box(x0=150.0, y0=2800.0, x1=2400.0, y1=3060.0),)
    nameless = page_of(*(at(row, 1, "Nothing remarkable was seen there.") for row in range(10, 20)), page=2)
    for own in (_holloway(), page_of(*FORM, at(9, 1, "Patient name: Margaret Holloway"), *STICKER)):
        assert _only((own, nameless), house).state is DocumentState.FILED
        assert _only((replace(own, dark=dark),), house).state is DocumentState.FILED
        behind = _only((own, replace(nameless, dark=dark)), house)
        assert behind.state is DocumentState.REVIEW
        assert "it may name a patient, but that could not be read" in behind.reasons[0]
    told = page_of(
        at(2, 1, "MRN # 00412345"),
        at(5, 1, "This 75-year-old woman, Margaret Holloway, born 03/14/1951, arrived by car."),
    )
    assert _only((replace(told, dark=dark),), house).state is DocumentState.FILED  # a letterhead's band was eaten
    stuck = page_of(*FORM, *STICKER)
    assert _only((stuck,), house).state is DocumentState.FILED
    assert _only((replace(stuck, dark=dark),), house).state is DocumentState.REVIEW


@pytest.mark.parametrize(
    "written",
    [
        "Holloway, Margaret",
        "Margaret A. Holloway",
        "Physician:  Donald R. Pierce",
        "Donald R. Pierce, MD",
        "The patient will call Donald",
        "12 Pierce Donald Rd",
        "Patient name: Margaret Holloway              Donald R. Pierce",
        "Scored by   Donald Pierce",
        "Rubricated by   Donald Pierce",
        "ART. PR.",
        "ART. VEN.",
        "ART PR   VEN PR",
    ],
)
def test_whom_a_label_or_a_title_makes_known_is_no_stranger(house: House, written: str) -> None:
    assert _only((page_of(*FORM, *STICKER, at(9, 1, written)),), house).state is DocumentState.FILED
