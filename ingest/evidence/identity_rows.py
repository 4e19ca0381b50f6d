"""What stands on a page where its identity stands, row by row, for a person who has no picture before them.

Promise: `identity_rows` is pure and total. It takes the rows of the page's upper third and those on which an
identifier was found, in the order of the page, and at most `most` of them: where there are more, those with
identifiers stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.evidence.layout import Layout, around, lay_out
from ingest.model import Box, Finding, PageArtefact

ROWS_MOST = 24
_TOP = 1 / 3  # of the page's height
_BETWEEN = "   "  # segments of a row: what is read beside each other is not one phrase


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """A row of the page as it was read; `found`: an identifier was found on it."""

    text: str
    found: bool


def identity_rows(page: PageArtefact, findings: Sequence[Finding], *, most: int = ROWS_MOST) -> tuple[IdentityRow, ...]:
    """The rows of `page`; `findings` of other pages say nothing here."""
    boxes = [finding.box for finding in findings if finding.page == page.page]
    layout = lay_out(page.words, page.read_width_px, page.read_height_px)
    rows = []
    for start, stop in layout.rows:
        at = page.to_page.bounding(around(token.box for token in layout.tokens[start:stop]))
        found = any(_on(box, at) for box in boxes)
        if found or (at.y0 + at.y1) / 2 <= _TOP:
            rows.append(IdentityRow(_text(layout, start, stop), found))
    spare = max(0, len(rows) - most)
    for number in range(len(rows) - 1, -1, -1):
        if spare and not rows[number].found:
            del rows[number]
            spare -= 1
    return tuple(rows[:most])


def page_of_identity(pages: Sequence[int], findings: Sequence[Finding]) -> int | None:
    """Of a document's pages the one that says most about whose it is; None of none."""
    said = {page: sum(finding.page == page for finding in findings) for page in pages}
    return max(pages, key=lambda page: said[page], default=None)


def _text(layout: Layout, start: int, stop: int) -> str:
    told = layout.tokens[start].text
    for before, token in pairwise(range(start, stop)):
        told += (" " if layout.segment_of[before] == layout.segment_of[token] else _BETWEEN) + layout.tokens[token].text
    return told


def _on(finding: Box, row: Box) -> bool:
    middle = (row.y0 + row.y1) / 2
    return finding.y0 <= middle <= finding.y1 and finding.x0 < row.x1 and finding.x1 > row.x0
