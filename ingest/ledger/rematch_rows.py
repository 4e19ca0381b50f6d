"""What is to be matched again, inside a transaction: documents' keys, and the queue of those that changes concern.

Promise: `note_decision` is called wherever a decision is recorded, so that no change of a patient misses a document,
nor one that was decided by an older index while the change came.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from ingest.ledger.counters import Counter, last_number
from ingest.ledger.identity_keys import keys_of_document
from ingest.ledger.schema_rematch import match_keys, rematches
from ingest.model import DocumentState, Finding
from matchers.decision import Candidate

_KEPT = (DocumentState.REVIEW, DocumentState.FILED)


def note_decision(
    connection: Connection,
    document: int,
    *,
    state: DocumentState,
    findings: Collection[Finding],
    candidates: Collection[Candidate],
    mrns: Iterable[str | None],
    index_generation: int | None,
    now: datetime,
) -> None:
    """A document's newest decision: what it can be found by, and whether it rests on an index that is out of date."""
    if state not in _KEPT:
        return
    remember(connection, document, keys_of_document(findings, candidates, mrns))
    done = last_number(connection, Counter.REMATCHED)
    if index_generation is not None and index_generation < done:
        queue(connection, {document: done}, now)


def remember(connection: Connection, document: int, keys: Collection[int]) -> None:
    """The document has these keys, too."""
    if keys:
        rows = [{"key": key, "document": document} for key in sorted(keys)]
        connection.execute(_insert(connection, match_keys).on_conflict_do_nothing(), rows)


def queue(connection: Connection, concerned: Mapping[int, int], now: datetime) -> None:
    """These documents are to be matched again because of these changes: document by the newest change's number."""
    if concerned:
        rows = [{"document": document, "seq": seq} for document, seq in sorted(concerned.items())]
        again = {"not_before": now, "attempt": 0}
        added = _insert(connection, rematches).values(queued_at=now, **again)
        later = added.on_conflict_do_update(index_elements=["document"], set_={"seq": added.excluded.seq, **again})
        connection.execute(later, rows)


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
