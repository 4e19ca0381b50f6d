"""Which value belongs to which label: beside it, below it or above it.

Promise: pure; every token belongs to one label's value at most. All pairs that the geometry allows are
weighed, the cheapest is taken first: a value right behind a colon is worth more than one below, a form that
writes its labels under the values is told by what fits where.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ingest.evidence import regions
from ingest.evidence.addresses import read_address, read_place
from ingest.evidence.dates import find_dates
from ingest.evidence.label_rests import is_the_label
from ingest.evidence.labels import Labels, Meaning
from ingest.evidence.layout import Layout
from ingest.evidence.names import SEXES, is_street, read_name
from ingest.evidence.numbers import find_identifier, find_phone, find_sex, find_ssn4, find_zip
from ingest.evidence.spotting import Hit
from ingest.evidence.values import Run, SiteFacts

NAME_PARTS = (Meaning.LAST_NAME, Meaning.FIRST_NAME, Meaning.MIDDLE_NAME, Meaning.NAME_SUFFIX)
_NAMES = (Meaning.NAME, Meaning.LAST_NAME, Meaning.FIRST_NAME, Meaning.MIDDLE_NAME)
_SPACE = 0.9  # between words of one line, in heights
_LONGEST_TITLE = 3  # letters of what may follow a name: "III", "DDS"
_TEXTS = (Meaning.OTHER_TEXT, Meaning.AGE, Meaning.CITY, Meaning.STATE)


class Relation(StrEnum):
    """Where a value stands, seen from its label."""

    BESIDE = "beside"
    BELOW = "below"
    ABOVE = "above"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A label and its value. `cost` grows with the doubt whether they belong together."""

    hit: Hit
    run: Run
    relation: Relation
    cost: float


def pair_labels(layout: Layout, hits: Sequence[Hit], labels: Labels, facts: SiteFacts) -> tuple[Labelled, ...]:
    """Every label that has a value, with its value, in reading order."""
    page = regions.Regions(layout, hits, labels)
    offers = [offer for hit in hits for offer in _offers(layout, page, hit, labels, facts)]
    if _labels_stand_below(offers):
        offers = [_turned(offer) for offer in offers]
    taken: dict[int, Labelled] = {}
    claimed: set[int] = set()
    for offer in sorted(offers, key=lambda offer: (offer.cost, offer.hit.start)):
        if offer.hit.start in taken or claimed.intersection(offer.run.tokens):
            continue
        taken[offer.hit.start] = offer
        claimed.update(offer.run.tokens)
    return tuple(taken[start] for start in sorted(taken))


def _offers(layout: Layout, page: regions.Regions, hit: Hit, labels: Labels, facts: SiteFacts) -> Iterator[Labelled]:
    """All values that a label could have."""
    beside = page.beside(hit)
    for start in _starts(layout, beside, hit):
        run = read_value(layout, range(start, beside.stop), hit, labels, facts)
        same = layout.segment_of[beside.start] == layout.segment_of[hit.stop - 1]
        goes_on = not hit.formal and layout.row_of(beside.start) != layout.row_of(hit.start)
        if run is not None and (hit.formal or same or goes_on):
            colon = page.colon_after(hit)
            far = layout.gap(hit.stop - 1, run.start) / layout.width
            cost = (0.0 if colon else 0.25) if same else (0.3 if colon else 1.1) + far
            cost += _oddness(layout, run, same=same) + (0.1 if start > beside.start else 0.0)
            yield Labelled(hit=hit, run=run, relation=Relation.BESIDE, cost=cost)
    if not hit.formal or hit.meaning in _TEXTS:
        return
    for relation, region, base in (
        (Relation.BELOW, page.below(hit), 0.8),
        (Relation.ABOVE, page.above(hit), 1.7),
    ):
        if not region or (relation is Relation.ABOVE and (hit.colon or hit.meaning is None)):
            continue
        run = read_value(layout, region, hit, labels, facts)
        if run is not None and relation is Relation.ABOVE and hit.meaning in _NAMES and _is_fragment(layout, run):
            continue
        if run is not None and run.start - region.start <= 1:
            cost = base + (0.5 if hit.colon else 0.0) + page.apart(hit, run.start) + _oddness(layout, run, same=False)
            yield Labelled(hit=hit, run=run, relation=relation, cost=cost)


def _is_fragment(layout: Layout, run: Run) -> bool:
    """Whether a word follows what looks like a name, a space away: "Sleep Disorders" of a "Sleep Disorders Center"."""
    if run.stop >= layout.segment(run.stop - 1).stop:
        return False
    word = layout.tokens[run.stop]
    near = layout.gap(run.stop - 1, run.stop) < _SPACE * word.height
    return near and len(word.text) > _LONGEST_TITLE and word.text.isalpha() and word.text.lower() not in SEXES


def _starts(layout: Layout, beside: range, hit: Hit) -> list[int]:
    """Where a value may begin: right behind the label, or for joined labels ("MRN/Acct:") behind a slash too."""
    if not hit.joined:
        return list(beside[:1])
    slashes = [token + 1 for token in beside[:-1] if layout.tokens[token].text in ("/", "-", "&", ",")]
    return [*beside[:1], *slashes]


def _oddness(layout: Layout, run: Run, *, same: bool) -> float:
    """A doubtful value costs more; so does one that is a part of a longer text in another segment."""
    segment = layout.segment(run.start)
    rest = (segment.stop - segment.start) - (run.stop - run.start)
    return (1.0 - run.quality) * 0.6 + (0.0 if same else min(rest, 4) * 0.06)


def _labels_stand_below(offers: Sequence[Labelled]) -> bool:
    """Whether the page writes labels under values: more labels fit only that way than the other."""
    ways: dict[int, set[Relation]] = {}
    for offer in offers:
        ways.setdefault(offer.hit.start, set()).add(offer.relation)
    only_above = sum(way == {Relation.ABOVE} for way in ways.values())
    only_below = sum(way == {Relation.BELOW} for way in ways.values())
    return only_above >= 2 and only_above > only_below


def _turned(offer: Labelled) -> Labelled:
    match offer.relation:
        case Relation.ABOVE:
            cost = offer.cost - 0.9
        case Relation.BELOW:
            cost = offer.cost + 0.9
        case Relation.BESIDE:
            cost = offer.cost
    return Labelled(hit=offer.hit, run=offer.run, relation=offer.relation, cost=cost)


def read_value(layout: Layout, region: range, hit: Hit, labels: Labels, facts: SiteFacts) -> Run | None:
    """The value of a label's kind at the beginning of a region."""
    match hit.meaning:
        case None | Meaning.NAME | Meaning.LAST_NAME | Meaning.FIRST_NAME | Meaning.MIDDLE_NAME:
            return _name(layout, region, hit, labels)
        case Meaning.BIRTH_DATE:
            dates = find_dates(layout, region, facts, labelled=True)
            return dates[0] if dates else None
        case Meaning.OTHER_DATE:
            dates = find_dates(layout, region, facts, labelled=True, birth=False)
            return dates[0] if dates else None
        case Meaning.MRN | Meaning.PERHAPS_MRN | Meaning.ACCOUNT_NUMBER | Meaning.OTHER_NUMBER:
            return find_identifier(layout, region, facts)
        case Meaning.PHONE:
            return find_phone(layout, region)
        case Meaning.SSN:
            return find_ssn4(layout, region, last_four=_asks_for_four(layout, hit))
        case Meaning.SEX:
            sex = find_sex(layout, region)
            return None if sex is not None and _is_of_a_box(layout, hit, sex) else sex
        case Meaning.ZIP:
            return find_zip(layout, range(region.start, min(region.start + 2, region.stop)))
        case Meaning.ADDRESS:
            return read_address(layout, region)
        case Meaning.PLACE:
            return read_place(layout, region)
        case Meaning.NAME_SUFFIX | Meaning.AGE | Meaning.CITY | Meaning.STATE | Meaning.OTHER_TEXT:
            return _words(layout, region)
        case Meaning.IDENTITY_CARD:
            return None


def _is_of_a_box(layout: Layout, hit: Hit, sex: Run) -> bool:
    """Whether a lone letter without a mark stands below a label, but right of it: of "M [X]  F [ ]" the first was not
    read."""
    if len(sex.raw) > 1 or sex.quality < 1.0 or layout.row_of(sex.start) == layout.row_of(hit.start):
        return False
    return layout.tokens[sex.start].box.x0 >= layout.tokens[hit.stop - 1].box.x1


def _name(layout: Layout, region: range, hit: Hit, labels: Labels) -> Run | None:
    part = hit.meaning in NAME_PARTS
    strict = not (hit.colon or (hit.formal and hit.meaning is not None))
    here = hit.colon and layout.row_of(region.start) == layout.row_of(hit.start)
    run = read_name(layout, region, labels, strict=strict, small=here)
    if run is not None and is_street(layout, run, labels):
        return None
    if run is not None and not part and _cut_at_comma(layout, region, run):
        longer = range(region.start, layout.segment(run.stop).stop)
        run = read_name(layout, longer, labels, strict=strict) or run
    if run is None and part:
        text = layout.tokens[region.start].text.strip(".,")
        if len(text) == 1 and text.isupper() and hit.meaning is not Meaning.LAST_NAME:
            return Run(start=region.start, stop=region.start + 1, raw=text, value=text, quality=0.9)
    if run is None or part:
        return run
    informal = hit.meaning is None and not hit.colon
    if informal and is_the_label(run.raw):
        return None
    return run if run.quality >= (0.8 if informal else 0.6) else None


def _cut_at_comma(layout: Layout, region: range, run: Run) -> bool:
    """Whether a narrow column ends behind a family name's comma, and the given name stands right beyond it."""
    if run.stop != region.stop or run.stop >= len(layout.tokens) or not layout.tokens[run.stop - 1].text.endswith(","):
        return False
    return layout.segment_of[run.stop] == layout.segment_of[run.stop - 1]


def _words(layout: Layout, region: range) -> Run | None:
    """The rest of the segment that a region begins in."""
    stop = min(region.stop, layout.segment(region.start).stop)
    text = layout.text(range(region.start, stop))
    return Run(start=region.start, stop=stop, raw=text, value=text, quality=0.5)


def _asks_for_four(layout: Layout, hit: Hit) -> bool:
    text = layout.text(range(hit.start, hit.stop)).lower()
    return "4" in text or "four" in text or "xx" in text or "last" in text
