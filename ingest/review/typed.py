"""What people type at either face of the desk, as values."""

from __future__ import annotations

from datetime import date

from ingest.errors import WrongUse


def typed_day(text: str | None) -> date | None:
    """A day as it is typed; None for nothing. Raises WrongUse."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        msg = "write the day as 2026-11-26"
        raise WrongUse(msg) from None
