"""Who is confusable with whom in a given index: worked out from the rows alone, so that any CSV will do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable

from .names import without_accents
from .person import Person


def folded(text: str) -> str:
    """Letters only, small, without accents."""
    return "".join(c for c in without_accents(text).lower() if c.isalpha())


class PatientIndex:
    """The people of one CSV, with the groups that cases are drawn from."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.people = tuple(people)
        self.by_mrn = {person.mrn: person for person in self.people}
        self._homes = _grouped(self.people, lambda p: (p.address, p.zip) if p.address else None)
        self._names = _grouped(self.people, lambda p: (folded(p.last_name), folded(p.first_name)))
        self._births = _grouped(self.people, lambda p: p.birth_date)
        self._socials = _grouped(self.people, lambda p: (p.ssn_last4, p.birth_date) if p.ssn_last4 else None)

    def household(self, person: Person) -> tuple[Person, ...]:
        """The others at this address."""
        return tuple(p for p in self._homes.get((person.address, person.zip), ()) if p.mrn != person.mrn)

    def namesakes(self, person: Person) -> tuple[Person, ...]:
        """Others of the same first and last name."""
        key = (folded(person.last_name), folded(person.first_name))
        return tuple(p for p in self._names.get(key, ()) if p.mrn != person.mrn)

    def twins(self, person: Person) -> tuple[Person, ...]:
        """Others of this family name, birth date and another given name."""
        return tuple(
            p
            for p in self._births.get(person.birth_date, ())
            if folded(p.last_name) == folded(person.last_name)
            and folded(p.first_name) != folded(person.first_name)
            and p not in self.duplicates(person)
        )

    def duplicates(self, person: Person) -> tuple[Person, ...]:
        """Other registrations of the same human: birth date and SSN digits are the same."""
        if not person.ssn_last4:
            return ()
        return tuple(p for p in self._socials[(person.ssn_last4, person.birth_date)] if p.mrn != person.mrn)

    def born_on(self, person: Person) -> tuple[Person, ...]:
        """Others of the same birth date."""
        return tuple(p for p in self._births.get(person.birth_date, ()) if p.mrn != person.mrn)

    def mrn_slips(self, person: Person) -> tuple[Person, ...]:
        """Strangers whose record number is one digit or one swap away."""
        found = []
        for slip in one_slip_away(person.mrn):
            other = self.by_mrn.get(slip)
            if other and other.address != person.address and folded(other.last_name) != folded(person.last_name):
                found.append(other)
        return tuple(found)

    def is_newborn(self, person: Person) -> bool:
        """Registered as BABY GIRL or BABY BOY."""
        return person.first_name.upper().startswith("BABY ")

    def mother(self, baby: Person) -> Person | None:
        """A woman of child-bearing age at the same address with the same family name."""
        for other in self.household(baby):
            years = baby.birth_date.year - other.birth_date.year
            if other.sex == "F" and 14 <= years <= 50 and folded(other.last_name) == folded(baby.last_name):
                return other
        return None


def one_slip_away(number: str) -> list[str]:
    """Every number that differs by one digit or by two neighbours swapped."""
    slips = [number[:i] + d + number[i + 1 :] for i in range(len(number)) for d in "0123456789" if d != number[i]]
    swaps = [number[:i] + number[i + 1] + number[i] + number[i + 2 :] for i in range(len(number) - 1)]
    return [s for s in (*slips, *swaps) if s != number]


def _grouped(people: tuple[Person, ...], key: object) -> dict[Hashable, list[Person]]:
    groups: dict[Hashable, list[Person]] = defaultdict(list)
    for person in people:
        value = key(person)  # type: ignore[operator]
        if value is not None:
            groups[value].append(person)
    return groups
