"""The contract of the ledger: many processes and threads at once, and processes that are killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ingest.ledger import JobKind, Ledger, WorkerId
from ingest.model import ScanKind
from tests.contract.ledger_steps import HERE, NOW, claim, later, patient, take, to_review

JOBS = 30
_spawn = multiprocessing.get_context("spawn")


def work_until_empty(url: str, number: int, out: Path) -> None:
    """One worker process: claims and concludes until nothing is left; writes down what it had."""
    worker = WorkerId(host="ward-7", boot_id="boot-1", pid=number, started="1")
    had = []
    with Ledger.open(url) as ledger:
        while job := ledger.claim(worker=worker, kinds=(JobKind.READ,), lease_s=600, now=NOW):
            had.append(f"{job.subject} {job.attempt}")
            ledger.record_opened(job, kind=ScanKind.PDF, pages=1)
            ledger.conclude_reading(job, dispositions=(to_review(1),), now=NOW)
    out.write_text("\n".join(had))


def test_processes_that_claim_at_once_never_get_the_same_job(ledger: Ledger, ledger_url: str, tmp_path: Path) -> None:
    for number in range(JOBS):
        take(ledger, f"{number}.pdf")
    files = [tmp_path / f"{number}.txt" for number in range(3)]
    workers = [
        _spawn.Process(target=work_until_empty, args=(ledger_url, number, file)) for number, file in enumerate(files)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    had = [line for file in files for line in file.read_text().splitlines()]
    assert sorted(had) == sorted(f"S{number:06d} 1" for number in range(1, JOBS + 1))
    assert ledger.open_jobs() == 0
    assert ledger.check_audit() == ()
    assert ledger.check_pages() == ()


def test_threads_that_claim_at_once_never_get_the_same_job(ledger: Ledger) -> None:
    for number in range(JOBS):
        take(ledger, f"{number}.pdf")

    def one(_: int) -> str:
        return claim(ledger).subject

    with ThreadPoolExecutor(6) as threads:
        had = list(threads.map(one, range(JOBS)))

    assert sorted(had) == [f"S{number:06d}" for number in range(1, JOBS + 1)]


def die_in_the_middle(url: str) -> None:
    """Claims a job and is killed inside the transaction that would conclude it."""
    with Ledger.open(url) as ledger:
        job = claim(ledger)
        ledger.record_opened(job, kind=ScanKind.PDF, pages=1)
        with ledger._database.write() as connection:
            connection.exec_driver_sql("UPDATE documents SET state = 'review'")
            connection.exec_driver_sql("UPDATE counters SET value = value + 7")
            os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_killed_inside_a_transaction_leaves_nothing_of_it(ledger: Ledger, ledger_url: str) -> None:
    take(ledger)
    victim = _spawn.Process(target=die_in_the_middle, args=(ledger_url,))
    victim.start()
    victim.join(60)
    assert victim.exitcode == -signal.SIGKILL

    successor = WorkerId(host=HERE.host, boot_id=HERE.boot_id, pid=101, started="2")
    job = ledger.claim(worker=successor, kinds=(JobKind.READ,), lease_s=60, now=later(1), dead=lambda _: True)

    assert job is not None
    assert job.attempt == 2
    (document,) = ledger.conclude_reading(job, dispositions=(to_review(1),), now=NOW)
    assert document.id == "D000001"
    assert take(ledger, "b.pdf").id == "S000002"
    assert ledger.check_audit() == ()


def test_the_same_file_taken_in_by_two_at_once_is_one_scan(ledger: Ledger) -> None:
    with ThreadPoolExecutor(4) as threads:
        scans = set(threads.map(lambda _: take(ledger).id, range(12)))

    assert scans == {"S000001"}
    assert len(list(ledger.scans())) == 1


def test_changes_of_patients_are_numbered_without_gaps_when_loads_meet(ledger: Ledger) -> None:
    def load(number: int) -> None:
        rows = [patient(f"{number}-{row}") for row in range(40)] + [patient("shared", city=f"Town {number}")]
        ledger.load_patients(rows, now=NOW)
        ledger.note(action="loaded", actor="anna", subject="site", details=None, now=NOW)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(load, range(8)))

    with ledger._database.read() as connection:
        numbers = list(connection.exec_driver_sql("SELECT seq FROM patient_changes ORDER BY seq").scalars())
    assert numbers == list(range(1, 8 * 41 + 1))
    assert ledger.patient_generation() == 8 * 41
    assert ledger.patient_count() == 8 * 40 + 1
    assert ledger.check_audit() == ()


def test_a_generation_that_was_seen_holds_every_change_up_to_it(ledger: Ledger) -> None:
    """Numbers are in the order of commits: who saw number n has seen all before it, also under load."""
    seen: list[tuple[int, int]] = []

    def look(_: int) -> None:
        with ledger._database.read() as connection:
            last = connection.exec_driver_sql("SELECT max(seq) FROM patient_changes").scalar() or 0
            count = connection.exec_driver_sql("SELECT count(*) FROM patient_changes").scalar() or 0
        seen.append((last, count))

    with ThreadPoolExecutor(4) as threads:
        for number in range(6):
            threads.submit(ledger.load_patients, [patient(f"{number}-{row}") for row in range(20)], now=NOW)
            list(threads.map(look, range(5)))

    assert all(last == count for last, count in seen)
    assert ledger.patient_generation() == 6 * 20
