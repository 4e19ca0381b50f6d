"""How a site stands at a moment: what the desk's home page tells."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from ingest.ledger import JobKind, QueueLength
from ingest.model import DocumentState
from ingest.running.site import Site

_COUNTED_MOST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What was decided since midnight (UTC)."""

    unattended: int
    by_people: int
    to_review: int
    discarded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Queue, states, today, drop folder, workers, stop switch. `files` is None where the folder cannot be read."""

    queue: QueueLength
    states: Mapping[DocumentState, int]
    today: Today
    files: int | None
    taker_runs: bool
    to_read: int
    to_file: int
    pages_read: int
    pages_known: int
    mode: str
    stopped: bool


def standing_of(site: Site, *, now: datetime) -> Standing:
    """How the site stands now."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    acts = site.ledger.acts_since(midnight)
    filed = {act: count for (act, state), count in acts.items() if state is DocumentState.FILED}
    read, known = site.ledger.pages_in_work()
    return Standing(
        queue=site.ledger.queue_length(now=now),
        states=site.ledger.counts(),
        today=Today(
            unattended=filed.get("pipeline", 0),
            by_people=sum(count for act, count in filed.items() if act in ("accept", "assign", "refile", "copy")),
            to_review=acts.get(("pipeline", DocumentState.REVIEW), 0),
            discarded=acts.get(("discard", DocumentState.DISCARDED), 0),
        ),
        files=_files(site),
        taker_runs=_taker_runs(site),
        to_read=site.ledger.open_jobs(kinds=(JobKind.READ, JobKind.TEXT)),
        to_file=site.ledger.open_jobs(kinds=(JobKind.FILE,)),
        pages_read=read,
        pages_known=known,
        mode=site.settings.unattended.value,
        stopped=site.paths.stop_switch.exists(),
    )


def _files(site: Site) -> int | None:
    """How many files lie in the drop folder, at most so many as are worth counting."""
    try:
        found = (1 for _, _, files in os.walk(site.paths.inbox, onerror=_raise) for _ in files)
        return sum(islice(found, _COUNTED_MOST))
    except OSError:
        return None


def _raise(error: OSError) -> None:
    raise error


def _taker_runs(site: Site) -> bool:
    """Whether a process takes in the drop folder: whoever holds its lock. The lock is not taken, only asked for."""
    try:
        descriptor = os.open(site.paths.inbox, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False
