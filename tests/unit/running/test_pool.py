"""The worker pool: what goes wrong in a worker stays in that worker."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from pathlib import Path
from types import FrameType
from typing import IO

import pytest

from ingest.errors import MissingPart
from ingest.running.pool import Limits, PoolClosed, TaskCrashed, TaskFailed, TaskTimedOut, WorkerPool
from tests.fakes import tasks

LIMITS = Limits(memory_bytes=2 << 30, file_bytes=8 << 20)


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    pool = WorkerPool(1, LIMITS)
    yield pool
    pool.close(kill=True)


def test_a_task_returns_its_bytes(pool: WorkerPool) -> None:
    assert pool.submit(tasks.echo, "page", timeout_s=30).result() == b"page"


def test_the_same_process_serves_many_tasks(pool: WorkerPool) -> None:
    first = pool.submit(tasks.process_id, timeout_s=30).result()
    assert first == pool.submit(tasks.process_id, timeout_s=30).result()
    assert int(first) != os.getpid()


def test_a_task_that_hangs_is_killed_and_the_slot_goes_on(pool: WorkerPool) -> None:
    with pytest.raises(TaskTimedOut):
        pool.submit(tasks.hang, timeout_s=0.5).result()
    assert pool.submit(tasks.echo, "next", timeout_s=30).result() == b"next"


def test_a_crash_in_native_code_costs_one_process(pool: WorkerPool) -> None:
    before = pool.submit(tasks.process_id, timeout_s=30).result()
    with pytest.raises(TaskCrashed, match="SIGSEGV"):
        pool.submit(tasks.crash, timeout_s=30).result()
    assert pool.submit(tasks.process_id, timeout_s=30).result() != before


def test_memory_is_limited(pool: WorkerPool) -> None:
    with pytest.raises(TaskFailed, match="MemoryError"):
        pool.submit(tasks.eat_memory, timeout_s=30).result()
    assert pool.submit(tasks.echo, "next", timeout_s=30).result() == b"next"


def test_processor_time_is_limited_for_each_task_anew() -> None:
    pool = WorkerPool(1, Limits(memory_bytes=2 << 30, file_bytes=8 << 20, cpu_s=2))
    try:
        for _ in range(3):  # one of them alone is within its limit, all together are not
            assert pool.submit(tasks.spin, 0.9, timeout_s=60).result() == b"spun"
        with pytest.raises(TaskCrashed, match="SIGXCPU"):
            pool.submit(tasks.spin, 3600.0, timeout_s=60).result()
        assert pool.submit(tasks.echo, "next", timeout_s=30).result() == b"next"
    finally:
        pool.close(kill=True)


def test_the_size_of_written_files_is_limited(pool: WorkerPool, tmp_path: Path) -> None:
    with pytest.raises((TaskFailed, TaskCrashed)):
        pool.submit(tasks.write_much, str(tmp_path / "out"), timeout_s=30).result()
    assert (tmp_path / "out").stat().st_size <= LIMITS.file_bytes


def test_temporary_files_are_limited_all_together(tmp_path: Path) -> None:
    pool = WorkerPool(1, Limits(memory_bytes=2 << 30, file_bytes=8 << 20, scratch=tmp_path))
    try:
        with pytest.raises(TaskCrashed, match="temporary files"):
            pool.submit(tasks.write_files_to_no_end, timeout_s=60).result()
        assert pool.submit(tasks.echo, "next", timeout_s=30).result() == b"next"
    finally:
        pool.close(kill=True)
    assert list(tmp_path.iterdir()) == []


def test_open_files_and_answers_are_limited() -> None:
    pool = WorkerPool(1, Limits(memory_bytes=2 << 30, file_bytes=8 << 20, open_files=64, answer_bytes=1000))
    try:
        with pytest.raises(TaskFailed, match="OSError"):
            pool.submit(tasks.open_to_no_end, timeout_s=60).result()
        assert pool.submit(tasks.echo, "n" * 999, timeout_s=30).result() == b"n" * 999
        with pytest.raises(TaskCrashed, match="answer"):
            pool.submit(tasks.echo, "n" * 1000, timeout_s=30).result()
        assert pool.submit(tasks.echo, "next", timeout_s=30).result() == b"next"
    finally:
        pool.close(kill=True)


def test_an_exception_tells_its_class_and_not_its_message(pool: WorkerPool) -> None:
    with pytest.raises(TaskFailed) as trouble:
        pool.submit(tasks.fail, "ZZYZX, CANARY", timeout_s=30).result()
    assert "ValueError" in str(trouble.value)
    assert "CANARY" not in str(trouble.value)


def test_a_missing_part_of_the_installation_is_the_systems_failure(pool: WorkerPool) -> None:
    with pytest.raises(MissingPart, match="ingest doctor"):
        pool.submit(tasks.miss_a_part, timeout_s=30).result()


def test_a_worker_inherits_no_open_file_of_its_parent(pool: WorkerPool, tmp_path: Path) -> None:
    held = (tmp_path / "ledger").open("w")
    try:
        assert str(tmp_path) not in pool.submit(tasks.open_files, timeout_s=30).result().decode()
    finally:
        held.close()


def test_closing_cancels_what_waits() -> None:
    pool = WorkerPool(1, LIMITS)
    running = pool.submit(tasks.hang, timeout_s=60)
    waiting = pool.submit(tasks.echo, "late", timeout_s=60)
    time.sleep(0.3)
    pool.close(kill=True)
    for future in (running, waiting):
        with pytest.raises(PoolClosed):
            future.result(timeout=5)
    with pytest.raises(PoolClosed):
        pool.submit(tasks.echo, "later", timeout_s=1).result()


def test_a_process_that_did_its_share_has_its_successor_at_hand(pool: WorkerPool) -> None:
    served = {}  # by process, how many there were while it had its last task
    for _ in range(450):
        process = pool.submit(tasks.process_id, timeout_s=30).result()
        served[process] = len(_workers())
    assert list(served.values()) == [2, 2, 1]
    pool.close()
    assert _workers() == []


def test_a_successor_that_cannot_begin_costs_no_task_of_the_sound_one(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    pool = WorkerPool(1, Limits(memory_bytes=2 << 30, file_bytes=8 << 20, scratch=scratch))
    try:
        first = pool.submit(tasks.process_id, timeout_s=30).result()
        for _ in range(188):
            pool.submit(tasks.process_id, timeout_s=30).result()
        (draft,) = scratch.iterdir()
        draft.rename(tmp_path / draft.name)
        scratch.rmdir()  # where no successor can have its folder
        served = [pool.submit(tasks.process_id, timeout_s=30).result() for _ in range(6)]
        assert served == [first] * 6
        assert len(_workers()) == 1
        scratch.mkdir()
        (tmp_path / draft.name).rename(draft)
        served = [pool.submit(tasks.process_id, timeout_s=30).result() for _ in range(6)]
        assert first in served
        assert served[-1] != first
    finally:
        pool.close(kill=True)
    assert list(scratch.iterdir()) == []


def test_a_worker_that_cannot_begin_leaves_nothing_behind(tmp_path: Path) -> None:
    pool = WorkerPool(1, Limits(memory_bytes=2 << 30, file_bytes=8 << 20, scratch=tmp_path))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        with pytest.raises(TaskCrashed):
            pool.submit(tasks.crash, timeout_s=30).result()
        before = _open_files()
        with ExitStack() as taken:
            taken.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(before) + 8, hard))
            held: list[IO[str]] = []
            with suppress(OSError):
                while True:
                    held.append(taken.enter_context(Path(os.devnull).open()))
            for file in held[:3]:  # enough for the connection, not for the process
                file.close()
            with pytest.raises(TaskCrashed, match="OSError"):
                pool.submit(tasks.echo, "none", timeout_s=30).result()
        assert _open_files() == before
        assert list(tmp_path.iterdir()) == []
        assert pool.submit(tasks.echo, "next", timeout_s=30).result() == b"next"
    finally:
        pool.close(kill=True)


def test_a_pool_that_gives_way_is_nicer_and_leaves_one_processor_alone() -> None:
    processors = len(os.sched_getaffinity(0))
    pool = WorkerPool(1, Limits(memory_bytes=2 << 30, file_bytes=8 << 20, niceness=12))
    try:
        nice, on = map(int, pool.submit(tasks.standing, timeout_s=30).result().split())
    finally:
        pool.close(kill=True)
    assert (nice, on) == (12, max(1, processors - 1))


def test_what_can_wait_gives_way_to_what_cannot(tmp_path: Path) -> None:
    pool = WorkerPool(1, LIMITS)
    log = tmp_path / "order"
    try:
        pool.submit(tasks.wait_for, str(tmp_path / "go"), timeout_s=60)
        for name, can_wait in (("a", True), ("b", True), ("c", False), ("d", False)):
            pool.submit(tasks.write_down, str(log), name, timeout_s=60, can_wait=can_wait)
        last = pool.submit(tasks.write_down, str(log), "e", timeout_s=60, can_wait=True)
        (tmp_path / "go").touch()
        last.result(timeout=60)
    finally:
        pool.close()
    assert log.read_text() == "cdabe"


def test_a_task_that_is_cancelled_before_it_begins_is_never_run(tmp_path: Path) -> None:
    pool = WorkerPool(1, LIMITS)
    log = tmp_path / "order"
    try:
        pool.submit(tasks.wait_for, str(tmp_path / "go"), timeout_s=60)
        cancelled = pool.submit(tasks.write_down, str(log), "a", timeout_s=60)
        last = pool.submit(tasks.write_down, str(log), "b", timeout_s=60)
        assert cancelled.cancel()
        (tmp_path / "go").touch()
        last.result(timeout=60)
        assert not last.cancel()
    finally:
        pool.close()
    assert log.read_text() == "b"


def _open_files() -> list[int]:
    return sorted(int(path.name) for path in Path("/proc/self/fd").iterdir())


def _workers() -> list[int]:
    """The worker processes of this one."""
    ours = []
    for entry in filter(lambda one: one.name.isdigit(), Path("/proc").iterdir()):
        with suppress(OSError):
            told = (entry / "cmdline").read_bytes().split(b"\0")
            if b"ingest.running.worker" in told and str(os.getpid()).encode() in told:
                ours.append(int(entry.name))
    return ours


_PARENT = """
from ingest.running.pool import Limits, WorkerPool
from tests.fakes import tasks
pool = WorkerPool(1, Limits(memory_bytes=2 << 30, file_bytes=1 << 20))
print(pool.submit(tasks.process_id, timeout_s=30).result().decode(), flush=True)
pool.submit(tasks.hang, timeout_s=3600).result()
"""


def test_workers_die_with_their_parent() -> None:
    parent = subprocess.Popen([sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and _lives(worker):
        time.sleep(0.05)
    assert not _lives(worker)


def _lives(pid: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


@pytest.mark.parametrize("step", range(1, 12))
def test_a_pool_that_is_closed_at_any_step_of_a_submission_leaves_nobody_waiting(step: int) -> None:
    pool, there, on = WorkerPool(1, LIMITS), threading.Event(), threading.Event()
    futures: list[Future[bytes]] = []

    def count(left: list[int]) -> Callable[[FrameType, str, object], object]:
        def at_line(frame: FrameType, event: str, _: object) -> object:
            left[0] -= event == "line"
            if left[0] == 0:
                there.set()
                on.wait(30)
            return at_line

        return lambda frame, *_: at_line if frame.f_code is WorkerPool.submit.__code__ else None

    def submit() -> None:
        sys.settrace(count([step]))
        futures.append(pool.submit(tasks.echo, "late", timeout_s=30))
        sys.settrace(None)
        there.set()  # it has fewer steps

    submitting = threading.Thread(target=submit)
    closing = threading.Thread(target=pool.close, kwargs={"kill": True})
    submitting.start()
    assert there.wait(30)
    closing.start()
    closing.join(0.3)  # it may have to wait for the submission
    on.set()
    submitting.join(30)
    closing.join(30)
    assert isinstance(futures[0].exception(timeout=3), PoolClosed) or futures[0].result() == b"late"
