"""What second looks come to: every look with how it stands, what the looks stand for, and what known cases tell.

Reading only; rates are counted of these elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, Select, and_, select

from ingest.ledger.counters import document_id
from ingest.ledger.part import LedgerPart
from ingest.ledger.schema import decisions, documents, scans
from ingest.ledger.schema_desk import second_look_frame, second_looks
from ingest.ledger.second_look_known import is_known_still
from ingest.ledger.second_look_records import FrameCell, KnownAnswer, Look, LookAnswer, LookKind, LookStanding


class SecondLookCounts(LedgerPart):
    """Second looks as figures see them."""

    def second_looks(self) -> Iterator[Look]:
        """Every second look at a decision that was ever drawn, oldest first."""
        query = (
            with_decisions(select(second_looks, decisions.c.type, decisions.c.decided_by, decisions.c.decided_at))
            .add_columns(scans.c.origin)
            .join(documents, documents.c.number == second_looks.c.document)
            .join(scans, scans.c.number == documents.c.scan)
            .where(second_looks.c.kind != LookKind.KNOWN)
            .order_by(second_looks.c.number)
            .execution_options(yield_per=500)
        )
        with self._database.read() as connection:
            for row in connection.execute(query):
                yield _look(row)

    def second_look_frame(self) -> dict[FrameCell, int]:
        """How many decisions the second looks stand for."""
        with self._database.read() as connection:
            return {
                FrameCell(LookKind(row.kind), row.month, row.type or None, row.origin, row.one_in): row.decisions
                for row in connection.execute(select(second_look_frame))
            }

    def known_answers(self) -> tuple[KnownAnswer, ...]:
        """What people answered to what is a known case still, oldest first."""
        query = select(second_looks).where(is_known_still(), second_looks.c.answered_at.is_not(None))
        with self._database.read() as connection:
            return tuple(
                KnownAnswer(person=row.answered_by, right=None if row.answer == LookAnswer.UNSURE else row.agrees)
                for row in connection.execute(query.order_by(second_looks.c.number))
            )


def with_decisions(query: Select[Any]) -> Select[Any]:
    """The query, joined with the decisions that are looked at again."""
    looked_at = and_(decisions.c.document == second_looks.c.document, decisions.c.version == second_looks.c.version)
    return query.join_from(second_looks, decisions, looked_at)


def _look(row: Row[Any]) -> Look:
    kind = LookKind(row.kind)
    return Look(
        number=row.number,
        document_id=document_id(row.document),
        version=row.version,
        kind=kind,
        month=f"{row.decided_at:%Y-%m}",
        type=row.type,
        origin=row.origin,
        person=None if kind is LookKind.UNATTENDED else row.decided_by,
        one_in=round(1 / row.chance),
        standing=_standing(row),
    )


def _standing(row: Row[Any]) -> LookStanding:
    if row.settled is not None:
        return LookStanding(row.settled)
    if row.answered_at is None:
        return LookStanding.OPEN
    return LookStanding.AGREED if row.agrees else LookStanding.DISPUTED
