"""One page, from its bytes to its artefact: picture, cleaning, barcodes, words, which way up."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from ingest.model import PageArtefact, PageFailure, PageOutcome, PageTrouble, ScanKind, Turn, Word
from ingest.reading.barcodes import find_barcodes
from ingest.reading.blank import Marks, find_marks
from ingest.reading.geometry import then, turned_size, turning
from ingest.reading.leftovers import add_leftovers
from ingest.reading.ocr.port import Layout, OcrEngine, OcrFailed, OcrTimedOut, ReadPicture
from ingest.reading.ocr.select import engine_for
from ingest.reading.options import ReadingOptions
from ingest.reading.orient import best_turn, score, went_badly
from ingest.reading.pages import take_picture
from ingest.reading.prepare import Prepared, prepare
from ingest.reading.raster import Picture, Raster

ARTEFACT_VERSION = 1
_WORD_CERTAIN = 0.5
_THROUGH = "the other side's print shines through"
_MIRROR_LEAST = 15.0  # letters read with certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """Words and the turn under which they were read."""

    words: tuple[Word, ...]
    turn: Turn
    shines_through: bool = False


def read_page(path: Path, kind: ScanKind, page: int, options: ReadingOptions) -> PageOutcome:
    """The page's artefact, or why there is none. `page` counts from 1.

    Raises MissingPart when there is no engine; what the document causes is a PageFailure.
    """
    cv2.setNumThreads(1)  # the pool has as many processes as there are cores
    engine = engine_for(options)
    raster = take_picture(path, kind, page, options)
    if isinstance(raster, PageFailure):
        return raster
    outcome = read_raster(raster, page, engine, options)
    if raster.origin == "pypdfium2" and isinstance(outcome, PageArtefact) and outcome.blank:
        return _second_look(path, page, outcome, engine, options)
    return outcome


def _second_look(path: Path, page: int, blank: PageArtefact, engine: OcrEngine, options: ReadingOptions) -> PageOutcome:
    """A drawn page that came out blank may be one that the renderer failed on: the other one is asked."""
    again = take_picture(path, ScanKind.PDF, page, replace(options, isolated=True), optional=True)
    if isinstance(again, PageFailure):
        return blank
    outcome = read_raster(again, page, engine, options)
    return outcome if isinstance(outcome, PageArtefact) and not outcome.blank else blank


def read_raster(raster: Raster, page: int, engine: OcrEngine, options: ReadingOptions) -> PageOutcome:
    """The same for a picture that is at hand."""
    prepared = prepare(raster)
    marks = find_marks(prepared.flat, prepared.dpi, prepared.skew_deg)
    deadline = time.monotonic() + options.ocr_timeout_s

    def read(picture: Picture, layout: Layout = Layout.PAGE, dpi: int = prepared.dpi) -> tuple[Word, ...]:
        left_s = deadline - time.monotonic()
        if left_s <= 0:
            raise OcrTimedOut("the page's time is used up")
        return engine.read(picture, dpi=dpi, layout=layout, timeout_s=left_s)

    try:
        reading = _read(prepared, marks, read)
    except OcrTimedOut:
        return _failed(page, PageTrouble.TIMEOUT, "Reading the page took too long.")
    except OcrFailed:
        return _failed(page, PageTrouble.OCR_FAILED, "The page's text could not be read.")
    return _artefact(raster, prepared, marks, reading, page, engine)


def _read(prepared: Prepared, marks: Marks, read: ReadPicture) -> _Reading:
    """Read as it lies, unless the lines run down the page; other ways up when that goes badly."""
    if marks.none:
        return _Reading(words=(), turn=Turn.NONE)
    if prepared.sideways:
        turn = best_turn(prepared.turned, prepared.dpi, True, read)
        if turn is not Turn.NONE:
            return _Reading(words=_read_fully(prepared.turned(turn), marks, read), turn=turn)
    words = _read_fully(prepared.black, marks, read)
    if not went_badly(words):
        return _Reading(words=words, turn=Turn.NONE)
    turn = Turn.NONE if prepared.sideways else best_turn(prepared.turned, prepared.dpi, False, read)
    if turn is not Turn.NONE:
        turned = _read_fully(prepared.turned(turn), marks, read)
        if score(turned) > score(words):
            return _Reading(words=turned, turn=turn)
    through = marks.faint and score(words) == 0.0 and _reads_in_the_mirror(prepared, read)
    return _Reading(words=words, turn=Turn.NONE, shines_through=through)


def _reads_in_the_mirror(prepared: Prepared, read: ReadPicture) -> bool:
    """Whether faint marks that say nothing are the other side's print, which reads in the mirror."""
    for turn in (Turn.NONE, Turn.HALF):
        mirrored = np.ascontiguousarray(prepared.turned(turn)[:, ::-1])
        if score(read(mirrored, Layout.PAGE)) >= _MIRROR_LEAST:
            return True
    return False


def _read_fully(picture: Picture, marks: Marks, read: ReadPicture) -> tuple[Word, ...]:
    words = read(picture, Layout.PAGE)
    if not words and marks.clear:  # layout analysis sees a picture where there is text
        words = read(picture, Layout.SCATTERED) or read(picture, Layout.BLOCK)
    return add_leftovers(picture, words, read)


def _artefact(
    raster: Raster, prepared: Prepared, marks: Marks, reading: _Reading, page: int, engine: OcrEngine
) -> PageArtefact:
    height, width = prepared.black.shape
    turn = reading.turn
    to_read = then(prepared.from_shown, turning(turn, width, height))
    barcodes = find_barcodes(raster.picture, to_read)
    read_width, read_height = turned_size(turn, width, height)
    empty = not marks.clear and not _says_something(reading.words)
    blank = (empty or reading.shines_through) and not barcodes
    return PageArtefact(
        version=ARTEFACT_VERSION,
        page=page,
        picture=raster.facts(),
        turn=turn,
        skew_deg=prepared.skew_deg,
        read_width_px=read_width,
        read_height_px=read_height,
        to_page=prepared.to_page(turn),
        engine=engine.name,
        engine_version=engine.version,
        languages=engine.languages,
        words=() if blank else reading.words,
        barcodes=barcodes,
        blank=blank,
        ink=round(1.0 - cv2.countNonZero(prepared.black) / prepared.black.size, 6),
        remarks=(*raster.remarks, *((_THROUGH,) if blank and reading.shines_through else ())),
    )


def _says_something(words: tuple[Word, ...]) -> bool:
    """One word that stands for more than specks taken for dots and dashes."""
    return any(word.confidence >= _WORD_CERTAIN and any(map(str.isalnum, word.text)) for word in words)


def _failed(page: int, trouble: PageTrouble, detail: str) -> PageFailure:
    return PageFailure(page=page, trouble=trouble, detail=detail, has_picture=True)
