"""The kinds of case, how often each comes, and where it must end: what a careful clerk would do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from . import casting_indexed as indexed
from . import casting_outside as outside
from .cast import Cast
from .relations import PatientIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One kind. `end`: "file", "review", "either" or "blank"; `never_file`: filing it whole is always wrong."""

    cast: Callable[[Random, PatientIndex], Cast | None]
    end: str
    weight: float
    never_file: bool = False


CASES: dict[str, Case] = {
    "ordinary": Case(cast=indexed.ordinary, end="file", weight=34),
    "no_mrn": Case(cast=indexed.no_mrn, end="file", weight=9),
    "foreign_mrn": Case(cast=indexed.foreign_mrn, end="either", weight=1.5),
    "nickname": Case(cast=indexed.nickname, end="file", weight=3),
    "maiden_name": Case(cast=indexed.maiden, end="file", weight=3),
    "compound_surname": Case(cast=indexed.compound, end="file", weight=3),
    "twin": Case(cast=indexed.twin, end="file", weight=3),
    "generation": Case(cast=indexed.generation, end="file", weight=3),
    "namesake": Case(cast=indexed.namesake, end="file", weight=3),
    "duplicate_with_mrn": Case(cast=indexed.duplicate_with_mrn, end="file", weight=2),
    "duplicate_without_mrn": Case(cast=indexed.duplicate_without_mrn, end="review", weight=1.5),
    "newborn": Case(cast=indexed.newborn, end="either", weight=3),
    "child": Case(cast=indexed.child, end="file", weight=4),
    "default_date": Case(cast=indexed.default_date, end="file", weight=1.5),
    "blank_back": Case(cast=indexed.back_page, end="file", weight=3),
    "name_only": Case(cast=indexed.name_only, end="review", weight=2),
    "slipped_mrn": Case(cast=indexed.slipped_mrn, end="review", weight=2),
    "wrong_birth_date": Case(cast=indexed.wrong_birth_date, end="review", weight=2),
    "wrong_sticker": Case(cast=indexed.wrong_sticker, end="review", weight=2.5, never_file=True),
    "two_patients": Case(cast=indexed.two_patients, end="review", weight=3, never_file=True),
    "absent": Case(cast=outside.absent, end="review", weight=3, never_file=True),
    "absent_twin": Case(cast=outside.absent_twin, end="review", weight=3, never_file=True),
    "absent_namesake": Case(cast=outside.absent_namesake, end="review", weight=3, never_file=True),
    "absent_relative": Case(cast=outside.absent_relative, end="review", weight=3, never_file=True),
    "nobody": Case(cast=outside.nobody, end="review", weight=2.5, never_file=True),
    "blank": Case(cast=outside.blank, end="blank", weight=1.5, never_file=True),
    "illegible": Case(cast=indexed.illegible, end="review", weight=1),
}
