"""Two engines on one place: what they agree on, what they dispute, what only the second could read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ingest.evidence.agreement import apart, together
from ingest.evidence.doubt import regions_in_doubt
from ingest.evidence.find import SiteFacts, find_evidence
from ingest.evidence.identity import identifiers_of
from ingest.evidence.labels import load_labels
from ingest.model import Finding, PageArtefact, SecondReading
from matchers.patient import Field, Source
from tests.fakes.pages import Text, at, page_of

LABELS = load_labels()
FACTS = SiteFacts(today=date(2026, 11, 1), mrn_shapes=("9999999",))
PRINT = (
    at(2, 5, "Riverside Clinic"),
    at(5, 5, "MRN:  1234567"),
    at(20, 5, "Please bring this form to the front desk."),
)


def test_certain_values_are_not_read_again() -> None:
    page = page_of(*PRINT, at(7, 5, "Patient Name:  SMITH, JOHN"), at(9, 5, "DOB:  04/07/1962"))
    assert regions_in_doubt(page, LABELS, FACTS) == ()


def test_a_doubtful_value_is_read_again_without_its_label() -> None:
    page = page_of(*PRINT, at(7, 5, "Patient Name:  SMITH,~ JOHN~"))
    (place,) = regions_in_doubt(page, LABELS, FACTS)
    label = next(word for word in page.words if word.text == "Name:")
    value = [word for word in page.words if word.text in ("SMITH,", "JOHN")]
    assert place.x0 >= label.box.x1
    assert all(place.x0 <= word.box.x0 and word.box.x1 <= place.x1 for word in value)


def test_the_place_beside_a_label_without_a_value_is_read_again() -> None:
    page = page_of(*PRINT, at(7, 5, "Patient Name:"))
    label = next(word for word in page.words if word.text == "Name:")
    assert any(place.x0 >= label.box.x1 for place in regions_in_doubt(page, LABELS, FACTS))


def test_agreement_makes_a_value_surer() -> None:
    first = page_of(*PRINT, at(7, 5, "Patient Name:  SMITH,~ JOHN~"))
    (before,) = names(first)
    (after,) = names(with_second(first, at(7, 20, "SMITH, JOHN", 0.97)))
    assert after.confidence > before.confidence
    assert (after.source, after.other_reading) == (Source.TEXT, None)


def test_a_dispute_is_recorded_and_speaks_for_nobody() -> None:
    first = page_of(*PRINT, at(7, 5, "Patient Name:  SMITH,~ JOHN~"))
    found = find_evidence(with_second(first, at(7, 20, "WELLS, JANE", 0.97)), LABELS, FACTS)
    disputed = {f.raw: f.other_reading for f in found if f.field is Field.NAME}
    assert disputed == {"SMITH, JOHN": "WELLS, JANE", "WELLS, JANE": "SMITH, JOHN"}
    assert all(f.confidence < 0.95 for f in found if f.field is Field.NAME)
    assert identifiers_of(found).names == ()
    assert {r.value for r in identifiers_of(found, disputed=True).names} == {"SMITH, JOHN", "WELLS, JANE"}


def test_a_name_cut_short_disputes_nothing() -> None:
    first = page_of(*PRINT, at(7, 5, "Patient Name:  JOHN~ E.~ SMITH~"))
    (found,) = names(with_second(first, at(7, 20, "JOHN E.", 0.999)))
    assert (found.raw, found.other_reading) == ("JOHN E. SMITH", None)


def test_the_same_letters_parted_otherwise_are_the_same_name() -> None:
    first = page_of(*PRINT, at(7, 5, "Patient Name:  SMITH,~ JOHNE~"))
    (found,) = names(with_second(first, at(7, 20, "SMITH, JOHN E", 0.999)))
    assert (found.raw, found.other_reading) == ("SMITH, JOHN E", None)
    assert found.confidence < 0.95


def test_what_was_read_with_certainty_is_disputed_by_nothing() -> None:
    first = page_of(*PRINT, at(7, 5, "Patient Name:  SMITH, JOHN"))
    place = next(word.box for word in first.words if word.text == "SMITH,")
    words = page_of(at(7, 20, "WELLS, JANE", 0.999)).words
    second = SecondReading(box=replace(place, x1=place.x1 + 200), engine="scripted", engine_version="1", words=words)
    assert names(replace(first, second=(second,))) == names(first)


def test_what_only_the_second_engine_read_is_told_so_and_never_certain() -> None:
    first = page_of(*PRINT, at(7, 5, "Patient Name:"))
    (found,) = names(with_second(first, at(7, 20, "SMITH, JOHN", 1.0)))
    assert (found.raw, found.source) == ("SMITH, JOHN", Source.SECOND_READER)
    assert 0.5 < found.confidence < 0.95


def test_a_place_where_the_second_engine_saw_nothing_changes_nothing() -> None:
    first = page_of(*PRINT, at(7, 5, "Patient Name:  SMITH,~ JOHN~"))
    assert find_evidence(with_second(first), LABELS, FACTS) == find_evidence(first, LABELS, FACTS)


def test_two_readings_never_say_more_than_one_of_them_can() -> None:
    for first in (0.0, 0.3, 0.9, 1.0):
        for second in (0.0, 0.5, 0.94, 1.0):
            mine, others = apart(first, second)
            assert mine + others <= 1.0 + 1e-9
            assert first <= together(first, second) <= 1.0


def names(page: PageArtefact) -> list[Finding]:
    return [f for f in find_evidence(page, LABELS, FACTS) if f.field is Field.NAME]


def with_second(page: PageArtefact, *texts: Text) -> PageArtefact:
    words = page_of(*texts).words
    places = regions_in_doubt(page, LABELS, FACTS)
    return replace(
        page,
        second=tuple(
            SecondReading(
                box=box,
                engine="scripted",
                engine_version="1",
                words=tuple(w for w in words if box.x0 <= w.box.x0 <= box.x1 and box.y0 <= w.box.y0 <= box.y1),
            )
            for box in places
        ),
    )


def test_words_as_high_as_the_place_that_was_shown_still_stand_beside_their_label() -> None:
    first = page_of(*PRINT, at(7, 5, "Patient Name:"), at(7, 25, "Bo ck Wathecne", 0.3))
    read = with_second(first, at(7, 25, "Brock, Katherine", 0.97))
    (second,) = read.second
    high = tuple(replace(w, box=replace(w.box, y0=w.box.y0 - 60, y1=w.box.y1 + 60)) for w in second.words)
    box = replace(second.box, y0=second.box.y0 - 60, y1=second.box.y1 + 60)
    found = names(replace(read, second=(replace(second, words=high, box=box),)))
    assert any((f.raw, f.label) == ("Brock, Katherine", "Patient Name:") for f in found)


STICKER = (at(1, 70, "GORDON, HEATHER"), at(2, 70, "MRN 1234567"), at(3, 70, "DOB: 04/18/1987"))
SCRAPS = (at(9, 5, "pauene (xin:", 0.3), at(9, 20, "Preflis Lene,", 0.4))


def test_where_no_label_names_the_patient_what_reads_badly_is_read_again_with_its_label() -> None:
    page = page_of(*PRINT, *STICKER, *SCRAPS)
    (place,) = regions_in_doubt(page, LABELS, FACTS)
    scraps = [word for word in page.words if word.confidence < 0.5]
    assert all(place.x0 < word.box.x0 and word.box.x1 < place.x1 for word in scraps)
    assert all(place.y0 < word.box.y0 - 20 and word.box.y1 + 20 < place.y1 for word in scraps)


def test_a_name_behind_a_label_that_only_the_second_engine_could_read_is_found() -> None:
    page = page_of(*PRINT, *STICKER, *SCRAPS)
    read = with_second(page, at(9, 5, "Patient (print):", 0.95), at(9, 25, "Phyllis Lang", 0.8))
    found = {f.raw: (f.label, f.source) for f in names(read)}
    assert found["Phyllis Lang"] == ("Patient (print):", Source.SECOND_READER)
    assert regions_in_doubt(read, LABELS, FACTS) == ()  # nothing is shown to it twice


def test_where_too_little_is_known_a_line_that_reads_badly_is_read_again_after_the_values() -> None:
    """Two lines that lie askew beside each other run together: "Att 1108603 pre jr 20-2018" for an MRN and a date."""
    torn = at(4, 70, "Att 1108603 pre jr 20-2018", 0.2)
    page = page_of(at(2, 5, "Riverside Clinic"), at(9, 5, "Patient Name:"), at(9, 26, "ROBINSON, MICHELE", 0.7), torn)
    name, line = regions_in_doubt(page, LABELS, FACTS)
    assert all(line.x0 < word.box.x0 and word.box.x1 < line.x1 for word in page.words if word.confidence == 0.2)
    assert name.y0 > line.y1
    known = page_of(*(text for text in PRINT), at(9, 5, "Patient Name:"), at(9, 26, "ROBINSON, MICHELE", 0.96), torn)
    assert regions_in_doubt(known, LABELS, FACTS) == ()


def test_where_a_label_names_the_patient_bad_reading_elsewhere_costs_nothing() -> None:
    named = at(7, 5, "Patient Name:  SMITH, JOHN")
    assert regions_in_doubt(page_of(*PRINT, *STICKER, named, *SCRAPS), LABELS, FACTS) == ()


@pytest.mark.parametrize("value", [at(9, 26, "MarRA -- Scer", 0.3), at(9, 60, "y", 0.2)])
def test_where_the_label_of_the_name_is_known_its_own_value_is_shown_first(value: Text) -> None:
    """A larger place round it, with its label and what stands near, is read worse."""
    near = at(10, 5, "obt: 3-/-ig44", 0.2)
    page = page_of(*PRINT, at(0, 40, "PATIENT INTAKE FORM"), at(9, 5, "Patient Name:"), value, near)
    label = page.words[[word.text for word in page.words].index("Name:")]
    (first, *_) = regions_in_doubt(page, LABELS, FACTS)
    assert first.x0 >= label.box.x1
    assert first.y1 - first.y0 < 3 * (label.box.y1 - label.box.y0)


@pytest.mark.parametrize("row", [52.77, 54.0])
def test_no_place_lies_beyond_the_paper(row: float) -> None:
    page = page_of(*PRINT, at(row, 1, "PATIENT NAME"), *(at(4 * n + 6, 1, "PATIENT NAME", size=3.0) for n in range(4)))
    places = regions_in_doubt(page, LABELS, FACTS)
    assert all(one.x0 < one.x1 <= page.read_width_px and one.y0 < one.y1 <= page.read_height_px for one in places)
    area = sum((one.x1 - one.x0) * (one.y1 - one.y0) for one in places)
    assert area <= 0.16 * page.read_width_px * page.read_height_px


def test_values_that_are_not_shown_hide_nothing() -> None:
    many = [at(row, column, "DOB: 03/14/1951", 0.5) for row in range(10, 22) for column in (1, 40)]
    scraps = at(30, 1, "MRN:"), at(30, 8, "xqwzt Rbrnsn MaaR", 0.2)
    page = page_of(*PRINT, *STICKER, *many, *scraps)
    word = next(word.box for word in page.words if word.text == "Rbrnsn")
    assert any(
        one.x0 < word.x0 and word.x1 < one.x1 and one.y0 < word.y0 < one.y1
        for one in regions_in_doubt(page, LABELS, FACTS)
    )


def test_a_doubtful_value_is_shown_by_itself_and_what_reads_badly_near_it_too() -> None:
    born = at(10, 5, "DOB:"), at(10, 10, "O1/2%/1962", 0.3)
    page = page_of(*PRINT, *STICKER, *SCRAPS, *born)
    places = regions_in_doubt(page, LABELS, FACTS)
    value = page.words[[word.text for word in page.words].index("O1/2%/1962")].box
    assert any(one.x0 > value.x0 - 100 and one.x0 <= value.x0 and one.y0 <= value.y0 <= one.y1 for one in places)
    scraps = [word.box for word in page_of(*SCRAPS).words]
    assert any(all(one.x0 < box.x0 and box.x1 < one.x1 and one.y0 < box.y0 for box in scraps) for one in places)


@pytest.mark.parametrize("apart", [1, 2, 3])
def test_a_page_of_scraps_is_not_read_twice_as_a_whole(apart: int) -> None:
    page = page_of(*PRINT, *(at(row, 5, "xq wle rrnd opq aljk", 0.2) for row in range(22, 22 + 10 * apart, apart)))
    places = regions_in_doubt(page, LABELS, FACTS)
    assert 0 < len(places) <= 5
    area = sum((box.x1 - box.x0) * (box.y1 - box.y0) for box in places)
    assert area <= 0.08 * page.read_width_px * page.read_height_px


def test_writing_close_to_other_writing_is_read_again_all_the_same() -> None:
    dense = [at(row, 5, "wc agrcc wiith al1 tbat", 0.3) for row in range(10, 20)]
    places = regions_in_doubt(page_of(*PRINT, *STICKER, *SCRAPS, *dense), LABELS, FACTS)
    (first, *_) = places
    assert all(first.x0 < word.box.x0 and first.y0 < word.box.y0 for word in page_of(*SCRAPS).words)


def test_the_label_on_a_sticker_is_none_of_the_forms_own() -> None:
    named = at(1, 70, "Name: GORDON, HEATHER")
    assert len(regions_in_doubt(page_of(*PRINT, named, *STICKER[1:], *SCRAPS), LABELS, FACTS)) == 1


def test_a_piece_of_a_letterhead_that_the_second_engine_read_is_nobodys_name() -> None:
    sticker = at(1, 70, "MRN: 1234567"), at(2, 70, "DOB: 04/18/1987")
    page = page_of(at(1, 5, "Lrkspu1 Va11ev", 0.2), *sticker, at(20, 5, "Please bring this form to the front desk."))
    read = with_second(page, at(1, 5, "Larkspur Valley", 0.99))
    assert any(second.words for second in read.second)
    assert not names(read)
