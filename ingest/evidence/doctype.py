"""What kind of document some pages are: by the title at their head and by what such paper says.

Promise: pure and total. None when the paper does not tell clearly: a wrong type is worse than none, for a site may have
switched unattended filing off for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


class _Said:
    """A page's text, folded, as a whole and segment by segment."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.segments = [(segment, _squeezed(_text(layout, segment))) for segment in layout.segments]
        self.rows = [_squeezed(layout.text(range(start, stop))) for start, stop in layout.rows]
        self.words = {fold(token.text) for token in layout.tokens}
        self.all = "".join(self.rows)

    def holds(self, phrase: str) -> bool:
        """Whether the page says it somewhere."""
        words, squeezed = words_of(phrase), _squeezed(phrase)
        if len(words) == 1 and len(squeezed) < _FUZZY_FROM:
            return squeezed in self.words
        if squeezed in self.all:
            return len(squeezed) >= 5 or any(squeezed in row for row in self.rows)
        return False

    def title(self, phrase: str) -> float:
        """How much it stands as a title: 0 nowhere."""
        wanted = _squeezed(phrase)
        best = 0.0
        for segment, text in self.segments:
            if len(text) < len(wanted) - 2 or not _says(text, wanted, phrase, self.layout, segment):
                continue
            if _goes_on(self.layout, segment):
                continue
            filled = len(wanted) / max(1, len(text))
            at_head = (segment.box.y0 + segment.box.y1) / 2 < _HEAD * self.layout.height
            if filled >= _FILLS:
                best = max(best, _TITLE if at_head else _TITLE_BELOW)
            elif _is_capital(self.layout, segment):
                best = max(best, (_TITLE if at_head else _TITLE_BELOW) * 0.7)
            else:
                best = max(best, _TITLE_IN_TEXT * (0.5 + filled) if at_head else 0.3)
        return best


def _title(kind: Kind, page: _Said) -> tuple[float, str] | None:
    """The phrase of a kind that stands best as the page's title, with its weight."""
    weighed = [(page.title(phrase), phrase) for phrase in kind.titles]
    if not any(weight for weight, _ in weighed):
        return None
    longest = ((weight + _LONGER * len(_squeezed(phrase)), phrase) for weight, phrase in weighed)
    return max((item for item in longest if item[0] > _TITLE_LEAST), default=None)


def _score(kind: Kind, pages: Sequence[KindNotes]) -> tuple[float, Kind, tuple[str, ...]]:
    best, title = pages[0].titles.get(kind.type, (0.0, ""))
    held = frozenset[str]().union(*(page.cues.get(kind.type, frozenset()) for page in pages))
    said = [cue for cue in kind.cues if cue in held]
    return best + min(_CUES_MOST, _CUE * len(said)), kind, (*((title,) if title else ()), *said)


def _says(text: str, wanted: str, phrase: str, layout: Layout, segment: Segment) -> bool:
    """Whether a segment holds a phrase, word by word; long words with letters misread, long phrases run together."""
    if len(wanted) >= _FUZZY_FROM and wanted in text:
        return True
    words = [fold(layout.tokens[token].text) for token in range(segment.start, segment.stop)]
    own = [fold(word) for word in words_of(phrase)]
    return any(
        all(_alike(read, meant) for read, meant in zip(words[at:], own, strict=False))
        for at in range(len(words) - len(own) + 1)
    )


def ends_alike(read: Sequence[str], meant: Sequence[str]) -> bool:
    """Whether folded words as read end with those of a phrase, long ones with letters misread."""
    return len(read) >= len(meant) > 0 and all(map(_alike, read[-len(meant) :], meant))


def _alike(read: str, meant: str) -> bool:
    return read == meant or OSA.distance(read, meant) <= len(meant) // _LETTERS_FOR_AN_ERROR


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
