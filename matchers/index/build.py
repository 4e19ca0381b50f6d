"""Patients to a segment: every key that a probe may ask for, in sorted arrays.

Patients stream: their records go to a file at once, of their keys only hashes stay in memory (about
150 bytes a patient).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Final

import numpy as np

from matchers.index.dictionary import NameDictionary
from matchers.index.gathering import Gathered
from matchers.index.keys import KeyTable
from matchers.index.records import record_of
from matchers.index.segment import Array, Segment, write_segment
from matchers.numbers import normalise_identifier
from matchers.patient import Patient

FORMAT: Final = 2


def build_index(patients: Iterable[Patient], path: Path, *, generation: int) -> None:
    """Writes an index of the patients to the file `path`, atomically; readers keep the old one open.

    Of several registrations with one MRN the last counts. `patients` is read once, one at a time.
    Raises `OSError` when it cannot write.
    """
    with tempfile.TemporaryFile(dir=path.parent, prefix=".index-") as records:
        gathered = Gathered(records.write)
        for patient in patients:
            gathered.add(patient)
        records.flush()
        size = gathered.size
        content = np.memmap(records, np.uint8, "r", shape=(size,)) if size else np.empty(0, np.uint8)
        write_segment(path, _segment(gathered, content, generation))


def segment_of(patients: Iterable[Patient], *, generation: int) -> Segment:
    """The same index as a value in memory."""
    records = bytearray()
    gathered = Gathered(records.extend)
    for patient in patients:
        gathered.add(patient)
    return _segment(gathered, np.frombuffer(bytes(records), np.uint8), generation)


def _segment(gathered: Gathered, records: Array, generation: int) -> Segment:
    rows, ends = np.arange(len(gathered), dtype=np.uint32), gathered.ends()
    replaced = _replaced(gathered, records, ends)
    keep = np.ones(len(rows), bool)
    keep[replaced] = False

    def table(keys: Array, owners: Array) -> KeyTable:
        stays = keep[owners] if len(replaced) else slice(None)
        return KeyTable.build(keys[stays], owners[stays])

    surnames, surname_of = _dictionary(gathered.surnames.names, gathered.surnames.of_row(), keep)
    givens, given_of = _dictionary(gathered.givens.names, gathered.givens.of_row(), keep)
    row_surname = surname_of[gathered.surnames.of_row()]
    row_given = given_of[gathered.givens.of_row()]
    other_surname, other_given, other_rows = gathered.other_pairs()
    pairs = table(
        np.concatenate(
            [pair_keys(row_surname, row_given), pair_keys(surname_of[other_surname], given_of[other_given])]
        ),
        np.concatenate([rows, other_rows]),
    )
    dates = gathered.row_dates()
    arrays = {
        "record_ends": ends,
        "records": records,
        "row_date": dates,
        "row_surname": row_surname,
        "row_given": row_given,
        **pairs.arrays("pair"),
        **surnames.arrays("surname"),
        **givens.arrays("given"),
        **table(dates, rows).arrays("date"),
        **table(*gathered.ssn4s()).arrays("ssn4"),
    }
    numbers = {"mrn": gathered.mrns, "account": gathered.accounts, "phone": gathered.phones, "house": gathered.houses}
    for name, keys in numbers.items():
        arrays |= table(*keys.arrays()).arrays(name)
    return Segment(
        {
            "format": FORMAT,
            "generation": generation,
            "patients": len(rows) - len(replaced),
            "issued": {shape: asdict(issued) for shape, issued in gathered.issued.counted().items()},
        },
        arrays,
    )


def _replaced(gathered: Gathered, records: Array, ends: Array) -> Array:
    """Rows whose MRN is registered again in a later row."""
    hashes, rows = gathered.raw_mrns.arrays()
    order = np.lexsort((rows, hashes))
    again = np.flatnonzero(hashes[order][1:] == hashes[order][:-1])
    found = []
    for row, later in zip(rows[order[again]].tolist(), rows[order[again + 1]].tolist(), strict=True):
        mrn = record_of(records, ends, row).mrn
        if mrn == record_of(records, ends, later).mrn:
            found.append(row)
            gathered.issued.remove(normalise_identifier(mrn))
    return np.array(found, np.uint32)


def _dictionary(names: list[str], of_row: Array, keep: Array) -> tuple[NameDictionary, Array]:
    """Names in the dictionary's order with their counts, and the new number for each provisional one."""
    counts = np.bincount(of_row[keep], minlength=len(names))
    order = sorted(range(len(names)), key=lambda number: names[number].encode())
    renumbered = np.empty(len(names), np.uint32)
    renumbered[order] = np.arange(len(names), dtype=np.uint32)
    return NameDictionary.build([names[number] for number in order], counts[order].tolist()), renumbered


def pair_keys(surnames: Array, givens: Array) -> Array:
    """One key for a surname's and a given name's number."""
    return (surnames.astype(np.uint64) << np.uint64(32)) | givens.astype(np.uint64)
