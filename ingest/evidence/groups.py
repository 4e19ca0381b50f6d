"""Words of a page that stand together: where identity may stand without labels.

Promise: pure. Compact blocks (stickers), rows that hold an identifier of the patient with their neighbours, the
bands where headers and footers run, and the column of a patient's name. Nothing that stands in somebody
else's section.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.evidence.labels import Labels, Owner
from ingest.evidence.layout import Layout, around, overlap
from ingest.evidence.numbers import numbers_of_shape
from ingest.evidence.sections import Heading, governing
from ingest.evidence.spotting import Hit
from ingest.evidence.values import Draft, SiteFacts
from ingest.model import Role
from matchers.patient import Field

_MOST_TOKENS = 70
_MOST_ROWS = 10
_TALLEST = 0.3  # of the page's height
_COLUMN_LINES = 9
_SECTION_LINES = 14
_BAND = 0.1  # of the page's height, where running headers and footers stand


@dataclass(frozen=True, slots=True)
class UnlabelledPage:
    """A page with all that its labels have told already."""

    layout: Layout
    hits: Sequence[Hit]
    headings: Sequence[Heading]
    known: Sequence[Draft]
    labels: Labels
    facts: SiteFacts


@dataclass(frozen=True, slots=True)
class Group:
    """Tokens that stand together, row by row, and what is known of them.

    A `column` proves no date. A `section` stands under a title that says that it is the patient's.
    """

    runs: tuple[range, ...]
    known: tuple[Draft, ...]
    column: bool = False
    section: bool = False

    def has(self, field: Field) -> bool:
        """Whether the patient's own value of a field is known here."""
        return any(one.field is field and one.role is Role.PATIENT for one in self.known)


def find_groups(page: UnlabelledPage) -> Iterator[Group]:
    """The groups of a page that may speak of the patient, the most compact first."""
    for group in (*_blocks(page), *_columns(page), *_sections(page), *_rows(page)):
        if not _of_somebody_else(page, group):
            yield group


def _blocks(page: UnlabelledPage) -> Iterator[Group]:
    by_block: dict[int, list[range]] = {}
    for segment in page.layout.segments:
        by_block.setdefault(segment.block, []).append(range(segment.start, segment.stop))
    for runs in by_block.values():
        if sum(map(len, runs)) <= _MOST_TOKENS and _is_compact(page.layout, runs):
            yield _group(page, runs)


def _is_compact(layout: Layout, runs: Sequence[range]) -> bool:
    box = around(layout.tokens[token].box for run in runs for token in run)
    rows = {layout.row_of(run.start) for run in runs}
    return box.y1 - box.y0 < _TALLEST * layout.height and len(rows) <= _MOST_ROWS


def _columns(page: UnlabelledPage) -> Iterator[Group]:
    """What stands a few lines above and below a patient's name, in its column."""
    layout = page.layout
    reach = _COLUMN_LINES * layout.line_height
    for one in page.known:
        if one.role is not Role.PATIENT or one.field is not Field.NAME:
            continue
        runs = [
            range(segment.start, segment.stop)
            for segment in layout.segments
            if abs(segment.box.y0 - one.box.y0) < reach
            and overlap(segment.box.x0, segment.box.x1, one.box.x0, one.box.x1) > 0.2
        ]
        yield _group(page, runs, column=True)


def _sections(page: UnlabelledPage) -> Iterator[Group]:
    """What stands under the titles of the patient's own sections, a few lines long."""
    layout = page.layout
    for number, heading in enumerate(page.headings):
        if heading.owner is not Owner.PATIENT:
            continue
        later = [other.middle for other in page.headings[number + 1 :] if other.left < heading.right]
        bottom = min([heading.middle + _SECTION_LINES * layout.line_height, *later])
        runs = [
            range(segment.start, segment.stop)
            for segment in layout.segments
            if heading.middle < layout.tokens[segment.start].middle < bottom
            and heading.left <= segment.box.x0 < heading.right
            and governing(layout, segment.start, page.headings) == heading
        ]
        yield replace(_group(page, runs), section=True)


def _rows(page: UnlabelledPage) -> Iterator[Group]:
    """The rows of headers and footers, of numbers like the site's MRNs, and of the patient's identifiers."""
    layout = page.layout
    shared = any(hit.owner in (Owner.MOTHER, Owner.NEWBORN) for hit in page.hits)
    for start, stop in layout.rows:
        middle = layout.tokens[start].middle / layout.height
        numbered = not shared and any(True for _ in numbers_of_shape(layout, range(start, stop), page.facts))
        if numbered or not _BAND < middle < 1 - _BAND:
            yield _group(page, [range(start, stop)])
    anchors = [one for one in page.known if one.role is Role.PATIENT and one.field in (Field.MRN, Field.BIRTH_DATE)]
    for row in sorted({layout.row_of(one.tokens[0]) for one in anchors}):
        near = [r for r in (row, row - 1, row + 1) if 0 <= r < len(layout.rows) and _adjacent(layout, row, r)]
        yield _group(page, [range(*layout.rows[r]) for r in near])


def _adjacent(layout: Layout, row: int, other: int) -> bool:
    if row == other:
        return True
    upper, lower = sorted((row, other))
    bottom = max(layout.tokens[n].box.y1 for n in range(*layout.rows[upper]))
    top = min(layout.tokens[n].box.y0 for n in range(*layout.rows[lower]))
    return top - bottom < 1.3 * layout.line_height


def _group(page: UnlabelledPage, runs: Sequence[range], *, column: bool = False) -> Group:
    held = {token for run in runs for token in run}
    return Group(tuple(runs), tuple(one for one in page.known if held.intersection(one.tokens)), column)


def _of_somebody_else(page: UnlabelledPage, group: Group) -> bool:
    """Whether a group stands in a section of another person's."""
    heading = governing(page.layout, group.runs[0].start, page.headings) if group.runs else None
    return heading is not None and heading.owner not in (Owner.PATIENT, Owner.NOBODY, Owner.MEMBER)
