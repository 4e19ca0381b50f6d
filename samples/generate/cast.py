"""Who plays in one file: the people on its paper, and what is hidden, added or glued on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from .person import Person
from .relations import PatientIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The people of one file. `printed` is the patient as the paper has them.

    `mrn` is the indexed patient's number, `None` when nobody in the index is meant. `show` and
    `hide` override the layout's usual identifiers.
    """

    printed: Person | None
    mrn: str | None
    why: str
    layouts: tuple[str, ...] = ()
    show: frozenset[str] = frozenset()
    hide: frozenset[str] = frozenset()
    sticker: Person | None = None
    stranger: Person | None = None
    relative: Person | None = None
    blank_back: bool = False
    ruined: bool = False
    outside: bool | None = None


def anybody(rng: Random, index: PatientIndex, fits: Callable[[Person], bool] = lambda _: True) -> Person | None:
    """A random person who fits and is registered once."""
    for _ in range(4000):
        person = rng.choice(index.people)
        if not index.is_newborn(person) and not index.duplicates(person) and fits(person):
            return person
    return None


def cast_as(person: Person | None, why: str, **more: object) -> Cast | None:
    return Cast(printed=person, mrn=person.mrn, why=why, **more) if person else None  # type: ignore[arg-type]
