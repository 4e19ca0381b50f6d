"""A page read again as a person says that it lies."""

from __future__ import annotations

from dataclasses import replace

from ingest import pipeline
from ingest.errors import WrongUse
from ingest.model import Document, PageArtefact, Turn
from ingest.page import read_task
from ingest.review import Turned
from ingest.running.filemarks import flags_held, with_flags
from ingest.running.outcomes import keep, load, result
from ingest.running.pool import WorkerPool
from ingest.running.site import Site


def turned(site: Site, document: Document, page: int, degrees: int) -> Turned:
    """The page, read in a worker process with `degrees` more clockwise, and its document judged with it.

    What was read is kept under its hash; the ledger is not changed. Raises WrongUse when nothing can be read.
    """
    rows = [row for row in site.ledger.pages_of(document.scan.id) if row.number in document.pages]
    outcomes = {row.number: load(row, site) for row in rows}
    before = outcomes[page]
    turn = Turn(str((int(before.turn if isinstance(before, PageArtefact) else Turn.NONE) + degrees) % 360))
    kind = site.ledger.kind_of(document.scan.id)
    if kind is None:
        msg = f"document {document.id} has no pages that could be turned"
        raise WrongUse(msg)
    options = replace(site.reading_options(), turn=turn, upper_first=False)
    pool = WorkerPool(1, site.limits())
    try:
        path = site.spool.path(document.scan.sha256)
        timeout_s = site.settings.reading.page_timeout_s
        outcome = result(
            page, pool.submit(read_task, str(path), kind, page, options, site.guide(), timeout_s=timeout_s)
        )
    finally:
        pool.close()
    if not isinstance(outcome, PageArtefact):
        msg = f"page {page} of document {document.id} could not be read that way: {outcome.detail}"
        raise WrongUse(msg)
    outcomes[page] = outcome
    settled = pipeline.settle(document.scan, tuple(outcomes[number] for number in sorted(outcomes)), site.house())
    marked = with_flags(settled, flags_held(site.ledger.of_scan(document.scan.id)))
    return Turned(artefact_sha256=keep(outcome, site), disposition=marked)
