"""Where on a page somebody's identity stands that was not read with certainty: what a second reader is asked.

Promise: pure and total; the places are few and small, in pixels of the picture that was read, the patient's name
first. They hold values, not their labels, and end before the next label; but where no label names the patient, what
reads badly follows with its labels, and so it does at the end where the page does not tell enough of its patient.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from ingest.evidence.agreement import CERTAIN_READ, TOLD_TWICE
from ingest.evidence.fields import NAME_PARTS, Labelled, Relation
from ingest.evidence.find import PageEvidence, ReadOnce, read_once
from ingest.evidence.labels import Labels, Meaning, Owner
from ingest.evidence.layout import Layout, Segment, around
from ingest.evidence.legibility import legibility, letters_in
from ingest.evidence.places import Places
from ingest.evidence.spotting import Hit, hits_by_token
from ingest.evidence.values import Draft, SiteFacts
from ingest.model import Box, PageArtefact, Role
from matchers.patient import ENOUGH_TO_FILE, PERSONAL, Field, Source

_MEANINGS = (Meaning.NAME, *NAME_PARTS[:2], Meaning.BIRTH_DATE, Meaning.MRN, Meaning.ACCOUNT_NUMBER)
_NAMES = (Meaning.NAME, *NAME_PARTS[:2])
_PATIENTS = (None, Owner.PATIENT, Owner.NOBODY, Owner.MEMBER, Owner.NEWBORN)
_PLACES_MOST, _NAMES_MOST = 10, 4
_AREA_MOST = 0.08  # of the page
_REACH = 20.0  # heights of a line that a value may go on to the right
_AROUND = 0.5  # heights of a line above and below a line of writing, which is taller than print
_BELOW = 2.6
_READ = 0.5
_SURE = 0.9  # how well a value was read that is known without another look
_ILLEGIBLE_MOST, _SCRAPS_MOST = 5, 100
_LETTERS_LEAST = 5
_LEGIBLE = 0.72  # mean confidence of a text's letters
_ROW_AROUND, _ASIDE = 0.8, 3.0  # heights of a line


def regions_in_doubt(artefact: PageArtefact, labels: Labels, site: SiteFacts) -> tuple[Box, ...]:
    """The places to read again: values that are not certain, and beside or below labels without one.

    Those that were read again already (`artefact.second`) count, and are not among them.
    """
    if artefact.blank:
        return ()
    page = read_once(artefact.words, artefact, labels, site)
    layout, hits, pairs = page.layout, page.hits, page.pairs
    if not layout.tokens:
        return ()
    read = [one.box for one in artefact.second]
    left = _AREA_MOST * layout.width * layout.height - sum(box.area for box in read)
    names = _kept(_of_the_name(page), read, _NAMES_MOST, left)
    values = (*_doubtful(layout, hits, pairs, page.drafts), *_empty(layout, hits, pairs, hits))
    left -= sum(box.area for box in names)
    values_kept = _kept(values, (*read, *names), _PLACES_MOST - len(read) - len(names), left)
    named, most = _names_its_patient(page), _PLACES_MOST - len(read)
    if named and _tells_enough(page):
        return (*names, *values_kept)
    illegible = _fresh(_illegible_places(layout, (*read, *names, *values_kept)), (*read, *names))
    places = (*names, *values_kept, *illegible) if named else (*names, *illegible, *_fresh(values_kept, illegible))
    return places[:most]


def _kept(boxes: Iterable[Box], others: Sequence[Box], most: int, area: float) -> list[Box]:
    """The first of the places that share little with others and each other, and take no more than an area together."""
    kept: list[Box] = []
    for box in boxes:
        if len(kept) >= most:
            break
        if 0 < box.area <= area and _fresh((box,), (*others, *kept)):
            area -= box.area
            kept.append(box)
    return kept


def hides_a_name(page: PageEvidence) -> bool:
    """Whether no label of the form's own names the patient, and places read badly that nobody has read again."""
    read = [one.box for one in page.artefact.second]
    return not _names_its_patient(page.read) and bool(_fresh(_illegible_places(page.read.layout, read), read))


def _names_its_patient(page: ReadOnce) -> bool:
    return any(one.read >= _READ for one in _forms_names(page))


def _tells_enough(page: ReadOnce) -> bool:
    """Whether the patient is known by as much as filing asks for, without what is read badly."""
    sure = {one.field for one in page.drafts if one.role is Role.PATIENT and one.read >= _SURE}
    return len(sure.intersection(PERSONAL)) >= ENOUGH_TO_FILE


def _fresh(boxes: Iterable[Box], kept: Sequence[Box]) -> list[Box]:
    """The places that share little with those that are kept."""
    return [box for box in boxes if not any(_overlap(box, other) for other in kept)]


def _of_the_name(page: ReadOnce) -> Iterator[Box]:
    """What the form's own labels of the patient's name ask for: shown by itself it reads better than with its row."""
    yield from _doubtful(page.layout, page.hits, page.pairs, _forms_names(page))
    yield from _empty(page.layout, page.hits, page.pairs, [hit for hit in page.hits if hit.meaning in _NAMES])


def _doubtful(layout: Layout, hits: Sequence[Hit], pairs: Sequence[Labelled], drafts: Sequence[Draft]) -> Iterator[Box]:
    """Round values that were found; as far as the next label, for writing is often cut short."""
    labelled = hits_by_token(tuple(hits))
    by_token = {token: pair for pair in pairs for token in pair.run.tokens}
    for one in drafts:
        if one.field not in TOLD_TWICE or one.source is not Source.TEXT or one.read >= CERTAIN_READ:
            continue
        rows: dict[int, list[int]] = {}
        for token in one.tokens:
            rows.setdefault(layout.row_of(token), []).append(token)
        for tokens in rows.values():
            first, last = min(tokens), max(tokens)
            pair = by_token.get(first)
            x1 = _end(layout, labelled, last) if pair else layout.tokens[last].box.x1 + 0.3 * layout.line_height
            y0 = min(layout.tokens[token].box.y0 for token in tokens)
            y1 = max(layout.tokens[token].box.y1 for token in tokens)
            yield _box(layout, _start(layout, first, pair), y0, x1, y1)


def _start(layout: Layout, first: int, pair: Labelled | None) -> float:
    box = layout.tokens[first].box
    if pair is not None and pair.relation is Relation.BESIDE and pair.hit.stop <= first:
        return layout.tokens[pair.hit.stop - 1].box.x1
    start, _ = layout.rows[layout.row_of(first)]
    x0 = box.x0 - 0.5 * layout.line_height
    return max(x0, layout.tokens[first - 1].box.x1) if first > start else x0


def _end(layout: Layout, labelled: Mapping[int, Hit], last: int) -> float:
    """Where a value may end that was read up to a token: before the next label, or where nothing follows."""
    _, stop = layout.rows[layout.row_of(last)]
    x1 = layout.tokens[last].box.x1
    for token in range(last + 1, stop):
        if token in labelled:
            return min(layout.tokens[token].box.x0, x1 + 4 * layout.line_height)
    return x1 + 4 * layout.line_height


def _empty(layout: Layout, hits: Sequence[Hit], pairs: Sequence[Labelled], among: Sequence[Hit]) -> Iterator[Box]:
    """Beside and below those `among` the labels that are the patient's and have no value."""
    labelled = hits_by_token(tuple(hits))
    valued = {pair.hit.start for pair in pairs}
    height = layout.line_height
    for hit in among:
        told = hit.meaning in _MEANINGS or (hit.meaning is None and hit.owner is Owner.PATIENT)
        if hit.start in valued or not hit.formal or not told or hit.owner not in _PATIENTS:
            continue
        first, last = layout.tokens[hit.start].box, layout.tokens[hit.stop - 1].box
        _, stop = layout.rows[layout.row_of(hit.start)]
        nearest = next((layout.tokens[n].box.x0 for n in range(hit.stop, stop) if n in labelled), layout.width)
        x1 = min(nearest, last.x1 + _REACH * height)
        if x1 - last.x1 > 3 * height:
            yield _box(layout, last.x1 + 0.1 * height, last.y0, x1, last.y1)
        if not hit.colon or x1 - last.x1 <= 3 * height:
            yield Box(
                x0=max(0.0, first.x0 - 0.5 * height),
                y0=last.y1,
                x1=min(nearest, first.x0 + _REACH * height, layout.width),
                y1=min(layout.height, last.y1 + _BELOW * height),
            )


def _forms_names(page: ReadOnce) -> list[Draft]:
    """The patient's names behind labels of the form's own."""
    places = Places(page.layout, page.drafts)
    return [
        one
        for one in page.drafts
        if one.field is Field.NAME and one.role is Role.PATIENT and one.label is not None and places.on_the_form(one)
    ]


def _illegible_places(layout: Layout, shown: Sequence[Box]) -> Iterator[Box]:
    """The topmost places that read badly as a whole, but for what is `shown` by itself. Where no label names the
    patient, one may stand there whose label is as illegible as what was written beside it, and a sticker would speak
    for somebody else's form. Where too little was read for certain, lines may have run together.
    """
    left = _AREA_MOST * layout.width * layout.height
    unseen = (one for one in layout.segments if all(one.box.shared_area(box) <= one.box.area / 3 for box in shown))
    bad = [_with_paper(layout, one) for one in unseen if _reads_badly(layout, one)]
    topmost = sorted(bad, key=lambda one: one.y0)[:_SCRAPS_MOST]
    for box in islice(_joined(topmost, shown, most=left / 2), _ILLEGIBLE_MOST):
        if box.area <= left:
            left -= box.area
            yield box


def _reads_badly(layout: Layout, segment: Segment) -> bool:
    tokens = layout.tokens[segment.start : segment.stop]
    read = legibility(tokens)
    return read is not None and read < _LEGIBLE and sum(letters_in(one.text) for one in tokens) >= _LETTERS_LEAST


def _with_paper(layout: Layout, segment: Segment) -> Box:
    """Its box with what may belong to it: a sloping line with writing in it that is cut off reads as badly again."""
    box, aside, over = segment.box, _ASIDE * layout.line_height, _ROW_AROUND * layout.line_height
    return Box(
        x0=max(0.0, box.x0 - aside),
        y0=max(0.0, box.y0 - over),
        x1=min(layout.width, box.x1 + aside),
        y1=min(layout.height, box.y1 + over),
    )


def _joined(boxes: Sequence[Box], shown: Sequence[Box], *, most: float) -> Iterator[Box]:
    """What touches as one, from the top; a group ends before its area is more than `most`, or holds what is shown."""
    left = list(boxes)
    while left:
        box, others = left[0], left[1:]
        while True:
            touching = next((n for n, other in enumerate(others) if box.shared_area(other) > 0), None)
            if touching is None or (larger := around((box, others[touching]))).area > most:
                break
            if not _fresh((larger,), shown):
                break
            box = larger
            del others[touching]
        yield box
        left = others


def _box(layout: Layout, x0: float, y0: float, x1: float, y1: float) -> Box:
    around = _AROUND * layout.line_height
    return Box(x0=max(0.0, x0), y0=max(0.0, y0 - around), x1=min(layout.width, x1), y1=min(layout.height, y1 + around))


def _overlap(box: Box, other: Box) -> bool:
    """Whether two places share more than a third of the smaller."""
    return box.shared_area(other) > min(box.area, other.area) / 3
