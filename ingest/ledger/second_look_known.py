"""Known cases: decisions that a second look bore out, or put right; they measure whoever looks.

What a supervisor took back or settled otherwise since is known no more: it is shown to nobody, and no answer to it
counts.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, func, or_, select

from ingest.ledger.columns import is_set
from ingest.ledger.schema import decisions
from ingest.ledger.schema_desk import second_looks
from ingest.ledger.second_look_records import LookKind, Settlement


def is_established(looks: FromClause = second_looks) -> ColumnElement[bool]:
    """The condition that a second look says for good whose the document was, or that it was nobody's."""
    borne_out = or_(is_set(looks.c.agrees), looks.c.settled == Settlement.FIRST_RIGHT)
    put_right = and_(looks.c.settled == Settlement.FIRST_WRONG, looks.c.settled_mrn.is_not(None))
    return and_(looks.c.kind != LookKind.KNOWN, or_(borne_out, put_right))


def is_known_still() -> ColumnElement[bool]:
    """The condition on a known case that what it expects is what is established today."""
    look, first = second_looks.alias("established"), decisions.alias("first")
    answer: ColumnElement[Any] = func.coalesce(look.c.settled_mrn, first.c.mrn)
    same = (
        select(look.c.number)
        .join(first, and_(first.c.document == look.c.document, first.c.version == look.c.version))
        .where(
            look.c.document == second_looks.c.document,
            look.c.version == second_looks.c.version,
            is_established(look),
            answer.is_not_distinct_from(second_looks.c.expected_mrn),
        )
    )
    return and_(second_looks.c.kind == LookKind.KNOWN, same.exists())
