"""Jobs inside a transaction: opened, held by a fence, ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from ingest.errors import LostLease
from ingest.ledger.counters import Counter, take_number
from ingest.ledger.records import Job, JobKind, JobState
from ingest.ledger.schema import jobs

LIVE = (JobState.OPEN, JobState.LEASED)


class Held(NamedTuple):
    """What a held job is about, as numbers."""

    scan: int
    document: int | None


def open_job(connection: Connection, kind: JobKind, *, scan: int, document: int | None, now: datetime) -> None:
    """A new job that any worker may claim at once."""
    connection.execute(
        insert(jobs).values(
            number=take_number(connection, Counter.JOB),
            kind=kind,
            scan=scan,
            document=document,
            state=JobState.OPEN,
            not_before=now,
            attempt=0,
            fence=0,
            created_at=now,
        )
    )


def hold(connection: Connection, job: Job, kind: JobKind | None = None) -> Held:
    """Makes sure that the job is still leased to its holder, until the transaction ends.

    Raises LostLease when the lease went to another or the job is at an end, ValueError for another kind.
    """
    if kind is not None and job.kind is not kind:
        msg = f"a {job.kind} job cannot end as a {kind} job"
        raise ValueError(msg)
    row = connection.execute(
        select(jobs.c.scan, jobs.c.document)
        .where(jobs.c.number == job.number, jobs.c.fence == job.fence, jobs.c.state == JobState.LEASED)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise lost(job)
    return Held(scan=row.scan, document=row.document)


def lost(job: Job) -> LostLease:
    """The failure of a worker whose lease is gone."""
    return LostLease(f"the lease of job {job.number} ({job.subject}) went to another; this result is thrown away")


def end(connection: Connection, job: Job, now: datetime) -> None:
    """The job is done; call `hold` before."""
    connection.execute(
        update(jobs).where(jobs.c.number == job.number).values(state=JobState.DONE, finished_at=now, **UNLEASED)
    )


def cancel_filing(connection: Connection, document: int, now: datetime) -> None:
    """Takes the document's FILE job back, also from a worker that has it: its fence no longer holds."""
    connection.execute(
        update(jobs)
        .where(
            jobs.c.document == document,
            jobs.c.kind == JobKind.FILE,
            jobs.c.state.in_(LIVE),
        )
        .values(state=JobState.CANCELLED, fence=jobs.c.fence + 1, finished_at=now, **UNLEASED)
    )


UNLEASED: dict[str, Any] = {
    "lease_until": None,
    "worker_host": None,
    "worker_boot_id": None,
    "worker_pid": None,
    "worker_started": None,
}
