"""The patient index: opened in milliseconds, shared by all workers, never changed in place.

A segment holds the patients of one build. Changes since then lie over it in a small layer in memory,
and the rows they replace are left out. An index is a value: with new changes it is a new one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from matchers.index.build import segment_of
from matchers.index.expansion import expand
from matchers.index.layer import Layer
from matchers.index.population import IndexPopulation
from matchers.index.probes import probe
from matchers.index.searching import understand
from matchers.index.segment import Array, Segment, read_segment
from matchers.names import shows_provider
from matchers.patient import Identifiers, OtherMrn, Patient

_CANDIDATES: Final = 48
_USUAL_SIZE: Final = 1_000_000
"""A larger index has more people who look alike: the limit grows with its size to the power of 0.32."""
_MOST_EQUALS: Final = 512
_FEWEST: Final = 10
_SHARE_OF_BEST: Final = 0.6
_SEARCHED: Final = 2000
_PREFIX_POINTS: Final = 6.0
_MOST_MERGERS: Final = 8


class PatientIndex:
    """All patients of one generation, searchable by noisy identifiers.

    Immutable; safe to share between threads, and between processes by opening the same file.
    """

    def __init__(self, segment: Segment) -> None:
        """Takes a segment as `build_index` writes it; raises `SegmentDamaged` for any other."""
        self._set((Layer(segment),), generation=int(segment.meta.get("generation", 0)), changes=())

    def _set(self, layers: tuple[Layer, ...], *, generation: int, changes: tuple[Patient, ...]) -> None:
        self._layers = layers
        self._starts = np.cumsum([0, *(len(layer.row_date) for layer in layers)])
        self._generation = generation
        self._changes = changes
        self._population = IndexPopulation.of(layers)
        self._most_candidates = int(_CANDIDATES * max(1.0, self._population.size / _USUAL_SIZE) ** 0.32)

    @classmethod
    def open(cls, path: Path, *, check_content: bool = True) -> PatientIndex:
        """Maps the index at `path`. Raises `SegmentDamaged` or `OSError`; see `read_segment`."""
        return cls(read_segment(path, check_content=check_content))

    @classmethod
    def of(cls, patients: Iterable[Patient], *, generation: int = 1) -> PatientIndex:
        """An index in memory, for libraries and tests: the same answers as one on disk."""
        return cls(segment_of(patients, generation=generation))

    def with_changes(
        self, changed: Iterable[Patient], *, generation: int, removed: Collection[str] = ()
    ) -> PatientIndex:
        """The index as it is after some changes; this one stays as it was.

        `changed` are whole registrations, new or in place of those with their MRN; `removed` are MRNs
        that no longer exist. Costs time in proportion to all changes since the build (some 30 µs each):
        build the index again when they become many (`overlaid`).
        """
        base = self._layers[0]
        latest = {patient.mrn: patient for patient in (*self._changes, *changed)}
        gone = [row for mrn in {*latest, *removed} for row in base.exact_rows(mrn)]
        changes = tuple(patient for mrn, patient in latest.items() if mrn not in removed)
        whole = PatientIndex.__new__(PatientIndex)
        overlay = (Layer(segment_of(changes, generation=generation)),) if changes else ()
        whole._set((base.without(gone), *overlay), generation=generation, changes=changes)
        return whole

    @property
    def generation(self) -> int:
        """The number its builder gave it, or its last change; stands on every decision."""
        return self._generation

    @property
    def built_generation(self) -> int:
        """The generation of the segment beneath all later changes."""
        return self._layers[0].generation

    @property
    def overlaid(self) -> int:
        """How many changed registrations lie over the segment."""
        return len(self._changes)

    @property
    def population(self) -> IndexPopulation:
        """Counts of names, birth dates and issued numbers."""
        return self._population

    def __len__(self) -> int:
        return self._population.size

    def candidates(self, identifiers: Identifiers) -> tuple[Patient, ...]:
        """The patients who might be meant, likeliest first: at most 48 (of ten million 100), or all who fit
        best equally well (at most 512), and always those who own an MRN or account number exactly as
        printed. Empty when nothing usable is given.

        A merged registration stands as a second view of its survivor, under the survivor's MRN.
        """
        rows = self._likeliest(identifiers)
        patients_own = tuple(reading for reading in identifiers.names if not shows_provider(reading.value))
        if len(patients_own) < len(identifiers.names):
            # Where a doctor's name stands in the patient's place, everything else is asked by itself too.
            rows = np.concatenate((rows, self._likeliest(replace(identifiers, names=patients_own))))
        return tuple(self._view(row) for row in dict.fromkeys(rows.tolist()))

    def _likeliest(self, identifiers: Identifiers) -> Array:
        """Rows of the candidates, likeliest first."""
        rows, points, owners = self._scored(identifiers)
        if not len(rows):
            return rows
        order = np.lexsort((rows, -points))
        enough = max(_FEWEST, int(np.count_nonzero(points >= points.max() * _SHARE_OF_BEST)))
        # Of equals none is left out by the order of the rows: a page may say no more than a birth date.
        equals = int(np.count_nonzero(points == points.max()))
        best = order[: max(min(self._most_candidates, enough), min(_MOST_EQUALS, equals))]
        owned = np.flatnonzero(owners)
        missed = owned[~np.isin(owned, best)] if len(owned) else owned
        found: Array = rows[np.concatenate((best, missed))]
        return found

    def patient(self, mrn: str) -> Patient | None:
        """The registration with exactly this MRN (as registered, or in plain form), or None; of a retired
        MRN the registration that took it over."""
        found = self._registered(mrn)
        return None if found is None else self._survivor(found)

    def search(self, text: str, limit: int = 20) -> tuple[Patient, ...]:
        """Patients for any mix of name, birth date, MRN and phone, best first; the beginning of a name
        and a typing error are enough. At most `limit`."""
        wanted = understand(text)
        rows, points, _ = self._scored(wanted.identifiers)
        begun = self._beginning(wanted.words)
        rows, inverse = np.unique(np.concatenate([rows, begun]), return_inverse=True)
        weights = np.concatenate([points, np.full(len(begun), _PREFIX_POINTS)])
        total = np.bincount(inverse.reshape(-1), weights=weights, minlength=len(rows))
        order = np.lexsort((rows, -total))
        found = dict.fromkeys(self._survivor(self._row(row)) for row in rows[order[total[order] > 0]][:limit].tolist())
        return tuple(found)

    def _scored(self, identifiers: Identifiers) -> tuple[Array, Array, Array]:
        """(rows over all layers, their points, which own a number as printed)."""
        asked = expand(identifiers, self._population)
        found = [probe(layer, asked) for layer in self._layers]
        rows = [part.rows + start for part, start in zip(found, self._starts[:-1], strict=True)]
        return (
            np.concatenate(rows),
            np.concatenate([part.points for part in found]),
            np.concatenate([part.owners for part in found]),
        )

    def _beginning(self, words: tuple[str, ...]) -> Array:
        """Rows of people one of whose names begins as typed, once for each word."""
        found = [np.empty(0, np.int64)]
        for layer, start in zip(self._layers, self._starts[:-1].tolist(), strict=True):
            for word in words:
                for dictionary, column in ((layer.surnames, layer.row_surname), (layer.givens, layer.row_given)):
                    numbers = dictionary.beginning(word)
                    hit = np.flatnonzero((column >= numbers.start) & (column < numbers.stop))
                    found.append(hit[layer.present(hit)][:_SEARCHED] + start)
        return np.concatenate(found)

    def _row(self, row: int) -> Patient:
        at = int(np.searchsorted(self._starts, row, side="right")) - 1
        return self._layers[at].patient(row - int(self._starts[at]))

    def _registered(self, mrn: str) -> Patient | None:
        found = [layer.patient(row) for layer in self._layers for row in layer.rows_of(mrn)[:1]]
        exact = [patient for patient in found if patient.mrn == mrn]
        return next(iter((*exact, *found)), None)

    def _survivor(self, patient: Patient) -> Patient:
        """Who a registration was merged into, in the end; itself when it was not, or to nobody known."""
        end = patient
        for _ in range(_MOST_MERGERS):
            if end.merged_into is None:
                return end
            into = self._registered(end.merged_into)
            if into is None:
                break
            end = into
        return patient

    def _view(self, row: int) -> Patient:
        """A row as a candidate: a merged registration speaks for its survivor."""
        patient = self._row(row)
        if patient.merged_into is None:
            return patient
        survivor = self._survivor(patient)
        if survivor is patient:
            return patient
        return replace(
            patient,
            mrn=survivor.mrn,
            active=survivor.active,
            account_numbers=tuple(dict.fromkeys((*patient.account_numbers, *survivor.account_numbers))),
            other_mrns=tuple(dict.fromkeys((OtherMrn(value=patient.mrn), *survivor.other_mrns))),
        )
