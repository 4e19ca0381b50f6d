"""Bar codes out of the picture that is read: their bars are no letters, and one line with them is lost.

Tesseract joins bars with the print on their height into one line of rubbish: a printed name beside the bar code of
somebody else's sticker was never read.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ingest.reading.clean import Shapes
from ingest.reading.raster import Picture

_BARS_LEAST = 14  # of one code: four digits in Code 128 have 16, eight have 22
_TALL = 1.5  # of a letter's height
_THIN = 2.5  # bars are so many times longer than wide
_ALIKE = 0.2  # of a bar's length: how far its neighbours' ends may lie elsewhere
_MOSTLY = 0.6  # of the large pieces in the place of a code are bars
_CANDIDATES_MOST = 4_000
_EDGE_PX = 2


def wipe_bars(black: Picture, shapes: Shapes, letter_px: float) -> Shapes:
    """The pieces of ink without those of bar codes, which are made white in `black` too.

    Bars run down the page or across it: at least `_BARS_LEAST` strokes of one length in a row, close together.
    """
    gone = np.zeros(len(shapes), dtype=bool)
    for pieces in (shapes[:, :4], shapes[:, [1, 0, 3, 2]]):
        for members in _codes(pieces, letter_px):
            gone |= _inside(pieces, members)
    if not gone.any():
        return shapes
    for x, y, wide, high, _ in shapes[gone].tolist():
        black[max(0, y - _EDGE_PX) : y + high + _EDGE_PX, max(0, x - _EDGE_PX) : x + wide + _EDGE_PX] = 255
    return np.asarray(shapes[~gone], dtype=np.int32)


def _codes(pieces: Shapes, letter_px: float) -> Iterator[Shapes]:
    """The bars of each code whose bars run down."""
    wide, high = pieces[:, 2], pieces[:, 3]
    bars = pieces[(high >= _TALL * letter_px) & (high >= _THIN * wide)]
    if not _BARS_LEAST <= len(bars) <= _CANDIDATES_MOST:
        return
    rows: list[list[list[int]]] = []
    for bar in bars[np.argsort(bars[:, 0], kind="stable")].tolist():
        row = next((row for row in rows if _continues(row[-1], bar)), None)
        if row is None:
            rows.append([bar])
        else:
            row.append(bar)
    for row in rows:
        members = np.asarray(row, dtype=np.int32)
        inside = pieces[_inside(pieces, members)]
        large = np.count_nonzero(inside[:, 3] >= np.median(members[:, 3]) / 2)
        if len(row) >= _BARS_LEAST and len(row) >= _MOSTLY * large:
            yield members


def _continues(last: list[int], bar: list[int]) -> bool:
    """Whether a bar stands beside the last one of a code, as long and on one height."""
    x, y, wide, high = last
    ends = max(abs(bar[1] - y), abs(bar[1] + bar[3] - y - high))
    return ends <= _ALIKE * high and bar[0] - (x + wide) <= high


def _inside(pieces: Shapes, members: Shapes) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which pieces lie in the place that a code's bars take up."""
    x0, y0 = members[:, 0].min(), members[:, 1].min()
    x1, y1 = (members[:, 0] + members[:, 2]).max(), (members[:, 1] + members[:, 3]).max()
    x, y, wide, high = pieces.T
    return np.asarray((x >= x0) & (y >= y0) & (x + wide <= x1) & (y + high <= y1), dtype=bool)
