"""May the paper of a batch be destroyed? Only what is settled and proven to be on disk may.

Promises: read only. A batch is safe when all that was expected came, no document of it waits for the program or for a
person, every scan's bytes are in the spool and every filed PDF in its record, read and hashed just now.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ingest.intake.spool import digest_of
from ingest.ledger import BatchRow
from ingest.ledger.batches import PAUSE
from ingest.model import DocumentState
from ingest.running.site import Site


def standing_of(batch: BatchRow, now: datetime) -> tuple[str, str]:
    """The batch in a word, and why: "coming in", "incomplete", "waits" or "settled"."""
    if batch.unsettled:
        named = (DocumentState.WORKING, DocumentState.REVIEW, DocumentState.QUARANTINED)
        told = [f"{count} {state.value}" for state in named if (count := batch.states.get(state, 0))]
        return "waits", ", ".join(told)
    if batch.missing is not None:
        return "incomplete", f"{batch.missing} came"
    announced = batch.expected_pages is not None or batch.expected_files is not None
    if not announced and now - batch.last_at <= PAUSE:
        return "coming in", "nothing says how much belongs to it; an hour without a scan ends it"
    return "settled", "every page is filed or settled"


def against_shredding(site: Site, batch: BatchRow, now: datetime) -> tuple[str, ...]:
    """Why the paper of a batch must be kept; nothing when it may go. Reads every byte of the batch."""
    word, why = standing_of(batch, now)
    return (f"{word}: {why}",) if word != "settled" else tuple(_lost(site, batch))


def _lost(site: Site, batch: BatchRow) -> Iterator[str]:
    own = set(batch.scans)
    for row in site.ledger.scans():
        if row.scan.id not in own:
            continue
        if row.released_at is None:
            yield f"scan {row.scan.id} may still lie in the drop folder"
        path = site.spool.path(row.scan.sha256) if row.spooled else None
        if path is None or not path.is_file() or digest_of(path) != row.scan.sha256:
            yield f"scan {row.scan.id}: its bytes are not in the spool"
        for document in site.ledger.documents(scan=row.scan.id):
            if document.state is DocumentState.FILED and not _is_filed(site, document.id):
                yield f"document {document.id}: its PDF is not in the record"


def _is_filed(site: Site, document: str) -> bool:
    current = [row for row in site.ledger.renditions(document) if row.withdrawn_at is None]
    return bool(current) and all(
        (path := site.home / row.rendition.path).is_file() and digest_of(path) == row.rendition.sha256
        for row in current
    )
