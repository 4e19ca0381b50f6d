"""Which way up? Asked only when the first reading goes badly, and answered by reading a part four ways."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.model import Box, Turn, Word
from ingest.reading.geometry import QUARTERS
from ingest.reading.ocr.port import Layout, ReadPicture
from ingest.reading.raster import Picture

_CERTAIN = 0.7
_PROBE_SCALE = 0.67  # of reading size: about 200 dpi
_PROBE_SHARE = 0.4  # of each side
_BETTER = 1.5
_MARGIN_PX = 20
_STEP_PX = 16
_LETTERS_LEAST = 20
_Part: TypeAlias = tuple[slice, slice]


def score(words: tuple[Word, ...]) -> float:
    """How much was read with certainty: letters and digits in words of three or more, upright ones only."""
    return sum(_letters(word) * word.confidence for word in words if not _lies(word))


def lie(words: tuple[Word, ...]) -> bool:
    """Whether most of what was read with certainty runs up or down the page: the engine reads such lines too."""
    lying = sum(_letters(word) for word in words if _lies(word))
    return lying > sum(_letters(word) for word in words if not _lies(word))


def _letters(word: Word) -> int:
    """Its letters and digits, where it has three or more and was read with certainty."""
    letters = sum(character.isalnum() for character in word.text)
    return letters if letters >= 3 and word.confidence >= _CERTAIN else 0


def _lies(word: Word) -> bool:
    return word.box.y1 - word.box.y0 > 1.2 * (word.box.x1 - word.box.x0)


def went_badly(words: tuple[Word, ...]) -> bool:
    """Whether the reading looks like that of a page that lies on its side or head."""
    everything = sum(len(word.text) for word in words)
    good = score(words)
    return good < 12.0 or good < 0.45 * everything


def best_turn(
    turned: Callable[[Turn], Picture],
    dpi: int,
    turns: tuple[Turn, ...],
    read: ReadPicture,
    as_it_lies: tuple[Word, ...] | None = None,
) -> Turn:
    """The turn under which a part of the page reads best; NONE unless another is clearly better.

    `turns` are tried in their order, and the first that reads well is taken. `as_it_lies` is the page read
    without a turn, where that is known: words that lie in it say which part, else it is the busiest, and where most
    of the words stand elsewhere (print beside a tracing, a drawing) their part too.
    """
    page = turned(Turn.NONE)
    for rows, columns in _parts(as_it_lies or (), page):
        small = _probe_of(page, rows, columns)
        scores: dict[Turn, float] = {}
        for turn in turns:
            if turn is Turn.NONE and as_it_lies is not None:
                words = tuple(word for word in as_it_lies if _inside(word.box, rows, columns))
            else:
                picture = np.ascontiguousarray(np.rot90(small, QUARTERS[turn]))
                words = read(picture, Layout.PAGE, round(dpi * _PROBE_SCALE))
            if not went_badly(words):
                return turn
            scores[turn] = score(words)
        best = max(scores, key=lambda turn: scores[turn])
        if scores[best] > _BETTER * scores.get(Turn.NONE, 0.0) + 8.0:
            return best
    return Turn.NONE


def reads_somehow(upright: Picture, dpi: int, read: ReadPicture) -> bool:
    """Whether any word of the page's busiest part can be read, whichever way up the page lies."""
    small = _probe_of(upright, *_busiest(upright))
    return any(
        score(read(np.ascontiguousarray(np.rot90(small, QUARTERS[turn])), Layout.PAGE, round(dpi * _PROBE_SCALE)))
        for turn in Turn
    )


def _probe_of(black: Picture, rows: slice, columns: slice) -> Picture:
    """A part of the page at the size of a probe."""
    small = cv2.resize(black[rows, columns], None, fx=_PROBE_SCALE, fy=_PROBE_SCALE, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)


def _where_words_lie(words: tuple[Word, ...], page: Picture) -> _Part | None:
    """The rectangle of all that was read lying on its side."""
    boxes = [word.box for word in words if _lies(word) and _letters(word)]
    if not boxes or not lie(words):
        return None
    top, bottom = min(box.y0 for box in boxes), max(box.y1 for box in boxes)
    left, right = min(box.x0 for box in boxes), max(box.x1 for box in boxes)
    height, width = page.shape[:2]
    return (
        slice(max(0, round(top) - _MARGIN_PX), min(height, round(bottom) + _MARGIN_PX)),
        slice(max(0, round(left) - _MARGIN_PX), min(width, round(right) + _MARGIN_PX)),
    )


def _parts(words: tuple[Word, ...], page: Picture) -> Iterator[_Part]:
    """The parts of a page to be probed, one after the other as long as none tells."""
    lying = _where_words_lie(words, page)
    if lying is not None:
        yield lying
        return
    busiest = _busiest(page)
    yield busiest
    letters = sum(len(word.text) for word in words)
    held = sum(len(word.text) for word in words if _inside(word.box, *busiest))
    if letters >= _LETTERS_LEAST and held < letters / 2:
        yield _wordiest(words, page)


def _wordiest(words: tuple[Word, ...], page: Picture) -> _Part:
    """The window, as large as the busiest one, that holds the most letters, whatever they were read as."""
    height, width = page.shape[:2]
    small = np.zeros((height // _STEP_PX + 1, width // _STEP_PX + 1), np.float32)
    for word in words:
        x, y = (word.box.x0 + word.box.x1) / 2, (word.box.y0 + word.box.y1) / 2
        if 0 <= x < width and 0 <= y < height:
            small[int(y) // _STEP_PX, int(x) // _STEP_PX] += len(word.text)
    return _fullest(small)


def _inside(box: Box, rows: slice, columns: slice) -> bool:
    middle_x, middle_y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return bool(columns.start <= middle_x < columns.stop and rows.start <= middle_y < rows.stop)


def _busiest(black: Picture) -> _Part:
    """The window, about a sixth of the page, that holds the most edges (print, not blots)."""
    edges = (black[:-1:2, ::2] != black[1::2, ::2][: black[:-1:2].shape[0]]).astype(np.float32)
    small = cv2.resize(edges, None, fx=2 / _STEP_PX, fy=2 / _STEP_PX, interpolation=cv2.INTER_AREA)
    return _fullest(small)


def _fullest(small: NDArray[np.float32]) -> _Part:
    """The window that holds the most of what lies in cells of `_STEP_PX`."""
    high = max(1, round(small.shape[0] * _PROBE_SHARE))
    wide = max(1, round(small.shape[1] * _PROBE_SHARE))
    sums = cv2.integral(small)
    windows = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
    top, left = np.unravel_index(int(np.argmax(windows)), windows.shape)
    y, x = int(top) * _STEP_PX, int(left) * _STEP_PX
    return slice(y, y + high * _STEP_PX), slice(x, x + wide * _STEP_PX)
