"""What weights are learned from: documents held against their candidates, and against people drawn at random.

Promises: pure; a document costs about a kilobyte, whatever stands on it; the same documents in the same
order make the same sample.

Documents, and not registrations, are held against people at random: two registrations never show a misread
letter, and of several readings on a paper the best one counts against a stranger too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from matchers.compare import Comparer
from matchers.compare_names import frequency_bits
from matchers.decide import resolved
from matchers.estimate import MISSING
from matchers.evidence import Comparison
from matchers.levels import LEVELS_OF, Part
from matchers.names import patient_name
from matchers.patient import Identifiers, Patient
from matchers.population import Population
from matchers.readings import prepare
from matchers.weights import Policy

Array: TypeAlias = NDArray[Any]
PARTS: Final = tuple(Part)
UNDECIDED: Final = -1
_SUSPECTS: Final = 8
"""Further ones have no share in a document's probability."""
_PLACES: Final = {part: {key: at for at, key in enumerate(LEVELS_OF[part])} for part in PARTS}
MOST_LEVELS: Final = max(map(len, LEVELS_OF.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Documents, each with its suspects, best first, and strangers.

    `levels`: shape (documents, suspects, parts), each part's level by its place in `LEVELS_OF`, `MISSING` for
    none. `shifts`: of that shape, bits on top of the level's own (a rare name, words out of order).
    `suspects`: how many of a document's rows hold somebody. `decided`: the row that people chose, or
    `UNDECIDED`. `strangers`: shape (parts, levels), how many pairs of a document and somebody drawn at random
    came to each level. `usual_bits`: what an exact agreement says on average among the people drawn, for
    parts where that follows the population. `people`: size of the index. `stands_for`: for how many documents
    each one speaks, itself included (Horvitz and Thompson 1952); None where each is but itself.
    """

    levels: Array
    shifts: Array
    suspects: Array
    decided: Array
    strangers: Array
    usual_bits: dict[Part, float]
    people: int
    stands_for: Array | None = None


class Sampler:
    """Takes documents one after the other."""

    def __init__(
        self, policy: Policy, population: Population, drawn: Sequence[Patient], *, strangers_each: int
    ) -> None:
        """`drawn` are people drawn at random; each document meets the next `strangers_each` of them."""
        self._policy, self._population = policy, population
        self._drawn, self._each, self._next = tuple(drawn), min(strangers_each, len(drawn)), 0
        self._levels: list[Array] = []
        self._shifts: list[Array] = []
        self._suspects: list[int] = []
        self._decided: list[int] = []
        self._stands_for: list[float] = []
        self._strangers = np.zeros((len(PARTS), MOST_LEVELS), np.int64)

    def add(
        self,
        identifiers: Identifiers,
        candidates: Sequence[Patient],
        person: Patient | None = None,
        *,
        stands_for: float = 1.0,
    ) -> bool:
        """One more document; `person` is whom people gave it to, None when nobody decided; it was drawn from
        `stands_for` of its kind. False when the document says nothing of anybody, and is left out."""
        query = prepare(identifiers, population=self._population, policy=self._policy)
        if query.empty or not (candidates or person):
            return False
        comparer = Comparer.of(query, policy=self._policy, population=self._population)
        known = candidates if person is None else (*candidates, person)
        compared = sorted(resolved(map(comparer.compare, known)), key=lambda c: (-c.bits, c.patient.mrn))
        suspects = compared[:_SUSPECTS]
        chosen = None if person is None else next(c for c in compared if c.patient.mrn == person.mrn)
        if chosen is not None and chosen not in suspects:
            suspects[-1] = chosen
        levels = np.full((_SUSPECTS, len(PARTS)), MISSING, np.int8)
        shifts = np.zeros((_SUSPECTS, len(PARTS)), np.float32)
        for row, comparison in enumerate(suspects):
            for item in comparison.evidence:
                part = PARTS.index(item.part)
                levels[row, part] = _PLACES[item.part][item.level.key]
                shifts[row, part] = item.bits - item.level.bits
        self._levels.append(levels)
        self._shifts.append(shifts)
        self._suspects.append(len(suspects))
        self._decided.append(UNDECIDED if chosen is None else suspects.index(chosen))
        self._stands_for.append(stands_for)
        self._meet_strangers(comparer, chosen or suspects[0])
        return True

    def _meet_strangers(self, comparer: Comparer, meant: Comparison) -> None:
        for _ in range(self._each):
            stranger = self._drawn[self._next % len(self._drawn)]
            self._next += 1
            if stranger.mrn == meant.patient.mrn or stranger.merged_into == meant.patient.mrn:
                continue
            for item in comparer.compare(stranger).evidence:
                self._strangers[PARTS.index(item.part), _PLACES[item.part][item.level.key]] += 1

    def sample(self) -> Sample:
        """All that was added."""
        shape = (0, _SUSPECTS, len(PARTS))
        return Sample(
            levels=np.stack(self._levels) if self._levels else np.empty(shape, np.int8),
            shifts=np.stack(self._shifts) if self._shifts else np.empty(shape, np.float32),
            suspects=np.array(self._suspects, np.int64),
            decided=np.array(self._decided, np.int64),
            strangers=self._strangers.copy(),
            usual_bits=_usual_bits(self._drawn, self._population, self._policy),
            people=max(1, self._population.size),
            stands_for=np.array(self._stands_for),
        )


def _usual_bits(drawn: Sequence[Patient], population: Population, policy: Policy) -> dict[Part, float]:
    """log2(m/u) with the mean share of a value: the chance that somebody else bears it too."""
    said: dict[Part, list[float]] = {Part.FAMILY_NAME: [], Part.GIVEN_NAME: [], Part.BIRTH_DATE: []}
    size = population.size
    for patient in drawn:
        name = patient_name(patient)
        for part, count, ordinary, imagined in (
            (Part.FAMILY_NAME, population.surname_count(name.surname), policy.ordinary_family_name, "people"),
            (Part.GIVEN_NAME, population.given_count(name.given), policy.ordinary_given_name, "people"),
            (
                Part.BIRTH_DATE,
                population.birth_date_count(patient.birth_date),
                policy.ordinary_birth_date,
                "birth_dates",
            ),
        ):
            smoothing = policy.smoothing_people if imagined == "people" else policy.smoothing_birth_dates
            said[part].append(frequency_bits(count, ordinary, size, smoothing, policy))
    return {part: float(-np.log2(np.mean(np.exp2(-np.array(bits))))) for part, bits in said.items() if bits}
