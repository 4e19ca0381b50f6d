"""The birth date on a copied driver's licence or identity card, whose small labels are seldom legible.

Promise: pure. A card tells three days: when its holder was born, when it was issued and when it expires. Born comes
first; it is taken only where the others stand beside it, and nothing on the card calls it something else. A card
that may be somebody else's (a father's licence on his son's form) tells nothing of the patient.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from operator import itemgetter

from ingest.evidence.dates import as_date, find_dates
from ingest.evidence.fields import Labelled
from ingest.evidence.groups import UnlabelledPage
from ingest.evidence.labels import Meaning, Owner
from ingest.evidence.sections import governing
from ingest.evidence.spelling import fold, plain
from ingest.evidence.spotting import Hit
from ingest.evidence.values import Draft, Run, draft
from ingest.model import Role
from matchers.patient import Field

_REACH_LINES = 18.0  # from a card's title down to its last line
_LIKE_DOB = re.compile(r"[dpvoq0][o0cea][bs8rpe5]")
_ALL_THREE, _LABEL_TOO = 0.96, 0.985
_APART_DAYS = 30  # between birth and issue, where only the order tells which is which
_VALID_YEARS = 25  # no card is valid so long
_PERSONS = {Owner.GUARANTOR, Owner.INSURED, Owner.MOTHER, Owner.NEWBORN, Owner.EMERGENCY_CONTACT, Owner.OTHER}
_ROLES = {Role.GUARANTOR, Role.INSURED, Role.MOTHER, Role.NEWBORN, Role.EMERGENCY_CONTACT, Role.OTHER}


def with_id_cards(page: UnlabelledPage, pairs: Sequence[Labelled]) -> list[Draft]:
    """What is known of the page, with the birth date of each card: surer where a label told it, else new."""
    layout, drafts = page.layout, list(page.known)
    for hit in page.hits:
        if hit.meaning is not Meaning.IDENTITY_CARD:
            continue
        top = layout.tokens[hit.start].middle
        bottom = top + _REACH_LINES * layout.line_height
        rows = [row for row in layout.rows if top < layout.tokens[row[0]].middle < bottom]
        born = _born([run for row in rows for run in _dates(page, range(*row))], page, pairs)
        if born is None:
            continue
        run, sureness = born
        on_card = [one for one in drafts if top < (one.box.y0 + one.box.y1) / 2 < bottom]
        told = [one for one in on_card if one.field is Field.BIRTH_DATE]
        if not told and _is_the_patients(page, hit, rows, on_card):
            drafts.append(draft(layout, Field.BIRTH_DATE, Role.PATIENT, run, sureness))
        for one in told:
            if one.value == run.value and one.role is Role.PATIENT:
                drafts[drafts.index(one)] = replace(one, sureness=max(one.sureness, sureness))
    return drafts


def _is_the_patients(
    page: UnlabelledPage, card: Hit, rows: Sequence[tuple[int, int]], on_card: Sequence[Draft]
) -> bool:
    """Whether nothing says that a card is somebody else's: its title, the section it stands in, or its names."""
    heading = governing(page.layout, card.start, page.headings)
    if {card.owner, heading and heading.owner} & _PERSONS or any(one.role in _ROLES for one in on_card):
        return False
    patients = [one for one in page.known if one.role is Role.PATIENT and one.field is Field.NAME]
    elsewhere = [one for one in patients if one not in on_card]
    words = {fold(page.layout.tokens[token].text) for row in rows for token in range(*row)}
    return not elsewhere or any(_words_of(one.value) <= words for one in elsewhere)


def _words_of(name: str) -> set[str]:
    """A last name and the first of the first names, "KIM, LYNN KELLY", as a card may print them in any order."""
    last, _, first = name.partition(",")
    return {fold(word) for word in (*last.split(), *first.split()[:1])}


def _dates(page: UnlabelledPage, row: range) -> list[Run]:
    return find_dates(page.layout, row, page.facts, labelled=False, birth=False)


def _born(runs: Sequence[Run], page: UnlabelledPage, pairs: Sequence[Labelled]) -> tuple[Run, float] | None:
    """The first of a card's days with how sure it is, where it is one of three or stands behind what may be "DOB"."""
    days = sorted(_days(runs, page.facts.today), key=itemgetter(0))
    if len(days) < 2 or days[0][0] > page.facts.today:
        return None
    run, after = days[0][1], (days[1][0] - days[0][0]).days
    like_dob = _LIKE_DOB.fullmatch(_label_of(page, run)) is not None
    otherwise = [pair for pair in pairs if pair.hit.exact and set(pair.run.tokens) & set(run.tokens)]
    if like_dob and after > 0:
        return run, _LABEL_TOO if len(days) > 2 else _ALL_THREE
    if otherwise or len(days) < 3 or after < _APART_DAYS:  # "iss", "exp"
        return None
    return run, _ALL_THREE


def _days(runs: Sequence[Run], today: date) -> Iterator[tuple[date, Run]]:
    """Each date as a card means it: a year of two digits that lies far ahead is of the last century."""
    for run in runs:
        day = as_date(run.value)
        if day is not None and day.year > today.year + _VALID_YEARS:
            day = day.replace(year=day.year - 100)
        if day is not None:
            yield day, replace(run, value=day.isoformat())


def _label_of(page: UnlabelledPage, run: Run) -> str:
    """The word right before a date in its row."""
    start, _ = page.layout.rows[page.layout.row_of(run.start)]
    return plain(page.layout.tokens[run.start - 1].text).strip(".,:;'\"|()") if run.start > start else ""
