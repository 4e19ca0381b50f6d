"""Audited decisions: what the program would have filed by itself, and where a person then put it.

Promises: a decision counts once, with the newest person's verdict on its document; what nobody looked at
is no evidence and does not count, nor does what was discarded.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from ingest.ledger.codec import decode_candidates
from ingest.ledger.documents import PIPELINE
from ingest.ledger.part import LedgerPart
from ingest.ledger.records import Act, AuditedRow
from ingest.ledger.schema import decisions
from ingest.model import DocumentState

_VERDICTS = (Act.ACCEPT, Act.ASSIGN, Act.REFILE)


class Audits(LedgerPart):
    """Reading what people found of the program's decisions."""

    def audited_decisions(self, *, since: datetime | None = None) -> Iterator[AuditedRow]:
        """One row for each document that the program (would have) filed and a person then gave to a patient."""
        query = (
            select(
                decisions.c.document,
                decisions.c.act,
                decisions.c.state,
                decisions.c.mrn,
                decisions.c.would_file_mrn,
                decisions.c.candidates,
                decisions.c.probability,
                decisions.c.fingerprint,
                decisions.c.threshold,
                decisions.c.decided_at,
            )
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
                elif row.act == Act.UNDO:
                    verdict = None
            yield from _audited(proposal, verdict)


def _audited(proposal: Any, verdict: Any) -> Iterator[AuditedRow]:
    """Takes two rows of `decisions`, or None for the missing one."""
    if proposal is None or verdict is None:
        return
    meant = proposal.mrn or proposal.would_file_mrn
    candidates = decode_candidates(proposal.candidates)
    if meant is None or not candidates or proposal.fingerprint is None or proposal.threshold is None:
        return
    yield AuditedRow(
        odds_bits=candidates[0].odds_bits,
        probability=candidates[0].probability,
        right=verdict.mrn == meant,
        fingerprint=proposal.fingerprint,
        threshold=proposal.threshold,
        decided_at=verdict.decided_at,
    )
