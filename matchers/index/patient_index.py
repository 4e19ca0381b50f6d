"""The patient index: opened in milliseconds, shared by all workers, never changed in place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np

from matchers.index.build import FORMAT, segment_of
from matchers.index.dictionary import NameDictionary
from matchers.index.keys import KeyTable, date_key, hash_texts, number_key
from matchers.index.probes import Probes
from matchers.index.records import decode
from matchers.index.searching import understand
from matchers.index.segment import Array, Segment, SegmentDamaged, read_segment
from matchers.numbers import normalise_identifier
from matchers.patient import Identifiers, Patient
from matchers.population import IssuedNumbers

_CANDIDATES: Final = 60
_SEARCHED: Final = 2000
_PREFIX_POINTS: Final = 6.0


@dataclass(frozen=True, slots=True)
class IndexPopulation:
    """The counts of an index, looked up in its own arrays (see `Population`)."""

    size: int
    issued: Mapping[str, IssuedNumbers]
    _surnames: NameDictionary
    _givens: NameDictionary
    _dates: KeyTable

    def surname_count(self, surname: str) -> int:
        """Registrations with that family name."""
        return self._surnames.count(surname)

    def given_count(self, given: str) -> int:
        """Registrations with that given name."""
        return self._givens.count(given)

    def birth_date_count(self, birth_date: date) -> int:
        """Registrations with that birth date."""
        return self._dates.count(date_key(birth_date))


class PatientIndex:
    """All patients of one generation, searchable by noisy identifiers.

    Immutable; safe to share between threads, and between processes by opening the same file.
    """

    def __init__(self, segment: Segment) -> None:
        """Takes a segment as `build_index` writes it; raises `SegmentDamaged` for any other."""
        if segment.meta.get("format") != FORMAT:
            raise SegmentDamaged("the patient index has another format; build the index again")
        issued = {shape: IssuedNumbers(**numbers) for shape, numbers in segment.meta["issued"].items()}
        self._generation = int(segment.meta["generation"])
        self._ends = segment.array("record_ends")
        self._records = segment.array("records")
        self._population = IndexPopulation(
            int(segment.meta["patients"]),
            MappingProxyType(issued),
            NameDictionary.of(segment, "surname"),
            NameDictionary.of(segment, "given"),
            KeyTable.of(segment, "date"),
        )
        self._probes = Probes(segment, self._population)
        self._row_given = segment.array("row_given")
        self._row_surname = segment.array("row_surname")

    @classmethod
    def open(cls, path: Path, *, check_content: bool = True) -> PatientIndex:
        """Maps the index at `path`. Raises `SegmentDamaged` or `OSError`; see `read_segment`."""
        return cls(read_segment(path, check_content=check_content))

    @classmethod
    def of(cls, patients: Iterable[Patient], *, generation: int = 1) -> PatientIndex:
        """An index in memory, for libraries and tests: the same answers as one on disk."""
        return cls(segment_of(patients, generation=generation))

    @property
    def generation(self) -> int:
        """The number its builder gave it; stands on every decision."""
        return self._generation

    @property
    def population(self) -> IndexPopulation:
        """Counts of names, birth dates and issued numbers."""
        return self._population

    def __len__(self) -> int:
        return self._population.size

    def candidates(self, identifiers: Identifiers) -> tuple[Patient, ...]:
        """The patients who might be meant, likeliest first: about 60, and always those who own an MRN
        or account number exactly as printed. Empty when nothing usable is given."""
        rows = self._probes.rows(identifiers, most=_CANDIDATES)
        return tuple(self._patient(row) for row in rows.tolist())

    def patient(self, mrn: str) -> Patient | None:
        """The registration with exactly this MRN (as registered, or in plain form), or None."""
        plain = normalise_identifier(mrn)
        rows, _ = self._probes.mrns.find(hash_texts([number_key(plain)] if plain else []), most=1000)
        found = [self._patient(row) for row in rows.tolist()]
        exact = [patient for patient in found if patient.mrn == mrn]
        same = [patient for patient in found if normalise_identifier(patient.mrn) == plain]
        return next(iter((*exact, *same)), None)

    def search(self, text: str, limit: int = 20) -> tuple[Patient, ...]:
        """Patients for any mix of name, birth date, MRN and phone, best first; the beginning of a name
        and a typing error are enough. At most `limit`."""
        wanted = understand(text)
        _, rows, points = self._probes.scored(wanted.identifiers)
        begun, begun_points = self._beginning(wanted.words)
        rows, inverse = np.unique(np.concatenate([rows, begun]), return_inverse=True)
        total = np.bincount(inverse.reshape(-1), weights=np.concatenate([points, begun_points]), minlength=len(rows))
        order = np.lexsort((rows, -total))[:limit]
        return tuple(self._patient(row) for row in rows[order[total[order] > 0]].tolist())

    def _beginning(self, words: tuple[str, ...]) -> tuple[Array, Array]:
        """Rows of people one of whose names begins as typed, with points for each word."""
        found = [np.empty(0, np.uint32)]
        for word in words:
            for dictionary, column in (
                (self._population._surnames, self._row_surname),
                (self._population._givens, self._row_given),
            ):
                numbers = dictionary.beginning(word)
                hit = np.flatnonzero((column >= numbers.start) & (column < numbers.stop))
                found.append(hit[:_SEARCHED].astype(np.uint32))
        rows = np.concatenate(found)
        return rows, np.full(len(rows), _PREFIX_POINTS)

    def _patient(self, row: int) -> Patient:
        start = int(self._ends[row - 1]) if row else 0
        return decode(self._records[start : int(self._ends[row])].tobytes())
