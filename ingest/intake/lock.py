"""One taker a drop folder: the second process is refused, whoever its site is.

The lock is the kernel's, on the folder itself, so it ends with the process, however that ends. Where the
folder's file system has no locks (some network shares), a lock file in the site stands in; then two
*sites* on one share are not told apart.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.errors import IntakeBusy, StorageTrouble

_NO_LOCKS = (errno.ENOTSUP, errno.ENOLCK, errno.EINVAL, errno.EBADF)


@contextmanager
def only_taker(inbox: Path, stand_in: Path) -> Iterator[None]:
    """Holds the drop folder for this process, or raises `IntakeBusy` at once."""
    try:
        descriptor = os.open(inbox, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        msg = f"the drop folder {inbox} cannot be opened ({error.strerror}); make it or correct intake.inbox"
        raise StorageTrouble(msg) from None
    try:
        if not _lock(descriptor, inbox):
            os.close(descriptor)
            descriptor = os.open(stand_in, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            _lock(descriptor, inbox)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, inbox: Path) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        msg = f"another process takes in {inbox}: stop it (a running `ingest watch`?) or let it do the work"
        raise IntakeBusy(msg) from None
    except OSError as error:
        if error.errno in _NO_LOCKS:
            return False
        raise
    return True
