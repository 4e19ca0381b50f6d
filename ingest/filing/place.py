"""Into the records, and out of them again: moved as a whole, synced to disk, never over another file.

Promises: a filed PDF appears in records/ complete or not at all; what stands there is never overwritten;
each function may be called again after a crash at any instant and ends the same. Nothing is deleted: a
withdrawn PDF moves to withdrawn/. Folders are 0700, files 0600. No message names a path: paths hold MRNs.

Residual risks: on file systems without hard links (some shares) another program that makes the very same
name between our look and our move would be overwritten; names hold the document's id, so only a person
who does it on purpose could.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from ingest.durable import Step, reached
from ingest.errors import Conflict, NotFound, StorageTrouble, WrongUse
from ingest.syncing import make_folders, name_new, sync_folder

WITHDRAWN = "withdrawn"


def place(temp: Path, records_root: Path, relative: PurePosixPath) -> None:
    """Moves the file `temp` to `relative` below `records_root`.

    When the same bytes stand there already, only `temp` goes. Raises `Conflict` when other bytes do,
    `NotFound` when `temp` does not exist, `StorageTrouble` when the disk refuses.
    """
    with _storage("records"):
        if not temp.is_file():
            msg = "the PDF to be filed is gone; write it again"
            raise NotFound(msg)
        _move(temp, _inside(records_root, relative), records_root)


def withdraw(home: Path, path: str, key: str) -> str:
    """Moves a filed PDF (`path` relative to the site) to withdrawn/; its new path relative to the site.

    `key` names it there and is unique for ever: a rendition's id. Does nothing when it is there already.
    Raises `Conflict` when another file has that name, `NotFound` when it is in neither place,
    `StorageTrouble` when the disk refuses.
    """
    kept_as = PurePosixPath(WITHDRAWN, f"{key}.pdf")
    with _storage(WITHDRAWN):
        folder, *rest = PurePosixPath(path).parts  # records/ itself may be a link to a share
        source = _inside(home / folder, PurePosixPath(*rest))
        target = _inside(home / WITHDRAWN, PurePosixPath(kept_as.name))
        try:
            if source.is_file():
                _move(source, target, home / WITHDRAWN)
        except FileNotFoundError:  # another process moves it too, and was first
            pass
        if not target.is_file():
            msg = "a PDF to be withdrawn is in neither place; run `ingest verify`, which names it"
            raise NotFound(msg)
        for parent in (target.parent, source.parent):
            if parent.is_dir():
                sync_folder(parent)
    return str(kept_as)


def _move(source: Path, target: Path, root: Path) -> None:
    make_folders(target.parent, root)
    source.chmod(0o600)
    _sync_file(source)
    if target.exists():
        _refuse_other_bytes(source, target)
        _sync_file(target)
        source.unlink()
    else:
        _rename_to_nothing(source, target)
    sync_folder(target.parent)


def _rename_to_nothing(source: Path, target: Path) -> None:
    """Gives `source` its new name where no file has it."""
    try:
        name_new(source, target)
    except FileExistsError:
        _refuse_other_bytes(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy_across(source, target)
    sync_folder(target.parent)  # the new name is safe before the old one goes
    reached(Step.PDF_LINKED)
    source.unlink(missing_ok=True)


def _copy_across(source: Path, target: Path) -> None:
    """From another file system: whole and synced beside the target first."""
    part = target.with_name(f".{target.name}.part")
    shutil.copyfile(source, part)
    part.chmod(0o600)
    _sync_file(part)
    if target.exists():
        part.unlink()
        _refuse_other_bytes(source, target)
        return
    part.rename(target)


def _refuse_other_bytes(source: Path, target: Path) -> None:
    if not target.is_file() or _digest(source) != _digest(target):
        msg = "another file stands where this document is to go; nothing was overwritten: move that file away"
        raise Conflict(msg)


def _inside(root: Path, relative: PurePosixPath) -> Path:
    """The path below `root`; `WrongUse` for one that would leave it, through `..` or a link."""
    target = root.joinpath(*relative.parts)
    if relative.is_absolute() or ".." in relative.parts or not relative.parts:
        msg = "a path that leaves its folder; nothing was moved"
        raise WrongUse(msg)
    if not target.parent.resolve().is_relative_to(root.resolve()):
        msg = "a link leads out of the folder; nothing was moved: remove the link"
        raise WrongUse(msg)
    return target


def _sync_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


@contextmanager
def _storage(folder: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        msg = f"the {folder} folder cannot be written: {error.strerror or 'unknown trouble'}"
        raise StorageTrouble(msg) from None
