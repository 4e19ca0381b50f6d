"""What a person's undo leaves: the act before the newest one stands again.

Promises: pure; taking back goes back step by step, also through a refile, and never to a filing that was taken back
before. What the program filed becomes a case for review, never a filing again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.errors import Conflict
from ingest.ledger.documents import PIPELINE, NewDecision, following
from ingest.ledger.records import Act, DecisionRow
from ingest.model import DocumentState


def acts_that_stand(past: Sequence[DecisionRow]) -> list[DecisionRow]:
    """The decisions that count, oldest first: an undo takes the newest away, and stands itself where none is left."""
    acts: list[DecisionRow] = []
    for row in past:
        if row.act == Act.UNDO and acts:
            acts.pop()
        if row.act != Act.UNDO or not acts:
            acts.append(row)
    return acts


def undone(past: Sequence[DecisionRow]) -> NewDecision:
    """The decision that takes the newest act back. Raises Conflict where there is nothing before it."""
    acts = acts_that_stand(past)
    last = acts[-1]
    if last.act == PIPELINE and last.state is DocumentState.FILED:
        reasons = ("It was decided by the program; a person took it back.", *last.reasons)
        return following(last, Act.UNDO, DocumentState.REVIEW, reasons)
    if last.act == Act.COPY:
        return following(last, Act.UNDO, DocumentState.DISCARDED, ("The copy was taken back.",))
    if len(acts) > 1:
        before = acts[-2]
        again = following(before, Act.UNDO, before.state, before.reasons)
        return replace(again, mrn=before.mrn) if before.state is DocumentState.FILED else again
    msg = (
        f"document {last.document_id} was taken back to its beginning: if a copy is wanted all the same, copy it again"
    )
    raise Conflict(msg)
