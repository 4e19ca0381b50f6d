"""Lines to be signed, and whether anything stands on them.

Promise: a line is told only where a rule lies beside or above words that ask for a signature; whether it is signed is
whether there is ink on it that is no rule and no dust. Whose writing it is, nobody here can say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import cv2
import numpy as np
from rapidfuzz.distance import OSA

from ingest.model import Box, SignatureLine, Word
from ingest.reading.raster import Picture

_ASKS = "signature"
_MISREAD = 2  # letters
_GAP = 1.6  # heights of a letter, between words of one caption
_RULE = 8.0  # heights: the shortest line to sign on
_DARK = 140  # of 255
_FILLED = 0.8  # of a rule's length that is dark
_INK = 0.45  # square heights of ink that make a signature
_MOST_LINES = 20


def find_signature_lines(black: Picture, flat: Picture, words: Sequence[Word]) -> tuple[SignatureLine, ...]:
    """The lines to be signed, top to bottom. `black` is without rules, `flat` with them; both upright, of one size."""
    found = []
    for caption in _captions(words):
        height = max(word.box.y1 - word.box.y0 for word in caption)
        box = _beside(flat, caption, height) or _above(flat, caption, height)
        if box is not None:
            text = " ".join(word.text for word in caption)
            found.append(SignatureLine(box=box, label=text, inked=_has_ink(black, box, height)))
    return tuple(found[:_MOST_LINES])


def _captions(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Words that ask for a signature, with those that follow closely in their line: "Signature of patient"."""
    ordered = sorted(words, key=lambda word: (word.block, word.line, word.box.x0))
    for at, word in enumerate(ordered):
        if OSA.distance(_plain(word.text), _ASKS, score_cutoff=_MISREAD) > _MISREAD:
            continue
        height = word.box.y1 - word.box.y0
        start = at
        while start and _follows(ordered[start - 1], ordered[start], height):
            start -= 1
        caption = ordered[start : at + 1]
        for before, after in pairwise(ordered[at:]):
            if not _follows(before, after, height):
                break
            caption.append(after)
        yield caption


def _follows(before: Word, after: Word, height: float) -> bool:
    level = abs(_middle(before) - _middle(after)) < 0.6 * height
    return level and -height < after.box.x0 - before.box.x1 < _GAP * height


def _beside(flat: Picture, caption: Sequence[Word], height: float) -> Box | None:
    """The room above a rule that begins right of the caption, near its foot."""
    last = caption[-1].box
    foot = max(word.box.y1 for word in caption)
    rule = _rule(flat, last.x1 - 0.5 * height, float(flat.shape[1]), foot - 0.8 * height, foot + height)
    if rule is None or rule[0] > last.x1 + 3 * height:
        return None
    left, right, y = rule
    return Box(x0=max(left, last.x1 + 0.3 * height), y0=max(0.0, y - 2.6 * height), x1=right, y1=float(y))


def _above(flat: Picture, caption: Sequence[Word], height: float) -> Box | None:
    """The room above a rule that lies over the caption."""
    left, top = caption[0].box.x0, min(word.box.y0 for word in caption)
    right = max(left + 40 * height, caption[-1].box.x1)
    rule = _rule(flat, left - height, right, top - 1.6 * height, top)
    if rule is None:
        return None
    return Box(x0=rule[0], y0=max(0.0, rule[2] - 3.2 * height), x1=rule[1], y1=float(rule[2]))


def _rule(flat: Picture, left: float, right: float, top: float, bottom: float) -> tuple[float, float, int] | None:
    """(left end, right end, row) of the first dark line in a region; a little skew and breaks are forgiven."""
    rows, columns = flat.shape[:2]
    y0, y1, x0, x1 = max(0, int(top)), min(rows, int(bottom) + 1), max(0, int(left)), min(columns, int(right))
    band = flat[y0:y1, x0:x1]
    if band.size == 0:
        return None
    dark = (band < _DARK).astype(np.uint8)
    joined = cv2.morphologyEx(cv2.dilate(dark, np.ones((3, 1), np.uint8)), cv2.MORPH_CLOSE, np.ones((1, 9), np.uint8))
    least = int(_RULE * max(8.0, (bottom - top) / 1.8))
    if joined.shape[1] < least:
        return None
    lines = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, least), np.uint8))
    count, _, facts, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
    if count < 2:
        return None
    first = min(range(1, count), key=lambda n: int(facts[n, cv2.CC_STAT_LEFT]))
    x, y, wide, high, _ = (int(fact) for fact in facts[first])
    return float(x + x0), float(x + wide + x0), y + high // 2 + y0


def _has_ink(black: Picture, box: Box, height: float) -> bool:
    room = black[max(0, int(box.y0)) : max(0, int(box.y1) - 2), int(box.x0) : int(box.x1)]
    if room.size == 0:
        return False
    ink = (room < 128).astype(np.uint8)
    _, _, facts, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    pieces = facts[1:]
    strokes = pieces[np.maximum(pieces[:, cv2.CC_STAT_HEIGHT], pieces[:, cv2.CC_STAT_WIDTH]) >= 0.5 * height]
    return float(strokes[:, cv2.CC_STAT_AREA].sum()) >= _INK * height * height


def _middle(word: Word) -> float:
    return (word.box.y0 + word.box.y1) / 2


def _plain(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalpha()).removesuffix("s")
