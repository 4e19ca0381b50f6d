"""Where a label's value may stand: tokens beside, below and above it.

Promise: pure. A region is a run of tokens of one row, in running text also of two, and holds no other label.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.evidence.labels import Labels, Meaning, WordList
from ingest.evidence.layout import Layout, around
from ingest.evidence.spelling import plain
from ingest.evidence.spotting import Hit, hits_by_token
from ingest.model import Box
from matchers.dates import SHORT_MONTHS

FAR_BESIDE = 0.42
"""Between a label and its value at most, of the page's width."""
_NOTHING = range(0)
_COPULAS = ("is", "was", "on", "of", "the")
_WORDS_ON = 5  # of the next line: a value begins it
_MONTH = rf"(?:{'|'.join(SHORT_MONTHS)})[a-z]*\.?"
_DATE_BEGUN = re.compile(rf"{_MONTH}(?: \d{{1,2}},?)?|\d{{1,2}} {_MONTH}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Column:
    """Where a label's cell begins and ends."""

    left: float
    right: float
    bounded: bool


class Regions:
    """The page as labels see it."""

    def __init__(self, layout: Layout, hits: Sequence[Hit], labels: Labels) -> None:
        self._layout = layout
        self._labels = labels
        self._hit_at = hits_by_token(tuple(hits))

    def box(self, hit: Hit) -> Box:
        """The label's box."""
        return around(token.box for token in self._layout.tokens[hit.start : hit.stop])

    def beside(self, hit: Hit) -> range:
        """The tokens behind a label up to the next label of its row; labels joined by slashes share them."""
        layout = self._layout
        _, row_stop = layout.rows[layout.row_of(hit.start)]
        start = hit.stop
        while start < row_stop and layout.tokens[start].text in (":", "-", "=", "/", "&", "–", ")"):
            following = self._hit_at.get(start + 1)
            if following is not None and following.joined:
                start = following.stop
            else:
                start += 1
        following = self._hit_at.get(start)
        if following is not None and following.joined:
            start = following.stop
        stop = start
        while stop < row_stop and stop not in self._hit_at:
            stop += 1
        if not hit.formal and all(layout.tokens[n].text in _COPULAS for n in range(start, stop)):
            return self._next_line(hit)  # "whose birthday is" ends a line of running text
        if start == stop:
            return _NOTHING
        gap = layout.gap(start - 1, start)
        ruled = layout.tokens[start].ruled and not hit.colon
        if gap > FAR_BESIDE * layout.width or (ruled and gap > 4 * layout.line_height):
            return _NOTHING
        if self._breaks_off(hit, range(start, stop)) and (rest := self._next_line(hit)).start == stop:
            return range(start, rest.stop)
        return range(start, stop)

    def _breaks_off(self, hit: Hit, beside: range) -> bool:
        """Whether a line of running text ends in the midst of a date: "whose birthday is June"."""
        texts = [self._layout.tokens[n].text for n in beside]
        begun = next((n for n, text in enumerate(texts) if text not in _COPULAS), len(texts))
        informal = hit.meaning is Meaning.BIRTH_DATE and not hit.formal
        return informal and _DATE_BEGUN.fullmatch(" ".join(texts[begun:])) is not None

    def _next_line(self, hit: Hit) -> range:
        """The beginning of the next line of the text that a label ends a line of."""
        layout = self._layout
        segment = layout.segment(hit.start)
        following = layout.segments[layout.segment_of[hit.start] + 1 :][:1]
        for other in following:
            near = other.box.x0 < segment.box.x0 + 3 * layout.line_height
            if other.block == segment.block and other.row == segment.row + 1 and near:
                stop = next((n for n in range(other.start, other.stop) if n in self._hit_at), other.stop)
                return range(other.start, min(stop, other.start + _WORDS_ON))
        return _NOTHING

    def colon_after(self, hit: Hit) -> bool:
        """Whether a label, or the last of those joined to it, ends in a colon."""
        following = self._hit_at.get(hit.stop) or self._hit_at.get(hit.stop + 1)
        joined = following is not None and following.joined
        return hit.colon or (joined and following is not None and self.colon_after(following))

    def below(self, hit: Hit) -> range:
        """The tokens of the label's cell in the next row that has any."""
        return self._beyond(hit, step=1)

    def above(self, hit: Hit) -> range:
        """The tokens of the label's cell in the row above."""
        return self._beyond(hit, step=-1)

    def apart(self, hit: Hit, start: int) -> float:
        """How far a value is from its label, up or down and aside: about 0 for a good cell, above 1 for none."""
        label, value = self.box(hit), self._layout.tokens[start].box
        height = max(label.y1 - label.y0, value.y1 - value.y0)
        down = max(value.y0 - label.y1, label.y0 - value.y1, 0.0) / height
        aside = abs(value.x0 - label.x0) / height
        return 0.15 * down + min(0.03 * aside, 0.3)

    def _is_date_hint(self, token: int) -> bool:
        words = plain(self._layout.tokens[token].text).replace("/", " ").replace("-", " ").split()
        return all(self._labels.has(WordList.DATE_HINTS, word.strip("().,")) for word in words)

    def _column(self, hit: Hit, box: Box) -> _Column:
        layout = self._layout
        _, row_stop = layout.rows[layout.row_of(hit.start)]
        height = box.y1 - box.y0
        stop = hit.stop
        if layout.tokens[stop - 1].text.endswith(","):  # "Name, Address and Telephone" is one cell's label
            stop = layout.segment(hit.start).stop
        right = layout.tokens[stop].box.x0 if stop < row_stop else layout.width
        return _Column(self._left(hit, box) - 1.5 * height, right - 0.2 * height, stop < row_stop)

    def _left(self, hit: Hit, box: Box) -> float:
        """Where a label begins, with a number ("11a.") or a misread word before it."""
        segment = self._layout.segment(hit.start)
        before = range(segment.start, hit.start)
        own = len(before) <= 2 and not any(token in self._hit_at for token in before)
        return segment.box.x0 if own else box.x0

    def _beyond(self, hit: Hit, *, step: int) -> range:
        layout = self._layout
        box = self.box(hit)
        column = self._column(hit, box)
        height = box.y1 - box.y0
        row = layout.row_of(hit.start) + step
        while 0 <= row < len(layout.rows):
            start, stop = layout.rows[row]
            inside = [n for n in range(start, stop) if column.left <= layout.tokens[n].box.x0 < column.right]
            near = [n for n in inside if column.bounded or layout.tokens[n].box.x0 < box.x1 + 8 * height]
            if all(self._is_date_hint(n) for n in near):
                near = []  # "MM  DD  YY" in small print
            if near:
                first = layout.tokens[near[0]]
                gap = first.box.y0 - box.y1 if step > 0 else box.y0 - first.box.y1
                if gap > 3.0 * max(height, first.height) or gap < -0.5 * height:
                    return _NOTHING
                return self._cell(near[0], inside[-1] + 1)
            if start < stop:
                edge = layout.tokens[start].box
                if (edge.y0 - box.y1 if step > 0 else box.y0 - edge.y1) > 4 * max(height, layout.line_height):
                    return _NOTHING
            row += step
        return _NOTHING

    def _cell(self, start: int, stop: int) -> range:
        """The tokens from `start` on that hold no label; nothing when they begin inside a text."""
        layout = self._layout
        segment = layout.segment(start)
        if start > segment.start and layout.gap(start - 1, start) < 0.55 * layout.tokens[start].height:
            return _NOTHING
        end = start
        while end < stop and end not in self._hit_at:
            end += 1
        return range(start, end)
