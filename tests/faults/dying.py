"""Processes that live a site's day and die in it: by SIGKILL, at a durable step that is named or at any instant.

They are forked from a server that has everything imported, so that each begins at once, alone and without threads.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from ingest import durable, logs
from ingest.durable import Step
from tests.faults import story

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.faults.dying"])
WAIT_S = 120.0  # a bound on hanging, no measure of speed


def live(home: Path) -> None:
    """The day to its end. Raises when it does not get there."""
    process = begin(home)
    process.join(WAIT_S)
    if process.exitcode != 0:
        process.kill()
        msg = f"the day did not end well: {process.exitcode}"
        raise AssertionError(msg)


def begin(home: Path) -> BaseProcess:
    """The day, begun in a process that may be killed at any instant."""
    process = _CONTEXT.Process(target=_live, args=(home,), daemon=True)
    process.start()
    return process


def begin_and_tell(home: Path) -> tuple[BaseProcess, Connection]:
    """The same; something comes through the connection when it has claimed its first job."""
    told, tell = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=_live_and_tell_of_claims, args=(home, tell), daemon=True)
    process.start()
    tell.close()
    return process, told


def steps_of(home: Path) -> tuple[Step, ...]:
    """Lives the day to its end; every step of it in turn."""
    told, tell = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=_live_and_tell, args=(home, tell), daemon=True)
    process.start()
    tell.close()
    try:
        return tuple(Step(name) for name in told.recv())
    finally:
        process.join(WAIT_S)


def die_at(home: Path, step: Step, time: int) -> bool:
    """Lives the day until it makes `step` for the `time`-th time, and dies there; whether it came to that."""
    process = _CONTEXT.Process(target=_live_until, args=(home, step, time), daemon=True)
    process.start()
    process.join(WAIT_S)
    if process.exitcode not in (0, -signal.SIGKILL):
        process.kill()
        msg = f"the day ended with {process.exitcode}"
        raise AssertionError(msg)
    return process.exitcode != 0


def _live(home: Path) -> None:
    os.umask(0o022)  # what a daemon may be started with
    logs.set_level("error")
    story.go_on(home)


def _live_and_tell_of_claims(home: Path, tell: Connection) -> None:
    told = threading.Event()

    def claimed(step: Step) -> None:
        if step is Step.CLAIMED and not told.is_set():
            told.set()
            tell.send(step.value)

    durable.listen(claimed)
    _live(home)


def _live_and_tell(home: Path, tell: Connection) -> None:
    steps: list[str] = []
    durable.listen(lambda step: steps.append(step.value))
    _live(home)
    tell.send(steps)


def _live_until(home: Path, step: Step, time: int) -> None:
    counting = threading.Lock()
    left = [time]

    def count(made: Step) -> None:
        if made is step:
            with counting:
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

    durable.listen(count)
    _live(home)
