"""Labelled values as drafts of findings: which field each is, and how sure that is.

Promise: pure. Names that a form splits over boxes (last, first, middle, suffix) become one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.evidence.fields import NAME_PARTS, Relation
from ingest.evidence.labels import Meaning, Owner
from ingest.evidence.layout import Layout, around
from ingest.evidence.numbers import find_zip, fits
from ingest.evidence.roles import Owned
from ingest.evidence.values import Draft, Run, SiteFacts, draft, reading_certainty
from ingest.model import Role
from matchers.patient import Field

_FIELDS = {
    Meaning.NAME: Field.NAME,
    Meaning.BIRTH_DATE: Field.BIRTH_DATE,
    Meaning.SEX: Field.SEX,
    Meaning.ACCOUNT_NUMBER: Field.ACCOUNT_NUMBER,
    Meaning.PHONE: Field.PHONE,
    Meaning.SSN: Field.SSN_LAST4,
    Meaning.ADDRESS: Field.ADDRESS,
    Meaning.ZIP: Field.ZIP,
}
_ROWS_OF_ONE_NAME = 5
_NOT_OF_THE_SITE = 0.8  # another facility's number, or a misread one


def labelled_drafts(layout: Layout, owned: Sequence[Owned], facts: SiteFacts) -> tuple[Draft, ...]:
    """A draft for every labelled identifier; names from split boxes joined."""
    drafts: list[Draft] = []
    for one in owned:
        drafts.extend(_drafts_of(layout, one, facts))
    drafts.extend(_split_names(layout, [one for one in owned if one.labelled.hit.meaning in NAME_PARTS]))
    return tuple(drafts)


def role_of(owner: Owner) -> Role:
    """The finding's role for whom a label speaks of."""
    return Role.PATIENT if owner in (Owner.NOBODY, Owner.MEMBER) else Role(owner.value)


def _drafts_of(layout: Layout, one: Owned, facts: SiteFacts) -> Iterator[Draft]:
    hit, run = one.labelled.hit, one.labelled.run
    role, sureness, label = role_of(one.owner), _sureness(layout, one), layout.text(range(hit.start, hit.stop))
    match hit.meaning:
        case Meaning.PERHAPS_MRN:
            if facts.mrn_shapes and fits(run.value, facts.mrn_shapes):
                yield draft(layout, Field.MRN, role, run, 0.96 * sureness, label)
        case None:
            yield draft(layout, Field.NAME, role, run, sureness, label)
        case Meaning.ADDRESS | Meaning.PLACE:
            if hit.meaning is Meaning.ADDRESS:
                yield draft(layout, Field.ADDRESS, role, run, sureness, label)
            zip_code = find_zip(layout, range(run.start + 1, run.stop)) or _zip_below(layout, run)
            if zip_code is not None:
                yield draft(layout, Field.ZIP, role, zip_code, 0.97 * sureness, label)
        case Meaning.MRN:
            own = not facts.mrn_shapes or fits(run.value, facts.mrn_shapes)
            yield draft(layout, Field.MRN, role, run, sureness * (1.0 if own else _NOT_OF_THE_SITE), label)
        case meaning if meaning in _FIELDS:
            yield draft(layout, _FIELDS[meaning], role, run, sureness, label)
        case _:
            return


def _zip_below(layout: Layout, run: Run) -> Run | None:
    """The ZIP code of the line under a street, in the same block."""
    row = layout.row_of(run.start) + 1
    box = layout.tokens[run.start].box
    if row >= len(layout.rows):
        return None
    start, stop = layout.rows[row]
    below = [n for n in range(start, stop) if abs(layout.tokens[n].box.x0 - box.x0) < 3 * layout.line_height]
    if not below or layout.tokens[below[0]].box.y0 - box.y1 > 1.5 * layout.line_height:
        return None
    segment = layout.segment(below[0])
    return find_zip(layout, range(min(below[0] + 1, segment.stop), segment.stop))


def _sureness(layout: Layout, one: Owned) -> float:
    """How sure it is that this value is this field of this person."""
    hit, run = one.labelled.hit, one.labelled.run
    sure = one.certainty * _label_certainty(layout, one)
    match one.labelled.relation:
        case Relation.BESIDE:
            sure *= 1.0 if hit.colon or one.labelled.cost < 0.5 else 0.98
        case Relation.BELOW:
            sure *= 0.99
        case Relation.ABOVE:
            sure *= 0.96
    return sure * looks(run.quality)


def _label_certainty(layout: Layout, one: Owned) -> float:
    """How sure it is that the label says what it was taken for.

    Of 280 well-read numbers and dates behind doubtful labels 279 were right in two drawn sets; the one behind a label
    that was itself read as digits was not.
    """
    hit = one.labelled.hit
    text = layout.text(range(hit.start, hit.stop))
    if not hit.exact and 2 * sum(map(str.isdigit, text)) > sum(map(str.isalnum, text)):
        return 0.9
    if hit.meaning is None and not hit.exact and not hit.colon:
        return 0.94  # "a patient" in running text reads much like a title
    if hit.meaning in (Meaning.BIRTH_DATE, Meaning.MRN, Meaning.PERHAPS_MRN):
        return (1.0 if hit.exact else 0.985) * (0.998 if hit.formal else 0.985)
    return (1.0 if hit.exact else 0.97) * (0.998 if hit.formal else 0.975)


def looks(quality: float) -> float:
    """What the looks of a value leave of the trust in it."""
    if quality >= 0.9:
        return 1.0
    return 0.97 if quality >= 0.8 else 0.4 + 0.6 * quality


def _split_names(layout: Layout, parts: Sequence[Owned]) -> Iterator[Draft]:
    """One name for each group of boxes that belong together."""
    group: dict[Meaning, Owned] = {}
    last_row = 0
    for one in parts:
        meaning = one.labelled.hit.meaning
        row = layout.row_of(one.labelled.hit.start)
        first = next(iter(group.values()), None)
        other = first is not None and role_of(one.owner) is not role_of(first.owner)
        if first and (meaning in group or other or row - last_row > _ROWS_OF_ONE_NAME):
            yield from _joined(layout, group)
            group = {}
        if meaning is not None:
            group[meaning] = one
        last_row = row
    if group:
        yield from _joined(layout, group)


def _joined(layout: Layout, group: dict[Meaning, Owned]) -> Iterator[Draft]:
    texts = {meaning: one.labelled.run.raw.strip(" ,") for meaning, one in group.items()}
    last, first = texts.get(Meaning.LAST_NAME), texts.get(Meaning.FIRST_NAME)
    if len(last or first or "") < 2:
        return
    given = " ".join(filter(None, (first, texts.get(Meaning.MIDDLE_NAME), texts.get(Meaning.NAME_SUFFIX))))
    raw = ", ".join(filter(None, (last, given))) if last else given
    tokens = tuple(sorted(token for one in group.values() for token in one.labelled.run.tokens))
    some = next(iter(group.values()))
    yield Draft(
        field=Field.NAME,
        role=role_of(some.owner),
        value=raw.upper(),
        raw=raw,
        tokens=tokens,
        box=around(layout.tokens[token].box for token in tokens),
        sureness=min(one.certainty for one in group.values()) * (0.99 if last and first else 0.6),
        read=reading_certainty(layout, tokens),
        label=layout.text(range(some.labelled.hit.start, some.labelled.hit.stop)),
    )
