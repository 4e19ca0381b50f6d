"""What a page would say of its patient, could it be read: labels whose values are missing or garbled.

Promise: pure. A page that names nobody because it says nothing, and one that names somebody whom OCR could
not read, are told apart: the second must not be filed on what its neighbours or a sticker say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from rapidfuzz.distance import OSA

from ingest.evidence.find import PageEvidence
from ingest.evidence.label_rests import is_the_label
from ingest.evidence.labels import Labels, Meaning
from ingest.evidence.legibility import legibility
from ingest.evidence.page_numbers import page_number_of
from ingest.evidence.scraps import alike, may_be_date, names_a_relative
from ingest.evidence.spotting import Hit
from ingest.evidence.strangers import early_dates_on, numbers_on, strangers_on
from ingest.evidence.written import promised_by, written_on
from ingest.model import Finding, Role
from matchers.patient import Field

_IDENTITY = (Meaning.NAME, Meaning.LAST_NAME, Meaning.BIRTH_DATE, Meaning.MRN)
_READ = 0.5
NAMED = 0.5
"""How sure a finding is at least by which a page names somebody."""
_STICKER = "sticker"  # so begins the place of what stands in a compact block
_SAYS_SOMETHING = 0.3  # a name behind a label that may be none is less
_NUMBER_ALIKE = 0.7  # of two numbers: digits misread, or lost
_WRITTEN = 0.1  # a date has digits and strokes, whatever they are
_LEGIBLE = 0.8  # mean confidence of a page's letters; typed pages that people read with ease lie above


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """What could not be read on one page.

    `labels` counts the kinds of the patient's identity labels without a value; `written` is what OCR made of
    the writing beside the label of a name that it read as no name, or as one without any certainty: as the
    first engine has it, then as the second. `legible` is false when the page as a whole read badly, `dark` is true when
    an area of it is too dark to be read at all, `begins` when it says that it is the first page of a document.
    `strangers` are names that stand on it without a label, and are nobody's who is known, `early` are dates that do,
    long before its others, `numbers` are those that look like the site's medical record numbers.
    """

    page: int
    labels: int
    written: tuple[tuple[str, ...], ...]
    legible: bool
    dark: bool
    begins: bool
    strangers: tuple[str, ...]
    early: tuple[str, ...]
    numbers: tuple[str, ...]


def find_unread(evidence: PageEvidence, labels: Labels) -> Unread:
    """The identity that one page promises and does not give."""
    artefact, page = evidence.artefact, promised_by(evidence.read, labels)
    return Unread(
        page=artefact.page,
        labels=len({_kind(hit) for hit in page.empty if hit.meaning in _IDENTITY}),
        written=written_on(evidence, page, labels),
        legible=(legibility(artefact.words) or 0.0) >= _LEGIBLE,
        dark=bool(artefact.dark),
        begins=(counted := page_number_of(page.layout)) is not None and counted.number == 1,
        strangers=tuple(strangers_on(evidence.read, labels)),
        early=tuple(early_dates_on(evidence.read, evidence.site)),
        numbers=tuple(numbers_on(evidence.read, evidence.site)),
    )


class Suspicion(Enum):
    """Why a page may be somebody else's who could not be read."""

    HIDES_SOMEBODY = auto()
    BEGINS_ANEW = auto()
    WRITTEN_OTHERWISE = auto()
    NAMES_ANOTHER = auto()
    BORN_OTHERWISE = auto()
    DATED_OTHERWISE = auto()
    NUMBERED_OTHERWISE = auto()
    TOO_DARK = auto()
    READS_BADLY = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenFor:
    """Who a page's patient is taken for: what paper may call them, when they were born, and their number.

    A name read as surely as `heard_from` (the matching policy's `weak_below`) contradicts by itself.
    """

    names: tuple[str, ...]
    born: date
    mrn: str
    heard_from: float


def suspicion_of(
    unread: Unread, findings: tuple[Finding, ...], taken_for: TakenFor, *, named: bool, alone: bool, first: bool
) -> Suspicion | None:
    """The first that speaks against a page of a document with these `findings`.

    `named`: a name, birth date or MRN on the page is that of whom it is taken for; what agrees with nobody, like a
    visit's date taken for a birth's, names nobody. `alone` and `first` say whether other pages belong to the document,
    and stand before it.
    """
    names = taken_for.names
    if not alone and hides_somebody(unread, named=named):
        return Suspicion.HIDES_SOMEBODY
    if not alone and numbered_otherwise(unread, findings, taken_for.mrn, named=named):
        return Suspicion.NUMBERED_OTHERWISE
    if not first and begins_anew(unread, named=named):
        return Suspicion.BEGINS_ANEW
    if written_otherwise(unread, findings, names, heard_from=taken_for.heard_from):
        return Suspicion.WRITTEN_OTHERWISE
    if names_another(unread, findings, names, named=named):
        return Suspicion.NAMES_ANOTHER
    if born_otherwise(unread, findings, names, taken_for.born):
        return Suspicion.BORN_OTHERWISE
    if dated_otherwise(unread, findings, names, taken_for.born):
        return Suspicion.DATED_OTHERWISE
    if may_be_anothers(unread, findings, names, named=named):
        return Suspicion.TOO_DARK if unread.legible else Suspicion.READS_BADLY
    return None


def hides_somebody(unread: Unread, *, named: bool) -> bool:
    """Whether a page that does not name its patient may well name somebody who could not be read."""
    return not named and (not unread.legible or unread.dark or unread.labels >= 2)


def numbered_otherwise(unread: Unread, findings: tuple[Finding, ...], mrn: str, *, named: bool) -> str | None:
    """The number behind a label of a page that does not name its patient, or one without a label that looks like a
    medical record number, where it is unlike the patient's and stands on no other page of the document, as another
    hospital's number for them would."""
    if named:
        return None
    numbers = [one for one in findings if one.field is Field.MRN and one.role is Role.PATIENT]
    elsewhere = {one.value for one in findings if one.page != unread.page}
    own = (one for one in numbers if one.page == unread.page and one.label is not None)
    said = ((one.value, *_other_reading(one)) for one in own if one.confidence >= _SAYS_SOMETHING)
    unlike = (
        texts[0]
        for texts in (*said, *((number,) for number in unread.numbers))
        if texts[0] not in elsewhere and all(OSA.normalized_similarity(text, mrn) < _NUMBER_ALIKE for text in texts)
    )
    return next(unlike, None)


def begins_anew(unread: Unread, *, named: bool) -> bool:
    """Whether a page that does not name its patient says that it is the first of a document: not that of the pages
    before it."""
    return unread.begins and not named


def written_otherwise(
    unread: Unread, findings: tuple[Finding, ...], names: tuple[str, ...], *, heard_from: float
) -> str | None:
    """The writing of the name on the form, where it looks like none of `names`.

    None where the page itself names its patient behind a label: as one of `names`, or so surely (`heard_from`, the
    matching policy's `weak_below`) that another name contradicts by itself. What has no label may be an imprint, or a
    label stuck on: such a one may be a relative's.
    """
    here = [finding for finding in findings if finding.page == unread.page and finding.field is Field.NAME]
    own = [finding for finding in here if _names_on_the_form(finding)]
    stuck = any(finding not in own and alike((finding.raw,), names) for finding in here)

    def may_be(*readings: str) -> bool:
        return alike(readings, names) and not (stuck and names_a_relative(readings, names))

    if any(one.confidence >= heard_from or (one.confidence >= _READ and may_be(one.raw)) for one in own):
        return None
    told = {text for texts in unread.written for text in texts}  # there both readings stand together
    heard = (one for one in own if one.confidence >= _SAYS_SOMETHING and one.raw not in told)
    unsure = ((one.raw, *_other_reading(one)) for one in heard if not is_the_label(one.raw))
    return next((texts[0] for texts in (*unread.written, *unsure) if not may_be(*texts)), None)


def names_another(unread: Unread, findings: tuple[Finding, ...], names: tuple[str, ...], *, named: bool) -> str | None:
    """A name that stands on the form without a label and looks like none of `names`, where no label of the form names
    the patient, but a sticker or an imprint; or, family name first, on a page that does not name them at all."""
    here = any(one.page == unread.page and one.field is Field.NAME and alike((one.raw,), names) for one in findings)
    if named_on_the_form(unread.page, findings, names) or (named and not here):
        return None
    others = (name for name in unread.strangers if here or "," in name)
    return next((name for name in others if not alike((name,), names)), None)


def born_otherwise(unread: Unread, findings: tuple[Finding, ...], names: tuple[str, ...], born: date) -> str | None:
    """The birth date behind a label of the form that looks like none of `born`, where no label names the patient."""
    if named_on_the_form(unread.page, findings, names):
        return None
    here = [finding for finding in findings if finding.page == unread.page and finding.label is not None]
    dates = (
        (one.raw, *_other_reading(one))
        for one in here
        if one.field is Field.BIRTH_DATE and one.role is Role.PATIENT and one.confidence >= _WRITTEN
    )
    return next((texts[0] for texts in dates if not any(may_be_date(text, born) for text in texts)), None)


def dated_otherwise(unread: Unread, findings: tuple[Finding, ...], names: tuple[str, ...], born: date) -> str | None:
    """An early date without a label that looks like none of `born`, where the patient is named on the page, but by no
    label of the form, nor their birth date told behind one."""
    here = [one for one in findings if one.page == unread.page]
    named = any(one.field is Field.NAME and alike((one.raw,), names) for one in here)
    told = any(
        may_be_date(text, born)
        for one in here
        if one.field is Field.BIRTH_DATE and one.label is not None and not one.place.startswith(_STICKER)
        for text in (one.raw, *_other_reading(one))
    )
    if told or not named or named_on_the_form(unread.page, findings, names):
        return None
    return next((text for text in unread.early if not may_be_date(text, born)), None)


def may_be_anothers(unread: Unread, findings: tuple[Finding, ...], names: tuple[str, ...], *, named: bool) -> bool:
    """Whether a page reads so badly that whoever its form names may have gone unseen: its patient stands on it without
    a label, as on a sticker or an imprint, and no label on it, of any role, nor on another page names them too. So may
    they on a page that reads well, in an area too dark to be read, where its patient stands on stickers only.
    """
    theirs = [finding for finding in findings if finding.field is Field.NAME and alike((finding.raw,), names)]
    here = [finding for finding in theirs if finding.page == unread.page]
    labelled = any(finding.label is not None for finding in theirs)
    stuck = bool(here) and all(finding.place.startswith(_STICKER) for finding in here)
    return (not unread.legible or (unread.dark and stuck)) and not labelled and bool(here or named)


def named_on_the_form(page: int, findings: tuple[Finding, ...], names: tuple[str, ...]) -> bool:
    """Whether a label of the form itself names, on that page, whom it is taken for: no sticker does, no imprint."""
    own = (one for one in findings if one.page == page and one.field is Field.NAME and _names_on_the_form(one))
    return any(alike((one.raw,), names) for one in own)


def _names_on_the_form(name: Finding) -> bool:
    return name.role is Role.PATIENT and name.label is not None and not name.place.startswith(_STICKER)


def _other_reading(finding: Finding) -> tuple[str, ...]:
    return () if finding.other_reading is None else (finding.other_reading,)


def _kind(hit: Hit) -> Meaning | None:
    return Meaning.NAME if hit.meaning is Meaning.LAST_NAME else hit.meaning
