"""One segment opened for questions: its tables, its names, its records; rows that no longer hold left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import numpy as np

from matchers.index.build import FORMAT
from matchers.index.dictionary import NameDictionary
from matchers.index.keys import KeyTable, date_key, hash_texts, number_key
from matchers.index.records import record_of
from matchers.index.segment import Array, Segment, SegmentDamaged
from matchers.numbers import normalise_identifier
from matchers.patient import Patient
from matchers.population import IssuedNumbers

_MOST_OF_AN_MRN: Final = 1000


class Layer:
    """A segment without some of its rows. Immutable; safe to share between threads."""

    def __init__(self, segment: Segment, gone: Iterable[int] = ()) -> None:
        """Takes a segment as `build_index` writes it; raises `SegmentDamaged` for any other."""
        if segment.meta.get("format") != FORMAT:
            raise SegmentDamaged("the patient index has another format; build the index again (ingest patients index)")
        self.segment = segment
        self.generation = int(segment.meta["generation"])
        self.issued = {shape: IssuedNumbers(**numbers) for shape, numbers in segment.meta["issued"].items()}
        self.surnames = NameDictionary.of(segment, "surname")
        self.givens = NameDictionary.of(segment, "given")
        self.pairs, self.dates, self.mrns, self.accounts, self.phones, self.houses, self.ssn4s = (
            KeyTable.of(segment, name) for name in ("pair", "date", "mrn", "account", "phone", "house", "ssn4")
        )
        self.row_surname = segment.array("row_surname")
        self.row_given = segment.array("row_given")
        self.row_date = segment.array("row_date")
        self._ends = segment.array("record_ends")
        self._records = segment.array("records")
        self._gone = np.zeros(len(self._ends), bool)
        self._gone_rows = np.array(sorted(set(gone)), np.int64)
        self._gone[self._gone_rows] = True
        self.size = int(segment.meta["patients"]) - len(self._gone_rows)
        self._gone_surnames = _counts(self.row_surname, self._gone_rows)
        self._gone_givens = _counts(self.row_given, self._gone_rows)
        self._gone_dates = _counts(self.row_date, self._gone_rows)

    def without(self, gone: Iterable[int]) -> Layer:
        """The same segment without further rows."""
        return Layer(self.segment, (*self._gone_rows.tolist(), *gone))

    def present(self, rows: Array) -> Array:
        """A mask of the rows that hold, or of all."""
        mask: Array = ~self._gone[rows]
        return mask

    @property
    def whole(self) -> bool:
        """True when every row of the segment holds."""
        return not len(self._gone_rows)

    def patient(self, row: int) -> Patient:
        """The registration of a row."""
        return record_of(self._records, self._ends, row)

    def rows_of(self, mrn: str) -> list[int]:
        """The rows whose MRN is this one, as registered or in plain form; the exact one first."""
        plain = normalise_identifier(mrn)
        rows, _ = self.mrns.find(hash_texts([number_key(plain)] if plain else []), most=_MOST_OF_AN_MRN)
        found = [(row, self.patient(row).mrn) for row in rows.tolist() if not self._gone[row]]
        exact = [row for row, known in found if known == mrn]
        return exact + [row for row, known in found if known != mrn and normalise_identifier(known) == plain]

    def exact_rows(self, mrn: str) -> list[int]:
        """The rows registered with exactly this MRN."""
        return [row for row in self.rows_of(mrn) if self.patient(row).mrn == mrn]

    def surname_count(self, surname: str) -> int:
        """Present rows with that family name."""
        number = self.surnames.number(surname)
        return 0 if number is None else int(self.surnames.counts[number]) - self._gone_surnames[number]

    def given_count(self, given: str) -> int:
        """Present rows with that given name."""
        number = self.givens.number(given)
        return 0 if number is None else int(self.givens.counts[number]) - self._gone_givens[number]

    def birth_date_count(self, birth_date: date) -> int:
        """Present rows with that birth date."""
        key = date_key(birth_date)
        return self.dates.count(key) - self._gone_dates[key]


def _counts(column: Array, rows: Array) -> Counter[Any]:
    return Counter(column[rows].tolist())
