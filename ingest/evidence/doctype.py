"""What kind of document some pages are: by the title at their head and by what such paper says.

Promise: pure and total. None when the paper does not tell clearly: a wrong type is worse than none, for a site may have
switched unattended filing off for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import OSA

from ingest.evidence.doctypes import DocType, DocTypes, Kind
from ingest.evidence.layout import Layout, Segment
from ingest.evidence.spelling import fold, words_of

_HEAD = 0.35  # of the first page's height: titles stand there
_TITLE, _TITLE_IN_TEXT, _TITLE_BELOW = 3.0, 0.8, 1.0
_CUE, _CUES_MOST = 0.5, 3.0
_PAGES = 4  # whose cues count
_TITLE_LEAST = 0.6
_LONGER = 0.04  # for each letter of a title: "discharge summary" beats "summary"
_ENOUGH = 2.0
_AHEAD = 0.8
_FUZZY_FROM = 9  # letters; shorter phrases must stand as they are
_LETTERS_FOR_AN_ERROR = 6
_BESIDE = {DocType.PHOTO_ID: DocType.INSURANCE_CARD}  # copied together on one sheet, it is filed as the latter
_FILLS = 0.45  # of a segment's letters: a title stands nearly alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A document's type, by which words, and how far ahead of the next one it is."""

    type: DocType
    by: tuple[str, ...]
    ahead: float


@dataclass(frozen=True, slots=True, kw_only=True)
class KindNotes:
    """What one page says of its kind: for each type the best title with its weight, and the cues; types of which it
    says nothing are left out."""

    titles: Mapping[DocType, tuple[float, str]]
    cues: Mapping[DocType, frozenset[str]]


def kinds_on(page: Layout, doctypes: DocTypes) -> KindNotes:
    """What a page says of its kind."""
    said = _Said(page)
    titles = {kind.type: title for kind in doctypes.kinds if (title := _title(kind, said)) is not None}
    cues = {kind.type: frozenset(filter(said.holds, kind.cues)) for kind in doctypes.kinds}
    return KindNotes(titles=titles, cues={kind: held for kind, held in cues.items() if held})


def type_of(pages: Sequence[KindNotes], doctypes: DocTypes) -> Typed | None:
    """The type of the document that these pages are, first page first; None when it is not clear."""
    if not pages:
        return None
    scored = sorted((_score(kind, pages[:_PAGES]) for kind in doctypes.kinds), key=lambda item: -item[0])
    best, kind, by = scored[0]
    beside = _BESIDE.get(kind.type)
    for other in scored:
        if other[1].type is beside and other[0] >= _ENOUGH:
            best, kind, by = other
    second = max(score for score, other, _ in scored if other is not kind and _BESIDE.get(other.type) is not kind.type)
    if best < _ENOUGH or best - second < _AHEAD:
        return None
    return Typed(type=kind.type, by=by, ahead=round(best - second, 2))


@dataclass(frozen=True, slots=True)
class _Line:
    """A segment as titles see it: its words folded and run together, and how it stands."""

    words: tuple[str, ...]
    squeezed: str
    at_head: bool
    capital: bool


class _Said:
    """A page's text, folded, as a whole and line by line."""

    def __init__(self, layout: Layout) -> None:
        self._lines = [_line(layout, segment) for segment in layout.segments if not _goes_on(layout, segment)]
        self._rows = [_squeezed(layout.text(range(start, stop))) for start, stop in layout.rows]
        self._words = {fold(token.text) for token in layout.tokens}
        self._all = "".join(self._rows)

    def holds(self, phrase: str) -> bool:
        """Whether the page says it somewhere."""
        words, squeezed = _phrase(phrase)
        if len(words) == 1 and len(squeezed) < _FUZZY_FROM:
            return squeezed in self._words
        if squeezed in self._all:
            return len(squeezed) >= 5 or any(squeezed in row for row in self._rows)
        return False

    def title(self, phrase: str) -> float:
        """How much it stands as a title: 0 nowhere."""
        words, squeezed = _phrase(phrase)
        best = 0.0
        for line in self._lines:
            if len(line.squeezed) < len(squeezed) - 2 or not _says(line, words, squeezed):
                continue
            filled = len(squeezed) / max(1, len(line.squeezed))
            if filled >= _FILLS:
                best = max(best, _TITLE if line.at_head else _TITLE_BELOW)
            elif line.capital:
                best = max(best, (_TITLE if line.at_head else _TITLE_BELOW) * 0.7)
            else:
                best = max(best, _TITLE_IN_TEXT * (0.5 + filled) if line.at_head else 0.3)
        return best


def _line(layout: Layout, segment: Segment) -> _Line:
    tokens = layout.tokens[segment.start : segment.stop]
    middle = (segment.box.y0 + segment.box.y1) / 2
    return _Line(
        words=tuple(fold(token.text) for token in tokens),
        squeezed=_squeezed(_text(layout, segment)),
        at_head=middle < _HEAD * layout.height,
        capital=_is_capital(layout, segment),
    )


@cache
def _phrase(phrase: str) -> tuple[tuple[str, ...], str]:
    """Its folded words, and all of it run together."""
    return tuple(fold(word) for word in words_of(phrase)), _squeezed(phrase)


def _title(kind: Kind, page: _Said) -> tuple[float, str] | None:
    """The phrase of a kind that stands best as the page's title, with its weight."""
    weighed = [(page.title(phrase), phrase) for phrase in kind.titles]
    if not any(weight for weight, _ in weighed):
        return None
    longest = ((weight + _LONGER * len(_phrase(phrase)[1]), phrase) for weight, phrase in weighed)
    return max((item for item in longest if item[0] > _TITLE_LEAST), default=None)


def _score(kind: Kind, pages: Sequence[KindNotes]) -> tuple[float, Kind, tuple[str, ...]]:
    best, title = pages[0].titles.get(kind.type, (0.0, ""))
    held = frozenset[str]().union(*(page.cues.get(kind.type, frozenset()) for page in pages))
    said = [cue for cue in kind.cues if cue in held]
    return best + min(_CUES_MOST, _CUE * len(said)), kind, (*((title,) if title else ()), *said)


def _says(line: _Line, words: tuple[str, ...], squeezed: str) -> bool:
    """Whether a line holds a phrase, word by word; long words with letters misread, long phrases run together."""
    if len(squeezed) >= _FUZZY_FROM and squeezed in line.squeezed:
        return True
    return any(
        all(map(_alike, line.words[at : at + len(words)], words)) for at in range(len(line.words) - len(words) + 1)
    )


def ends_alike(read: Sequence[str], meant: Sequence[str]) -> bool:
    """Whether folded words as read end with those of a phrase, long ones with letters misread."""
    return len(read) >= len(meant) > 0 and all(map(_alike, read[-len(meant) :], meant))


def _alike(read: str, meant: str) -> bool:
    errors = len(meant) // _LETTERS_FOR_AN_ERROR
    if read == meant:
        return True
    return 0 < errors >= abs(len(read) - len(meant)) and OSA.distance(read, meant, score_cutoff=errors) <= errors


def _goes_on(layout: Layout, segment: Segment) -> bool:
    """Whether a segment is a piece of running text: it begins small or ends a sentence."""
    first, last = layout.tokens[segment.start].text, layout.tokens[segment.stop - 1].text
    return first[:1].islower() or (last.endswith((".", ",")) and not last.isupper())


def _is_capital(layout: Layout, segment: Segment) -> bool:
    letters = [char for char in _text(layout, segment) if char.isalpha()]
    return bool(letters) and sum(char.isupper() for char in letters) > 0.8 * len(letters)


def _text(layout: Layout, segment: Segment) -> str:
    return layout.text(range(segment.start, segment.stop))


def _squeezed(text: str) -> str:
    return fold("".join(words_of(text)))
