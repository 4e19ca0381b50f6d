"""Log lines: to standard error, ids only, quiet unless a daemon writes them or INGEST_LOG asks for more."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import suppress
from io import TextIOBase
from typing import TextIO, cast

import structlog


class _EndsNothing(TextIOBase):
    """A log whose disk is full, or whose reader is gone, loses lines; whoever writes them goes on."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._file.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._file.flush()


def configure() -> None:
    """Sets what is written: warnings and above, or what INGEST_LOG names (debug, info, warning, error)."""
    set_level(os.environ.get("INGEST_LOG", "warning"))


def set_level(name: str) -> None:
    """Writes lines of this level and above; an unknown name counts as `warning`."""
    level = logging.getLevelNamesMapping().get(name.upper(), logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=cast("TextIO", _EndsNothing(sys.stderr))),
    )
