"""One page, from its bytes to its artefact: picture, cleaning, barcodes, words, which way up."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import cv2

from ingest.model import PageArtefact, PageFailure, PageOutcome, PageTrouble, ScanKind, Turn, Word
from ingest.reading.barcodes import find_barcodes
from ingest.reading.blank import Marks, find_marks
from ingest.reading.leftovers import read_leftovers
from ingest.reading.ocr.port import Layout, OcrEngine, OcrFailed, OcrTimedOut
from ingest.reading.ocr.select import engine_for
from ingest.reading.options import ReadingOptions
from ingest.reading.orient import best_turn, score, went_badly
from ingest.reading.pages import take_picture
from ingest.reading.prepare import Prepared, prepare
from ingest.reading.raster import Picture, Raster

ARTEFACT_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """Words and the turn under which they were read."""

    words: tuple[Word, ...]
    turn: Turn


def read_page(path: Path, kind: ScanKind, page: int, options: ReadingOptions) -> PageOutcome:
    """The page's artefact, or why there is none. `page` counts from 1.

    Raises MissingPart when there is no engine; what the document causes is a PageFailure.
    """
    cv2.setNumThreads(1)  # the pool has as many processes as there are cores
    engine = engine_for(options)
    raster = take_picture(path, kind, page, options)
    if isinstance(raster, PageFailure):
        return raster
    return read_raster(raster, page, engine, options)


def read_raster(raster: Raster, page: int, engine: OcrEngine, options: ReadingOptions) -> PageOutcome:
    """The same for a picture that is at hand."""
    prepared = prepare(raster)
    marks = find_marks(prepared.flat, prepared.dpi)
    barcodes = find_barcodes(raster.picture, prepared.from_shown)
    try:
        reading = _read(prepared, marks, engine, options)
    except OcrTimedOut:
        return _failed(page, PageTrouble.TIMEOUT, "Reading the page took too long.")
    except OcrFailed:
        return _failed(page, PageTrouble.OCR_FAILED, "The page's text could not be read.")
    return _artefact(raster, prepared, marks, reading, barcodes, page, engine)


def _failed(page: int, trouble: PageTrouble, detail: str) -> PageFailure:
    return PageFailure(page=page, trouble=trouble, detail=detail, has_picture=True)
