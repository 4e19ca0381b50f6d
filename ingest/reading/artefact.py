"""Outcomes as bytes and back: what crosses from a worker, and what is kept by hash for ever.

The bytes are canonical (compact JSON in a fixed order, gzip without a time), so that the same reading has
the same hash. `decode` trusts nothing: a worker that was taken over can send a wrong page, never crash or
confuse the program. Every fault of the bytes is a ValueError.
"""

from __future__ import annotations

import gzip
import io
import json
import math
import zlib

from ingest.model import (
    ActivePart,
    Affine,
    Barcode,
    Box,
    Character,
    FileOpened,
    FileOutcome,
    FileRefused,
    FileTrouble,
    PageArtefact,
    PageFailure,
    PageOutcome,
    PageTrouble,
    PictureFacts,
    ScanKind,
    SecondReading,
    SignatureLine,
    Turn,
    Word,
)
from ingest.reading.shape import Shape

VERSION = 5
# 1 knows no second reading, 2 no page of which a part was read, 3 no lines to be signed, 4 no dark areas nor holes
_READABLE = (1, 2, 3, 4, 5)
_BYTES_MOST = 64_000_000  # unpacked; a dense page has under half a million
_WORDS_MOST = 50_000
_TEXT_MOST = 10_000
_SECOND_MOST = 100
_SIGNATURES_MOST = 100
_BOXES_MOST = 1_000


def encode(outcome: PageOutcome) -> bytes:
    """The canonical bytes of a page's outcome."""
    match outcome:
        case PageArtefact():
            body: dict[str, object] = {"artefact": _artefact_json(outcome)}
        case PageFailure():
            body = {
                "failure": {
                    "page": outcome.page,
                    "trouble": outcome.trouble.value,
                    "detail": outcome.detail,
                    "has_picture": outcome.has_picture,
                }
            }
    return _pack(body)


def decode(data: bytes) -> PageOutcome:
    """The outcome. Raises ValueError for anything that `encode` cannot have written."""
    body = _unpack(data)
    if "failure" in body.keys:
        failure = body.part("failure")
        return PageFailure(
            page=failure.whole("page", 1, 10_000_000),
            trouble=PageTrouble(failure.text("trouble", 100)),
            detail=failure.text("detail", _TEXT_MOST),
            has_picture=failure.flag("has_picture"),
        )
    return _artefact(body.part("artefact"))


def encode_file(outcome: FileOutcome) -> bytes:
    """The canonical bytes of a file's outcome."""
    match outcome:
        case FileOpened():
            return _pack(
                {
                    "opened": {
                        "kind": outcome.kind.value,
                        "pages": outcome.pages,
                        "remarks": list(outcome.remarks),
                        "active": [part.value for part in outcome.active],
                    }
                }
            )
        case FileRefused():
            return _pack({"refused": {"trouble": outcome.trouble.value, "reason": outcome.reason}})


def decode_file(data: bytes) -> FileOutcome:
    """The outcome. Raises ValueError for anything that `encode_file` cannot have written."""
    body = _unpack(data)
    if "refused" in body.keys:
        refused = body.part("refused")
        return FileRefused(trouble=FileTrouble(refused.text("trouble", 100)), reason=refused.text("reason", _TEXT_MOST))
    opened = body.part("opened")
    return FileOpened(
        kind=ScanKind(opened.text("kind", 100)),
        pages=opened.whole("pages", 1, 10_000_000),
        remarks=opened.texts("remarks", 100, _TEXT_MOST),
        active=tuple(ActivePart(part) for part in opened.texts("active", len(ActivePart), 100)),
    )


def _pack(body: dict[str, object]) -> bytes:
    text = json.dumps({"version": VERSION, **body}, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return gzip.compress(text.encode("ascii"), compresslevel=6, mtime=0)


def _unpack(data: bytes) -> Shape:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            text = packed.read(_BYTES_MOST + 1)
        if len(text) > _BYTES_MOST:
            raise ValueError("the outcome is too large")
        body = Shape(json.loads(text))
    except (OSError, EOFError, zlib.error, RecursionError) as error:
        raise ValueError("the outcome's bytes are damaged") from error
    if body.whole("version", 0, 1_000_000) not in _READABLE:
        raise ValueError("the outcome has another version")
    return body


def _artefact_json(page: PageArtefact) -> dict[str, object]:
    facts, map_ = page.picture, page.to_page
    return {
        "version": page.version,
        "page": page.page,
        "picture": {
            "width_px": facts.width_px,
            "height_px": facts.height_px,
            "dpi_x": facts.dpi_x,
            "dpi_y": facts.dpi_y,
            "dpi_known": facts.dpi_known,
            "origin": facts.origin,
        },
        "turn": page.turn.value,
        "skew_deg": page.skew_deg,
        "read_px": [page.read_width_px, page.read_height_px],
        "to_page": [map_.a, map_.b, map_.c, map_.d, map_.e, map_.f],
        "engine": page.engine,
        "engine_version": page.engine_version,
        "languages": list(page.languages),
        "words": [_word_json(word) for word in page.words],
        "barcodes": [[code.text, code.symbology, *_box_json(code.box)] for code in page.barcodes],
        "blank": page.blank,
        "ink": page.ink,
        "remarks": list(page.remarks),
        "second": [
            [*_box_json(one.box), one.engine, one.engine_version, [_word_json(word) for word in one.words]]
            for one in page.second
        ],
        "read_to_px": page.read_to_px,
        "signatures": [[*_box_json(one.box), one.label, int(one.inked)] for one in page.signatures],
        "dark": [_box_json(box) for box in page.dark],
        "holes": [_box_json(box) for box in page.holes],
    }


def _word_json(word: Word) -> list[object]:
    characters = [
        [character.text, character.confidence, [list(other) for other in character.alternatives]]
        for character in word.characters
    ]
    return [word.text, word.confidence, *_box_json(word.box), word.line, word.block, characters]


def _box_json(box: Box) -> list[float]:
    return [box.x0, box.y0, box.x1, box.y1]


def _artefact(body: Shape) -> PageArtefact:
    facts = body.part("picture")
    width, height = (item.as_whole(1, 1_000_000) for item in body.rows("read_px", 2, 2))
    a, b, c, d, e, f = (item.as_number(-1e9, 1e9) for item in body.rows("to_page", 6, 6))
    return PageArtefact(
        version=body.whole("version", 1, 1_000_000),
        page=body.whole("page", 1, 10_000_000),
        picture=PictureFacts(
            width_px=facts.whole("width_px", 1, 1_000_000),
            height_px=facts.whole("height_px", 1, 1_000_000),
            dpi_x=facts.number("dpi_x", 0.0, 1e6),
            dpi_y=facts.number("dpi_y", 0.0, 1e6),
            dpi_known=facts.flag("dpi_known"),
            origin=facts.text("origin", 100),
        ),
        turn=Turn(body.text("turn", 10)),
        skew_deg=body.number("skew_deg", -180.0, 180.0),
        read_width_px=width,
        read_height_px=height,
        to_page=Affine(a=a, b=b, c=c, d=d, e=e, f=f),
        engine=body.text("engine", 100),
        engine_version=body.text("engine_version", 200),
        languages=body.texts("languages", 100, 100),
        words=tuple(_word(item) for item in body.rows("words", 0, _WORDS_MOST)),
        barcodes=tuple(_barcode(item) for item in body.rows("barcodes", 0, 1_000)),
        blank=body.flag("blank"),
        ink=body.number("ink", 0.0, 1.0),
        remarks=body.texts("remarks", 100, _TEXT_MOST),
        second=tuple(_second(item) for item in body.rows("second", 0, _SECOND_MOST)) if "second" in body.keys else (),
        read_to_px=body.whole_or_none("read_to_px", 1, height - 1) if "read_to_px" in body.keys else None,
        signatures=tuple(map(_signature, body.rows("signatures", 0, _SIGNATURES_MOST)))
        if "signatures" in body.keys
        else (),
        dark=_boxes(body, "dark"),
        holes=_boxes(body, "holes"),
    )


def _signature(item: Shape) -> SignatureLine:
    x0, y0, x1, y1, label, inked = item.as_rows(6, 6)
    return SignatureLine(box=_box(x0, y0, x1, y1), label=label.as_text(_TEXT_MOST), inked=inked.as_whole(0, 1) == 1)


def _second(item: Shape) -> SecondReading:
    x0, y0, x1, y1, engine, version, words = item.as_rows(7, 7)
    return SecondReading(
        box=_box(x0, y0, x1, y1),
        engine=engine.as_text(100),
        engine_version=version.as_text(200),
        words=tuple(_word(one) for one in words.as_rows(0, 1_000)),
    )


def _word(item: Shape) -> Word:
    text, confidence, x0, y0, x1, y1, line, block, characters = item.as_rows(9, 9)
    return Word(
        text=text.as_text(_TEXT_MOST, empty=False),
        confidence=confidence.as_number(0.0, 1.0),
        box=_box(x0, y0, x1, y1),
        line=line.as_whole(0, 1_000_000),
        block=block.as_whole(0, 1_000_000),
        characters=tuple(_character(one) for one in characters.as_rows(0, _TEXT_MOST)),
    )


def _character(item: Shape) -> Character:
    text, confidence, others = item.as_rows(3, 3)
    pairs = (other.as_rows(2, 2) for other in others.as_rows(0, 100))
    return Character(
        text=text.as_text(100),
        confidence=confidence.as_number(0.0, 1.0),
        alternatives=tuple((other.as_text(100), weight.as_number(0.0, 1.0)) for other, weight in pairs),
    )


def _barcode(item: Shape) -> Barcode:
    text, symbology, x0, y0, x1, y1 = item.as_rows(6, 6)
    return Barcode(
        text=text.as_text(_TEXT_MOST, empty=False), symbology=symbology.as_text(100), box=_box(x0, y0, x1, y1)
    )


def _boxes(body: Shape, key: str) -> tuple[Box, ...]:
    return tuple(_box(*item.as_rows(4, 4)) for item in body.rows(key, 0, _BOXES_MOST)) if key in body.keys else ()


def _box(x0: Shape, y0: Shape, x1: Shape, y1: Shape) -> Box:
    edges = [edge.as_number(-1e6, 1e6) for edge in (x0, y0, x1, y1)]
    if edges[0] > edges[2] or edges[1] > edges[3] or not all(map(math.isfinite, edges)):
        raise ValueError("a box is turned inside out")
    return Box(x0=edges[0], y0=edges[1], x1=edges[2], y1=edges[3])
