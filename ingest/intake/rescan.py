"""Looks through the drop folder: the truth about what lies there (events are only hints).

Promises: every regular file below the folder is seen, in sub-folders too, however deep, whatever its name; links
are not followed; a folder that may not be listed, or a name that is no file, is reported, not skipped in silence;
what the disk gives an error for is named as unseen, and hides nothing else. One look at a file is one `lstat`.
Residual risk: a file that appears and vanishes between two rescans is never seen; nobody else has it either.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ingest.intake.aside import own_name

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """A place that gave an error instead of what lies there: nobody knows what is below it now."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """What a taker set aside and left there when it died: `hidden` now, and what `seen` is under its own name.

    None: it died before it put anything into the folder `hidden`, or when that was out of it.
    """

    hidden: Path
    seen: Seen | None


_NOT_THERE = (errno.ENOENT, errno.ENOTDIR)
_TOO_DEEP = (errno.ENAMETOOLONG, errno.ELOOP)


def is_litter(name: str) -> bool:
    """True for what scanners, editors and operating systems leave lying about: never taken, never touched.

    Names of files that are set aside are of that kind too.
    """
    lower = name.lower()
    return lower.startswith((".", "~")) or lower in _LITTER_NAMES or lower.endswith(_LITTER_SUFFIXES)


def rescan(folder: Path) -> Iterator[Seen | Oddity | Unseen | Leftover]:
    """Everything below `folder` that is not litter, in a stable order. A vanished entry is left out.

    Raises OSError only when `folder` itself cannot be listed (a share that is gone).
    """
    levels = [_Level(folder, "", iter(_names(folder)))]
    while levels:
        level = levels[-1]
        name = next(level.names, None)
        if name is None:
            levels.pop()
            continue
        path = level.folder / name
        try:
            facts = path.lstat()
        except OSError as error:
            yield from _trouble(level.folder, level.relative, error)
            continue
        if (own := own_name(name)) is not None:
            yield from _left_over(path, own, level, facts)
            continue
        seen = _beside(level, name, facts)
        if stat.S_ISREG(facts.st_mode):
            yield seen
        elif stat.S_ISDIR(facts.st_mode):
            if name.lower().endswith(_SCAN_SUFFIXES):
                reason = "This is a folder with the name of a scan, not a file; rename or remove it."
                yield Oddity(seen=seen, reason=reason)
            try:
                levels.append(_Level(path, level.below(name), iter(_names(path))))
            except PermissionError:
                reason = "This folder may not be read; give the program's user the right to read it."
                yield Oddity(seen=seen, reason=reason)
            except OSError as error:
                yield from _trouble(level.folder, level.relative, error)
        else:
            reason = "This is a link or a device, not a file; put the scan itself into the drop folder."
            yield Oddity(seen=seen, reason=reason)


def see(path: Path, root: Path) -> Seen:
    """One file's facts now, without following links. Raises OSError when it is gone."""
    relative = path.relative_to(root)
    origin = relative.parent.as_posix() if relative.parent.parts else ""
    return _seen(path, relative.as_posix(), origin, path.lstat())


@dataclass(frozen=True, slots=True)
class _Level:
    """A folder that is being walked through, its path below the drop folder, and the names that are left."""

    folder: Path
    relative: str
    names: Iterator[str]

    def below(self, name: str) -> str:
        """The path of an entry of this folder, below the drop folder."""
        return f"{self.relative}/{name}" if self.relative else name


def _names(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries if not is_litter(entry.name) or own_name(entry.name) is not None)


def _left_over(path: Path, own: str, level: _Level, facts: os.stat_result) -> Iterator[Leftover | Oddity | Unseen]:
    """What was set aside under this name, in this folder, and is there still."""
    if own:
        yield Leftover(hidden=path, seen=_beside(level, own, facts))
    elif stat.S_ISDIR(facts.st_mode):
        try:
            held = [(Path(entry.path), entry.stat(follow_symlinks=False)) for entry in os.scandir(path)]
        except OSError as error:
            yield from _trouble(level.folder, level.relative, error)
            return
        yield from (Leftover(hidden=hidden, seen=_beside(level, hidden.name, facts)) for hidden, facts in held)
        if not held:
            yield Leftover(hidden=path, seen=None)


def _beside(level: _Level, name: str, facts: os.stat_result) -> Seen:
    return _seen(level.folder / name, level.below(name), level.relative, facts)


def _trouble(folder: Path, relative: str, error: OSError) -> Iterator[Oddity | Unseen]:
    """What an error means for an entry of `folder`."""
    if error.errno in _NOT_THERE:
        return
    if error.errno in _TOO_DEEP:
        with suppress(OSError):
            parent = relative.rpartition("/")[0]
            reason = "What lies in this folder is too deep for the system to reach; move it up."
            yield Oddity(seen=_seen(folder, relative or ".", parent, folder.lstat()), reason=reason)
            return
    yield Unseen(reason=error.strerror or type(error).__name__)


def _seen(path: Path, relative: str, origin: str, facts: os.stat_result) -> Seen:
    return Seen(
        path=path,
        source=as_text(relative),
        origin=as_text(origin),
        size=facts.st_size,
        mtime_ns=facts.st_mtime_ns,
        device=facts.st_dev,
        inode=facts.st_ino,
    )


def as_text(name: str) -> str:
    """The name as valid text: undecodable bytes become `\\xNN`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
