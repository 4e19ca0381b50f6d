"""Which page of how many a page says it is: "Page 2 of 3", "Pg. 2/3", "Page 4".

Promise: pure and total. A fax machine's count in the page's top line is the transmission's, not the document's: it is
told apart. Of several numbers the lowest on the page counts, where running footers stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.evidence.layout import Layout

_DIGITS = "[0-9lIiOoLS|!]"
_COUNTED = re.compile(
    rf"(?<![a-z])(?:page|pages|pg|p)[.:#]?\s*({_DIGITS}{{1,4}})\s*(?:of|0f|o[fi]|/)\s*({_DIGITS}{{1,4}})(?!\w)",
    re.IGNORECASE,
)
_GLUED = re.compile(rf"(?<![a-z])(?:page|pg)[.:]?\s*({_DIGITS}{{1,2}})\s?of\s?({_DIGITS}{{1,2}})(?!\w)", re.IGNORECASE)
_BARE = re.compile(rf"(?<![a-z])(?:page|pg)[.:#]?\s*({_DIGITS}{{1,3}})(?!\w|\s*(?:of|/))", re.IGNORECASE)
_LONE = re.compile(r"[-–—\s]*(\d{1,3})\s*(?:of|/)\s*(\d{1,3})[-–—\s]*")
_AS_DIGITS = str.maketrans({"l": "1", "I": "1", "i": "1", "L": "1", "|": "1", "!": "1", "O": "0", "o": "0", "S": "5"})
_MOST_PAGES = 2000
_FAX_LINE = 0.045  # of the page's height: above it stands what the fax machine prints
_FAX = re.compile(r"\bfax\b|\d{1,2}:\d{2}|\bp\.?\s?\d{2,3}/", re.IGNORECASE)
_FOOT = 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNumber:
    """`number` counts from 1; `total` is absent where the page does not tell it."""

    number: int
    total: int | None


def page_number_of(layout: Layout) -> PageNumber | None:
    """What the page says of its own place in its document, or None."""
    found: PageNumber | None = None
    for start, stop in layout.rows:
        middle = layout.tokens[start].middle / layout.height
        text = layout.text(range(start, stop))
        if middle < _FAX_LINE and _FAX.search(text):
            continue
        told = _told(text, at_foot=middle > _FOOT)
        if told is not None and (found is None or told.total is not None or found.total is None):
            found = told
    return found


def _told(text: str, *, at_foot: bool) -> PageNumber | None:
    for form in (_COUNTED, _GLUED):
        for match in form.finditer(text):
            number, total = _number(match[1]), _number(match[2])
            if number is not None and total is not None and number <= total:
                return PageNumber(number=number, total=total)
    if at_foot and (lone := _LONE.fullmatch(text)):
        number, total = _number(lone[1]), _number(lone[2])
        if number is not None and total is not None and number <= total:
            return PageNumber(number=number, total=total)
    bare = _BARE.search(text)
    number = _number(bare[1]) if bare and any(char.isdigit() for char in bare[1]) else None
    return None if number is None else PageNumber(number=number, total=None)


def _number(text: str) -> int | None:
    digits = text.translate(_AS_DIGITS)
    if not digits.isascii() or not digits.isdigit():
        return None
    return int(digits) if 1 <= int(digits) <= _MOST_PAGES else None
