"""A disagreement settled, inside a transaction: what was found wrong is a misfile, and goes back to review.

Taken back, it is a disagreement again. What went back to review stays there, with the finding no longer among its
reasons: it is filed again by whoever sees it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from ingest.errors import Conflict, NotFound
from ingest.ledger import chain
from ingest.ledger.counters import document_id
from ingest.ledger.documents import SECOND_LOOK, decide, following, standing
from ingest.ledger.filing import withdraw
from ingest.ledger.job_rows import cancel_filing
from ingest.ledger.listing import decisions_of
from ingest.ledger.misfiles import mark, unmark
from ingest.ledger.records import DecisionRow, FoundHow
from ingest.ledger.schema_desk import second_looks
from ingest.ledger.second_look_records import LookKind, Settlement
from ingest.model import DocumentState

_STANDS = (DocumentState.FILED, DocumentState.WORKING, DocumentState.DISCARDED)


def settle_look(
    connection: Connection,
    number: int,
    *,
    settlement: Settlement,
    mrn: str | None,
    by: str,
    acting_for: str | None,
    now: datetime,
) -> str:
    """Puts down which answer is right, with all that follows; the document's id. Raises NotFound, Conflict."""
    row = _open(connection, number)
    past = decisions_of(connection, document_id(row.document))
    first = _first(row, past, by=by, acting_for=acting_for)
    values = {"settled": settlement, "settled_mrn": mrn, "settled_by": by, "settled_at": now}
    connection.execute(update(second_looks).where(second_looks.c.number == number).values(**values))
    facts = {"second_look": number, "settled": settlement.value, "version": row.version}
    _tell(connection, "second_look.settled", first, facts, {"mrn": mrn, "acting_for": acting_for}, by=by, now=now)
    match settlement:
        case Settlement.FIRST_RIGHT:
            pass
        case Settlement.FIRST_WRONG:
            _put_down_misfile(connection, row, by, now)
            _put_back(connection, row, past, mrn=mrn, by=by, acting_for=acting_for, now=now)
    return first.document_id


def reopen_look(connection: Connection, number: int, *, by: str, acting_for: str | None, now: datetime) -> str:
    """Takes back what was settled, with the mark that it made; the document's id. Raises NotFound, Conflict."""
    row = connection.execute(select(second_looks).where(second_looks.c.number == number)).one_or_none()
    if row is None or row.settled is None:
        msg = f"there is no settled disagreement {number}: ingest review second-look settled"
        raise NotFound(msg)
    past = decisions_of(connection, document_id(row.document))
    first = _first(row, past, by=by, acting_for=acting_for)
    values = {"settled": None, "settled_mrn": None, "settled_by": None, "settled_at": None}
    connection.execute(update(second_looks).where(second_looks.c.number == number).values(**values))
    facts = {"second_look": number, "settled": row.settled, "version": row.version}
    _tell(connection, "second_look.reopened", first, facts, {"acting_for": acting_for}, by=by, now=now)
    unmark(connection, row.document, row.version, how=FoundHow.SECOND_LOOK, by=by, now=now)
    if past[-1].act == SECOND_LOOK and not standing(connection, first.document_id).retired:
        was = "It was discarded" if first.mrn is None else f"It was filed to MRN {first.mrn}"
        told = f"{was}; a second look's finding that this was wrong was taken back."
        again = following(past[-1], SECOND_LOOK, DocumentState.REVIEW, (told, *first.reasons))
        decide(connection, row.document, replace(again, decided_at=now, decided_by=by, acting_for=acting_for))
    return first.document_id


def _first(row: Row[Any], past: tuple[DecisionRow, ...], *, by: str, acting_for: str | None) -> DecisionRow:
    """The decision that was looked at again. Raises Conflict where either answer is that of who settles."""
    first = next(decision for decision in past if decision.version == row.version)
    if ({by, acting_for} - {None}) & {row.answered_by, first.decided_by, first.acting_for}:
        msg = f"second look {row.number} is between your own answer and another: somebody else settles it"
        raise Conflict(msg)
    return first


def _tell(
    connection: Connection,
    action: str,
    first: DecisionRow,
    facts: dict[str, object],
    details: dict[str, str | None],
    *,
    by: str,
    now: datetime,
) -> None:
    told = {name: value for name, value in details.items() if value is not None}
    chain.append(connection, action=action, actor=by, subject=first.document_id, now=now, facts=facts, details=told)


def _open(connection: Connection, number: int) -> Row[Any]:
    row = connection.execute(select(second_looks).where(second_looks.c.number == number)).one_or_none()
    if row is None or row.kind == LookKind.KNOWN or row.answered_at is None or row.agrees:
        msg = f"there is no open disagreement {number}: ingest review second-look open"
        raise NotFound(msg)
    if row.settled is not None:
        msg = f"second look {number} was settled by {row.settled_by}"
        raise Conflict(msg)
    return row


def _put_down_misfile(connection: Connection, row: Row[Any], by: str, now: datetime) -> None:
    """Unless it was no filing."""
    if row.kind != LookKind.DISCARDED_BY_PERSON:
        by_program = row.kind == LookKind.UNATTENDED
        mark(connection, row.document, row.version, by_program=by_program, how=FoundHow.SECOND_LOOK, by=by, now=now)


def _put_back(
    connection: Connection,
    row: Row[Any],
    past: tuple[DecisionRow, ...],
    *,
    mrn: str | None,
    by: str,
    acting_for: str | None,
    now: datetime,
) -> None:
    """Into review, with the reason before all others, if what was found wrong still stands."""
    where = standing(connection, document_id(row.document))
    if where.retired or where.version != row.version or where.state not in _STANDS:
        return
    cancel_filing(connection, where.number, now)
    withdraw(connection, where.number, now)
    if row.kind == LookKind.DISCARDED_BY_PERSON:
        found = "A second look found that it should not have been discarded."
    else:
        found = "A second look found that it was filed to the wrong patient."
    hint = () if mrn is None else (f"Who settled that named MRN {mrn}.",)
    back = following(past[-1], SECOND_LOOK, DocumentState.REVIEW, (found, *hint, *past[-1].reasons))
    decide(connection, where.number, replace(back, decided_at=now, decided_by=by, acting_for=acting_for))
