"""What layout analysis passed over: stickers, stamps, lone fields. Letters outside every word are read again.

Page layout takes small or framed text for a picture now and then; what it left is looked for by size
and shape, and only that is read a second time.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from ingest.model import Word
from ingest.reading.ocr.port import Layout, ReadPicture
from ingest.reading.raster import Picture

_LETTERS_LEAST = 5  # left over, near each other
_CERTAIN = 0.3
_LETTER_PX = (9, 90)


def add_leftovers(black: Picture, words: tuple[Word, ...], read: ReadPicture) -> tuple[Word, ...]:
    """`words`, then those found where letters were left over, numbered on as lines and blocks of their own."""
    rest = _uncovered(black, words)
    places = _clusters(rest)
    if not places.any():
        return words
    masked = np.where(places > 0, rest, 255).astype(np.uint8)
    found = [word for word in read(masked, Layout.SCATTERED) if word.confidence >= _CERTAIN]
    first_line = max((word.line for word in words), default=-1) + 1
    first_block = max((word.block for word in words), default=-1) + 1
    return words + tuple(replace(word, line=first_line + word.line, block=first_block + word.block) for word in found)


def _uncovered(black: Picture, words: tuple[Word, ...]) -> Picture:
    """The picture without what was read."""
    rest = black.copy()
    for word in words:
        box = word.box
        rest[max(0, int(box.y0) - 3) : int(box.y1) + 4, max(0, int(box.x0) - 3) : int(box.x1) + 4] = 255
    return rest


def _clusters(rest: Picture) -> Picture:
    """Where letter-shaped things stand in rows: 255 there."""
    low, high = _LETTER_PX
    count, _, stats, _ = cv2.connectedComponentsWithStats(cv2.bitwise_not(rest), connectivity=8)
    wide, tall, area = stats[:, 2], stats[:, 3], stats[:, 4]
    letters = (tall >= low) & (tall <= high) & (wide >= 2) & (wide <= 2 * high)
    letters &= (area > 0.12 * wide * tall) & (wide < 4 * tall) & (tall < 9 * wide)
    letters[0] = False
    places = np.zeros_like(rest)
    if count < _LETTERS_LEAST or int(letters.sum()) < _LETTERS_LEAST:
        return places
    spots = np.zeros_like(rest)
    for x, y, w, h, _ in stats[letters].tolist():
        spots[y : y + h, max(0, x - h // 2) : x + w + h // 2] = 255
    groups, group_labels, extents, _ = cv2.connectedComponentsWithStats(spots, connectivity=8)
    middles = stats[letters, 1] + stats[letters, 3] // 2, stats[letters, 0] + stats[letters, 2] // 2
    members = np.bincount(group_labels[middles], minlength=groups)
    members[0] = 0
    for group in np.nonzero(members >= _LETTERS_LEAST)[0].tolist():
        x, y, w, h = extents[group, :4].tolist()
        places[max(0, y - 6) : y + h + 6, max(0, x - 6) : x + w + 6] = 255
    return places
