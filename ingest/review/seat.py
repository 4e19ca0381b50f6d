"""Somebody's place at the desk: what they may do, whom they may see, and the audit of every look."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice

from ingest.errors import NotAllowed, NotFound
from ingest.ledger import Ledger
from ingest.ledger.codec import Json
from ingest.ledger.looks import LISTED
from ingest.model import Document
from ingest.review.rights import Clerk, Right
from matchers.patient import Patient

_LISTED_AT_ONCE = 200


class Seat:
    """What every part of the desk asks before it does anything. Refusals are recorded."""

    def __init__(self, ledger: Ledger, clerk: Clerk, *, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._clerk = clerk
        self._now = now

    def look_at_page(self, document_id: str, page: int, *, small: bool = False, ahead: bool = False) -> Document:
        """Records that a page's picture is shown, before it is. Raises NotFound for a page it does not have.

        `ahead`: it is fetched before its document is shown, which will be recorded as well.
        """
        document = self.seen(document_id)
        if page not in document.pages:
            msg = f"document {document_id} has no page {page}; it has {len(document.pages)} page(s)"
            raise NotFound(msg)
        told = {"page": str(page)} | ({"size": "small"} if small else {})
        self.note("page.prepared" if ahead else "page.viewed", document_id, told)
        return document

    def need(self, right: Right) -> None:
        """Raises NotAllowed when the clerk has not the right, which is recorded."""
        if right not in self._clerk.rights:
            self._ledger.note(
                action="access.refused",
                actor=self._clerk.user,
                subject="desk",
                details=None,
                facts={"right": right.name.lower()},
                now=self._now(),
            )
            msg = f"the account {self._clerk.user} may not {right}: an administrator gives roles with `ingest users`"
            raise NotAllowed(msg)

    def seen(self, document_id: str) -> Document:
        """The document, if it is there for this clerk. Raises NotFound, NotAllowed."""
        self.need(Right.LOOK)
        document = self._ledger.document(document_id)
        if self.is_there(document):
            return document
        self.note("access.refused", document.id)
        msg = f"there is no document {document_id}"
        raise NotFound(msg)

    def is_there(self, document: Document) -> bool:
        """Whether a document is there for this clerk."""
        return self._ledger.may_see(document, self._clerk.clearance)

    def may_see(self, mrn: str) -> bool:
        """Whether the clerk may see a patient."""
        clearance = self._clerk.clearance
        return clearance.everything or self._ledger.labels_of([mrn]).get(mrn, frozenset()) <= clearance.labels

    def found(self, words: str, patients: Iterable[Patient]) -> tuple[Patient, ...]:
        """Those of the patients who are there for this clerk; that they were shown is recorded. Raises NotAllowed."""
        self.need(Right.LOOK)
        shown = tuple(patient for patient in patients if self.may_see(patient.mrn))
        told = {"words": words, "mrns": " ".join(dict.fromkeys(patient.mrn for patient in shown))}
        self._note("patients.searched", "patients", told, {"shown": len(shown)})
        return shown

    def listed(self, documents: Iterable[Document]) -> Iterator[Document]:
        """The same documents, so many at a time; that they were listed is recorded before they are shown."""
        rest = iter(documents)
        while some := tuple(islice(rest, _LISTED_AT_ONCE)):
            self._note(LISTED, "site", {}, {"documents": [document.id for document in some]})
            yield from some

    def note(self, action: str, document_id: str, details: dict[str, str] | None = None) -> None:
        """Records a look, under the clerk's name and for whom they act."""
        self._note(action, document_id, details or {}, {})

    def _note(self, action: str, subject: str, details: Mapping[str, str], facts: Mapping[str, Json]) -> None:
        acting_for = {} if self._clerk.acting_for is None else {"acting_for": self._clerk.acting_for}
        self._ledger.note(
            action=action,
            actor=self._clerk.user,
            subject=subject,
            details={**details, **acting_for} or None,
            facts=facts,
            now=self._now(),
        )
