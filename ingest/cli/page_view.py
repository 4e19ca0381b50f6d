"""A page's picture for the person at the terminal: drawn in a worker process, kept inside the site.

Promise: the picture lies in a private file below the site's folder of temporary files, whose name tells
nothing; the next run of `batch` or `watch` sweeps it away.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from ingest.errors import StorageTrouble, WrongUse
from ingest.model import Document, FileOpened, PageArtefact, Turn
from ingest.reading import artefact
from ingest.reading.picture import page_png
from ingest.reading.tasks import open_task
from ingest.running.pool import TaskTrouble, WorkerPool
from ingest.running.site import Site

_LONG_SIDE_PX = 2200


def write_page_picture(site: Site, document: Document, page: int) -> Path:
    """The page as a PNG file, upright. Raises WrongUse when it has no picture, StorageTrouble."""
    scan = site.spool.path(document.scan.sha256)
    timeout_s = site.settings.reading.open_timeout_s
    pool = WorkerPool(1, site.limits())
    try:
        answer = pool.submit(open_task, str(scan), site.reading_options(), timeout_s=timeout_s).result()
        opened = artefact.decode_file(answer)
        if not isinstance(opened, FileOpened):
            raise WrongUse(f"document {document.id} cannot be shown: {opened.reason}")
        turn = _turn(site, document, page)
        drawing = pool.submit(
            page_png, scan, opened.kind, page, turn, _LONG_SIDE_PX, site.reading_options(), timeout_s=timeout_s
        )
        picture = drawing.result()
    except (TaskTrouble, ValueError):
        msg = f"page {page} of document {document.id} has no picture that can be shown"
        raise WrongUse(msg) from None
    finally:
        pool.close()
    return _keep(site.paths.temporary, picture)


def _turn(site: Site, document: Document, page: int) -> Turn:
    for row in site.ledger.pages_of(document.scan.id):
        if row.number == page and row.artefact_sha256 is not None:
            read = artefact.decode(site.artefacts.path(row.artefact_sha256).read_bytes())
            return read.turn if isinstance(read, PageArtefact) else Turn.NONE
    return Turn.NONE


def _keep(folder: Path, picture: bytes) -> Path:
    file = folder / f"view-{os.getpid()}-{secrets.token_hex(8)}.png"
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(picture)
    except OSError as error:
        msg = f"the picture cannot be written: {error.strerror}"
        raise StorageTrouble(msg) from None
    return file
