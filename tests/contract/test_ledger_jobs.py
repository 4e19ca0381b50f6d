"""The contract of the ledger: jobs are claimed with a lease and finished under its fence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ingest.errors import LostLease
from ingest.ledger import Job, JobKind, Ledger
from ingest.model import DocumentState, PageFailure, PageTrouble, ScanKind
from tests.contract.ledger_steps import (
    HERE,
    LEASE_S,
    NOW,
    THERE,
    claim,
    later,
    opened,
    pdf,
    read,
    take,
    to_file,
    to_review,
)


def none_left(ledger: Ledger, at: float = 0) -> bool:
    return ledger.claim(worker=THERE, kinds=tuple(JobKind), lease_s=LEASE_S, now=later(at)) is None


def test_the_oldest_job_is_claimed_first_and_by_one_worker_only(ledger: Ledger) -> None:
    scans = [take(ledger, name) for name in ("a", "b")]

    first, second = claim(ledger), claim(ledger, worker=THERE)

    assert [first.subject, second.subject] == [scan.id for scan in scans]
    assert (first.kind, first.scan_id, first.attempt, first.worker) == (JobKind.READ, scans[0].id, 1, HERE)
    assert first.lease_until == later(LEASE_S)
    assert none_left(ledger)


def test_only_jobs_of_the_kinds_asked_for_are_claimed(ledger: Ledger) -> None:
    (document,) = read(ledger, to_file(1), name="a")
    take(ledger, "b")

    job = claim(ledger, JobKind.FILE)

    assert (job.kind, job.subject, job.scan_id) == (JobKind.FILE, document.id, document.scan.id)
    assert ledger.claim(worker=HERE, kinds=(JobKind.FILE,), lease_s=LEASE_S, now=NOW) is None


def test_one_subjects_job_can_be_asked_for(ledger: Ledger) -> None:
    scans = [take(ledger, name) for name in ("a", "b")]
    kinds = tuple(JobKind)

    job = ledger.claim(worker=HERE, kinds=kinds, lease_s=LEASE_S, now=NOW, subject=scans[1].id)

    assert job is not None
    assert job.subject == scans[1].id
    assert ledger.claim(worker=HERE, kinds=kinds, lease_s=LEASE_S, now=NOW, subject=scans[1].id) is None


def test_an_expired_lease_is_claimed_again_with_a_new_fence(ledger: Ledger) -> None:
    take(ledger)
    first = claim(ledger)

    assert none_left(ledger, LEASE_S - 1)
    second = claim(ledger, worker=THERE, at=later(LEASE_S))

    assert (second.number, second.attempt) == (first.number, 2)
    assert second.fence > first.fence


def test_a_lease_of_a_worker_known_to_be_dead_need_not_be_waited_out(ledger: Ledger) -> None:
    take(ledger)
    claim(ledger, worker=HERE)
    successor = replace(HERE, pid=101, started="6000")
    asked = []

    def dead(worker: object) -> bool:
        asked.append(worker)
        return True

    job = ledger.claim(worker=successor, kinds=(JobKind.READ,), lease_s=LEASE_S, now=later(1), dead=dead)

    assert job is not None
    assert job.attempt == 2
    assert asked == [HERE]


def test_nobody_asks_whether_workers_of_other_hosts_are_dead(ledger: Ledger) -> None:
    take(ledger)
    claim(ledger, worker=THERE)

    job = ledger.claim(worker=HERE, kinds=(JobKind.READ,), lease_s=LEASE_S, now=later(1), dead=lambda _: True)

    assert job is None


def test_only_the_dead_workers_leases_are_taken(ledger: Ledger) -> None:
    scans = [take(ledger, name) for name in ("a", "b")]
    living = replace(HERE, pid=101)
    claim(ledger, worker=living)
    claim(ledger, worker=HERE)
    kinds = (JobKind.READ,)

    job = ledger.claim(worker=living, kinds=kinds, lease_s=LEASE_S, now=later(1), dead=lambda who: who == HERE)

    assert job is not None
    assert job.subject == scans[1].id


def test_an_extended_lease_lasts_longer_under_the_same_fence(ledger: Ledger) -> None:
    take(ledger)
    job = claim(ledger)

    extended = ledger.extend(job, lease_s=LEASE_S, now=later(50))

    assert extended == replace(job, lease_until=later(50 + LEASE_S))
    assert none_left(ledger, LEASE_S + 1)


def test_a_job_that_was_put_back_waits_until_it_is_due(ledger: Ledger) -> None:
    take(ledger)
    job = claim(ledger)
    ledger.put_back(job, not_before=later(10), now=NOW)

    assert ledger.open_jobs() == 1
    assert none_left(ledger, 9)
    assert claim(ledger, at=later(10)).attempt == 2


def test_jobs_not_at_an_end_are_counted_by_scan_and_kind(ledger: Ledger) -> None:
    (document,) = read(ledger, to_file(1), name="a")
    waiting = take(ledger, "b")
    claim(ledger, JobKind.READ)

    assert ledger.open_jobs() == 2
    assert ledger.open_jobs(kinds=(JobKind.FILE,)) == 1
    assert ledger.open_jobs(scans=(waiting.id,)) == 1
    assert ledger.open_jobs(scans=(waiting.id, waiting.id, document.scan.id)) == 2
    assert ledger.open_jobs(scans=()) == 0
    assert ledger.open_jobs(scans=tuple(f"S{number:06d}" for number in range(1, 2000))) == 2


FAILURE = PageFailure(page=1, trouble=PageTrouble.CRASHED, detail="", has_picture=False)
FENCED: dict[str, Callable[[Ledger, Job], object]] = {
    "extend": lambda ledger, job: ledger.extend(job, lease_s=1, now=NOW),
    "put_back": lambda ledger, job: ledger.put_back(job, not_before=NOW, now=NOW),
    "record_opened": lambda ledger, job: ledger.record_opened(job, kind=ScanKind.TIFF, pages=2),
    "record_page": lambda ledger, job: ledger.record_page(job, page=1, artefact_sha256=None, failure=FAILURE, now=NOW),
    "conclude_reading": lambda ledger, job: ledger.conclude_reading(job, dispositions=(to_review(1),), now=NOW),
}


@pytest.mark.parametrize("act", FENCED)
def test_a_stale_fence_reads_nothing_into_the_ledger(ledger: Ledger, act: str) -> None:
    stale = opened(ledger)
    claim(ledger, worker=THERE, at=later(LEASE_S))
    before = snapshot(ledger)

    with pytest.raises(LostLease):
        FENCED[act](ledger, stale)

    assert snapshot(ledger) == before


FENCED_FILING: dict[str, Callable[[Ledger, Job], object]] = {
    "conclude_filing": lambda ledger, job: ledger.conclude_filing(job, rendition=pdf("records/x.pdf"), now=NOW),
    "filing_failed": lambda ledger, job: ledger.filing_failed(job, reason="disk", now=NOW),
    "filing_order": lambda ledger, job: ledger.filing_order(job),
}


@pytest.mark.parametrize("act", FENCED_FILING)
def test_a_stale_fence_files_nothing(ledger: Ledger, act: str) -> None:
    read(ledger, to_file(1))
    stale = claim(ledger, JobKind.FILE)
    claim(ledger, JobKind.FILE, worker=THERE, at=later(LEASE_S))
    before = snapshot(ledger)

    with pytest.raises(LostLease):
        FENCED_FILING[act](ledger, stale)

    assert snapshot(ledger) == before


def test_a_job_ends_once(ledger: Ledger) -> None:
    job = opened(ledger)
    ledger.conclude_reading(job, dispositions=(to_review(1),), now=NOW)

    with pytest.raises(LostLease):
        ledger.conclude_reading(job, dispositions=(to_review(1),), now=NOW)
    assert ledger.counts()[DocumentState.REVIEW] == 1


def test_a_job_of_one_kind_cannot_end_as_another(ledger: Ledger) -> None:
    job = opened(ledger)

    with pytest.raises(ValueError, match="cannot end"):
        ledger.conclude_filing(job, rendition=pdf("x"), now=NOW)


def snapshot(ledger: Ledger) -> tuple[object, ...]:
    """All that a worker's result could change."""
    return (
        tuple(ledger.documents(history=True)),
        tuple(ledger.scans()),
        ledger.pages_of("S000001"),
        ledger.all_renditions(),
        ledger.open_jobs(),
        ledger.audit_head(),
    )
