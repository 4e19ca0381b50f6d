"""Names that stand on a page without a label, of people whom nothing on it makes known.

Promise: pure. Under a label that nobody foresaw, or that was misread, another patient's name may be written in full:
a sticker must not speak for such a page.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.evidence.find import ReadOnce
from ingest.evidence.given_names import is_given_name
from ingest.evidence.labels import Labels
from ingest.evidence.legibility import legibility
from ingest.evidence.names import loose_names
from ingest.evidence.spelling import bare
from ingest.evidence.spotting import hits_by_token

_READ = 0.7  # mean confidence of the name's letters
_WORD_READ = 0.5
_UPPER = 0.5  # of the page's height: below, letters are signed


def strangers_on(page: ReadOnce, labels: Labels) -> Iterator[str]:
    """Names on a page's upper half that are no label's value, clearly read and with a given name, top to bottom."""
    layout = page.layout
    known = {token for draft in page.drafts for token in draft.tokens}
    known |= {token for pair in page.pairs for token in pair.run.tokens} | set(hits_by_token(page.hits))
    for segment in (one for one in layout.segments if one.box.y1 < _UPPER * layout.height):
        for run in loose_names(layout, range(segment.start, segment.stop), labels):
            words = [layout.tokens[token] for token in run.tokens]
            clear = (legibility(words) or 0.0) >= _READ and all(word.confidence >= _WORD_READ for word in words)
            called = any(is_given_name(bare(word.text).upper()) for word in words)
            if clear and called and not run.provider and known.isdisjoint(run.tokens):
                yield run.raw
