"""The failure folder: outside, for whoever scans, what was quarantined inside, each with a note that says why.

Promises: it follows the ledger, whatever happened before: a copy that is missing is made, one whose scan was retried
or discarded goes, a file that somebody else put there is never touched. Its own trouble stops nothing: it is said
once, and tried again. One process at a time writes it.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Sequence
from pathlib import Path

import structlog

from ingest.alone import alone
from ingest.errors import NotFound
from ingest.intake.spool import digest_of
from ingest.model import Document, DocumentState, Scan
from ingest.running import failure_files as files
from ingest.running.failure_notes import is_malware, note_of
from ingest.running.site import Site

_log = structlog.get_logger()
_TURN_S = 0.5
_PAUSE_S = 2.0
_PAUSE_IN_TROUBLE_S = 60.0


class FailureFolder:
    """The failure folder of one site; does nothing where none is set."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._root = site.paths.failure_folder
        self._due: dict[str, None] = {}  # scans to look at
        self._known: dict[str, str] | None = None  # quarantined documents and their scans, as mirrored
        self._notes: dict[str, Path] = {}  # of each scan that is mirrored
        self._not_before_s = 0.0
        self._said = False

    def turn(self) -> None:
        """A part of `keep_in_step`, now and then: the runner has its turn soon."""
        if self._root is not None and time.monotonic() >= self._not_before_s:
            self._try(self._root, _TURN_S)

    def keep_in_step(self) -> bool:
        """Puts there what is quarantined, takes away what no longer is. False when it could not be done."""
        return self._root is None or self._try(self._root, math.inf)

    def _try(self, root: Path, most_s: float) -> bool:
        until = time.monotonic() + most_s
        pause_s = _PAUSE_S
        try:
            root.mkdir(mode=0o700, exist_ok=True)
            with alone(root):
                self._collect(root)
                while self._due and time.monotonic() < until:
                    self._settle(next(iter(self._due)), root)
            self._said = False
            if self._due:
                pause_s = 0.0
        except OSError as error:
            self._known, pause_s = None, _PAUSE_IN_TROUBLE_S
            if not self._said:
                _log.warning("the failure folder cannot be used; it is tried again", why=error.strerror)
            self._said = True
        self._not_before_s = time.monotonic() + pause_s
        return not self._said

    def _collect(self, root: Path) -> None:
        """Which scans there may be something to do about: all at first, then those with which something happened."""
        now = dict(self._site.ledger.quarantined())
        if self._known is None:
            files.remove_drafts(root)
            self._notes = self._find_notes(root)
            self._due = dict.fromkeys((*now.values(), *self._notes))
        else:
            changed = now.keys() ^ self._known.keys()
            self._due.update(dict.fromkeys(sorted(now.get(one) or self._known[one] for one in changed)))
        self._known = now

    def _settle(self, scan_id: str, root: Path) -> None:
        stuck = self._site.ledger.documents(scan=scan_id, state=DocumentState.QUARANTINED)
        documents = [document for document in stuck if document.scan.id == scan_id]  # a file may be named like an id
        if documents:
            self._put(documents[0].scan, documents, root)
        elif (note := self._notes.pop(scan_id, None)) is not None:
            self._remove(self._site.ledger.scan(scan_id), note, root)
        del self._due[scan_id]

    def _find_notes(self, root: Path) -> dict[str, Path]:
        """This site's notes; of two about one scan, as two processes might leave them, the second goes."""
        found: dict[str, Path] = {}
        for note in files.notes_below(root):
            if (scan := self._scan_of(note)) is None:
                continue
            if scan.id in found:
                self._remove(scan, note, root)
            else:
                found[scan.id] = note
        return found

    def _scan_of(self, note: Path) -> Scan | None:
        told = files.read_note(note)
        if told is None:
            return None
        try:
            scan = self._site.ledger.scan(told.scan_id)
        except NotFound:
            return None
        return scan if told.is_of(scan) else None

    def _put(self, scan: Scan, documents: Sequence[Document], root: Path) -> None:
        source = self._site.spool.path(scan.sha256) if scan.sha256 else None
        wanted = source is not None and source.is_file() and not is_malware(documents)
        text = note_of(scan, documents, copied=wanted).encode()
        note = self._notes.get(scan.id)
        if note is not None and not note.exists():
            note = None
        while True:
            note = note or self._place_note(scan, text, root)
            self._notes[scan.id] = note
            copy = files.copy_beside(note)
            if not wanted or source is None or _is_copy(copy, scan):
                break
            if files.place(files.chunks_of(source), copy, root):
                break
            files.remove(note, root)  # somebody put another file there meanwhile
            note = None
        if note.read_bytes() != text:
            files.rewrite(note, text, root)

    def _place_note(self, scan: Scan, text: bytes, root: Path) -> Path:
        for name in files.names_for(scan, root):
            note = name.with_name(f"{name.name}{files.NOTE}")
            told = files.read_note(note)
            if told is not None and told.is_of(scan):
                return note
            if not os.path.lexists(name) and files.place((text,), note, root):
                return note
        raise AssertionError  # the names have no end

    def _remove(self, scan: Scan, note: Path, root: Path) -> None:
        copy = files.copy_beside(note)
        if scan.sha256 and _is_copy(copy, scan) and digest_of(copy) == scan.sha256:
            files.remove(copy, root)
        files.remove(note, root)


def _is_copy(copy: Path, scan: Scan) -> bool:
    """Copies are placed whole, so their size tells them from a file of another's."""
    return copy.is_file() and not copy.is_symlink() and copy.stat().st_size == scan.size
