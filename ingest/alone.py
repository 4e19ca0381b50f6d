"""One at a time in a folder, among all processes and threads that ask for it by `alone`."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

_log = structlog.get_logger()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Waits until nobody else is within; where the file system has no locks, goes on. Raises OSError for no folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError:
            _log.debug("a folder cannot be locked")
        yield
    finally:
        os.close(descriptor)
