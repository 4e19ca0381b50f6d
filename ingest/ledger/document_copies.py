"""Documents that a person copies to a second patient: a page that is the mother's and the newborn's.

Promises: the copy is a document of its own, with its own decisions, filed and taken back like any other; its pages stay
where they are, and the law of pages counts them there alone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, or_, select

from ingest.errors import Conflict
from ingest.ledger.counters import document_id as id_of
from ingest.ledger.documents import add_document, decide, pages_held
from ingest.ledger.job_rows import open_job
from ingest.ledger.listing import document_of
from ingest.ledger.part import LedgerPart
from ingest.ledger.patient_merge import survivor_of
from ingest.ledger.people import acted_on, filed_by_person, known_patient
from ingest.ledger.records import Act, JobKind
from ingest.ledger.schema import decisions, documents
from ingest.model import Document, DocumentState


class DocumentCopies(LedgerPart):
    """One page in two records."""

    def copy_by_person(
        self,
        *,
        document_id: str,
        version: int,
        mrn: str,
        by: str,
        acting_for: str | None,
        note: str | None,
        now: datetime,
    ) -> Document:
        """A new document with the pages of a filed one, WORKING until it is filed to this patient.

        Raises NotFound for an unknown document or patient, Conflict when the document has moved on, is not filed or is
        a copy itself, or when its pages stand in this patient's record.
        """
        with self._database.write() as connection:
            row, past = acted_on(connection, document_id, version, Act.COPY)
            if row.copy_of is not None:
                msg = f"document {document_id} is a copy of {id_of(row.copy_of)}: copy that one"
                raise Conflict(msg)
            target = known_patient(connection, document_id, Act.COPY, mrn, past[-1])
            _refuse_twice(connection, row.number, target)
            copy = add_document(connection, row.scan, pages_held(connection, row.number), copy_of=row.number, now=now)
            decision = filed_by_person(past[-1], Act.COPY, target)
            decision = replace(decision, decided_at=now, decided_by=by, acting_for=acting_for, note=note)
            decide(connection, copy, decision, state=DocumentState.WORKING)
            open_job(connection, JobKind.FILE, scan=row.scan, document=copy, now=now)
            return document_of(connection, copy)


def _refuse_twice(connection: Connection, document: int, mrn: str) -> None:
    """Raises Conflict when the document, or a copy of it, is filed to this patient or about to be."""
    newest = (decisions.c.document == documents.c.number) & (decisions.c.version == documents.c.version)
    query = (
        select(documents.c.number, decisions.c.mrn)
        .join(decisions, newest)
        .where(
            or_(documents.c.number == document, documents.c.copy_of == document),
            documents.c.retired_at.is_(None),
            decisions.c.state == DocumentState.FILED,
        )
        .order_by(documents.c.number)
    )
    person = survivor_of(connection, mrn)
    for number, held in connection.execute(query).all():
        if held is not None and survivor_of(connection, held) == person:
            msg = f"these pages stand in this patient's record already, as document {id_of(number)}"
            raise Conflict(msg)
