"""Signals that arrive at any moment are heard, and nothing waits for itself."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from pathlib import Path

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
