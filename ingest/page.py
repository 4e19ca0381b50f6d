"""The way of one page: read it, see which identifiers are in doubt, read those places by a second engine.

    reading    → a `Sheet`: words, and the picture still at hand
    evidence   → which places of it hold somebody's identity that was not read with certainty
    reading    → what an independent engine reads there
    here       → the page's artefact, with both

Runs in a worker process: module-level functions on picklable values, answers as plain bytes. Whatever a
document does to a parser is an outcome, never an exception; only a missing engine is raised.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.errors import MissingPart
from ingest.evidence.doubt import regions_in_doubt
from ingest.evidence.labels import Labels
from ingest.evidence.values import SiteFacts
from ingest.model import Box, PageFailure, PageOutcome, PageTrouble, ScanKind, SecondReading
from ingest.reading.artefact import encode
from ingest.reading.ocr.port import OcrFailed
from ingest.reading.ocr.second import SecondReader, second_reader_for
from ingest.reading.options import ReadingOptions
from ingest.reading.page import Sheet, read_sheet

_SECOND_MOST_S = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """What tells where identity stands on a page: the site's labels and patterns. Picklable, 60 kB."""

    labels: Labels
    facts: SiteFacts


def read_page(path: Path, kind: ScanKind, page: int, options: ReadingOptions, guide: Guide) -> PageOutcome:
    """The page's artefact, or why there is none. `page` counts from 1.

    Raises MissingPart when there is no engine; what the document causes is a PageFailure.
    """
    sheet = read_sheet(path, kind, page, options)
    if isinstance(sheet, PageFailure):
        return sheet
    reader = second_reader_for(options)
    return sheet.artefact if reader is None else replace(sheet.artefact, second=read_again(sheet, reader, guide))


def read_again(sheet: Sheet, reader: SecondReader, guide: Guide) -> tuple[SecondReading, ...]:
    """What the second engine reads in the places in doubt, in the page's pixels. Time is bounded, not only places."""
    until = time.monotonic() + _SECOND_MOST_S
    read: list[SecondReading] = []
    for box in regions_in_doubt(sheet.artefact, guide.labels, guide.facts):
        if time.monotonic() > until:
            break
        try:
            words = reader.read(sheet.grey(box))
        except OcrFailed:
            continue
        x, y = round(box.x0), round(box.y0)
        moved = tuple(replace(word, box=_moved(word.box, x, y)) for word in words)
        read.append(SecondReading(box=box, engine=reader.name, engine_version=reader.version, words=moved))
    return tuple(read)


def _moved(box: Box, x: float, y: float) -> Box:
    return Box(x0=box.x0 + x, y0=box.y0 + y, x1=box.x1 + x, y1=box.y1 + y)


def read_task(path: str, kind: ScanKind, page: int, options: ReadingOptions, guide: Guide) -> bytes:
    """`read_page`, its outcome as `artefact.decode` reads it. Raises MissingPart without an engine."""
    try:
        return encode(read_page(Path(path), kind, page, options, guide))
    except MissingPart:
        raise
    except MemoryError:  # its picture was taken: one that is too large for memory is told apart there
        trouble, detail = PageTrouble.CRASHED, "Reading the page took all the memory there is for it."
    except Exception:  # parsers of hostile bytes raise anything
        trouble, detail = PageTrouble.OCR_FAILED, "Reading the page failed; please look at it."
    return encode(PageFailure(page=page, trouble=trouble, detail=detail, has_picture=False))
