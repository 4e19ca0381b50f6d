"""Which documents changes of patients concern, inside a transaction.

Promises: only documents that a change could make certain or doubtful, found by their keys; what waits is concerned by
any change, what is filed only where somebody may be another person by it, or was given a number that stands on it. A
decision that was taken after a change has weighed it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, or_, select

from ingest.ledger.counters import document_number
from ingest.ledger.documents import PIPELINE
from ingest.ledger.identity_keys import keys_of_patient, number_keys
from ingest.ledger.patient_load import SUPPORTING
from ingest.ledger.patient_rows import ACCOUNT, patients_numbered
from ingest.ledger.schema import audit, decisions, documents, patient_changes, patient_identifiers
from ingest.ledger.schema_rematch import match_keys
from ingest.model import DocumentState

_AT_ONCE = 900  # values of one statement


@dataclass(slots=True)
class _Asked:
    """The changes behind each key: the newest of all, and of those that may concern what is filed."""

    any: dict[int, int] = field(default_factory=dict)
    strong: dict[int, int] = field(default_factory=dict)

    def add(self, keys: frozenset[int], *, seq: int = 0, strong: int = 0) -> None:
        """A patient's keys, with the newest change of either kind."""
        for which, number in ((self.any, max(seq, strong)), (self.strong, strong)):
            which.update((key, max(number, which.get(key, 0))) for key in keys)


def concerned_by(connection: Connection, after: int, upto: int) -> dict[int, int]:
    """Documents that the changes behind number `after` up to `upto` concern, with the newest such change of each."""
    asked = _asked(connection, after, upto)
    any_of: dict[int, int] = defaultdict(int)
    strong_of: dict[int, int] = defaultdict(int)
    for some in _portions(sorted(asked.any)):
        for key, document in connection.execute(
            select(match_keys.c.key, match_keys.c.document).where(match_keys.c.key.in_(some))
        ):
            any_of[document] = max(any_of[document], asked.any[key])
            strong_of[document] = max(strong_of[document], asked.strong.get(key, 0))
    concerned = {}
    for some in _portions(sorted(any_of)):
        for row in connection.execute(_standing_of(some)):
            seq = (any_of if row.state == DocumentState.REVIEW else strong_of)[row.number]
            if seq > (row.index_generation or 0):
                concerned[row.number] = seq
    return concerned


def everything(connection: Connection, upto: int) -> dict[int, int]:
    """Every document that any change could concern: cheaper to ask for where more patients changed than there are."""
    rows = connection.execute(_standing())
    return {row.number: upto for row in rows if upto > (row.index_generation or 0)}


def decided_since(connection: Connection, seq: int, upto: int) -> dict[int, int]:
    """Documents decided behind event `seq` by an index that does not know all changes up to `upto`."""
    events = select(audit.c.subject).where(audit.c.seq > seq, audit.c.action == "document.decided")
    numbers = sorted({document_number(subject) for subject in connection.execute(events).scalars()})
    rows = (row for some in _portions(numbers) for row in connection.execute(_standing_of(some)))
    return {row.number: upto for row in rows if upto > (row.index_generation or 0)}


def _asked(connection: Connection, after: int, upto: int) -> _Asked:
    newest: dict[int, int] = {}
    strong: dict[int, int] = {}
    changes = select(patient_changes.c.seq, patient_changes.c.patient, patient_changes.c.change)
    for row in connection.execute(changes.where(patient_changes.c.seq > after, patient_changes.c.seq <= upto)):
        newest[row.patient] = max(row.seq, newest.get(row.patient, 0))
        if row.change != SUPPORTING:
            strong[row.patient] = max(row.seq, strong.get(row.patient, 0))
    asked = _Asked()
    numbers = sorted(newest)
    for number, patient in zip(numbers, patients_numbered(connection, numbers), strict=True):
        keys = keys_of_patient(patient)
        asked.add(keys.numbers | keys.names | keys.weighed, seq=newest[number], strong=strong.get(number, 0))
    for some in _portions(numbers):
        for row in connection.execute(_accounts_since(after).where(patient_identifiers.c.patient.in_(some))):
            asked.add(number_keys([row.value]), strong=row.since_seq)
    return asked


def _accounts_since(after: int) -> Select[Any]:
    """Account numbers that somebody was given: on a page of somebody else's they speak against them."""
    return select(patient_identifiers.c.since_seq, patient_identifiers.c.value).where(
        patient_identifiers.c.type == ACCOUNT, patient_identifiers.c.since_seq > after
    )


def _standing_of(numbers: Sequence[int]) -> Select[Any]:
    return _standing().where(documents.c.number.in_(numbers))


def _standing() -> Select[Any]:
    """Living documents that wait as the program left them, or that are filed or about to be."""
    newest = (decisions.c.document == documents.c.number) & (decisions.c.version == documents.c.version)
    filed = documents.c.state.in_((DocumentState.FILED, DocumentState.WORKING))
    return (
        select(documents.c.number, documents.c.state, decisions.c.index_generation)
        .join(decisions, newest)
        .where(
            documents.c.retired_at.is_(None),
            documents.c.copy_of.is_(None),
            or_(
                (documents.c.state == DocumentState.REVIEW) & (decisions.c.act == PIPELINE),
                filed & (decisions.c.state == DocumentState.FILED),
            ),
        )
    )


def _portions(values: Sequence[int]) -> Iterator[Sequence[int]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
