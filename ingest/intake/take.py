"""Takes one settled file into safe keeping, in an order that a crash at any instant cannot break:

copy to the spool under its hash, file and folder on disk → ledger row → original set aside → out of the drop folder, on
disk too → released.

After a crash before the ledger row the file still lies there and is taken again (the spool copy is the
same). After a crash behind it the ledger knows the file by its intake key, and it only leaves the folder; one that is
set aside by then gets its name back first (`put_right`). Released it is known no longer: so a power cut must not bring
it back then.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from ingest.durable import Step, reached
from ingest.intake.aside import give_back, give_name, remove, set_aside
from ingest.intake.rescan import Leftover, Oddity, Seen, as_text, see
from ingest.intake.settle import is_being_written, open_for_reading
from ingest.intake.sidecar import is_sidecar, read_sidecar
from ingest.intake.spool import SourceTrouble, Spool, digest_of
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Overtaken:
    """It is taken in (None: it was a sidecar), and by then another file had its name, which lies there still."""

    scan: Scan | None


TakeOutcome = Scan | Announced | Overtaken | NotSettled | Vanished | Unreadable | Stays

_GONE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)  # ELOOP: a link stands in its place by now
_IN_USE = (errno.EAGAIN, errno.EBUSY, errno.ETXTBSY)  # EAGAIN: a file server has leased it to a client
_WRITTEN_TO = "somebody writes to it"
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
            removal = _remove(descriptor, seen, key, root) if drop else _Removal()
            return Overtaken(scan=None) if removal.overtaken else Announced(batch=batch)
        if not drop and (known := ledger.taken_before(path=key.path, sha256=key.sha256)):
            return known
        scan = ledger.take_in(
            key=_as_known(key, unreleased), source=seen.source, origin=seen.origin, now=now, drop=drop
        )
        reached(Step.TAKEN_IN)
        removal = _remove(descriptor, seen, key, root) if drop else _Removal()
        if removal.reason is not None:
            return Stays(scan=scan, reason=removal.reason)
        return Overtaken(scan=scan) if removal.overtaken else scan
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


def put_right(leftover: Leftover, *, ledger: Ledger) -> Path | None:
    """Ends what a taker began that died when it had set a file aside: the name that the file has again.

    None: it is gone, for the ledger has it, and another file has its name by now. Raises OSError.
    """
    hidden, seen = leftover.hidden, leftover.seen
    if seen is None:
        remove(hidden)
        return None
    if give_back(hidden, seen.path):
        return seen.path
    if _is_known(hidden, seen, ledger):
        remove(hidden)
        return None
    return give_name(hidden, seen.path)


def _is_known(hidden: Path, seen: Seen, ledger: Ledger) -> bool:
    """Whether the ledger has this very file, and its intake is not over."""
    if hidden.is_symlink() or not hidden.is_file():
        return False
    key = intake_key(seen, digest_of(hidden))
    if is_sidecar(seen.path.name) and ledger.is_noted(appearance_of(key)):
        return True
    unreleased = [known for _, known in ledger.unreleased()]
    return _as_known(key, unreleased) in unreleased


@dataclass(frozen=True, slots=True, kw_only=True)
class _Removal:
    """How an original left the drop folder. `reason`: why it could not; `overtaken`: another file has its name."""

    reason: str | None = None
    overtaken: bool = False


def _remove(descriptor: int, seen: Seen, key: IntakeKey, root: Path) -> _Removal:
    """Takes the original out of the drop folder, and nothing else that has its name or its bytes by now."""
    try:
        if intake_key(see(seen.path, root), key.sha256) != key:
            return _Removal(overtaken=True)
        if is_being_written(descriptor):  # what is written to it now must be found
            return _Removal(reason=_WRITTEN_TO)
        hidden = set_aside(seen.path)
    except OSError as error:
        return _Removal(reason=None if error.errno in _GONE else error.strerror)
    try:
        own = os.path.samestat(hidden.lstat(), os.fstat(descriptor))
        if own and not is_being_written(descriptor) and _same_file(descriptor, seen):
            remove(hidden)  # nobody could open it any more
            return _Removal()
        give_name(hidden, seen.path)
        return _Removal(reason=_WRITTEN_TO) if own else _Removal(overtaken=True)
    except OSError as error:
        with suppress(OSError):  # else the next look finds it
            give_name(hidden, seen.path)
        return _Removal(reason=None if error.errno in _GONE else error.strerror)


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
