"""The patients CSV as a stream of patients, with what had to be skipped and why.

Promises: rows are read as they are asked for, a few lines in memory at a time (and every MRN seen, to tell
repeated ones: some 100 bytes each); a row is given whole or skipped and named by its line; no reason or
warning holds patient data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ingest.errors import BadFile
from ingest.patients.csv_lines import CsvLines, Record
from ingest.patients.csv_row import OPTIONAL, REQUIRED, RowProblem, mrn_of, to_patient
from matchers.patient import Patient

_KNOWN = frozenset(REQUIRED) | frozenset(OPTIONAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedRow:
    """A row that was not taken: the line it begins on, and what to repair. `reason` names no value."""

    line: int
    reason: str


@dataclass(slots=True)
class CsvFeed:
    """One patients CSV. `problems`, `warnings` and `skipped_mrns` fill while `patients` is read, once.

    `skipped_mrns` are the MRNs of skipped rows, where they had one: patients that the file does name.
    """

    file: Path
    today: date = field(kw_only=True)
    problems: list[SkippedRow] = field(default_factory=list, init=False)
    warnings: list[str] = field(default_factory=list, init=False)
    skipped_mrns: set[str] = field(default_factory=set, init=False)

    def patients(self) -> Iterator[Patient]:
        """Every sound row in the file's order. Raises BadFile when the file cannot be used at all."""
        try:
            with self.file.open("rb") as source:
                lines = CsvLines(source)
                yield from self._rows(lines)
        except OSError as error:
            msg = f"{self.file} cannot be read: {error.strerror}"
            raise BadFile(msg) from None
        if lines.not_utf8:
            self.warnings.append(
                f"{lines.not_utf8} line(s), the first of them line {lines.first_not_utf8}, are not UTF-8: "
                "they were read as Windows-1252; look at some names with accents"
            )

    def _rows(self, lines: CsvLines) -> Iterator[Patient]:
        records = lines.records()
        columns = self._columns(next(records, None))
        lines.width = len(columns)
        seen: set[str] = set()
        for record in records:
            try:
                row = _row(record, columns)
            except RowProblem as problem:
                self._skip(record, problem)
                continue
            try:
                patient = to_patient(row, today=self.today)
                if patient.mrn in seen:
                    msg = "this mrn stands on an earlier line already; the earlier one counts"
                    raise RowProblem(msg)
            except RowProblem as problem:
                self._skip(record, problem)
                if mrn := mrn_of(row):
                    self.skipped_mrns.add(mrn)
                continue
            seen.add(patient.mrn)
            yield patient

    def _skip(self, record: Record, problem: RowProblem) -> None:
        self.problems.append(SkippedRow(line=record.line, reason=str(problem)))

    def _columns(self, header: Record | None) -> tuple[str, ...]:
        if header is None or header.damage:
            msg = f"the patients file has no header row; it needs one with {', '.join(REQUIRED)}"
            raise BadFile(msg)
        columns = tuple(name.strip().lower() for name in header.fields)
        if missing := [name for name in REQUIRED if name not in columns]:
            msg = f"the patients file's header row lacks {', '.join(missing)}"
            if len(columns) == 1:
                msg += "; columns are separated by commas"
            raise BadFile(msg)
        known = [name for name in columns if name in _KNOWN]
        if twice := sorted({name for name in known if known.count(name) > 1}):
            msg = f"the patients file's header row names {', '.join(twice)} twice"
            raise BadFile(msg)
        if unknown := [name for name in columns if name not in _KNOWN]:
            names = ", ".join(ascii(name) for name in unknown)
            self.warnings.append(f"{len(unknown)} unknown column(s) ignored: {names}")
        return columns


def _row(record: Record, columns: tuple[str, ...]) -> dict[str, str]:
    if record.damage:
        raise RowProblem(record.damage)
    if len(record.fields) != len(columns):
        msg = f"the row has {len(record.fields)} fields, the header has {len(columns)}"
        raise RowProblem(msg)
    return {column: text for column, text in zip(columns, record.fields, strict=True) if column in _KNOWN}
