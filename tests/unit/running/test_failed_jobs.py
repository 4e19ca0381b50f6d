"""Whatever a job raises, the runner lives, tries again with growing pauses, and gives up to people in the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from ingest.errors import StorageTrouble
from ingest.ledger import Job, JobKind
from ingest.model import Disposition, DocumentState, Scan
from ingest.running.custody import verify_site
from ingest.running.failed_jobs import TRIES_MOST, retry_or_give_up
from ingest.running.pool import WorkerPool
from ingest.running.runner import Runner
from ingest.running.site import Site, create_site, open_site
from ingest.running.work import Hands
from tests.contract.ledger_steps import HERE
from tests.fakes.taken import open_white_page, take_white_page

NOW = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    create_site(tmp_path / "site")
    with open_site(tmp_path / "site") as opened:
        yield opened


@pytest.fixture
def hands(site: Site) -> Iterator[Hands]:
    pool = WorkerPool(1, site.limits())
    yield Hands(site=site, pool=pool, now=lambda: NOW, stopping=lambda: False)
    pool.close(kill=True)


def to_be_filed(site: Site) -> Scan:
    job = open_white_page(site, NOW)
    filed = Disposition(pages=(1,), state=DocumentState.FILED, mrn="0012", reasons=("All agrees.",))
    site.ledger.conclude_reading(job, dispositions=(filed,), now=NOW)
    return site.ledger.scan(job.scan_id)


def claimed(site: Site, kind: JobKind, at: datetime) -> Job:
    job = site.ledger.claim(worker=HERE, kinds=(kind,), lease_s=1, now=at)
    assert job is not None
    return job


def test_the_runner_lives_and_the_job_waits(site: Site) -> None:
    to_be_filed(site)
    engine = create_engine(site.paths.ledger_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE scans SET kind = 'nonsense'"))
    engine.dispose()
    with Runner(site, workers=1, kinds=(JobKind.FILE,)) as runner:
        runner.step()
        runner.wait(60)
        runner.step()
    assert site.ledger.open_jobs() == 1
    assert site.ledger.document("D000001").state is DocumentState.WORKING


@pytest.mark.parametrize("kind", [JobKind.READ, JobKind.FILE])
def test_pauses_grow_and_the_last_failure_brings_it_to_people(site: Site, hands: Hands, kind: JobKind) -> None:
    scan = take_white_page(site, NOW) if kind is JobKind.READ else to_be_filed(site)
    at, pauses_s = NOW, (0.5, 2.0, 8.0, 32.0)
    for attempt in range(1, TRIES_MOST + 1):
        job = claimed(site, kind, at)
        assert job.attempt == attempt
        retry_or_give_up(job, hands, ValueError("a patient's name"))
        if attempt < TRIES_MOST:
            at = NOW + timedelta(seconds=pauses_s[attempt - 1])
            early = at - timedelta(seconds=0.1)
            assert site.ledger.claim(worker=HERE, kinds=(kind,), lease_s=1, now=early) is None
    (document,) = site.ledger.documents(scan=scan.id)
    assert document.state is (DocumentState.QUARANTINED if kind is JobKind.READ else DocumentState.REVIEW)
    assert "5 times" in document.reasons[0]
    assert site.ledger.open_jobs() == 0
    assert [problem for problem in verify_site(site).problems if problem.kind != "pages"] == []


def test_bytes_that_are_gone_cost_their_scan_alone_and_an_empty_spool_stops_everything(site: Site) -> None:
    lost, there = (take_white_page(site, NOW, name=name) for name in ("lost.png", "there.png"))
    site.spool.path(lost.sha256).unlink()
    with Runner(site, workers=1) as runner:
        runner.drain(lambda: runner.idle and not site.ledger.open_jobs(), pause_s=0.05)
    (gone,) = site.ledger.documents(scan=lost.id)
    assert gone.state is DocumentState.QUARANTINED
    assert "ingest verify" in gone.reasons[0]
    (read,) = site.ledger.documents(scan=there.id)
    assert read.state is DocumentState.BLANK

    more = take_white_page(site, NOW, name="more.png")
    site.paths.spool.rename(site.home / "unmounted")
    site.paths.spool.mkdir()
    with Runner(site, workers=1) as runner, pytest.raises(StorageTrouble, match="spool"):
        runner.drain(lambda: runner.idle and not site.ledger.open_jobs(), pause_s=0.05)
    site.paths.spool.rmdir()
    (site.home / "unmounted").rename(site.paths.spool)
    with Runner(site, workers=1) as runner:  # the job was put back at once: no lease is waited out
        runner.drain(lambda: runner.idle and not site.ledger.open_jobs(), pause_s=0.05)
    (again,) = site.ledger.documents(scan=more.id)
    assert again.state is DocumentState.BLANK
