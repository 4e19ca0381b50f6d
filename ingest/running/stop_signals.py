"""SIGTERM and SIGINT ask for an end, whatever the program is doing at that moment."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_ASKING = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def heard(ask: Callable[[], None]) -> Iterator[None]:
    """While it lasts, each of the two calls `ask`, in a thread of its own; several at once may count as one.

    In a handler `ask` could touch no lock: Python runs handlers in the main thread between any two of its steps, in
    the middle of `Event.clear` too, where `Event.set` would wait for ever for the thread that it interrupted.
    For the main thread only, as all of `signal`.
    """
    ours, pythons = os.pipe()
    os.set_blocking(pythons, False)  # a full pipe has been heard of already

    def listen() -> None:
        while numbers := os.read(ours, 64):
            if any(number in numbers for number in _ASKING):
                ask()

    listening = threading.Thread(target=listen, name="stop-signals", daemon=True)
    listening.start()
    # first the pipe, and at the end last: a signal between would be lost to the handlers, which do nothing
    fd_before = signal.set_wakeup_fd(pythons, warn_on_full_buffer=False)
    # handlers, for SIG_IGN would be inherited by what is started meanwhile
    before = {number: signal.signal(number, lambda *_: None) for number in _ASKING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(fd_before)
        os.close(pythons)  # the listener's end
        listening.join()
        os.close(ours)
