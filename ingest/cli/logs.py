"""Log lines: to standard error, ids only, quiet unless a daemon writes them or INGEST_LOG asks for more."""

from __future__ import annotations

import logging
import os
import sys

import structlog


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
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
