"""Patients put together from their rows.

Former values are given back beside the present ones: every surname that ever held is a former one, phones
and accounts of old follow the present ones. An account number that another patient holds now is left to
that one: it was a mistake, and would speak for the wrong person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, func, or_, select

from ingest.ledger.schema import (
    patient_addresses,
    patient_identifiers,
    patient_names,
    patient_phones,
    patients,
)
from matchers.patient import Patient, Sex

BATCH = 1000
ACCOUNT = "account_number"
SSN_LAST4 = "ssn_last4"


def patients_where(connection: Connection, *conditions: ColumnElement[bool]) -> Iterator[Patient]:
    """The patients that meet all conditions, in the order of their numbers, a batch in memory at a time."""
    query = select(patients).where(*conditions).order_by(patients.c.number).limit(BATCH)
    last = 0
    while rows := connection.execute(query.where(patients.c.number > last)).all():
        last = rows[-1].number
        yield from _assembled(connection, rows)
        if len(rows) < BATCH:
            return


def count_of(connection: Connection) -> int:
    """How many patients there are."""
    return int(connection.execute(select(func.count()).select_from(patients)).scalar_one())


def _assembled(connection: Connection, rows: Sequence[Row[Any]]) -> Iterator[Patient]:
    numbers = [row.number for row in rows]
    names = _of(connection, patient_names, numbers)
    addresses = _of(connection, patient_addresses, numbers, patient_addresses.c.until_seq.is_(None))
    phones = _of(connection, patient_phones, numbers)
    identifiers = _of(connection, patient_identifiers, numbers, or_(_present(), ~_held_by_another()))
    for row in rows:
        number = row.number
        usual = next(name for name in names[number] if name.use == "usual" and name.until_seq is None)
        address = next(iter(addresses[number]), None)
        ssn = [item for item in identifiers[number] if item.type == SSN_LAST4 and item.until_seq is None]
        accounts = [item for item in identifiers[number] if item.type == ACCOUNT]
        yield Patient(
            mrn=row.mrn,
            last_name=usual.last_name,
            first_name=usual.first_name,
            birth_date=row.birth_date,
            middle_name=usual.middle_name,
            suffix=usual.suffix,
            former_last_names=_distinct(
                (name.last_name for name in names[number] if name is not usual), but=usual.last_name
            ),
            sex=None if row.sex is None else Sex(row.sex),
            ssn_last4=ssn[0].value if ssn else None,
            phones=_distinct(phone.value for phone in phones[number]),
            address=address and address.address,
            city=address and address.city,
            state=address and address.state,
            zip=address and address.zip,
            account_numbers=_distinct(item.value for item in accounts),
            active=row.active,
        )


def _of(
    connection: Connection, table: Table, numbers: Sequence[int], *conditions: ColumnElement[bool]
) -> dict[int, list[Row[Any]]]:
    """The patients' rows of one table: present ones first, then the former, newest first."""
    query = (
        select(table)
        .where(table.c.patient.between(numbers[0], numbers[-1]), *conditions)
        .order_by(table.c.patient, table.c.until_seq.desc().nulls_first(), table.c.id)
    )
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(query).all():
        found[row.patient].append(row)
    return found


def _present() -> ColumnElement[bool]:
    return patient_identifiers.c.until_seq.is_(None)


def _held_by_another() -> ColumnElement[bool]:
    other = patient_identifiers.alias("other_identifiers")
    return (
        select(other.c.id)
        .where(
            other.c.type == patient_identifiers.c.type,
            other.c.value == patient_identifiers.c.value,
            other.c.issuer == patient_identifiers.c.issuer,
            other.c.patient != patient_identifiers.c.patient,
            other.c.until_seq.is_(None),
        )
        .exists()
    )


def _distinct(values: Iterator[str], *, but: str | None = None) -> tuple[str, ...]:
    return tuple(value for value in dict.fromkeys(values) if value != but)
