"""Keys by which a change of a patient finds the documents that it could concern, without looking at the others.

A document has keys made of what its pages say and of whom its decision weighed; a patient asks for the keys that such
pages would have. They share one where a number is the same, where a birth date is the same and one of the names begins
alike, where name and birth date are the same but for a slip of the date, or where the decision named the patient.

Promises: pure, and the same in every process; one slip of the reader in either name or in the date is no reason to miss
a document, slips in all of them are. A key that is shared by chance costs a look and changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.model import Finding, Role
from matchers.dates import LATEST_BIRTH, read_dates
from matchers.decision import Candidate
from matchers.index.keys import date_key, date_neighbours
from matchers.names import name_words, parse_name, patient_name
from matchers.numbers import normalise_identifier, without_leading_zeros
from matchers.patient import Field, Patient

_PATIENTS = (Role.PATIENT, Role.NEWBORN)
_NUMBERS = (Field.MRN, Field.ACCOUNT_NUMBER)
_MOST = 24  # names or dates of one document: a long one repeats itself


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientKeys:
    """What a patient asks for. `names`: the patient by name and birth date; `numbers` and `weighed`: as they say."""

    numbers: frozenset[int]
    names: frozenset[int]
    weighed: frozenset[int]


def keys_of_document(
    findings: Iterable[Finding], candidates: Iterable[Candidate], mrns: Iterable[str | None]
) -> frozenset[int]:
    """The keys of what pages say, of the candidates and the patients that their vetoes name, and of `mrns`."""
    held = tuple(findings)
    own = [finding for finding in held if finding.role in _PATIENTS]
    names = _names_read(finding for finding in own if finding.field is Field.NAME)
    dates = _dates_read(finding for finding in own if finding.field is Field.BIRTH_DATE)
    told = set(_number_keys(text for finding in held if finding.field in _NUMBERS for text in _texts(finding)))
    told.update(_begin_keys(dates, names) if names else (f"d{day}" for day in dates))
    told.update(f"n{surname} {given} {day}" for surname, given in names for day in dates or [0])
    weighed = {candidate.mrn for candidate in candidates}
    weighed |= {veto.other_mrn for candidate in candidates for veto in candidate.vetoes if veto.other_mrn is not None}
    told.update(f"p{mrn}" for mrn in weighed | set(mrns) if mrn is not None)
    return frozenset(map(_hashed, told))


def keys_of_patient(patient: Patient) -> PatientKeys:
    """The keys that documents of this patient, or of somebody who could be taken for them, have."""
    name = patient_name(patient)
    former = ["".join(name_words(one)) for one in patient.former_last_names]
    families = dict.fromkeys(filter(None, (name.surname, *name.family, *former)))
    givens = dict.fromkeys(filter(None, (name.given, *name.middle)))
    pairs = [(family, given) for family in families for given in givens]
    pairs += [(given, family) for family, given in pairs]
    born = date_key(patient.birth_date)
    days = (0, born, *date_neighbours(patient.birth_date))
    told = {f"d{born}", *_begin_keys([born], pairs)}
    told.update(f"n{family} {given} {day}" for family, given in pairs for day in days)
    numbers = (patient.mrn, *(other.value for other in patient.other_mrns), *patient.account_numbers)
    weighed = [f"p{mrn}" for mrn in (patient.mrn, patient.merged_into) if mrn is not None]
    return PatientKeys(
        numbers=number_keys(numbers),
        names=frozenset(map(_hashed, told)),
        weighed=frozenset(map(_hashed, weighed)),
    )


def number_keys(numbers: Iterable[str]) -> frozenset[int]:
    """The keys of documents on which one of these numbers stands."""
    return frozenset(map(_hashed, _number_keys(numbers)))


def _begin_keys(days: Collection[int], names: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A birth date, with the letter that either name begins with."""
    for surname, given in names:
        for day in days:
            yield f"d{day} s{surname[:1]}"
            yield f"d{day} g{given[:1]}"


def _number_keys(numbers: Iterable[str]) -> Iterator[str]:
    for text in numbers:
        number = without_leading_zeros(normalise_identifier(text)) if text else ""
        if number:
            yield f"m{number}"


def _names_read(findings: Iterable[Finding]) -> Sequence[tuple[str, str]]:
    read = (name for finding in findings for text in _texts(finding) for name in parse_name(text))
    pairs = dict.fromkeys((name.surname, name.given) for name in read if name.surname or name.given)
    return list(pairs)[:_MOST]


def _dates_read(findings: Iterable[Finding]) -> Sequence[int]:
    read = (day for finding in findings for text in _texts(finding) for day in _dates(text))
    return list(dict.fromkeys(map(date_key, read)))[:_MOST]


def _dates(text: str) -> tuple[date, ...]:
    return read_dates(text, born_before=LATEST_BIRTH)


def _texts(finding: Finding) -> Iterator[str]:
    yield finding.value
    yield finding.raw
    yield from (other.value for other in finding.alternatives)


def _hashed(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
