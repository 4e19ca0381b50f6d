"""Files in the failure folder: a copy of a scan, and beside it a note that says why; both whole or not there.

Promises: nothing is ever overwritten; a note that is there names its scan, so that copy and note are found again after
any interruption; the note is on disk before its copy, and goes after it. Files are 0600, folders 0700.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ingest.model import Scan
from ingest.syncing import make_folders, name_new, sync_folder, write_draft

NOTE = ".why.txt"
_DRAFT = ".paperchart-"
_LONGEST = 255
_LONGEST_SUFFIX = 20
_NO_NAME = (errno.ENAMETOOLONG, errno.ENOTDIR, errno.EEXIST, errno.EINVAL, errno.EILSEQ)
_HEAD = re.compile(r"\AScan: +(S[0-9]{6,18})\nSHA-256: +([0-9a-f]{64}|none)\nReceived: +(\S+)\n")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Told:
    """What the head of a note says."""

    scan_id: str
    sha256: str
    received: str

    def is_of(self, scan: Scan) -> bool:
        """Whether it is this site's note of this scan; another site may share the folder."""
        return self == told_of(scan)


def told_of(scan: Scan) -> Told:
    """What the head of this scan's note says."""
    return Told(scan.id, scan.sha256 or "none", scan.received_at.isoformat())


def head_of(scan: Scan) -> str:
    """The head of this scan's note."""
    told = told_of(scan)
    return f"Scan:     {told.scan_id}\nSHA-256:  {told.sha256}\nReceived: {told.received}\n"


def read_note(note: Path) -> Told | None:
    """What a note says; None for any other file."""
    try:
        if note.is_symlink() or not note.is_file():
            return None
        with note.open(encoding="utf-8", errors="replace") as file:
            found = _HEAD.match(file.read(1000))
    except OSError:
        return None
    return None if found is None else Told(*found.groups())


def notes_below(root: Path) -> Iterator[Path]:
    """Every file named like a note, in a stable order."""
    for folder, folders, files in os.walk(root):
        folders.sort()
        yield from (Path(folder, name) for name in sorted(files) if name.endswith(NOTE))


def copy_beside(note: Path) -> Path:
    """Where the copy of the note's scan is, or would be."""
    return note.with_name(note.name.removesuffix(NOTE))


def names_for(scan: Scan, root: Path) -> Iterator[Path]:
    """Where its copy may stand, best first: as in the drop folder, with its id, and by its id alone."""
    *folders, name = [_as_name(part) for part in scan.source.split("/") if part not in ("", ".", "..")] or [scan.id]
    folder = root.joinpath(*(_fitting(part, "") for part in folders))
    yield folder / _fitting(name, "")
    yield folder / _fitting(name, f" {scan.id}")
    yield root / _fitting(f"{scan.id}{_suffix(name)}", "")
    while True:
        yield root / f"{scan.id}-{secrets.token_hex(4)}"


def place(chunks: Iterable[bytes], target: Path, root: Path) -> bool:
    """Puts these bytes at `target`, below `root`, on disk; False where that name cannot be had. Raises OSError."""
    draft = root / f"{_DRAFT}{os.getpid()}-{secrets.token_hex(8)}"
    try:
        write_draft(draft, chunks)
        make_folders(target.parent, root)
        name_new(draft, target)
        sync_folder(target.parent)
    except OSError as error:
        if error.errno in _NO_NAME:
            return False
        raise
    finally:
        draft.unlink(missing_ok=True)
    return True


def rewrite(note: Path, text: bytes, root: Path) -> None:
    """Another text in a note's place: at every instant the one or the other, whole."""
    draft = root / f"{_DRAFT}{os.getpid()}-{secrets.token_hex(8)}"
    if place((text,), draft.with_name(f"{draft.name}-new"), root):
        draft.with_name(f"{draft.name}-new").replace(note)
        sync_folder(note.parent)


def chunks_of(path: Path) -> Iterator[bytes]:
    """A file's bytes."""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def remove(path: Path, root: Path) -> None:
    """The file is gone, on disk too, with the folders above it that are empty by now."""
    path.unlink(missing_ok=True)
    folder = path.parent
    with suppress(FileNotFoundError):
        sync_folder(folder)
    with suppress(OSError):  # not empty
        while folder != root:
            folder.rmdir()
            folder = folder.parent


def remove_drafts(root: Path) -> None:
    """What a broken-off run left."""
    for left in root.glob(f"{_DRAFT}*"):
        left.unlink(missing_ok=True)


def _as_name(part: str) -> str:
    return part.encode("utf-8", "backslashreplace").decode().replace("\0", "_")


def _suffix(name: str) -> str:
    suffix = Path(name).suffix
    return suffix if len(suffix.encode()) <= _LONGEST_SUFFIX else ""


def _fitting(name: str, mark: str) -> str:
    """The name with the mark before its suffix, short enough for a note's name to fit beside it."""
    suffix = _suffix(name)
    room = _LONGEST - len(f"{mark}{suffix}{NOTE}".encode())
    stem = name.removesuffix(suffix).encode()[:room].decode(errors="ignore")
    return f"{stem}{mark}{suffix}"
