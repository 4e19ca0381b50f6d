"""Filed documents moved: to the patient they belong to, or copied to a second one; and those in doubt since.

Promises: what the paper says against the new patient has been put before the person first; the record of the wrong
patient is left and the right one entered in one act, which can be taken back; who looked at the document meanwhile is
told, because they may have treated on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ingest.durable import Step, reached
from ingest.errors import Conflict, WrongUse
from ingest.ledger import Act, Doubt, Misfile, Sighting, acts_that_stand
from ingest.model import Document, DocumentState
from ingest.review.desk import AsksAgain, Desk
from ingest.review.rights import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Refiled:
    """A document on its way to its patient: from whom, the misfile that this marked, and who looked meanwhile.

    There is no misfile where both registrations are one person's.
    """

    document: Document
    from_mrn: str
    misfile: Misfile | None
    looks: tuple[Sighting, ...]


class MovingDesk(Desk):
    """A desk at which filed documents are moved and copied, too."""

    def refile(
        self, document_id: str, mrn: str, reason: str, *, version: int | None = None, confirm: bool = False
    ) -> Refiled | AsksAgain:
        """The filed document is another patient's. `undo` files it to the first one again.

        Raises WrongUse without a reason, NotFound for an unknown document or patient, Conflict when it is not filed,
        is filed to this patient, or has moved on since `version`.
        """
        if not reason.strip():
            msg = f"say why document {document_id} is refiled"
            raise WrongUse(msg)
        document = self.seen(document_id)
        filed_there = document.state is DocumentState.FILED and document.mrn != mrn  # else the ledger says why not
        given = self._give(
            document, Act.REFILE, mrn, version=version, confirm=confirm or not filed_there, note=reason.strip()
        )
        if isinstance(given, AsksAgain):
            return given
        *before, _ = self._ledger.history(document.id)[: given.version]
        wrong = acts_that_stand(before)[-1]
        marked = self._ledger.misfiles(document_id=document.id)
        return Refiled(
            document=given,
            from_mrn=wrong.mrn or "",
            misfile=next((found for found in marked if found.version == wrong.version), None),
            looks=self._ledger.looks_at(document.id, since=wrong.version, until=given.version),
        )

    def copy(
        self, document_id: str, mrn: str, note: str, *, version: int | None = None, confirm: bool = False
    ) -> Document | AsksAgain:
        """The filed document's pages belong to a second patient, too: a new document, filed there.

        Raises as `refile`, and Conflict for a copy of a copy or one that is there already.
        """
        if not note.strip():
            msg = f"say why document {document_id} is copied"
            raise WrongUse(msg)
        self.need(Right.DECIDE)
        document = self.seen(document_id)
        if version is not None and version != document.version:
            msg = f"document {document_id} has been decided on since it was shown: look at it again"
            raise Conflict(msg)
        filed_elsewhere = document.state is DocumentState.FILED and document.mrn != mrn
        asked = self._asks(document, mrn, confirm=confirm or not filed_elsewhere)
        if asked is not None:
            return asked
        copied = self._ledger.copy_by_person(
            document_id=document.id,
            version=document.version,
            mrn=mrn,
            by=self._clerk.user,
            acting_for=self._clerk.acting_for,
            note=note.strip(),
            now=self._now(),
        )
        reached(Step.DECIDED_BY_PERSON)
        return copied

    def doubts(self, *, settled: bool = False) -> tuple[Doubt, ...]:
        """What people decided and what something speaks against since, oldest first: to be moved, undone or let stand.

        With `settled`, what was let stand instead, the newest first. Only what the clerk may see, and of whom its
        pages speak now. Raises NotAllowed.
        """
        self.need(Right.LOOK)
        found = self._ledger.doubts(settled=settled)
        return tuple(one for one in found if self.is_there(self._ledger.document(one.document_id)))

    def doubt_about(self, document: Document, *, settled: bool = False) -> Doubt | None:
        """The open doubt about a document, or the one that was let stand, if there is one for this clerk."""
        found = self._ledger.doubts(document_id=document.id, settled=settled)
        return next(iter(found), None) if self.is_there(document) else None

    def let_stand(self, document_id: str, note: str, *, raised_at: datetime | None = None) -> None:
        """The document is right where it is: the doubt about it is settled.

        `raised_at` is that of the doubt that was shown (None: as it is now). Raises NotAllowed, WrongUse without a
        note, NotFound where nothing is in doubt, Conflict when it is another doubt by now.
        """
        self.need(Right.SETTLE)
        if not note.strip():
            msg = f"say why document {document_id} is right where it is"
            raise WrongUse(msg)
        document = self.seen(document_id)
        self._ledger.settle_doubt(
            document.id,
            raised_at=raised_at,
            by=self._clerk.user,
            acting_for=self._clerk.acting_for,
            note=note.strip(),
            now=self._now(),
        )

    def doubt_again(self, document_id: str, note: str | None = None, *, settled_at: datetime | None = None) -> None:
        """Takes back that the document was let stand (`settled_at`: then, where the clerk was shown when).

        Raises NotAllowed, NotFound where it was not, Conflict where it was anew since.
        """
        self.need(Right.SETTLE)
        self._ledger.reopen_doubt(
            self.seen(document_id).id,
            settled_at=settled_at,
            by=self._clerk.user,
            acting_for=self._clerk.acting_for,
            note=note,
            now=self._now(),
        )
