"""The rules of the review desk: who looks at what, and what they may decide.

Promises: every decision names its user, and the person they act for; none is taken on a document that
has changed since it was shown; whatever the paper says against a patient has been put before the person
before the document goes to that patient; every look at a patient's pages is in the audit. The desk
records decisions. Filing what it accepts is the caller's next step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from ingest.durable import Step, reached
from ingest.errors import Conflict, NotFound, WrongUse
from ingest.ledger import Act, Ledger, Recut, Shown
from ingest.model import Disposition, Document, Scan
from ingest.review.queue_desk import QueueDesk
from ingest.review.rights import Clerk, Right
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """A page that was read again: what was read, by its hash, and what the program makes of the document now."""

    artefact_sha256: str
    disposition: Disposition


class Turner(Protocol):
    """Reads a page again, turned clockwise by so many degrees more than it was, and judges its document anew."""

    def __call__(self, document: Document, page: int, degrees: int, /) -> Turned:
        """Changes nothing yet. Raises WrongUse when the page cannot be read that way."""
        ...


class Judge(Protocol):
    """What the program makes of some pages of a scan as one document; pure as far as the index stands still."""

    def __call__(self, scan: Scan, pages: tuple[int, ...], /) -> Disposition:
        """What it would do with them: filed where that is certain and allowed, else to review with reasons."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AsksAgain:
    """Nothing was decided: these things speak against it. With `confirm=True` it is done all the same."""

    document_id: str
    mrn: str
    objections: tuple[str, ...]


class Desk(QueueDesk):
    """One clerk's desk. Every method is one step; each decision is one transaction of the ledger."""

    def __init__(
        self,
        ledger: Ledger,
        clerk: Clerk,
        *,
        objections: Objections,
        judge: Judge,
        turner: Turner,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(ledger, clerk, now=now)
        self._objections = objections
        self._judge = judge
        self._turner = turner

    def describe(
        self,
        document_id: str,
        *,
        type_: str | None,
        document_date: date | None,
        version: int | None = None,
        note: str | None = None,
    ) -> Document:
        """What kind of document it is and of which day. Raises Conflict when it has moved on or does not wait."""
        document = self.seen(document_id)
        self.take(document_id)
        return self._ledger.describe_by_person(
            document_id=document.id,
            version=document.version if version is None else version,
            type_=type_,
            document_date=document_date,
            by=self._clerk.user,
            acting_for=self._clerk.acting_for,
            note=note,
            now=self._now(),
        )

    def rotate(self, document_id: str, page: int, degrees: int, *, version: int | None = None) -> Document:
        """Has a page read again, turned clockwise by so many degrees more; its document is decided anew.

        Raises NotFound for a page that it does not have, WrongUse for no quarter turn, Conflict.
        """
        document = self.seen(document_id)
        self.take(document_id)
        if page not in document.pages:
            msg = f"document {document_id} has no page {page}; it has {_spoken(document.pages)}"
            raise NotFound(msg)
        if degrees not in (90, 180, 270):
            msg = "a page is turned by 90, 180 or 270 degrees, clockwise"
            raise WrongUse(msg)
        turned = self._turner(document, page, degrees)
        return self._ledger.turn_page(
            document_id=document.id,
            version=document.version if version is None else version,
            page=page,
            artefact_sha256=turned.artefact_sha256,
            disposition=turned.disposition,
            by=self._clerk.user,
            acting_for=self._clerk.acting_for,
            now=self._now(),
        )

    def bring_back(self, document_id: str, *, version: int | None = None, note: str | None = None) -> Document:
        """A blank page or separator that is none: it waits for a person from now on."""
        return self._act(self.seen(document_id), Act.BRING_BACK, None, version, note)

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
        self.need(Right.DECIDE)
        document = self.seen(document_id)
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
        document = self.seen(document_id)
        return self._give(document, Act.ASSIGN, mrn, version=version, confirm=confirm, note=note)

    def discard(self, document_id: str, reason: str, *, version: int | None = None) -> Document:
        """The document belongs in no record; its pages stay in the spool. Raises WrongUse without a reason."""
        if not reason.strip():
            msg = f"say why document {document_id} is discarded"
            raise WrongUse(msg)
        return self._act(self.seen(document_id), Act.DISCARD, None, version, reason.strip())

    def undo(self, document_id: str, *, version: int | None = None, note: str | None = None) -> Document:
        """Takes the newest act back: what was there before stands again. A filing is in review, as it was; a refiled
        document is filed to its first patient, a copy is discarded.
        """
        return self._act(self.seen(document_id), Act.UNDO, None, version, note)

    def split(
        self, document_id: str, before: Sequence[int], *, version: int | None = None, note: str | None = None
    ) -> tuple[Document, ...]:
        """New documents begin with the pages `before`; the program decides each anew, the old one retires.

        Raises NotFound for a page that the document does not have, WrongUse for no page or its first one, Conflict
        when the document has moved on or does not wait.
        """
        self.need(Right.DECIDE)
        document = self.seen(document_id)
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
        shown = {} if version is None else {document.id: version}
        return self._recut(Recut.SPLIT, (document,), parts, shown, note)

    def join(
        self, document_ids: Sequence[str], *, versions: Mapping[str, int] | None = None, note: str | None = None
    ) -> Document:
        """Documents of one scan become one, which the program decides anew; the old ones retire.

        `versions` are those of the documents as they were shown, where they were.
        Raises WrongUse for fewer than two or of different scans, Conflict when one does not wait (blank pages and
        separators may be joined too).
        """
        self.need(Right.DECIDE)
        olds = [self.seen(one) for one in dict.fromkeys(document_ids)]
        if len(olds) < 2:
            msg = "name two documents or more that are to become one"
            raise WrongUse(msg)
        if len({document.scan.id for document in olds}) > 1:
            msg = "documents of different scans cannot be joined: each is filed by itself"
            raise WrongUse(msg)
        pages = tuple(sorted(page for document in olds for page in document.pages))
        (joined,) = self._recut(Recut.JOINED, olds, [pages], versions or {}, note)
        return joined

    def _recut(
        self,
        what: Recut,
        olds: Sequence[Document],
        parts: Sequence[tuple[int, ...]],
        shown: Mapping[str, int],
        note: str | None,
    ) -> tuple[Document, ...]:
        for old in olds:
            self.take(old.id)
        documents = self._ledger.recut(
            what=what,
            old=[Shown(document.id, shown.get(document.id, document.version)) for document in olds],
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
        self.need(Right.DECIDE)
        if version is not None and version != document.version:
            raise _moved_on(document)
        asked = self._asks(document, mrn, confirm=confirm)
        # What was weighed is what is decided on: the ledger refuses when the version is another by now.
        return asked or self._act(document, act, mrn, document.version, note)

    def _asks(self, document: Document, mrn: str, *, confirm: bool) -> AsksAgain | None:
        """What has to be put before the person first. Raises NotFound, NotAllowed."""
        self.need(Right.DECIDE)
        patient = self._ledger.patient(mrn)
        if patient is None or not self.may_see(mrn):
            msg = (
                "no patient has this MRN: look with `ingest patients search`, "
                "or load the patient with `ingest patients load`"
            )
            raise NotFound(msg)
        objections = self._against(document, patient)
        return (
            AsksAgain(document_id=document.id, mrn=mrn, objections=objections) if objections and not confirm else None
        )

    def _against(self, document: Document, patient: Patient) -> tuple[str, ...]:
        """The candidate's own vetoes, what the pages say, and whether the registration is in use."""
        vetoes = [veto for item in document.candidates if item.mrn == patient.mrn for veto in item.vetoes]
        of_pages = self._objections(document, patient)
        reasons = [veto.reason for veto in vetoes if veto.name not in _MILD]
        reasons = [reason for reason in reasons if not any(told.endswith(reason) for told in of_pages)]
        reasons += of_pages
        if not patient.active and not any(veto.name is VetoName.INACTIVE for veto in vetoes):
            reasons.append("This patient's registration is marked inactive.")
        return tuple(dict.fromkeys(reasons))

    def _act(self, document: Document, act: Act, mrn: str | None, version: int | None, note: str | None) -> Document:
        self.take(document.id)
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
