"""Names and dates that stand on a page without a label, and that nothing on it makes known.

Promise: pure. Under a label that nobody foresaw, or that was misread, another patient may be named in full: a sticker
must not speak for such a page.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.evidence.dates import as_date, find_dates
from ingest.evidence.find import ReadOnce
from ingest.evidence.given_names import is_given_name
from ingest.evidence.labels import Labels, Owner
from ingest.evidence.layout import Layout, Segment, around, overlap
from ingest.evidence.legibility import legibility
from ingest.evidence.names import loose_names
from ingest.evidence.spelling import bare
from ingest.evidence.spotting import hits_by_token
from ingest.evidence.values import Run, SiteFacts

_READ = 0.7  # mean confidence of the name's letters
_WORD_READ = 0.5
_VOWELS = frozenset("aeiouy")
_LONG_BEFORE_DAYS = 1100  # three years: what is older on paper of one time was mostly somebody's birth
_BELOW_LINES = 2.0  # between a name and the label under it at most
_UPPER = 0.5  # of the page's height: below, letters are signed


def strangers_on(page: ReadOnce, labels: Labels) -> Iterator[str]:
    """Names on a page's upper half that are no label's value, clearly read and with a given name, top to bottom."""
    layout, known = page.layout, _known(page)
    for segment in _upper_segments(layout):
        for run in loose_names(layout, range(segment.start, segment.stop), labels):
            words = [layout.tokens[token] for token in run.tokens]
            clear = (legibility(words) or 0.0) >= _READ and all(word.confidence >= _WORD_READ for word in words)
            called = any(is_given_name(bare(word.text).upper()) for word in words)
            made_known = run.provider or _acts(layout, run) or _labelled_below(page, run)
            made_known = made_known or _is_shortened(words[-1].text)
            if clear and called and not made_known and known.isdisjoint(run.tokens):
                yield run.raw


def early_dates_on(page: ReadOnce, site: SiteFacts) -> Iterator[str]:
    """Dates on a page's upper half that are no label's value, long before the page's last one: mostly a birth's."""
    layout, known = page.layout, _known(page)
    whole = (find_dates(layout, range(one.start, one.stop), site, labelled=False) for one in layout.segments)
    last = max((day for runs in whole for run in runs if (day := as_date(run.value)) is not None), default=None)
    for segment in _upper_segments(layout) if last is not None else ():
        for run in find_dates(layout, range(segment.start, segment.stop), site, labelled=False):
            day = as_date(run.value)
            early = day is not None and last is not None and (last - day).days > _LONG_BEFORE_DAYS
            if early and known.isdisjoint(run.tokens):
                yield run.raw


def _known(page: ReadOnce) -> set[int]:
    """The tokens that labels and findings tell the meaning of."""
    found = {token for draft in page.drafts for token in draft.tokens}
    return found | {token for pair in page.pairs for token in pair.run.tokens} | set(hits_by_token(page.hits))


def _upper_segments(layout: Layout) -> Iterator[Segment]:
    return (one for one in layout.segments if one.box.y1 < _UPPER * layout.height)


def _is_shortened(word: str) -> bool:
    """Whether a last word is no family name but a column's title: "ART. PR."."""
    letters = bare(word)
    return len(letters) in (2, 3) and (word.endswith(".") or _VOWELS.isdisjoint(letters)) and letters != "ng"


def _acts(layout: Layout, run: Run) -> bool:
    """Whether a label that nobody foresaw says what they do: "Scored by"."""
    return (
        run.start > 0
        and layout.row_of(run.start - 1) == layout.row_of(run.start)
        and (bare(layout.tokens[run.start - 1].text) == "by")
    )


def _labelled_below(page: ReadOnce, run: Run) -> bool:
    """Whether somebody else's label stands right under a name, as on forms that write labels below their rules."""
    layout = page.layout
    box = around(layout.tokens[token].box for token in run.tokens)
    for hit in page.hits:
        under = around(layout.tokens[token].box for token in range(hit.start, hit.stop))
        near = 0 < under.y0 - box.y1 < _BELOW_LINES * layout.line_height
        theirs = hit.owner not in (None, Owner.PATIENT, Owner.MEMBER, Owner.NOBODY)
        if theirs and near and overlap(box.x0, box.x1, under.x0, under.x1) > 0:
            return True
    return False
