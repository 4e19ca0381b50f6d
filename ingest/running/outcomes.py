"""Pages' outcomes on their way: out of a worker, into safe keeping, and back from it."""

from __future__ import annotations

from concurrent.futures import Future

from ingest.errors import Damaged, StorageTrouble
from ingest.ledger import PageRow
from ingest.model import PageArtefact, PageFailure, PageOutcome, PageTrouble
from ingest.reading import artefact
from ingest.running.pool import PoolClosed, TaskTimedOut, TaskTrouble
from ingest.running.site import Site


class Stopped(Exception):
    """The program was asked to stop: pages in hand are recorded, the job goes back."""


def result(page: int, future: Future[bytes]) -> PageOutcome:
    """What a worker read of the page, or how it failed. Raises `Stopped` when the pool closes."""
    try:
        return artefact.decode(future.result())
    except PoolClosed:
        raise Stopped from None
    except TaskTimedOut as trouble:
        return PageFailure(page=page, trouble=PageTrouble.TIMEOUT, detail=str(trouble), has_picture=False)
    except TaskTrouble as trouble:
        return PageFailure(page=page, trouble=PageTrouble.CRASHED, detail=str(trouble), has_picture=False)
    except ValueError:
        detail = "the worker's answer was no page"
        return PageFailure(page=page, trouble=PageTrouble.CRASHED, detail=detail, has_picture=False)


def keep(outcome: PageArtefact, site: Site) -> str:
    """The artefact, on disk under its hash, which is returned. Raises StorageTrouble."""
    try:
        return site.artefacts.keep_bytes(artefact.encode(outcome)).sha256
    except OSError as error:
        msg = f"the artefacts folder cannot be written ({error.strerror}); run again"
        raise StorageTrouble(msg) from None


def load(row: PageRow, site: Site) -> PageOutcome:
    """What was recorded of a page that was read or given up. Raises Damaged when it is gone, StorageTrouble."""
    if row.failure is not None:
        return row.failure
    if row.artefact_sha256 is None:
        msg = f"page {row.number} was neither read nor given up"
        raise AssertionError(msg)
    try:
        return artefact.decode(site.artefacts.path(row.artefact_sha256).read_bytes())
    except (FileNotFoundError, ValueError):
        msg = "what was read of a page is gone or has changed; run: ingest verify --repair"
        raise Damaged(msg) from None
    except OSError as error:
        msg = f"the artefacts folder cannot be read ({error.strerror}); nothing was lost, run again"
        raise StorageTrouble(msg) from None
