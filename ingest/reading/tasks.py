"""What a worker process runs: module-level functions on picklable values, answers as plain bytes.

Whatever a document does to a parser is an outcome, never an exception; only a missing engine is raised.
"""

from __future__ import annotations

from pathlib import Path

from ingest.errors import MissingPart
from ingest.model import FileRefused, FileTrouble, PageFailure, PageTrouble, ScanKind
from ingest.reading.artefact import encode, encode_file
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


def read_task(path: str, kind: ScanKind, page: int, options: ReadingOptions) -> bytes:
    """`read_page`, its outcome as `artefact.decode` reads it. Raises MissingPart without an engine."""
    from ingest.reading.page import read_page

    try:
        return encode(read_page(Path(path), kind, page, options))
    except MissingPart:
        raise
    except MemoryError:  # its picture was taken: one that is too large for memory is told apart there
        trouble, detail = PageTrouble.CRASHED, "Reading the page took all the memory there is for it."
    except Exception:  # parsers of hostile bytes raise anything
        trouble, detail = PageTrouble.OCR_FAILED, "Reading the page failed; please look at it."
    return encode(PageFailure(page=page, trouble=trouble, detail=detail, has_picture=False))


def picture_task(path: str, kind: ScanKind, page: int, options: ReadingOptions) -> bytes:
    """Whether a person could look at the page: not empty when its picture can be taken. Reads nothing."""
    from ingest.reading.pages import take_picture

    taken = take_picture(Path(path), kind, page, options, optional=True)
    return b"" if isinstance(taken, PageFailure) else b"there"
