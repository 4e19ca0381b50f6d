"""The upper part of a page, where identity usually stands: where it ends, and how the rest joins it.

Promise: pure. No line of print is cut, no row of pixels belongs to both parts, and the words of the two parts are
those of the page: same pixels, lines and blocks numbered on.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ingest.model import Box, Word
from ingest.reading.clean import Shapes

# On 559 drawn pages of all grades the upper quarter told whose they are on 50 %, the upper third on 52 %, and
# two fifths or half on no more.
_SHARE = 0.34
_SHARES = (0.28, 0.5)
_LEAST_IN = 2.0  # less holds no letterhead with the patient below it
_GAP_SHARE = 0.5  # of a letter's height, between the lines above and below the cut
_PRINT_SHARES = (0.4, 4.0)  # of a letter's height: lower is a speck or a dot, higher is a picture or a frame
_LETTER_LEAST_PX = 8


def find_cut(shapes: Shapes, height: int, dpi: int, letter_px: float | None) -> int | None:
    """The first row of the rest of a page `height` rows high: amid white between lines, near a third of it.

    `shapes` are its pieces of ink. None where the page is too low to be worth it or has no such white.
    """
    low, high = round(_SHARES[0] * height), round(_SHARES[1] * height)
    if letter_px is None or low < _LEAST_IN * dpi:
        return None
    letter = max(float(_LETTER_LEAST_PX), letter_px)
    top, tall = shapes[:, 1], shapes[:, 3]
    print_ = (tall >= _PRINT_SHARES[0] * letter) & (tall <= _PRINT_SHARES[1] * letter)
    change = np.zeros(height + 1, np.int32)
    np.add.at(change, np.clip(top[print_], 0, height), 1)
    np.add.at(change, np.clip(top[print_] + tall[print_], 0, height), -1)
    white = np.cumsum(change[:-1]) == 0
    edges = np.flatnonzero(np.diff(np.concatenate(([False], white[low:high], [False])).astype(np.int8)))
    starts, stops = edges[::2] + low, edges[1::2] + low
    middles = ((starts + stops) // 2)[stops - starts >= _GAP_SHARE * letter]
    if not len(middles):
        return None
    return int(middles[np.argmin(np.abs(middles - _SHARE * height))])


def shapes_between(shapes: Shapes, top: int, bottom: int) -> Shapes:
    """The pieces of ink whose middle lies in these rows, in pixels of that part."""
    middle = shapes[:, 1] + shapes[:, 3] // 2
    part = shapes[(middle >= top) & (middle < bottom)].copy()
    part[:, 1] -= top
    return part


def below(upper: tuple[Word, ...], rest: tuple[Word, ...], cut: int) -> tuple[Word, ...]:
    """The words of the page, from those of its upper part and those of the rest in the rest's own pixels."""
    line = max((word.line for word in upper), default=-1) + 1
    block = max((word.block for word in upper), default=-1) + 1
    return upper + tuple(
        replace(word, box=_lower(word.box, cut), line=line + word.line, block=block + word.block) for word in rest
    )


def _lower(box: Box, cut: int) -> Box:
    return Box(x0=box.x0, y0=box.y0 + cut, x1=box.x1, y1=box.y1 + cut)
