"""Which place of the page a value stands in: values of one place are one witness, not several.

Promise: pure. A sticker is a compact block, or a narrow stack of such with airy lines, that holds a name and another
identifier; a header or a footer is the page's first or last band; everything else is a numbered block of the body.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.evidence.layout import Layout, around, overlap
from ingest.evidence.values import Draft
from ingest.model import Box, Role
from matchers.patient import Field

_BAND = 0.07  # of the page's height
_STICKER_WIDTH, _STICKER_HEIGHT = 0.5, 0.2
_STICKER_TOKENS = 45
_AIRY_WIDTH = 0.4  # of the page's width; a form's own lines are longer, or stand in two columns
_AIRY_GAP = 1.8  # heights of a line between two lines of a sticker
_ALIGNED = 0.5


def place_of(layout: Layout, one: Draft, drafts: Sequence[Draft]) -> str:
    """The name of the place where a value stands."""
    block = _block_of(layout, one, drafts)
    if block is not None:
        for blocks, width in ((frozenset((block,)), _STICKER_WIDTH), (_stack(layout, block), _AIRY_WIDTH)):
            if _is_sticker(layout, blocks, width, drafts):
                return f"sticker-{min(blocks)}"
    middle = (one.box.y0 + one.box.y1) / 2 / layout.height
    if middle < _BAND:
        return "header"
    if middle > 1 - _BAND:
        return "footer"
    return "body" if block is None else f"body-{block}"


def _block_of(layout: Layout, one: Draft, drafts: Sequence[Draft]) -> int | None:
    """The block of a value's words; a barcode's is that of the nearest value."""
    if one.tokens:
        return layout.segment(one.tokens[0]).block
    others = [other for other in drafts if other.tokens]
    if not others:
        return None
    nearest = min(others, key=lambda other: _apart(other.box, one.box))
    return layout.segment(nearest.tokens[0]).block


def _stack(layout: Layout, block: int) -> frozenset[int]:
    """The block with those above and below it, line by line, as far as a sticker's lines stand apart."""
    stack, boxes = {block}, [segment.box for segment in layout.segments if segment.block == block]
    left = [segment for segment in layout.segments if segment.block != block]
    while near := {one.block for one in left if any(_next_line(one.box, box) for box in boxes)}:
        stack |= near
        boxes = [one.box for one in left if one.block in near]
        left = [one for one in left if one.block not in near]
        if len(stack) > _STICKER_TOKENS:
            break
    return frozenset(stack)


def _next_line(one: Box, other: Box) -> bool:
    apart = max(one.y0, other.y0) - min(one.y1, other.y1)
    height = max(one.y1 - one.y0, other.y1 - other.y0)
    return apart < _AIRY_GAP * height and overlap(one.x0, one.x1, other.x0, other.x1) >= _ALIGNED


def _is_sticker(layout: Layout, blocks: frozenset[int], width: float, drafts: Sequence[Draft]) -> bool:
    segments = [segment for segment in layout.segments if segment.block in blocks]
    if sum(segment.stop - segment.start for segment in segments) > _STICKER_TOKENS:
        return False
    box = around(segment.box for segment in segments)
    if box.x1 - box.x0 > width * layout.width or box.y1 - box.y0 > _STICKER_HEIGHT * layout.height:
        return False
    held = {
        one.field
        for one in drafts
        if one.tokens and one.role is Role.PATIENT and layout.segment(one.tokens[0]).block in blocks
    }
    return Field.NAME in held and bool(held & {Field.MRN, Field.BIRTH_DATE})


def _apart(one: Box, other: Box) -> float:
    across = max(one.x0 - other.x1, other.x0 - one.x1, 0.0)
    down = max(one.y0 - other.y1, other.y0 - one.y1, 0.0)
    return max(across, down)
