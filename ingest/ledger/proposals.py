"""Proposals: what the desk's decisions would teach, until a supervisor applies or refuses it.

Promises: what was proposed, and on which figures, never changes; who applied or refused it is in the audit with the
figures and the hash of what was proposed. A proposal holds counts, weights and words, no patient data.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from ingest.errors import Conflict, NotFound
from ingest.ledger import chain
from ingest.ledger.codec import Json, canonical
from ingest.ledger.part import LedgerPart
from ingest.ledger.schema_desk import proposals


class ProposalKind(StrEnum):
    """What is to be changed: the bits of comparison levels, or the classifier of types."""

    WEIGHTS = "weights"
    TYPES = "types"


class ProposalState(StrEnum):
    """What became of it. An applied one may have been followed by another since."""

    OPEN = "open"
    APPLIED = "applied"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One proposal without its body. `settled_at` is when it was last applied, or refused."""

    number: int
    kind: ProposalKind
    figures: Json
    made_at: datetime
    made_by: str
    state: ProposalState
    settled_by: str | None
    settled_at: datetime | None
    note: str | None


_SHOWN = tuple(column for column in proposals.columns if column.name != "body")


class Proposals(LedgerPart):
    """What may be learned, and what was."""

    def propose(self, *, kind: ProposalKind, body: Json, figures: Json, by: str, now: datetime) -> Proposal:
        """A new proposal, open. `body` and `figures` are JSON with finite numbers."""
        text, told = canonical(body), canonical(figures)
        values = {"kind": kind, "body": text, "figures": told, "made_at": now, "made_by": by}
        with self._database.write() as connection:
            query = insert(proposals).values(state=ProposalState.OPEN, **values).returning(proposals.c.number)
            number = connection.execute(query).scalar_one()
            _note(connection, "made", _row(connection, number), text, by=by, note=None, now=now)
            return _proposal(_row(connection, number))

    def proposals(self, kind: ProposalKind | None = None) -> tuple[Proposal, ...]:
        """Every proposal (of that kind), oldest first."""
        query = select(*_SHOWN).order_by(proposals.c.number)
        if kind is not None:
            query = query.where(proposals.c.kind == kind)
        with self._database.read() as connection:
            return tuple(map(_proposal, connection.execute(query)))

    def proposal(self, number: int) -> Proposal:
        """One proposal. Raises NotFound."""
        with self._database.read() as connection:
            return _proposal(_row(connection, number))

    def proposal_body(self, number: int) -> Json:
        """What one proposal would change. Raises NotFound."""
        with self._database.read() as connection:
            _row(connection, number)
            return json.loads(_body(connection, number))

    def settle_proposal(
        self, number: int, state: ProposalState, *, by: str, note: str | None, now: datetime
    ) -> Proposal:
        """Applied (again, perhaps), or refused. Raises NotFound; Conflict for one that was settled otherwise."""
        with self._database.write() as connection:
            row = _row(connection, number)
            again = row.state == state == ProposalState.APPLIED
            if row.state != ProposalState.OPEN and not again:
                msg = f"proposal {number} was {row.state} already: make a new one with ingest learn {row.kind}"
                raise Conflict(msg)
            values = {"state": state, "settled_by": by, "settled_at": now, "note": note}
            connection.execute(update(proposals).where(proposals.c.number == number).values(**values))
            _note(connection, state.value, row, _body(connection, number), by=by, note=note, now=now)
            return _proposal(_row(connection, number))


def _note(
    connection: Connection, what: str, row: Row[Any], body: str, *, by: str, note: str | None, now: datetime
) -> None:
    digest = hashlib.sha256(body.encode("ascii")).hexdigest()
    chain.append(
        connection,
        action=f"proposal.{what}",
        actor=by,
        subject=f"proposal {row.number}",
        now=now,
        facts={"kind": row.kind, "body_sha256": digest, "figures": json.loads(row.figures)},
        details=None if note is None else {"note": note},
    )


def _row(connection: Connection, number: int) -> Row[Any]:
    row = connection.execute(select(*_SHOWN).where(proposals.c.number == number)).one_or_none()
    if row is None:
        msg = f"there is no proposal {number}: ingest learn list"
        raise NotFound(msg)
    return row


def _body(connection: Connection, number: int) -> str:
    return str(connection.execute(select(proposals.c.body).where(proposals.c.number == number)).scalar_one())


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(
        number=row.number,
        kind=ProposalKind(row.kind),
        figures=json.loads(row.figures),
        made_at=row.made_at,
        made_by=row.made_by,
        state=ProposalState(row.state),
        settled_by=row.settled_by,
        settled_at=row.settled_at,
        note=row.note,
    )
