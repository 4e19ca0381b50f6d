"""The counts of an index, summed over its layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from matchers.index.layer import Layer
from matchers.population import IssuedNumbers


@dataclass(frozen=True, slots=True)
class IndexPopulation:
    """The counts of an index, looked up in its own arrays (see `Population`)."""

    size: int
    issued: Mapping[str, IssuedNumbers]
    _layers: tuple[Layer, ...]

    @classmethod
    def of(cls, layers: Sequence[Layer]) -> IndexPopulation:
        """The population of all layers together."""
        issued: dict[str, IssuedNumbers] = {}
        for layer in layers:
            for shape, numbers in layer.issued.items():
                issued[shape] = _together(issued[shape], numbers) if shape in issued else numbers
        return cls(sum(layer.size for layer in layers), MappingProxyType(issued), tuple(layers))

    def surname_count(self, surname: str) -> int:
        """Registrations with that family name."""
        return sum(layer.surname_count(surname) for layer in self._layers)

    def given_count(self, given: str) -> int:
        """Registrations with that given name."""
        return sum(layer.given_count(given) for layer in self._layers)

    def birth_date_count(self, birth_date: date) -> int:
        """Registrations with that birth date."""
        return sum(layer.birth_date_count(birth_date) for layer in self._layers)


def _together(one: IssuedNumbers, other: IssuedNumbers) -> IssuedNumbers:
    return IssuedNumbers(
        count=one.count + other.count,
        lowest=min(one.lowest, other.lowest),
        highest=max(one.highest, other.highest),
    )
