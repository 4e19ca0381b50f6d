"""Which place of the page a value stands in: values of one place are one witness, not several.

Promise: pure. A sticker is a compact block, or a narrow stack of lines away from the text's left edge, that holds a
name and another identifier; a header or a footer is the page's first or last band; everything else is a numbered block
of the body.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from statistics import median

from ingest.evidence.layout import Layout, Segment, around, overlap
from ingest.evidence.values import Draft
from ingest.model import Box, Role
from matchers.patient import Field

_BAND = 0.07  # of the page's height
_STICKER_WIDTH, _STICKER_HEIGHT = 0.5, 0.2
_STICKER_TOKENS = 45
_AIRY_WIDTH = 0.4  # of the page's width; a form's own lines are longer, or stand in two columns
_AIRY_GAP = 1.8  # heights of a line between two lines of a sticker
_FAR = 5.0  # heights of a line, in which the next one begins
_BESIDE = 2.5  # heights of a line between a label and its value
_ALIGNED = 0.5
_INDENTED = 3.0  # heights of a line; what stands at the left edge of the text is the form's


class Places:
    """The places of one page, on which `drafts` were found."""

    def __init__(self, layout: Layout, drafts: Sequence[Draft]) -> None:
        self._layout = layout
        self._drafts = [one for one in drafts if one.tokens]
        self._stickers: dict[int, int] = {}
        for segments in (*self._compact(), *self._airy()):
            name = min(segment.block for segment in segments)
            self._stickers |= {segment.start: name for segment in segments if segment.start not in self._stickers}

    def of(self, one: Draft) -> str:
        """The name of the place where a value stands."""
        segment = self._segment(one)
        if segment is not None and segment.start in self._stickers:
            return f"sticker-{self._stickers[segment.start]}"
        middle = (one.box.y0 + one.box.y1) / 2 / self._layout.height
        if middle < _BAND:
            return "header"
        if middle > 1 - _BAND:
            return "footer"
        return "body" if segment is None else f"body-{segment.block}"

    def on_the_form(self, one: Draft) -> bool:
        """Whether a value stands where no sticker does."""
        return not self.of(one).startswith("sticker")

    def _segment(self, one: Draft) -> Segment | None:
        """Where a value's words stand; for a barcode those of the nearest value."""
        if one.tokens:
            return self._layout.segment(one.tokens[0])
        if not self._drafts:
            return None
        nearest = min(self._drafts, key=lambda other: _apart(other.box, one.box))
        return self._layout.segment(nearest.tokens[0])

    def _names(self) -> list[Segment]:
        """The segments that hold a patient's name, each once."""
        starts = {
            self._layout.segment_of[one.tokens[0]]
            for one in self._drafts
            if one.field is Field.NAME and one.role is Role.PATIENT
        }
        return [self._layout.segments[n] for n in sorted(starts)]

    def _compact(self) -> Iterable[list[Segment]]:
        named = {segment.block for segment in self._names()}
        blocks: dict[int, list[Segment]] = {block: [] for block in sorted(named)}
        for segment in self._layout.segments:
            if segment.block in named:
                blocks[segment.block].append(segment)
        return (segments for segments in blocks.values() if self._is_sticker(segments, _STICKER_WIDTH))

    def _airy(self) -> Iterable[list[Segment]]:
        narrow = sorted(
            (one for one in self._layout.segments if one.box.x1 - one.box.x0 <= _AIRY_WIDTH * self._layout.width),
            key=_top,
        )
        for name in self._names():
            stack = _stack(name, narrow)
            if self._is_sticker(stack, _AIRY_WIDTH) and self._indented(stack):
                yield stack

    def _indented(self, segments: Sequence[Segment]) -> bool:
        starts = {segment.start for segment in segments}
        others = [self._layout.tokens[start].box.x0 for start, _ in self._layout.rows if start not in starts]
        left = min(segment.box.x0 for segment in segments)
        return bool(others) and left > median(others) + _INDENTED * self._layout.line_height

    def _is_sticker(self, segments: Sequence[Segment], width: float) -> bool:
        if not segments or sum(segment.stop - segment.start for segment in segments) > _STICKER_TOKENS:
            return False
        box = around(segment.box for segment in segments)
        if box.x1 - box.x0 > width * self._layout.width or box.y1 - box.y0 > _STICKER_HEIGHT * self._layout.height:
            return False
        starts = {segment.start for segment in segments}
        held = {
            one.field
            for one in self._drafts
            if one.role is Role.PATIENT and self._layout.segment(one.tokens[0]).start in starts
        }
        return Field.NAME in held and bool(held & {Field.MRN, Field.BIRTH_DATE})


def _top(segment: Segment) -> float:
    return segment.box.y0


def _stack(first: Segment, narrow: Sequence[Segment]) -> list[Segment]:
    """A line with those above, below and beside it, as far as a sticker's stand apart; [] where it is none.

    `narrow` are a page's narrow lines from the top.
    """
    stack, taken, tokens = [first], {first.start}, first.stop - first.start
    for line in stack:  # grows
        reach = _FAR * (line.box.y1 - line.box.y0)
        from_, to = (bisect_left(narrow, y, key=_top) for y in (line.box.y0 - reach, line.box.y1 + reach))
        for one in narrow[from_:to]:
            if one.start not in taken and _next_to(line, one):
                stack.append(one)
                taken.add(one.start)
                tokens += one.stop - one.start
                if tokens > _STICKER_TOKENS:
                    return []
    return stack


def _next_to(line: Segment, one: Segment) -> bool:
    box, other = line.box, one.box
    height = max(box.y1 - box.y0, other.y1 - other.y0)
    if line.row == one.row:
        return max(box.x0, other.x0) - min(box.x1, other.x1) < _BESIDE * height
    apart = max(box.y0, other.y0) - min(box.y1, other.y1)
    return apart < _AIRY_GAP * height and overlap(box.x0, box.x1, other.x0, other.x1) >= _ALIGNED


def _apart(one: Box, other: Box) -> float:
    across = max(one.x0 - other.x1, other.x0 - one.x1, 0.0)
    down = max(one.y0 - other.y1, other.y0 - one.y1, 0.0)
    return max(across, down)
