"""Lines of a stream in blocks: as many as are there, never more than a bounded number of bytes.

Promises: every line comes once, in order, with its number, an empty one too; one that is too long to keep
comes as None; no block holds more than `BLOCK_LINES` lines or, but for its last line, `BLOCK_BYTES` bytes.
"""

from __future__ import annotations

import select
from collections.abc import Iterator
from typing import BinaryIO, Final, TypeAlias

from ingest.errors import BadFile

LONGEST_LINE: Final = 1 << 20
BLOCK_LINES: Final = 200
BLOCK_BYTES: Final = 1 << 20
_READ_BYTES: Final = 1 << 16
_MARK: Final = b"\xef\xbb\xbf"  # what some programs put before the first line of UTF-8

Block: TypeAlias = tuple[tuple[int, bytes | None], ...]


def blocks(source: BinaryIO) -> Iterator[Block | None]:
    """The lines as they come; None whenever no further input is there yet. Raises BadFile."""
    lines: list[tuple[int, bytes | None]] = []
    size = 0
    for number, line in _numbered(source):
        if number is not None:
            lines.append((number, line))
            size += len(line or b"")
        if lines and (number is None or len(lines) == BLOCK_LINES or size >= BLOCK_BYTES):
            yield tuple(lines)
            lines, size = [], 0
        if number is None:
            yield None
    if lines:
        yield tuple(lines)


def is_ready(source: BinaryIO, timeout_s: float = 0.0) -> bool:
    """Whether reading on would not wait, or will not after at most `timeout_s`."""
    try:
        return bool(select.select([source.fileno()], [], [], timeout_s)[0])
    except (OSError, ValueError):
        return True  # no file behind it: all of it is there


def _numbered(source: BinaryIO) -> Iterator[tuple[int | None, bytes | None]]:
    """(number, line) for each line; (None, None) whenever no further input is there yet."""
    number, rest, too_long = 0, b"", False
    while data := _read(source):
        *whole, rest = (rest + data).split(b"\n")
        for line in whole:
            number += 1
            kept = line.removeprefix(_MARK) if number == 1 else line
            if too_long or len(kept) > LONGEST_LINE:
                yield number, None
                too_long = False
            else:
                yield number, kept
        if len(rest) > LONGEST_LINE:
            rest, too_long = b"", True
        if not is_ready(source):
            yield None, None
    if number == 0:
        rest = rest.removeprefix(_MARK)
    if too_long or rest:
        yield number + 1, None if too_long else rest


def _read(source: BinaryIO) -> bytes:
    """What is there, at least one byte; b"" at the end."""
    read_some = getattr(source, "read1", source.read)
    try:
        data: bytes = read_some(_READ_BYTES)
    except OSError as error:
        msg = f"no more lines can be read from what was given: {error.strerror}; put them into another file"
        raise BadFile(msg) from None
    return data
