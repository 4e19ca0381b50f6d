"""What a field's comparison can come to: the names of all levels, and how surely paper was read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from matchers.patient import Field


class Part(StrEnum):
    """What is compared by itself; a name is compared in four parts."""

    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    MIDDLE_NAME = "middle_name"
    SUFFIX = "suffix"
    BIRTH_DATE = "birth_date"
    MRN = "mrn"
    ACCOUNT_NUMBER = "account_number"
    PHONE = "phone"
    SSN_LAST4 = "ssn_last4"
    ADDRESS = "address"
    ZIP = "zip"
    SEX = "sex"


NAME_PARTS: Final = (Part.FAMILY_NAME, Part.GIVEN_NAME, Part.MIDDLE_NAME, Part.SUFFIX)


_FIELD_OF: Final = {part: Field.NAME if part in NAME_PARTS else Field(part.value) for part in Part}


def field_of(part: Part) -> Field:
    """The field that users see for this part."""
    return _FIELD_OF[part]


class Surety(IntEnum):
    """How surely a value was read; a surer reading allows less difference."""

    NOISE = 0
    WEAK = 1
    ORDINARY = 2
    CERTAIN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One declared level: its words, its weight in bits, and what it counts as.

    `tolerated` is the surest reading for which the difference is no contradiction.
    """

    part: Part
    key: str
    label: str
    bits: float
    agrees: bool
    tolerated: Surety
    frequency: bool


LEVELS_OF: Final[dict[Part, tuple[str, ...]]] = {
    Part.FAMILY_NAME: (
        "exact", "lookalike", "former", "part", "one_edit", "two_edits", "other_in_use", "sounds_alike",
        "resembles", "different", "temporary",
    ),
    Part.GIVEN_NAME: (
        "exact", "lookalike", "nickname", "part", "initial", "one_edit", "two_edits", "variant",
        "other_lookalike", "middle", "resembles", "initial_differs", "different",
        "temporary", "temporary_same", "temporary_other",
    ),
    Part.MIDDLE_NAME: ("exact", "initial", "near", "other"),
    Part.SUFFIX: ("exact", "related", "not_shown", "not_known", "different"),
    Part.BIRTH_DATE: (
        "exact", "alternative", "lookalike", "day_month", "transposed", "one_digit", "damaged", "two_digits",
        "same_year", "different", "damaged_other", "unreadable", "faint_alternative",
    ),
    Part.MRN: (
        "exact", "leading_zeros", "lookalike", "alternative", "one_lookalike", "one_edit", "two_edits", "account",
        "elsewhere", "foreign", "different", "faint_alternative",
    ),
    Part.ACCOUNT_NUMBER: ("exact", "leading_zeros", "lookalike", "one_lookalike", "one_edit", "unknown"),
    Part.PHONE: ("exact", "local", "one_edit", "different"),
    Part.SSN_LAST4: ("exact", "one_digit", "different"),
    Part.ADDRESS: ("exact", "near", "street", "different"),
    Part.ZIP: ("exact", "one_digit", "different"),
    Part.SEX: ("exact", "different"),
}  # fmt: skip
"""Every level that the comparisons can answer; the configuration declares exactly these."""

NEARER_FIRST: Final[dict[Part, tuple[tuple[str, ...], ...]]] = {
    Part.FAMILY_NAME: (
        ("exact", "lookalike", "one_edit", "two_edits", "resembles", "different"),
        ("exact", "former", "different"),
        ("exact", "part", "different"),
        ("exact", "sounds_alike", "different"),
    ),
    Part.GIVEN_NAME: (
        ("exact", "lookalike", "one_edit", "two_edits", "resembles", "different"),
        ("exact", "nickname", "different"),
        ("exact", "part", "different"),
        ("exact", "initial", "initial_differs"),
        ("exact", "middle", "different"),
        ("exact", "variant", "different"),
        ("temporary_same", "temporary_other"),
    ),
    Part.MIDDLE_NAME: (("exact", "initial", "other"), ("exact", "near", "other")),
    Part.SUFFIX: (("exact", "related", "different"), ("exact", "not_shown"), ("exact", "not_known")),
    Part.BIRTH_DATE: (
        ("exact", "lookalike", "one_digit", "two_digits", "different"),
        ("exact", "day_month", "different"),
        ("exact", "transposed", "two_digits"),
        ("exact", "damaged", "damaged_other"),
        ("exact", "alternative", "different"),
        ("exact", "faint_alternative", "different"),
        ("exact", "same_year", "different"),
    ),
    Part.MRN: (
        ("exact", "leading_zeros", "lookalike", "one_lookalike", "one_edit", "two_edits", "different"),
        ("exact", "elsewhere", "different"),
        ("exact", "alternative", "different"),
        ("exact", "faint_alternative", "different"),
    ),
    Part.ACCOUNT_NUMBER: (("exact", "leading_zeros", "lookalike", "one_lookalike", "one_edit"),),
    Part.PHONE: (("exact", "local", "different"), ("exact", "one_edit", "different")),
    Part.SSN_LAST4: (("exact", "one_digit", "different"),),
    Part.ADDRESS: (("exact", "near", "street", "different"),),
    Part.ZIP: (("exact", "one_digit", "different"),),
    Part.SEX: (("exact", "different"),),
}
"""Levels of which each is nearer to an agreement than the next: it never weighs less."""
