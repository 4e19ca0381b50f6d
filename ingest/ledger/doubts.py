"""What speaks against a person's filing that nobody could know when it was made: text read later, a changed index.

Promises: the filing stays; the doubt is open until the document is decided on again or somebody says that it is right
where it is; the same doubt about the same decision is raised once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, select, update

from ingest.errors import Conflict, NotFound
from ingest.ledger import chain
from ingest.ledger.codec import decode_mapping, decode_texts, encode_texts
from ingest.ledger.counters import document_id, document_number
from ingest.ledger.documents import PIPELINE
from ingest.ledger.part import LedgerPart
from ingest.ledger.schema import audit, audit_details, documents
from ingest.ledger.schema_rematch import doubts
from ingest.model import DocumentState

SPEAKS_FOR: Final = "speaks_for"  # among an event's details


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """About the decision `version`, which stands, with the reasons in a clerk's words.

    `speaks_for` is the MRN for which the document's pages speak now, where it is one; `settled_by` said that it is
    right all the same, and is None for an open one.
    """

    document_id: str
    version: int
    reasons: tuple[str, ...]
    speaks_for: str | None
    raised_at: datetime
    settled_by: str | None = None
    settled_at: datetime | None = None


class Doubts(LedgerPart):
    """The open ones, and their end."""

    def doubts(self, *, document_id: str | None = None, settled: bool = False) -> tuple[Doubt, ...]:
        """Every open one, or that of one document, oldest first.

        With `settled` those that were let stand instead, the newest settled first.
        """
        newest_first = (doubts.c.settled_at.desc(), doubts.c.document)
        query = (
            select(doubts)
            .join(documents, documents.c.number == doubts.c.document)
            .where(_is_settled() if settled else _is_open())
            .order_by(*(newest_first if settled else (doubts.c.raised_at, doubts.c.document)))
        )
        if document_id is not None:
            query = query.where(doubts.c.document == document_number(document_id))
        with self._database.read() as connection:
            return tuple(_doubt(row) for row in connection.execute(query))

    def settle_doubt(
        self,
        document_id: str,
        *,
        by: str,
        acting_for: str | None,
        note: str,
        now: datetime,
        raised_at: datetime | None = None,
    ) -> None:
        """The document is right where it is. Raises NotFound when nothing is open about it.

        `raised_at` is that of the doubt that is meant (None: any); Conflict when another one is open by now.
        """
        number = document_number(document_id)
        with self._database.write() as connection:
            open_one = (
                select(doubts.c.version, doubts.c.raised_at)
                .join(documents, documents.c.number == doubts.c.document)
                .where(doubts.c.document == number, _is_open())
            )
            row = connection.execute(open_one).one_or_none()
            if row is None:
                msg = f"there is no open doubt about document {document_id}"
                raise NotFound(msg)
            if raised_at is not None and row.raised_at != raised_at:
                msg = f"something else speaks against document {document_id} since: look at it again"
                raise Conflict(msg)
            settled = {"settled_by": by, "settled_at": now}
            connection.execute(update(doubts).where(doubts.c.document == number).values(settled))
            chain.append(
                connection,
                action="document.doubt_settled",
                actor=by,
                subject=document_id,
                now=now,
                facts={"version": row.version},
                details={"note": note} | ({} if acting_for is None else {"acting_for": acting_for}),
            )

    def reopen_doubt(
        self,
        document_id: str,
        *,
        by: str,
        acting_for: str | None,
        now: datetime,
        note: str | None = None,
        settled_at: datetime | None = None,
    ) -> None:
        """What was let stand is in doubt again. Raises NotFound when nothing was, or it was decided on since.

        `settled_at` is when it was, where a certain time is meant; Conflict when it was let stand anew since.
        """
        number = document_number(document_id)
        with self._database.write() as connection:
            let_stand = (
                select(doubts.c.version, doubts.c.settled_at)
                .join(documents, documents.c.number == doubts.c.document)
                .where(doubts.c.document == number, _is_settled())
            )
            row = connection.execute(let_stand).one_or_none()
            if row is None:
                msg = f"document {document_id} was not let stand: ingest review doubts --settled"
                raise NotFound(msg)
            if settled_at is not None and row.settled_at != settled_at:
                msg = f"document {document_id} was let stand anew since: look at it again"
                raise Conflict(msg)
            details = {"note": note, "acting_for": acting_for}
            unsettled = {"settled_by": None, "settled_at": None}
            connection.execute(update(doubts).where(doubts.c.document == number).values(unsettled))
            chain.append(
                connection,
                action="document.doubt_reopened",
                actor=by,
                subject=document_id,
                now=now,
                facts={"version": row.version},
                details={name: value for name, value in details.items() if value is not None},
            )


def raise_doubt(
    connection: Connection,
    identifier: str,
    version: int,
    reasons: tuple[str, ...],
    *,
    speaks_for: str | None = None,
    action: str,
    now: datetime,
) -> None:
    """Something new speaks against the decision `version`: noted with the event `action`, unless that is known."""
    number, told = document_number(identifier), encode_texts(reasons)
    of_document = doubts.c.document == number
    known = and_(of_document, doubts.c.version == version, doubts.c.reasons == told)
    if connection.execute(select(doubts.c.document).where(known)).first() is not None:
        return
    connection.execute(delete(doubts).where(of_document))
    row = {"document": number, "version": version, "reasons": told, "speaks_for": speaks_for, "raised_at": now}
    connection.execute(insert(doubts).values(row))
    chain.append(
        connection,
        action=action,
        actor=PIPELINE,
        subject=identifier,
        now=now,
        facts={"version": version, "reasons": len(reasons)},
        details={"reasons": "\n".join(reasons)} | ({} if speaks_for is None else {SPEAKS_FOR: speaks_for}),
    )


def spoken_for(connection: Connection, identifier: str) -> frozenset[str]:
    """The MRNs for which a document's pages ever spoke against what a person had decided: its history names them."""
    now = select(doubts.c.speaks_for).where(doubts.c.document == document_number(identifier))
    told = (
        select(audit_details.c.body)
        .join(audit, audit.c.seq == audit_details.c.seq)
        .where(audit.c.subject == identifier, audit.c.action.endswith("_against"), audit_details.c.body.is_not(None))
    )
    former = (decode_mapping(body).get(SPEAKS_FOR) for body in connection.execute(told).scalars())
    return frozenset({*connection.execute(now).scalars(), *former} - {None})


def _is_open() -> ColumnElement[bool]:
    return and_(doubts.c.settled_at.is_(None), _is_about_what_stands())


def _is_settled() -> ColumnElement[bool]:
    return and_(doubts.c.settled_at.is_not(None), _is_about_what_stands())


def _is_about_what_stands() -> ColumnElement[bool]:
    return and_(
        documents.c.version == doubts.c.version,
        documents.c.retired_at.is_(None),
        documents.c.state != DocumentState.REVIEW,
    )


def _doubt(row: Row[Any]) -> Doubt:
    return Doubt(
        document_id=document_id(row.document),
        version=row.version,
        reasons=decode_texts(row.reasons),
        speaks_for=row.speaks_for,
        raised_at=row.raised_at,
        settled_by=row.settled_by,
        settled_at=row.settled_at,
    )
