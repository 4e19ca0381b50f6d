"""Waiting in tests for what happens by itself."""

from __future__ import annotations

import time
from collections.abc import Callable


def wait_until(true: Callable[[], bool], timeout_s: float = 180.0, *, step_s: float = 0.1) -> None:
    """Returns once it is true; fails after a time that is far above what it takes: a bound on hanging."""
    deadline_s = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < deadline_s, "it did not happen in time"
        time.sleep(step_s)
