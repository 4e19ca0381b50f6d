"""The queue: jobs are claimed with a lease and finished under its fence.

Promises: no two workers hold one job; what a worker does after its lease went to another writes nothing
(LostLease); a job whose worker died is claimed again, at once on the same host, else when the lease ends.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, and_, bindparam, false, func, or_, select, update

from ingest.ledger.counters import document_id, document_number, scan_id, scan_number
from ingest.ledger.job_rows import LIVE, UNLEASED, lost
from ingest.ledger.part import LedgerPart
from ingest.ledger.records import Job, JobKind, JobState, WorkerId
from ingest.ledger.schema import jobs, pages, scans

_CHUNK = 500


def never_dead(_worker: WorkerId) -> bool:
    """Nothing is known of other workers: their leases are waited out."""
    return False


class Jobs(LedgerPart):
    """Claiming, keeping and giving back."""

    def claim(
        self,
        *,
        worker: WorkerId,
        kinds: tuple[JobKind, ...],
        lease_s: float,
        now: datetime,
        dead: Callable[[WorkerId], bool] = never_dead,
        subject: str | None = None,
    ) -> Job | None:
        """Leases the oldest claimable job to `worker` until `now + lease_s`; None when there is none.

        Claimable: open and due; leased and expired; leased by a worker of the same host that `dead` knows
        to be dead. A TEXT job is only while no READ or FILE job is at work or waits: whose paper it is comes
        first. `subject` (a document's id for FILE, a scan's for READ and TEXT) asks for that one's job only.
        """
        gone = self._gone(worker.host, kinds, now, dead)
        oldest = (
            select(jobs)
            .where(jobs.c.kind.in_(kinds), _claimable(now, gone), _about(subject), _its_turn())
            .order_by(jobs.c.number)
            .limit(1)
        )
        with self._database.read() as connection:  # whoever looks in vain keeps no writer waiting
            if connection.execute(oldest).one_or_none() is None:
                return None
        with self._database.write(alone=False) as connection:
            row = connection.execute(oldest.with_for_update(skip_locked=True)).one_or_none()
            if row is None:
                return None
            until = now + timedelta(seconds=lease_s)
            connection.execute(
                update(jobs)
                .where(jobs.c.number == row.number)
                .values(
                    state=JobState.LEASED,
                    attempt=jobs.c.attempt + 1,
                    fence=jobs.c.fence + 1,
                    lease_until=until,
                    worker_host=worker.host,
                    worker_boot_id=worker.boot_id,
                    worker_pid=worker.pid,
                    worker_started=worker.started,
                )
            )
        return Job(
            number=row.number,
            kind=JobKind(row.kind),
            subject=scan_id(row.scan) if row.document is None else document_id(row.document),
            scan_id=scan_id(row.scan),
            attempt=row.attempt + 1,
            fence=row.fence + 1,
            worker=worker,
            lease_until=until,
        )

    def extend(self, job: Job, *, lease_s: float, now: datetime) -> Job:
        """The job with a lease until `now + lease_s`. Raises LostLease."""
        until = now + timedelta(seconds=lease_s)
        with self._database.write(alone=False) as connection:
            _change(connection, job, lease_until=until)
        return Job(
            number=job.number,
            kind=job.kind,
            subject=job.subject,
            scan_id=job.scan_id,
            attempt=job.attempt,
            fence=job.fence,
            worker=job.worker,
            lease_until=until,
        )

    def put_back(self, job: Job, *, not_before: datetime, now: datetime) -> None:  # noqa: ARG002 - the port's
        """Opens the job again, to be claimed from `not_before` on. Raises LostLease."""
        with self._database.write(alone=False) as connection:
            _change(connection, job, state=JobState.OPEN, not_before=not_before, **UNLEASED)

    def open_jobs(self, *, scans: tuple[str, ...] | None = None, kinds: tuple[JobKind, ...] = tuple(JobKind)) -> int:
        """How many jobs of these kinds are not at an end, of all scans or of these."""
        query = select(func.count()).select_from(jobs).where(jobs.c.state.in_(LIVE), jobs.c.kind.in_(kinds))
        with self._database.read() as connection:
            if scans is None:
                return int(connection.execute(query).scalar_one())
            numbers = sorted({scan_number(scan) for scan in scans})
            return sum(
                int(connection.execute(query.where(jobs.c.scan.in_(numbers[at : at + _CHUNK]))).scalar_one())
                for at in range(0, len(numbers), _CHUNK)
            )

    def pages_in_work(self) -> tuple[int, int]:
        """Of the scans that are being read: how many pages are done, and how many they have, as far as known."""
        reading = select(jobs.c.scan).where(jobs.c.state.in_(LIVE), jobs.c.kind == JobKind.READ)
        done = select(func.count()).select_from(pages).where(pages.c.scan.in_(reading))
        known = select(func.coalesce(func.sum(scans.c.page_count), 0)).where(scans.c.number.in_(reading))
        with self._database.read() as connection:
            return int(connection.execute(done).scalar_one()), int(connection.execute(known).scalar_one())

    def _gone(
        self, host: str, kinds: tuple[JobKind, ...], now: datetime, dead: Callable[[WorkerId], bool]
    ) -> list[WorkerId]:
        """The workers of `host` that hold a lease and are dead; asked outside of any transaction."""
        columns = (jobs.c.worker_host, jobs.c.worker_boot_id, jobs.c.worker_pid, jobs.c.worker_started)
        query = (
            select(*columns)
            .where(
                jobs.c.state == JobState.LEASED,
                jobs.c.worker_host == host,
                jobs.c.kind.in_(kinds),
                jobs.c.lease_until > now,
            )
            .distinct()
        )
        with self._database.read() as connection:
            holders = [_worker(row) for row in connection.execute(query)]
        return [holder for holder in holders if dead(holder)]


def _worker(row: Any) -> WorkerId:
    return WorkerId(host=row.worker_host, boot_id=row.worker_boot_id, pid=row.worker_pid, started=row.worker_started)


def _claimable(now: datetime, gone: list[WorkerId]) -> ColumnElement[bool]:
    held_by_gone = [
        and_(
            jobs.c.worker_host == worker.host,
            jobs.c.worker_boot_id == worker.boot_id,
            jobs.c.worker_pid == worker.pid,
            jobs.c.worker_started == worker.started,
        )
        for worker in gone
    ]
    return or_(
        and_(jobs.c.state == JobState.OPEN, jobs.c.not_before <= now),
        and_(jobs.c.state == JobState.LEASED, or_(jobs.c.lease_until <= now, false(), *held_by_gone)),
    )


def _its_turn() -> ColumnElement[bool]:
    others = jobs.alias("others")
    live: BindParameter[tuple[JobState, ...]] = bindparam(
        "live", LIVE, expanding=True, literal_execute=True
    )  # so that the index of live jobs serves
    waiting = select(others.c.number).where(others.c.state.in_(live), others.c.kind != JobKind.TEXT).exists()
    return or_(jobs.c.kind != JobKind.TEXT, ~waiting)


def _about(subject: str | None) -> ColumnElement[bool]:
    if subject is None:
        return jobs.c.number.is_not(None)
    if subject.startswith("D"):
        return jobs.c.document == document_number(subject)
    return and_(jobs.c.scan == scan_number(subject), jobs.c.document.is_(None))


def _change(connection: Connection, job: Job, **values: Any) -> None:
    """Changes the job's row if the fence still holds."""
    changed = connection.execute(
        update(jobs)
        .where(jobs.c.number == job.number, jobs.c.fence == job.fence, jobs.c.state == JobState.LEASED)
        .values(**values)
    )
    if changed.rowcount != 1:
        raise lost(job)
