"""A staged load, applied as the difference to what the ledger holds.

Promises: a row that states what was stated before changes nothing; every other row is one change with its
own number, in the rows' order and in the order of commits; values that hold no longer keep their rows, with
the change that ended them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, case, insert, literal, or_, select, update

from ingest.ledger.bulk import insert_rows, read_rows
from ingest.ledger.columns import Instant, is_set
from ingest.ledger.counters import Counter, take_numbers
from ingest.ledger.patient_codec import decode_patient
from ingest.ledger.patient_rows import ACCOUNT, MRN, OWN, RETIRED_MRN, SSN_LAST4
from ingest.ledger.patient_seals import HISTORIES, seal_of
from ingest.ledger.patient_stage import spared, staged
from ingest.ledger.schema import (
    patient_changes,
    patient_identifiers,
    patient_names,
    patients,
)
from matchers.patient import Patient

_BATCH = 2000
_OWNER = 3  # where a batch's row has the number of the patient that is there already
_OWN_COLUMNS = ("birth_date", "sex", "active", "stated", "changed_seq", "seal")
_NEW = tuple(f"new_{column}" for column in _OWN_COLUMNS)
_NOTHING: dict[tuple[str | None, ...], int] = {}
SUPPORTING = "supporting"  # a change of nothing but address, phone or further accounts: nobody is another person by it


@dataclass(slots=True, kw_only=True)
class _Changes:
    """Rows to write for one batch."""

    patients: list[tuple[Any, ...]] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    begin: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))
    finish: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    supporting: list[int] = field(default_factory=list)


def apply_staged(connection: Connection, *, now: datetime) -> tuple[int, int]:
    """Writes what differs; how many patients were inserted and updated."""
    take_numbers(connection, Counter.PATIENT_CHANGE, 0)  # no other load until this one is at an end
    query = (
        select(
            staged.c.line,
            staged.c.stated,
            staged.c.body,
            patients.c.number,
            patients.c.birth_date,
            patients.c.sex,
            patients.c.active,
        )
        .outerjoin(patients, patients.c.mrn == staged.c.mrn)
        .where(or_(patients.c.number.is_(None), patients.c.stated != staged.c.stated))
        .order_by(staged.c.line)
        .limit(_BATCH)
    )
    inserted, updated, last = 0, 0, 0
    while rows := read_rows(connection, query.where(staged.c.line > last)):
        last = rows[-1][0]
        new = sum(row[_OWNER] is None for row in rows)
        number = take_numbers(connection, Counter.PATIENT, new)
        first = take_numbers(connection, Counter.PATIENT_CHANGE, len(rows))
        changes = _changes(connection, rows, number, first)
        _write(connection, changes)
        kinds: list[tuple[ColumnElement[bool], str]] = [(patients.c.number >= number, "inserted")]
        if changes.supporting:
            kinds.append((patients.c.changed_seq.in_(changes.supporting), SUPPORTING))
        change = case(*kinds, else_="updated")
        log_changes(connection, first, change, now)
        inserted += new
        updated += len(rows) - new
    return inserted, updated


def deactivate_missing(connection: Connection, *, now: datetime) -> int:
    """Marks active patients that were not staged (nor spared) as inactive; how many."""
    query = (
        select(patients.c.number)
        .where(
            is_set(patients.c.active),
            ~select(staged.c.line).where(staged.c.mrn == patients.c.mrn).exists(),
            ~select(spared.c.mrn).where(spared.c.mrn == patients.c.mrn).exists(),
        )
        .order_by(patients.c.number)
        .limit(_BATCH)
    )
    deactivated = 0
    while numbers := connection.execute(query).scalars().all():
        first = take_numbers(connection, Counter.PATIENT_CHANGE, len(numbers))
        connection.execute(
            UPDATE.values(active=False, stated="", changed_seq=bindparam("seq")),
            [{"row": number, "seq": seq} for seq, number in enumerate(numbers, start=first)],
        )
        log_changes(connection, first, literal("deactivated"), now)
        deactivated += len(numbers)
    return deactivated


UPDATE = update(patients).where(patients.c.number == bindparam("row"))


def log_changes(connection: Connection, first: int, change: ColumnElement[str], now: datetime) -> None:
    """Writes the changes from number `first` on into the log."""
    changed = select(patients.c.changed_seq, patients.c.number, change, literal(now, Instant)).where(
        patients.c.changed_seq >= first
    )
    connection.execute(insert(patient_changes).from_select(["seq", "patient", "change", "at"], changed))


def _changes(connection: Connection, rows: Sequence[tuple[Any, ...]], number: int, first: int) -> _Changes:
    """What the batch changes: new patients are numbered from `number` on, changes from `first` on."""
    known = [row[_OWNER] for row in rows if row[_OWNER] is not None]
    present = {table.name: _present(connection, table, columns, known) for table, columns in HISTORIES}
    changes = _Changes()
    begin = [changes.begin[table.name] for table, _ in HISTORIES]
    for seq, (_, fingerprint, body, owner, *was) in enumerate(rows, start=first):
        patient = decode_patient(body)
        stated = _stated(patient)
        seal = seal_of(patient.mrn, patient.birth_date, patient.sex, stated)
        own = (patient.birth_date, patient.sex, patient.active, fingerprint, seq, seal)
        if owner is None:
            changes.patients.append((number, patient.mrn, *own))
            for begun, values in zip(begin, stated, strict=True):
                begun += [(number, seq, *value) for value in values]
            number += 1
            continue
        changes.updates.append({"row": owner, **dict(zip(_NEW, own, strict=True))})
        same = was == [patient.birth_date, patient.sex, patient.active]
        for (table, _), begun, values in zip(HISTORIES, begin, stated, strict=True):
            held = present[table.name].get(owner, _NOTHING)
            fresh = [value for value in values if value not in held]
            ended = [{"row": identity, "seq": seq} for value, identity in held.items() if value not in values]
            begun += [(owner, seq, *value) for value in fresh]
            changes.finish[table.name] += ended
            same = same and _supports(table, fresh, any_ended=bool(ended))
        if same:
            changes.supporting.append(seq)
    return changes


def _supports(table: Table, fresh: Sequence[tuple[str | None, ...]], *, any_ended: bool) -> bool:
    """Whether the change of one table tells no more of who the patient is."""
    if table is patient_names:
        return not (fresh or any_ended)
    if table is patient_identifiers:
        return not any_ended and all(value[1] == ACCOUNT for value in fresh)
    return True


def _stated(patient: Patient) -> tuple[Collection[tuple[str | None, ...]], ...]:
    """What the patient's row states, each value once, in the order and with the columns of `HISTORIES`."""
    names: list[tuple[str | None, ...]] = [
        ("usual", patient.last_name, patient.first_name, patient.middle_name, patient.suffix)
    ]
    names += [("former", name, None, None, None) for name in dict.fromkeys(patient.former_last_names)]
    place = (patient.address, patient.city, patient.state, patient.zip)
    identifiers = [(OWN, ACCOUNT, account) for account in dict.fromkeys(patient.account_numbers)]
    if patient.ssn_last4 is not None:
        identifiers.append((OWN, SSN_LAST4, patient.ssn_last4))
    if patient.other_mrns:
        identifiers += dict.fromkeys((other.issuer, MRN, other.value) for other in patient.other_mrns if other.issuer)
    return (
        names,
        [place] if any(place) else (),
        [(phone,) for phone in dict.fromkeys(patient.phones)],
        identifiers,
    )


def _present(
    connection: Connection, table: Table, columns: tuple[str, ...], numbers: Sequence[int]
) -> dict[int, dict[tuple[str | None, ...], int]]:
    """The values that hold now: patient → value → its row. Retired MRNs are no feed's to state or to end."""
    found: dict[int, dict[tuple[str | None, ...], int]] = defaultdict(dict)
    if numbers:
        query = select(table.c.id, table.c.patient, *(table.c[name] for name in columns)).where(
            table.c.patient.in_(numbers), table.c.until_seq.is_(None)
        )
        if table is patient_identifiers:
            query = query.where(table.c.type != RETIRED_MRN)
        for identity, patient, *value in connection.execute(query):
            found[patient][tuple(value)] = identity
    return found


def _write(connection: Connection, changes: _Changes) -> None:
    insert_rows(connection, patients, ("number", "mrn", *_OWN_COLUMNS), changes.patients)
    if changes.updates:
        values: dict[str, Any] = {column: bindparam(new) for column, new in zip(_OWN_COLUMNS, _NEW, strict=True)}
        connection.execute(UPDATE.values(values), changes.updates)
    for table, columns in HISTORIES:
        if finished := changes.finish[table.name]:
            connection.execute(
                update(table).where(table.c.id == bindparam("row")).values(until_seq=bindparam("seq")),
                finished,
            )
        insert_rows(connection, table, ("patient", "since_seq", *columns), changes.begin[table.name])
