"""A card or sticker that lies askew: its rows slope, and its labels keep their values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ingest.evidence.find import SiteFacts, find_evidence
from ingest.evidence.labels import load_labels
from ingest.model import Box, PageArtefact, Word
from matchers.patient import Field
from tests.fakes.pages import lines_of

LABELS = load_labels()
FACTS = SiteFacts(today=date(2026, 11, 23), mrn_shapes=("99999999",))
CARD = """
EVERGREEN PPO

Member Name         MARIE CALDWELL
Subscriber          JOHN CALDWELL
Member ID           2K74300090
"""


def leaning(page: PageArtefact, slope: float) -> PageArtefact:
    """The page with every line of the engine's as it was, each word higher the further right it stands."""

    def lean(word: Word) -> Word:
        up = slope * (word.box.x0 + word.box.x1) / 2
        box = Box(x0=word.box.x0, y0=word.box.y0 + 300 - up, x1=word.box.x1, y1=word.box.y1 + 300 - up)
        return replace(word, box=box)

    lines: dict[int, int] = {}
    for word in page.words:  # a drawing's wide gap begins a line of its own; the engine reads across it
        lines.setdefault(round(word.box.y0), len(lines))
    return replace(page, words=tuple(replace(lean(word), line=lines[round(word.box.y0)]) for word in page.words))


@pytest.mark.parametrize("slope", [0.0, 0.08, -0.08, 0.15])
def test_names_keep_to_their_labels_on_a_card_that_leans(slope: float) -> None:
    found = find_evidence(leaning(lines_of(CARD), slope), LABELS, FACTS)
    labels = {finding.label: finding.raw for finding in found if finding.field is Field.NAME}
    assert labels == {"Member Name": "MARIE CALDWELL", "Subscriber": "JOHN CALDWELL"}


def test_words_of_two_columns_that_lie_on_no_line_are_no_row() -> None:
    page = lines_of("Patient: DOE, JANE                    Sodium      139")
    stepped = [
        replace(word, line=0, box=replace(word.box, y0=word.box.y0 + 45 * (n // 3), y1=word.box.y1 + 45 * (n // 3)))
        for n, word in enumerate(page.words)
    ]
    found = find_evidence(replace(page, words=tuple(stepped)), LABELS, FACTS)
    assert [finding.raw for finding in found] == ["DOE, JANE"]


def test_words_without_width_one_upon_the_other_do_no_harm() -> None:
    box = Box(x0=100, y0=100, x1=100, y1=120)
    words = tuple(Word(text=text, confidence=0.9, box=box, line=9, block=9) for text in ("DOB", "1949"))
    page = lines_of("Patient: DOE, JANE\n")
    found = find_evidence(replace(page, words=(*page.words, *words)), LABELS, FACTS)
    assert [one.raw for one in found if one.field is Field.NAME] == ["DOE, JANE"]
