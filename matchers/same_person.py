"""Whether two registrations may be one person: the same name, birth date, and nothing against it."""

from __future__ import annotations

from datetime import date

from matchers.givennames import is_nickname
from matchers.lookalikes import difference
from matchers.names import PersonName, name_words, patient_name
from matchers.patient import Patient, Sex


def shared_by_one_person(patient: Patient) -> tuple[date, tuple[str, ...]]:
    """Birth date and name: two registrations that share neither are never possibly one person."""
    name = patient_name(patient)
    return patient.birth_date, (*name.family, "", name.given)


def may_be_one_person(one: Patient, other: Patient) -> bool:
    """True for possible duplicate registrations. Symmetric; a patient is one person with himself.

    Names may differ by one edit, a former name or a nickname, or stand the wrong way round; the birth
    date by one digit or by day and month swapped, but not both name and date.
    """
    first, second = patient_name(one), patient_name(other)
    if one.birth_date == other.birth_date and _turned(first, second):
        return not _apart(one, other, first, second)
    if one.birth_date != other.birth_date:
        if first.given != second.given:
            return False
        exactly_named = (first.family, first.given) == (second.family, second.given)
        return exactly_named and _near_dates(one, other) and not _apart(one, other, first, second)
    if _apart(one, other, first, second) or not _same_given(first, second):
        return False
    surnames = {first.surname, *map(_joined, one.former_last_names)}
    others = {second.surname, *map(_joined, other.former_last_names)}
    return bool(surnames & others) or difference(first.surname, second.surname, limit=1).edits <= 1


def _turned(first: PersonName, second: PersonName) -> bool:
    """Registered once with family and given name the wrong way round."""
    return first.surname == second.given and first.given == second.surname and first.given != second.given


def _apart(one: Patient, other: Patient, first: PersonName, second: PersonName) -> bool:
    """Registered facts that two registrations of one person do not differ in."""
    if first.suffix and second.suffix and first.suffix != second.suffix:
        return True
    if one.ssn_last4 and other.ssn_last4 and one.ssn_last4 != other.ssn_last4:
        return difference(one.ssn_last4, other.ssn_last4, limit=1).edits > 1
    told = (Sex.FEMALE, Sex.MALE)
    return one.sex in told and other.sex in told and one.sex is not other.sex


def _same_given(first: PersonName, second: PersonName) -> bool:
    one, other = first.given, second.given
    if min(len(one), len(other)) <= 1:
        return one[:1] == other[:1]
    return difference(one, other, limit=1).edits <= 1 or is_nickname(one, other)


def _near_dates(one: Patient, other: Patient) -> bool:
    first, second = (f"{p.birth_date:%m%d%Y}" for p in (one, other))
    swapped = first[2:4] + first[:2] + first[4:]
    return swapped == second or difference(first, second, limit=1).edits <= 1


def _joined(name: str) -> str:
    return "".join(name_words(name))
