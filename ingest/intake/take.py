"""Takes one settled file into safe keeping, in an order that a crash at any instant cannot break:

copy to the spool under its hash, file and folder on disk → ledger row → original out of the drop folder, on disk too
→ released.

After a crash before the ledger row the file still lies there and is taken again (the spool copy is the
same). After a crash behind it the ledger knows the file by its intake key, and it only leaves the folder. Released it
is known no longer: so a power cut must not bring it back then.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from ingest.durable import Step, reached
from ingest.intake.rescan import Oddity, Seen, as_text, see
from ingest.intake.settle import is_being_written, open_for_reading
from ingest.intake.sidecar import is_sidecar, read_sidecar
from ingest.intake.spool import Spool
from ingest.ledger import Ledger, Sidecar
from ingest.ledger.intake import appearance_of
from ingest.model import FileRefused, FileTrouble, IntakeKey, Scan
from ingest.syncing import sync_removals


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


TakeOutcome = Scan | Announced | NotSettled | Vanished


def take(seen: Seen, *, root: Path, spool: Spool, ledger: Ledger, now: datetime, drop: bool) -> TakeOutcome:
    """Takes `seen` in. `drop=True` removes the original behind the commit; else it stays where it is.

    Raises OSError when the *spool* cannot be written (disk full): nothing is recorded, the file stays.
    """
    try:
        descriptor = open_for_reading(seen.path)
    except FileNotFoundError:
        return Vanished()
    except OSError as error:
        reason = f"The file cannot be read ({error.strerror}); give the program's user the right to read it."
        return refuse(Oddity(seen=seen, reason=reason), ledger=ledger, now=now, trouble=FileTrouble.UNREADABLE)
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
                _remove(seen, key, root)
            return Announced(batch=batch)
        if not drop and (before := ledger.taken_before(path=key.path, sha256=key.sha256)):
            return before
        scan = ledger.take_in(key=key, source=seen.source, origin=seen.origin, now=now, drop=drop)
        reached(Step.TAKEN_IN)
        if drop:
            take_out(scan, seen, key, root=root, ledger=ledger, now=now)
        return scan
    finally:
        os.close(descriptor)


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


def take_out(scan: Scan, seen: Seen, key: IntakeKey, *, root: Path, ledger: Ledger, now: datetime) -> None:
    """Takes the original out of the drop folder, unless other bytes lie there by now; idempotent."""
    _remove(seen, key, root)
    sync_removals((seen.path,))
    reached(Step.ORIGINAL_REMOVED)
    ledger.release(scan.id, now)
    reached(Step.RELEASED)


def _remove(seen: Seen, key: IntakeKey, root: Path) -> None:
    with suppress(FileNotFoundError):
        if intake_key(see(seen.path, root), key.sha256) == key:
            seen.path.unlink()


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
