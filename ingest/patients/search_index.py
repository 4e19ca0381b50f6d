"""The patient index of a site, kept in step with the ledger's patients.

Promises: what `current` gives holds every change committed before the call. A segment is replaced by an
atomic rename; a build that is broken off leaves the former one. A damaged segment is never answered from:
it is built again from the ledger, which is the truth.
"""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Final

from ingest.errors import CannotRunNow, StorageTrouble
from ingest.ledger import Ledger
from ingest.patients.plain_rows import plain_rows
from matchers import PatientIndex, SegmentDamaged, build_index
from matchers.index.segment import remove_segment

MOST_OVERLAID: Final = 20_000
"""More changes than this are not laid over a segment: a new one is built before the next answer."""
REBUILT_FROM: Final = 2_000
"""From so many changes on a long-lived process has a new segment built beside its work."""
_NAME: Final = "patients-"
_TRIES: Final = 5


class SearchIndex:
    """One process's view of the site's index. Safe to share between threads; close it."""

    def __init__(
        self,
        ledger: Ledger,
        ledger_url: str,
        folder: Path,
        *,
        most_overlaid: int = MOST_OVERLAID,
        rebuilt_from: int = REBUILT_FROM,
    ) -> None:
        self._most_overlaid, self._rebuilt_from = most_overlaid, rebuilt_from
        self._ledger = ledger
        self._url = ledger_url
        self._folder = folder
        self._index: PatientIndex | None = None
        self._lock = threading.Lock()
        self._builder: SpawnProcess | None = None

    def close(self) -> None:
        """Ends a build in the background, if there is one; idempotent."""
        with self._lock:
            if self._builder is not None and self._builder.is_alive():
                self._builder.terminate()
                self._builder.join()
            self._builder = None

    def current(self, *, rebuild: bool = False) -> PatientIndex:
        """The index at the ledger's present generation.

        Builds a segment first where there is none, or where too many patients changed since the newest.
        `rebuild` lets a new segment be built in the background when many changes lie over this one. Raises
        StorageTrouble.
        """
        with self._lock:
            with _storage():
                index = self._index = self._brought_up_to_date()
            if rebuild and index.overlaid >= self._rebuilt_from:
                self._build_beside()
            return index

    def build(self) -> PatientIndex:
        """Builds a segment of the ledger's present patients, whatever there is, and opens it. Raises StorageTrouble."""
        with self._lock, _storage():
            with _alone(self._folder):
                self._index = PatientIndex.open(build_segment(self._ledger, self._folder))
            self._index = self._brought_up_to_date()
            return self._index

    def _brought_up_to_date(self) -> PatientIndex:
        index = self._newest()
        if index is None or self._too_old(index):
            with _alone(self._folder):
                index = self._newest()  # another process may have been at it
                if index is None or self._too_old(index):
                    index = PatientIndex.open(build_segment(self._ledger, self._folder))
        if index.generation >= self._ledger.patient_generation():
            return index
        generation, changed = self._ledger.patients_changed(since=index.generation)
        return index.with_changes(changed, generation=generation)

    def _too_old(self, index: PatientIndex) -> bool:
        if index.generation >= self._ledger.patient_generation():
            return False
        return self._ledger.patients_changed_count(since=index.built_generation) > self._most_overlaid

    def _newest(self) -> PatientIndex | None:
        """The index in hand, or the newest segment when that was built later. None without any sound one."""
        for _ in range(_TRIES):
            newest = max(_segments(self._folder), default=None)
            if newest is None:
                return self._index
            if self._index is not None and generation_of(newest) <= self._index.built_generation:
                return self._index
            try:
                return PatientIndex.open(newest)
            except SegmentDamaged:
                remove_segment(newest)
            except FileNotFoundError:
                continue  # replaced meanwhile by a newer one
        return self._index

    def _build_beside(self) -> None:
        if self._builder is None or not self._builder.is_alive():
            context = multiprocessing.get_context("spawn")
            self._builder = context.Process(target=build_beside, args=(self._url, self._folder), daemon=True)
            self._builder.start()


def build_beside(ledger_url: str, folder: Path) -> None:
    """Builds a segment in a process of its own, unless another process is at it already.

    A trouble is left to who needs the index and builds it then: it says nothing and leaves the former segment.
    """
    os.nice(10)
    with (
        suppress(OSError, CannotRunNow),
        closing(Ledger.open(ledger_url, create=False)) as ledger,
        _alone(folder, wait=False),
    ):
        build_segment(ledger, folder)


def build_segment(ledger: Ledger, folder: Path) -> Path:
    """Builds a segment of the ledger's patients and takes older ones away. Only under the folder's lock."""
    for left in folder.glob(".index-*"):
        left.unlink(missing_ok=True)
    generation = ledger.patient_generation()  # read before the patients: later changes are laid over again
    segment = folder / f"{_NAME}{generation:012d}"
    with plain_rows():
        build_index(ledger.patients(), segment, generation=generation)
    for older in _segments(folder):
        if older.name < segment.name:
            remove_segment(older)
    return segment


def generation_of(segment: Path) -> int:
    """The generation in a segment's name."""
    return int(segment.name.removeprefix(_NAME))


def _segments(folder: Path) -> Iterator[Path]:
    return (path for path in folder.glob(f"{_NAME}*") if path.name.removeprefix(_NAME).isdigit())


@contextmanager
def _storage() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        msg = f"the folder of the patient index cannot be used: {error.strerror}"
        raise StorageTrouble(msg) from None


@contextmanager
def _alone(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """One builder at a time among all processes of the site. Raises BlockingIOError when not waiting."""
    descriptor = os.open(folder / ".building", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(descriptor)
