"""What a page looks like beside its neighbours: its place in its document, its headings, its running header.

Promise: pure and total on any words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.evidence.layout import Layout, Segment, lay_out, without_bars
from ingest.evidence.page_numbers import PageNumber, page_number_of
from ingest.evidence.spelling import plain
from ingest.model import PageArtefact

_TOP = 0.3  # of the page's height, where letterheads and titles stand
_LARGE = 1.25  # heights of the page's usual line
_TITLE_MOST = 9
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_CONTINUED = re.compile(r"\(?\bcont(?:inued|inuation|'d|d)?\b[.)]|\bcontinued\b(?! (?:to|use|on with))", re.IGNORECASE)
_READ = 0.6  # below, words are what became of rubbed or torn print
_EDGE = 0.1  # of the page's height, where running headers and footers stand
_FAX = re.compile(r"\b(?:tele)?fax\b|\bfacsimile\b")
_FAX_TITLE = re.compile(
    rf"(?:{_FAX.pattern})(?: (?:cover|transmittal|transmission|message|sheet|page|letter|form|memo))*|fax coversheet"
)
_COVER_TITLE = re.compile(r"cover (?:sheet|page|letter)")
_SENT = re.compile(
    r"(?:(?P<to>to|attn|attention|recipient)|(?P<sender>from|sender)"
    r"|(?P<pages>(?:(?:no\.?|number|#|total) (?:of )?)?(?:pages|pgs)(?: (?:sent|incl\S*(?: cover)?))?))\s*[:;.]"
)
_UPPER = 0.5  # of the page's height, where a fax says from whom to whom it goes
_SENT_LEAST = 2  # of receiver, sender and the number of pages


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLooks:
    """`headings` are the words of letterheads and titles, `running` those at the page's upper and lower edge;
    `continued` says that its top calls the page a continuation, `fax_cover` that it is the cover sheet of a fax."""

    page: int
    number: PageNumber | None
    headings: frozenset[str]
    running: frozenset[str]
    continued: bool
    fax_cover: bool


def looks_of(artefact: PageArtefact) -> PageLooks:
    """The looks of one page that was read."""
    layout = lay_out(without_bars(artefact.words, artefact.barcodes), artefact.read_width_px, artefact.read_height_px)
    headings: set[str] = set()
    running: set[str] = set()
    continued = False
    for segment in layout.segments:
        tokens = layout.tokens[segment.start : segment.stop]
        text = layout.text(range(segment.start, segment.stop))
        words = [word for token in tokens if token.confidence >= _READ for word in _LETTERS.findall(plain(token.text))]
        middle = tokens[0].middle / layout.height
        continued = continued or (middle < _TOP and _CONTINUED.search(text) is not None)
        if middle < _EDGE or middle > 1 - _EDGE:
            running.update(words)
        if middle > _TOP or not words or len(tokens) > _TITLE_MOST or ":" in text or any(map(str.isdigit, text)):
            continue
        tall = max(token.height for token in tokens) >= _LARGE * layout.line_height
        capitals = text.isupper() and len(words) >= 2 and "," not in text
        if tall or capitals:
            headings.update(words)
    return PageLooks(
        page=artefact.page,
        number=page_number_of(layout),
        headings=frozenset(headings),
        running=frozenset(running),
        continued=continued,
        fax_cover=_is_fax_cover(layout),
    )


def _is_fax_cover(layout: Layout) -> bool:
    """Whether the page is titled as a fax and says from whom to whom it goes, or how many pages follow."""
    titled = faxed = covers = False
    sent: set[str] = set()
    for segment in layout.segments:
        middle = layout.tokens[segment.start].middle / layout.height
        text = plain(layout.text(range(segment.start, segment.stop)))
        faxed = faxed or (middle < _UPPER and _FAX.search(text) is not None)
        titled = titled or (middle < _TOP and _FAX_TITLE.fullmatch(text) is not None)
        covers = covers or (middle < _TOP and _COVER_TITLE.fullmatch(text) is not None)
        told = _SENT.match(text) if middle < _UPPER else None
        if told is not None and (told["pages"] or not _begins_with_digit(layout, segment, text[told.end() :])):
            sent.add(told.lastgroup or "")
    return (titled or (covers and faxed)) and len(sent) >= _SENT_LEAST


def _begins_with_digit(layout: Layout, segment: Segment, rest: str) -> bool:
    """Whether what stands behind a label begins with a digit: "From:" when, and "To:" when, say nothing of a sender."""
    if not rest.strip() and segment.stop < len(layout.tokens):
        rest = layout.tokens[segment.stop].text
    return rest.strip()[:1].isdigit()


def shared(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the smaller one's words that both have; 0 where one has none."""
    least = min(len(one), len(other))
    return len(one & other) / least if least else 0.0
