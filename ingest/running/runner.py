"""Claims jobs and works them until there is nothing left to do, or until told to stop.

Beside the jobs, documents that changes of patients concern are matched again (`rematching`).

Promises: a job is held by a lease that is renewed while it is worked; when this process dies the job is
claimed by another; a document's failure never stops the runner, a system's failure stops it with nothing
lost. Threads only wait for worker processes and the ledger; pages are read by the pool.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime

import structlog

from ingest.durable import Step, reached
from ingest.errors import CannotRunNow, LostLease, MissingPart, PaperchartError
from ingest.ledger import Job, JobKind
from ingest.running.failed_jobs import retry_or_give_up
from ingest.running.finding import try_to_keep_in_step
from ingest.running.identity import is_dead, this_worker
from ingest.running.outcomes import Stopped
from ingest.running.pool import WorkerPool
from ingest.running.rematching import RematchBeside
from ingest.running.site import Site
from ingest.running.text import read_text
from ingest.running.withdrawals import finish_withdrawals
from ingest.running.work import Hands, file_document, read_scan

_LEASE_S = 60.0
_log = structlog.get_logger()


def utc_now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


class Runner:
    """Works the ledger's jobs of one site with a pool of its own. Use it as a context manager."""

    def __init__(
        self, site: Site, *, workers: int, kinds: tuple[JobKind, ...] = tuple(JobKind), niceness: int = 0
    ) -> None:
        self._site = site
        self._kinds = kinds
        self._stop = threading.Event()
        self._pool = WorkerPool(workers, replace(site.limits(), niceness=niceness))
        # two more than workers: while one job waits for the ledger, its worker reads for another
        self._threads = ThreadPoolExecutor(max_workers=workers + 3, thread_name_prefix="job")
        self._capacity = workers + 2
        self._hands = Hands(site=site, pool=self._pool, now=utc_now, stopping=self._stop.is_set)
        # for those who work everything: the desk's own runner files, and no more
        everything = set(kinds) == set(JobKind)
        self._rematching = RematchBeside(site, now=utc_now, stopping=self._stop.is_set) if everything else None
        self._held: dict[Future[None], Job] = {}
        self._worker = this_worker()
        self.left: list[Job] = []  # jobs that ended in a system's failure: still leased, if the ledger was the trouble
        self._changed = threading.Event()

    def __enter__(self) -> Runner:
        with ExitStack() as of_a_failure:
            of_a_failure.push(self)
            self.finish_withdrawals()
            of_a_failure.pop_all()
        return self

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        self._stop.set()
        self._pool.close(kill=failure is not None)
        self._threads.shutdown(wait=True)
        self._collect(raising=False)

    def give_back(self, jobs: Iterable[Job]) -> None:
        """Opens what a runner of before had `left`, so that nobody waits for its leases to run out."""
        for job in jobs:
            with suppress(LostLease):
                self._site.ledger.put_back(job, not_before=utc_now(), now=utc_now())

    def stop(self) -> None:
        """Asks for an end: pages in hand are finished and recorded, everything else stays for the next run."""
        self._stop.set()
        self._changed.set()

    @property
    def idle(self) -> bool:
        """True when this process holds no job and matches nothing again."""
        return not self._held and not (self._rematching is not None and self._rematching.busy)

    def step(self) -> int:
        """Claims what there is room for, renews leases, collects what ended; the number of jobs that ended.

        Raises the system's failure of any job (the job itself is open again, or its lease runs out).
        """
        ended = self._collect(raising=True)
        while len(self._held) < self._capacity and not self._stop.is_set():
            job = self._site.ledger.claim(
                worker=self._worker, kinds=self._kinds, lease_s=_LEASE_S, now=utc_now(), dead=is_dead
            )
            if job is None:
                break
            reached(Step.CLAIMED)
            _log.debug("claimed", job=job.number, kind=job.kind.value, subject=job.subject)
            future = self._threads.submit(self._work, job)
            self._held[future] = job
            future.add_done_callback(lambda _: self._changed.set())
        self._renew()
        if self._rematching is not None:
            self._rematching.turn(self._threads, self._changed.set)
        return ended

    def wait(self, timeout_s: float) -> None:
        """Returns when a job ends, or after `timeout_s`."""
        self._changed.wait(timeout_s)
        self._changed.clear()

    def drain(self, done: Callable[[], bool], *, pause_s: float = 0.2) -> None:
        """Steps until `done()`, or until stopped."""
        while not done() and not self._stop.is_set():
            if self.step() == 0:
                self.wait(pause_s)

    def finish_withdrawals(self) -> None:
        """Moves the files of withdrawn renditions out of the records: the second half of an undo."""
        finish_withdrawals(self._site, utc_now)

    def _work(self, job: Job) -> None:
        log = _log.bind(job=job.number, kind=job.kind.value, subject=job.subject)
        try:
            match job.kind:
                case JobKind.READ:
                    read_scan(job, self._hands)
                case JobKind.FILE:
                    file_document(job, self._hands)
                    self._keep_text()
                case JobKind.TEXT:
                    read_text(job, self._hands)
                    self._keep_text()
        except LostLease:
            log.warning("lease lost; another worker has the job")
        except (CannotRunNow, MissingPart):  # nobody's fault: it is there at once when the trouble is over
            with suppress(PaperchartError):
                self._site.ledger.put_back(job, not_before=utc_now(), now=utc_now())
            raise
        except Stopped:
            self._site.ledger.put_back(job, not_before=utc_now(), now=utc_now())
            log.info("put back")
        except Exception as error:
            self._try_again(job, error)
        else:
            log.info("done")

    def _try_again(self, job: Job, error: Exception) -> None:
        try:
            retry_or_give_up(job, self._hands, error)
        except LostLease:
            _log.warning("lease lost; another worker has the job", job=job.number)

    def _keep_text(self) -> None:
        if (error := try_to_keep_in_step(self._site)) is not None:
            _log.warning("the full text waits for the next search", code=error.code)
        else:
            reached(Step.FULL_TEXT_KEPT)

    def _collect(self, *, raising: bool) -> int:
        ended = [future for future in self._held if future.done()]
        for future in ended:
            job = self._held.pop(future)
            if future.exception() is not None:
                self.left.append(job)
        for future in ended:
            if raising:
                future.result()
        return len(ended)

    def _renew(self) -> None:
        now = utc_now()
        for future, job in list(self._held.items()):
            if (job.lease_until - now).total_seconds() < _LEASE_S / 2 and not future.done():
                try:
                    self._held[future] = self._site.ledger.extend(job, lease_s=_LEASE_S, now=now)
                except LostLease:
                    _log.warning("lease lost", job=job.number)


def settle_filing(site: Site) -> None:
    """Files at once whatever people have accepted: what the desk calls behind each decision."""
    with Runner(site, workers=1, kinds=(JobKind.FILE,)) as runner:
        runner.drain(lambda: runner.idle and not site.ledger.open_jobs(kinds=(JobKind.FILE,)), pause_s=0.02)
