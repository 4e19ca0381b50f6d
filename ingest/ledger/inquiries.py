"""What the desk asks about a document, and of whom: the paper once more, or a physician's or registration's word."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, insert, select, update

from ingest.errors import Conflict, NotFound, WrongUse
from ingest.ledger import chain
from ingest.ledger.counters import document_id, document_number
from ingest.ledger.part import LedgerPart
from ingest.ledger.queue_records import Inquiry, InquiryKind
from ingest.ledger.queue_rows import touch, waits
from ingest.ledger.schema_desk import inquiries, waiting


class Inquiries(LedgerPart):
    """Questions that documents wait for."""

    def ask(
        self,
        document_id: str,
        *,
        kind: InquiryKind,
        owner: str,
        question: str,
        due: date | None,
        by: str,
        now: datetime,
    ) -> Inquiry:
        """Asks for the paper again, or for somebody's word; until the answer the document is nobody's next one.

        Raises NotFound; Conflict when it does not wait, or a question is open already; WrongUse without an owner or a
        question.
        """
        if not owner.strip() or not question.strip():
            msg = "say who is to answer, and what is asked"
            raise WrongUse(msg)
        with self._database.write() as connection:
            row = waits(connection, document_id)
            if connection.execute(select(inquiries.c.number).where(is_open(row.document))).first() is not None:
                msg = f"document {document_id} waits for an answer already: answer that question first"
                raise Conflict(msg)
            values: dict[str, object] = {"kind": kind, "owner": owner.strip(), "question": question.strip(), "due": due}
            connection.execute(insert(inquiries).values(document=row.document, asked_by=by, asked_at=now, **values))
            touch(connection, row.document, now)
            chain.append(
                connection,
                action=f"document.{kind}_asked",
                actor=by,
                subject=document_id,
                now=now,
                details={"owner": owner.strip(), "question": question.strip()},
            )
            return inquiry(connection.execute(select(inquiries).where(is_open(row.document))).one())

    def answer(self, document_id: str, answer: str, *, by: str, now: datetime) -> Inquiry:
        """Closes the open question of a document, which is due at once. Raises NotFound when none is open."""
        if not answer.strip():
            msg = "say what the answer is"
            raise WrongUse(msg)
        with self._database.write() as connection:
            number = document_number(document_id)
            asked = connection.execute(select(inquiries).where(is_open(number))).one_or_none()
            if asked is None:
                msg = f"nothing is asked about document {document_id}"
                raise NotFound(msg)
            connection.execute(
                update(inquiries)
                .where(inquiries.c.number == asked.number)
                .values(answer=answer.strip(), closed_by=by, closed_at=now)
            )
            connection.execute(
                update(waiting).where(waiting.c.document == number, waiting.c.due_at > now).values(due_at=now)
            )
            chain.append(
                connection,
                action="document.answered",
                actor=by,
                subject=document_id,
                now=now,
                details={"answer": answer.strip()},
            )
            return inquiry(connection.execute(select(inquiries).where(inquiries.c.number == asked.number)).one())

    def inquiries_of(self, document_id: str) -> tuple[Inquiry, ...]:
        """Everything that was ever asked about a document, oldest first."""
        query = select(inquiries).where(inquiries.c.document == document_number(document_id))
        with self._database.read() as connection:
            return tuple(map(inquiry, connection.execute(query.order_by(inquiries.c.number))))


def is_open(document: int) -> ColumnElement[bool]:
    """The condition that a question about this document is open."""
    return and_(inquiries.c.document == document, inquiries.c.closed_at.is_(None))


def inquiry(row: Row[Any]) -> Inquiry:
    """A row as the noun."""
    return Inquiry(
        number=row.number,
        document_id=document_id(row.document),
        kind=InquiryKind(row.kind),
        owner=row.owner,
        question=row.question,
        due=row.due,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        answer=row.answer,
        closed_by=row.closed_by,
        closed_at=row.closed_at,
    )
