"""Lessons parted by time: the older ones teach, the newer ones try what was learned.

Promises: whatever teaches was told before everything that tries; no scan teaches and tries, since its documents look
alike and are often decided together. Shuffled parts would flatter: forms and houses come in waves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, Protocol, TypeVar

OLDER_SHARE: Final = 0.7


class Lesson(Protocol):
    """What is asked of a lesson here."""

    @property
    def scan_id(self) -> str:
        """The scan that its document is of."""
        ...

    @property
    def told_at(self) -> datetime:
        """When a person said it."""
        ...


L = TypeVar("L", bound=Lesson)


@dataclass(frozen=True, slots=True)
class Split(Generic[L]):
    """`older` was told before `cut`, `newer` from then on."""

    older: tuple[L, ...]
    newer: tuple[L, ...]
    cut: datetime | None


def by_time(lessons: Sequence[L], *, older_share: float = OLDER_SHARE) -> Split[L]:
    """About `older_share` of the lessons before the cut, fewer where many were told at one time."""
    if not lessons:
        return Split((), (), None)
    ordered = sorted(lessons, key=lambda one: one.told_at)
    cut = ordered[min(len(ordered) - 1, round(len(ordered) * older_share))].told_at
    older = tuple(one for one in ordered if one.told_at < cut)
    scans = {one.scan_id for one in older}
    newer = tuple(one for one in ordered if one.told_at >= cut and one.scan_id not in scans)
    return Split(older, newer, cut)
