"""Whose a labelled value is: by its own label, by its row, by the section it stands in.

Promise: pure; a value is given to the patient only when nothing gives it to somebody else. Missing
evidence costs a minute, somebody else's birth date may cost a life.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.evidence.fields import Labelled
from ingest.evidence.labels import Labels, Meaning, Owner, WordList
from ingest.evidence.layout import Layout, Segment
from ingest.evidence.spelling import plain
from ingest.evidence.spotting import Hit

_NAMES = (Meaning.NAME, Meaning.LAST_NAME, Meaning.FIRST_NAME, Meaning.MIDDLE_NAME, Meaning.NAME_SUFFIX, None)
_CONTACT = (Meaning.PHONE, Meaning.ADDRESS, Meaning.CITY, Meaning.STATE, Meaning.ZIP, Meaning.PLACE)
_PERSONAL = (Meaning.BIRTH_DATE, Meaning.SEX, Meaning.SSN, Meaning.AGE)
# A bare field behind an unknown word ("Pharmacy phone") is that thing's, not the patient's.
_WEAK = (*_CONTACT, Meaning.NAME, Meaning.PERHAPS_MRN)
_PERSONS = (Owner.GUARANTOR, Owner.INSURED, Owner.MOTHER, Owner.NEWBORN, Owner.EMERGENCY_CONTACT, Owner.OTHER)


@dataclass(frozen=True, slots=True)
class _Heading:
    """A section's title: whose fields follow below it, between its left and its right."""

    owner: Owner
    left: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Owned:
    """A labelled value and whose it is, with how sure that is (0..1)."""

    labelled: Labelled
    owner: Owner
    certainty: float


def own_values(
    layout: Layout, hits: Sequence[Hit], pairs: Sequence[Labelled], labels: Labels
) -> tuple[Owned, ...]:
    """Each labelled value with its owner, in reading order."""
    valued = {pair.hit.start: pair for pair in pairs}
    headings = _headings(layout, hits, valued, labels)
    owned: list[Owned] = []
    for pair in pairs:
        owner, certainty = _owner_of(layout, hits, pair, headings, owned)
        if pair.run.provider and owner in (Owner.PATIENT, Owner.MEMBER):
            owner, certainty = Owner.PROVIDER, 0.9
        owned.append(Owned(pair, owner, certainty))
    return _settle_members(owned)


def can_own(owner: Owner, meaning: Meaning | None) -> bool:
    """Whether paper gives such a person's value of such a kind."""
    match owner:
        case Owner.PATIENT | Owner.MEMBER | Owner.MOTHER | Owner.NEWBORN | Owner.NOBODY:
            return True
        case Owner.PROVIDER:
            return meaning in _NAMES or meaning in _CONTACT or meaning is Meaning.PERHAPS_MRN
        case Owner.GUARANTOR | Owner.INSURED | Owner.EMERGENCY_CONTACT | Owner.OTHER:
            return meaning in (*_NAMES, *_CONTACT, *_PERSONAL, Meaning.PERHAPS_MRN)


def _owner_of(
    layout: Layout, hits: Sequence[Hit], pair: Labelled, headings: Sequence[_Heading], before: Sequence[Owned]
) -> tuple[Owner, float]:
    hit = pair.hit
    if hit.owner is not None and hit.owner is not Owner.NOBODY:
        return hit.owner, 1.0
    if hit.modified and hit.meaning in _WEAK:
        return Owner.OTHER, 0.8
    if hit.meaning is Meaning.PHONE and _is_office_phone(layout, hits, hit):
        return Owner.OTHER, 0.9
    inherited = _from_row(layout, hits, hit)
    if inherited is not None:
        return inherited, 0.95
    if hit.meaning in (Meaning.NAME, Meaning.LAST_NAME) and _asks_relationship(layout, hits, hit):
        return Owner.EMERGENCY_CONTACT, 0.9
    heading = _governing(layout, hit, headings)
    if heading is not None and can_own(heading.owner, hit.meaning):
        return (Owner.PATIENT if heading.owner is Owner.NOBODY else heading.owner), 0.98
    person = _from_above(layout, pair, before)
    if person is not None:
        return person, 0.9
    if hit.meaning is Meaning.NAME and heading is None and any(o.owner is Owner.PATIENT and o.labelled.hit.owner is Owner.PATIENT for o in before):
        return Owner.PATIENT, 0.75
    return Owner.PATIENT, 0.996 if heading is None else 0.9


def _asks_relationship(layout: Layout, hits: Sequence[Hit], hit: Hit) -> bool:
    """Whether the form asks in the same row how this person is related to the patient."""
    row = layout.row_of(hit.start)
    beside = (other for other in hits if layout.row_of(other.start) == row and other.meaning is Meaning.OTHER_TEXT)
    return any(
        "relation" in plain(layout.text(range(other.start, other.stop))) or (not other.exact and plain(layout.tokens[other.start].text).startswith("rel"))
        for other in beside
    )


def _is_office_phone(layout: Layout, hits: Sequence[Hit], hit: Hit) -> bool:
    """Whether a phone is a letterhead's: a fax number stands in its row, or it closes or opens the page."""
    row = layout.row_of(hit.start)
    beside = [other for other in hits if layout.row_of(other.start) == row and other is not hit]
    if any(other.meaning in (Meaning.BIRTH_DATE, Meaning.MRN, Meaning.NAME) or other.owner is Owner.PATIENT for other in beside):
        return False
    faxed = any("fax" in plain(layout.text(range(other.start, other.stop))) for other in beside)
    height = layout.tokens[hit.start].box.y0 / layout.height
    return faxed or height < 0.09 or height > 0.93


def _from_row(layout: Layout, hits: Sequence[Hit], hit: Hit) -> Owner | None:
    """The person whom an earlier label of the same row speaks of: "Guarantor: DOE, JANE  DOB: 1/2/60"."""
    row = layout.row_of(hit.start)
    earlier = [other for other in hits if other.start < hit.start and layout.row_of(other.start) == row]
    for other in reversed(earlier):
        if other.owner in (Owner.PATIENT, Owner.NOBODY, Owner.MEMBER):
            return None
        if other.owner is not None and can_own(other.owner, hit.meaning):
            return other.owner
        if other.meaning in (Meaning.NAME, Meaning.LAST_NAME) and other.owner is None:
            return None
    return None


def _from_above(layout: Layout, pair: Labelled, before: Sequence[Owned]) -> Owner | None:
    """Somebody else named right above, when the patient has had this field already."""
    meaning = pair.hit.meaning
    if meaning not in _PERSONAL and meaning not in _CONTACT:
        return None
    if not any(o.labelled.hit.meaning is meaning and o.owner is Owner.PATIENT for o in before):
        return None
    row, left = layout.row_of(pair.hit.start), layout.tokens[pair.hit.start].box.x0
    for other in reversed(before):
        hit = other.labelled.hit
        if hit.meaning not in _NAMES or row - layout.row_of(hit.start) > 8:
            continue
        same_column = layout.tokens[hit.start].box.x0 < left + 3 * layout.line_height
        if same_column:
            return other.owner if other.owner in _PERSONS else None
    return None


def _headings(
    layout: Layout, hits: Sequence[Hit], valued: dict[int, Labelled], labels: Labels
) -> tuple[_Heading, ...]:
    """The titles of sections, top to bottom: labels of persons that stand alone and have no value."""
    found = []
    for hit in hits:
        if hit.meaning is not None or hit.owner is None or not hit.formal:
            continue
        segment = layout.segment(hit.start)
        if not _fills(layout, hits, segment, labels) or _is_value(layout, hits, hit):
            continue
        titled = _has_filler(layout, segment, labels)
        if hit.start in valued and not titled:
            continue
        right = _next_in_row(layout, segment)
        found.append(_Heading(hit.owner, segment.box.x0 - 2 * layout.line_height, right, segment.box.y1))
    return tuple(sorted(found, key=lambda heading: heading.bottom))


def _fills(layout: Layout, hits: Sequence[Hit], segment: Segment, labels: Labels) -> bool:
    """Whether labels of persons are all that a segment says, small words and numbers aside."""
    titles = {n for hit in hits if hit.meaning is None for n in range(hit.start, hit.stop)}
    rest = [token for token in range(segment.start, segment.stop) if token not in titles]
    words = [plain(layout.tokens[token].text).strip(".,:;()/&-") for token in rest]
    return all(not w or w.isdigit() or len(w) == 1 or labels.has(WordList.FILLERS, w) for w in words)


def _is_value(layout: Layout, hits: Sequence[Hit], hit: Hit) -> bool:
    """Whether a word for a person is what a form answers: "Relationship: Friend", or "Friend" in the cell below."""
    box = layout.tokens[hit.start].box
    row = layout.row_of(hit.start)
    for other in hits:
        if other.meaning is not Meaning.OTHER_TEXT:
            continue
        label = layout.tokens[other.start].box
        if layout.row_of(other.start) == row and other.stop == hit.start:
            return True
        under = 0 < box.y0 - label.y0 < 4 * layout.line_height and abs(box.x0 - label.x0) < 2 * layout.line_height
        if under:
            return True
    return False


def _has_filler(layout: Layout, segment: Segment, labels: Labels) -> bool:
    texts = (layout.tokens[token].text for token in range(segment.start, segment.stop))
    return any(plain(text).strip(".,:;()") in ("information", "info", "details", "data", "section") for text in texts)


def _next_in_row(layout: Layout, segment: Segment) -> float:
    """Where the next text of a row begins, or the page's right side."""
    _, stop = layout.rows[segment.row]
    return layout.tokens[segment.stop].box.x0 if segment.stop < stop else layout.width


def _governing(layout: Layout, hit: Hit, headings: Sequence[_Heading]) -> _Heading | None:
    """The nearest heading above a label in its column."""
    box = layout.tokens[hit.start].box
    above = [h for h in headings if h.bottom <= box.y0 + 0.5 * layout.line_height and h.left <= box.x0 < h.right]
    return above[-1] if above else None


def _settle_members(owned: Sequence[Owned]) -> tuple[Owned, ...]:
    """A card's member is the patient, unless the page names another one as the patient."""
    named = any(o.owner is Owner.PATIENT and o.labelled.hit.meaning in _NAMES for o in owned)
    owner = Owner.INSURED if named else Owner.PATIENT
    return tuple(
        Owned(o.labelled, owner, 0.85) if o.owner is Owner.MEMBER else o for o in owned
    )
