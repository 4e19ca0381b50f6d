"""What people accept is filed behind their back: the next document is on the screen before the PDF is written.

Promise: as `settle_filing`, in a thread of its own for as long as the desk in the browser runs; a trouble of the
system is waited out and said once.
"""

from __future__ import annotations

import threading

import structlog

from ingest.ledger import JobKind
from ingest.running.finding import try_to_keep_in_step
from ingest.running.runner import Runner
from ingest.running.site import Site

_EVERY_S = 5.0  # other processes' filings and withdrawals are looked for so often
_LOOK_S = 0.25  # between two looks whether a PDF is written
_PAUSE_S = 10.0
_NICENESS = 10  # the next page is waited for, the PDF is not
_log = structlog.get_logger()


class Filer:
    """Files what was decided, as soon as it is told. Use it as a context manager."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._told = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="filer", daemon=True)

    def __enter__(self) -> Filer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._told.set()
        self._thread.join()

    def tell(self) -> None:
        """Something was decided."""
        self._told.set()

    def _work(self) -> None:
        said = False
        while not self._stop.is_set():
            try:
                self._file()
                said = False
            except Exception as trouble:  # whatever it is, what is accepted next is to be filed as well
                if not said:
                    _log.warning("filing waits", code=getattr(trouble, "code", type(trouble).__name__))
                said = True
                self._stop.wait(_PAUSE_S)

    def _file(self) -> None:
        with Runner(self._site, workers=1, kinds=(JobKind.FILE,), niceness=_NICENESS) as runner:
            while not self._stop.is_set():
                self._told.clear()
                runner.drain(
                    lambda: runner.idle and not self._site.ledger.open_jobs(kinds=(JobKind.FILE,)), pause_s=_LOOK_S
                )
                runner.finish_withdrawals()
                if not self._told.wait(_EVERY_S):  # taking in text holds up whoever waits for a page
                    try_to_keep_in_step(self._site)
