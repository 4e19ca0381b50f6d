"""Identity that stands together without labels: stickers, running headers, the top of a letter.

Promise: pure. Nothing is taken alone: a name needs a birth date or an MRN beside it, a date needs a name and a
number or a sex, a number needs the site's own pattern, a name and a date. Under a title that says that a
section is the patient's, a name and a number may do without a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.evidence.dates import as_date, find_dates
from ingest.evidence.groups import Group, UnlabelledPage, find_groups
from ingest.evidence.layout import Layout
from ingest.evidence.names import loose_names
from ingest.evidence.numbers import numbers_of_shape
from ingest.evidence.spotting import hits_by_token
from ingest.evidence.values import Draft, Run, SiteFacts, draft
from ingest.model import Role
from matchers.patient import Field

_BESIDE_ANOTHER = 0.5
_ROW_OF_LABELS = 3
_NO_DATE = 0.9  # what is left of the trust in a name and a number without a birth date
_RECENT_DAYS = 120  # such a date is of a visit more often than of a birth
_RECENT_ALONE_DAYS = 730  # so is one that stands with no sex or age
_AGE = re.compile(r"(?<!\w)(\d{1,3})\s?-?\s?(?:y|yr|yrs|yo|y/o|years?)\b", re.IGNORECASE)
_TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?:[AaPp][Mm]?)?[,.]?")
_SEX_OR_AGE = re.compile(r"(?<![\w'])(?:M|F|MALE|FEMALE|Male|Female|\d{1,3}\s?(?:[Yy]|yr|yrs|yo|y/o|YO|YRS?))(?!\w)")


def unlabelled_drafts(page: UnlabelledPage, taken: frozenset[int]) -> Iterator[Draft]:
    """What the page's groups say without labels, given what is known by labels."""
    used = set(taken) | set(hits_by_token(tuple(page.hits)))
    for group in find_groups(page):
        for one in _read_group(page, group, used):
            if not used.intersection(one.tokens):
                used.update(one.tokens)
                yield one


def _read_group(page: UnlabelledPage, group: Group, used: set[int]) -> Iterator[Draft]:
    layout = page.layout
    free = [part for run in group.runs for part in _free(run, used)]
    names = [run for part in free for run in loose_names(layout, part, page.labels) if not run.provider]
    names = [run for run in names if not _is_of_labels(page, run)]
    numbers = [run for part in free for run in numbers_of_shape(layout, part, page.facts)]
    text = " ".join(layout.text(run) for run in group.runs)
    told = bool(_SEX_OR_AGE.search(text))
    dob_known, mrn_known, name_known = group.has(Field.BIRTH_DATE), group.has(Field.MRN), group.has(Field.NAME)

    birth, birth_sure = None, 0.0
    if not dob_known and not group.column and (mrn_known or numbers or told or group.section):
        birth, birth_sure = _birth_date(_free_dates(page, free, numbers), text, page.facts, told=told)
    one_number = len({run.value for run in numbers}) == 1
    dated = dob_known or birth is not None
    name = None if name_known else _best_name(layout, names, group)
    if name is not None and (dated or mrn_known or (one_number and group.section)):
        doubt = 1.0 if dated or mrn_known else _NO_DATE
        sure = _BESIDE_ANOTHER if _patient_in_row(page, name) else _sureness(name, names, group)
        yield draft(layout, Field.NAME, Role.PATIENT, name, doubt * sure)
        name_known = True
    if not name_known:
        return
    if birth is not None:
        yield draft(layout, Field.BIRTH_DATE, Role.PATIENT, birth, birth_sure)
    if not mrn_known and one_number and (dated or group.section):
        yield draft(layout, Field.MRN, Role.PATIENT, numbers[0], 0.93 if dated else 0.93 * _NO_DATE)


def _is_of_labels(page: UnlabelledPage, name: Run) -> bool:
    """Whether it stands in a row of a form's grid that holds labels and none of their values: "Marnal Sims" is one."""
    row = page.layout.row_of(name.start)
    labels = sum(not hit.colon and page.layout.row_of(hit.start) == row for hit in page.hits)
    valued = any(page.layout.row_of(token) == row for one in page.known for token in one.tokens)
    return labels >= _ROW_OF_LABELS and not valued


def _patient_in_row(page: UnlabelledPage, name: Run) -> bool:
    """Whether a label has named the patient in the same row: another name there is another person's."""
    row = page.layout.row_of(name.start)
    own = (one for one in page.known if one.field is Field.NAME and one.role is Role.PATIENT)
    return any(page.layout.row_of(token) == row for one in own for token in one.tokens[:1])


def _free_dates(page: UnlabelledPage, free: Sequence[range], numbers: Sequence[Run]) -> list[Run]:
    taken = {token for run in numbers for token in run.tokens}
    dates = (run for part in free for run in find_dates(page.layout, part, page.facts, labelled=False))
    return [run for run in dates if not taken.intersection(run.tokens) and not _is_moment(page.layout, run)]


def _is_moment(layout: Layout, date: Run) -> bool:
    """Whether a time of the day follows: something was recorded then."""
    _, row_stop = layout.rows[layout.row_of(date.start)]
    return date.stop < row_stop and _TIME.fullmatch(layout.tokens[date.stop].text) is not None


def _free(run: range, used: set[int]) -> Iterator[range]:
    """The stretches of a run that hold no label and no known value."""
    start = run.start
    for token in [*run, run.stop]:
        if token == run.stop or token in used:
            if token > start:
                yield range(start, token)
            start = token + 1


def _best_name(layout: Layout, names: Sequence[Run], group: Group) -> Run | None:
    """The likeliest of several names: with a comma, then nearest to a known identifier, then the first."""
    if not names:
        return None
    anchors = [one.tokens[0] for one in group.known if one.role is Role.PATIENT]

    def doubt(run: Run) -> tuple[bool, int, int]:
        rows = [abs(layout.row_of(run.start) - layout.row_of(token)) for token in anchors]
        return "," not in run.raw, min(rows, default=0), run.start

    return min(names, key=doubt)


def _sureness(name: Run, names: Sequence[Run], group: Group) -> float:
    """How sure it is that an unlabelled name is the patient's."""
    if any(one.field is Field.NAME and one.role is not Role.PROVIDER for one in group.known):
        return _BESIDE_ANOTHER
    if "," in name.raw:
        anchored = group.has(Field.MRN) or group.has(Field.BIRTH_DATE) or group.section
        alone = sum("," in run.raw for run in names) == 1
        return (0.975 if anchored else 0.95) if alone else 0.5
    return 0.85 if len(names) == 1 and len(group.runs) <= 6 else 0.5


def _birth_date(dates: Sequence[Run], text: str, facts: SiteFacts, *, told: bool) -> tuple[Run | None, float]:
    """The birth date among unlabelled dates: the one that the age bears out, else the earliest by far."""
    days = [(day, run) for run in dates if (day := as_date(run.value)) is not None]
    if not days:
        return None, 0.0
    days.sort(key=lambda item: item[0])
    day, run = days[0]
    age = _AGE.search(text)
    if age is not None:
        years = (facts.today - day).days / 365.25
        return (run, 0.975) if int(age[1]) - 0.1 <= years < int(age[1]) + 12 else (run, 0.6)
    if len(days) > 1 and (days[1][0] - day).days < 365:
        return (run, 0.7) if days[1][0] == day else (None, 0.0)
    # Never certain: old charts are scanned too, whose visits lie years back.
    recent_days = _RECENT_DAYS if told else _RECENT_ALONE_DAYS
    return run, 0.6 if (facts.today - day).days < recent_days else 0.9
