"""Street addresses and places in a run of tokens.

Promise: pure and total. Addresses only support a match, so a clear street line is taken and a doubtful one left.
"""

from __future__ import annotations

import re

from ingest.evidence.layout import Layout
from ingest.evidence.values import Run

_STREET = re.compile(r"(?:[0-9OIl]{1,6}[A-Za-z]?|P\.?\s?O\.?\s?Box)\b.*[A-Za-z]{2}", re.IGNORECASE)
_STATE_ZIP = re.compile(r"\b[A-Z]{2}\.?,?\s+[0-9OIlSB]{5}(?:\s?-\s?[0-9OIl]{4})?\b")


def read_address(layout: Layout, region: range) -> Run | None:
    """The street line that a region begins with, to the end of its segment or two."""
    stop = region.start
    for token in region:
        if token > region.start and layout.segment_of[token] != layout.segment_of[token - 1]:
            gap = layout.gap(token - 1, token)
            if gap > 4 * layout.tokens[token].height or layout.tokens[token].ruled:
                break
        stop = token + 1
    return street_in(layout, range(region.start, stop))


def street_in(layout: Layout, region: range) -> Run | None:
    """A region as a street address, when it looks like one."""
    text = layout.text(region).strip(" ,;:")
    if not _STREET.match(text) or len(text) > 120 or sum(char.isalpha() for char in text) < 3:
        return None
    return Run(start=region.start, stop=region.stop, raw=text, value=text, quality=1.0)


def read_place(layout: Layout, region: range) -> Run | None:
    """City, state and ZIP at the beginning of a region."""
    stop = min(region.stop, region.start + 8)
    text = layout.text(range(region.start, stop))
    match = _STATE_ZIP.search(text)
    if match is None:
        return None
    used = len(text[: match.end()].split())
    return Run(
        start=region.start,
        stop=region.start + used,
        raw=text[: match.end()],
        value=text[: match.end()],
        quality=1.0,
    )
