"""A page's picture for the person at the terminal: drawn in a worker process, kept inside the site.

Promise: the picture lies in a private file below the site's folder of temporary files, whose name tells
nothing; the next run of `batch` or `watch` sweeps it away.
"""

from __future__ import annotations

import os
from pathlib import Path

from ingest.drafts import draft_name
from ingest.errors import StorageTrouble
from ingest.model import Document
from ingest.running.page_pictures import PagePictures
from ingest.running.site import Site

_LONG_SIDE_PX = 2200


def write_page_picture(site: Site, document: Document, page: int) -> Path:
    """The page as a PNG or JPEG file, upright. Raises WrongUse when it has no picture, StorageTrouble."""
    with PagePictures(site, workers=1, keep_bytes=0) as pictures:
        picture = pictures.get(document, page, long_side_px=_LONG_SIDE_PX)
    ending = "png" if picture.startswith(b"\x89PNG") else "jpg"
    file = site.paths.temporary / draft_name("view", ending=f".{ending}")
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(picture)
    except OSError as error:
        msg = f"the picture cannot be written: {error.strerror}"
        raise StorageTrouble(msg) from None
    return file
