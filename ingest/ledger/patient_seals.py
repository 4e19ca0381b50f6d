"""Patients' rows that were edited past the program: each is sealed with a hash of what its feed states.

Promises: a seal covers MRN, birth date, sex, names, address, phones and identifiers as they hold now, in whatever order
their rows stand; neither whether a registration is active nor what was merged into it, which the program changes by
itself. Problems name the row's number, never a value.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import TypeAlias

from sqlalchemy import Connection, Table, bindparam, select, update

from ingest.ledger.bulk import read_rows
from ingest.ledger.patient_rows import RETIRED_MRN
from ingest.ledger.records import Problem
from ingest.ledger.schema import patient_addresses, patient_identifiers, patient_names, patient_phones, patients

Values: TypeAlias = Collection[tuple[str | None, ...]]
HISTORIES: tuple[tuple[Table, tuple[str, ...]], ...] = (
    (patient_names, ("use", "last_name", "first_name", "middle_name", "suffix")),
    (patient_addresses, ("address", "city", "state", "zip")),
    (patient_phones, ("value",)),
    (patient_identifiers, ("issuer", "type", "value")),
)
_BATCH = 2000


def seal_of(mrn: str, birth_date: date, sex: str | None, values: Collection[Values]) -> str:
    """The seal of a patient; `values` are the rows of each of `HISTORIES` that hold."""
    told = [repr((mrn, birth_date.isoformat(), None if sex is None else str(sex)))]
    for rows in values:
        told += sorted(map(repr, rows))
        told.append("")
    return hashlib.blake2b("\n".join(told).encode(), digest_size=16).hexdigest()


def check_patients(connection: Connection) -> Iterator[Problem]:
    """Every row that is not as its feed stated it."""
    for number, sealed, seal in _seals(connection):
        if sealed != seal:
            reason = (
                f"row {number} of the patient index is not as it was loaded: ingest verify --repair has the next load "
                "of its feed write it anew"
            )
            yield Problem(kind="edited", subject=f"patient row {number}", reason=reason)


def edited_patients(connection: Connection) -> tuple[int, ...]:
    """The numbers of these rows."""
    return tuple(number for number, sealed, seal in _seals(connection) if sealed != seal)


def seal_all(connection: Connection) -> None:
    """Seals every row as it stands: of a ledger from before there were seals."""
    found = [{"row": number, "seal_now": seal} for number, _, seal in _seals(connection)]
    for start in range(0, len(found), _BATCH):
        connection.execute(
            update(patients).where(patients.c.number == bindparam("row")).values(seal=bindparam("seal_now")),
            found[start : start + _BATCH],
        )


def _seals(connection: Connection) -> Iterator[tuple[int, str | None, str]]:
    """Each patient's number, its seal as it is kept, and as it should be."""
    query = (
        select(patients.c.number, patients.c.mrn, patients.c.birth_date, patients.c.sex, patients.c.seal)
        .order_by(patients.c.number)
        .limit(_BATCH)
    )
    last = 0
    while rows := read_rows(connection, query.where(patients.c.number > last)):
        first, last = rows[0][0], rows[-1][0]
        held = [_held(connection, table, columns, first, last) for table, columns in HISTORIES]
        for number, mrn, birth_date, sex, sealed in rows:
            yield number, sealed, seal_of(mrn, birth_date, sex, [values.get(number, ()) for values in held])


def _held(
    connection: Connection, table: Table, columns: tuple[str, ...], first: int, last: int
) -> dict[int, list[tuple[str | None, ...]]]:
    query = select(table.c.patient, *(table.c[name] for name in columns)).where(
        table.c.patient.between(first, last), table.c.until_seq.is_(None)
    )
    if table is patient_identifiers:
        query = query.where(table.c.type != RETIRED_MRN)
    found: dict[int, list[tuple[str | None, ...]]] = defaultdict(list)
    for patient, *value in read_rows(connection, query):
        found[patient].append(tuple(value))
    return found
