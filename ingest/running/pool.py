"""Disposable worker processes: hostile bytes are parsed there, never in the program itself.

Promises: a task runs in a process of its own slot with limits on wall time, CPU time, memory, open files and
what it writes and answers; a task that hangs, crashes or takes more costs its own process and nothing else, and
the slot starts a new one. Workers inherit no file descriptor and no lock, and die with their parent.

A task is a module-level function of picklable values that returns bytes; a worker's answer is bytes
too (never a pickle: a worker that was taken over cannot reach into the parent).
"""

from __future__ import annotations

import itertools
import os
import pickle
import queue
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from ingest.drafts import draft_name
from ingest.errors import MissingPart
from ingest.running.giving_way import give_way

_TASKS_PER_PROCESS = 200  # then a fresh one: native libraries leak
_BEGUN_BEFORE = 10  # tasks: the fresh one begins beside the last of them, for that takes a second or two
_START_S = 60.0
_LOOK_S = 0.5  # so often at the temporary files of a task at work


class TaskTrouble(Exception):
    """A task did not give its result; the message holds no patient data."""


class TaskTimedOut(TaskTrouble):
    """It was still running at its deadline, and was killed."""


class TaskCrashed(TaskTrouble):
    """Its process died: a crash in native code, or a limit."""


class TaskFailed(TaskTrouble):
    """It raised; the message is the exception's class."""


class PoolClosed(TaskTrouble):
    """The pool was closed before the task was finished: it says nothing about the task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one worker process, and each process that it starts, may use; `cpu_s` for one task (0: its wall time).

    `file_bytes` bounds each file that they write. Temporary files, theirs and those of the programs that they start, go
    into a folder of their own below `scratch` and leave with them, and all together are bounded in the same way;
    without it they go where the system puts such files. `answer_bytes` bounds what a task answers.
    """

    memory_bytes: int
    file_bytes: int
    cpu_s: int = 0
    open_files: int = 256
    answer_bytes: int = 256 << 20  # a page of words is far below a megabyte
    scratch: Path | None = None
    niceness: int = 0  # 1 to 19: whoever waits for an answer goes first


@dataclass(frozen=True, slots=True)
class _Order:
    task: Callable[..., bytes]
    arguments: tuple[object, ...]
    timeout_s: float
    result: Future[bytes]


_Line = queue.PriorityQueue[tuple[bool, int, _Order | None]]  # whether it can wait, its number: who comes first


class WorkerPool:
    """A fixed number of supervised slots, each with one worker process at work, and late in its life its successor.

    `submit` never blocks; results and `TaskTrouble` arrive in the future, which can be cancelled until its task begins.
    `close` waits for tasks that run and ends those that wait with PoolClosed; `close(kill=True)` does not wait.
    """

    def __init__(self, workers: int, limits: Limits) -> None:
        self.workers = workers
        self._numbers = itertools.count()
        self._orders: _Line = queue.PriorityQueue()
        self._closing = threading.Event()
        self._gate = threading.Lock()  # no order comes behind the closing: nobody would answer it
        self._slots = tuple(_Slot(self._orders, self._closing, limits) for _ in range(workers))
        for slot in self._slots:
            slot.start()

    def submit(
        self, task: Callable[..., bytes], *arguments: object, timeout_s: float, can_wait: bool = False
    ) -> Future[bytes]:
        """Runs `task(*arguments)` in a worker, killed `timeout_s` after it began; those that can wait come last."""
        order = _Order(task, arguments, timeout_s, Future())
        with self._gate:
            closed = self._closing.is_set()
            if not closed:
                self._orders.put((can_wait, next(self._numbers), order))
        if closed:
            order.result.set_exception(PoolClosed("the pool is closed"))
        return order.result

    def close(self, *, kill: bool = False) -> None:
        """Ends every worker; idempotent."""
        with self._gate:
            self._closing.set()
        for _ in self._slots:
            self._orders.put((True, next(self._numbers), None))
        for slot in self._slots:
            if kill:
                slot.kill()
            slot.join()
        with suppress(queue.Empty):
            while True:
                _, _, order = self._orders.get_nowait()
                if order is not None and order.result.set_running_or_notify_cancel():
                    order.result.set_exception(PoolClosed("the pool was closed"))


class _Slot(threading.Thread):
    """One supervisor: hands orders to its process, one at a time, and replaces a process that died.

    The thread lives as long as the pool; a worker is killed by the kernel when the thread that made
    it ends, so no worker outlives its supervisor.
    """

    def __init__(self, orders: _Line, closing: threading.Event, limits: Limits) -> None:
        super().__init__(name="worker-slot", daemon=True)
        self._orders = orders
        self._closing = closing
        self._limits = limits
        self._worker: _Worker | None = None
        self._successor: _Worker | None = None
        self._killed = False

    def run(self) -> None:
        try:
            while (order := self._orders.get()[2]) is not None:
                if not order.result.set_running_or_notify_cancel():
                    continue
                if self._closing.is_set():
                    order.result.set_exception(PoolClosed("the pool was closed"))
                else:
                    self._carry_out(order)
        finally:
            self._replace()
            self._replace()  # the successor, too

    def kill(self) -> None:
        """Ends the process in the middle of its task, which then counts as never begun."""
        self._killed = True
        for worker in (self._worker, self._successor):
            if worker is not None:
                worker.kill()

    def _carry_out(self, order: _Order) -> None:
        try:
            order.result.set_result(self._worker_for_next().run(order))
        except (TaskFailed, MissingPart) as trouble:
            order.result.set_exception(trouble)
        except Exception as trouble:  # whatever happened, the process is not to be trusted any more
            self._replace()
            order.result.set_exception(self._known(trouble))

    def _worker_for_next(self) -> _Worker:
        if self._worker is not None and self._worker.tasks_done >= _TASKS_PER_PROCESS:
            self._replace()
        if self._worker is None:
            self._worker = _Worker(self._limits)
        elif self._successor is None and self._worker.tasks_done >= _TASKS_PER_PROCESS - _BEGUN_BEFORE:
            with suppress(Exception):  # tried again with the next task; this one has a sound worker
                self._successor = _Worker(self._limits)
        if self._killed:
            raise PoolClosed("the pool was closed")
        return self._worker

    def _known(self, trouble: Exception) -> TaskTrouble:
        if self._killed:
            return PoolClosed("the pool was closed")
        return trouble if isinstance(trouble, TaskTrouble) else TaskCrashed(type(trouble).__name__)

    def _replace(self) -> None:
        if self._worker is not None:
            self._worker.kill()
            self._worker.wait()
        self._worker, self._successor = self._successor, None


class _Worker:
    """One process and the connection to it; it begins at once, and is waited for with its first task."""

    def __init__(self, limits: Limits) -> None:
        environment = os.environ | {"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1"}
        self._scratch = limits.scratch and limits.scratch / draft_name("work")
        if self._scratch is not None:
            self._scratch.mkdir(mode=0o700)
            environment["TMPDIR"] = str(self._scratch)
        with ExitStack() as of_a_failure:
            of_a_failure.callback(self._remove_scratch)
            ours, theirs = socket.socketpair()
            of_a_failure.enter_context(ours)
            with theirs:
                self._process = _begin(theirs, limits, environment)
            of_a_failure.pop_all()
        if limits.niceness:
            give_way(self._process.pid, limits.niceness)
        self._connection = Connection(ours.detach())
        self._limits = limits
        self.tasks_done = 0
        self._ready = False

    def run(self, order: _Order) -> bytes:
        self._await_start()
        try:
            self._connection.send_bytes(pickle.dumps((order.task, order.arguments, order.timeout_s)))
            self._await_answer(order.timeout_s)
            answer = self._receive()
        except OSError:
            raise TaskCrashed(self._how_it_died()) from None
        self.tasks_done += 1
        status, body = answer[:1], answer[1:]
        match status:
            case b"+":
                return body
            case b"m":
                raise MissingPart(body.decode("utf-8", "replace"))
            case _:
                raise TaskFailed(body.decode("utf-8", "replace")[:200])

    def _await_start(self) -> None:
        if not self._ready and (not self._connection.poll(_START_S) or self._receive() != b"ready"):
            raise TaskCrashed("a worker process did not start")
        self._ready = True

    def _await_answer(self, timeout_s: float) -> None:
        """Returns when there is one, or the process died. Raises TaskTimedOut, TaskCrashed."""
        until = time.monotonic() + timeout_s
        while not self._connection.poll(max(0.0, min(_LOOK_S, until - time.monotonic()))):
            if time.monotonic() >= until:
                raise TaskTimedOut(f"no result after {timeout_s:g} s")
            if self._scratch is not None and _size_of(self._scratch) > self._limits.file_bytes:
                raise TaskCrashed("its temporary files took more room than they may")

    def _receive(self) -> bytes:
        try:
            return self._connection.recv_bytes(self._limits.answer_bytes)
        except EOFError:
            raise TaskCrashed(self._how_it_died()) from None
        except OSError as error:
            if error.errno is None:
                raise TaskCrashed("its answer is longer than it may be") from None
            raise

    def _how_it_died(self) -> str:
        try:
            status = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return "the worker process closed its connection"
        if status < 0:
            return f"the worker process was ended by {signal.Signals(-status).name}"
        return f"the worker process ended with status {status}"

    def kill(self) -> None:
        """Kills the process and what it started; harmless when it is dead."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def wait(self) -> None:
        """Reaps the process and closes the connection."""
        self._process.wait()
        self._connection.close()
        self._remove_scratch()

    def _remove_scratch(self) -> None:
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)


def _size_of(folder: Path) -> int:
    """The bytes on disk of all that is below it; what goes meanwhile takes none."""
    size = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                size += 512 * Path(parent, name).lstat().st_blocks
    return size


def _begin(connection: socket.socket, limits: Limits, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [
            sys.executable,
            "-m",
            "ingest.running.worker",
            str(connection.fileno()),
            str(os.getpid()),
            str(limits.memory_bytes),
            str(limits.file_bytes),
            str(limits.cpu_s),
            str(limits.open_files),
        ],
        pass_fds=(connection.fileno(),),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=None if os.environ.get("INGEST_DEBUG_WORKERS") else subprocess.DEVNULL,
        env=environment,
        process_group=0,
    )
