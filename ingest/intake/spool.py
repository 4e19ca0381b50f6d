"""The spool: bytes kept under their SHA-256, durable before anybody hears of them.

Promises: `keep` returns only after the bytes, their name and their folder are on disk; keeping the same
bytes again changes nothing; no code path here deletes kept bytes. Files are 0400, folders 0700.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ingest.drafts import draft_name
from ingest.durable import Step, reached
from ingest.syncing import sync_folder

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was kept: its address and its size in bytes."""

    sha256: str
    size: int


class SourceTrouble(OSError):
    """The file that is to be kept cannot be read to its end: its own trouble, not the spool's."""


class Spool:
    """A content-addressed folder. Many processes may keep into one at a time."""

    def __init__(self, root: Path, temporary: Path) -> None:
        self.root = root
        self._temporary = temporary
        self._synced: set[str] = set()  # folders whose names this process knows to be on disk

    def path(self, sha256: str) -> Path:
        """Where these bytes are, or would be."""
        return self.root / sha256[:2] / sha256

    def keep(self, descriptor: int) -> Kept:
        """Copies an open file from its beginning.

        Raises SourceTrouble when the file cannot be read, any other OSError (disk full) when the spool cannot be
        written; then nothing is kept.
        """
        return self._keep(_chunks(descriptor))

    def keep_bytes(self, content: bytes) -> Kept:
        """Keeps bytes from memory."""
        return self._keep(iter((content,)))

    def addresses(self) -> Iterator[str]:
        """The name of every file below the root, sorted; `verify` holds them against the ledger."""
        for folder in sorted(self.root.iterdir()):
            if folder.is_dir():
                yield from sorted(file.name for file in folder.iterdir())

    def _keep(self, chunks: Iterator[bytes]) -> Kept:
        draft = self._temporary / draft_name("keep")
        digest, size = hashlib.sha256(), 0
        try:
            with draft.open("xb") as out:
                for chunk in chunks:
                    digest.update(chunk)
                    size += len(chunk)
                    out.write(chunk)
                out.flush()
                os.fchmod(out.fileno(), 0o400)
                os.fsync(out.fileno())
            reached(Step.BYTES_COPIED)
            self._settle(draft, self.path(digest.hexdigest()))
        finally:
            with suppress(FileNotFoundError):
                draft.unlink()
        return Kept(sha256=digest.hexdigest(), size=size)

    def _settle(self, draft: Path, final: Path) -> None:
        if final.parent.name not in self._synced or not final.parent.is_dir():
            # one that is there already may be of a process that was killed before it synced
            final.parent.mkdir(mode=0o700, exist_ok=True)
            sync_folder(self.root)
            self._synced.add(final.parent.name)
        if not final.exists():
            draft.replace(final)
            reached(Step.BYTES_NAMED)
        sync_folder(final.parent)
        reached(Step.BYTES_KEPT)


def _chunks(descriptor: int) -> Iterator[bytes]:
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        while chunk := os.read(descriptor, _CHUNK):
            yield chunk
    except OSError as error:
        raise SourceTrouble(error.errno, error.strerror) from None


def digest_of(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
