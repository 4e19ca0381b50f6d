"""Whose a labelled value is: by its own label, by its row, by the section it stands in.

Promise: pure; a value is given to the patient only when nothing gives it to somebody else. Missing
evidence costs a minute, somebody else's birth date may cost a life.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.evidence.fields import Labelled
from ingest.evidence.labels import Labels, Meaning, Owner, WordList
from ingest.evidence.layout import Layout
from ingest.evidence.sections import Heading, governing
from ingest.evidence.spelling import plain
from ingest.evidence.spotting import Hit

_NAMES = (Meaning.NAME, Meaning.LAST_NAME, Meaning.FIRST_NAME, Meaning.MIDDLE_NAME, Meaning.NAME_SUFFIX, None)
_CONTACT = (Meaning.PHONE, Meaning.ADDRESS, Meaning.CITY, Meaning.STATE, Meaning.ZIP, Meaning.PLACE)
_PERSONAL = (Meaning.BIRTH_DATE, Meaning.SEX, Meaning.SSN, Meaning.AGE)
_NUMBERED = (Meaning.BIRTH_DATE, Meaning.MRN, Meaning.PERHAPS_MRN)
# Of 318 well-read dates and numbers behind clear labels under the patient's titles all were right in four drawn sets;
# of 58 names two stood in a neighbour's section.
_UNDER_TITLE = 0.992
# A bare field behind an unknown word ("Pharmacy phone") is that thing's, not the patient's.
_WEAK = (*_CONTACT, Meaning.NAME, Meaning.PERHAPS_MRN)
# Before a word for a person, in a sentence: he is somebody of the patient's.
_POSSESSIVES = frozenset(("his", "her", "their", "my", "our", "whose", "the", "patient's"))
_TRIM = " ,.;:()\"'*_"
_MOST_BEFORE = 10
_LONGEST_SHORTENED = 3  # "Mr.", "dr."
_CHARTS = ("chart", "record", "history", "hist")
_PERSONS = (Owner.GUARANTOR, Owner.INSURED, Owner.MOTHER, Owner.NEWBORN, Owner.EMERGENCY_CONTACT, Owner.OTHER)


@dataclass(frozen=True, slots=True)
class Owned:
    """A labelled value and whose it is, with how sure that is (0..1)."""

    labelled: Labelled
    owner: Owner
    certainty: float


def own_values(
    layout: Layout, hits: Sequence[Hit], pairs: Sequence[Labelled], headings: Sequence[Heading], labels: Labels
) -> tuple[Owned, ...]:
    """Each labelled value with its owner, in reading order."""
    owned: list[Owned] = []
    rows_of_relatives: set[int] = set()
    for pair in pairs:
        owner, certainty = _owner_of(layout, hits, pair, headings, owned)
        if owner is Owner.PATIENT and pair.hit.owner is None:
            row = layout.row_of(pair.hit.start)
            if pair.hit.meaning in _NAMES and _beside_relation(layout, labels, pair):
                rows_of_relatives.add(row)
            if row in rows_of_relatives and can_own(Owner.OTHER, pair.hit.meaning):
                owner, certainty = Owner.OTHER, 0.9
        if owner is Owner.PATIENT and pair.hit.owner is None and _told_of_relative(layout, labels, pair.hit):
            owner, certainty = Owner.OTHER, 0.9
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
    layout: Layout, hits: Sequence[Hit], pair: Labelled, headings: Sequence[Heading], before: Sequence[Owned]
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
    if hit.meaning in _PERSONAL and _goes_with_relative(layout, hits, hit):
        return Owner.EMERGENCY_CONTACT, 0.9
    heading = governing(layout, hit.start, headings)
    if heading is not None and can_own(heading.owner, hit.meaning):
        sure = _UNDER_TITLE if hit.meaning in _NUMBERED else 0.98
        return (Owner.PATIENT if heading.owner is Owner.NOBODY else heading.owner), sure
    person = _from_above(layout, pair, before)
    if person is not None:
        return person, 0.9
    if hit.meaning is Meaning.NAME and heading is None and _patient_named(before):
        return Owner.PATIENT, 0.75
    return Owner.PATIENT, 0.996 if heading is None else 0.9


def _patient_named(before: Sequence[Owned]) -> bool:
    """Whether a label of the patient's own has named the patient already: another bare "Name" is doubtful."""
    return any(o.owner is Owner.PATIENT and o.labelled.hit.owner is Owner.PATIENT for o in before)


def _told_of_relative(layout: Layout, labels: Labels, hit: Hit) -> bool:
    """Whether the sentence before a label has come to somebody of the patient's: "with her mother, whose birthday"."""
    before = [plain(layout.tokens[token].text).strip(_TRIM) for token in _sentence_before(layout, hit.start)]
    return any(
        whose in _POSSESSIVES and labels.has(WordList.RELATIVES, word.removesuffix("'s"))
        for word, whose in pairwise(before)
    )


def _beside_relation(layout: Layout, labels: Labels, pair: Labelled) -> bool:
    """Whether the next cell says how the named person is related ("Roe, Paul", "Brother"), its title unread or not."""
    segment = layout.segment(pair.run.stop - 1)
    _, stop = layout.rows[segment.row]
    if segment.stop >= stop:
        return False
    cell = layout.segment(segment.stop)
    words = [plain(layout.tokens[token].text) for token in range(cell.start, cell.stop)]
    if words[-1].endswith(":"):
        return False
    told = [word for word in (word.strip(_TRIM) for word in words) if word]
    return bool(told) and all(
        labels.has(WordList.RELATIVES, word) and not labels.has(WordList.PROVIDER_TITLES, word) for word in told
    )


def _sentence_before(layout: Layout, start: int) -> Iterator[int]:
    """The tokens that are read before one in its sentence, the nearest first."""
    segment = layout.segment(start)
    for token in range(start - 1, max(-1, start - 1 - _MOST_BEFORE), -1):
        here, text = layout.segment(token), layout.tokens[token].text
        runs_on = here is segment or (here.block == segment.block and here.row >= segment.row - 1)
        if not runs_on or (len(text) > _LONGEST_SHORTENED and text.endswith((".", ";"))):
            return
        yield token


def _asks_relationship(layout: Layout, hits: Sequence[Hit], hit: Hit) -> bool:
    """Whether the form asks on the same height how this person is related to the patient."""
    y = layout.tokens[hit.start].middle
    for other in hits:
        if other.meaning is not Meaning.OTHER_TEXT or abs(layout.tokens[other.start].middle - y) > layout.line_height:
            continue
        text = plain(layout.text(range(other.start, other.stop))).lstrip("‘'\"( ")
        if "relation" in text or (not other.exact and text.startswith("re")):
            return True
    return False


def _goes_with_relative(layout: Layout, hits: Sequence[Hit], hit: Hit) -> bool:
    """Whether a bare "Name" before it in its row is a relative's, as the form asks in that row how they are related."""
    row = layout.row_of(hit.start)
    names = (other for other in hits if other.start < hit.start and layout.row_of(other.start) == row)
    bare = (other for other in names if other.owner is None and other.meaning in (Meaning.NAME, Meaning.LAST_NAME))
    return any(_asks_relationship(layout, hits, other) for other in bare)


def _is_office_phone(layout: Layout, hits: Sequence[Hit], hit: Hit) -> bool:
    """Whether a phone is a letterhead's: a fax number stands in its row, or it closes or opens the page."""
    row = layout.row_of(hit.start)
    beside = [other for other in hits if layout.row_of(other.start) == row and other is not hit]
    faxed = any("fax" in plain(layout.text(range(other.start, other.stop))) for other in beside)
    height = layout.tokens[hit.start].box.y0 / layout.height
    return faxed or ((height < 0.09 or height > 0.93) and not _patient_near(layout, hits, hit))


def _patient_near(layout: Layout, hits: Sequence[Hit], hit: Hit) -> bool:
    """Whether labels of the patient's own stand a few lines above or below."""
    y = layout.tokens[hit.start].box.y0
    own = (o for o in hits if o.owner is Owner.PATIENT or o.meaning in (Meaning.BIRTH_DATE, Meaning.MRN))
    return any(abs(layout.tokens[other.start].box.y0 - y) < 8 * layout.line_height for other in own)


def _from_row(layout: Layout, hits: Sequence[Hit], hit: Hit) -> Owner | None:
    """The person whom an earlier label of the same row speaks of: "Guarantor: DOE, JANE  DOB: 1/2/60"."""
    row = layout.row_of(hit.start)
    earlier = [other for other in hits if other.start < hit.start and layout.row_of(other.start) == row]
    for other in reversed(earlier):
        if other.owner in (Owner.PATIENT, Owner.NOBODY, Owner.MEMBER):
            return None
        if other.owner is not None and can_own(other.owner, hit.meaning):
            if other.owner is Owner.PROVIDER and hit.meaning is Meaning.PERHAPS_MRN and _of_a_chart(layout, hit):
                continue
            return other.owner
        if other.meaning in (Meaning.NAME, Meaning.LAST_NAME) and other.owner is None:
            return None
    return None


def _of_a_chart(layout: Layout, hit: Hit) -> bool:
    """Whether a number is a chart's by its label, and no provider's own, as an "ID" beside one is."""
    words = plain(layout.text(range(hit.start, hit.stop)))
    return any(word in words for word in _CHARTS)


def _from_above(layout: Layout, pair: Labelled, before: Sequence[Owned]) -> Owner | None:
    """Somebody else named right above: a phone is theirs, a birth date too when the patient's is known."""
    meaning = pair.hit.meaning
    if meaning not in _PERSONAL and meaning not in _CONTACT:
        return None
    had = any(o.labelled.hit.meaning is meaning and o.owner is Owner.PATIENT for o in before)
    if meaning in _PERSONAL and not had:
        return None
    row, left = layout.row_of(pair.hit.start), layout.tokens[pair.hit.start].box.x0
    for other in reversed(before):
        hit = other.labelled.hit
        if hit.meaning not in _NAMES or row - layout.row_of(hit.start) > 8:
            continue
        aside = layout.tokens[hit.start].box.x0 - left
        if abs(aside) < 1.5 * layout.line_height or (had and aside < 3 * layout.line_height):
            return other.owner if other.owner in _PERSONS else None
    return None


def _settle_members(owned: Sequence[Owned]) -> tuple[Owned, ...]:
    """A card's member is the patient, unless the page names another one as the patient: behind a label that says so, or
    behind a bare one, beside the member's own name."""
    names = [o for o in owned if o.labelled.hit.meaning in _NAMES and not _goes_with(o)]
    told = any(o.owner is Owner.PATIENT and o.labelled.hit.owner is Owner.PATIENT for o in names)
    bare = any(o.owner is Owner.PATIENT for o in names) and any(o.owner is Owner.MEMBER for o in names)
    owner = Owner.INSURED if told or bare else Owner.PATIENT
    return tuple(Owned(o.labelled, owner, 0.85) if o.owner is Owner.MEMBER else o for o in owned)


def _goes_with(one: Owned) -> bool:
    """Whether a name is the rest of the one that stands before it: "Member's last name", "First name"."""
    hit = one.labelled.hit
    return hit.owner is None and hit.meaning in (Meaning.FIRST_NAME, Meaning.MIDDLE_NAME, Meaning.NAME_SUFFIX)
