"""The upper part of a page first: where it ends, what joins it later, and what the artefact says of it."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ingest.evidence.labels import load_labels
from ingest.evidence.values import SiteFacts
from ingest.model import PageArtefact, PageOutcome, ScanKind, Turn
from ingest.page import Guide, read_page, read_task, read_the_rest, rest_task
from ingest.reading.artefact import decode, encode
from ingest.reading.clean import Shapes
from ingest.reading.options import ReadingOptions
from ingest.reading.upper import below, find_cut, shapes_between
from tests.fakes.pages import at, page_of
from tests.fakes.paper import page, save

WHOLE = ReadingOptions(second_reader="off")
UPPER = replace(WHOLE, upper_first=True)
GUIDE = Guide(labels=load_labels(), facts=SiteFacts(today=date(2026, 11, 1), mrn_shapes=("99999999",)))
IDENTITY = [
    "LAKESIDE GENERAL HOSPITAL",
    "",
    "Patient: HOLLOWAY, MARGARET",
    "Date of Birth: 03/14/1951",
    "MRN: 00412345",
]
NOBODY = ["LAKESIDE GENERAL HOSPITAL", "", "All of these results were read by telephone", "to the nurse of the ward"]
BODY = ["Sodium was stable over the night", "Potassium was given with breakfast", "Please call the laboratory tomorrow"]


def shapes(*lines: tuple[int, int]) -> Shapes:
    """Lines of ten letters, as their tops and heights."""
    return np.array([(x * 30, y, 20, tall, 200) for y, tall in lines for x in range(10)], np.int32).reshape(-1, 5)


def every(step: int, height: int = 3300) -> Shapes:
    return shapes(*((y, 30) for y in range(100, height - 100, step)))


@pytest.mark.parametrize("step", [45, 50, 60, 100, 400])
def test_the_cut_lies_amid_white_near_a_third_of_the_page(step: int) -> None:
    lines = every(step)
    cut = find_cut(lines, 3300, 300, 24.0)
    assert cut is not None
    assert abs(cut - 0.34 * 3300) <= step
    assert all(y + tall + 5 <= cut or cut <= y - 5 for _, y, _, tall, _ in lines.tolist())


def test_specks_and_frames_do_not_forbid_a_cut_and_print_does() -> None:
    free = shapes((100, 30))
    frame = np.array([(10, 50, 1000, 3000, 9000), (700, 1120, 4, 4, 16)], np.int32)
    assert find_cut(np.concatenate((free, frame)), 3300, 300, 24.0) is not None
    close = np.array([(x, y, 20, 40, 300) for x in (0, 40) for y in range(20 + x // 2, 3200, 40)], np.int32)
    assert find_cut(close, 3300, 300, 24.0) is None


def test_low_pages_and_pages_without_letters_are_read_at_once() -> None:
    assert find_cut(every(100, 1200), 1200, 300, 24.0) is None
    assert find_cut(every(100), 3300, 300, None) is None
    assert find_cut(shapes(), 3300, 300, 24.0) is not None


def test_each_piece_of_ink_belongs_to_one_part() -> None:
    lines = every(50)
    cut = find_cut(lines, 3300, 300, 24.0)
    assert cut is not None
    upper, rest = shapes_between(lines, 0, cut), shapes_between(lines, cut, 3300)
    assert len(upper) + len(rest) == len(lines)
    assert rest[:, 1].min() >= 0
    assert (upper[:, 1] + upper[:, 3]).max() <= cut


def test_the_rest_is_numbered_on_and_lies_below() -> None:
    first, second = (
        page_of(at(1, 0, "one two"), at(2, 0, "three")).words,
        page_of(at(1, 0, "four"), at(3, 0, "five")).words,
    )
    joined = below(first, second, 1000)
    assert joined[:3] == first
    assert [word.line for word in joined] == [0, 0, 1, 2, 3]
    assert [word.block for word in joined] == [0, 0, 0, 1, 1]
    assert joined[3].box.y0 == second[0].box.y0 + 1000
    assert (joined[3].box.x0, joined[3].characters) == (second[0].box.x0, second[0].characters)
    assert below((), second, 10)[0].line == 0


def test_an_artefact_tells_how_far_it_was_read_and_older_ones_were_read_whole() -> None:
    kept = replace(page_of(at(1, 0, "one")), version=3, read_to_px=1122)
    assert decode(encode(kept)) == kept
    text = json.loads(gzip.decompress(encode(kept)))
    for older in (1, 2):
        text["version"] = older
        del text["artefact"]["read_to_px"]
        again = decode(gzip.compress(json.dumps(text).encode()))
        assert again == replace(kept, read_to_px=None)
        text["artefact"]["read_to_px"] = 0
    for wrong in (0, -1, kept.read_height_px, "1", 1.5, True):
        text["artefact"]["read_to_px"] = wrong
        with pytest.raises(ValueError, match="number"):
            decode(gzip.compress(json.dumps(text).encode()))


def scan(tmp_path: Path, lines: list[str], *, turned: bool = False) -> Path:
    picture = page(lines)
    path = tmp_path / "scan.png"
    save([picture.transpose(Image.Transpose.ROTATE_180) if turned else picture], path)
    return path


def read(path: Path, options: ReadingOptions) -> PageArtefact:
    return artefact_of(read_page(path, ScanKind.PNG, 1, options, GUIDE))


def artefact_of(outcome: PageOutcome) -> PageArtefact:
    assert isinstance(outcome, PageArtefact)
    return outcome


def texts(artefact: PageArtefact) -> list[str]:
    return [word.text for word in artefact.words]


@pytest.mark.ocr
def test_a_page_that_tells_its_patient_above_is_read_no_further_and_joined_later(tmp_path: Path) -> None:
    path = scan(tmp_path, [*IDENTITY, *[""] * 8, *BODY])
    whole, upper = read(path, WHOLE), read(path, UPPER)
    assert (whole.read_to_px, upper.version) == (None, 5)
    assert upper.read_to_px is not None
    assert "HOLLOWAY," in texts(upper)
    assert "Sodium" not in texts(upper)
    assert all(word.box.y1 <= upper.read_to_px for word in upper.words)

    again = artefact_of(decode(rest_task(str(path), ScanKind.PNG, encode(upper), UPPER, GUIDE)))

    assert again.read_to_px is None
    assert again.words[: len(upper.words)] == upper.words
    assert texts(again) == texts(whole)
    for one, other in zip(again.words, whole.words, strict=True):
        assert abs(one.box.x0 - other.box.x0) <= 3
        assert abs(one.box.y0 - other.box.y0) <= 3


@pytest.mark.ocr
def test_a_page_that_does_not_tell_above_is_read_to_its_end_at_once(tmp_path: Path) -> None:
    path = scan(tmp_path, [*NOBODY, *[""] * 8, *BODY])
    upper = read(path, UPPER)
    assert upper.read_to_px is None
    assert texts(upper) == texts(read(path, WHOLE))


@pytest.mark.ocr
def test_a_page_that_lies_on_its_head_is_read_whole(tmp_path: Path) -> None:
    path = scan(tmp_path, [*IDENTITY, "", *BODY], turned=True)
    upper = read(path, UPPER)
    assert (upper.turn, upper.read_to_px) == (Turn.HALF, None)
    assert {"HOLLOWAY,", "Sodium"} <= set(texts(upper))


@pytest.mark.ocr
def test_parts_that_would_not_fit_are_read_afresh(tmp_path: Path) -> None:
    path = scan(tmp_path, [*IDENTITY, *[""] * 8, *BODY])
    other = replace(read(path, UPPER), read_width_px=999)
    again = artefact_of(read_the_rest(path, ScanKind.PNG, other, UPPER, GUIDE))
    assert again == read(path, WHOLE)


@pytest.mark.ocr
def test_reading_whole_is_as_it_was(tmp_path: Path) -> None:
    path = scan(tmp_path, [*IDENTITY, *[""] * 8, *BODY])
    assert decode(read_task(str(path), ScanKind.PNG, 1, WHOLE, GUIDE)) == read(path, WHOLE)
    assert artefact_of(read_the_rest(path, ScanKind.PNG, read(path, WHOLE), WHOLE, GUIDE)) == read(path, WHOLE)
