"""Names, dates and numbers that stand on a page without a label, and that nothing on it makes known.

Promise: pure. Under a label that nobody foresaw, or that was misread, another patient may be named in full: a sticker
must not speak for such a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from ingest.evidence.dates import as_date, find_dates
from ingest.evidence.find import ReadOnce
from ingest.evidence.given_names import is_given_name
from ingest.evidence.labels import Labels, Meaning, Owner, WordList
from ingest.evidence.layout import Layout, Segment, around, overlap
from ingest.evidence.legibility import legibility
from ingest.evidence.names import loose_names
from ingest.evidence.numbers import fits
from ingest.evidence.sections import governing
from ingest.evidence.spelling import bare
from ingest.evidence.spotting import hits_by_token
from ingest.evidence.values import Run, SiteFacts
from ingest.model import Role
from matchers.patient import Field

_READ = 0.7  # mean confidence of the name's letters
_WORD_READ = 0.5
_VOWELS = frozenset("aeiouy")
_PATIENTS = (Owner.PATIENT, Owner.MEMBER, Owner.NOBODY)
_DONE_BY_PATIENTS = frozenset(("in", "out", "filled", "completed", "signed", "given", "written", "requested", "made"))
_AHEAD_YEARS = 5
_LONG_BEFORE_DAYS = 1100  # three years: what is older on paper of one time was mostly somebody's birth
_CELL_LINES = 4.0  # between two cells of a name, with the label between them, at most
_BELOW_LINES = 2.0  # between a name and the label under it at most
_SECTION_LINES = 12.0
_UPPER = 0.5  # of the page's height: below, letters are signed


def strangers_on(page: ReadOnce, labels: Labels) -> Iterator[str]:
    """Names on a page's upper half that are no label's value, clearly read and with a given name, top to bottom; then
    given names that stand in cells of their own above each other, whose labels could not be read."""
    layout, known = page.layout, _known(page)
    providers = {one.value for one in page.drafts if one.field is Field.NAME and one.role is Role.PROVIDER}
    for segment in _upper_segments(layout):
        for run in loose_names(layout, range(segment.start, segment.stop), labels):
            words = [layout.tokens[token] for token in run.tokens]
            clear = (legibility(words) or 0.0) >= _READ and all(word.confidence >= _WORD_READ for word in words)
            called = any(is_given_name(bare(word.text).upper()) for word in words)
            treats = run.provider or run.value in providers or _is_titled(layout, run, labels) or _acts(layout, run)
            made_known = treats or _is_anothers(page, run.start) or _labelled_below(page, run)
            title = _is_shortened([word.text for word in words])
            if clear and called and not made_known and not title and known.isdisjoint(run.tokens):
                yield run.raw
    cells = [segment for segment in _upper_segments(layout) if _is_called(layout, segment, known, labels)]
    for one, other in pairwise(cells):
        level = abs(one.box.x0 - other.box.x0) < layout.line_height
        if level and other.box.y0 - one.box.y1 < _CELL_LINES * layout.line_height:
            yield " ".join(layout.text(range(cell.start, cell.stop)) for cell in (one, other))


def early_dates_on(page: ReadOnce, site: SiteFacts) -> Iterator[str]:
    """Dates on a page's upper half that are no label's value, long before the page's last one: mostly a birth's."""
    layout, known = page.layout, _known(page)
    days = [
        (day, run)
        for one in layout.segments
        for run in find_dates(layout, range(one.start, one.stop), site, labelled=False)
        if (day := as_date(run.value)) is not None and not _may_lie_ahead(run, day, site)
    ]
    last = max((day for day, _ in days), default=site.today)
    for day, run in days:
        upper = layout.segment(run.start).box.y1 < _UPPER * layout.height and not _is_anothers(page, run.start)
        if upper and (last - day).days > _LONG_BEFORE_DAYS and known.isdisjoint(run.tokens):
            yield run.raw


def numbers_on(page: ReadOnce, site: SiteFacts) -> Iterator[str]:
    """Numbers on a page's upper half that are no label's value and look like the site's medical record numbers: typed
    beside a name that could not be read, one may say whose page it is."""
    layout, known = page.layout, _known(page)
    for segment in _upper_segments(layout):
        for token in range(segment.start, segment.stop):
            number = layout.tokens[token].text.strip(".,:;()")
            if token not in known and number.isdecimal() and fits(number, site.mrn_shapes):
                yield number


def _may_lie_ahead(run: Run, day: date, site: SiteFacts) -> bool:
    """Whether a day of the last century, its year written with two digits, may be ahead: "RTC 3/15/27"."""
    soon = site.today.year <= day.year + 100 <= site.today.year + _AHEAD_YEARS
    return soon and str(day.year) not in run.raw


def _known(page: ReadOnce) -> set[int]:
    """The tokens that labels and findings tell the meaning of; whose a name is behind an unknown word is a guess."""
    found = {token for draft in page.drafts for token in draft.tokens}
    found |= {token for pair in page.pairs for token in pair.run.tokens} | set(hits_by_token(page.hits))
    guessed = (pair for pair in page.pairs if pair.hit.modified and pair.hit.meaning is Meaning.NAME)
    return found - {token for pair in guessed for token in pair.run.tokens}


def _upper_segments(layout: Layout) -> Iterator[Segment]:
    return (one for one in layout.segments if one.box.y1 < _UPPER * layout.height)


def _is_called(layout: Layout, segment: Segment, known: set[int], labels: Labels) -> bool:
    """Whether a segment is just a given name, clearly read: people are called by it, and by nothing else."""
    token = layout.tokens[segment.start]
    word = bare(token.text)
    alone = segment.stop == segment.start + 1 and segment.start not in known
    listed = labels.has(WordList.NEVER_NAMES, word) or labels.has(WordList.SELDOM_NAMES, word)
    return alone and token.confidence >= _READ and len(word) > 2 and not listed and is_given_name(word.upper())


def _is_shortened(words: Sequence[str]) -> bool:
    """Whether words are no name but a column's title: "ART. PR."."""
    last = bare(words[-1])
    titled = words[-1].endswith(".") or (_VOWELS.isdisjoint(last) and last != "ng")
    return titled and all(2 <= len(bare(word)) <= 3 and not word.endswith(",") for word in words)


def _is_titled(layout: Layout, run: Run, labels: Labels) -> bool:
    """Whether what stands behind a name, or at its end, makes a provider of them, however it was cut: "M D.", "NPI"."""
    _, row_stop = layout.rows[layout.row_of(run.start)]
    words = [_letters(layout.tokens[token].text) for token in range(run.stop - 2, min(row_stop, run.stop + 2))]
    near = words[: layout.segment(run.stop - 1).stop - run.stop + 2]
    pairs = [one + other for one, other in pairwise(near) if len(one) == len(other) == 1]
    return "npi" in words[2:] or any(labels.has(WordList.CREDENTIALS, text) for text in (*near[2:3], *pairs))


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, text)).lower()


def _is_anothers(page: ReadOnce, token: int) -> bool:
    """Whether it stands close under a relative's heading, "EMERGENCY CONTACT": it is theirs, or their label's."""
    layout = page.layout
    heading = governing(layout, token, page.headings)
    if heading is None or heading.owner in (*_PATIENTS, Owner.PROVIDER):
        return False
    return layout.tokens[token].middle - heading.middle < _SECTION_LINES * layout.line_height


def _acts(layout: Layout, run: Run) -> bool:
    """Whether a label that nobody foresaw says what they do: "Scored by". Anybody may have filled in a form."""
    row_start, _ = layout.rows[layout.row_of(run.start)]
    before = [bare(layout.tokens[token].text) for token in range(max(row_start, run.start - 2), run.start)]
    return len(before) == 2 and before[1] == "by" and before[0] not in _DONE_BY_PATIENTS


def _labelled_below(page: ReadOnce, run: Run) -> bool:
    """Whether somebody else's label stands right under a name, as on forms that write labels below their rules: alone,
    and with no value of its own."""
    layout = page.layout
    box = around(layout.tokens[token].box for token in run.tokens)
    valued = {pair.hit.start for pair in page.pairs}
    for hit in page.hits:
        segment = layout.segment(hit.start)
        if hit.colon or hit.start in valued or (segment.start, segment.stop) != (hit.start, hit.stop):
            continue
        under = around(layout.tokens[token].box for token in range(hit.start, hit.stop))
        near = 0 < under.y0 - box.y1 < _BELOW_LINES * layout.line_height
        theirs = hit.owner not in (None, *_PATIENTS)
        if theirs and near and overlap(box.x0, box.x1, under.x0, under.x1) > 0:
            return True
    return False
