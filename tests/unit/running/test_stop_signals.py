"""Signals that arrive at any moment are heard, and nothing waits for itself."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType

import pytest

from ingest.intake.watching import FolderWatch
from ingest.running.stop_signals import heard
from tests.waiting import wait_until

_SIGNALS = 1_000
_HANGS_S = 180.0


def _under_fire() -> None:
    """The daemon's wait, with a signal at every step of it."""
    hints, stop = FolderWatch(Path()), threading.Event()

    def ask() -> None:
        stop.set()
        hints.wake()

    def shoot() -> None:
        for number in range(_SIGNALS):
            os.kill(os.getpid(), (signal.SIGTERM, signal.SIGINT)[number % 2])
            time.sleep(0)

    with heard(ask):
        shooting = threading.Thread(target=shoot)
        shooting.start()
        while shooting.is_alive():
            hints.wait(0.0)
            stop.clear()
        stop.clear()
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.wait(_HANGS_S)


def test_a_signal_in_the_middle_of_a_wait_does_not_hang() -> None:
    child = multiprocessing.get_context("spawn").Process(target=_under_fire)
    child.start()
    child.join(_HANGS_S)
    hung = child.is_alive()
    child.kill()
    child.join()
    assert not hung
    assert child.exitcode == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_each_is_heard_while_it_lasts_and_then_no_more(number: signal.Signals) -> None:
    asked: list[int] = []
    before = signal.getsignal(number)
    with heard(lambda: asked.append(1)):
        os.kill(os.getpid(), number)
        wait_until(lambda: bool(asked))
    assert signal.getsignal(number) is before
    assert signal.set_wakeup_fd(-1) == -1


def test_other_signals_ask_for_nothing() -> None:
    asked: list[int] = []
    before = signal.signal(signal.SIGUSR1, lambda *_: None)
    try:
        with heard(lambda: asked.append(1)):
            os.kill(os.getpid(), signal.SIGUSR1)
            os.kill(os.getpid(), signal.SIGTERM)
            wait_until(lambda: bool(asked))
        assert asked == [1]
    finally:
        signal.signal(signal.SIGUSR1, before)


@pytest.mark.parametrize("step", range(1, 16))
def test_a_signal_at_any_step_of_beginning_or_ending_is_lost_to_nobody(step: int) -> None:
    told: list[str] = []
    left = [step]

    def at_line(_frame: FrameType, event: str, _: object) -> object:
        left[0] -= event == "line"
        if event == "line" and left[0] == 0:
            os.kill(os.getpid(), signal.SIGTERM)
        return at_line

    code = heard.__wrapped__.__code__  # type: ignore[attr-defined]
    before = signal.signal(signal.SIGTERM, lambda *_: told.append("whoever heard it before"))
    traced = sys.gettrace()
    sys.settrace(lambda frame, *_: at_line if frame.f_code is code else None)
    try:
        with heard(lambda: told.append("heard")):
            pass
    finally:
        sys.settrace(traced)
        signal.signal(signal.SIGTERM, before)
    assert told or left[0] > 0
