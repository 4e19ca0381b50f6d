"""Looks through the drop folder: the truth about what lies there (events are only hints).

Promises: every regular file below the folder is seen, in sub-folders too, whatever its name; links are
not followed; a folder that cannot be listed, or a name that is no file, is reported, not skipped in silence.
Residual risk: a file that appears and vanishes between two rescans is never seen; nobody else has it either.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_LITTER_NAMES = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db"})
_LITTER_SUFFIXES = (".tmp", ".part", ".partial", ".crdownload", ".filepart")
_SCAN_SUFFIXES = (".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One file as it lies there. `source` is its path below the drop folder, with `/`, as text.

    Names that are not UTF-8 keep their bytes in `path` and show them escaped in `source`.
    """

    path: Path
    source: str
    origin: str
    size: int
    mtime_ns: int
    device: int
    inode: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """Something in the drop folder that is no file to take: a folder named like a scan, a socket..."""

    seen: Seen
    reason: str


def is_litter(name: str) -> bool:
    """True for what scanners, editors and operating systems leave lying about: never taken, never touched."""
    lower = name.lower()
    return lower.startswith((".", "~")) or lower in _LITTER_NAMES or lower.endswith(_LITTER_SUFFIXES)


def rescan(folder: Path) -> Iterator[Seen | Oddity]:
    """Everything below `folder` that is not litter, in a stable order. A vanished entry is left out.

    Raises OSError only when `folder` itself cannot be listed (a share that is gone).
    """
    yield from _walk(folder, folder)


def see(path: Path, root: Path) -> Seen:
    """One file's facts now, without following links. Raises OSError when it is gone."""
    facts = path.lstat()
    relative = path.relative_to(root)
    return Seen(
        path=path,
        source=as_text(relative.as_posix()),
        origin=as_text(relative.parent.as_posix()) if relative.parent.parts else "",
        size=facts.st_size,
        mtime_ns=facts.st_mtime_ns,
        device=facts.st_dev,
        inode=facts.st_ino,
    )


def _walk(folder: Path, root: Path) -> Iterator[Seen | Oddity]:
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if not is_litter(entry.name))
    for name in names:
        path = folder / name
        try:
            mode = path.lstat().st_mode
            if stat.S_ISREG(mode):
                yield see(path, root)
            elif stat.S_ISDIR(mode):
                if name.lower().endswith(_SCAN_SUFFIXES):
                    reason = "This is a folder with the name of a scan, not a file; rename or remove it."
                    yield Oddity(seen=see(path, root), reason=reason)
                yield from _walk(path, root)
            else:
                reason = "This is a link or a device, not a file; put the scan itself into the drop folder."
                yield Oddity(seen=see(path, root), reason=reason)
        except PermissionError:
            reason = "This folder may not be read; give the program's user the right to read it."
            yield Oddity(seen=see(path, root), reason=reason)
        except FileNotFoundError:
            continue


def as_text(name: str) -> str:
    """The name as valid text: undecodable bytes become `\\xNN`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
