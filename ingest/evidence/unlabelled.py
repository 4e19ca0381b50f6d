"""Identity that stands together without labels: stickers, running headers, the top of a letter.

Promise: pure. Nothing is taken alone: a name needs a birth date or an MRN beside it, a date needs a name and a
number or a sex, a number needs the site's own pattern, a name and a date. Compact groups only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.evidence.dates import as_date, find_dates
from ingest.evidence.labels import Labels
from ingest.evidence.layout import Layout, around, overlap
from ingest.evidence.names import loose_names
from ingest.evidence.numbers import numbers_of_shape
from ingest.evidence.spotting import Hit, hits_by_token
from ingest.evidence.values import Draft, Run, SiteFacts, draft
from ingest.model import Role
from matchers.patient import Field

_MOST_TOKENS = 70
_COLUMN_LINES = 9
_BAND = 0.1  # of the page's height, where running headers and footers stand
_AGE = re.compile(r"(?<!\w)(\d{1,3})\s?-?\s?(?:y|yr|yrs|yo|y/o|years?)\b", re.IGNORECASE)
_SEX_OR_AGE = re.compile(r"(?<![\w'])(?:M|F|MALE|FEMALE|Male|Female|\d{1,3}\s?(?:[Yy]|yr|yrs|yo|y/o|YO|YRS?))(?!\w)")


@dataclass(frozen=True, slots=True)
class _Group:
    """Tokens that stand together, row by row, and what is known of them."""

    runs: tuple[range, ...]
    known: tuple[Draft, ...]
    column: bool = False

    def has(self, field: Field) -> bool:
        """Whether the patient's own value of a field is known here."""
        return any(one.field is field and one.role is Role.PATIENT for one in self.known)


def unlabelled_drafts(
    layout: Layout, hits: Sequence[Hit], known: Sequence[Draft], labels: Labels, facts: SiteFacts, taken: frozenset[int]
) -> Iterator[Draft]:
    """What the page's compact groups say without labels, given what is known by labels."""
    used = set(taken) | set(hits_by_token(tuple(hits)))
    for group in _groups(layout, known):
        for one in _read_group(layout, group, labels, facts, used):
            if not used.intersection(one.tokens):
                used.update(one.tokens)
                yield one


def _groups(layout: Layout, known: Sequence[Draft]) -> Iterator[_Group]:
    """Compact blocks, and the rows that an identifier of the patient stands in with their neighbours."""
    by_block: dict[int, list[range]] = {}
    for segment in layout.segments:
        by_block.setdefault(segment.block, []).append(range(segment.start, segment.stop))
    for runs in by_block.values():
        if sum(map(len, runs)) <= _MOST_TOKENS and _compact(layout, runs):
            yield _with_known(runs, known)
    for start, stop in layout.rows:
        middle = layout.tokens[start].middle / layout.height
        if not _BAND < middle < 1 - _BAND:
            yield _with_known([range(start, stop)], known)
    anchors = [one for one in known if one.role is Role.PATIENT and one.field in (Field.MRN, Field.BIRTH_DATE)]
    for one in known:
        if one.role is Role.PATIENT and one.field is Field.NAME:
            group = _with_known(_column_of(layout, one), known)
            yield _Group(group.runs, group.known, column=True)
    for row in sorted({layout.row_of(one.tokens[0]) for one in anchors}):
        near = [r for r in (row, row - 1, row + 1) if 0 <= r < len(layout.rows) and _adjacent(layout, row, r)]
        yield _with_known([range(*layout.rows[r]) for r in near], known)


def _column_of(layout: Layout, one: Draft) -> list[range]:
    """What stands a few lines above and below a value, in its column."""
    reach = _COLUMN_LINES * layout.line_height
    return [
        range(segment.start, segment.stop)
        for segment in layout.segments
        if abs(segment.box.y0 - one.box.y0) < reach
        and overlap(segment.box.x0, segment.box.x1, one.box.x0, one.box.x1) > 0.2
    ]


def _with_known(runs: Sequence[range], known: Sequence[Draft]) -> _Group:
    held = {token for run in runs for token in run}
    return _Group(tuple(runs), tuple(one for one in known if held.intersection(one.tokens)))


def _compact(layout: Layout, runs: Sequence[range]) -> bool:
    box = around(layout.tokens[token].box for run in runs for token in run)
    rows = {layout.row_of(run.start) for run in runs}
    return box.y1 - box.y0 < 0.3 * layout.height and len(rows) <= 10


def _adjacent(layout: Layout, row: int, other: int) -> bool:
    if row == other:
        return True
    upper, lower = sorted((row, other))
    bottom = max(layout.tokens[n].box.y1 for n in range(*layout.rows[upper]))
    top = min(layout.tokens[n].box.y0 for n in range(*layout.rows[lower]))
    return top - bottom < 1.3 * layout.line_height


def _read_group(layout: Layout, group: _Group, labels: Labels, facts: SiteFacts, used: set[int]) -> Iterator[Draft]:
    free = [part for run in group.runs for part in _free(run, used)]
    names = [run for part in free for run in loose_names(layout, part, labels)]
    own_names = [run for run in names if not run.provider]
    numbers = [run for part in free for run in numbers_of_shape(layout, part, facts)]
    taken = {token for run in numbers for token in run.tokens}
    dates = [run for part in free for run in find_dates(layout, part, facts, labelled=False)]
    dates = [run for run in dates if not taken.intersection(run.tokens)]
    text = " ".join(layout.text(run) for run in group.runs)
    dob_known, mrn_known, name_known = group.has(Field.BIRTH_DATE), group.has(Field.MRN), group.has(Field.NAME)

    birth, birth_sure = _birth_date(dates, text, facts) if not dob_known and not group.column else (None, 0.0)
    told = bool(_SEX_OR_AGE.search(text))
    if birth is not None and not (mrn_known or numbers or told):
        birth = None
    name = None if name_known else _best_name(layout, own_names, group)
    if name is not None and (dob_known or mrn_known or (birth is not None and (numbers or told))):
        yield draft(layout, Field.NAME, Role.PATIENT, name, _sureness(name, own_names, group))
        name_known = True
    if not name_known:
        return
    if birth is not None:
        yield draft(layout, Field.BIRTH_DATE, Role.PATIENT, birth, birth_sure)
    if not mrn_known and (dob_known or birth is not None) and len({run.value for run in numbers}) == 1:
        yield draft(layout, Field.MRN, Role.PATIENT, numbers[0], 0.93)


def _free(run: range, used: set[int]) -> Iterator[range]:
    """The stretches of a run that hold no label and no known value."""
    start = run.start
    for token in [*run, run.stop]:
        if token == run.stop or token in used:
            if token > start:
                yield range(start, token)
            start = token + 1


def _best_name(layout: Layout, names: Sequence[Run], group: _Group) -> Run | None:
    """The likeliest of several names: with a comma, then nearest to a known identifier, then the first."""
    if not names:
        return None
    anchors = [one.tokens[0] for one in group.known if one.role is Role.PATIENT]

    def doubt(run: Run) -> tuple[bool, int, int]:
        rows = [abs(layout.row_of(run.start) - layout.row_of(token)) for token in anchors]
        return "," not in run.raw, min(rows, default=0), run.start

    return min(names, key=doubt)


def _sureness(name: Run, names: Sequence[Run], group: _Group) -> float:
    """How sure it is that an unlabelled name is the patient's."""
    if any(one.field is Field.NAME and one.role is not Role.PROVIDER for one in group.known):
        return 0.6
    if "," in name.raw:
        alone = sum("," in run.raw for run in names) == 1
        return (0.975 if group.has(Field.MRN) or group.has(Field.BIRTH_DATE) else 0.95) if alone else 0.85
    return 0.85 if len(names) == 1 and len(group.runs) <= 6 else 0.6


def _birth_date(dates: Sequence[Run], text: str, facts: SiteFacts) -> tuple[Run | None, float]:
    """The birth date among unlabelled dates: the one that the age bears out, else the earliest by far."""
    days = [(day, run) for run in dates if (day := as_date(run.value)) is not None]
    if not days:
        return None, 0.0
    days.sort(key=lambda item: item[0])
    day, run = days[0]
    age = _AGE.search(text)
    if age is not None:
        years = (facts.today - day).days / 365.25
        return (run, 0.95) if int(age[1]) - 0.1 <= years < int(age[1]) + 12 else (run, 0.6)
    if len(days) > 1 and (days[1][0] - day).days < 365:
        return (run, 0.7) if days[1][0] == day else (None, 0.0)
    return run, 0.6 if (facts.today - day).days < 120 else 0.9
