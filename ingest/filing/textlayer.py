"""The invisible text layer of one page: every word that was read, where it stands on the paper.

Promise: each word has its own size and centre, whatever the page's skew, turn, crop or resolution.
Words follow each other in reading order, each with a blank behind it, so that viewers and `pdftotext`
tell them apart.

On a skewed page a word stays level, round its own centre: `pdftotext` breaks a word whose baseline
climbs by half a point, and would give back a quarter of the words of a page skewed by 2 degrees in
pieces. A word of an inch is off by a sixtieth of an inch then, less than a selection shows.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import hypot
from statistics import median

from ingest.filing.geometry import compose
from ingest.filing.glyphless import ADVANCE
from ingest.model import Affine, PageArtefact, Word

_FLAT = 0.6  # a word lower than this share of its line's height is a dash or a dot
_SMALLEST_PX = 1.0
_LIGATURES = "ﬀﬁﬂﬃﬄﬅﬆ"
_UNREADABLE = {"Cc", "Cs", "Cn", "Zl", "Zp"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One word with the text matrix that lays it out at font size 1; `text` ends with a blank."""

    text: str
    matrix: tuple[float, float, float, float, float, float]


def place_words(artefact: PageArtefact, to_user: Affine) -> tuple[Placed, ...]:
    """The words of a page in user space; `to_user` maps fractions of the upright page there."""
    heights = _line_extents(artefact.words)
    placed = []
    for word in artefact.words:
        text = readable(word.text)
        if text:
            top, bottom = _extent(word, heights[word.line])
            placed.append(_place(text, word, top, bottom, artefact.to_page, to_user))
    return tuple(placed)


def content(words: Iterable[Placed], font_name: str, coding: Mapping[str, int]) -> bytes:
    """The content stream that shows `words` invisibly; it leaves the graphics state as it was."""
    lines = ["q BT 3 Tr", f"{font_name} 1 Tf"]
    for word in words:
        numbers = " ".join(_number(value) for value in word.matrix)
        shown = "".join(f"{coding[character]:04X}" for character in word.text)
        lines.append(f"{numbers} Tm <{shown}> Tj")
    return "\n".join([*lines, "ET Q\n"]).encode("ascii")


def readable(text: str) -> str:
    """The word as people search for it: no blanks, control characters or lone surrogates; "ﬁ" as "fi"."""
    return "".join(
        unicodedata.normalize("NFKC", character) if character in _LIGATURES else character
        for character in text
        if not character.isspace() and unicodedata.category(character) not in _UNREADABLE
    )


def _place(text: str, word: Word, top: float, bottom: float, to_page: Affine, to_user: Affine) -> Placed:
    px = compose(to_user, to_page)
    width = max(word.box.x1 - word.box.x0, _SMALLEST_PX) * hypot(px.a, px.d)
    height = max(bottom - top, _SMALLEST_PX) * hypot(px.b, px.e)
    along = _unit(to_user.a, to_user.d)
    up = _unit(-to_user.b, -to_user.e)  # fractions count downwards
    x, y = px.apply((word.box.x0 + word.box.x1) / 2, (top + bottom) / 2)
    scale = width / (len(text) * ADVANCE / 1000)
    return Placed(
        text=text + " ",
        matrix=(
            along[0] * scale,
            along[1] * scale,
            up[0] * height,
            up[1] * height,
            x - along[0] * width / 2 - up[0] * height / 2,
            y - along[1] * width / 2 - up[1] * height / 2,
        ),
    )


def _unit(x: float, y: float) -> tuple[float, float]:
    length = hypot(x, y)
    return x / length, y / length


def _line_extents(words: Iterable[Word]) -> dict[int, tuple[float, float]]:
    """Top and bottom of each line, by the median of its words."""
    lines: dict[int, list[Word]] = defaultdict(list)
    for word in words:
        lines[word.line].append(word)
    return {
        line: (median(word.box.y0 for word in members), median(word.box.y1 for word in members))
        for line, members in lines.items()
    }


def _extent(word: Word, line: tuple[float, float]) -> tuple[float, float]:
    """The word's own top and bottom; a dash gets its line's, or readers take it for tiny print."""
    top, bottom = line
    if word.box.y1 - word.box.y0 < _FLAT * (bottom - top):
        return min(top, word.box.y0), max(bottom, word.box.y1)
    return word.box.y0, word.box.y1


def _number(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".") or "0"
