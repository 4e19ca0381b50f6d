"""A doubt about what a person filed, raised by itself: what a changed index or text that is read later raises."""

from __future__ import annotations

from datetime import datetime

from ingest.ledger import Ledger
from ingest.ledger.doubts import raise_doubt
from ingest.model import Document


def doubt(ledger: Ledger, document: Document, *reasons: str, speaks_for: str | None = None, now: datetime) -> None:
    """The present decision about the document is in doubt."""
    with ledger._database.write() as connection:
        raise_doubt(
            connection,
            document.id,
            document.version,
            reasons,
            speaks_for=speaks_for,
            action="document.index_against",
            now=now,
        )
