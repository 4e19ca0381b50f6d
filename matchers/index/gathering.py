"""One pass over patients: what a segment needs of each, in compact arrays."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from matchers.index.keys import date_key, hash_texts, number_key
from matchers.index.records import encode
from matchers.index.segment import Array
from matchers.names import name_words, registered_name
from matchers.numbers import (
    house_number,
    normalise_identifier,
    normalise_phone,
    normalise_ssn4,
    normalise_zip,
)
from matchers.patient import Patient
from matchers.population import IssuedCount

_BATCH: Final = 1 << 16


class Keys:
    """Texts with their rows; only hashes of the texts are kept."""

    __slots__ = ("_hashes", "_rows", "_texts")

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._hashes: list[Array] = []
        self._rows = array("I")

    def add(self, text: str, row: int) -> None:
        """One key of a row."""
        self._texts.append(text)
        self._rows.append(row)

    def hash(self) -> None:
        """Keeps no more than the hashes of what was added; to be called now and then."""
        self._hashes.append(hash_texts(self._texts))
        self._texts.clear()

    def arrays(self) -> tuple[Array, Array]:
        """(hashes, rows), unsorted."""
        self.hash()
        return np.concatenate([np.empty(0, np.uint64), *self._hashes]), np.array(self._rows, np.uint32)


class Names:
    """Names of rows, numbered as they come."""

    __slots__ = ("_numbers", "_rows")

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._rows = array("I")

    @property
    def names(self) -> list[str]:
        """The distinct names by their provisional number."""
        return list(self._numbers)

    def add(self, name: str) -> None:
        """The next row's name."""
        self._rows.append(self.number(name))

    def number(self, name: str) -> int:
        """The provisional number of a name."""
        return self._numbers.setdefault(name, len(self._numbers))

    def of_row(self) -> Array:
        """The provisional number of each row's name."""
        return np.array(self._rows, np.uint32)


@dataclass(slots=True)
class Gathered:
    """What one pass over the patients collects; `write` takes their records, one after the other."""

    write: Callable[[bytes], object]
    size: int = 0
    issued: IssuedCount = field(default_factory=IssuedCount)
    raw_mrns: Keys = field(default_factory=Keys)
    mrns: Keys = field(default_factory=Keys)
    accounts: Keys = field(default_factory=Keys)
    phones: Keys = field(default_factory=Keys)
    houses: Keys = field(default_factory=Keys)
    surnames: Names = field(default_factory=Names)
    givens: Names = field(default_factory=Names)
    _ends: array[int] = field(default_factory=lambda: array("Q"))
    _dates: array[int] = field(default_factory=lambda: array("i"))
    _ssn4s: array[int] = field(default_factory=lambda: array("H"))
    _ssn4_rows: array[int] = field(default_factory=lambda: array("I"))
    _others: array[int] = field(default_factory=lambda: array("I"))

    def __len__(self) -> int:
        return len(self._dates)

    def add(self, patient: Patient) -> None:
        """The next row."""
        row = len(self._dates)
        record = encode(patient)
        self.write(record)
        self.size += len(record)
        self._ends.append(self.size)
        self._dates.append(date_key(patient.birth_date))
        self._add_numbers(row, patient)
        self._add_names(row, patient)
        for phone in patient.phones:
            digits = normalise_phone(phone)
            if digits:
                self.phones.add(digits[-7:], row)
        self._add_house(row, patient.address, patient.zip)
        for home in patient.former_residences:
            self._add_house(row, home.address, home.zip)
        if not len(self._dates) % _BATCH:
            for keys in (self.raw_mrns, self.mrns, self.accounts, self.phones, self.houses):
                keys.hash()

    def _add_numbers(self, row: int, patient: Patient) -> None:
        self.raw_mrns.add(patient.mrn, row)
        mrn = normalise_identifier(patient.mrn)
        if mrn:
            self.issued.add(mrn)
            self.mrns.add(number_key(mrn), row)
        for other in patient.other_mrns:
            number = normalise_identifier(other.value)
            if number:
                self.mrns.add(number_key(number), row)
        for account in patient.account_numbers:
            number = normalise_identifier(account)
            if number:
                self.accounts.add(number_key(number), row)
        ssn4 = normalise_ssn4(patient.ssn_last4) if patient.ssn_last4 else None
        if ssn4:
            self._ssn4s.append(int(ssn4))
            self._ssn4_rows.append(row)

    def _add_names(self, row: int, patient: Patient) -> None:
        name = registered_name(patient.last_name, patient.first_name, patient.middle_name, patient.suffix)
        surname, given = name.surname, name.given
        self.surnames.add(surname)
        self.givens.add(given)
        if patient.former_last_names or len(name.family) > 1:
            former = ["".join(name_words(former)) for former in patient.former_last_names]
            parts = [word for word in name.family if len(word) > 2] if len(name.family) > 1 else []
            for other in sorted({*former, *parts} - {"", surname}):
                self._add_other(other, given, row)
        if name.middle and len(name.middle[0]) > 1:
            self._add_other(surname, given + name.middle[0], row)

    def _add_other(self, surname: str, given: str, row: int) -> None:
        self._others.extend((self.surnames.number(surname), self.givens.number(given), row))

    def _add_house(self, row: int, address: str | None, zip_code: str | None) -> None:
        house = house_key(address, zip_code)
        if house:
            self.houses.add(house, row)

    def ends(self) -> Array:
        """Where each record ends."""
        return np.array(self._ends, np.uint64)

    def row_dates(self) -> Array:
        """Each row's birth date."""
        return np.array(self._dates, np.int32)

    def ssn4s(self) -> tuple[Array, Array]:
        """(last four of the SSN, rows)."""
        return np.array(self._ssn4s, np.uint16), np.array(self._ssn4_rows, np.uint32)

    def other_pairs(self) -> tuple[Array, Array, Array]:
        """(surnames, given names, rows) of further names by which a patient may be found."""
        found = np.array(self._others, np.uint32).reshape(-1, 3)
        return found[:, 0], found[:, 1], found[:, 2]


def house_key(address: str | None, zip_code: str | None) -> str | None:
    """House number and ZIP, or None when one of them is missing."""
    number = house_number(address) if address else None
    code = normalise_zip(zip_code) if zip_code and number else None
    return f"{number} {code}" if code else None
