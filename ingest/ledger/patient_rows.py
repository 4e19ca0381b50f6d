"""Patients put together from their rows.

Former values are given back beside the present ones: every surname that ever held is a former one, phones
and accounts of old follow the present ones. An account number that another patient holds now is left to
that one: it was a mistake, and would speak for the wrong person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, func, or_, select

from ingest.ledger.bulk import read_rows
from ingest.ledger.schema import (
    patient_addresses,
    patient_identifiers,
    patient_names,
    patient_phones,
    patients,
)
from matchers.patient import OtherMrn, Patient, Residence, Sex

BATCH = 2000
_BATCH_OF_NUMBERS = 500
_DENSE = 4  # of patients in a row: fewer than one in so many, and each is looked up by itself
ACCOUNT = "account_number"
SSN_LAST4 = "ssn_last4"
MRN = "mrn"
RETIRED_MRN = "retired_mrn"
OWN = ""  # the issuer of the site's own identifiers

_NAME = ("use", "last_name", "first_name", "middle_name", "suffix")
_ADDRESS = ("address", "city", "state", "zip")
_IDENTIFIER = ("type", "value", "issuer")
_NOWHERE = (None, None, None, None)
_Held = Sequence[tuple[Any, ...]]  # one patient's rows of one table: patient, until_seq, then the columns asked for
_SEXES: dict[str | None, Sex | None] = {None: None, **{sex.value: sex for sex in Sex}}


def patients_where(connection: Connection, *conditions: ColumnElement[bool]) -> Iterator[Patient]:
    """The patients that meet all conditions, in the order of their numbers, a batch in memory at a time."""
    query = _registrations().where(*conditions)
    last = 0
    while rows := read_rows(connection, query.where(patients.c.number > last)):
        last = rows[-1][0]
        yield from _assembled(connection, rows)
        if len(rows) < BATCH:
            return


@cache
def _registrations() -> Select[Any]:
    survivor = patients.alias("survivors")
    return (
        select(
            patients.c.number,
            patients.c.mrn,
            patients.c.birth_date,
            patients.c.sex,
            patients.c.active,
            survivor.c.mrn,
        )
        .outerjoin_from(patients, survivor, survivor.c.number == patients.c.merged_into)
        .order_by(patients.c.number)
        .limit(BATCH)
    )


def patients_numbered(connection: Connection, numbers: Sequence[int]) -> Iterator[Patient]:
    """The patients with these numbers, in their order; a batch in memory at a time."""
    ordered = sorted(numbers)
    for start in range(0, len(ordered), _BATCH_OF_NUMBERS):
        yield from patients_where(connection, patients.c.number.in_(ordered[start : start + _BATCH_OF_NUMBERS]))


def count_of(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    """How many patients meet all conditions."""
    return int(connection.execute(select(func.count()).select_from(patients).where(*conditions)).scalar_one())


def _assembled(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> Iterator[Patient]:
    numbers = [row[0] for row in rows]
    present = patient_identifiers.c.until_seq.is_(None)
    names = _of(connection, patient_names, _NAME, numbers)
    addresses = _of(connection, patient_addresses, _ADDRESS, numbers)
    phones = _of(connection, patient_phones, ("value",), numbers)
    identifiers = _of(connection, patient_identifiers, _IDENTIFIER, numbers, or_(present, ~_held_by_another()))
    for row in rows:
        number = row[0]
        yield _patient(
            row, names[number], addresses.get(number, ()), phones.get(number, ()), identifiers.get(number, ())
        )


def _patient(row: tuple[Any, ...], names: _Held, addresses: _Held, phones: _Held, identifiers: _Held) -> Patient:
    _, mrn, born, sex, active, survivor = row
    usual = names[0] if len(names) == 1 else next(name for name in names if name[2] == "usual" and name[1] is None)
    last, first, middle, suffix = usual[3:]
    former = [name[3] for name in names if name[3] != last] if len(names) > 1 else ()
    street, city, state, postcode = addresses[0][2:] if addresses and addresses[0][1] is None else _NOWHERE
    homes = {(place[2], place[5]): None for place in addresses if place[2] != street or place[5] != postcode}
    ssn_last4, accounts, other_mrns = None, [], []
    for _, until, kind, value, issuer in identifiers:
        if kind == ACCOUNT:
            accounts.append(value)
        elif until is not None:
            continue
        elif kind == SSN_LAST4:
            ssn_last4 = ssn_last4 or value
        elif kind in {MRN, RETIRED_MRN}:
            other_mrns.append(OtherMrn(value=value, issuer=issuer or None))
    return Patient(
        mrn=mrn,
        last_name=last,
        first_name=first,
        birth_date=born,
        middle_name=middle,
        suffix=suffix,
        former_last_names=tuple(dict.fromkeys(former)),
        sex=_SEXES[sex],
        ssn_last4=ssn_last4,
        phones=tuple(dict.fromkeys([phone[2] for phone in phones])),
        address=street,
        city=city,
        state=state,
        zip=postcode,
        account_numbers=tuple(dict.fromkeys(accounts)),
        active=active,
        former_residences=tuple(Residence(address=address, zip=code) for address, code in homes) if homes else (),
        other_mrns=tuple(dict.fromkeys(other_mrns)) if other_mrns else (),
        merged_into=survivor,
    )


def _of(
    connection: Connection,
    table: Table,
    columns: tuple[str, ...],
    numbers: Sequence[int],
    *conditions: ColumnElement[bool],
) -> dict[int, list[tuple[Any, ...]]]:
    """The patients' values of one table: present ones first, then the former, newest first."""
    dense = numbers[-1] - numbers[0] < _DENSE * len(numbers)
    these = table.c.patient.between(numbers[0], numbers[-1]) if dense else table.c.patient.in_(numbers)
    rows = read_rows(connection, _held(table, columns).where(these, *conditions))
    if any(row[1] is not None for row in rows):
        rows.sort(key=_newest_first)
    return {patient: list(held) for patient, held in groupby(rows, itemgetter(0))}


@cache
def _held(table: Table, columns: tuple[str, ...]) -> Select[Any]:
    held = select(table.c.patient, table.c.until_seq, *(table.c[name] for name in columns))
    return held.order_by(table.c.patient, table.c.id)  # as its index has them: most rows need no sorting


def _newest_first(row: tuple[Any, ...]) -> tuple[int, bool, int]:
    patient, until = row[:2]
    return patient, until is not None, -(until or 0)


@cache
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
