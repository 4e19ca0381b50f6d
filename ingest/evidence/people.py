"""Does a scan plainly show two patients?

Promise: pure, in a clerk's words with page numbers. "Plainly" means two well-read values of the patient's own
that differ by more than misreading explains: other MRNs, other birth dates, or other people's names. A doubt
is left to the matcher, which holds every page against the chosen patient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

from rapidfuzz.distance import OSA, JaroWinkler

from ingest.evidence.dates import as_date
from ingest.evidence.identity import patient_role
from ingest.model import Finding
from matchers.lookalikes import difference
from matchers.normalise import PersonName, normalise_identifier, parse_name, without_leading_zeros
from matchers.patient import Field

_WELL_READ = 0.9
_VERY_WELL_READ = 0.97


def two_people(findings: Iterable[Finding]) -> str | None:
    """Why the findings of one scan speak of two patients, or None."""
    held = tuple(findings)
    owner = patient_role(held)
    own = [finding for finding in held if finding.role is owner and finding.confidence >= _WELL_READ]
    kinds: tuple[tuple[Field, str, Callable[[Finding, Finding], bool]], ...] = (
        (Field.MRN, "MRNs", _other_number),
        (Field.BIRTH_DATE, "birth dates", _other_day),
        (Field.NAME, "names", _other_person),
    )
    for field, plural, differ in kinds:
        pair = _first_pair([finding for finding in own if finding.field is field], differ)
        if pair is not None:
            one, other = sorted(pair, key=lambda finding: finding.page)
            return (
                f"The scan shows two patients' {plural}: {one.value} on page {one.page}"
                f" and {other.value} on page {other.page}."
            )
    return None


def _first_pair(
    findings: Sequence[Finding], differ: Callable[[Finding, Finding], bool]
) -> tuple[Finding, Finding] | None:
    """The first two findings that differ; each distinct value is looked at once."""
    distinct: dict[str, Finding] = {}
    for finding in findings:
        held = distinct.get(finding.value)
        if held is None or finding.confidence > held.confidence:
            distinct[finding.value] = finding
    return next((pair for pair in combinations(distinct.values(), 2) if differ(*pair)), None)


def _other_number(one: Finding, other: Finding) -> bool:
    first, second = (without_leading_zeros(normalise_identifier(finding.value)) for finding in (one, other))
    apart = difference(first, second)
    if apart.equal or apart.lookalike:
        return False
    if first in second or second in first:  # a piece was cut off by a fold or a stamp
        return False
    return apart.edits >= 2 or min(one.confidence, other.confidence) >= _VERY_WELL_READ


def _other_day(one: Finding, other: Finding) -> bool:
    first, second = as_date(one.value), as_date(other.value)
    if first is None or second is None or first == second:
        return False
    if (first.month, first.day) == (second.day, second.month) and first.year == second.year:
        return False
    if (first.month, first.day) == (second.month, second.day) and (first.year - second.year) % 100 == 0:
        return False
    changed = OSA.distance(f"{first:%Y%m%d}", f"{second:%Y%m%d}")
    return changed >= 2 or min(one.confidence, other.confidence) >= _VERY_WELL_READ


def _other_person(one: Finding, other: Finding) -> bool:
    """No way of reading the two names makes them one person's."""
    ones, others = _readings(one.raw), _readings(other.raw)
    if not ones or not others or _married(ones[0], others[0]):
        return False
    return not any(_compatible(first, second) for first in ones for second in others)


def _readings(raw: str) -> tuple[PersonName, ...]:
    """The ways of reading a name, save those that go against its comma."""
    return tuple(name for name in parse_name(raw) if not name.out_of_order)


def _compatible(one: PersonName, other: PersonName) -> bool:
    """Whether two names can be one person's: the given names agree, or one is among the other's words."""
    if not one.given or not other.given:
        return True
    ones, others = _words(one), _words(other)
    if _alike(one.given, other.given):
        return _alike(one.surname, other.surname) or any(_alike(a, b) for a in one.family for b in others)
    if not _alike(one.surname, other.surname):
        return False
    return any(_alike(one.given, word) for word in others) or any(_alike(other.given, word) for word in ones)


def _married(one: PersonName, other: PersonName) -> bool:
    """Another family name with the same given name in full may be a maiden name: a doubt, not two people."""
    return len(one.given) > 1 and one.given == other.given


def _words(name: PersonName) -> tuple[str, ...]:
    return (*name.family, name.given, *name.middle)


def _alike(one: str, other: str) -> bool:
    if not one or not other:
        return True
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    shorter, longer = sorted((one, other), key=len)
    if longer.startswith(shorter) and len(shorter) >= 3:
        return True
    return JaroWinkler.similarity(one, other) >= 0.82 or difference(one, other).unexplained <= 1
