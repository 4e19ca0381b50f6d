"""The work behind a TEXT job: the rest of pages of which a part was read, and what it changes.

Promises: as for every job, each page that is finished is in the ledger, every write is fenced, and doing it again
ends the same. It gives way: paper that waits to be read or filed comes first. A page whose rest cannot be read
keeps what was read of it, and a person looks at the paper.
"""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, replace
from datetime import timedelta

from ingest.durable import Step, reached
from ingest.errors import Conflict
from ingest.filing.order import TextState
from ingest.ledger import Job, JobKind, Reconsidered
from ingest.model import Document, DocumentState, PageArtefact, PageFailure, PageOutcome, PageTrouble, ScanKind
from ingest.page import Guide, rest_task
from ingest.reading import artefact
from ingest.running.filemarks import flags_held, with_flags
from ingest.running.outcomes import Stopped, keep, load, result
from ingest.running.reconsider import reconsider
from ingest.running.withdrawals import finish_withdrawals
from ingest.running.work import Hands

_LOOK_AGAIN_S = 0.5


def read_text(job: Job, hands: Hands) -> None:
    """Reads the rests, then holds every document of the scan against them.

    Raises `Stopped` (also to give way), `LostLease` or a system's failure.
    """
    ledger, now = hands.site.ledger, hands.now
    _read_rests(job, hands)
    living = [document for document in ledger.documents(scan=job.subject) if document.scan.id == job.subject]
    try:
        if any(document.state is DocumentState.WORKING for document in living):
            raise Conflict("a document of this scan is being worked on")
        reconsidered = tuple(_reconsidered(document, hands) for document in living)
        ledger.conclude_text(job, reconsidered=reconsidered, now=now())
        reached(Step.TEXT_READ)
    except Conflict:  # a person or another job was quicker: look again at what there is then
        ledger.put_back(job, not_before=now() + timedelta(seconds=_LOOK_AGAIN_S), now=now())
        return
    finish_withdrawals(hands.site, now)


def _reconsidered(document: Document, hands: Hands) -> Reconsidered:
    site = hands.site
    rows = [row for row in site.ledger.pages_of(document.scan.id) if row.number in document.pages]
    pages = tuple(load(row, site) for row in rows if row.failure is not None or row.artefact_sha256 is not None)
    said = reconsider(document, site.ledger.history(document.id), pages, site.house())
    if said.disposition is not None:
        said = replace(said, disposition=with_flags(said.disposition, flags_held((document,))))
    better = document.text_state == TextState.IDENTITY and any(
        isinstance(page, PageArtefact) and page.read_to_px is None and page.words for page in pages
    )
    return said if better else replace(said, rewrite=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One page of which a part was read, and the hash of what was."""

    page: int
    sha256: str
    first: bytes


def _read_rests(job: Job, hands: Hands) -> None:
    site = hands.site
    kind = site.ledger.scan_kind(job.subject)
    guide = site.guide()
    parts = iter(_parts(job, hands))
    running: dict[Future[bytes], _Part] = {}
    stopped = False
    while True:
        while len(running) < hands.pool.workers and not (stopped := stopped or _must_stop(hands)):
            if (part := next(parts, None)) is None:
                break
            running[_submit(job, kind, part, hands, guide, isolated=False)] = part
        if not running:
            break
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            part = running.pop(future)
            try:
                outcome = _outcome_of(job, kind, part, future, hands, guide)
            except Stopped:
                stopped = True
            else:
                _record(job, part, outcome, hands)
    if stopped:
        raise Stopped


def _parts(job: Job, hands: Hands) -> list[_Part]:
    parts = []
    for row in hands.site.ledger.pages_of(job.subject):
        if row.artefact_sha256 is None:
            continue
        page = load(row, hands.site)
        if isinstance(page, PageArtefact) and page.read_to_px is not None:
            parts.append(_Part(page=row.number, sha256=row.artefact_sha256, first=artefact.encode(page)))
    return parts


def _must_stop(hands: Hands) -> bool:
    """Asked to stop, or to give way: this job is not claimed again before the others are done."""
    return hands.stopping() or hands.site.ledger.open_jobs(kinds=(JobKind.READ, JobKind.FILE)) > 0


def _submit(job: Job, kind: ScanKind, part: _Part, hands: Hands, guide: Guide, *, isolated: bool) -> Future[bytes]:
    site = hands.site
    path = site.spool.path(site.ledger.scan(job.subject).sha256)
    options = site.reading_options(isolated=isolated)
    timeout_s = site.settings.reading.page_timeout_s
    return hands.pool.submit(rest_task, str(path), kind, part.first, options, guide, timeout_s=timeout_s)


def _outcome_of(
    job: Job, kind: ScanKind, part: _Part, future: Future[bytes], hands: Hands, guide: Guide
) -> PageOutcome:
    """The page whole; after a crash or a timeout, as read once more by the isolated engines."""
    first = result(part.page, future)
    if isinstance(first, PageArtefact) or first.trouble is PageTrouble.TOO_LARGE:
        return first
    return result(part.page, _submit(job, kind, part, hands, guide, isolated=True))


def _record(job: Job, part: _Part, outcome: PageOutcome, hands: Hands) -> None:
    ledger, now = hands.site.ledger, hands.now
    match outcome:
        case PageArtefact():
            whole = keep(outcome, hands.site)
            ledger.record_text(job, page=part.page, first=part.sha256, whole=whole, now=now())
        case PageFailure():
            ledger.text_failed(job, failure=outcome, now=now())
    reached(Step.REST_RECORDED)
