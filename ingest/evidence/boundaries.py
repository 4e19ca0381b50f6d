"""Where one document ends and the next begins, told from the pages that lie beside each other.

Promise: pure. Each cut has its reason in a clerk's words, and is certain or proposed. Page numbers that go on hold
pages together, whatever their titles; they never overrule a page that speaks of another patient: then the cut is
proposed, and a person decides. What the pages say of their patients is compared by the caller (`contradicts`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from ingest.evidence.page_looks import PageLooks, shared

_SAME_HEADINGS = 0.5
_SAME_RUNNING = 0.6
_RUNNING_LEAST = 2  # words of a running header that say something
_HEADINGS_LEAST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A document may begin with page `before`; a cut that is not `certain` is proposed to a person."""

    before: int
    reason: str
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One page as splitting sees it. `looks` is absent where it could not be read; `named` says that it names a
    patient, `introduced` that it does so by two identifiers, as first pages do; `begins` is why a document begins with
    it whatever the pages say: a separator lay before it."""

    page: int
    looks: PageLooks | None
    named: bool
    introduced: bool = False
    begins: str | None = None


class _Numbers(Enum):
    GO_ON = auto()
    LATER = auto()  # the page is a later one of some document; the page before tells no number
    BEGIN = auto()
    BREAK = auto()
    SAY_NOTHING = auto()


Contradicts = Callable[[Sequence[int], int], str | None]
"""Why a page speaks of another patient than the pages of the document before it, or None."""


def find_cuts(leaves: Sequence[Leaf], contradicts: Contradicts) -> tuple[Cut, ...]:
    """The cuts between the pages of a stack, in order; blank pages and separators are not among `leaves`."""
    cuts = list(_told_cuts(leaves, contradicts))
    several = any(cut.certain for cut in cuts)
    cuts += _strays(leaves, {cut.before for cut in cuts}, several)
    return tuple(sorted(cuts, key=lambda cut: cut.before))


def _told_cuts(leaves: Sequence[Leaf], contradicts: Contradicts) -> Iterator[Cut]:
    held: list[int] = []
    for at, leaf in enumerate(leaves):
        before = leaves[at - 1] if at else None
        cut = _cut(before, leaf, held, contradicts) if before is not None else None
        if cut is not None:
            yield cut
            if cut.certain:
                held = []
        held.append(leaf.page)


def _cut(before: Leaf, leaf: Leaf, held: Sequence[int], contradicts: Contradicts) -> Cut | None:
    if leaf.begins is not None:
        return Cut(before=leaf.page, reason=leaf.begins, certain=True)
    numbers = _numbers(before, leaf)
    other = contradicts(held, leaf.page) if leaf.named else None
    if other is not None:
        return Cut(before=leaf.page, reason=other, certain=numbers is not _Numbers.GO_ON)
    if leaf.looks is not None and leaf.looks.fax_cover:
        reason = f"Page {leaf.page} is the cover sheet of a fax."
        return Cut(before=leaf.page, reason=reason, certain=numbers not in (_Numbers.GO_ON, _Numbers.LATER))
    match numbers:
        case _Numbers.GO_ON | _Numbers.LATER:
            return None
        case _Numbers.BEGIN:
            return Cut(before=leaf.page, reason=f"Page {leaf.page} says that it is a first page.", certain=True)
        case _Numbers.BREAK:
            reason = f"The page numbers do not go on from page {before.page} to page {leaf.page}."
            return Cut(before=leaf.page, reason=reason, certain=leaf.introduced)
        case _Numbers.SAY_NOTHING:
            if not _new_headings(before, leaf):
                return None
            reason = f"Page {leaf.page} has a title and a letterhead that page {before.page} does not have."
            return Cut(before=leaf.page, reason=reason, certain=leaf.introduced)


def _strays(leaves: Sequence[Leaf], cut: set[int], several: bool) -> Iterator[Cut]:
    """Pages that nothing ties to the page before them: pages that name nobody, in a stack of several documents, and
    pages that introduce a patient behind such as name nobody."""
    loose = bool(leaves) and not leaves[0].named
    for at in range(1, len(leaves)):
        before, leaf = leaves[at - 1], leaves[at]
        if leaf.page in cut:
            loose = not leaf.named
            continue
        tied = _goes_on(before, leaf) or _bridged(leaves, at)
        if not tied and ((loose and (several or leaf.introduced)) or (several and not leaf.named)):
            loose, several = not leaf.named, True
            reason = f"Page {leaf.page} names nobody, and nothing ties it to page {before.page}."
            if leaf.named:
                reason = f"Nothing ties page {leaf.page} to page {before.page}, which names nobody."
            yield Cut(before=leaf.page, reason=reason, certain=True)


def _goes_on(before: Leaf, leaf: Leaf) -> bool:
    if _numbers(before, leaf) is _Numbers.GO_ON:
        return True
    if before.looks is None or leaf.looks is None:
        return False
    one, other = before.looks.running, leaf.looks.running
    return min(len(one), len(other)) >= _RUNNING_LEAST and shared(one, other) >= _SAME_RUNNING


def _bridged(leaves: Sequence[Leaf], at: int) -> bool:
    """Whether the page, or the one before it, stands alone between two whose numbers leave room for just one."""
    return any(_room_for_one(leaves, middle) for middle in (at, at - 1))


def _room_for_one(leaves: Sequence[Leaf], at: int) -> bool:
    if not 0 < at < len(leaves) - 1 or _number_of(leaves[at]) is not None:
        return False
    one, other = _number_of(leaves[at - 1]), _number_of(leaves[at + 1])
    return one is not None and other is not None and one[1] is not None and other == (one[0] + 2, one[1])


def _number_of(leaf: Leaf) -> tuple[int, int | None] | None:
    number = leaf.looks.number if leaf.looks else None
    return None if number is None else (number.number, number.total)


def _numbers(before: Leaf, leaf: Leaf) -> _Numbers:
    one, other = _number_of(before), _number_of(leaf)
    if other is not None and other[0] == 1:
        return _Numbers.BEGIN
    if (one is None and other is not None) or (leaf.looks is not None and leaf.looks.continued):
        return _Numbers.LATER
    if one is None or other is None:
        ended = one is not None and one[1] == one[0]
        begun = leaf.introduced or _new_headings(before, leaf)
        return _Numbers.BREAK if ended and begun else _Numbers.SAY_NOTHING
    same_total = one[1] == other[1] or None in (one[1], other[1])
    if same_total and other[0] > one[0]:
        return _Numbers.GO_ON
    return _Numbers.BREAK


def _new_headings(before: Leaf, leaf: Leaf) -> bool:
    if before.looks is None or leaf.looks is None or len(leaf.looks.headings) < _HEADINGS_LEAST:
        return False
    return shared(before.looks.headings | before.looks.running, leaf.looks.headings) < _SAME_HEADINGS
