"""What people decide: every act is one more decision row; none is ever rewritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection, select, update

from ingest.errors import Conflict, NotFound
from ingest.ledger import chain
from ingest.ledger.counters import scan_id
from ingest.ledger.documents import PIPELINE, NewDecision, Standing, decide, following, of_disposition, standing
from ingest.ledger.filing import withdraw
from ingest.ledger.job_rows import cancel_filing, open_job
from ingest.ledger.listing import decisions_of, document_of
from ingest.ledger.misfiles import mark, unmark
from ingest.ledger.part import LedgerPart
from ingest.ledger.patient_merge import survivor_of
from ingest.ledger.queue_rows import touch
from ingest.ledger.records import Act, DecisionRow, FoundHow, JobKind
from ingest.ledger.schema import pages, patients
from ingest.ledger.second_look_settling import mark_as_found
from ingest.ledger.undoing import acts_that_stand, undone
from ingest.model import Disposition, Document, DocumentState

_MAY = {
    Act.ACCEPT: (DocumentState.REVIEW,),
    Act.ASSIGN: (DocumentState.REVIEW, DocumentState.BLANK, DocumentState.SEPARATOR),
    Act.DISCARD: (
        DocumentState.REVIEW,
        DocumentState.QUARANTINED,
        DocumentState.DUPLICATE,
        DocumentState.BLANK,
        DocumentState.SEPARATOR,
    ),
    Act.UNDO: (DocumentState.FILED, DocumentState.DISCARDED, DocumentState.WORKING),
    Act.DESCRIBE: (DocumentState.REVIEW,),
    Act.ROTATE: (DocumentState.REVIEW, DocumentState.BLANK),
    Act.BRING_BACK: (DocumentState.BLANK, DocumentState.SEPARATOR),
    Act.REFILE: (DocumentState.FILED,),
    Act.COPY: (DocumentState.FILED,),
}
_REMEDY = {
    DocumentState.WORKING: "the program is working on it: wait until it is done",
    DocumentState.FILED: "undo its filing first",
    DocumentState.REVIEW: "there is nothing to undo: accept, assign or discard it",
    DocumentState.QUARANTINED: "its pages cannot be shown: retry the scan, or discard it",
    DocumentState.DUPLICATE: "act on the first copy, or discard this one",
    DocumentState.BLANK: "bring it back, assign or discard it",
    DocumentState.SEPARATOR: "bring it back, assign or discard it",
    DocumentState.DISCARDED: "undo the discarding first",
}
_WORDS = {
    Act.ACCEPT: "Accepted by a person.",
    Act.ASSIGN: "Assigned by a person.",
    Act.REFILE: "Refiled by a person.",
    Act.COPY: "Copied to this patient by a person.",
}
_REMEDY_OF_MOVES = _REMEDY | {  # only what is filed can be refiled or copied
    DocumentState.REVIEW: "accept it, or assign it to the patient",
    DocumentState.BLANK: "assign it to the patient",
    DocumentState.SEPARATOR: "assign it to the patient",
    DocumentState.DUPLICATE: "act on the first copy",
}


class People(LedgerPart):
    """The desk's acts."""

    def decide_by_person(
        self,
        *,
        document_id: str,
        version: int,
        act: Act,
        mrn: str | None,
        by: str,
        acting_for: str | None,
        note: str | None,
        now: datetime,
    ) -> Document:
        """Carries out one act on the document as it was shown in `version`.

        ACCEPT (the best candidate, or the candidate `mrn`) and ASSIGN (any patient) open a FILE job; the
        document is WORKING until it is done. REFILE does so for a filed document and another patient: the PDF
        in the first one's record is withdrawn, and the filing there marked as a misfile. DISCARD ends it. UNDO takes
        a filing (done or under way), a refile, a copy or a discarding back: what was there before stands again, a
        document that was refiled is filed to its first patient; a current rendition is withdrawn.

        Raises NotFound for an unknown document or patient, Conflict when the document has moved on or its
        state does not allow the act; the message says what to do instead.
        """
        with self._database.write() as connection:
            row, past = acted_on(connection, document_id, version, act)
            last = past[-1]
            match act:
                case Act.UNDO:
                    decision = undone(past)
                    cancel_filing(connection, row.number, now)
                    withdraw(connection, row.number, now)
                    _not_misfiled_after_all(connection, row.number, past, by, now)
                case Act.DISCARD:
                    decision = following(last, act, DocumentState.DISCARDED, ("Discarded by a person.",))
                    withdraw(connection, row.number, now)  # of a copy that is filed
                case Act.BRING_BACK:
                    decision = following(last, act, DocumentState.REVIEW, ("A person brought it back.", *last.reasons))
                case Act.ACCEPT | Act.ASSIGN:
                    decision = filed_by_person(last, act, known_patient(connection, document_id, act, mrn, last))
                case Act.REFILE:
                    target = known_patient(connection, document_id, act, mrn, last)
                    decision = filed_by_person(last, act, target)
                    _leave(connection, row, past, target, by, now)
                case Act.DESCRIBE | Act.ROTATE | Act.COPY:
                    msg = f"{act} has a method of its own"
                    raise ValueError(msg)
            decision = replace(decision, decided_at=now, decided_by=by, acting_for=acting_for, note=note)
            files = decision.state is DocumentState.FILED
            decide(connection, row.number, decision, state=DocumentState.WORKING if files else None)
            if files:
                open_job(connection, JobKind.FILE, scan=row.scan, document=row.number, now=now)
            return document_of(connection, row.number)

    def describe_by_person(
        self,
        *,
        document_id: str,
        version: int,
        type_: str | None,
        document_date: date | None,
        by: str,
        acting_for: str | None,
        note: str | None,
        now: datetime,
    ) -> Document:
        """What kind of document it is, and of which day, as a person sees it; everything else stands as it was.

        Raises NotFound, and Conflict when the document has moved on or does not wait.
        """
        with self._database.write() as connection:
            row, past = acted_on(connection, document_id, version, Act.DESCRIBE)
            described = following(past[-1], Act.DESCRIBE, past[-1].state, past[-1].reasons)
            described = replace(described, type=type_, document_date=document_date, decided_at=now, decided_by=by)
            decide(connection, row.number, replace(described, acting_for=acting_for, note=note))
            touch(connection, row.number, now, let_go=False)
            return document_of(connection, row.number)

    def turn_page(
        self,
        *,
        document_id: str,
        version: int,
        page: int,
        artefact_sha256: str,
        disposition: Disposition,
        by: str,
        acting_for: str | None,
        now: datetime,
    ) -> Document:
        """A page was read again as a person says that it lies, and its document decided anew on that.

        Raises NotFound, and Conflict when the document has moved on or does not wait.
        """
        with self._database.write() as connection:
            row, _ = acted_on(connection, document_id, version, Act.ROTATE)
            read = {"artefact_sha256": artefact_sha256, "trouble": None, "detail": None, "has_picture": None}
            connection.execute(
                update(pages).where(pages.c.scan == row.scan, pages.c.page == page).values(recorded_at=now, **read)
            )
            chain.append(
                connection,
                action="page.turned",
                actor=by,
                subject=scan_id(row.scan),
                now=now,
                facts={"page": page, "artefact_sha256": artefact_sha256},
            )
            decision = of_disposition(disposition, now=now, actor=by, act=Act.ROTATE)
            files = disposition.state is DocumentState.FILED
            state = DocumentState.WORKING if files else None
            decide(connection, row.number, replace(decision, acting_for=acting_for), state=state)
            if files:
                open_job(connection, JobKind.FILE, scan=row.scan, document=row.number, now=now)
            return document_of(connection, row.number)


def acted_on(
    connection: Connection, document_id: str, version: int, act: Act
) -> tuple[Standing, tuple[DecisionRow, ...]]:
    """Where the document stands and what was decided on it, if the act is possible on what was shown."""
    row = standing(connection, document_id)
    if row.retired:
        msg = f"document {document_id} is retired: act on the documents that came from it"
        raise Conflict(msg)
    if row.version != version:
        msg = f"document {document_id} has been decided on since it was shown: look at it again"
        raise Conflict(msg)
    past = decisions_of(connection, document_id)
    by_program = row.state is DocumentState.WORKING and (not past or past[-1].act == PIPELINE)
    discards_copy = act is Act.DISCARD and row.copy_of is not None and row.state is DocumentState.FILED
    if (row.state not in _MAY[act] and not discards_copy) or by_program:
        raise _conflict(document_id, act, row.state)
    return row, past


def _conflict(document_id: str, act: Act, state: DocumentState) -> Conflict:
    remedies = _REMEDY_OF_MOVES if act in (Act.REFILE, Act.COPY) else _REMEDY
    if act is Act.BRING_BACK and state is DocumentState.REVIEW:
        remedies = remedies | {state: "it waits for a person already"}
    words = act.value.replace("_", "-")
    return Conflict(f"document {document_id} is {state}, {words} is not possible: {remedies[state]}")


def known_patient(connection: Connection, document_id: str, act: Act, mrn: str | None, last: DecisionRow) -> str:
    """The MRN that the act names. No message repeats it."""
    if act is Act.ACCEPT:
        known = [candidate.mrn for candidate in last.candidates]
        mrn = mrn if mrn is not None else next(iter(known), None)
        if mrn is None or mrn not in known:
            msg = f"document {document_id} has no such candidate to accept: assign it to a patient instead"
            raise Conflict(msg)
    if mrn is None:
        msg = f"to {act} a document, name the patient's MRN"
        raise NotFound(msg)
    if connection.execute(select(patients.c.number).where(patients.c.mrn == mrn)).one_or_none() is None:
        msg = "no patient has this MRN: search for the patient, or load the patients again"
        raise NotFound(msg)
    return mrn


def filed_by_person(last: DecisionRow, act: Act, mrn: str) -> NewDecision:
    """Filed by a person: the probability is that of the chosen candidate, none for anybody else."""
    chosen = next((candidate for candidate in last.candidates if candidate.mrn == mrn), None)
    filed = following(last, act, DocumentState.FILED, (_WORDS[act],))
    return replace(filed, mrn=mrn, probability=chosen.probability if chosen else None)


def _leave(
    connection: Connection, row: Standing, past: tuple[DecisionRow, ...], target: str, by: str, now: datetime
) -> None:
    """The document leaves the record that it stands in: its PDF is withdrawn, and who filed it there was wrong.

    Nobody was where both MRNs are one person's, merged since. Raises Conflict when it stands in the target's record.
    """
    wrong = acts_that_stand(past)[-1]
    if wrong.mrn is None or wrong.mrn == target:
        msg = f"document {past[-1].document_id} is filed to this patient already: there is nothing to refile"
        raise Conflict(msg)
    withdraw(connection, row.number, now)
    if survivor_of(connection, wrong.mrn) != survivor_of(connection, target):
        by_program = wrong.act == PIPELINE
        mark(connection, row.number, wrong.version, by_program=by_program, how=FoundHow.REFILE, by=by, now=now)


def _not_misfiled_after_all(
    connection: Connection, document: int, past: tuple[DecisionRow, ...], by: str, now: datetime
) -> None:
    """A refile that is taken back takes its mark along, unless a second look found the same."""
    acts = acts_that_stand(past)
    if acts[-1].act == Act.REFILE:
        unmark(connection, document, acts[-2].version, how=FoundHow.REFILE, by=by, now=now)
        mark_as_found(connection, document, acts[-2].version, now)
