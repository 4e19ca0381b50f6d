"""What people accept is filed behind their back: the next document is on the screen before the PDF is written.

Promises: as `settle_filing`, for as long as the desk runs, however that ends; in a process of its own, so that nobody
at the desk waits while it computes. One that died is replaced; a trouble of the system is waited out and said once.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import structlog

from ingest import logs
from ingest.ledger import JobKind
from ingest.running.finding import try_to_keep_in_step
from ingest.running.giving_way import give_way
from ingest.running.runner import Runner
from ingest.running.site import Site, open_site

_EVERY_S = 5.0  # other processes' filings and withdrawals are looked for so often
_LOOK_S = 0.25  # between two looks whether a PDF is written
_PAUSE_S = 10.0
_END_S = 60.0  # for the PDF in hand; what is killed then is filed by whoever runs next
_NICENESS = 5  # below whoever waits for a page; lower yet, it would hold the ledger longer, for which they wait
_WRITING_NICENESS = 10
_log = structlog.get_logger()


class Filer:
    """The desk's end: files what was decided, as soon as it is told. Use it as a context manager."""

    def __init__(self, site: Site, *, pause_s: float = _PAUSE_S) -> None:
        self._home = site.home
        self._pause_s = pause_s
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._watching = threading.Thread(target=self._watch, name="filer", daemon=True)
        self._process, self._line = self._begin()

    def __enter__(self) -> Filer:
        self._watching.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._stop.set()
            os.close(self._line)
        self._watching.join()  # it waits for the process, which bounds its own end

    def tell(self) -> None:
        """Something was decided. Never waits: who hears nothing looks by itself before long."""
        with self._lock, suppress(OSError):
            if not self._stop.is_set():
                os.write(self._line, b".")

    def _begin(self) -> tuple[subprocess.Popen[bytes], int]:
        """A new process, and where it is told; its end is told by closing that."""
        theirs, ours = os.pipe()
        os.set_blocking(ours, False)
        command = [sys.executable, "-m", "ingest.running.filer", str(self._home)]
        try:
            process = subprocess.Popen(command, stdin=theirs, stdout=subprocess.DEVNULL)  # noqa: S603 - our own module
        except OSError:
            os.close(ours)
            raise
        finally:
            os.close(theirs)
        return process, ours

    def _watch(self) -> None:
        while True:
            status = self._process.wait()
            if self._stop.is_set():
                return
            _log.warning("the process that files ended; another one begins", status=status)
            self._replace()

    def _replace(self) -> None:
        """Another process, as soon as the system has one; returns when the desk ends, too."""
        said = False
        while not self._stop.wait(self._pause_s):
            with self._lock:
                if self._stop.is_set():
                    return
                try:
                    process, line = self._begin()
                except OSError as error:
                    if not said:
                        _log.warning("no process can be begun that files", trouble=error.strerror)
                    said = True
                    continue
                os.close(self._line)
                self._process, self._line = process, line
                return


class _Work:
    """What the process does until its standard input ends."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._told = threading.Event()
        self._ended = threading.Event()

    def listen(self) -> None:
        """Hears that something was decided, and that the desk ended: then there is little time left."""
        while os.read(sys.stdin.fileno(), 4096):
            self._told.set()
        self._ended.set()
        self._told.set()
        time.sleep(_END_S)
        os._exit(1)

    def run(self) -> None:
        """Files until the desk ends."""
        threading.Thread(target=self.listen, name="told", daemon=True).start()
        said = False
        while not self._ended.is_set():
            try:
                with open_site(self._home) as site:
                    self._file(site)
                said = False
            except Exception as trouble:  # whatever it is, what is accepted next is to be filed as well
                if not said:
                    _log.warning("filing waits", code=getattr(trouble, "code", type(trouble).__name__))
                said = True
                self._ended.wait(_PAUSE_S)

    def _file(self, site: Site) -> None:
        with Runner(site, workers=1, kinds=(JobKind.FILE,), niceness=_WRITING_NICENESS) as runner:
            while not self._ended.is_set():
                self._told.clear()
                runner.drain(
                    lambda: self._ended.is_set() or (runner.idle and not site.ledger.open_jobs(kinds=(JobKind.FILE,))),
                    pause_s=_LOOK_S,
                )
                runner.finish_withdrawals()
                if not self._told.wait(_EVERY_S):  # taking in text holds up what was just accepted
                    try_to_keep_in_step(site)


def main(arguments: list[str]) -> None:
    """Files what is decided at the desk of the site that is named."""
    for number in (signal.SIGINT, signal.SIGTERM):  # the desk decides when it ends
        signal.signal(number, lambda *_: None)  # a handler, for SIG_IGN would be inherited by what it starts
    os.umask(0o077)
    give_way(os.getpid(), _NICENESS)
    logs.configure()
    _Work(Path(arguments[0])).run()


if __name__ == "__main__":
    main(sys.argv[1:])
