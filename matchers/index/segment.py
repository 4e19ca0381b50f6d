"""One immutable file of arrays: written whole or not at all, mapped into memory, checked by checksum.

Layout: magic (8 bytes), length of the header (8, little-endian), checksum of everything behind the
header (8), SHA-256 of the three and the header (32), the header as JSON (meta, and for each array
its dtype, length and offset; padded with blanks), then the arrays, each aligned to 64 bytes.
Workers share the pages through the page cache.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import tempfile
import time
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
_MAGIC: Final = b"PCINDEX\x01"
_PREFIX: Final = len(_MAGIC) + 8 + 8 + 32
_ALIGN: Final = 64
_BLOCK_WORDS: Final = 4096
_LONGEST_HEADER: Final = 64 << 20
_RESTED_NS: Final = 2_000_000_000
_TRUSTED_S: Final = 86_400


class SegmentDamaged(Exception):
    """The file is not a segment of this program, or its bytes are not those that were written.

    The remedy is to build the index again from the patients.
    """


@dataclass(frozen=True, slots=True)
class Segment:
    """Named arrays and facts about them. Read-only; safe to share between threads and processes."""

    meta: Mapping[str, Any]
    arrays: Mapping[str, Array]

    def array(self, name: str) -> Array:
        """One array; raises `SegmentDamaged` when the file lacks it."""
        try:
            return self.arrays[name]
        except KeyError:
            raise SegmentDamaged(f"the index lacks its part {name!r}") from None


def write_segment(path: Path, segment: Segment) -> None:
    """Writes atomically: after a crash `path` holds the old segment or the new one, never a part."""
    header, offsets, size = _header(segment)
    start = _PREFIX + len(header)
    with tempfile.NamedTemporaryFile(mode="w+b", dir=path.parent, prefix=".index-", delete=False) as out:
        temporary = Path(out.name)
        try:
            for name, offset in offsets.items():
                out.seek(start + offset)
                out.write(np.ascontiguousarray(segment.arrays[name]).data)
            out.truncate(start + size)
            out.flush()
            written = np.memmap(out, np.uint8, "r", offset=start, shape=(size,)) if size else np.empty(0, np.uint8)
            body = checksum(written)
            out.seek(0)
            out.write(_prefix(header, body) + header)
            out.flush()
            os.fsync(out.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read_segment(path: Path, *, check_content: bool = True) -> Segment:
    """Maps a segment. Raises `SegmentDamaged` for a foreign or damaged file, `OSError` when unreadable.

    The header is always checked. `check_content` checks every byte behind it too (about 0.1 s per GB that is in the
    page cache), unless a process did that within a day and left its mark beside the file, untouched since.
    """
    with path.open("rb") as file:
        prefix = file.read(_PREFIX)
        length = int.from_bytes(prefix[8:16], "little")
        if prefix[:8] != _MAGIC or len(prefix) < _PREFIX or length > _LONGEST_HEADER:
            raise SegmentDamaged("this file is no patient index; build the index again (ingest patients index)")
        encoded = file.read(length)
        body = int.from_bytes(prefix[16:24], "little")
        if prefix != _prefix(encoded, body):
            raise SegmentDamaged("the patient index is damaged (header); build the index again (ingest patients index)")
        header, start = json.loads(encoded), _PREFIX + length
        status = os.fstat(file.fileno())
        if status.st_size != start + header["size"]:
            raise SegmentDamaged("the patient index is cut off; build the index again (ingest patients index)")
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if check_content and not _is_marked(path, status, prefix):
        if checksum(np.frombuffer(mapped, np.uint8, offset=start)) != body:
            raise SegmentDamaged("the patient index is damaged; build the index again (ingest patients index)")
        _mark(path, status, prefix)
    arrays = {
        name: np.frombuffer(mapped, dtype=dtype, count=count, offset=start + offset)
        for name, dtype, count, offset in header["arrays"]
    }
    return Segment(meta=header["meta"], arrays=arrays)


def remove_segment(path: Path) -> None:
    """Takes a segment and its mark away; processes that have it open keep their mapping."""
    path.unlink(missing_ok=True)
    _mark_of(path).unlink(missing_ok=True)


def _mark_of(path: Path) -> Path:
    return path.with_name(path.name + ".checked")


def _seen(status: os.stat_result, prefix: bytes) -> str:
    # Nobody writes to a file without moving its ctime.
    numbers = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    return " ".join((*map(str, numbers), prefix.hex()))


def _is_marked(path: Path, status: os.stat_result, prefix: bytes) -> bool:
    mark = _mark_of(path)
    try:
        young = 0 <= time.time() - mark.stat().st_mtime < _TRUSTED_S
        return young and mark.read_text() == _seen(status, prefix)
    except (OSError, UnicodeDecodeError):
        return False


def _mark(path: Path, status: os.stat_result, prefix: bytes) -> None:
    """Leaves a mark, for others to skip the check; where it cannot, nothing is lost but time."""
    # A clock that ticks slowly gives a write right behind this one the same ctime: only what rested is marked.
    if time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) < _RESTED_NS:
        return
    with suppress(OSError):
        _mark_of(path).write_text(_seen(status, prefix))


def checksum(array: Array) -> int:
    """CRC-32 over the sums of all 32 KiB blocks: finds flipped, zeroed and misplaced bytes fast."""
    octets = np.ascontiguousarray(array).view(np.uint8).reshape(-1)
    whole = len(octets) // (8 * _BLOCK_WORDS) * 8 * _BLOCK_WORDS
    blocks = octets[:whole].view(np.uint64).reshape(-1, _BLOCK_WORDS)
    sums = np.add.reduce(blocks, axis=1, dtype=np.uint64)
    return zlib.crc32(octets[whole:].tobytes(), zlib.crc32(sums.tobytes()))


def _header(segment: Segment) -> tuple[bytes, dict[str, int], int]:
    """(the header, padded so that what follows is aligned; offset of each array; their whole size)."""
    entries, offset = [], 0
    for name, array in segment.arrays.items():
        entries.append((name, array.dtype.str, len(array), offset))
        offset = _aligned(offset + array.nbytes)
    content = {"meta": dict(segment.meta), "arrays": entries, "size": offset}
    encoded = json.dumps(content).encode()
    return encoded.ljust(_aligned(_PREFIX + len(encoded)) - _PREFIX), {e[0]: e[3] for e in entries}, offset


def _prefix(header: bytes, body: int) -> bytes:
    start = _MAGIC + len(header).to_bytes(8, "little") + body.to_bytes(8, "little")
    return start + hashlib.sha256(start + header).digest()


def _aligned(offset: int) -> int:
    return -(-offset // _ALIGN) * _ALIGN
