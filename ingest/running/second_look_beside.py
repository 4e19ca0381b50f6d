"""Second looks are drawn as work goes on: at the end of a batch, and every so often by the daemon.

Promise: a trouble with the drawing is logged and holds nothing up; what was decided meanwhile is drawn of next time.
"""

from __future__ import annotations

import time

import structlog

from ingest.errors import PaperchartError
from ingest.running.runner import utc_now
from ingest.running.second_look import draw_second_looks
from ingest.running.site import Site

EVERY_S = 600.0
_log = structlog.get_logger()


def draw_now(site: Site) -> None:
    """Draws from what was decided since the last drawing."""
    try:
        drawn = draw_second_looks(site, by="pipeline", now=utc_now())
    except (PaperchartError, OSError) as trouble:
        _log.warning("second looks are drawn later", code=getattr(trouble, "code", type(trouble).__name__))
        return
    if drawn.chosen or drawn.known:
        _log.info("second looks drawn", chosen=drawn.chosen, known=drawn.known)


class DrawnBeside:
    """The daemon's drawing: asked at every turn, it draws now and then."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._next_s = time.monotonic() + EVERY_S

    def turn(self) -> None:
        """Draws when it is time."""
        if time.monotonic() >= self._next_s:
            draw_now(self._site)
            self._next_s = time.monotonic() + EVERY_S
