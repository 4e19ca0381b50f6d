"""Takes one settled file into safe keeping, in an order that a crash at any instant cannot break:

copy to the spool under its hash, file and folder on disk → ledger row → original out of the drop folder, on disk too
→ released.

After a crash before the ledger row the file still lies there and is taken again (the spool copy is the
same). After a crash behind it the ledger knows the file by its intake key, and it only leaves the folder. Released it
is known no longer: so a power cut must not bring it back then.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from ingest.durable import Step, reached
from ingest.intake.rescan import Oddity, Seen, as_text, see
from ingest.intake.settle import is_being_written, open_for_reading
from ingest.intake.sidecar import is_sidecar, read_sidecar
from ingest.intake.spool import SourceTrouble, Spool
from ingest.ledger import Ledger, Sidecar
from ingest.ledger.intake import appearance_of
from ingest.model import FileRefused, FileTrouble, IntakeKey, Scan


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSettled:
    """The file changed or was open for writing while it was copied: look again later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vanished:
    """Somebody took it away before we did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """It was a sidecar: what it says is with its batch."""

    batch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """It gives an error. One that may pass, of the disk or the share: try again, and report it when it does not."""

    reason: str
    may_pass: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """It is taken in, and cannot be removed from the drop folder: its folder is read-only, say."""

    scan: Scan
    reason: str


TakeOutcome = Scan | Announced | NotSettled | Vanished | Unreadable | Stays

_GONE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)  # ELOOP: a link stands in its place by now
_IN_USE = (errno.EAGAIN, errno.EBUSY, errno.ETXTBSY)  # EAGAIN: a file server has leased it to a client
_OURS = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)


def take(
    seen: Seen,
    *,
    root: Path,
    spool: Spool,
    ledger: Ledger,
    now: datetime,
    drop: bool,
    unreleased: Sequence[IntakeKey] = (),
) -> TakeOutcome:
    """Takes `seen` in. `drop=True` removes the original behind the commit, and whoever calls has the removal on disk
    before the scan is released (`sync_removals`, `Ledger.release_all`); else it stays where it is. `unreleased` are
    the keys of scans whose originals may lie here.

    Raises OSError when the *spool* cannot be written (disk full): nothing is recorded, the file stays.
    """
    try:
        descriptor = open_for_reading(seen.path)
    except OSError as error:
        return _unopened(error)
    try:
        if drop and is_being_written(descriptor):
            return NotSettled()
        kept = spool.keep(descriptor)
        key = intake_key(seen, kept.sha256)
        if not _same_file(descriptor, seen):
            return NotSettled()
        if is_sidecar(seen.path.name) and (sidecar := _sidecar_in(spool.path(kept.sha256))) is not None:
            batch = ledger.note_sidecar(origin=seen.origin, appearance=appearance_of(key), sidecar=sidecar, now=now)
            reached(Step.SIDECAR_NOTED)
            if drop:
                _remove(descriptor, seen, key, root)
            return Announced(batch=batch)
        if not drop and (known := ledger.taken_before(path=key.path, sha256=key.sha256)):
            return known
        scan = ledger.take_in(
            key=_as_known(key, unreleased), source=seen.source, origin=seen.origin, now=now, drop=drop
        )
        reached(Step.TAKEN_IN)
        if drop and (reason := _remove(descriptor, seen, key, root)) is not None:
            return Stays(scan=scan, reason=reason)
        return scan
    except SourceTrouble as error:
        return Unreadable(reason=_cannot_be_read(error))
    finally:
        os.close(descriptor)


def _as_known(key: IntakeKey, unreleased: Sequence[IntakeKey]) -> IntakeKey:
    """The key under which the ledger knows this file: a share that was mounted anew has another device number."""
    return next((known for known in unreleased if replace(known, device=key.device) == key), key)


def _unopened(error: OSError) -> TakeOutcome:
    """What it means that a file cannot be opened. Raises the error when it is this process's own trouble."""
    if error.errno in _GONE:
        return Vanished()
    if error.errno in _IN_USE:
        return NotSettled()
    if error.errno in _OURS:
        raise error
    return Unreadable(reason=_cannot_be_read(error), may_pass=not isinstance(error, PermissionError))


def _cannot_be_read(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return f"The file cannot be read ({error.strerror}); give the program's user the right to read it."
    return f"The file cannot be read ({error.strerror}); look at the disk or the share it lies on, and scan it again."


def _sidecar_in(path: Path) -> Sidecar | None:
    """What a sidecar says; None for one that says nothing sensible: it is taken as any file, and quarantined."""
    try:
        return read_sidecar(path.read_bytes())
    except ValueError:
        return None


def refuse(oddity: Oddity, *, ledger: Ledger, now: datetime, trouble: FileTrouble = FileTrouble.NOT_A_FILE) -> Scan:
    """Records something that cannot be taken, once for as long as it lies there; it stays in place."""
    seen = oddity.seen
    if trouble is FileTrouble.NOT_A_FILE:  # a folder's time changes with what lies in it
        seen = replace(seen, size=0, mtime_ns=0)
    scan = ledger.take_in_refused(
        key=intake_key(seen, trouble.value),
        source=oddity.seen.source,
        origin=oddity.seen.origin,
        refusal=FileRefused(trouble=trouble, reason=oddity.reason),
        now=now,
    )
    reached(Step.REFUSAL_RECORDED)
    return scan


def _remove(descriptor: int, seen: Seen, key: IntakeKey, root: Path) -> str | None:
    """Takes the original out of the drop folder, unless other bytes lie there by now; why not, if it cannot."""
    try:
        if intake_key(see(seen.path, root), key.sha256) == key:
            if is_being_written(descriptor):  # what is written to it now must be found
                return "somebody writes to it"
            seen.path.unlink()
    except OSError as error:
        return None if error.errno in _GONE else error.strerror
    return None


def intake_key(seen: Seen, sha256: str) -> IntakeKey:
    """What tells this appearance of a file from every other."""
    return IntakeKey(
        path=as_text(str(seen.path.absolute())),
        device=seen.device,
        inode=seen.inode,
        size=seen.size,
        mtime_ns=seen.mtime_ns,
        sha256=sha256,
    )


def _same_file(descriptor: int, seen: Seen) -> bool:
    """Nothing was written between the look at the file and the end of the copy."""
    now = os.fstat(descriptor)
    return (now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns) == (
        seen.device,
        seen.inode,
        seen.size,
        seen.mtime_ns,
    )
