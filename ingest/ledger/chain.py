"""The audit chain: one sequence without gaps, each event bound to the one before by its hash.

Promises: an event is in the transaction of what it tells of, or neither is. What is chained is ids, counts
and hashes only; patient data lies beside it in `audit_details`, of which the chain holds a salted hash: it
can be disposed of by law, and nobody can guess it back from the chain, which stays unbroken.

Residual risk: who can write the database can make a whole new chain; keep `audit_head()` elsewhere.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from ingest.ledger.codec import Json, canonical, encode_mapping
from ingest.ledger.columns import instant_text
from ingest.ledger.schema import audit, audit_details, audit_head

FIRST = "0" * 64  # what the first event names as the one before


def append(
    connection: Connection,
    *,
    action: str,
    actor: str,
    subject: str,
    now: datetime,
    facts: Mapping[str, Json] | None = None,
    details: Mapping[str, str] | None = None,
) -> None:
    """Adds one event to the chain. `facts` must hold no patient data; `details` may."""
    head = connection.execute(select(audit_head.c.seq, audit_head.c.hash).with_for_update()).one()
    seq = head.seq + 1
    salt, body, details_hash = None, None, None
    if details:
        salt, body = secrets.token_hex(16), encode_mapping(details)
        details_hash = hash_details(salt, body)
    facts_text = canonical(dict(facts or {}))
    event_hash = hash_event(
        seq=seq,
        at=now,
        action=action,
        actor=actor,
        subject=subject,
        facts=facts_text,
        details_hash=details_hash,
        previous=head.hash,
    )
    connection.execute(
        insert(audit).values(
            seq=seq,
            at=now,
            action=action,
            actor=actor,
            subject=subject,
            facts=facts_text,
            details_hash=details_hash,
            previous=head.hash,
            hash=event_hash,
        )
    )
    if body is not None:
        connection.execute(insert(audit_details).values(seq=seq, salt=salt, body=body))
    connection.execute(update(audit_head).values(seq=seq, hash=event_hash))


def hash_event(
    *,
    seq: int,
    at: datetime,
    action: str,
    actor: str,
    subject: str,
    facts: str,
    details_hash: str | None,
    previous: str,
) -> str:
    """The hash of an event's canonical bytes."""
    event = [seq, instant_text(at), action, actor, subject, facts, details_hash, previous]
    return hashlib.sha256(canonical(event).encode("ascii")).hexdigest()


def hash_details(salt: str, body: str) -> str:
    """The salted hash of an event's details."""
    return hashlib.sha256(f"{salt}:{body}".encode("ascii")).hexdigest()
