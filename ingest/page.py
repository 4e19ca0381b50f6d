"""The way of one page: read it, see which identifiers are in doubt, read those places by a second engine.

    reading    → a `Sheet`: words, and the picture still at hand
    evidence   → which places of it hold somebody's identity that was not read with certainty
    reading    → what an independent engine reads there
    here       → the page's artefact, with both

Where the site reads identity first, the upper part of a page takes this way alone; the rest is read when that does
not tell whose the page is, or later (`rest_task`), or never.

Runs in a worker process: module-level functions on picklable values, answers as plain bytes. Whatever a
document does to a parser is an outcome, never an exception; only a missing engine is raised.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.errors import MissingPart
from ingest.evidence.doubt import regions_in_doubt
from ingest.evidence.labels import Labels
from ingest.evidence.suffices import suffices
from ingest.evidence.values import SiteFacts
from ingest.model import Box, PageArtefact, PageFailure, PageOutcome, PageTrouble, ScanKind, SecondReading
from ingest.reading.artefact import decode, encode
from ingest.reading.ocr.port import OcrFailed
from ingest.reading.ocr.second import SecondReader, second_reader_for
from ingest.reading.options import ReadingOptions
from ingest.reading.page import Sheet, read_on, read_rest, read_sheet

_SECOND_MOST_S = 2.5


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
    if sheet.artefact.read_to_px is not None:
        if suffices(sheet.artefact, guide.labels, guide.facts):
            return sheet.artefact
        sheet = _with_second(sheet, reader, guide)
        if sheet.artefact.second and suffices(sheet.artefact, guide.labels, guide.facts):
            return sheet.artefact
        whole = read_on(sheet, options)
        if isinstance(whole, PageFailure):
            return whole
        sheet = whole
    return _finished(_with_second(sheet, reader, guide))


def read_the_rest(
    path: Path, kind: ScanKind, artefact: PageArtefact, options: ReadingOptions, guide: Guide
) -> PageOutcome:
    """The page whole, of which a part was read: `artefact`, with the rest of its words.

    Read afresh when its picture comes out in another way by now. Raises MissingPart when there is no engine.
    """
    sheet = read_rest(path, kind, artefact, options)
    if sheet is None:
        return read_page(path, kind, artefact.page, replace(options, upper_first=False), guide)
    if isinstance(sheet, PageFailure):
        return sheet
    return _finished(_with_second(sheet, second_reader_for(options), guide))


def _finished(sheet: Sheet) -> PageArtefact:
    return replace(sheet.artefact, signatures=sheet.signature_lines())


def _with_second(sheet: Sheet, reader: SecondReader | None, guide: Guide) -> Sheet:
    if reader is None:
        return sheet
    second = (*sheet.artefact.second, *read_again(sheet, reader, guide))
    return replace(sheet, artefact=replace(sheet.artefact, second=second))


def read_again(sheet: Sheet, reader: SecondReader, guide: Guide) -> tuple[SecondReading, ...]:
    """What the second engine reads in the places in doubt that it was not shown yet, in the page's pixels.

    Computing time is bounded, not only places: what is read must not depend on what else the machine does.
    """
    until_s = time.process_time() + _SECOND_MOST_S
    read: list[SecondReading] = []
    for box in regions_in_doubt(sheet.artefact, guide.labels, guide.facts):
        if time.process_time() > until_s:
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
    return _told(page, lambda: read_page(Path(path), kind, page, options, guide))


def rest_task(path: str, kind: ScanKind, first: bytes, options: ReadingOptions, guide: Guide) -> bytes:
    """`read_the_rest` of the page whose artefact `first` encodes. Raises MissingPart without an engine."""
    artefact = decode(first)
    if isinstance(artefact, PageFailure):
        msg = "a page that could not be read has no rest"
        raise ValueError(msg)
    return _told(artefact.page, lambda: read_the_rest(Path(path), kind, artefact, options, guide))


def _told(page: int, read: Callable[[], PageOutcome]) -> bytes:
    try:
        return encode(read())
    except MissingPart:
        raise
    except MemoryError:  # its picture was taken: one that is too large for memory is told apart there
        trouble, detail = PageTrouble.CRASHED, "Reading the page took all the memory there is for it."
    except Exception:  # parsers of hostile bytes raise anything
        trouble, detail = PageTrouble.OCR_FAILED, "Reading the page failed; please look at it."
    return encode(PageFailure(page=page, trouble=trouble, detail=detail, has_picture=False))
