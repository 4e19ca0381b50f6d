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
from matchers.patient import OtherMrn, Patient, Residence, Sex

BATCH = 1000
ACCOUNT = "account_number"
SSN_LAST4 = "ssn_last4"
MRN = "mrn"
RETIRED_MRN = "retired_mrn"
OWN = ""  # the issuer of the site's own identifiers

_NAME = ("use", "until_seq", "last_name", "first_name", "middle_name", "suffix")
_ADDRESS = ("address", "city", "state", "zip")
_IDENTIFIER = ("type", "value", "issuer", "until_seq")
_PRESENT_ADDRESS = ("until_seq", *_ADDRESS)
_NOWHERE = (None, None, None, None)


def patients_where(connection: Connection, *conditions: ColumnElement[bool]) -> Iterator[Patient]:
    """The patients that meet all conditions, in the order of their numbers, a batch in memory at a time."""
    survivor = patients.alias("survivors")
    query = (
        select(patients, survivor.c.mrn.label("survivor"))
        .outerjoin(survivor, survivor.c.number == patients.c.merged_into)
        .where(*conditions)
        .order_by(patients.c.number)
        .limit(BATCH)
    )
    last = 0
    while rows := connection.execute(query.where(patients.c.number > last)).all():
        last = rows[-1].number
        yield from _assembled(connection, rows)
        if len(rows) < BATCH:
            return


def count_of(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    """How many patients meet all conditions."""
    return int(connection.execute(select(func.count()).select_from(patients).where(*conditions)).scalar_one())


def _assembled(connection: Connection, rows: Sequence[Row[Any]]) -> Iterator[Patient]:
    numbers = [row.number for row in rows]
    names = _of(connection, patient_names, _NAME, numbers)
    addresses = _of(connection, patient_addresses, _PRESENT_ADDRESS, numbers)
    phones = _of(connection, patient_phones, ("value",), numbers)
    present = patient_identifiers.c.until_seq.is_(None)
    identifiers = _of(connection, patient_identifiers, _IDENTIFIER, numbers, or_(present, ~_held_by_another()))
    for row in rows:
        number = row.number
        (last, first, middle, suffix), former = _usual(names[number])
        (address, city, state, postcode), homes = _homes(addresses.get(number, ()))
        held = identifiers.get(number, ())
        ssn = [value for kind, value, _, until in held if kind == SSN_LAST4 and until is None]
        yield Patient(
            mrn=row.mrn,
            last_name=last,
            first_name=first,
            birth_date=row.birth_date,
            middle_name=middle,
            suffix=suffix,
            former_last_names=former,
            sex=None if row.sex is None else Sex(row.sex),
            ssn_last4=ssn[0] if ssn else None,
            phones=tuple(dict.fromkeys(value for (value,) in phones.get(number, ()))),
            address=address,
            city=city,
            state=state,
            zip=postcode,
            account_numbers=tuple(dict.fromkeys(value for kind, value, *_ in held if kind == ACCOUNT)),
            active=row.active,
            former_residences=homes,
            other_mrns=_other_mrns(held),
            merged_into=row.survivor,
        )


def _homes(rows: Sequence[tuple[Any, ...]]) -> tuple[tuple[Any, ...], tuple[Residence, ...]]:
    """The present address, and every other street line with its ZIP."""
    present = next((tuple(place) for until, *place in rows if until is None), _NOWHERE)
    places = dict.fromkeys((address, postcode) for _, address, _, _, postcode in rows)
    places.pop((present[0], present[3]), None)
    return present, tuple(Residence(address=address, zip=postcode) for address, postcode in places)


def _other_mrns(held: Sequence[tuple[Any, ...]]) -> tuple[OtherMrn, ...]:
    """Retired MRNs of this site, and present ones of other institutions."""
    found = [
        OtherMrn(value=value, issuer=issuer or None)
        for kind, value, issuer, until in held
        if until is None and kind in (MRN, RETIRED_MRN)
    ]
    return tuple(dict.fromkeys(found))


def _usual(names: Sequence[tuple[Any, ...]]) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """The usual name's parts, and every other surname."""
    usual = next(name for use, until, *name in names if use == "usual" and until is None)
    others = dict.fromkeys(name[2] for name in names)
    others.pop(usual[0], None)
    return tuple(usual), tuple(others)


def _of(
    connection: Connection,
    table: Table,
    columns: tuple[str, ...],
    numbers: Sequence[int],
    *conditions: ColumnElement[bool],
) -> dict[int, list[tuple[Any, ...]]]:
    """The patients' values of one table: present ones first, then the former, newest first."""
    query = (
        select(table.c.patient, *(table.c[name] for name in columns))
        .where(table.c.patient.between(numbers[0], numbers[-1]), *conditions)
        .order_by(table.c.patient, table.c.until_seq.desc().nulls_first(), table.c.id)
    )
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for patient, *values in connection.execute(query).all():
        found[patient].append(tuple(values))
    return found


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
