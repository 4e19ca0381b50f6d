"""What a program does to the files below one folder, step by step, as `strace` sees it: it, its threads and children.

Promises: every change of bytes and names below the folder is a step, in the order in which it took effect; a call
that could change files in a way that is not understood here is an error, never left out. Steps of SQLite's -shm
files are left out: they are rebuilt from the journal, and the only ones that are written through a mapping.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_CALLS = (
    "open,openat,openat2,creat,write,pwrite64,writev,pwritev,pwritev2,lseek,ftruncate,truncate,fallocate,rename,"
    "renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir,fsync,fdatasync,"
    "sync_file_range,syncfs,sync,mmap,copy_file_range,sendfile,io_uring_setup"
)
_LINE = re.compile(r"^(\d+) +(\w+)\((.*)\) += (-?\d+|0x[0-9a-f]+|\?)")
_BEGUN = re.compile(r"^(\d+) +(\w+)\((.*?),? *<unfinished \.\.\.>$")
_ENDED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>,? ?(.*)\) += (-?\d+|0x[0-9a-f]+|\?)")
_BYTES = re.compile(r"(?:\\x[0-9a-f]{2})*")
_HANDLE = re.compile(r"^(-?\d+|AT_FDCWD)(?:<((?:\\x[0-9a-f]{2})*)>)?(\(deleted\))?$")
_PIECE = re.compile(r'iov_base="((?:\\x[0-9a-f]{2})*)"')


class Kind(StrEnum):
    """What a step does; `Disk` has a method for each."""

    CREATE = "create"
    WRITE = "write"
    CUT = "cut"
    FOLDER = "folder"
    LINK = "link"
    RENAME = "rename"
    REMOVE = "remove"
    SYNC_BEGINS = "sync begins"
    SYNC_ENDS = "sync ends"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step; paths are relative to the folder watched. `sync` tells one sync from another."""

    kind: Kind
    path: str
    to: str = ""
    offset: int = 0
    data: bytes = b""
    size: int = 0
    sync: int = 0


class NotUnderstood(Exception):
    """The program changed files in a way that the recorder does not know."""


def can_trace() -> bool:
    """Whether this machine has strace, and lets it follow a program."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-f", "-o", os.devnull, "true"], capture_output=True).returncode == 0


def traced(command: Sequence[str], log: Path, *, cwd: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs the command; every call that could change a file goes to `log`, with all its bytes."""
    strace = ["strace", "-f", "--seccomp-bpf", "-y", "-xx", "-s", str(1 << 26), "-e", "signal=none"]
    return subprocess.run(
        [*strace, "-o", str(log), "-e", f"trace={_CALLS}", "--", *command],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
    )


def steps(log: Path, folder: Path, *, cwd: Path) -> Iterator[Step]:
    """The steps below `folder`. Raises `NotUnderstood`."""
    reader = _Reader(folder, cwd)
    with log.open(encoding="ascii") as lines:
        for line in lines:
            yield from reader.line(line.rstrip("\n"))


class _Reader:
    """Puts calls together that were interrupted by others, and turns them into steps."""

    def __init__(self, folder: Path, cwd: Path) -> None:
        self._prefix = os.fsencode(folder) + b"/"
        self._cwd = os.fsencode(cwd)
        self._begun: dict[str, tuple[str, int]] = {}
        self._at: dict[tuple[str, str], int] = {}  # descriptor and path: where the next write goes
        self._syncs = 0

    def line(self, line: str) -> Iterator[Step]:
        if begun := _BEGUN.match(line):
            thread, call, arguments = begun.groups()
            self._syncs += 1
            self._begun[thread] = (arguments, self._syncs)
            if call in ("fsync", "fdatasync"):
                yield from self._sync_begins(_split(arguments), self._syncs)
        elif ended := _ENDED.match(line):
            thread, call, rest, result = ended.groups()
            arguments, sync = self._begun.pop(thread)
            if call in ("fsync", "fdatasync"):
                yield from self._sync_ends(_split(arguments), result, sync)
            else:
                yield from self._call(call, _split(", ".join(part for part in (arguments, rest) if part)), result)
        elif whole := _LINE.match(line):
            _, call, arguments, result = whole.groups()
            if call in ("fsync", "fdatasync"):
                self._syncs += 1
                yield from self._sync_begins(_split(arguments), self._syncs)
                yield from self._sync_ends(_split(arguments), result, self._syncs)
            else:
                yield from self._call(call, _split(arguments), result)

    def _sync_begins(self, arguments: list[str], sync: int) -> Iterator[Step]:
        if (path := self._handle(arguments[0])) is not None:
            yield Step(kind=Kind.SYNC_BEGINS, path=path, sync=sync)

    def _sync_ends(self, arguments: list[str], result: str, sync: int) -> Iterator[Step]:
        if result == "0" and (path := self._handle(arguments[0])) is not None:
            yield Step(kind=Kind.SYNC_ENDS, path=path, sync=sync)

    def _call(self, call: str, arguments: list[str], result: str) -> Iterator[Step]:
        if result.startswith(("-", "?")):
            return
        match call:
            case "open" | "openat" | "openat2" | "creat":
                yield from self._open(call, arguments, result)
            case "write" | "writev":
                if (path := self._handle(arguments[0])) is not None:
                    place = (arguments[0].partition("<")[0], path)
                    at = self._at.get(place, 0)
                    self._at[place] = at + int(result)
                    yield Step(kind=Kind.WRITE, path=path, offset=at, data=_data(call, arguments)[: int(result)])
            case "pwrite64" | "pwritev" | "pwritev2":
                if (path := self._handle(arguments[0])) is not None:
                    at = int(arguments[3])
                    yield Step(kind=Kind.WRITE, path=path, offset=at, data=_data(call, arguments)[: int(result)])
            case "lseek":
                if (path := self._handle(arguments[0])) is not None:
                    self._at[(arguments[0].partition("<")[0], path)] = int(result)
            case "ftruncate":
                if (path := self._handle(arguments[0])) is not None:
                    yield Step(kind=Kind.CUT, path=path, size=int(arguments[1]))
            case "truncate":
                if (path := self._named(arguments[0])) is not None:
                    yield Step(kind=Kind.CUT, path=path, size=int(arguments[1]))
            case "rename" | "renameat" | "renameat2" | "link" | "linkat":
                kind = Kind.LINK if call.startswith("link") else Kind.RENAME
                yield from self._two_names(kind, call, arguments)
            case "unlink" | "rmdir":
                if (path := self._named(arguments[0])) is not None:
                    yield Step(kind=Kind.REMOVE, path=path)
            case "unlinkat":
                if (path := self._named(arguments[1], arguments[0])) is not None:
                    yield Step(kind=Kind.REMOVE, path=path)
            case "mkdir":
                if (path := self._named(arguments[0])) is not None:
                    yield Step(kind=Kind.FOLDER, path=path)
            case "mkdirat":
                if (path := self._named(arguments[1], arguments[0])) is not None:
                    yield Step(kind=Kind.FOLDER, path=path)
            case "mmap":
                shared = "PROT_WRITE" in arguments[2] and "MAP_SHARED" in arguments[3]
                if shared and self._handle(arguments[4]) is not None:
                    raise NotUnderstood("a file is written through a mapping")
            case _:  # syncs of other kinds promise less, or more than is wanted here
                if call == "io_uring_setup" or any(self._is_inside(argument) for argument in arguments):
                    raise NotUnderstood(call)

    def _open(self, call: str, arguments: list[str], result: str) -> Iterator[Step]:
        if call == "openat2":
            raise NotUnderstood(call)
        folder, *rest = arguments if call == "openat" else ["AT_FDCWD", *arguments]
        path = self._named(rest[0], folder)
        flags = rest[1] if call != "creat" else "O_WRONLY|O_CREAT|O_TRUNC"
        if path is None or "O_TMPFILE" in flags:  # a file without a name; it could get one only from outside
            return
        if "O_CREAT" in flags:
            yield Step(kind=Kind.CREATE, path=path)
        if "O_TRUNC" in flags:
            yield Step(kind=Kind.CUT, path=path, size=0)
        if "O_APPEND" in flags:
            raise NotUnderstood(flags)
        self._at[(result, path)] = 0

    def _two_names(self, kind: Kind, call: str, arguments: list[str]) -> Iterator[Step]:
        if call in ("rename", "link"):
            old, new = self._named(arguments[0]), self._named(arguments[1])
        else:
            old, new = self._named(arguments[1], arguments[0]), self._named(arguments[3], arguments[2])
        if (old is None) != (new is None) or "RENAME_EXCHANGE" in arguments[-1]:
            raise NotUnderstood("a file came from outside, or went there")
        if old is not None and new is not None:
            yield Step(kind=kind, path=old, to=new)

    def _handle(self, argument: str) -> str | None:
        """The path of an open file, None for one outside or one that has no name any more."""
        found = _HANDLE.match(argument)
        if found is None or found[2] is None or found[3]:
            return None
        return self._inside(_unescaped(found[2]))

    def _named(self, argument: str, folder: str = "AT_FDCWD") -> str | None:
        name = _unescaped(argument.strip('"'))
        found = _HANDLE.match(folder)
        base = _unescaped(found[2]) if found and found[2] else self._cwd
        return self._inside(os.path.normpath(os.path.join(base, name)))  # noqa: PTH118 - bytes

    def _inside(self, path: bytes) -> str | None:
        if path + b"/" == self._prefix:
            return ""
        if not path.startswith(self._prefix) or path.endswith(b"-shm"):
            return None
        return os.fsdecode(path.removeprefix(self._prefix))

    def _is_inside(self, argument: str) -> bool:
        return any(self._inside(_unescaped(text)) is not None for text in _BYTES.findall(argument) if text)


def _split(arguments: str) -> list[str]:
    return arguments.split(", ")  # strings are escaped whole


def _unescaped(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _data(call: str, arguments: list[str]) -> bytes:
    if call in ("write", "pwrite64"):
        return _unescaped(arguments[1].strip('"'))
    return b"".join(_unescaped(piece) for piece in _PIECE.findall(", ".join(arguments)))
