"""What layout analysis passed over: stickers, stamps, lone fields. Letters outside every word are read again.

Page layout takes small or framed text for a picture now and then; what it left is looked for by size
and shape, and only that is read a second time.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from ingest.model import Box, Word
from ingest.reading.clean import Shapes
from ingest.reading.ocr.port import Layout, ReadPicture
from ingest.reading.raster import Picture

_LETTERS_LEAST = 5  # left over, near each other
_CERTAIN = 0.3
_LETTER_PX = (9, 90)
_STEP = 4  # rows of letters are looked for in a grid so coarse
_MARGIN_PX = 20


def add_leftovers(black: Picture, shapes: Shapes, words: tuple[Word, ...], read: ReadPicture) -> tuple[Word, ...]:
    """`words`, then those found where letters were left over, numbered on as lines and blocks of their own.

    `shapes` are the pieces of ink of `black`.
    """
    places = _clusters(black, _uncovered(shapes, words, black))
    if not places:
        return words
    left, top = min(x for x, _, _, _ in places), min(y for _, y, _, _ in places)
    right, bottom = max(x for _, _, x, _ in places), max(y for _, _, _, y in places)
    rest = np.full((bottom - top, right - left), 255, np.uint8)
    for x0, y0, x1, y1 in places:
        rest[y0 - top : y1 - top, x0 - left : x1 - left] = black[y0:y1, x0:x1]
    _wipe(rest, words, left, top)
    padded = cv2.copyMakeBorder(rest, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX, cv2.BORDER_CONSTANT, value=255)
    height, width = black.shape
    found = [
        replace(word, box=_moved(word.box, left - _MARGIN_PX, top - _MARGIN_PX, width, height))
        for word in read(np.asarray(padded, dtype=np.uint8), Layout.SCATTERED)
        if word.confidence >= _CERTAIN
    ]
    first_line = max((word.line for word in words), default=-1) + 1
    first_block = max((word.block for word in words), default=-1) + 1
    return words + tuple(replace(word, line=first_line + word.line, block=first_block + word.block) for word in found)


def _moved(box: Box, x: int, y: int, width: int, height: int) -> Box:
    return Box(x0=max(0.0, box.x0 + x), y0=max(0.0, box.y0 + y), x1=min(width, box.x1 + x), y1=min(height, box.y1 + y))


def _wipe(rest: Picture, words: tuple[Word, ...], left: int, top: int) -> None:
    """Takes what was read out of a part of the page that begins at `left`, `top`."""
    for word in words:
        box = word.box
        rows = slice(max(0, int(box.y0) - 3 - top), max(0, int(box.y1) + 4 - top))
        rest[rows, max(0, int(box.x0) - 3 - left) : max(0, int(box.x1) + 4 - left)] = 255


def _uncovered(shapes: Shapes, words: tuple[Word, ...], black: Picture) -> Shapes:
    """The letter-shaped pieces that lie in no word."""
    low, high = _LETTER_PX
    x, y, wide, tall, area = shapes.T
    letters = (tall >= low) & (tall <= high) & (wide >= 2) & (wide <= 2 * high)
    letters &= (area > 0.12 * wide * tall) & (wide < 4 * tall) & (tall < 9 * wide)
    read = np.zeros((black.shape[0] // _STEP + 1, black.shape[1] // _STEP + 1), dtype=bool)
    for word in words:
        box = word.box
        rows = slice(max(0, int(box.y0 - 3) // _STEP), int(box.y1 + 3) // _STEP + 1)
        read[rows, max(0, int(box.x0 - 3) // _STEP) : int(box.x1 + 3) // _STEP + 1] = True
    letters &= ~read[(y + tall // 2) // _STEP, (x + wide // 2) // _STEP]
    return np.asarray(shapes[letters], dtype=np.int32)


def _clusters(black: Picture, letters: Shapes) -> list[tuple[int, int, int, int]]:
    """Where letters stand in rows, as left, top, right, bottom."""
    if len(letters) < _LETTERS_LEAST:
        return []
    spots = np.zeros((black.shape[0] // _STEP + 1, black.shape[1] // _STEP + 1), np.uint8)
    for x, y, w, h, _ in letters.tolist():
        spots[y // _STEP : (y + h) // _STEP + 1, max(0, x - h // 2) // _STEP : (x + w + h // 2) // _STEP + 1] = 255
    groups, labels, extents, _ = cv2.connectedComponentsWithStats(spots, connectivity=4)
    members = np.bincount(
        labels[(letters[:, 1] + letters[:, 3] // 2) // _STEP, (letters[:, 0] + letters[:, 2] // 2) // _STEP],
        minlength=groups,
    )
    members[0] = 0
    height, width = black.shape
    places = []
    for group in np.nonzero(members >= _LETTERS_LEAST)[0].tolist():
        x, y, w, h = (edge * _STEP for edge in extents[group, :4].tolist())
        places.append((max(0, x - 6), max(0, y - 6), min(width, x + w + 6), min(height, y + h + 6)))
    return places
