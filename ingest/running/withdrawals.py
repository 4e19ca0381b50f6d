"""Filed PDFs that count no longer leave the records: the second half of an undo, a recall or a better PDF."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ingest.filing.place import withdraw
from ingest.running.site import Site


def finish_withdrawals(site: Site, now: Callable[[], datetime]) -> None:
    """Moves the files of withdrawn renditions out of the records. Idempotent; several may do it at once."""
    for row in site.ledger.pending_withdrawals():
        kept_as = withdraw(site.home, row.rendition.path, str(row.id))
        site.ledger.removed(row.id, kept_as, now())
