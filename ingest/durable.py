"""The program's durable steps, by name: behind each the disk says something new, and a crash there leaves it so.

Promise: in use nobody listens, and `reached` does nothing. The tests of "whatever happens, nothing is lost" listen, and
end the process at each step in turn; a step that is made without its name here is one they do not try.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Step(StrEnum):
    """In the order of a scan's way."""

    SIDECAR_NOTED = "sidecar noted"
    REFUSAL_RECORDED = "refusal recorded"
    BYTES_COPIED = "bytes copied"  # under a passing name
    BYTES_NAMED = "bytes named"  # by their hash, the name not yet safe
    BYTES_KEPT = "bytes kept"
    TAKEN_IN = "taken in"
    PLACE_MADE = "place made for an original"  # whose own name is too long to be hidden
    ORIGINAL_SET_ASIDE = "original set aside"
    NAME_GIVEN_BACK = "name given back"  # to a file that was set aside and not the one
    ORIGINAL_REMOVED = "original removed"
    RELEASED = "released"
    CLAIMED = "claimed"
    OPENED = "opened"
    PAGE_RECORDED = "page recorded"
    READ = "read"
    PDF_WRITTEN = "PDF written"
    FILING_ANNOUNCED = "filing announced"
    PDF_LINKED = "PDF linked"  # it has both names
    PDF_PLACED = "PDF placed"
    FILED = "filed"
    FULL_TEXT_KEPT = "full text kept"
    REST_RECORDED = "rest of a page recorded"
    TEXT_READ = "text read"
    DECIDED_BY_PERSON = "decided by a person"
    CONCERNED_QUEUED = "documents that a change concerns queued"
    MATCHED_AGAIN = "matched again"
    WITHDRAWN_MOVED = "withdrawn PDF moved"
    WITHDRAWAL_RECORDED = "withdrawal recorded"


_listeners: list[Callable[[Step], None]] = []


def listen(listener: Callable[[Step], None]) -> None:
    """Calls `listener` at every step of this process from now on, in the thread that made it."""
    _listeners.append(listener)


def reached(step: Step) -> None:
    """The step is made."""
    for listener in _listeners:
        listener(step)
