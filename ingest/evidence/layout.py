"""The geometry of a page's words: tokens in rows, rows in segments, segments in blocks.

Promise: `lay_out` is pure and total on any words; it trusts the boxes and uses the engine's lines only
as far as the boxes bear them out. A *token* is a word or a part of one ("DOB:04/07/62" is two). A *row*
is everything on one height of the page; a *segment* is a run of tokens of a row without a wide gap; a
*block* is segments that stand close together. All tokens of the page stand in one tuple, row by row and
left to right, so that runs of them are ranges of numbers. Lengths are pixels of the picture that was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import linear_regression, median

from ingest.model import Barcode, Box, Character, Word

_WIDE_GAP = 1.7  # in heights of the line: wider than a space, also of a typewriter
_SPACE = 0.9  # between words, or in one that lost a letter, in heights of the lower
_LEVEL = 0.6  # what their heights share
_SLOPE_LEAST, _SLOPE_MOST = 0.02, 0.2  # of a line on a page that was straightened
_OFF_LINE = 0.35  # of the line's height
_WORD_FROM_CHARACTER = 7.0
_DASHES = frozenset("-–—")
_TICKED = re.compile(r"[MFYN][\[({|]*[xX][\])}|\[]+")  # a letter with its box, crossed
_WORDS_ON_BARS = 0.6  # read better than this they are words all the same
_LITTER = re.compile(r"[\W_]+")
_KEPT_ALONE = frozenset("-–/&#(),")
_RULES = "|[]{}¦│"
_DIRT = '_=~*“”"•·—►▶«»'
# A colon after letters ends a label, a comma a family name; "#" is a word of its own; a slash between
# letters joins two labels; an initial's point ends it ("D.SCHMIDT").
_PIECES = re.compile(
    r"(?<=[A-Za-z)][:;])(?=[^\s:;])"
    r"|(?=#)(?<=[A-Za-z.])|(?<=#)(?=[A-Za-z0-9])"
    r"|(?<=[A-Za-z]{2})(?=/[A-Za-z]{2})|(?<=[A-Za-z]{2}/)(?=[A-Za-z]{2})"
    r"|(?<=[A-Za-z]{3})(?=\()|(?<=[A-Za-z]{2},)(?=[A-Za-z]{2})"
    r"|(?<=\b[A-Z]\.)(?=[A-Z][A-Za-z]{2})"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a part of one. `ruled` says that a vertical rule stood before it.

    `letters` are its characters as the engine read them, () where it does not tell them one by one.
    """

    text: str
    confidence: float
    box: Box
    ruled: bool
    letters: tuple[Character, ...] = ()

    @property
    def height(self) -> float:
        """Height of the box."""
        return self.box.y1 - self.box.y0

    @property
    def middle(self) -> float:
        """Height of the box's centre."""
        return (self.box.y0 + self.box.y1) / 2


@dataclass(frozen=True, slots=True)
class Segment:
    """Tokens `start` to before `stop`, without a wide gap."""

    start: int
    stop: int
    row: int
    block: int
    box: Box


@dataclass(frozen=True, slots=True)
class Layout:
    """A page's tokens, row by row, with the segment of each."""

    tokens: tuple[Token, ...]
    segments: tuple[Segment, ...]
    segment_of: tuple[int, ...]
    rows: tuple[tuple[int, int], ...]
    line_height: float
    width: float
    height: float

    def segment(self, token: int) -> Segment:
        """The segment a token stands in."""
        return self.segments[self.segment_of[token]]

    def row_of(self, token: int) -> int:
        """The number of the row a token stands in."""
        return self.segment(token).row

    def text(self, tokens: Iterable[int]) -> str:
        """The tokens' texts with spaces between."""
        return " ".join(self.tokens[token].text for token in tokens)

    def gap(self, left: int, right: int) -> float:
        """Pixels from one token's right side to another's left."""
        return self.tokens[right].box.x0 - self.tokens[left].box.x1


def lay_out(words: Sequence[Word], width: float, height: float) -> Layout:
    """Orders the words of a page as a person sees them."""
    tokens = _tokens([word for word in words if not _is_speck(word)])
    line_height = median([_line_height(chain) for chain in tokens]) if tokens else 1.0
    rows = [_joined(row) for row in _rows([_split(chain) for chain in tokens])]
    ordered: list[Token] = []
    bounds: list[tuple[int, int, int]] = []
    row_ranges: list[tuple[int, int]] = []
    for number, row in enumerate(rows):
        begin = len(ordered)
        for chain in row:
            bounds.append((len(ordered), len(ordered) + len(chain), number))
            ordered.extend(chain)
        row_ranges.append((begin, len(ordered)))
    boxes = [around(token.box for token in ordered[start:stop]) for start, stop, _ in bounds]
    blocks = _blocks(boxes, [row for _, _, row in bounds], line_height)
    segments = tuple(
        Segment(start, stop, row, block, box)
        for (start, stop, row), box, block in zip(bounds, boxes, blocks, strict=True)
    )
    return Layout(
        tokens=tuple(ordered),
        segments=segments,
        segment_of=tuple(n for n, segment in enumerate(segments) for _ in range(segment.start, segment.stop)),
        rows=tuple(row_ranges),
        line_height=line_height,
        width=max(width, 1.0),
        height=max(height, 1.0),
    )


def without_bars(words: Sequence[Word], barcodes: Sequence[Barcode]) -> tuple[Word, ...]:
    """The words without what the engine took the bars of a code for."""
    return tuple(
        word
        for word in words
        if word.confidence >= _WORDS_ON_BARS or not any(_lies_in(word.box, code.box) for code in barcodes)
    )


def _lies_in(box: Box, other: Box) -> bool:
    """Whether most of a box lies inside another."""
    return box.shared_area(other) > 0.6 * box.area


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds all `boxes`, of which there is at least one."""
    held = tuple(boxes)
    return Box(
        x0=min(box.x0 for box in held),
        y0=min(box.y0 for box in held),
        x1=max(box.x1 for box in held),
        y1=max(box.y1 for box in held),
    )


def overlap(a0: float, a1: float, b0: float, b1: float) -> float:
    """The shared part of two stretches, as a share of the shorter."""
    shorter = min(a1 - a0, b1 - b0)
    return max(0.0, min(a1, b1) - max(a0, b0)) / shorter if shorter > 0 else 0.0


def _is_speck(word: Word) -> bool:
    """Dirt that the engine took for a letter or two, without believing it."""
    letters = sum(char.isalnum() for char in word.text)
    return word.confidence < 0.3 and letters <= 2 and not _TICKED.fullmatch(word.text)


def _tokens(words: Sequence[Word]) -> list[list[Token]]:
    """The words' tokens, one list for each of the engine's lines."""
    lines: dict[int, list[Token]] = {}
    ruled: dict[int, bool] = {}
    for word in words:
        text = word.text.strip()
        if not text or word.box.x1 <= word.box.x0 or word.box.y1 <= word.box.y0:
            continue
        line = lines.setdefault(word.line, [])
        if _LITTER.fullmatch(text) and text.rstrip(":.") not in _KEPT_ALONE:
            ruled[word.line] = ruled.get(word.line, False) or any(rule in text for rule in _RULES)
            continue
        for token in _pieces(word, text):
            line.append(replace(token, ruled=token.ruled or ruled.pop(word.line, False)))
    return [_with_high_dashes(line) for line in lines.values() if line]


def _with_high_dashes(line: list[Token]) -> list[Token]:
    """A lone dash as high as its line: a low box would begin a row of its own."""
    full = [token for token in line if token.text not in _DASHES]
    if not full or len(full) == len(line):
        return line
    y0, y1 = median([token.box.y0 for token in full]), median([token.box.y1 for token in full])
    return [replace(token, box=replace(token.box, y0=y0, y1=y1)) if token.text in _DASHES else token for token in line]


def _pieces(word: Word, text: str) -> list[Token]:
    """The parts of one word, with boxes cut in proportion to their letters."""
    offset = word.text.index(text)
    stripped = text.strip(_RULES + _DIRT).lstrip("‘’'`´").rstrip("\\")
    if not stripped:
        return []
    begin = offset + text.index(stripped)
    cuts = [0, *(match.start() for match in _PIECES.finditer(stripped)), len(stripped)]
    per_letter = (word.box.x1 - word.box.x0) / len(word.text)
    pieces = []
    for start, stop in pairwise(cuts):
        piece = stripped[start:stop]
        box = Box(
            x0=word.box.x0 + (begin + start) * per_letter,
            y0=word.box.y0,
            x1=word.box.x0 + (begin + stop) * per_letter,
            y1=word.box.y1,
        )
        ruled = start == 0 and text[0] in _RULES
        letters = word.characters[begin + start : begin + stop] if len(word.characters) == len(word.text) else ()
        pieces.append(Token(piece, _certainty(word, begin + start, begin + stop), box, ruled, letters))
    return pieces


def _certainty(word: Word, start: int, stop: int) -> float:
    """The engine's confidence in a word, or in the part of it from `start` to before `stop`.

    Tesseract's word confidence is about seven times as far from 1 as that of its worst character,
    and tells right from wrong far better; a part of a word is put on the word's scale.
    """
    letters: tuple[Character, ...] = word.characters
    if stop - start >= len(word.text.strip()) or len(letters) != len(word.text):
        return word.confidence
    worst = min((letter.confidence for letter in letters[start:stop]), default=1.0)
    return max(word.confidence, 1.0 - _WORD_FROM_CHARACTER * (1.0 - worst))


def _line_height(chain: Sequence[Token]) -> float:
    return float(median([token.height for token in chain]))


def _split(chain: Sequence[Token]) -> list[list[Token]]:
    """A line cut where the gap is wide, a rule stands, or the boxes are not on one height."""
    normal = _line_height(chain)
    pieces: list[list[Token]] = [[chain[0]]]
    for before, token in pairwise(chain):
        gap = token.box.x0 - before.box.x1
        height = max(min(normal, 2 * token.height), token.height if token.height < 2 * normal else normal)
        level = overlap(before.box.y0, before.box.y1, token.box.y0, token.box.y1)
        if gap > _WIDE_GAP * height or gap < -2 * height or level < 0.3 or token.ruled:
            pieces.append([])
        pieces[-1].append(token)
    return pieces


def _rows(lines: Sequence[list[list[Token]]]) -> list[list[list[Token]]]:
    """The pieces of the engine's lines that lie on one height, top to bottom.

    A piece joins the row whose nearest end is level with it, or is of its own line where that slopes: a sticker or
    a card that lies askew.
    """
    rows: list[list[list[Token]]] = []
    sloping = {id(piece): n for n, pieces in enumerate(lines) if _slopes(pieces) for piece in pieces}
    for chain in sorted((piece for pieces in lines for piece in pieces), key=lambda piece: piece[0].box.x0):
        head, best, found = chain[0], 0.3, None
        line = sloping.get(id(chain))
        for row in rows:
            tail = row[-1][-1]
            if line is not None and sloping.get(id(row[-1])) == line:
                found = row
                break
            height = max(tail.height, head.height)
            if tail.box.x1 > head.box.x0 + 0.7 * head.height or abs(tail.middle - head.middle) > height:
                continue
            level = overlap(tail.box.y0, tail.box.y1, head.box.y0, head.box.y1)
            nearness = level - 0.5 * abs(tail.middle - head.middle) / height
            if level > 0.45 and nearness > best and min(tail.height, head.height) > 0.25 * height:
                best, found = nearness, row
        if found is None:
            rows.append([chain])
        else:
            found.append(chain)
    return sorted(rows, key=lambda row: sum(chain[0].middle for chain in row) / len(row))


def _joined(row: Sequence[list[Token]]) -> list[list[Token]]:
    """A row's pieces, as one where no more than a space or a letter is between: a fold or a scratch down the page cuts
    the engine's lines, also within words."""
    pieces = [row[0]]
    for piece in row[1:]:
        before, head = pieces[-1][-1], piece[0]
        height = min(before.height, head.height)
        level = overlap(before.box.y0, before.box.y1, head.box.y0, head.box.y1) > _LEVEL
        if level and not head.ruled and abs(head.box.x0 - before.box.x1) < _SPACE * height:
            pieces[-1] = [*pieces[-1], *piece]
        else:
            pieces.append(piece)
    return pieces


def _slopes(pieces: Sequence[Sequence[Token]]) -> bool:
    """Whether the pieces of a line lie one behind the other on a straight line that is not level."""
    tokens = [token for piece in pieces for token in piece]
    if len(pieces) < 2 or any(after.box.x0 < before.box.x1 for before, after in pairwise(tokens)):
        return False
    middles = [(token.box.x0 + token.box.x1) / 2 for token in tokens]
    if middles[0] == middles[-1]:  # words without width, one upon the other
        return False
    slope, start = linear_regression(middles, [token.middle for token in tokens])
    off = max(abs(token.middle - start - slope * x) for token, x in zip(tokens, middles, strict=True))
    return _SLOPE_LEAST < abs(slope) < _SLOPE_MOST and off < _OFF_LINE * _line_height(tokens)


def _blocks(boxes: Sequence[Box], rows: Sequence[int], line_height: float) -> list[int]:
    """For each segment the number of its block: segments nearer than a line above, or a few letters beside."""
    parent = list(range(len(boxes)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    order = sorted(range(len(boxes)), key=lambda n: boxes[n].y0)
    for at, n in enumerate(order):
        here = boxes[n]
        for m in order[at + 1 :]:
            other = boxes[m]
            height = max(here.y1 - here.y0, other.y1 - other.y0, line_height)
            if other.y0 - here.y1 > height:
                break
            beside = rows[n] == rows[m] and max(here.x0, other.x0) - min(here.x1, other.x1) < 2.5 * height
            above = other.y0 - here.y1 < 0.9 * height and overlap(here.x0, here.x1, other.x0, other.x1) > 0
            if beside or above:
                parent[root(m)] = root(n)
    names: dict[int, int] = {}
    return [names.setdefault(root(n), len(names)) for n in range(len(boxes))]
