"""What is known of the people in the index as a whole: counts, and the numbers that this site issues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final, Protocol

from matchers.names import patient_name
from matchers.numbers import normalise_identifier, shape_of, spellings
from matchers.patient import Patient

_LEAST_SHARE: Final = 0.002


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedNumbers:
    """MRNs of one shape: how many, the lowest and the highest (as text of equal length)."""

    count: int
    lowest: str
    highest: str


class Population(Protocol):
    """Counts over an index. Names are folded joined words; an unknown value counts 0. Never raises."""

    @property
    def size(self) -> int:
        """Registrations in the index."""
        ...

    @property
    def issued(self) -> Mapping[str, IssuedNumbers]:
        """The site's MRNs by shape ("9999999")."""
        ...

    def surname_count(self, surname: str) -> int:
        """Registrations with that family name."""
        ...

    def given_count(self, given: str) -> int:
        """Registrations with that given name."""
        ...

    def birth_date_count(self, birth_date: date) -> int:
        """Registrations with that birth date."""
        ...


def usual_shapes(population: Population) -> tuple[str, ...]:
    """The shapes of MRN that this site issues as a rule, commonest first."""
    usual = [(numbers.count, shape) for shape, numbers in population.issued.items() if _is_usual(population, numbers)]
    return tuple(shape for _, shape in sorted(usual, reverse=True))


def could_be_issued(population: Population, mrn: str) -> bool:
    """True when this site could have issued the number: a usual shape, between lowest and highest."""
    numbers = population.issued.get(shape_of(mrn))
    if numbers is None or not _is_usual(population, numbers):
        return False
    return numbers.lowest <= mrn <= numbers.highest


def _is_usual(population: Population, numbers: IssuedNumbers) -> bool:
    return numbers.count >= _LEAST_SHARE * population.size


def plausible_mrn(population: Population, text: str) -> str:
    """A printed MRN in plain form; letters turn into digits where only then the site knows its shape."""
    plain = normalise_identifier(text)
    return next((form for form in spellings(plain) if shape_of(form) in population.issued), plain)


@dataclass(slots=True)
class IssuedCount:
    """Counts normalised MRNs by their shape, one at a time."""

    _shapes: dict[str, list[str]] = field(default_factory=dict)
    _counts: Counter[str] = field(default_factory=Counter)

    def add(self, mrn: str) -> None:
        """One more."""
        shape = shape_of(mrn)
        self._counts[shape] += 1
        bounds = self._shapes.get(shape)
        if bounds is None:
            self._shapes[shape] = [mrn, mrn]
        elif mrn < bounds[0]:
            bounds[0] = mrn
        elif mrn > bounds[1]:
            bounds[1] = mrn

    def remove(self, mrn: str) -> None:
        """One that was counted twice."""
        self._counts[shape_of(mrn)] -= 1

    def counted(self) -> Mapping[str, IssuedNumbers]:
        """The shapes with their counts and ranges."""
        return MappingProxyType(
            {s: IssuedNumbers(count=self._counts[s], lowest=b[0], highest=b[1]) for s, b in self._shapes.items()}
        )


def count_issued(mrns: Iterable[str]) -> Mapping[str, IssuedNumbers]:
    """The shapes of normalised MRNs with their counts and ranges."""
    count = IssuedCount()
    for mrn in mrns:
        count.add(mrn)
    return count.counted()


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedPopulation:
    """A population counted in memory."""

    size: int
    issued: Mapping[str, IssuedNumbers]
    surnames: Mapping[str, int] = field(repr=False)
    givens: Mapping[str, int] = field(repr=False)
    birth_dates: Mapping[date, int] = field(repr=False)

    @classmethod
    def of(cls, patients: Iterable[Patient]) -> CountedPopulation:
        """Counts the given registrations."""
        patients = tuple(patients)
        names = [patient_name(patient) for patient in patients]
        return cls(
            size=len(patients),
            issued=count_issued(normalise_identifier(patient.mrn) for patient in patients),
            surnames=Counter(name.surname for name in names),
            givens=Counter(name.given for name in names),
            birth_dates=Counter(patient.birth_date for patient in patients),
        )

    def surname_count(self, surname: str) -> int:
        """Registrations with that family name."""
        return self.surnames.get(surname, 0)

    def given_count(self, given: str) -> int:
        """Registrations with that given name."""
        return self.givens.get(given, 0)

    def birth_date_count(self, birth_date: date) -> int:
        """Registrations with that birth date."""
        return self.birth_dates.get(birth_date, 0)
