"""The body of one disposable worker process: takes tasks from its parent, one at a time, until killed.

Started by `pool` only. Applies its limits to itself before the first task, and asks the kernel to be
killed when its parent ends.
"""

from __future__ import annotations

import ctypes
import math
import os
import pickle
import resource
import signal
import sys
from multiprocessing.connection import Connection

from ingest.errors import MissingPart

_PR_SET_PDEATHSIG = 1
_CPU_GRACE_S = 5


def main(arguments: list[str]) -> None:
    """Serves the connection whose file descriptor is the first argument."""
    descriptor, parent, memory_bytes, file_bytes, cpu_s, open_files = (int(text) for text in arguments)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        return
    for number in (signal.SIGINT, signal.SIGTERM):  # the parent decides when work in hand stops
        signal.signal(number, lambda *_: None)  # a handler, for SIG_IGN would be inherited by tesseract
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (open_files, open_files))
    connection = Connection(descriptor)
    connection.send_bytes(b"ready")
    while True:
        try:
            order = connection.recv_bytes()
        except EOFError:
            return
        connection.send_bytes(_carry_out(order, cpu_s))


def _carry_out(order: bytes, cpu_s: int) -> bytes:
    task, arguments, timeout_s = pickle.loads(order)  # noqa: S301 - from our parent, over a private socket
    used = resource.getrusage(resource.RUSAGE_SELF)
    most_s = int(timeout_s) + _CPU_GRACE_S
    until_s = math.ceil(used.ru_utime + used.ru_stime) + (min(cpu_s, most_s) if cpu_s else most_s)
    resource.setrlimit(resource.RLIMIT_CPU, (until_s, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    try:
        return b"+" + bytes(task(*arguments))
    except MissingPart as error:
        return b"m" + str(error).encode()
    except BaseException as error:  # the class only: a message may quote the paper
        return b"-" + type(error).__name__.encode()


if __name__ == "__main__":
    main(sys.argv[1:])
