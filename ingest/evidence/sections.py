"""Sections of a page: titles that say whose the fields below them are.

Promise: pure. A title is a label of a person that stands alone and has no value of its own; it governs what
stands below it in its column, down to the next title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.evidence.fields import Labelled
from ingest.evidence.labels import Labels, Meaning, Owner, WordList
from ingest.evidence.layout import Layout, Segment
from ingest.evidence.spelling import bare, plain
from ingest.evidence.spotting import Hit

_NUMBERED = ("section", "part", "block", "step")
_NUMBER = re.compile(r"[ivxl!|\d]{0,4}|[a-z]|[-–—.:]*")


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's title: whose fields follow below its middle, between its left and its right."""

    owner: Owner
    left: float
    right: float
    middle: float


def governing(layout: Layout, at: int, headings: Sequence[Heading]) -> Heading | None:
    """The nearest title above a token in its column."""
    token = layout.tokens[at]
    clear = token.middle - 0.3 * layout.line_height
    above = [h for h in headings if h.middle < clear and h.left <= token.box.x0 < h.right]
    return above[-1] if above else None


def find_headings(
    layout: Layout, hits: Sequence[Hit], pairs: Sequence[Labelled], labels: Labels
) -> tuple[Heading, ...]:
    """The titles of sections, top to bottom: labels of persons that stand alone and have no value."""
    valued = {pair.hit.start for pair in pairs}
    found = []
    for hit in hits:
        if hit.meaning is not None or hit.owner is None or not hit.formal:
            continue
        segment = layout.segment(hit.start)
        if not _fills(layout, hits, segment, labels) or _is_value(layout, hits, hit):
            continue
        titled = _has_filler(layout, segment)
        if hit.start in valued and not titled:
            continue
        right = _next_in_row(layout, segment)
        left = _numbered_from(layout, segment) - 2 * layout.line_height
        found.append(Heading(hit.owner, left, right, (segment.box.y0 + segment.box.y1) / 2))
    return tuple(sorted(found, key=lambda heading: heading.middle))


def _fills(layout: Layout, hits: Sequence[Hit], segment: Segment, labels: Labels) -> bool:
    """Whether labels of persons are all that a segment says, small words and numbers aside."""
    titles = {n for hit in hits if hit.meaning is None for n in range(hit.start, hit.stop)}
    rest = [token for token in range(segment.start, segment.stop) if token not in titles]
    words = [plain(layout.tokens[token].text).strip(".,:;()/&-") for token in rest]
    return all(not w or w.isdigit() or len(w) == 1 or labels.has(WordList.FILLERS, w) for w in words)


def _is_value(layout: Layout, hits: Sequence[Hit], hit: Hit) -> bool:
    """Whether a word for a person is what a form answers: "Relationship: Friend", or "Friend" in the cell below."""
    box = layout.tokens[hit.start].box
    row = layout.row_of(hit.start)
    for other in hits:
        if other.meaning is not Meaning.OTHER_TEXT:
            continue
        label = layout.tokens[other.start].box
        if layout.row_of(other.start) == row and other.stop == hit.start:
            return True
        under = 0 < box.y0 - label.y0 < 4 * layout.line_height and abs(box.x0 - label.x0) < 2 * layout.line_height
        if under:
            return True
    return False


def _has_filler(layout: Layout, segment: Segment) -> bool:
    texts = (layout.tokens[token].text for token in range(segment.start, segment.stop))
    return any(bare(text) in ("information", "info", "details", "data", "section") for text in texts)


def _numbered_from(layout: Layout, segment: Segment) -> float:
    """Where a title begins, with its number far before it: "SECTION II  -  MEMBER INFORMATION"."""
    start, _ = layout.rows[segment.row]
    before = [layout.tokens[token] for token in range(start, segment.start)]
    numbered = all(_NUMBER.fullmatch(bare(token.text)) or bare(token.text) in _NUMBERED for token in before)
    return before[0].box.x0 if before and numbered else segment.box.x0


def _next_in_row(layout: Layout, segment: Segment) -> float:
    """Where the next text of a row begins, or the page's right side."""
    _, stop = layout.rows[segment.row]
    return layout.tokens[segment.stop].box.x0 if segment.stop < stop else layout.width
