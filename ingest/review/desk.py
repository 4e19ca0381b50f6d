"""The rules of the review desk: who looks at what, and what they may decide.

Promises: every decision names its user, and the person they act for; none is taken on a document that
has changed since it was shown; whatever the paper says against a patient has been put before the person
before the document goes to that patient; every look at a patient's pages is in the audit. The desk
records decisions. Filing what it accepts is the caller's next step.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ingest.durable import Step, reached
from ingest.errors import Conflict, NotFound, WrongUse
from ingest.ledger import Act, DecisionRow, Ledger, Recut, Shown
from ingest.model import Disposition, Document, DocumentState, Scan
from matchers.decision import VetoName
from matchers.patient import Patient

_MILD = {  # too little or too close to act alone, yet nothing that speaks against the patient
    VetoName.TOO_FEW_IDENTIFIERS,
    VetoName.TEMPORARY_IDENTITY,
    VetoName.RIVAL,
    VetoName.DUPLICATE_REGISTRATION,
    VetoName.BELOW_THRESHOLD,
}


class Objections(Protocol):
    """What the paper says against a patient, page by page; pure as far as the index stands still."""

    def __call__(self, document: Document, patient: Patient, /) -> tuple[str, ...]:
        """Reasons in a clerk's words, worst first; empty when nothing speaks against it."""
        ...


class Judge(Protocol):
    """What the program makes of some pages of a scan as one document; pure as far as the index stands still."""

    def __call__(self, scan: Scan, pages: tuple[int, ...], /) -> Disposition:
        """What it would do with them: filed where that is certain and allowed, else to review with reasons."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Clerk:
    """The person at the desk, and whom they act for, when that is somebody else."""

    user: str
    acting_for: str | None = None

    def __post_init__(self) -> None:
        if not self.user.strip() or (self.acting_for is not None and not self.acting_for.strip()):
            msg = "a decision needs a user's name"
            raise WrongUse(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """Which of the waiting documents; `reason` is part of any of its reasons, case ignored."""

    origin: str | None = None
    scan: str | None = None
    reason: str | None = None

    def admits(self, document: Document) -> bool:
        """Whether the document passes; an origin holds for its sub-folders too."""
        origin = document.scan.origin
        if self.origin is not None and origin != self.origin and not origin.startswith(f"{self.origin}/"):
            return False
        if self.scan is not None and self.scan not in (document.scan.id, document.scan.source):
            return False
        wanted = (self.reason or "").casefold()
        return any(wanted in reason.casefold() for reason in document.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One document on the desk: itself, all its decisions, and the patients who might be meant."""

    document: Document
    history: tuple[DecisionRow, ...]
    suspects: tuple[Patient | None, ...]  # as the index knows them now, in the order of the candidates


@dataclass(frozen=True, slots=True, kw_only=True)
class AsksAgain:
    """Nothing was decided: these things speak against it. With `confirm=True` it is done all the same."""

    document_id: str
    mrn: str
    objections: tuple[str, ...]


class Desk:
    """One clerk's desk. Every method is one step; each decision is one transaction of the ledger."""

    def __init__(
        self, ledger: Ledger, clerk: Clerk, *, objections: Objections, judge: Judge, now: Callable[[], datetime]
    ) -> None:
        self._ledger = ledger
        self._clerk = clerk
        self._objections = objections
        self._judge = judge
        self._now = now

    def list(self, queue: QueueFilter | None = None) -> Iterator[Document]:
        """The documents that wait for a person, oldest first."""
        queue = queue or QueueFilter()
        return (document for document in self._ledger.documents(state=DocumentState.REVIEW) if queue.admits(document))

    def show(self, document_id: str) -> Item:
        """One document, whatever its state; the look is recorded. Raises NotFound."""
        item = self._item(self._ledger.document(document_id))
        self._note("document.viewed", document_id)
        return item

    def next(self, queue: QueueFilter | None = None, *, skip: Collection[str] = ()) -> Item | None:
        """The oldest waiting document that is not in `skip`, None when there is none; the look is recorded."""
        for document in self.list(queue):
            if document.id not in skip:
                self._note("document.viewed", document.id)
                return self._item(document)
        return None

    def look_at_page(self, document_id: str, page: int) -> Document:
        """Records that a page's picture is shown, before it is. Raises NotFound for a page it does not have."""
        document = self._ledger.document(document_id)
        if page not in document.pages:
            msg = f"document {document_id} has no page {page}; it has {len(document.pages)} page(s)"
            raise NotFound(msg)
        self._note("page.viewed", document_id, {"page": str(page)})
        return document

    def accept(
        self,
        document_id: str,
        candidate: int | str,
        *,
        version: int | None = None,
        confirm: bool = False,
        note: str | None = None,
    ) -> Document | AsksAgain:
        """The document is this candidate's: a number from 1, as shown, or the candidate's MRN.

        `version` is that of the document as it was shown (None: as it is now). Raises NotFound for a
        document or candidate that is not there, Conflict when the document has moved on.
        """
        document = self._ledger.document(document_id)
        mrn = _candidate(document, candidate)
        return self._give(document, Act.ACCEPT, mrn, version=version, confirm=confirm, note=note)

    def assign(
        self,
        document_id: str,
        mrn: str,
        *,
        version: int | None = None,
        confirm: bool = False,
        note: str | None = None,
    ) -> Document | AsksAgain:
        """The document is that of any patient of the index. Otherwise as `accept`."""
        document = self._ledger.document(document_id)
        return self._give(document, Act.ASSIGN, mrn, version=version, confirm=confirm, note=note)

    def discard(self, document_id: str, reason: str, *, version: int | None = None) -> Document:
        """The document belongs in no record; its pages stay in the spool. Raises WrongUse without a reason."""
        if not reason.strip():
            msg = f"say why document {document_id} is discarded"
            raise WrongUse(msg)
        return self._act(self._ledger.document(document_id), Act.DISCARD, None, version, reason.strip())

    def undo(self, document_id: str, *, version: int | None = None, note: str | None = None) -> Document:
        """Takes back a filing or a discarding: the document is in review again, as it was."""
        return self._act(self._ledger.document(document_id), Act.UNDO, None, version, note)

    def split(
        self, document_id: str, before: Sequence[int], *, version: int | None = None, note: str | None = None
    ) -> tuple[Document, ...]:
        """New documents begin with the pages `before`; the program decides each anew, the old one retires.

        Raises NotFound for a page that the document does not have, WrongUse for no page or its first one, Conflict
        when the document has moved on or does not wait.
        """
        document = self._ledger.document(document_id)
        for page in before:
            if page not in document.pages:
                msg = f"document {document_id} has no page {page}; it has {_spoken(document.pages)}"
                raise NotFound(msg)
        if not before or document.pages[0] in before:
            msg = f"name a page of document {document_id} with which another document begins, not its first one"
            raise WrongUse(msg)
        begins = sorted({document.pages[0], *before})
        parts = [
            tuple(page for page in document.pages if first <= page < beyond)
            for first, beyond in zip(begins, [*begins[1:], document.pages[-1] + 1], strict=True)
        ]
        return self._recut(Recut.SPLIT, (document,), parts, version, note)

    def join(self, document_ids: Sequence[str], *, note: str | None = None) -> Document:
        """Documents of one scan become one, which the program decides anew; the old ones retire.

        Raises WrongUse for fewer than two or of different scans, Conflict when one does not wait (blank pages and
        separators may be joined too).
        """
        olds = [self._ledger.document(one) for one in dict.fromkeys(document_ids)]
        if len(olds) < 2:
            msg = "name two documents or more that are to become one"
            raise WrongUse(msg)
        if len({document.scan.id for document in olds}) > 1:
            msg = "documents of different scans cannot be joined: each is filed by itself"
            raise WrongUse(msg)
        pages = tuple(sorted(page for document in olds for page in document.pages))
        (joined,) = self._recut(Recut.JOINED, olds, [pages], None, note)
        return joined

    def _recut(
        self,
        what: Recut,
        olds: Sequence[Document],
        parts: Sequence[tuple[int, ...]],
        version: int | None,
        note: str | None,
    ) -> tuple[Document, ...]:
        documents = self._ledger.recut(
            what=what,
            old=[Shown(document.id, document.version if version is None else version) for document in olds],
            new=[self._judge(olds[0].scan, pages) for pages in parts],
            by=self._clerk.user,
            acting_for=self._clerk.acting_for,
            note=note,
            now=self._now(),
        )
        reached(Step.DECIDED_BY_PERSON)
        return documents

    def _give(
        self,
        document: Document,
        act: Act,
        mrn: str,
        *,
        version: int | None,
        confirm: bool,
        note: str | None,
    ) -> Document | AsksAgain:
        patient = self._ledger.patient(mrn)
        if patient is None:
            msg = (
                "no patient has this MRN: look with `ingest patients search`, "
                "or load the patient with `ingest patients load`"
            )
            raise NotFound(msg)
        if version is not None and version != document.version:
            raise _moved_on(document)
        objections = self._against(document, patient)
        if objections and not confirm:
            return AsksAgain(document_id=document.id, mrn=mrn, objections=objections)
        # What was weighed is what is decided on: the ledger refuses when the version is another by now.
        return self._act(document, act, mrn, document.version, note)

    def _against(self, document: Document, patient: Patient) -> tuple[str, ...]:
        """The candidate's own vetoes, what the pages say, and whether the registration is in use."""
        vetoes = [veto for item in document.candidates if item.mrn == patient.mrn for veto in item.vetoes]
        reasons = [veto.reason for veto in vetoes if veto.name not in _MILD]
        reasons += self._objections(document, patient)
        if not patient.active and not any(veto.name is VetoName.INACTIVE for veto in vetoes):
            reasons.append("This patient's registration is marked inactive.")
        return tuple(dict.fromkeys(reasons))

    def _act(self, document: Document, act: Act, mrn: str | None, version: int | None, note: str | None) -> Document:
        decided = self._ledger.decide_by_person(
            document_id=document.id,
            version=document.version if version is None else version,
            act=act,
            mrn=mrn,
            by=self._clerk.user,
            acting_for=self._clerk.acting_for,
            note=note,
            now=self._now(),
        )
        reached(Step.DECIDED_BY_PERSON)
        return decided

    def _item(self, document: Document) -> Item:
        return Item(
            document=document,
            history=self._ledger.history(document.id),
            suspects=tuple(self._ledger.patient(candidate.mrn) for candidate in document.candidates),
        )

    def _note(self, action: str, document_id: str, details: dict[str, str] | None = None) -> None:
        told = dict(details or {})
        if self._clerk.acting_for is not None:
            told["acting_for"] = self._clerk.acting_for
        self._ledger.note(
            action=action,
            actor=self._clerk.user,
            subject=document_id,
            details=told or None,
            now=self._now(),
        )


def _candidate(document: Document, candidate: int | str) -> str:
    """The MRN of a candidate named by its number or by its MRN."""
    mrns = [item.mrn for item in document.candidates]
    if isinstance(candidate, str) and candidate in mrns:
        return candidate
    if isinstance(candidate, int) and 1 <= candidate <= len(mrns):
        return mrns[candidate - 1]
    known = f"1 to {len(mrns)}" if mrns else "none"
    msg = f"document {document.id} has no such candidate (there are: {known}); to name another patient, assign it"
    raise NotFound(msg)


def _spoken(pages: Sequence[int]) -> str:
    return f"page {pages[0]}" if len(pages) == 1 else f"the pages {', '.join(map(str, pages))}"


def _moved_on(document: Document) -> Conflict:
    return Conflict(f"document {document.id} has been decided on since it was shown: look at it again")
