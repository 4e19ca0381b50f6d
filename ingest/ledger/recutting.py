"""Documents split and joined by people: new ones take the pages, the old ones retire and stay in the history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from ingest.errors import Conflict, WrongUse
from ingest.ledger import chain
from ingest.ledger.counters import document_id, scan_id
from ingest.ledger.documents import Standing, add_document, pages_held, retire, settle, standing
from ingest.ledger.listing import document_of
from ingest.ledger.part import LedgerPart
from ingest.ledger.records import Shown
from ingest.model import Disposition, Document, DocumentState

_FREE = (DocumentState.REVIEW, DocumentState.BLANK, DocumentState.SEPARATOR)


class Recut(StrEnum):
    """Which of the two it was, for the audit."""

    SPLIT = "document.split"
    JOINED = "documents.joined"


class Recutting(LedgerPart):
    """Where one document ends and the next begins, settled by a person."""

    def recut(
        self,
        *,
        what: Recut,
        old: Sequence[Shown],
        new: Sequence[Disposition],
        by: str,
        acting_for: str | None,
        note: str | None,
        now: datetime,
    ) -> tuple[Document, ...]:
        """The documents `old` retire, and for each disposition of `new` one begins, their child.

        Those to be filed get a FILE job. Raises NotFound; Conflict when one has moved on, is retired or is not
        with a person; WrongUse when they are of different scans or `new` does not hold exactly their pages.
        """
        with self._database.write() as connection:
            standings = [_free(connection, shown) for shown in sorted(old)]
            scans = {one.scan for one in standings}
            if len(scans) != 1:
                msg = "documents of different scans cannot be joined: each is filed by itself"
                raise WrongUse(msg)
            held = sorted(page for one in standings for page in pages_held(connection, one.number))
            if sorted(page for disposition in new for page in disposition.pages) != held:
                msg = "a split or join keeps every page, once"
                raise WrongUse(msg)
            (scan,) = scans
            for one in standings:
                retire(connection, one.number, now)
            numbers = []
            for disposition in new:
                parents = [one.number for one in standings]
                numbers.append(add_document(connection, scan, disposition.pages, parents=parents, now=now))
                settle(connection, scan, numbers[-1], disposition, now=now)
            details = {"acting_for": acting_for, "note": note}
            chain.append(
                connection,
                action=what.value,
                actor=by,
                subject=scan_id(scan),
                now=now,
                facts={
                    "from": [document_id(one.number) for one in standings],
                    "documents": {
                        document_id(number): list(disposition.pages)
                        for number, disposition in zip(numbers, new, strict=True)
                    },
                },
                details={name: value for name, value in details.items() if value is not None},
            )
            return tuple(document_of(connection, number) for number in numbers)


def _free(connection: Connection, shown: Shown) -> Standing:
    """Where the document stands, when it is with a person and has not moved on since it was shown."""
    row = standing(connection, shown.document_id)
    if row.retired:
        msg = f"document {shown.document_id} is retired: act on the documents that came from it"
        raise Conflict(msg)
    if row.version != shown.version:
        msg = f"document {shown.document_id} has been decided on since it was shown: look at it again"
        raise Conflict(msg)
    if row.copy_of is not None:
        msg = f"document {shown.document_id} is a copy of {document_id(row.copy_of)}: cut that one, and copy its parts"
        raise Conflict(msg)
    if row.state not in _FREE:
        remedy = "undo its filing first" if row.state is DocumentState.FILED else "only what waits can be cut"
        msg = f"document {shown.document_id} is {row.state} and cannot be split or joined: {remedy}"
        raise Conflict(msg)
    return row
