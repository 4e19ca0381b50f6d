"""One registration merged into another: its MRN retires and from then on means the other one.

Promises: both registrations are changed in one go, as two changes of the log; the retired one keeps all
its values, is inactive, and can be taken out again. The worklist's lines between the two are settled, and
opened again with that.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, literal, select, update

from ingest.errors import Conflict, NotFound
from ingest.ledger import duplicates
from ingest.ledger.counters import Counter, take_numbers
from ingest.ledger.patient_load import log_changes
from ingest.ledger.patient_rows import OWN, RETIRED_MRN
from ingest.ledger.schema import patient_identifiers, patients

_MOST_MERGERS = 8  # one after the other; a chain that is longer is a circle


def merge(connection: Connection, *, retired: str, survivor: str, by: str, now: datetime) -> int:
    """How many lines of the worklist that settles. Raises NotFound, or Conflict with the reason."""
    numbers = {mrn: _number(connection, mrn) for mrn in (retired, survivor)}
    (old, old_into), (new, new_into) = numbers[retired], numbers[survivor]
    if old == new:
        msg = "a registration cannot be merged into itself"
        raise Conflict(msg)
    if old_into is not None:
        msg = "this registration is merged already; take that back first (--undo)"
        raise Conflict(msg)
    if new_into is not None:
        msg = "the registration to keep is itself merged into another one; name that one"
        raise Conflict(msg)
    mrns, kept = [retired, *_retired_of(connection, old)], [survivor, *_retired_of(connection, new)]
    settled = duplicates.settle_merged(connection, mrns, kept, by=by, now=now)
    first = take_numbers(connection, Counter.PATIENT_CHANGE, 2)
    connection.execute(
        update(patients).where(patients.c.number == old).values(merged_into=new, active=False, changed_seq=first)
    )
    connection.execute(update(patients).where(patients.c.number == new).values(changed_seq=first + 1))
    connection.execute(
        insert(patient_identifiers),
        [{"patient": new, "issuer": OWN, "type": RETIRED_MRN, "value": mrn, "since_seq": first + 1} for mrn in mrns],
    )
    log_changes(connection, first, literal("merged"), now)
    return settled


def take_back(connection: Connection, *, retired: str, by: str, now: datetime) -> tuple[str, int]:
    """Takes a merger back: (the MRN that it was merged into, how many lines of the worklist are open again)."""
    old, into = _number(connection, retired)
    if into is None:
        msg = "this registration is not merged into another one"
        raise Conflict(msg)
    first = take_numbers(connection, Counter.PATIENT_CHANGE, 2)
    connection.execute(
        update(patients).where(patients.c.number == old).values(merged_into=None, active=True, changed_seq=first)
    )
    connection.execute(update(patients).where(patients.c.number == into).values(changed_seq=first + 1))
    mrns = [retired, *_retired_of(connection, old)]
    connection.execute(
        update(patient_identifiers)
        .where(
            patient_identifiers.c.patient == into,
            patient_identifiers.c.type == RETIRED_MRN,
            patient_identifiers.c.value.in_(mrns),
            patient_identifiers.c.until_seq.is_(None),
        )
        .values(until_seq=first + 1)
    )
    log_changes(connection, first, literal("unmerged"), now)
    survivor = str(connection.execute(select(patients.c.mrn).where(patients.c.number == into)).scalar_one())
    kept = [survivor, *_retired_of(connection, into)]
    return survivor, duplicates.open_again(connection, mrns, kept, by=by, now=now)


def survivor_of(connection: Connection, mrn: str) -> str:
    """The MRN of the registration that stands for this one in the end: its own, unless it was merged."""
    for _ in range(_MOST_MERGERS):
        survivor = patients.alias("survivor")
        into = connection.execute(
            select(survivor.c.mrn)
            .join_from(patients, survivor, survivor.c.number == patients.c.merged_into)
            .where(patients.c.mrn == mrn)
        ).scalar_one_or_none()
        if into is None:
            break
        mrn = str(into)
    return mrn


def _number(connection: Connection, mrn: str) -> tuple[int, int | None]:
    row = connection.execute(select(patients.c.number, patients.c.merged_into).where(patients.c.mrn == mrn)).first()
    if row is None:
        msg = "there is no patient with this MRN; look for it with: ingest patients search"
        raise NotFound(msg)
    return row.number, row.merged_into


def _retired_of(connection: Connection, number: int) -> tuple[str, ...]:
    query = select(patient_identifiers.c.value).where(
        patient_identifiers.c.patient == number,
        patient_identifiers.c.type == RETIRED_MRN,
        patient_identifiers.c.until_seq.is_(None),
    )
    return tuple(connection.execute(query).scalars())
