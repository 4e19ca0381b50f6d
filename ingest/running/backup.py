"""A running site copied to a folder, and a site made of such a folder again.

Promises: a backup is one instant of the ledger and every byte that it speaks of then; work goes on meanwhile. Each file
is hashed as it is copied; an interrupted backup leaves the one before whole; done again into the same folder it copies
what is new. A restore makes a whole site or says what is wrong. Neither changes what it copies from.

Not in it: what lay in the drop folder and was not taken in yet. The full text and the patient index are made anew.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingest.errors import BadFile, Conflict, Damaged, StorageTrouble
from ingest.intake.spool import Spool, digest_of
from ingest.ledger import Ledger
from ingest.running.custody import Verification, lies_at, verify_site
from ingest.running.site import Site, create_site, open_site
from ingest.settings import SETTINGS_FILE
from ingest.syncing import copy_whole, make_folders, sync_folder, write_whole

MANIFEST = "backup.json"
_LEDGER = "ledger.sqlite"
_FORMAT = 1
_SETTINGS = (
    SETTINGS_FILE,
    "labels.toml",
    "doctypes.toml",
    "matching.toml",
    "types.json",
    "unattended.stopped",
    "second-look.seed",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """How many files a backup or a restore wrote, how many were there already, and what a check of it found."""

    written: int
    known: int
    audit_head: str
    verification: Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """One file by its path below the site, here and there, and what its bytes must hash to (None: whatever it is)."""

    source: Path
    path: str
    sha256: str | None


def back_up(site: Site, target: Path, *, now: datetime) -> Copied:
    """Raises BadFile for a folder that is no place for a backup, Damaged when kept bytes are gone, StorageTrouble."""
    target = target.absolute()
    _refuse_place(site, target)
    try:
        make_folders(target, next(folder for folder in target.parents if folder.is_dir()))
        draft = target / f".{_LEDGER}-{secrets.token_hex(4)}"
        url = f"sqlite:///{draft}"
        try:
            with Ledger.open(url, create=True) as copy:
                site.ledger.copy_to(copy)
                head = copy.audit_head()
                written, known = _copy_all(_wanted_of(site, copy), target)
            for left in (draft, Path(f"{draft}-wal"), Path(f"{draft}-shm")):
                if left.exists() and left != draft:
                    left.unlink()
            _sync(draft)
            draft.replace(target / _LEDGER)
        finally:
            for left in target.glob(f"{draft.name}*"):
                left.unlink()
        manifest = {"format": _FORMAT, "made_at": now.isoformat(), "audit_head": head}
        write_whole(target / MANIFEST, json.dumps(manifest, indent=1).encode())
    except OSError as error:
        msg = f"the backup cannot be written ({error.strerror}); the one before is as it was, run again"
        raise StorageTrouble(msg) from None
    return Copied(written=written, known=known, audit_head=head, verification=_verified(target))


def restore(backup: Path, home: Path, *, ledger_url: str | None = None) -> Copied:
    """A site at `home` from a backup; `ledger_url` names its ledger anew.

    Raises BadFile, Conflict, Damaged, StorageTrouble.
    """
    backup, home = backup.absolute(), home.absolute()
    try:
        manifest = json.loads((backup / MANIFEST).read_bytes())
        head = str(manifest["audit_head"])
        if manifest["format"] != _FORMAT:
            msg = f"{backup} was made by a newer version of this program; install that version or a later one"
            raise BadFile(msg)
    except (OSError, ValueError, KeyError, TypeError):
        msg = f"{backup} is no backup: it has no {MANIFEST} that can be read"
        raise BadFile(msg) from None
    if (home / SETTINGS_FILE).exists():
        msg = f"there is a site at {home} already; name a folder that is none with --home"
        raise Conflict(msg)
    try:
        make_folders(home, next(folder for folder in home.parents if folder.is_dir()))
        with open_site(backup, ledger_url=f"sqlite:///{backup / _LEDGER}") as kept:
            written, known = _copy_all(_wanted_of(kept, kept.ledger), home)
            _name_ledger(home, ledger_url)
            create_site(home, restoring=True)
            with open_site(home) as site:
                kept.ledger.copy_to(site.ledger)
                verification = verify_site(site, kept_head=head)
    except OSError as error:
        msg = f"the site cannot be written ({error.strerror}); remove {home} and run again"
        raise StorageTrouble(msg) from None
    return Copied(written=written, known=known, audit_head=head, verification=verification)


def _refuse_place(site: Site, target: Path) -> None:
    home = site.home.absolute()
    if target == home or target.is_relative_to(home) or home.is_relative_to(target):
        msg = "a backup inside the site, or around it, is none: name a folder on another disk"
        raise BadFile(msg)
    if target.is_dir() and any(target.iterdir()) and not (target / MANIFEST).is_file():
        begun = {entry.name for entry in target.iterdir()} <= {"spool", "artefacts", "records", "withdrawn", *_SETTINGS}
        if not begun:
            msg = f"{target} holds something that is no backup; name an empty folder, or the backup of before"
            raise BadFile(msg)


def _wanted_of(site: Site, ledger: Ledger) -> Iterator[_Wanted]:
    """Every file that this state of the ledger speaks of, and the site's own settings."""
    for row in ledger.scans():
        if row.spooled:
            yield _addressed(site.spool, row.scan.sha256, "spool")
        for address in row.artefacts:
            yield _addressed(site.artefacts, address, "artefacts")
    for rendition in ledger.all_renditions():
        path = lies_at(site, rendition)
        if path.is_file() or rendition.filed_at is not None:
            # withdrawn meanwhile: the copy has it where the copied ledger says
            moved = site.paths.withdrawn / f"{rendition.id}.pdf"
            source = path if path.is_file() else moved
            there = rendition.kept_as if rendition.removed_at is not None else rendition.rendition.path
            yield _Wanted(source=source, path=there or "", sha256=rendition.rendition.sha256)
    for name in _SETTINGS:
        if (site.home / name).is_file():
            yield _Wanted(source=site.home / name, path=name, sha256=None)


def _addressed(store: Spool, address: str, folder: str) -> _Wanted:
    path = store.path(address)
    return _Wanted(source=path, path=f"{folder}/{path.relative_to(store.root)}", sha256=address)


def _copy_all(wanted: Iterator[_Wanted], target: Path) -> tuple[int, int]:
    written = known = 0
    for one in wanted:
        there = target / one.path
        if one.sha256 is not None and there.is_file() and digest_of(there) == one.sha256:
            known += 1
            continue
        make_folders(there.parent, target)
        try:
            sha256 = copy_whole(one.source, there)
        except FileNotFoundError:
            sha256 = ""
        if one.sha256 not in (None, sha256):
            there.unlink(missing_ok=True)
            msg = f"kept bytes are gone or have changed; nothing was finished: see `ingest verify` ({one.sha256[:12]}…)"
            raise Damaged(msg)
        written += 1
    return written, known


def _name_ledger(home: Path, ledger_url: str | None) -> None:
    """Writes another ledger into the copied settings."""
    if ledger_url is None:
        return
    file = home / SETTINGS_FILE
    lines = file.read_text("utf-8").splitlines()
    named = f"ledger = {json.dumps(ledger_url)}"
    at = next((at for at, line in enumerate(lines) if line.split("=")[0].strip() == "ledger"), None)
    lines = [named, *lines] if at is None else [*lines[:at], named, *lines[at + 1 :]]
    write_whole(file, ("\n".join(lines) + "\n").encode())


def _verified(target: Path) -> Verification:
    with open_site(target, ledger_url=f"sqlite:///{target / _LEDGER}") as copy:
        return verify_site(copy)


def _sync(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    sync_folder(file.parent)
