"""What an ideal reader could conclude: which identifiers agree, and whether anybody else fits as well."""

from __future__ import annotations

from collections.abc import Iterable

from .facts import Fact
from .names import NICKNAMES
from .person import Person
from .relations import PatientIndex, folded

SPECIFIC = frozenset({"name", "birth_date", "mrn", "account_number", "ssn_last4"})


def agreeing_fields(facts: Iterable[Fact], person: Person) -> frozenset[str]:
    """The person-specific identifiers of the patient's role that say `person`."""
    found = set()
    for fact in facts:
        if fact.role == "patient" and fact.source == "text" and _agrees(fact, person):
            found.add(fact.field)
    return frozenset(found)


def rivals(facts: Iterable[Fact], person: Person, index: PatientIndex) -> tuple[Person, ...]:
    """Others in the index with whom everything agrees that agrees with `person`."""
    facts = tuple(facts)
    wanted = agreeing_fields(facts, person)
    others = {p.mrn: p for p in (*index.namesakes(person), *index.duplicates(person), *index.born_on(person))}
    return tuple(p for p in others.values() if wanted and agreeing_fields(facts, p) >= wanted)


def _agrees(fact: Fact, person: Person) -> bool:
    match fact.field:
        case "mrn":
            return fact.value == person.mrn
        case "birth_date":
            return fact.value == person.birth_date.isoformat()
        case "account_number":
            return fact.value in person.accounts
        case "ssn_last4":
            return fact.value == person.ssn_last4
        case "name":
            return _same_name(fact.value, person)
    return False


def _same_name(value: str, person: Person) -> bool:
    """`value` is LAST, FIRST …; nicknames and former names are the same name."""
    family, _, given = value.partition(", ")
    families = {folded(person.last_name), folded(person.former_last_name)} - {""}
    known = {folded(n) for n in (person.first_name, *NICKNAMES.get(person.first_name, ()))}
    stripped = {folded(family), folded(family.rsplit(" ", 1)[0]) if person.suffix else folded(family)}
    return bool(stripped & families) and any(folded(given).startswith(name) for name in known if name)
