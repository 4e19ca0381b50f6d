"""What second looks are drawn of: every filing and discarding, once, in the order in which it was carried out.

Promises: a decision comes up for drawing exactly once, however often and from however many processes drawing runs: its
place is that of its event in the audit, which has no gaps and is in the order of commits. What is handed out to draw
from does not hold the answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ingest.ledger import chain
from ingest.ledger.counters import document_id, document_number
from ingest.ledger.documents import PIPELINE
from ingest.ledger.part import LedgerPart
from ingest.ledger.records import Act
from ingest.ledger.schema import audit, audit_head, decisions, documents, renditions, scans
from ingest.ledger.schema_desk import second_look_frame, second_look_head, second_look_strata, second_looks
from ingest.ledger.second_look_known import is_established
from ingest.ledger.second_look_records import (
    Block,
    Chosen,
    Drawable,
    Drawing,
    KnownCase,
    LookKind,
    Undrawn,
)
from ingest.model import DocumentState

_EVENTS = 2000  # so many filings and discardings are drawn from at a time
_KNOWN = 500
_ROWS = 400
_SHOWABLE = (DocumentState.REVIEW, DocumentState.BLANK, DocumentState.SEPARATOR)


class _Act(NamedTuple):
    document: int
    version: int


class SecondLookDrawing(LedgerPart):
    """Drawing: what is next, and what came of it."""

    def undrawn(self) -> Undrawn:
        """The oldest decisions that were not drawn from yet, some at a time: until `through` is `since`."""
        with self._database.read() as connection:
            since = _since(connection)
            query = (
                select(audit.c.seq, audit.c.action, audit.c.subject, audit.c.facts)
                .where(audit.c.seq > since, audit.c.action.in_(("document.filed", "document.decided")))
                .order_by(audit.c.seq)
                .limit(_EVENTS)
            )
            events = connection.execute(query).all()
            head = connection.execute(select(audit_head.c.seq)).scalar_one()
            strata = connection.execute(select(second_look_strata))
            return Undrawn(
                since=since,
                through=events[-1].seq if len(events) == _EVENTS else head,
                decisions=tuple(_drawables(connection, list(_acts(connection, events)))),
                blocks={row.stratum: Block(row.block, row.size, row.seen) for row in strata},
                known=_known(connection),
            )

    def record_drawing(self, drawing: Drawing, *, of: Undrawn, by: str, now: datetime) -> bool:
        """Puts down what was drawn. False when another process drew of these meanwhile: nothing was put down."""
        with self._database.write() as connection:
            if _since(connection) != of.since:
                return False
            head = {"id": 1, "seq": of.through}
            if connection.execute(update(second_look_head).values(seq=of.through)).rowcount == 0:
                connection.execute(insert(second_look_head).values(head))
            upsert = (sqlite if self._database.is_sqlite else postgresql).insert
            for stratum, block in drawing.blocks.items():
                values = {"block": block.number, "size": block.size, "seen": block.seen}
                new = upsert(second_look_strata).values(stratum=stratum, **values)
                connection.execute(new.on_conflict_do_update(index_elements=["stratum"], set_=values))
            for cell, count in drawing.frame.items():
                key = {"kind": cell.kind, "month": cell.month, "type": cell.type or "", "origin": cell.origin}
                more = upsert(second_look_frame).values(**key, one_in=cell.one_in, decisions=count)
                total = second_look_frame.c.decisions + count
                connection.execute(
                    more.on_conflict_do_update(index_elements=[*key, "one_in"], set_={"decisions": total})
                )
            for look in drawing.looks:
                connection.execute(insert(second_looks).values(chosen_at=now, **_columns(look)))
            if of.decisions:
                facts = {
                    "from": of.since,
                    "through": of.through,
                    "decisions": sum(drawing.frame.values()),
                    "drawn": sum(isinstance(look, Chosen) for look in drawing.looks),
                }
                chain.append(
                    connection, action="second_looks.drawn", actor=by, subject="second_looks", now=now, facts=facts
                )
        return True


def _since(connection: Connection) -> int:
    return connection.execute(select(second_look_head.c.seq)).scalar_one_or_none() or 0


def _acts(connection: Connection, events: Sequence[Any]) -> Iterator[_Act]:
    """Discardings, and filings the first time that their PDF lay in the record; a better PDF is no new filing."""
    filed: dict[int, _Act] = {}
    acts: list[tuple[_Act, int | None]] = []
    for event in events:
        facts = json.loads(event.facts)
        act = _Act(document_number(event.subject), facts["version"])
        if event.action == "document.filed":
            filed[facts["rendition"]] = act
            acts.append((act, facts["rendition"]))
        elif facts["act"] == Act.DISCARD:
            acts.append((act, None))
    first = _first_renditions(connection, filed.values())
    for act, rendition in acts:
        if rendition is None or first.get(act) == rendition:
            yield act


def _first_renditions(connection: Connection, acts: Iterable[_Act]) -> dict[_Act, int]:
    found: dict[_Act, int] = {}
    for some in _portions(sorted({act.document for act in acts})):
        query = (
            select(renditions.c.document, renditions.c.version, func.min(renditions.c.number))
            .where(renditions.c.document.in_(some), renditions.c.filed_at.is_not(None))
            .group_by(renditions.c.document, renditions.c.version)
        )
        found |= {_Act(document, version): number for document, version, number in connection.execute(query)}
    return found


def _drawables(connection: Connection, acts: Sequence[_Act]) -> Iterator[Drawable]:
    rows: dict[_Act, Any] = {}
    for some in _portions(sorted({act.document for act in acts})):
        query = (
            select(
                decisions.c.document,
                decisions.c.version,
                decisions.c.act,
                decisions.c.state,
                decisions.c.type,
                decisions.c.probability,
                decisions.c.decided_by,
                decisions.c.decided_at,
                scans.c.origin,
            )
            .join(documents, documents.c.number == decisions.c.document)
            .join(scans, scans.c.number == documents.c.scan)
            .where(decisions.c.document.in_(some), documents.c.copy_of.is_(None))
        )
        rows |= {_Act(row.document, row.version): row for row in connection.execute(query)}
    for act in acts:
        if act not in rows:
            continue  # copied to a second patient: a blind look would name the first, and both are right
        row, before = rows[act], rows.get(_Act(act.document, act.version - 1))
        if row.act == Act.DISCARD and (before is None or before.state not in _SHOWABLE):
            continue  # a copy, or what cannot be opened: there is nothing to look at
        by_program = row.act == PIPELINE
        yield Drawable(
            document_id=document_id(act.document),
            version=act.version,
            kind=_kind(row.act),
            type=row.type,
            origin=row.origin,
            probability=row.probability,
            person=None if by_program else row.decided_by,
            decided_at=row.decided_at,
        )


def _kind(act: str) -> LookKind:
    if act == PIPELINE:
        return LookKind.UNATTENDED
    return LookKind.DISCARDED_BY_PERSON if act == Act.DISCARD else LookKind.FILED_BY_PERSON


def _known(connection: Connection) -> tuple[KnownCase, ...]:
    """The newest decisions that a second look bore out, or put right; none that is being shown already."""
    shown = second_looks.alias("shown")
    open_now = select(shown.c.number).where(
        shown.c.document == second_looks.c.document, shown.c.kind == LookKind.KNOWN, shown.c.answered_at.is_(None)
    )
    query = (
        select(second_looks.c.document, second_looks.c.version, second_looks.c.settled_mrn, decisions.c.mrn)
        .join(
            decisions,
            and_(decisions.c.document == second_looks.c.document, decisions.c.version == second_looks.c.version),
        )
        .where(is_established(), ~open_now.exists())
        .order_by(second_looks.c.number.desc())
        .limit(_KNOWN)
    )
    return tuple(
        KnownCase(document_id=document_id(row.document), version=row.version, mrn=row.settled_mrn or row.mrn)
        for row in connection.execute(query)
    )


def _columns(look: Chosen | KnownCase) -> dict[str, object]:
    match look:
        case Chosen(decision=decision, stratum=stratum, one_in=one_in):
            return {
                "document": document_number(decision.document_id),
                "version": decision.version,
                "kind": decision.kind,
                "stratum": stratum,
                "chance": 1 / one_in,
            }
        case KnownCase(document_id=document, version=version, mrn=mrn):
            return {
                "document": document_number(document),
                "version": version,
                "kind": LookKind.KNOWN,
                "stratum": LookKind.KNOWN.value,
                "expected_mrn": mrn,
            }


def _portions(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[start : start + _ROWS] for start in range(0, len(numbers), _ROWS))
