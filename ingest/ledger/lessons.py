"""Lessons: what people decided that still stands, and so may teach the program.

Promises: nothing is a lesson that was undone, refiled, found to be a misfile, or that a second look disputes or has
overturned; nothing that the program decided by itself is one until a person's second look has found the same. Who
corrects only a document's type says nothing of whose it is.

A lesson on the patient is told by the decision that gave the document to the patient it is with now; one on the type
by the newest person who changed the type, or else by who filed the document with its type before their eyes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select, union

from ingest.ledger.columns import is_set
from ingest.ledger.counters import document_id, scan_id
from ingest.ledger.documents import FILING_FAILED, PIPELINE, RECALLED
from ingest.ledger.part import LedgerPart
from ingest.ledger.records import Act
from ingest.ledger.schema import decisions, documents
from ingest.ledger.schema_desk import misfiles, second_looks
from ingest.model import DocumentState

_KNOWN_CASE = "known"  # asked to try the person: it says nothing of the document
_TEACHES_NOTHING = (PIPELINE, RECALLED, FILING_FAILED, Act.UNDO)
_KEPT = (DocumentState.FILED, DocumentState.REVIEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientLesson:
    """Whose a document is, as a person said at `told_at`.

    `stands_for` is how many documents of its kind it speaks for: 1 where people decided all of them, more where the
    program filed them and a share was looked at again.
    """

    document_id: str
    scan_id: str
    mrn: str
    told_at: datetime
    stands_for: float
    confirmed: bool  # the program filed it, and a second look found the same


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeLesson:
    """What a document is, as a person said at `told_at`; `corrected` when they changed it, else they let it stand."""

    document_id: str
    scan_id: str
    mrn: str | None
    type: str
    told_at: datetime
    corrected: bool


@dataclass(frozen=True, slots=True)
class _Looks:
    """What second looks and refilings say of one document, by the version of the decision that they speak of."""

    against: frozenset[int]
    confirmed: Mapping[int, tuple[datetime, float]]


class Lessons(LedgerPart):
    """What the desk teaches."""

    def patient_lessons(self) -> tuple[PatientLesson, ...]:
        """Every living document that people say whose it is, in the order in which they said it."""
        found = (_patient_lesson(rows, looks) for rows, looks in self._taught())
        return tuple(sorted((one for one in found if one is not None), key=lambda one: (one.told_at, one.document_id)))

    def type_lessons(self) -> tuple[TypeLesson, ...]:
        """Every living document that people say what it is, in the order in which they said it."""
        found = (_type_lesson(rows, looks) for rows, looks in self._taught())
        return tuple(sorted((one for one in found if one is not None), key=lambda one: (one.told_at, one.document_id)))

    def unattended_filings(self) -> int:
        """How many living documents are filed by the program's own decision."""
        newest = and_(decisions.c.document == documents.c.number, decisions.c.version == documents.c.version)
        query = (
            select(func.count())
            .select_from(documents)
            .join(decisions, newest)
            .where(
                documents.c.retired_at.is_(None),
                documents.c.state == DocumentState.FILED,
                decisions.c.act == PIPELINE,
            )
        )
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def _taught(self) -> Iterator[tuple[list[Row[Any]], _Looks]]:
        """Living documents that a person had to do with: their decisions, oldest first, and what was said of them.

        A copy for a second patient shows another patient's paper: it teaches nothing.
        """
        touched = union(
            select(decisions.c.document).where(decisions.c.decided_by != PIPELINE),
            select(second_looks.c.document).where(second_looks.c.answered_at.is_not(None)),
        )
        query = (
            select(
                decisions.c.document,
                decisions.c.version,
                decisions.c.act,
                decisions.c.state,
                decisions.c.mrn,
                decisions.c.type,
                decisions.c.traits.like('%"typed_by":%').label("learned"),
                decisions.c.decided_at,
                decisions.c.decided_by,
                documents.c.scan,
            )
            .join(documents, documents.c.number == decisions.c.document)
            .where(documents.c.retired_at.is_(None), documents.c.copy_of.is_(None), decisions.c.document.in_(touched))
            .order_by(decisions.c.document, decisions.c.version)
            .execution_options(yield_per=500)
        )
        with self._database.read() as connection:
            against, confirmed = _against(connection), _confirmed(connection)
            for document, rows in groupby(connection.execute(query), key=lambda row: row.document):
                yield list(rows), _Looks(frozenset(against.get(document, ())), confirmed.get(document, {}))


def _against(connection: Connection) -> dict[int, set[int]]:
    """The decisions that were overturned, or are disputed and not settled yet."""
    disputed = and_(
        second_looks.c.agrees.is_not(None),
        ~is_set(second_looks.c.agrees),
        second_looks.c.settled.is_(None),
        second_looks.c.kind != _KNOWN_CASE,
    )
    looked = select(second_looks.c.document, second_looks.c.version).where(
        or_(second_looks.c.settled == "first_wrong", disputed)
    )
    found: dict[int, set[int]] = {}
    for query in (select(misfiles.c.document, misfiles.c.version), looked):
        for document, version in connection.execute(query):
            found.setdefault(document, set()).add(version)
    return found


def _confirmed(connection: Connection) -> dict[int, dict[int, tuple[datetime, float]]]:
    """The decisions that a blind second look agreed with, or a supervisor after it: when, and for how many."""
    query = select(second_looks).where(
        second_looks.c.answered_at.is_not(None),
        second_looks.c.kind != _KNOWN_CASE,
        or_(is_set(second_looks.c.agrees), second_looks.c.settled == "first_right"),
    )
    found: dict[int, dict[int, tuple[datetime, float]]] = {}
    for row in connection.execute(query):
        stands_for = 1.0 / row.chance if row.chance else 1.0
        found.setdefault(row.document, {})[row.version] = (row.settled_at or row.answered_at, stands_for)
    return found


def _patient_lesson(rows: Sequence[Row[Any]], looks: _Looks) -> PatientLesson | None:
    standing = _standing(rows)
    if not standing or any(row.version in looks.against for row in standing):
        return None
    giver = standing[0]
    if _by_person(giver):
        told_at, stands_for, confirmed = giver.decided_at, 1.0, False
    else:
        answers = [looks.confirmed[row.version] for row in standing if row.version in looks.confirmed]
        if giver.act != PIPELINE or not answers:
            return None
        (told_at, stands_for), confirmed = max(answers), True
    return PatientLesson(
        document_id=document_id(giver.document),
        scan_id=scan_id(giver.scan),
        mrn=giver.mrn,
        told_at=told_at,
        stands_for=stands_for,
        confirmed=confirmed,
    )


def _standing(rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """The decisions since the document was given to the patient it is filed to; none when it is not filed."""
    standing: list[Row[Any]] = []
    for row in reversed(rows):
        if row.state != DocumentState.FILED or row.mrn is None or row.mrn != rows[-1].mrn:
            break
        standing.insert(0, row)
    return standing


def _type_lesson(rows: Sequence[Row[Any]], looks: _Looks) -> TypeLesson | None:
    last = rows[-1]
    if last.type is None or last.state not in _KEPT:
        return None
    teller, corrected = _corrector(rows), True
    if teller is None:
        # Who filed it saw the type and let it stand; a type that was learned would only teach itself so.
        standing = _standing(rows)
        if not standing or not _by_person(standing[0]) or standing[0].learned:
            return None
        teller, corrected = standing[0], False
    if any(row.version in looks.against for row in rows if row.version >= teller.version):
        return None
    return TypeLesson(
        document_id=document_id(last.document),
        scan_id=scan_id(last.scan),
        mrn=last.mrn,
        type=last.type,
        told_at=teller.decided_at,
        corrected=corrected,
    )


def _corrector(rows: Sequence[Row[Any]]) -> Row[Any] | None:
    """The newest person's decision that changed the type, if nothing since then took it back or typed anew."""
    told: Row[Any] | None = None
    for before, row in pairwise(rows):
        if row.act in (PIPELINE, Act.UNDO):
            told = None
        elif _by_person(row) and row.type != before.type:
            told = row
    return told


def _by_person(row: Row[Any]) -> bool:
    return row.decided_by != PIPELINE and row.act not in _TEACHES_NOTHING
