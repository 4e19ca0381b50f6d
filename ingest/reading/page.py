"""One page, from its bytes to what was read: picture, cleaning, barcodes, words, which way up."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np

from ingest.errors import MissingPart
from ingest.model import (
    Affine,
    Box,
    PageArtefact,
    PageFailure,
    PageOutcome,
    PageTrouble,
    ScanKind,
    SignatureLine,
    Turn,
    Word,
)
from ingest.reading.barcodes import find_barcodes
from ingest.reading.blank import Marks, find_marks
from ingest.reading.dark_areas import find_dark_areas
from ingest.reading.geometry import QUARTERS, then, turned_size, turning
from ingest.reading.leftovers import add_leftovers
from ingest.reading.ocr.port import Layout, OcrEngine, OcrFailed, OcrTimedOut, ReadPicture
from ingest.reading.ocr.select import engine_for
from ingest.reading.ocr.smaller import read_smaller
from ingest.reading.options import ReadingOptions
from ingest.reading.orient import best_turn, lie, reads_somehow, score, went_badly
from ingest.reading.pages import take_picture
from ingest.reading.patches import find_patches
from ingest.reading.pdfimages import has_lost_picture
from ingest.reading.prepare import Prepared, prepare
from ingest.reading.raster import Picture, Raster
from ingest.reading.signatures import find_signature_lines
from ingest.reading.upper import below, find_cut, shapes_between

ARTEFACT_VERSION = 5
_WORD_CERTAIN = 0.5
_THROUGH = "the other side's print shines through"
_MIRROR_LEAST = 15.0  # letters read with certainty
_MIRROR_TIMES = 2.0
_MIRROR_COVERS = 0.5
_WORD_LONG = 4
_PRINT_SCORE = 60.0  # so many letters read with certainty are print: nobody need look for strokes
_LETTER_ENOUGH_PX = 18.0  # Tesseract's network sees lines 36 pixels high, about two such letters
_SHRINK_MOST = 0.7  # small print stands beside large
_PIECES_MANY = 8_000  # of ink: more than a page of print has, unless it is a newspaper's; else noise
_DROWNED_FACTOR = 0.5  # at full size the engine looks for lines in noise for minutes
_ACROSS, _DOWN = (Turn.HALF, Turn.NONE), (Turn.RIGHT, Turn.LEFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """Words, the turn under which they were read, and the row where reading stopped, if it did."""

    words: tuple[Word, ...]
    turn: Turn
    read_to_px: int | None = None
    shines_through: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """A page that was read, its picture still at hand: nothing is decoded twice.

    `until` is when the page's time is used up, as `time.monotonic` tells it.
    """

    artefact: PageArtefact
    prepared: Prepared
    until: float

    def signature_lines(self) -> tuple[SignatureLine, ...]:
        """The lines to be signed, where words ask for it."""
        turns = QUARTERS[self.artefact.turn]
        black, flat = np.rot90(self.prepared.black, turns), np.rot90(self.prepared.flat, turns)
        return find_signature_lines(black, flat, self.artefact.words)

    def grey(self, box: Box) -> Picture:
        """The evenly lit grey picture inside `box`, which is in pixels of the picture that was read."""
        upright = np.rot90(self.prepared.flat, QUARTERS[self.artefact.turn])
        height, width = upright.shape
        x0, x1 = (min(width, max(0, round(x))) for x in (box.x0, box.x1))
        y0, y1 = (min(height, max(0, round(y))) for y in (box.y0, box.y1))
        return np.ascontiguousarray(upright[y0:y1, x0:x1])


def read_sheet(path: Path, kind: ScanKind, page: int, options: ReadingOptions) -> Sheet | PageFailure:
    """The page as read, or why it was not. `page` counts from 1.

    Raises MissingPart when there is no engine; what the document causes is a PageFailure.
    """
    cv2.setNumThreads(1)  # the pool has as many processes as there are cores
    engine = engine_for(options)
    raster = take_picture(path, kind, page, options)
    if isinstance(raster, PageFailure):
        return raster
    sheet = sheet_of(raster, page, engine, options)
    if kind is not ScanKind.PDF or isinstance(sheet, PageFailure) or not sheet.artefact.blank:
        return sheet
    second = _second_look(path, page, sheet, engine, options) if raster.origin == "pypdfium2" else sheet
    if isinstance(second, Sheet) and second.artefact.blank and has_lost_picture(path, page, options):
        detail = "The page's picture is damaged; scan it again."
        return PageFailure(page=page, trouble=PageTrouble.NO_PICTURE, detail=detail, has_picture=False)
    return second


def _second_look(
    path: Path, page: int, blank: Sheet, engine: OcrEngine, options: ReadingOptions
) -> Sheet | PageFailure:
    """A drawn page that came out blank may be one that the renderer failed on: the other one is asked."""
    try:
        again = take_picture(path, ScanKind.PDF, page, replace(options, isolated=True))
    except MissingPart:
        return blank
    if isinstance(again, PageFailure):  # an empty page that cannot be drawn is none
        detail = "One renderer shows nothing on the page, the other cannot draw it; please look at it."
        return PageFailure(page=page, trouble=PageTrouble.NO_PICTURE, detail=detail, has_picture=True)
    sheet = sheet_of(again, page, engine, options)
    return sheet if isinstance(sheet, Sheet) and not sheet.artefact.blank else blank


def read_raster(raster: Raster, page: int, engine: OcrEngine, options: ReadingOptions) -> PageOutcome:
    """What was read of a picture that is at hand."""
    sheet = sheet_of(raster, page, engine, options)
    return sheet.artefact if isinstance(sheet, Sheet) else sheet


def sheet_of(raster: Raster, page: int, engine: OcrEngine, options: ReadingOptions) -> Sheet | PageFailure:
    """The same with the picture."""
    prepared = prepare(raster)
    marks = _MarksOnDemand(prepared)
    until = time.monotonic() + options.ocr_timeout_s
    try:
        read = _reader(prepared, engine, until)
        if options.turn is None:
            reading = _read(prepared, marks, read, upper_first=options.upper_first)
        else:
            reading = _Reading(words=_read_fully(prepared, options.turn, marks, read), turn=options.turn)
    except OcrFailed as failure:
        return _failed(page, failure)
    return Sheet(artefact=_artefact(raster, prepared, marks, reading, page, engine), prepared=prepared, until=until)


def read_on(sheet: Sheet, options: ReadingOptions) -> Sheet | PageFailure:
    """The page with the rest of its picture read too; what was read of it is not read again."""
    cut, prepared = sheet.artefact.read_to_px, sheet.prepared
    if cut is None:
        return sheet
    try:
        read = _reader(prepared, engine_for(options), sheet.until)
        rest = _read_rows(prepared, cut, prepared.black.shape[0], read)
    except OcrFailed as failure:
        return _failed(sheet.artefact.page, failure)
    words = below(sheet.artefact.words, rest, cut)
    return replace(sheet, artefact=replace(sheet.artefact, version=ARTEFACT_VERSION, words=words, read_to_px=None))


def read_rest(
    path: Path, kind: ScanKind, artefact: PageArtefact, options: ReadingOptions
) -> Sheet | PageFailure | None:
    """The page with the rest of it read, of which `artefact` is what was read first.

    None when its picture is prepared in another way by now: the parts would not fit. Raises MissingPart.
    """
    cv2.setNumThreads(1)
    raster = take_picture(path, kind, artefact.page, options)
    if isinstance(raster, PageFailure):
        return raster
    prepared = prepare(raster)
    size = (artefact.read_height_px, artefact.read_width_px)
    same = (
        artefact.version == ARTEFACT_VERSION
        and prepared.black.shape == size
        and prepared.to_page(Turn.NONE) == artefact.to_page
    )
    if not same or artefact.turn is not Turn.NONE or raster.facts() != artefact.picture:
        return None
    until = time.monotonic() + options.ocr_timeout_s
    return read_on(Sheet(artefact=artefact, prepared=prepared, until=until), options)


def _reader(prepared: Prepared, engine: OcrEngine, until: float) -> ReadPicture:
    """What reads a picture of this page, at the size that is enough, as long as there is time.

    Raises OcrFailed when that cannot be told.
    """
    factor = _reading_factor(prepared.letter_px)

    def read(picture: Picture, layout: Layout = Layout.PAGE, dpi: int = prepared.dpi) -> tuple[Word, ...]:
        left_s = until - time.monotonic()
        if left_s <= 0:
            raise OcrTimedOut("the page's time is used up")
        return read_smaller(engine, picture, factor, dpi=dpi, layout=layout, timeout_s=left_s)

    if len(prepared.shapes) > _PIECES_MANY and not reads_somehow(prepared.black, prepared.dpi, read):
        factor = min(factor, _DROWNED_FACTOR)
    return read


class _MarksOnDemand:
    """The page's marks, looked for when first asked: a page of print need not be."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared

    @cached_property
    def found(self) -> Marks:
        return find_marks(self._prepared.flat, self._prepared.dpi, self._prepared.skew_deg)


def _reading_factor(letter_px: float | None) -> float:
    """How much smaller the engine is given the picture: letters beyond what it looks at only cost time."""
    return _SHRINK_MOST if letter_px is None else min(1.0, max(_SHRINK_MOST, _LETTER_ENOUGH_PX / letter_px))


def _read(prepared: Prepared, marks: _MarksOnDemand, read: ReadPicture, *, upper_first: bool) -> _Reading:
    """Read as it lies, unless the lines run down the page; other ways up when that goes badly.

    `upper_first`: the rest is left unread where the upper part reads well as it lies.
    """
    if prepared.letter_px is None and marks.found.none and len(prepared.shapes) <= _PIECES_MANY:
        return _Reading(words=(), turn=Turn.NONE)
    if prepared.sideways:
        turn = best_turn(prepared.turned, prepared.dpi, (*_DOWN, *_ACROSS), read)
        if turn is not Turn.NONE:
            return _Reading(words=_read_fully(prepared, turn, marks, read), turn=turn)
    cut = find_cut(prepared.shapes, prepared.black.shape[0], prepared.dpi, prepared.letter_px) if upper_first else None
    if cut is None:
        words = _read_fully(prepared, Turn.NONE, marks, read)
    else:
        words = _read_rows(prepared, 0, cut, read)
        if not went_badly(words):
            return _Reading(words=words, turn=Turn.NONE, read_to_px=cut)
        words = below(words, _read_rows(prepared, cut, prepared.black.shape[0], read), cut)
        words = words or _read_fully(prepared, Turn.NONE, marks, read)
    if not went_badly(words):
        return _Reading(words=words, turn=Turn.NONE)
    if lie(words) or not prepared.sideways:
        turn = best_turn(prepared.turned, prepared.dpi, _turns_for(words, prepared), read, words)
        if turn is not Turn.NONE:
            turned = _read_fully(prepared, turn, marks, read)
            if score(turned) > score(words):
                return _Reading(words=turned, turn=turn)
    through = marks.found.faint and _reads_in_the_mirror(prepared, marks.found, words, read)
    return _Reading(words=words, turn=Turn.NONE, shines_through=through)


def _turns_for(words: tuple[Word, ...], prepared: Prepared) -> tuple[Turn, ...]:
    """The ways up that a badly read page may have. Rules and grids run across on any page, words tell more."""
    if lie(words):
        return (Turn.NONE, *_DOWN)
    return _ACROSS if prepared.across else (*_ACROSS, *_DOWN)


def _reads_in_the_mirror(prepared: Prepared, marks: Marks, words: tuple[Word, ...], read: ReadPicture) -> bool:
    """Whether faint marks are the other side's print: it reads in the mirror, and nothing there reads better.

    Both what was read with certainty and the longest strokes must lie where print was read in the mirror:
    a note in pencil beside print that shines through is a note.
    """
    height, width = prepared.black.shape
    for turn in (Turn.NONE, Turn.HALF):
        mirrored = read(np.ascontiguousarray(prepared.turned(turn)[:, ::-1]), Layout.PAGE)
        if score(mirrored) < max(_MIRROR_LEAST, _MIRROR_TIMES * score(words)):
            continue
        there = tuple(replace(word, box=_unmirrored(word.box, turn, width, height)) for word in mirrored)
        if all(score(_upon(word.box, there)) >= score((word,)) for word in words) and all(
            _covered(box, there) >= _MIRROR_COVERS for box in marks.bold_spots
        ):
            return True
    return False


def _unmirrored(box: Box, turn: Turn, width: int, height: int) -> Box:
    """Where a box of the picture that was turned and then mirrored lies in the picture itself."""
    if turn is Turn.NONE:
        return Box(x0=width - box.x1, y0=box.y0, x1=width - box.x0, y1=box.y1)
    return Box(x0=box.x0, y0=height - box.y1, x1=box.x1, y1=height - box.y0)


def _upon(box: Box, words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words that a box touches."""
    return tuple(word for word in words if box.shared_area(word.box) > 0)


def _covered(box: Box, words: tuple[Word, ...]) -> float:
    """The share of a box that the words on it take up."""
    return sum(box.shared_area(word.box) for word in words) / max(1.0, box.area)


def _read_fully(prepared: Prepared, turn: Turn, marks: _MarksOnDemand, read: ReadPicture) -> tuple[Word, ...]:
    picture = prepared.turned(turn)
    words = read(picture, Layout.PAGE)
    if not words and marks.found.clear:  # layout analysis sees a picture where there is text
        words = read(picture, Layout.SCATTERED) or read(picture, Layout.BLOCK)
    return add_leftovers(picture, prepared.shapes_turned(turn), words, read)


def _read_rows(prepared: Prepared, top: int, bottom: int, read: ReadPicture) -> tuple[Word, ...]:
    """The words in these rows of the page as it lies, in pixels of the part."""
    picture = np.ascontiguousarray(prepared.black[top:bottom])
    return add_leftovers(picture, shapes_between(prepared.shapes, top, bottom), read(picture, Layout.PAGE), read)


def _artefact(
    raster: Raster, prepared: Prepared, marks: _MarksOnDemand, reading: _Reading, page: int, engine: OcrEngine
) -> PageArtefact:
    height, width = prepared.black.shape
    turn = reading.turn
    to_read = then(prepared.from_shown, turning(turn, width, height))
    barcodes = (*find_barcodes(raster.picture, to_read), *find_patches(raster.picture, to_read))
    read_width, read_height = turned_size(turn, width, height)
    empty = (
        score(reading.words) < _PRINT_SCORE
        and len(prepared.shapes) <= _PIECES_MANY
        and not marks.found.clear
        and not _says_something(reading, marks.found, width, height)
    )
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
        read_to_px=None if blank else reading.read_to_px,
        holes=tuple(_mapped(hole, turning(turn, width, height)) for hole in prepared.holes),
        dark=() if blank else find_dark_areas(prepared.shapes_turned(turn), prepared.dpi),
    )


def _says_something(reading: _Reading, marks: Marks, width: int, height: int) -> bool:
    """One word that stands for more than specks taken for dots and dashes.

    A short one must stand on a stroke: in bare noise and in punch holes an I or an O is soon seen.
    """
    turn = turning(reading.turn, width, height)
    spots = tuple(_mapped(spot, turn) for spot in marks.spots)
    for word in reading.words:
        letters = sum(map(str.isalnum, word.text))
        stands = letters >= _WORD_LONG or any(word.box.shared_area(spot) > 0 for spot in spots)
        if word.confidence >= _WORD_CERTAIN and letters and stands:
            return True
    return False


def _mapped(box: Box, map_: Affine) -> Box:
    """A box after a quarter turn."""
    (x0, y0), (x1, y1) = map_.apply(box.x0, box.y0), map_.apply(box.x1, box.y1)
    return Box(x0=min(x0, x1), y0=min(y0, y1), x1=max(x0, x1), y1=max(y0, y1))


def _failed(page: int, failure: OcrFailed) -> PageFailure:
    if isinstance(failure, OcrTimedOut):
        trouble, detail = PageTrouble.TIMEOUT, "Reading the page took too long."
    else:
        trouble, detail = PageTrouble.OCR_FAILED, "The page's text could not be read."
    return PageFailure(page=page, trouble=trouble, detail=detail, has_picture=True)
