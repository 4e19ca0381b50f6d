"""A decision of the program's in place of its own older one, inside a transaction.

Promises: what a person decided is not changed here; a document that the program filed leaves its record only by one
more decision, with its reasons, its PDF withdrawn at once: a paper that is missing costs a minute, one in a wrong
chart a treatment.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from ingest.ledger.documents import PIPELINE, RECALLED, Standing, decide, of_disposition
from ingest.ledger.filing import withdraw
from ingest.ledger.job_rows import cancel_filing, open_job
from ingest.ledger.listing import decisions_of
from ingest.ledger.records import JobKind
from ingest.model import Disposition, DocumentState


def decide_anew(
    connection: Connection, document_id: str, row: Standing, disposition: Disposition, now: datetime
) -> None:
    """From filed (or about to be) to review, or from review to filed or to review with other reasons."""
    last = decisions_of(connection, document_id)[-1]
    if last.act != PIPELINE:
        msg = f"document {document_id} was decided by a person: the program does not change that"
        raise ValueError(msg)
    files = disposition.state is DocumentState.FILED
    to_be_filed = row.state is DocumentState.WORKING and last.state is DocumentState.FILED
    match DocumentState.FILED if to_be_filed else row.state:
        case DocumentState.FILED if disposition.state is DocumentState.REVIEW:
            cancel_filing(connection, row.number, now)
            withdraw(connection, row.number, now)
            act = RECALLED
        case DocumentState.REVIEW if disposition.state in (DocumentState.FILED, DocumentState.REVIEW):
            act = PIPELINE
        case _:
            msg = f"document {document_id} cannot go from {row.state} to {disposition.state}"
            raise ValueError(msg)
    decision = of_disposition(disposition, now=now, actor=PIPELINE, act=act)
    decide(connection, row.number, decision, state=DocumentState.WORKING if files else None)
    if files:
        open_job(connection, JobKind.FILE, scan=row.scan, document=row.number, now=now)
