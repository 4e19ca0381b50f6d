"""Who looked at a document while it stood in somebody's record: read from the audit, where every look is.

Promise: looks at the document and its pages, its explained decision, second looks, and searches and listings that
showed it: their audit names the documents.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, or_, select

from ingest.ledger.codec import decode_mapping
from ingest.ledger.counters import document_id as id_of
from ingest.ledger.counters import document_number
from ingest.ledger.part import LedgerPart
from ingest.ledger.schema import audit, audit_details

SEARCHED = "documents.searched"
LISTED = "documents.listed"
_LOOKS = ("document.viewed", "page.viewed", "document.explained", "second_look.shown")
_DECIDED = "document.decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One look: whose, for whom, when, and at what. `page` is that of a page's picture."""

    at: datetime
    actor: str
    action: str
    acting_for: str | None
    page: int | None


class Looking(LedgerPart):
    """The audit's looks at one document."""

    def looks_at(self, document_id: str, *, since: int, until: int | None = None) -> tuple[Sighting, ...]:
        """Who looked between the document's decisions `since` and `until` (None: until now), oldest first."""
        identifier = id_of(document_number(document_id))
        own = and_(audit.c.subject == identifier, audit.c.action.in_((*_LOOKS, _DECIDED)))
        found = and_(
            audit.c.subject == "site",
            audit.c.action.in_((SEARCHED, LISTED)),
            audit.c.facts.contains(f'"{identifier}"', autoescape=True),
        )
        query = (
            select(audit, audit_details.c.body)
            .outerjoin(audit_details, audit_details.c.seq == audit.c.seq)
            .where(or_(own, found))
            .order_by(audit.c.seq)
        )
        looks: list[Sighting] = []
        version = 0
        with self._database.read() as connection:
            for row in connection.execute(query):
                if row.action == _DECIDED:
                    version = int(json.loads(row.facts)["version"])
                elif version >= since and (until is None or version < until):
                    looks.append(_look(row))
        return tuple(looks)


def _look(row: Row[Any]) -> Sighting:
    told = decode_mapping(row.body) if row.body is not None else {}
    page = told.get("page")
    return Sighting(
        at=row.at,
        actor=row.actor,
        action=row.action,
        acting_for=told.get("acting_for"),
        page=int(page) if page is not None and page.isdigit() else None,
    )
