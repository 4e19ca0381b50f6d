"""What a worker process runs to open a file or a picture: picklable values in, plain bytes out (pages: `ingest.page`).

Whatever a document does to a parser is an outcome, never an exception.
"""

from __future__ import annotations

from pathlib import Path

from ingest.model import FileRefused, FileTrouble, PageFailure, ScanKind
from ingest.reading.artefact import encode_file
from ingest.reading.options import ReadingOptions


def open_task(path: str, options: ReadingOptions) -> bytes:
    """`open_scan`, its outcome as `artefact.decode_file` reads it."""
    from ingest.reading.opening import open_scan

    try:
        return encode_file(open_scan(Path(path), options))
    except Exception:  # parsers of hostile bytes raise anything, MemoryError included
        return encode_file(
            FileRefused(trouble=FileTrouble.DAMAGED, reason="The file is damaged; scan it again or copy it again.")
        )


def picture_task(path: str, kind: ScanKind, page: int, options: ReadingOptions) -> bytes:
    """Whether a person could look at the page: not empty when its picture can be taken. Reads nothing."""
    from ingest.reading.pages import take_picture

    taken = take_picture(Path(path), kind, page, options, optional=True)
    return b"" if isinstance(taken, PageFailure) else b"there"
