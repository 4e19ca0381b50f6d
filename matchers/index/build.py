"""Patients to a segment: every key that a probe may ask for, in sorted arrays."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from matchers.index.dictionary import NameDictionary, distinct
from matchers.index.keys import KeyTable, date_key, hash_texts, number_key
from matchers.index.records import encode
from matchers.index.segment import Array, Segment, write_segment
from matchers.names import name_words, patient_name
from matchers.numbers import normalise_address, normalise_identifier, normalise_phone, normalise_ssn4, normalise_zip
from matchers.patient import Patient
from matchers.population import count_issued

FORMAT: Final = 1


def build_index(patients: Iterable[Patient], path: Path, *, generation: int) -> None:
    """Writes an index of the patients to the file `path`, atomically; readers keep the old one open.

    Of several registrations with one MRN the last counts. Raises `OSError` when it cannot write.
    """
    write_segment(path, segment_of(patients, generation=generation))


def segment_of(patients: Iterable[Patient], *, generation: int) -> Segment:
    """The same index as a value in memory."""
    gathered = _Gathered()
    for row, patient in enumerate({patient.mrn: patient for patient in patients}.values()):
        gathered.add(row, patient)
    return gathered.segment(generation)


@dataclass(slots=True)
class _Keys:
    """Texts to hash, with their rows."""

    texts: list[str] = field(default_factory=list)
    rows: array[int] = field(default_factory=lambda: array("I"))

    def add(self, text: str, row: int) -> None:
        self.texts.append(text)
        self.rows.append(row)

    def table(self) -> KeyTable:
        return KeyTable.build(hash_texts(self.texts), np.array(self.rows, np.uint32))


@dataclass(slots=True)
class _Gathered:
    """What one pass over the patients collects."""

    record_ends: array[int] = field(default_factory=lambda: array("Q"))
    records: bytearray = field(default_factory=bytearray)
    dates: array[int] = field(default_factory=lambda: array("i"))
    ssn4s: array[int] = field(default_factory=lambda: array("H"))
    ssn4_rows: array[int] = field(default_factory=lambda: array("I"))
    normal_mrns: list[str] = field(default_factory=list)
    mrns: _Keys = field(default_factory=_Keys)
    accounts: _Keys = field(default_factory=_Keys)
    phones: _Keys = field(default_factory=_Keys)
    houses: _Keys = field(default_factory=_Keys)
    surnames: list[str] = field(default_factory=list)
    givens: list[str] = field(default_factory=list)
    other_pairs: list[tuple[str, str, int]] = field(default_factory=list)

    def add(self, row: int, patient: Patient) -> None:
        self.records += encode(patient)
        self.record_ends.append(len(self.records))
        self.dates.append(date_key(patient.birth_date))
        mrn = normalise_identifier(patient.mrn)
        self.normal_mrns.append(mrn)
        if mrn:
            self.mrns.add(number_key(mrn), row)
        for account in filter(None, map(normalise_identifier, patient.account_numbers)):
            self.accounts.add(number_key(account), row)
        for phone in filter(None, map(normalise_phone, patient.phones)):
            self.phones.add(phone[-7:], row)
        ssn4 = normalise_ssn4(patient.ssn_last4) if patient.ssn_last4 else None
        if ssn4:
            self.ssn4s.append(int(ssn4))
            self.ssn4_rows.append(row)
        house = house_key(patient.address, patient.zip)
        if house:
            self.houses.add(house, row)
        self._add_names(row, patient)

    def _add_names(self, row: int, patient: Patient) -> None:
        name = patient_name(patient)
        self.surnames.append(name.surname)
        self.givens.append(name.given)
        joined = name.given + name.middle[0] if name.middle and len(name.middle[0]) > 1 else None
        former = ["".join(name_words(former)) for former in patient.former_last_names]
        parts = [word for word in name.family if len(word) > 2] if len(name.family) > 1 else []
        for surname in {*former, *parts} - {"", name.surname}:
            self.other_pairs.append((surname, name.given, row))
        if joined:
            self.other_pairs.append((name.surname, joined, row))

    def segment(self, generation: int) -> Segment:
        rows = np.arange(len(self.dates), dtype=np.uint32)
        dates = np.array(self.dates, np.int32)
        ssn4 = KeyTable.build(np.array(self.ssn4s, np.uint16), np.array(self.ssn4_rows, np.uint32))
        issued = count_issued(filter(None, self.normal_mrns))
        return Segment(
            {
                "format": FORMAT,
                "generation": generation,
                "patients": len(rows),
                "issued": {shape: asdict(numbers) for shape, numbers in issued.items()},
            },
            {
                "record_ends": np.array(self.record_ends, np.uint64),
                "records": np.frombuffer(bytes(self.records), np.uint8),
                "row_date": dates,
                **self._name_arrays(rows),
                **KeyTable.build(dates, rows).arrays("date"),
                **self.mrns.table().arrays("mrn"),
                **self.accounts.table().arrays("account"),
                **self.phones.table().arrays("phone"),
                **self.houses.table().arrays("house"),
                **ssn4.arrays("ssn4"),
            },
        )

    def _name_arrays(self, rows: Array) -> dict[str, Array]:
        surnames = distinct((*self.surnames, *(pair[0] for pair in self.other_pairs)))
        givens = distinct((*self.givens, *(pair[1] for pair in self.other_pairs)))
        surname_number = {name: number for number, name in enumerate(surnames)}
        given_number = {name: number for number, name in enumerate(givens)}
        row_surname = np.array([surname_number[name] for name in self.surnames], np.uint32)
        row_given = np.array([given_number[name] for name in self.givens], np.uint32)
        other_keys = np.array([surname_number[s] << 32 | given_number[g] for s, g, _ in self.other_pairs], np.uint64)
        other_rows = np.array([row for _, _, row in self.other_pairs], np.uint32)
        pairs = KeyTable.build(
            np.concatenate([pair_keys(row_surname, row_given), other_keys]), np.concatenate([rows, other_rows])
        )
        return {
            "row_surname": row_surname,
            "row_given": row_given,
            **pairs.arrays("pair"),
            **_dictionary(surnames, self.surnames).arrays("surname"),
            **_dictionary(givens, self.givens).arrays("given"),
        }


def _dictionary(names: list[str], borne: list[str]) -> NameDictionary:
    counts = Counter(borne)
    return NameDictionary.build(names, [counts[name] for name in names])


def pair_keys(surnames: Array, givens: Array) -> Array:
    """One key for a surname's and a given name's number."""
    return (surnames.astype(np.uint64) << np.uint64(32)) | givens.astype(np.uint64)


def house_key(address: str | None, zip_code: str | None) -> str | None:
    """House number and ZIP, or None when one of them is missing."""
    street = normalise_address(address) if address else None
    code = normalise_zip(zip_code) if zip_code else None
    return f"{street.number} {code}" if street and street.number and code else None
