"""The audit chain as others see it: read, checked, and added to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from ingest.errors import WrongUse
from ingest.ledger import chain
from ingest.ledger.codec import Json, decode_mapping
from ingest.ledger.part import LedgerPart
from ingest.ledger.records import AuditRow
from ingest.ledger.schema import audit, audit_details, audit_head

_BATCH = 1000


class Auditing(LedgerPart):
    """Every event, in the order of commits."""

    def note(
        self,
        *,
        action: str,
        actor: str,
        subject: str,
        details: Mapping[str, str] | None,
        now: datetime,
        facts: Mapping[str, Json] | None = None,
    ) -> None:
        """Records an event that changes nothing else (a page was looked at, say).

        `subject` is an id; `details` may be patient data and stay outside the chained bytes; `facts` may not.
        """
        with self._database.write() as connection:
            chain.append(connection, action=action, actor=actor, subject=subject, now=now, facts=facts, details=details)

    def audit(self) -> Iterator[AuditRow]:
        """Every event from the first on, a batch in memory at a time."""
        with self._database.read() as connection:
            for row in _events(connection):
                yield AuditRow(
                    seq=row.seq,
                    at=row.at,
                    action=row.action,
                    actor=row.actor,
                    subject=row.subject,
                    facts=json.loads(row.facts),
                    details=None if row.body is None else decode_mapping(row.body),
                    hash=row.hash,
                )

    def audit_head(self) -> str:
        """`SEQ:HASH` of the newest event: keep it elsewhere, and no event up to it can change unseen."""
        with self._database.read() as connection:
            head = connection.execute(select(audit_head.c.seq, audit_head.c.hash)).one()
        return f"{head.seq}:{head.hash}"

    def check_audit(self, kept_head: str | None = None) -> tuple[str, ...]:
        """What is wrong with the chain, in words, () when it is whole. Details disposed of are no fault.

        `kept_head` is an `audit_head` of before: its event must be in the chain. Raises WrongUse for what is none.
        """
        kept_seq, kept_hash = _head(kept_head)
        problems: list[str] = []
        previous_hash, previous_seq = chain.FIRST, 0
        with self._database.read() as connection:
            for row in _events(connection):
                if row.seq != previous_seq + 1:
                    problems.append(f"audit events {previous_seq + 1} to {row.seq - 1} are missing")
                elif row.previous != previous_hash:
                    problems.append(f"audit event {row.seq} does not follow from the one before it")
                problems += _faults(row)
                if row.seq == kept_seq:
                    if row.hash != kept_hash:
                        problems.append(f"audit event {kept_seq} is not the one that was kept elsewhere")
                    kept_seq = None
                previous_hash, previous_seq = row.hash, row.seq
            head = connection.execute(select(audit_head.c.seq, audit_head.c.hash)).one()
        if (head.seq, head.hash) != (previous_seq, previous_hash):
            problems.append(f"the audit's head is event {head.seq}, its last event is {previous_seq}")
        if kept_seq:
            problems.append(f"audit event {kept_seq}, kept elsewhere, is not here")
        return tuple(problems)


def _head(text: str | None) -> tuple[int | None, str]:
    """The event and hash of a head that was kept, as `audit_head` gives it."""
    if text is None:
        return None, ""
    seq, colon, digest = text.strip().partition(":")
    if not (colon and seq.isascii() and seq.isdigit() and len(seq) < 19 and len(digest) == len(chain.FIRST)):
        msg = "an audit head looks like 123:64 hexadecimal digits, as `ingest verify` prints it"
        raise WrongUse(msg)
    return int(seq), digest


def _faults(row: Row[Any]) -> Iterator[str]:
    expected = chain.hash_event(
        seq=row.seq,
        at=row.at,
        action=row.action,
        actor=row.actor,
        subject=row.subject,
        facts=row.facts,
        details_hash=row.details_hash,
        previous=row.previous,
    )
    if row.hash != expected:
        yield f"audit event {row.seq} was changed"
    if row.details_hash is None:
        if row.details_seq is not None:
            yield f"audit event {row.seq} was given details that it never had"
    elif row.details_seq is None:
        yield f"the details of audit event {row.seq} are missing"
    elif row.body is not None and chain.hash_details(row.salt or "", row.body) != row.details_hash:
        yield f"the details of audit event {row.seq} were changed"


def _events(connection: Connection) -> Iterator[Row[Any]]:
    query = (
        select(
            audit,
            audit_details.c.seq.label("details_seq"),
            audit_details.c.salt,
            audit_details.c.body,
        )
        .outerjoin(audit_details, audit_details.c.seq == audit.c.seq)
        .order_by(audit.c.seq)
        .limit(_BATCH)
    )
    last = -1
    while rows := connection.execute(query.where(audit.c.seq > last)).all():
        yield from rows
        last = rows[-1].seq
