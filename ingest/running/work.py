"""The work behind one job: reading a scan to its dispositions, or filing one document.

Promises: each step that is finished is in the ledger, so that a job taken over goes on where the last
worker stopped; every write is fenced by the job's lease; effects are the same however often they run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from ingest import pipeline
from ingest.drafts import draft_name
from ingest.durable import Step, reached
from ingest.errors import Conflict, LostLease, StorageTrouble
from ingest.filing.names import NamingFacts, file_name, names_beside
from ingest.filing.order import PdfFacts, PdfOrder
from ingest.filing.pdf import write_task
from ingest.filing.place import place
from ingest.ledger import FilingOrder, Job, Rendition, RenditionRow, SameBytesState
from ingest.model import (
    Document,
    FileOpened,
    FileOutcome,
    FileRefused,
    FileTrouble,
    PageArtefact,
    PageFailure,
    PageOutcome,
    PageTrouble,
    ScanKind,
)
from ingest.page import Guide, read_task
from ingest.reading import artefact
from ingest.reading.tasks import open_task, picture_task
from ingest.running.about import about
from ingest.running.filemarks import flags_of_file, with_flags
from ingest.running.malware import pass_scanner
from ingest.running.outcomes import Stopped, keep, load, result
from ingest.running.pool import PoolClosed, TaskTimedOut, TaskTrouble, WorkerPool
from ingest.running.site import Site
from ingest.running.suspicions import with_suspicions
from ingest.running.withdrawals import finish_withdrawals, take_back
from ingest.settings import TextMode

_LOOK_AGAIN_S = 0.5
RECORDS = PurePosixPath("records")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """What a worker needs to work: the site, the pool, the clock, and a way to be told to stop."""

    site: Site
    pool: WorkerPool
    now: Callable[[], datetime]
    stopping: Callable[[], bool]


def read_scan(job: Job, hands: Hands) -> None:
    """Open, read every page, decide, record. Raises `Stopped`, `LostLease` or a system's failure."""
    ledger, now = hands.site.ledger, hands.now
    same = ledger.same_bytes(job.subject)
    match same.state:
        case SameBytesState.EARLIER_WORKING:
            later = now() + timedelta(seconds=_LOOK_AGAIN_S)
            ledger.put_back(job, not_before=later, now=now())
        case SameBytesState.EARLIER_KEPT if same.scan_id and same.pages:
            ledger.record_opened(job, kind=None, pages=same.pages)
            ledger.conclude_reading(job, dispositions=pipeline.duplicate(same.scan_id, same.pages), now=now())
        case _:
            _work_afresh(job, hands)


def _work_afresh(job: Job, hands: Hands) -> None:
    ledger, now = hands.site.ledger, hands.now
    match _open(job, hands):
        case FileRefused() as refused:
            ledger.conclude_reading(job, dispositions=pipeline.refuse(refused), now=now())
        case FileOpened() as opened:
            ledger.record_opened(job, kind=opened.kind, pages=opened.pages)
            reached(Step.OPENED)
            _read_missing_pages(job, opened, hands)
            own = set(ledger.reading_pages(job.subject))  # a retry works only what was quarantined
            parts: list[int] = []
            disposed = pipeline.dispose(ledger.scan(job.subject), _outcomes(job, own, parts, hands), hands.site.house())
            flags = flags_of_file(opened)
            marked = tuple(with_flags(disposition, flags) for disposition in disposed)
            dispositions = with_suspicions(hands.site, job.subject, marked)
            # pages may have been read before the setting was changed
            later = hands.site.settings.reading.text is not TextMode.IDENTITY and bool(parts)
            ledger.conclude_reading(job, dispositions=dispositions, now=now(), text_later=later)
            reached(Step.READ)


def _outcomes(job: Job, own: set[int], parts: list[int], hands: Hands) -> Iterator[PageOutcome]:
    """The pages one by one, none of them kept; the numbers of those of which a part was read go to `parts`."""
    for row in hands.site.ledger.pages_of(job.subject):
        if row.number in own:
            page = load(row, hands.site)
            if isinstance(page, PageArtefact) and page.read_to_px is not None:
                parts.append(row.number)
            yield page


def file_document(job: Job, hands: Hands) -> None:
    """Writes the document's PDF and puts it into its patient's folder; the ledger then says `filed`."""
    site = hands.site
    order = site.ledger.filing_order(job)
    document = order.document
    draft = site.paths.temporary / draft_name("file")
    try:
        facts = write_draft(order, draft, hands)
        if facts is None:
            reason = "The filed PDF could not be written from this scan: please look at it."
            site.ledger.filing_failed(job, reason=reason, now=hands.now())
            return
        reached(Step.PDF_WRITTEN)
        name = file_name(
            site.settings.filing.naming,
            NamingFacts(
                mrn=order.mrn,
                document=document.id,
                scan=document.scan.id,
                received=document.scan.received_at,
                type=document.type,
                document_date=document.document_date,
            ),
        )
        rendition = _free_of(name, facts, document, site)
        announced = site.ledger.announce_filing(job, rendition=rendition, now=hands.now())
        reached(Step.FILING_ANNOUNCED)
        place(draft, site.paths.records, PurePosixPath(rendition.path).relative_to(RECORDS))
        reached(Step.PDF_PLACED)
    except Conflict as other_bytes:
        site.ledger.filing_failed(job, reason=str(other_bytes), now=hands.now())
        return
    except OSError as error:
        msg = f"the records folder cannot be written ({error.strerror}); nothing was lost, run again"
        raise StorageTrouble(msg) from None
    finally:
        draft.unlink(missing_ok=True)
    try:
        site.ledger.conclude_filing(job, rendition=rendition, now=hands.now())
    except LostLease:
        take_back(site, document.id, announced, hands.now)
        raise
    reached(Step.FILED)
    finish_withdrawals(site, hands.now)


def _free_of(name: PurePosixPath, facts: PdfFacts, document: Document, site: Site) -> Rendition:
    """The rendition under `name`, or under another beside it: no path is used twice, except for the very same.

    So the record holds one whole PDF of the document at every instant, the old one until the new one counts, and
    nobody who still has the old one to take away can take the new one.
    """
    told = {row.rendition.path: row for row in site.ledger.renditions(document.id)}
    path = next(path for path in map(_in_records, names_beside(name)) if _is_free(told.get(path), facts, document))
    return Rendition(
        path=path, sha256=facts.sha256, size=facts.size, text_state=facts.text_state.value, kind=facts.kind.value
    )


def _is_free(row: RenditionRow | None, facts: PdfFacts, document: Document) -> bool:
    if row is None:
        return True
    announced = row.filed_at is None and row.removed_at is None and row.version == document.version
    return announced and row.rendition.sha256 == facts.sha256


def _in_records(name: PurePosixPath) -> str:
    return str(RECORDS / name)


def _open(job: Job, hands: Hands) -> FileOutcome:
    site = hands.site
    path = site.spool.path(site.ledger.scan(job.subject).sha256)
    if not path.is_file():
        return _gone(site)
    intake = site.settings.intake
    refused = pass_scanner(path, intake.scanner_command, timeout_s=intake.scanner_timeout_s)
    if refused is not None:
        return refused
    timeout_s = site.settings.reading.open_timeout_s
    future = hands.pool.submit(open_task, str(path), hands.site.reading_options(), timeout_s=timeout_s)
    try:
        return artefact.decode_file(future.result())
    except PoolClosed:
        raise Stopped from None
    except TaskTimedOut:
        reason = "The file took too long to open; it may be built to harm. Scan the paper again."
        return FileRefused(trouble=FileTrouble.TIMEOUT, reason=reason)
    except (TaskTrouble, ValueError):
        reason = "The file broke the program that opens it; it is damaged or hostile. Scan the paper again."
        return FileRefused(trouble=FileTrouble.CRASHED, reason=reason)


def _gone(site: Site) -> FileRefused:
    """One scan's bytes are not there. Raises StorageTrouble when none are: its disk or share is gone."""
    try:
        nothing = next(site.paths.spool.iterdir(), None) is None
    except OSError:
        nothing = True
    if nothing:
        msg = "the spool is empty or cannot be reached: is its disk or share there? Nothing was lost, run again"
        raise StorageTrouble(msg)
    reason = "Its kept bytes are gone: put them back with `ingest verify --repair --from BACKUP`, then retry the scan."
    return FileRefused(trouble=FileTrouble.GONE, reason=reason)


def _read_missing_pages(job: Job, opened: FileOpened, hands: Hands) -> None:
    """Reads what is not recorded yet, as many pages at a time as there are workers."""
    rows = hands.site.ledger.pages_of(job.subject)
    missing = iter([row.number for row in rows if row.artefact_sha256 is None and row.failure is None])
    running: dict[Future[bytes], int] = {}
    unread = False
    guide = hands.site.guide()
    while True:
        while len(running) <= hands.pool.workers and not hands.stopping():
            if (page := next(missing, None)) is None:
                break
            running[_submit(job, opened.kind, page, hands, guide, isolated=False)] = page
        if not running:
            break
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            page = running.pop(future)
            try:
                outcome = _outcome_of(job, opened.kind, page, future, hands, guide)
            except Stopped:
                unread = True
            else:
                _record(job, page, outcome, hands)
    if unread or next(missing, None) is not None:
        raise Stopped


def _submit(job: Job, kind: ScanKind, page: int, hands: Hands, guide: Guide, *, isolated: bool) -> Future[bytes]:
    site = hands.site
    path = site.spool.path(site.ledger.scan(job.subject).sha256)
    options = site.reading_options(isolated=isolated)
    timeout_s = site.settings.reading.page_timeout_s
    return hands.pool.submit(read_task, str(path), kind, page, options, guide, timeout_s=timeout_s)


def _outcome_of(job: Job, kind: ScanKind, page: int, future: Future[bytes], hands: Hands, guide: Guide) -> PageOutcome:
    """The page as read; after a crash or a timeout, as read once more by the isolated engines.

    A worker that died while it read cannot say whether there was a picture: where both did, it is looked for alone.
    """
    first = result(page, future)
    if isinstance(first, PageArtefact) or first.trouble is PageTrouble.TOO_LARGE:
        return first
    again = result(page, _submit(job, kind, page, hands, guide, isolated=True))
    if isinstance(again, PageArtefact):
        return again
    if first.has_picture:
        return first
    if again.has_picture or again.trouble in (PageTrouble.NO_PICTURE, PageTrouble.TOO_LARGE):
        return again
    return replace(again, has_picture=_has_picture(job, kind, page, hands))


def _has_picture(job: Job, kind: ScanKind, page: int, hands: Hands) -> bool:
    """Whether the isolated renderer alone draws the page, or the decoder of pictures opens it."""
    site = hands.site
    path = site.spool.path(site.ledger.scan(job.subject).sha256)
    options = site.reading_options(isolated=True)
    timeout_s = site.settings.reading.open_timeout_s
    try:
        return bool(hands.pool.submit(picture_task, str(path), kind, page, options, timeout_s=timeout_s).result())
    except PoolClosed:
        raise Stopped from None
    except TaskTrouble:
        return False


def _record(job: Job, page: int, outcome: PageOutcome, hands: Hands) -> None:
    match outcome:
        case PageArtefact():
            kept = keep(outcome, hands.site)
            hands.site.ledger.record_page(job, page=page, artefact_sha256=kept, failure=None, now=hands.now())
        case PageFailure():
            hands.site.ledger.record_page(job, page=page, artefact_sha256=None, failure=outcome, now=hands.now())
    reached(Step.PAGE_RECORDED)


def write_draft(asked: FilingOrder, draft: Path, hands: Hands) -> PdfFacts | None:
    """The PDF at `draft`, or None when this scan cannot be written (its worker died or refused)."""
    site, document = hands.site, asked.document
    order = PdfOrder(
        scan=site.spool.path(document.scan.sha256),
        kind=asked.kind,
        pages=document.pages,
        artefacts=tuple(_artefacts(document, site)),
        target=draft,
        max_pixels=site.reading_options().max_pixels,
        about=about(document, asked.mrn, site.settings.filing.metadata),
        parts=_beginnings(document, site),
        passwords=site.reading_options().passwords,
    )
    future = hands.pool.submit(write_task, order, timeout_s=site.settings.reading.write_timeout_s)
    try:
        return PdfFacts.decode(future.result())
    except PoolClosed:
        raise Stopped from None
    except (TaskTrouble, ValueError):
        return None


def _beginnings(document: Document, site: Site) -> tuple[int, ...]:
    """The pages with which the documents began that were joined to this one."""
    if len(document.parents) < 2:
        return ()
    held = set(document.pages)
    parents = [site.ledger.document(parent) for parent in document.parents]
    return tuple(sorted({parent.pages[0] for parent in parents if parent.pages and held >= set(parent.pages)}))


def _artefacts(document: Document, site: Site) -> Iterator[PageArtefact]:
    for row in site.ledger.pages_of(document.scan.id):
        if row.number in document.pages and row.artefact_sha256 is not None:
            page = load(row, site)
            if isinstance(page, PageArtefact):  # without what only evidence asks for: a stack has many pages
                yield replace(page, words=tuple(replace(word, characters=()) for word in page.words), second=())
