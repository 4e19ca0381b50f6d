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


class Held:
    """The lock, as long as it is held."""

    def __init__(self, inbox: Path, stand_in: Path) -> None:
        self._inbox = inbox
        self._stand_in = stand_in
        self._descriptor = -1
        self._of_folder = False
        self._take()

    def follow(self) -> bool:
        """Goes over to the folder that is at the path by now: a share that was mounted anew is another one.

        True when it was another. Raises StorageTrouble when there is none, `IntakeBusy` when somebody was quicker.
        """
        if not self._of_folder and self._descriptor >= 0:
            return False
        try:
            same = self._descriptor >= 0 and os.path.samestat(self._inbox.stat(), os.fstat(self._descriptor))
        except OSError as error:
            raise _unusable(self._inbox, error) from None
        if not same:
            self.release()
            self._take()
        return not same

    def release(self) -> None:
        """Lets go of it; idempotent."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _take(self) -> None:
        try:
            self._descriptor = os.open(self._inbox, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise _unusable(self._inbox, error) from None
        try:
            self._of_folder = _lock(self._descriptor, self._inbox)
            if not self._of_folder:
                self.release()
                self._descriptor = os.open(self._stand_in, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                _lock(self._descriptor, self._inbox)
        except BaseException:
            self.release()
            raise


@contextmanager
def only_taker(inbox: Path, stand_in: Path) -> Iterator[Held]:
    """Holds the drop folder for this process, or raises `IntakeBusy` at once."""
    held = Held(inbox, stand_in)
    try:
        yield held
    finally:
        held.release()


def _unusable(inbox: Path, error: OSError) -> StorageTrouble:
    return StorageTrouble(
        f"the drop folder {inbox} cannot be opened ({error.strerror}); mount it, make it with "
        "`ingest init`, or correct intake.inbox"
    )


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
