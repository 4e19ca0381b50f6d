"""Which documents changed since when: for stores beside the ledger that keep in step with it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from ingest.ledger.counters import document_id, document_number, scan_number
from ingest.ledger.part import LedgerPart
from ingest.ledger.schema import audit, documents


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Some events in a row: up to which one (its number and hash), and the documents that they tell of.

    `documents` are ids, each once, oldest first; how they stand is asked for afterwards, and may be newer.
    """

    seq: int
    hash: str
    documents: tuple[str, ...]


class Changing(LedgerPart):
    """The audit's events as a list of what to look at again."""

    def changes_after(self, seq: int, *, limit: int) -> Changes | None:
        """What at most `limit` events behind event `seq` (0: from the first on) changed; None where there are none."""
        query = select(audit.c.seq, audit.c.hash, audit.c.subject, audit.c.action)
        with self._database.read() as connection:
            rows = connection.execute(query.where(audit.c.seq > seq).order_by(audit.c.seq).limit(limit)).all()
            if not rows:
                return None
            numbers = {
                document_number(row.subject) for row in rows if row.subject[:1] == "D" and row.subject[1:].isdigit()
            }
            read_later = [scan_number(row.subject) for row in rows if row.action == "page.text_read"]
            if read_later:
                numbers |= set(
                    connection.execute(select(documents.c.number).where(documents.c.scan.in_(read_later))).scalars()
                )
        found = tuple(document_id(number) for number in sorted(numbers))
        return Changes(seq=rows[-1].seq, hash=rows[-1].hash, documents=found)

    def event_hash(self, seq: int) -> str | None:
        """The hash of one event; None where there is none of this number."""
        with self._database.read() as connection:
            found: str | None = connection.execute(select(audit.c.hash).where(audit.c.seq == seq)).scalar_one_or_none()
        return found
