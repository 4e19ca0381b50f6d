"""A synthetic person as registration would know them, and the patients CSV of the contract."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

COLUMNS = (
    "mrn",
    "last_name",
    "first_name",
    "middle_name",
    "suffix",
    "former_last_name",
    "birth_date",
    "sex",
    "ssn_last4",
    "phone",
    "address",
    "city",
    "state",
    "zip",
    "account_number",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One registration, or somebody who has none (`mrn` is then what another hospital calls them, or "")."""

    mrn: str
    last_name: str
    first_name: str
    birth_date: date
    middle_name: str = ""
    suffix: str = ""
    former_last_name: str = ""
    sex: str = ""
    ssn_last4: str = ""
    phone: str = ""
    address: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    account_number: str = ""

    @property
    def accounts(self) -> tuple[str, ...]:
        """The account numbers, oldest first."""
        return tuple(a for a in self.account_number.split(";") if a)

    def age_on(self, day: date) -> int:
        """Completed years on that day."""
        had_birthday = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - (not had_birthday)


def write_patients(path: Path, people: list[Person]) -> None:
    """Writes the CSV that `ingest patients load` reads."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for person in people:
            values = [getattr(person, column) for column in COLUMNS]
            writer.writerow([v.isoformat() if isinstance(v, date) else v for v in values])


def read_patients(path: Path) -> list[Person]:
    """Reads such a CSV; columns that it lacks are empty."""
    with path.open(newline="", encoding="utf-8") as file:
        return [_person(row) for row in csv.DictReader(file)]


def _person(row: dict[str, str]) -> Person:
    known = {column: (row.get(column) or "") for column in COLUMNS if column != "birth_date"}
    return Person(birth_date=date.fromisoformat(row["birth_date"]), **known)
