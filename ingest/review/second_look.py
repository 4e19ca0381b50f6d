"""The second look: what was filed or discarded, seen once more by somebody who does not know what was decided.

Promises: nothing that is shown says what was decided, by whom, or whether it is a known case; evidence and candidates
are found anew, in the matcher's order; nobody looks again at what they decided; an answer stands. A disagreement goes
to a supervisor who had a part in neither answer. Every look and answer is in the audit. What is settled as wrong is
back in review when the method returns; taking its PDF out of the record is the caller's next step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from ingest.durable import Step, reached
from ingest.errors import NotFound, WrongUse
from ingest.ledger import Disagreement, HeldLook, Ledger, LookAnswer, Settlement
from ingest.model import NO_TRAITS, Disposition, Document, DocumentState
from ingest.review.desk import Judge
from ingest.review.queue_desk import HOLD_S
from ingest.review.rights import Clerk, Right
from ingest.review.seat import Seat
from ingest.review.second_look_rates import LookerRate, Rate, RatesBy, looker_rates, rates
from matchers.patient import Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindLook:
    """A document to look at again, as if nobody had decided on it; `suspects` in the order of its candidates."""

    number: int
    document: Document
    suspects: tuple[Patient | None, ...]


class SecondLook(Seat):
    """One clerk's second looks. Every method is one step."""

    def __init__(self, ledger: Ledger, clerk: Clerk, *, judge: Judge, now: Callable[[], datetime]) -> None:
        super().__init__(ledger, clerk, now=now)
        self._judge = judge

    def next(self) -> BlindLook | None:
        """The next document for this clerk, held for them; None when there is none. The look is recorded."""
        self.need(Right.DECIDE)
        names = {name for name in (self._clerk.user, self._clerk.acting_for) if name is not None}
        skip: set[int] = set()
        while True:
            held = self._ledger.claim_second_look(
                user=self._clerk.user,
                names=names,
                clearance=self._clerk.clearance,
                hold_s=HOLD_S,
                now=self._now(),
                skip=skip,
            )
            if held is None:
                return None
            if (look := self._look(held)) is not None:
                return look
            self._ledger.let_go_of_second_look(held.number, user=self._clerk.user)
            skip.add(held.number)

    def show(self, number: int) -> BlindLook:
        """One that the clerk holds, once more. Raises NotFound, Conflict when it is not theirs."""
        self.need(Right.DECIDE)
        look = self._look(self._ledger.held_second_look(number, user=self._clerk.user))
        if look is None:
            msg = f"there is no second look {number}: ingest review second-look next"
            raise NotFound(msg)
        return look

    def look_at(self, number: int, page: int) -> Document:
        """Records that a page's picture is shown, before it is; the document without what was decided."""
        self.need(Right.DECIDE)
        held = self._ledger.held_second_look(number, user=self._clerk.user)
        document = self._ledger.document(held.document_id)
        if page not in document.pages:
            msg = f"second look {number} has no page {page}; it has {len(document.pages)} page(s)"
            raise NotFound(msg)
        self.note("page.viewed", document.id, {"page": str(page), "second_look": str(number)})
        blank = Disposition(pages=document.pages, state=DocumentState.REVIEW, reasons=())
        return _as_if_undecided(document, blank)

    def let_go(self, number: int) -> None:
        """Leaves it to somebody else."""
        self._ledger.let_go_of_second_look(number, user=self._clerk.user)

    def answer(self, number: int, answer: LookAnswer, *, mrn: str | None = None) -> None:
        """What the clerk found. Raises WrongUse, NotFound for an unknown patient, Conflict when it is not theirs."""
        self.need(Right.DECIDE)
        if (answer is LookAnswer.PATIENT) != (mrn is not None):
            msg = "a second look is answered with a patient's MRN, or with no patient, or unsure: one of the three"
            raise WrongUse(msg)
        self._ledger.answer_second_look(number, answer=answer, mrn=mrn, user=self._clerk.user, now=self._now())

    def disagreements(self) -> Iterator[Disagreement]:
        """What waits for a supervisor: both answers, oldest first."""
        self.need(Right.SETTLE)
        return self._ledger.disagreements(clearance=self._clerk.clearance)

    def settle(self, number: int, settlement: Settlement, *, mrn: str | None = None) -> Document:
        """A supervisor's word; what was wrong is in review again. `mrn` may say whose it is, where it was wrong.

        Raises NotFound, WrongUse, Conflict when it is settled or one of the answers is this clerk's.
        """
        self.need(Right.SETTLE)
        if mrn is not None and settlement is Settlement.FIRST_RIGHT:
            msg = "where the first answer is right, no other patient is named"
            raise WrongUse(msg)
        self.seen(self._ledger.disagreement(number).document_id)
        settled = self._ledger.settle_second_look(
            number,
            settlement=settlement,
            mrn=mrn,
            by=self._clerk.user,
            acting_for=self._clerk.acting_for,
            now=self._now(),
        )
        reached(Step.DECIDED_BY_PERSON)
        return self._ledger.document(settled)

    def settled(self) -> Iterator[Disagreement]:
        """What supervisors settled, the newest first."""
        self.need(Right.SETTLE)
        return self._ledger.disagreements(clearance=self._clerk.clearance, settled=True)

    def reopen(self, number: int, *, settled_at: datetime | None = None) -> Document:
        """Takes a settlement back: two answers that differ again, and a misfile no more.

        What it put back into review stays there. Raises NotFound, Conflict when one of the answers is this clerk's,
        when it was settled anew since `settled_at`, and when people went on from it to another patient.
        """
        self.need(Right.SETTLE)
        self.seen(self._ledger.disagreement(number, settled=True).document_id)
        reopened = self._ledger.reopen_second_look(
            number,
            settled_at=settled_at,
            by=self._clerk.user,
            acting_for=self._clerk.acting_for,
            now=self._now(),
        )
        return self._ledger.document(reopened)

    def rates(self, by: RatesBy = RatesBy.NOTHING) -> tuple[Rate, ...]:
        """How often the program and people are wrong, with bounds."""
        self.need(Right.REPORT)
        return rates(self._ledger.second_looks(), self._ledger.second_look_frame(), by)

    def looker_rates(self) -> tuple[LookerRate, ...]:
        """How often whoever looks again is wrong about known cases."""
        self.need(Right.REPORT)
        return looker_rates(self._ledger.known_answers())

    def _look(self, held: HeldLook) -> BlindLook | None:
        """What is shown, recorded; None where somebody might be meant whom the clerk may not see."""
        document = self._ledger.document(held.document_id)
        found = self._judge(document.scan, document.pages)
        if not all(self.may_see(candidate.mrn) for candidate in found.candidates):
            return None
        self.note("second_look.shown", document.id, {"second_look": str(held.number)})
        return BlindLook(
            number=held.number,
            document=_as_if_undecided(document, found),
            suspects=tuple(self._ledger.patient(candidate.mrn) for candidate in found.candidates),
        )


def _as_if_undecided(document: Document, found: Disposition) -> Document:
    """The pages with what is found on them now: no answer, reason, state, time or name of the first decision."""
    return replace(
        document,
        state=DocumentState.REVIEW,
        reasons=(),
        mrn=None,
        probability=None,
        type=found.type,
        document_date=found.document_date,
        findings=found.findings,
        candidates=found.candidates,
        filed_as=None,
        text_state=None,
        decided_at=None,
        decided_by=None,
        version=0,
        would_file_mrn=None,
        index_generation=None,
        fingerprint=None,
        parents=(),
        retired=False,
        traits=NO_TRAITS,
    )
