"""Tasks for the worker pool that behave badly on purpose; module-level, so that a worker can import them."""

from __future__ import annotations

import ctypes
import os
import re
import tempfile
import time
from pathlib import Path

from ingest.errors import MissingPart


def echo(text: str) -> bytes:
    return text.encode()


def process_id() -> bytes:
    return str(os.getpid()).encode()


def hang() -> bytes:
    time.sleep(3600)
    return b""


def wait_for(file: str) -> bytes:
    """Until somebody makes that file."""
    while not Path(file).exists():
        time.sleep(0.01)
    return b""


def write_down(file: str, name: str) -> bytes:
    """Appends its name."""
    with Path(file).open("a") as log:
        log.write(name)
    return b""


def spin(cpu_s: float) -> bytes:
    """Takes so much processor time."""
    until = time.process_time() + cpu_s
    while time.process_time() < until:
        pass
    return b"spun"


def crash() -> bytes:
    ctypes.string_at(0)  # a segmentation fault, as native libraries give them
    return b""


def eat_memory() -> bytes:
    return bytes(64 << 30)


def devour() -> bytes:
    """Takes memory piece by piece until there is none left."""
    pieces = []
    while True:
        pieces.append(bytes(64 << 20))


def write_to_no_end() -> None:
    """One file that grows."""
    with tempfile.TemporaryFile() as file:
        while True:
            file.write(bytes(1 << 20))


def write_files_to_no_end() -> None:
    """Files of a megabyte, each closed before the next."""
    while True:
        descriptor, _ = tempfile.mkstemp()
        with open(descriptor, "wb") as file:  # noqa: PTH123
            file.write(bytes(1 << 20))
        time.sleep(0.01)


def open_to_no_end() -> None:
    """Files, each held open."""
    held = []
    while True:
        held.append(tempfile.TemporaryFile())  # noqa: SIM115


def fail(secret: str) -> bytes:
    raise ValueError(secret)


def miss_a_part() -> bytes:
    raise MissingPart("no engine; run ingest doctor")


def write_much(path: str) -> bytes:
    with Path(path).open("wb") as file:
        for _ in range(64):
            file.write(bytes(1 << 20))
    return b"written"


def standing() -> bytes:
    """How nice the worker is, and on how many processors it may run."""
    return f"{os.getpriority(os.PRIO_PROCESS, 0)} {len(os.sched_getaffinity(0))}".encode()


def open_files() -> bytes:
    """The files that the worker has open, one a line."""
    names = []
    for entry in Path("/proc/self/fd").iterdir():
        try:
            names.append(str(entry.readlink()))
        except OSError:
            continue
    return "\n".join(names).encode()


def most_held() -> bytes:
    """The most memory that the worker has held, in kB: its own, never its parent's as `ru_maxrss` tells."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return found.group(1).encode()
