"""The queue as one clerk works it: the next document, held for them; put off, asked about, answered."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import tee

from ingest.errors import WrongUse
from ingest.ledger import DecisionRow, Inquiry, InquiryKind, QueueFilter, Waiting
from ingest.model import Document
from ingest.review.rights import Right
from ingest.review.seat import Seat
from matchers.patient import Patient

ANSWERED_WITHIN = timedelta(days=7)  # a document that somebody was asked about comes back then at the latest
HOLD_S = 300.0  # so long a document is somebody's who does nothing; every act or look holds it anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One document on the desk: itself, all its decisions, and the patients who might be meant."""

    document: Document
    history: tuple[DecisionRow, ...]
    suspects: tuple[Patient | None, ...]  # as the index knows them now, in the order of the candidates
    inquiries: tuple[Inquiry, ...] = ()


class QueueDesk(Seat):
    """What is done with a waiting document short of deciding on it."""

    def waiting(self, queue: QueueFilter | None = None) -> Iterator[Waiting]:
        """The documents that wait for a person, in the order in which they are due, with how each stands."""
        self.need(Right.LOOK)
        return self._ledger.waiting(queue or QueueFilter(), clearance=self._clerk.clearance, now=self._now())

    def list(self, queue: QueueFilter | None = None) -> Iterator[Waiting]:
        """The same; that they were listed is recorded before they are shown."""
        standing, behind = tee(self.waiting(queue))
        for one, _ in zip(standing, self.listed(other.document for other in behind), strict=True):
            yield one

    def show(self, document_id: str) -> Item:
        """One document, whatever its state; the look is recorded. Raises NotFound."""
        item = self._item(self.seen(document_id))
        self.note("document.viewed", document_id)
        return item

    def next(self, queue: QueueFilter | None = None, *, skip: Collection[str] = ()) -> Item | None:
        """The first due document that nobody else works on and that is not in `skip`, held for this clerk.

        None when there is none; the look is recorded.
        """
        document = self.hold_next(queue, skip=skip)
        if document is None:
            return None
        self.note("document.viewed", document.id)
        return self._item(document)

    def hold_next(self, queue: QueueFilter | None = None, *, skip: Collection[str] = ()) -> Document | None:
        """The same without looking at it: its picture can be prepared meanwhile."""
        self.need(Right.DECIDE)
        return self._ledger.claim_waiting(
            queue or QueueFilter(),
            user=self._clerk.user,
            clearance=self._clerk.clearance,
            hold_s=HOLD_S,
            now=self._now(),
            skip=skip,
        )

    def take(self, document_id: str) -> None:
        """Holds a document for this clerk, or holds it longer. Raises Conflict when somebody else works on it."""
        self.need(Right.DECIDE)
        self._ledger.hold(document_id, user=self._clerk.user, hold_s=HOLD_S, now=self._now())

    def let_go(self, document_id: str | None = None) -> None:
        """Lets a document go, or all that this clerk holds."""
        self._ledger.let_go(user=self._clerk.user, document_id=document_id)

    def defer(self, document_id: str, *, until: datetime, note: str | None = None) -> None:
        """Puts a document off. Raises WrongUse for a time that is past, Conflict for one that does not wait."""
        self.seen(document_id)
        self.take(document_id)
        if until <= self._now():
            msg = f"document {document_id} cannot be put off into the past"
            raise WrongUse(msg)
        self._ledger.defer(document_id, until=until, by=self._clerk.user, note=note, now=self._now())

    def ask(
        self, document_id: str, *, kind: InquiryKind, owner: str, question: str, due: date | None = None
    ) -> Inquiry:
        """Asks for the paper again, or a physician or registration; the document waits for the answer until `due`.

        Without a day it waits a week. Raises WrongUse for a day that is past.
        """
        self.seen(document_id)
        today = self._now().date()
        if due is not None and due < today:
            msg = f"the answer cannot be due in the past: name a day from {today} on"
            raise WrongUse(msg)
        due = due or today + ANSWERED_WITHIN
        self.take(document_id)
        return self._ledger.ask(
            document_id, kind=kind, owner=owner, question=question, due=due, by=self._clerk.user, now=self._now()
        )

    def answer(self, document_id: str, answer: str) -> Inquiry:
        """Writes down what was answered; the document is due at once."""
        self.need(Right.DECIDE)
        self.seen(document_id)
        return self._ledger.answer(document_id, answer, by=self._clerk.user, now=self._now())

    def _item(self, document: Document) -> Item:
        known = self._ledger.patients_of([candidate.mrn for candidate in document.candidates])
        return Item(
            document=document,
            history=self._ledger.history(document.id),
            suspects=tuple(known.get(candidate.mrn) for candidate in document.candidates),
            inquiries=self._ledger.inquiries_of(document.id),
        )
