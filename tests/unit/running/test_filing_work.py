"""A filing that is interrupted, undone or overtaken leaves no PDF in a record that the ledger does not know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ingest.errors import LostLease
from ingest.ledger import Act, Job, JobKind
from ingest.model import Disposition, Document, DocumentState
from ingest.running.custody import verify_site
from ingest.running.pool import Limits, WorkerPool
from ingest.running.site import Site, create_site, open_site
from ingest.running.withdrawals import finish_withdrawals
from ingest.running.work import Hands, file_document
from matchers.decision import Candidate
from matchers.patient import Patient
from tests.contract.ledger_steps import HERE, THERE
from tests.fakes.taken import open_white_page

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ANN = Patient(mrn="0012", last_name="HOLLOWAY", first_name="MARGARET", birth_date=date(1951, 3, 14))


class Crash(BaseException):
    """What nobody catches: the process ends here."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    create_site(tmp_path / "site")
    with open_site(tmp_path / "site") as opened:
        opened.ledger.load_patients([ANN], now=NOW)
        yield opened


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    pool = WorkerPool(1, Limits(memory_bytes=2 << 30, file_bytes=64 << 20))
    yield pool
    pool.close(kill=True)


def accepted(site: Site) -> Document:
    """A one-page scan whose document a person has filed: its PDF is to be written."""
    job = open_white_page(site, NOW)
    candidate = Candidate(
        mrn=ANN.mrn,
        probability=0.9,
        weight_bits=20,
        fields=(),
        vetoes=(),
        prior_bits=-10,
        odds_bits=10,
        people=1,
        against_unknown_bits=10,
    )
    waiting = Disposition(pages=(1,), state=DocumentState.REVIEW, reasons=("look",), candidates=(candidate,))
    (document,) = site.ledger.conclude_reading(job, dispositions=(waiting,), now=NOW)
    return act(site, document, Act.ACCEPT)


def act(site: Site, document: Document, what: Act) -> Document:
    return site.ledger.decide_by_person(
        document_id=document.id,
        version=document.version,
        act=what,
        mrn=ANN.mrn if what is Act.ACCEPT else None,
        by="anna",
        acting_for=None,
        note=None,
        now=NOW,
    )


def claimed(site: Site, at: datetime = NOW, worker: object = HERE) -> Job:
    job = site.ledger.claim(worker=worker, kinds=(JobKind.FILE,), lease_s=60, now=at)
    assert job is not None
    return job


def hands(site: Site, pool: WorkerPool, *events: Callable[[], None]) -> Hands:
    """Hands whose n-th look at the clock lets the n-th event happen: first before the PDF is announced, then
    when it lies in the records, before the ledger hears of it."""
    coming = iter(events)

    def now() -> datetime:
        next(coming, lambda: None)()
        return NOW

    return Hands(site=site, pool=pool, now=now, stopping=lambda: False)


def records(site: Site) -> list[Path]:
    return sorted(site.paths.records.rglob("*.pdf"))


def quiet() -> None:
    """Nothing happens."""


def crash() -> None:
    raise Crash


def test_a_filing_undone_while_its_pdf_was_put_there_is_taken_out_again(site: Site, pool: WorkerPool) -> None:
    document = accepted(site)
    with pytest.raises(LostLease):
        file_document(claimed(site), hands(site, pool, quiet, lambda: void(act(site, document, Act.UNDO))))
    assert records(site) == []
    assert len(list(site.paths.withdrawn.iterdir())) == 1
    assert verify_site(site).problems == ()


def test_a_pdf_that_came_there_after_its_announcement_was_cleared_away_goes_too(site: Site, pool: WorkerPool) -> None:
    document = accepted(site)

    def undone_and_cleared() -> None:
        act(site, document, Act.UNDO)
        (lying,) = records(site)
        aside = lying.rename(site.home / "late.pdf")  # as if it had not come there yet
        finish_withdrawals(site, lambda: NOW)
        aside.rename(lying)

    with pytest.raises(LostLease):
        file_document(claimed(site), hands(site, pool, quiet, undone_and_cleared))
    assert records(site) == []
    assert verify_site(site).problems == ()


def test_a_crash_after_the_pdf_was_put_there_is_found_when_the_job_ends_otherwise(site: Site, pool: WorkerPool) -> None:
    document = accepted(site)
    with pytest.raises(Crash):
        file_document(claimed(site), hands(site, pool, quiet, crash))
    assert len(records(site)) == 1
    finish_withdrawals(site, lambda: NOW)
    assert len(records(site)) == 1  # its job lives, and may yet file it

    act(site, document, Act.UNDO)
    finish_withdrawals(site, lambda: NOW)
    assert records(site) == []
    assert verify_site(site).problems == ()


def test_a_job_that_is_done_again_after_a_crash_files_the_same_pdf(site: Site, pool: WorkerPool) -> None:
    accepted(site)
    with pytest.raises(Crash):
        file_document(claimed(site), hands(site, pool, quiet, crash))
    before = records(site)
    later = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    file_document(claimed(site, later, THERE), hands(site, pool))
    assert records(site) == before
    assert verify_site(site).problems == ()


def test_who_was_overtaken_does_not_take_away_what_the_other_filed(site: Site, pool: WorkerPool) -> None:
    accepted(site)
    slow = claimed(site)
    later = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)

    def overtaken() -> None:
        file_document(claimed(site, later, THERE), hands(site, pool))

    with pytest.raises(LostLease):
        file_document(slow, hands(site, pool, quiet, overtaken))
    assert len(records(site)) == 1
    assert verify_site(site).problems == ()


def test_a_path_is_never_used_twice(site: Site, pool: WorkerPool) -> None:
    document = accepted(site)
    file_document(claimed(site), hands(site, pool))
    (first,) = records(site)
    stale = site.ledger.renditions(document.id)
    document = act(site, site.ledger.document(document.id), Act.UNDO)
    finish_withdrawals(site, lambda: NOW)
    act(site, document, Act.ACCEPT)
    file_document(claimed(site), hands(site, pool))
    (second,) = records(site)
    assert second.name == f"{first.stem}~2.pdf"
    assert [row.rendition.path for row in stale] == [str(first.relative_to(site.home))]


def test_a_withdrawn_pdf_that_is_gone_holds_up_no_other(site: Site, pool: WorkerPool) -> None:
    document = accepted(site)
    file_document(claimed(site), hands(site, pool))
    (first,) = records(site)
    first.unlink()
    document = act(site, site.ledger.document(document.id), Act.UNDO)
    finish_withdrawals(site, lambda: NOW)
    act(site, document, Act.ACCEPT)
    file_document(claimed(site), hands(site, pool))
    assert len(records(site)) == 1
    assert [problem.kind for problem in verify_site(site).problems] == ["missing"]
    assert len(site.ledger.pending_withdrawals()) == 1


def void(_: object) -> None:
    """Forgets what an act returns."""
