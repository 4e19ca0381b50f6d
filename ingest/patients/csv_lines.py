"""A CSV file as records, each under the number of its first line; damage stays where it is.

Promises: never more than a few lines in memory; text is UTF-8, and a line that is not is read as
Windows-1252 and counted; a quote that is never closed costs its own line, not the rest of the file.
"""

from __future__ import annotations

import codecs
import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from ingest.errors import BadFile

MAX_LINE_BYTES = 1 << 16
_MAX_LINES = 10  # of one record: an address may be written over several

BROKEN_QUOTE = "a quote is not closed, or text follows a closed quote"
TOO_LONG = f"the line is longer than {MAX_LINE_BYTES} bytes"
UNREADABLE = "the line has bytes that are no text in UTF-8 nor in Windows-1252"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The fields of one record that begins on `line`, or why it has none."""

    line: int
    fields: tuple[str, ...] = ()
    damage: str | None = None


class _TooManyLinesError(Exception):
    """A quote was opened and not closed within a few lines."""


@dataclass(slots=True)
class CsvLines:
    """The records of one open file, once. `not_utf8` counts the lines read as Windows-1252.

    `width`, once set, is how many fields a record over several lines must have to be taken for one.
    """

    source: BinaryIO
    width: int | None = None
    not_utf8: int = 0
    first_not_utf8: int | None = None
    _line: int = 0
    _ahead: deque[tuple[int, str]] = field(default_factory=deque)
    _taken: list[tuple[int, str]] = field(default_factory=list)
    _damaged: deque[Record] = field(default_factory=deque)

    def records(self) -> Iterator[Record]:
        """Every record in the file's order, empty lines left out."""
        reader = csv.reader(self, strict=True)
        while True:
            self._taken.clear()
            try:
                fields = next(reader, None)
                broken = len(self._taken) > 1 and self.width not in {None, len(fields or ())}
            except (csv.Error, _TooManyLinesError):
                fields, broken = [], True
            if broken:
                # Only the first of the lines that the quote swallowed is given up; the others are read anew.
                first, *rest = self._taken
                self._ahead.extendleft(reversed(rest))
                reader = csv.reader(self, strict=True)
                record = Record(line=first[0], damage=BROKEN_QUOTE)
            else:
                line = self._taken[0][0] if self._taken else self._line
                record = Record(line=line, fields=tuple(fields or ()))
            yield from self._damaged
            self._damaged.clear()
            if record.damage or any(record.fields):
                yield record
            if fields is None:
                return

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        """The next physical line as text; for the reader alone."""
        if len(self._taken) >= _MAX_LINES:
            raise _TooManyLinesError
        numbered = self._ahead.popleft() if self._ahead else self._next_sound_line()
        self._taken.append(numbered)
        return numbered[1]

    def _next_sound_line(self) -> tuple[int, str]:
        while raw := self.source.readline(MAX_LINE_BYTES + 1):
            self._line += 1
            if len(raw) > MAX_LINE_BYTES:
                self._skip_rest(raw)
                self._damaged.append(Record(line=self._line, damage=TOO_LONG))
            elif (text := self._decode(raw)) is None:
                self._damaged.append(Record(line=self._line, damage=UNREADABLE))
            else:
                return self._line, text
        raise StopIteration

    def _skip_rest(self, raw: bytes) -> None:
        while raw and not raw.endswith(b"\n"):
            raw = self.source.readline(MAX_LINE_BYTES)

    def _decode(self, raw: bytes) -> str | None:
        if self._line == 1:
            raw = _without_mark(raw)
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            pass
        try:
            text = raw.decode("cp1252")
        except UnicodeDecodeError:
            return None
        self.not_utf8 += 1
        self.first_not_utf8 = self.first_not_utf8 or self._line
        return text


def _without_mark(raw: bytes) -> bytes:
    """The first line without UTF-8's byte order mark. Raises BadFile for other encodings and line ends."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        msg = "the file is in UTF-16: save it as CSV in UTF-8"
        raise BadFile(msg)
    if b"\r" in raw.rstrip(b"\r\n"):
        msg = "the file's lines end in old Macintosh style: save it with the line ends of Windows or Unix"
        raise BadFile(msg)
    return raw.removeprefix(codecs.BOM_UTF8)
