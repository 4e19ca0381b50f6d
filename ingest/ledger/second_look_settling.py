"""A disagreement settled, inside a transaction: what was found wrong is a misfile, and goes back to review.

Taken back, it is a disagreement again and the misfile none, unless somebody acted on the finding: then the document is
first to be where it was. What went back to review stays there, and says so: whoever sees it files it again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from ingest.errors import Conflict, NotFound
from ingest.ledger import chain
from ingest.ledger.codec import Json, decode_mapping
from ingest.ledger.counters import document_id
from ingest.ledger.documents import SECOND_LOOK, decide, following, standing
from ingest.ledger.filing import withdraw
from ingest.ledger.job_rows import cancel_filing
from ingest.ledger.listing import decisions_of
from ingest.ledger.misfiles import mark, unmark
from ingest.ledger.records import DecisionRow, FoundHow
from ingest.ledger.schema import audit, audit_details
from ingest.ledger.schema_desk import second_looks
from ingest.ledger.second_look_records import LookKind, Settlement
from ingest.model import DocumentState

_STANDS = (DocumentState.FILED, DocumentState.WORKING, DocumentState.DISCARDED)
_SETTLED, _REOPENED = "second_look.settled", "second_look.reopened"


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
    facts: dict[str, Json] = {"second_look": number, "settled": settlement.value, "version": row.version}
    _tell(connection, _SETTLED, first, facts, {"mrn": mrn, "acting_for": acting_for}, by=by, now=now)
    match settlement:
        case Settlement.FIRST_RIGHT:
            pass
        case Settlement.FIRST_WRONG:
            _put_down_misfile(connection, row, by, now)
            hint = () if mrn is None else (f"Who settled that named MRN {mrn}.",)
            _put_back(connection, row, past, (_found(row), *hint), by=by, acting_for=acting_for, now=now)
    return first.document_id


def reopen_look(
    connection: Connection,
    number: int,
    *,
    settled_at: datetime | None,
    by: str,
    acting_for: str | None,
    now: datetime,
) -> str:
    """Takes back what was settled, with the mark that it made; the document's id. Raises NotFound, Conflict."""
    row = connection.execute(select(second_looks).where(second_looks.c.number == number)).one_or_none()
    if row is None or row.settled is None:
        msg = f"there is no settled disagreement {number}: ingest review second-look settled"
        raise NotFound(msg)
    if settled_at is not None and row.settled_at != settled_at:
        msg = f"second look {number} was settled anew since: look at it again"
        raise Conflict(msg)
    past = decisions_of(connection, document_id(row.document))
    first = _first(row, past, by=by, acting_for=acting_for)
    if row.settled == Settlement.FIRST_WRONG:
        _refuse_if_acted_on(connection, row, first, past[-1])
    values = {"settled": None, "settled_mrn": None, "settled_by": None, "settled_at": None}
    connection.execute(update(second_looks).where(second_looks.c.number == number).values(**values))
    facts: dict[str, Json] = {"second_look": number, "settled": row.settled, "version": row.version}
    _tell(connection, _REOPENED, first, facts, {"acting_for": acting_for}, by=by, now=now)
    if row.settled == Settlement.FIRST_WRONG:
        unmark(connection, row.document, row.version, how=FoundHow.SECOND_LOOK, by=by, now=now)
        if _is_put_back(row, past):
            was = "It was discarded" if first.mrn is None else f"It was filed to MRN {first.mrn}"
            told = f"{was}; a second look's finding that this was wrong was taken back."
            _put_back(connection, row, past, (told,), by=by, acting_for=acting_for, now=now)
    return first.document_id


def mark_as_found(connection: Connection, document: int, version: int, now: datetime) -> None:
    """The misfile that a settled second look found of this decision, if one did, is marked."""
    of_decision = (second_looks.c.document == document, second_looks.c.version == version)
    found = select(second_looks).where(*of_decision, second_looks.c.settled == Settlement.FIRST_WRONG)
    for row in connection.execute(found).all():
        _put_down_misfile(connection, row, row.settled_by, now)


def settlers(connection: Connection, identifier: str) -> frozenset[str]:
    """Who ever settled a second look at a document or took that back, in their own name or another's."""
    query = (
        select(audit.c.actor, audit_details.c.body)
        .outerjoin(audit_details, audit_details.c.seq == audit.c.seq)
        .where(audit.c.subject == identifier, audit.c.action.in_((_SETTLED, _REOPENED)))
    )
    names: set[str] = set()
    for row in connection.execute(query):
        acting_for = None if row.body is None else decode_mapping(row.body).get("acting_for")
        names |= {row.actor} | ({acting_for} if acting_for is not None else set())
    return frozenset(names)


def _open(connection: Connection, number: int) -> Row[Any]:
    row = connection.execute(select(second_looks).where(second_looks.c.number == number)).one_or_none()
    if row is None or row.kind == LookKind.KNOWN or row.answered_at is None or row.agrees:
        msg = f"there is no open disagreement {number}: ingest review second-look open"
        raise NotFound(msg)
    if row.settled is not None:
        msg = f"second look {number} was settled by {row.settled_by}"
        raise Conflict(msg)
    return row


def _first(row: Row[Any], past: Sequence[DecisionRow], *, by: str, acting_for: str | None) -> DecisionRow:
    """The decision that was looked at again. Raises Conflict where either answer is that of who settles."""
    first = next(decision for decision in past if decision.version == row.version)
    if ({by, acting_for} - {None}) & {row.answered_by, first.decided_by, first.acting_for}:
        msg = f"second look {row.number} is between your own answer and another: somebody else settles it"
        raise Conflict(msg)
    return first


def _refuse_if_acted_on(connection: Connection, row: Row[Any], first: DecisionRow, last: DecisionRow) -> None:
    """Raises Conflict when people went on from the finding, and the document is not where it was again."""
    is_where_it_was = last.state in _STANDS and last.mrn == first.mrn
    if is_where_it_was or not _was_acted_on(connection, first.document_id, row.number):
        return
    was = "discard it" if first.mrn is None else f"give it to MRN {first.mrn}"
    msg = f"document {first.document_id} was decided on since: first {was} again, then take this back"
    raise Conflict(msg)


def _was_acted_on(connection: Connection, identifier: str, number: int) -> bool:
    """Whether anybody decided on the document, or cut it, since this look was last settled."""
    if standing(connection, identifier).retired:
        return True
    told = select(audit.c.action, audit.c.facts).where(
        audit.c.subject == identifier, audit.c.action.in_((_SETTLED, "document.decided"))
    )
    acted_on = False
    for row in connection.execute(told.order_by(audit.c.seq)):
        facts = json.loads(row.facts)
        if row.action == _SETTLED:
            acted_on = acted_on and facts["second_look"] != number
        else:
            acted_on = acted_on or facts["act"] != SECOND_LOOK
    return acted_on


def _is_put_back(row: Row[Any], past: Sequence[DecisionRow]) -> bool:
    """Whether what stands is what this very look put into review: nothing else was decided since."""
    since = [decision.act for decision in past if decision.version > row.version]
    return bool(since) and set(since) == {SECOND_LOOK}


def _put_down_misfile(connection: Connection, row: Row[Any], by: str, now: datetime) -> None:
    """Unless it was no filing."""
    if row.kind != LookKind.DISCARDED_BY_PERSON:
        by_program = row.kind == LookKind.UNATTENDED
        mark(connection, row.document, row.version, by_program=by_program, how=FoundHow.SECOND_LOOK, by=by, now=now)


def _found(row: Row[Any]) -> str:
    if row.kind == LookKind.DISCARDED_BY_PERSON:
        return "A second look found that it should not have been discarded."
    return "A second look found that it was filed to the wrong patient."


def _put_back(
    connection: Connection,
    row: Row[Any],
    past: Sequence[DecisionRow],
    told: tuple[str, ...],
    *,
    by: str,
    acting_for: str | None,
    now: datetime,
) -> None:
    """Into review with these words before all other reasons, if what was looked at still stands, or was put back."""
    where = standing(connection, document_id(row.document))
    stands = where.version == row.version and where.state in _STANDS
    if where.retired or not (stands or _is_put_back(row, past)):
        return
    if stands:
        cancel_filing(connection, where.number, now)
        withdraw(connection, where.number, now)
    first = next(decision for decision in past if decision.version == row.version)
    back = following(past[-1], SECOND_LOOK, DocumentState.REVIEW, (*told, *first.reasons))
    decide(connection, where.number, replace(back, decided_at=now, decided_by=by, acting_for=acting_for))


def _tell(
    connection: Connection,
    action: str,
    first: DecisionRow,
    facts: Mapping[str, Json],
    details: Mapping[str, str | None],
    *,
    by: str,
    now: datetime,
) -> None:
    told = {name: value for name, value in details.items() if value is not None}
    chain.append(connection, action=action, actor=by, subject=first.document_id, now=now, facts=facts, details=told)
