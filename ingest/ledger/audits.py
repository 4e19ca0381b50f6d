"""Audited decisions: what the program would have filed by itself, and where a person then put it.

Promises: a decision counts once, with the newest person's verdict on its document; what nobody looked at
is no evidence and does not count, nor does what was discarded. What second looks found stands apart: each of these
decisions was chosen with a chance, which is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from ingest.ledger.codec import decode_candidates
from ingest.ledger.counters import document_id
from ingest.ledger.documents import PIPELINE, SECOND_LOOK
from ingest.ledger.part import LedgerPart
from ingest.ledger.records import Act, AuditedRow
from ingest.ledger.schema import decisions
from ingest.ledger.schema_desk import second_looks
from ingest.ledger.second_look_records import LookKind, Settlement
from ingest.model import DocumentState

_VERDICTS = (Act.ACCEPT, Act.ASSIGN, Act.REFILE)
_PROPOSAL = (
    decisions.c.document,
    decisions.c.version,
    decisions.c.mrn,
    decisions.c.would_file_mrn,
    decisions.c.candidates,
    decisions.c.probability,
    decisions.c.fingerprint,
    decisions.c.threshold,
)


class Audits(LedgerPart):
    """Reading what people found of the program's decisions."""

    def audited_decisions(self, *, since: datetime | None = None) -> Iterator[AuditedRow]:
        """One row for each document that the program (would have) filed and a person then gave to a patient."""
        query = (
            select(*_PROPOSAL, decisions.c.act, decisions.c.state, decisions.c.decided_at)
            .order_by(decisions.c.document, decisions.c.version)
            .execution_options(yield_per=500)
        )
        if since is not None:
            query = query.where(decisions.c.decided_at >= since)
        with self._database.read() as connection:
            document, proposal, verdict = None, None, None
            for row in connection.execute(query):
                if row.document != document:
                    yield from _audited(proposal, verdict)
                    document, proposal, verdict = row.document, None, None
                if row.act == PIPELINE:
                    proposal, verdict = row, None
                elif row.act in _VERDICTS and row.state == DocumentState.FILED:
                    verdict = row
                elif row.act in (Act.UNDO, SECOND_LOOK):
                    verdict = None
            yield from _audited(proposal, verdict)

    def second_looked_decisions(self) -> Iterator[AuditedRow]:
        """One row for each unattended filing that somebody looked at again, oldest look first.

        Until a supervisor settled which of two answers is right, the program's counts as wrong.
        """
        query = (
            select(
                *_PROPOSAL,
                second_looks.c.chance,
                second_looks.c.agrees,
                second_looks.c.settled,
                second_looks.c.answered_at.label("decided_at"),
            )
            .join(
                second_looks,
                and_(second_looks.c.document == decisions.c.document, second_looks.c.version == decisions.c.version),
            )
            .where(second_looks.c.kind == LookKind.UNATTENDED, second_looks.c.answered_at.is_not(None))
            .order_by(second_looks.c.number)
            .execution_options(yield_per=500)
        )
        with self._database.read() as connection:
            for row in connection.execute(query):
                right = row.agrees or row.settled == Settlement.FIRST_RIGHT
                yield from _row(row, right=right, decided_at=row.decided_at, one_in=round(1 / row.chance))


def _audited(proposal: Any, verdict: Any) -> Iterator[AuditedRow]:
    """Takes two rows of `decisions`, or None for the missing one."""
    if proposal is not None and verdict is not None:
        meant = proposal.mrn or proposal.would_file_mrn
        yield from _row(proposal, right=verdict.mrn == meant, decided_at=verdict.decided_at)


def _row(proposal: Any, *, right: bool, decided_at: datetime, one_in: int | None = None) -> Iterator[AuditedRow]:
    """A row, unless the decision was not to file, or cannot be weighed."""
    candidates = decode_candidates(proposal.candidates)
    meant = proposal.mrn or proposal.would_file_mrn
    if meant is None or not candidates or proposal.fingerprint is None or proposal.threshold is None:
        return
    yield AuditedRow(
        document_id=document_id(proposal.document),
        version=proposal.version,
        odds_bits=candidates[0].odds_bits,
        probability=candidates[0].probability,
        right=right,
        fingerprint=proposal.fingerprint,
        threshold=proposal.threshold,
        decided_at=decided_at,
        one_in=one_in,
    )
