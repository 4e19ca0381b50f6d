"""The queue's rows inside a transaction: a document in review has one, with the time by which it wants a person.

Promise: `follow` and `leave` are called wherever a document's state changes, so that the queue is never out of step.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from ingest.errors import Conflict
from ingest.ledger.counters import document_number
from ingest.ledger.listing import document_of
from ingest.ledger.schema import documents, scans
from ingest.ledger.schema_desk import review_limits, waiting
from ingest.model import DocumentState

Limits = Mapping[tuple[str, str], int]  # minutes by origin and type, "" for any


def follow(connection: Connection, document: int, state: DocumentState, type_: str | None) -> None:
    """Queues a document that is in review from now on, or takes it out of the queue."""
    if state is not DocumentState.REVIEW:
        leave(connection, document)
        return
    scan = connection.execute(
        select(scans.c.origin, scans.c.received_at)
        .join(documents, documents.c.scan == scans.c.number)
        .where(documents.c.number == document)
    ).one()
    due_at = due(limits(connection), scan.origin, type_, scan.received_at)
    known = connection.execute(
        update(waiting).where(waiting.c.document == document).values(type=type_, due_at=due_at)
    ).rowcount
    if not known:
        row = {"document": document, "origin": scan.origin, "type": type_, "received_at": scan.received_at}
        connection.execute(insert(waiting).values(due_at=due_at, **row))


def leave(connection: Connection, document: int) -> None:
    """Takes a document out of the queue, if it is in it."""
    connection.execute(delete(waiting).where(waiting.c.document == document))


def limits(connection: Connection) -> Limits:
    """Within how many minutes what wants a person."""
    return {(row.origin, row.type): row.minutes for row in connection.execute(select(review_limits))}


def due(limits: Limits, origin: str, type_: str | None, received_at: datetime) -> datetime:
    """When a document wants a person: the shortest of the limits that hold for its origin and its type."""
    parts = origin.split("/") if origin else []
    origins = ["", *("/".join(parts[: depth + 1]) for depth in range(len(parts)))]
    told = [limits[one, kind] for one in origins for kind in dict.fromkeys(("", type_ or "")) if (one, kind) in limits]
    return received_at + timedelta(minutes=min(told))


def row_of(connection: Connection, identifier: str) -> Row[Any] | None:
    """The queue's row of a document, None when it does not wait."""
    return connection.execute(select(waiting).where(waiting.c.document == document_number(identifier))).one_or_none()


def waits(connection: Connection, identifier: str) -> Row[Any]:
    """The queue's row of a document that waits. Raises NotFound, Conflict."""
    row = row_of(connection, identifier)
    if row is None:
        document = document_of(connection, document_number(identifier))
        msg = f"document {document.id} does not wait for a person: it is {document.state}"
        raise Conflict(msg)
    return row


def touch(
    connection: Connection, document: int, now: datetime, *, let_go: bool = True, deferred_until: datetime | None = None
) -> None:
    """A person did something about a waiting document, short of deciding; `let_go`: and holds it no longer."""
    values: dict[str, datetime | None] = {"touched_at": now}
    if let_go:
        values |= {"held_by": None, "held_until": None}
    if deferred_until is not None:
        values["deferred_until"] = deferred_until
    connection.execute(update(waiting).where(waiting.c.document == document).values(**values))
