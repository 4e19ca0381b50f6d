"""Filed PDFs that count no longer leave the records: the second half of an undo, a recall or a better PDF."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from ingest.durable import Step, reached
from ingest.errors import Conflict, NotFound
from ingest.filing.place import withdraw
from ingest.ledger import RenditionRow
from ingest.running.site import Site

_log = structlog.get_logger()


def finish_withdrawals(site: Site, now: Callable[[], datetime]) -> None:
    """Moves the files of withdrawn renditions out of the records. Idempotent; several may do it at once.

    What stands in one document's way is told in the log, and holds up no other.
    """
    for row in site.ledger.pending_withdrawals():
        _finish(site, row, now)


def take_back(site: Site, document_id: str, rendition_id: int, now: Callable[[], datetime]) -> None:
    """Out of the records with a PDF that was announced and came there after its job had gone to another.

    Whoever has the job since may file the very same; what nobody files any more goes.
    """
    for row in site.ledger.renditions(document_id):
        if row.id == rendition_id and row.filed_at is None and row.removed_at is not None:
            _finish(site, row, now)
    finish_withdrawals(site, now)


def _finish(site: Site, row: RenditionRow, now: Callable[[], datetime]) -> None:
    try:
        kept_as = withdraw(site.home, row.rendition.path, str(row.id))
        reached(Step.WITHDRAWN_MOVED)
        site.ledger.removed(row.id, kept_as, now())
        reached(Step.WITHDRAWAL_RECORDED)
    except NotFound as missing:
        if row.filed_at is None:  # announced only: it never came there
            site.ledger.removed(row.id, None, now())
        else:
            _log.error("a withdrawn PDF is not where it was filed", rendition=row.id, why=str(missing))
    except Conflict as other:
        _log.error("a withdrawn PDF cannot leave the records", rendition=row.id, why=str(other))
