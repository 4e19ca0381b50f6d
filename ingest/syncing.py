"""Names that stay: a file that is on disk is found after a power cut only when its name, and the name of every folder
above it, is there too.

Promise: what a function here made or was told of is on disk when it returns. Raises OSError when the disk refuses;
a file system that cannot sync folders (some shares) is taken as it is.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_CHUNK = 1 << 20
_NO_HARD_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EINVAL}
_NO_SUCH_RENAME = {errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP}
_AT_FDCWD = -100
_RENAME_NOREPLACE = 1


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable, new ones and those that are gone."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)


def sync_removals(paths: Iterable[Path]) -> None:
    """These files are gone, and do not come back. A folder that is gone too is left to whoever removed it."""
    for folder in sorted({path.parent for path in paths}):
        with suppress(FileNotFoundError, NotADirectoryError):
            sync_folder(folder)


def make_folders(folder: Path, root: Path) -> None:
    """Makes `folder`, 0700, and what is missing between `root` and it.

    One that is there already may have been made a moment ago by a process that was killed before it synced, or has not
    come to it yet: so every name on the way is synced.
    """
    for here in reversed([folder, *(parent for parent in folder.parents if parent.is_relative_to(root))]):
        if here != root:
            here.mkdir(mode=0o700, exist_ok=True)
            sync_folder(here.parent)


def write_whole(file: Path, content: bytes) -> None:
    """The file, 0600, with these bytes: whole or not at all, whatever happens meanwhile."""
    _write_whole(file, (content,))


def copy_whole(source: Path, file: Path) -> str:
    """A copy of `source` at `file`, in the same way; the SHA-256 of what was copied. Raises FileNotFoundError."""
    digest = hashlib.sha256()

    def chunks(opened: BinaryIO) -> Iterator[bytes]:
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
            yield chunk

    with source.open("rb") as opened:
        _write_whole(file, chunks(opened))
    return digest.hexdigest()


def _write_whole(file: Path, chunks: Iterable[bytes]) -> None:
    draft = file.with_name(f".{secrets.token_hex(8)}-{os.getpid()}")
    try:
        write_draft(draft, chunks)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(file.parent)


def write_draft(draft: Path, chunks: Iterable[bytes]) -> None:
    """A new file, 0600, with these bytes on disk; whoever calls gives it its name, or removes it."""
    with draft.open("xb") as out:
        os.fchmod(out.fileno(), 0o600)
        for chunk in chunks:
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())


def name_new(source: Path, target: Path) -> None:
    """Gives `source` another name that no file has; it may lose the old one. Raises FileExistsError, OSError.

    A link, unlike a rename, never overwrites. On file systems without links see `rename_new`.
    """
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        rename_new(source, target)


def rename_new(source: Path, target: Path) -> None:
    """Gives `source` a name that no file has instead of its own. Raises FileExistsError, OSError.

    Where the system or the file system knows no rename that never overwrites, a file that another program makes between
    our look and our move would be overwritten.
    """
    if not _rename_never_over(source, target):
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, "there is such a file")
        source.rename(target)


def _rename_never_over(source: Path, target: Path) -> bool:
    """False where this cannot be done here."""
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:
        return False
    if call(_AT_FDCWD, os.fsencode(source), _AT_FDCWD, os.fsencode(target), _RENAME_NOREPLACE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NO_SUCH_RENAME:
        return False
    raise OSError(number, os.strerror(number), str(source), None, str(target))
