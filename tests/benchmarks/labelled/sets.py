"""Public sets of records whose truth is known: FEBRL dataset 3 and Splink's fake 1000."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """What a column holds, as a site would declare it."""

    FAMILY_NAME = "family name"
    GIVEN_NAME = "given name"
    DATE = "date"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSet:
    """Records with the person behind each; `columns` says what the columns hold."""

    name: str
    columns: Mapping[str, Kind]
    records: tuple[Mapping[str, str], ...]
    person: tuple[str, ...]

    @property
    def true_pairs(self) -> frozenset[tuple[int, int]]:
        """All pairs of records of one person, lower number first."""
        of: dict[str, list[int]] = {}
        for at, person in enumerate(self.person):
            of.setdefault(person, []).append(at)
        return frozenset((a, b) for group in of.values() for a in group for b in group if a < b)


def febrl3(folder: Path) -> LabelledSet:
    """5,000 records of 2,000 made-up Australians, up to five damaged copies each."""
    rows = _rows(folder / "febrl" / "dataset3.csv")
    kinds = {
        "given_name": Kind.GIVEN_NAME,
        "surname": Kind.FAMILY_NAME,
        "street_number": Kind.NUMBER,
        "address_1": Kind.TEXT,
        "address_2": Kind.TEXT,
        "suburb": Kind.TEXT,
        "postcode": Kind.NUMBER,
        "state": Kind.TEXT,
        "date_of_birth": Kind.DATE,
        "soc_sec_id": Kind.NUMBER,
    }
    return LabelledSet(
        name="FEBRL 3", columns=kinds, records=rows, person=tuple(row["rec_id"].split("-")[1] for row in rows)
    )


def fake_1000(folder: Path) -> LabelledSet:
    """1,000 made-up records of 181 people, much of them missing."""
    rows = _rows(folder / "splink" / "fake_1000_from_splink_demos.csv")
    kinds = {
        "first_name": Kind.GIVEN_NAME,
        "surname": Kind.FAMILY_NAME,
        "dob": Kind.DATE,
        "city": Kind.TEXT,
        "email": Kind.TEXT,
    }
    return LabelledSet(name="fake 1000", columns=kinds, records=rows, person=tuple(row["cluster"] for row in rows))


def _rows(file: Path) -> tuple[dict[str, str], ...]:
    with file.open(newline="", encoding="utf-8") as lines:
        return tuple(
            {key.strip(): value.strip().lower() for key, value in row.items()}
            for row in csv.DictReader(lines, skipinitialspace=True)
        )
