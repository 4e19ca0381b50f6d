"""One frame of a TIFF as bytes of its own, its compressed data untouched where a PDF can hold it.

Promise: a Group 4 frame in one strip comes out as a TIFF with the very same strip, a JPEG frame in one
strip as a JPEG of the very same scan data; both are embedded in the PDF bit for bit. Every other frame
gives None: it has to be decoded (losslessly) because a PDF picture is one stream.
"""

from __future__ import annotations

import struct
from pathlib import Path

from PIL import Image

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _FILL_ORDER = 256, 257, 258, 259, 262, 266
_STRIP_OFFSETS, _SAMPLES, _STRIP_BYTES, _JPEG_TABLES, _OPTIONS_T6 = 273, 277, 279, 347, 293
_GROUP_4, _JPEG = 4, 7
_RGB, _YCBCR = 2, 6
_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_ADOBE_RGB = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"  # transform 0: the samples are RGB


def untouched_frame(image: Image.Image, path: Path) -> bytes | None:
    """The frame at which `image` stands, as a TIFF or JPEG of its own, or None when it must be decoded."""
    tags = dict(image.tag_v2)  # type: ignore[attr-defined]
    offsets, lengths = _numbers(tags.get(_STRIP_OFFSETS)), _numbers(tags.get(_STRIP_BYTES))
    if len(offsets) != 1 or len(lengths) != 1:
        return None
    with path.open("rb") as file:
        file.seek(offsets[0])
        strip = file.read(lengths[0])
    if len(strip) != lengths[0]:
        return None
    match tags.get(_COMPRESSION):
        case 4:
            return _group4_file(tags, strip)
        case 7:
            return _jpeg_file(tags, strip)
        case _:
            return None


def _group4_file(tags: dict[int, object], strip: bytes) -> bytes | None:
    if tags.get(_PHOTOMETRIC) not in (0, 1) or _numbers(tags.get(_OPTIONS_T6, 0)) != (0,):
        return None
    (width,), (height,) = _numbers(tags[_WIDTH]), _numbers(tags[_HEIGHT])
    entries = {
        _WIDTH: width,
        _HEIGHT: height,
        _BITS: 1,
        _COMPRESSION: _GROUP_4,
        _PHOTOMETRIC: _numbers(tags[_PHOTOMETRIC])[0],
        _FILL_ORDER: (_numbers(tags.get(_FILL_ORDER)) or (1,))[0],
        _STRIP_OFFSETS: 8,
        _SAMPLES: 1,
        278: height,  # rows of the strip
        _STRIP_BYTES: len(strip),
    }
    padded = strip + b"\0" * (len(strip) % 2)
    directory = struct.pack("<H", len(entries))
    for tag, value in sorted(entries.items()):
        directory += struct.pack("<HHII", tag, 4, 1, value)
    return struct.pack("<2sHI", b"II", 42, 8 + len(padded)) + padded + directory + struct.pack("<I", 0)


def _jpeg_file(tags: dict[int, object], strip: bytes) -> bytes | None:
    tables = tags.get(_JPEG_TABLES, b"")
    tables = bytes(tables) if isinstance(tables, bytes | bytearray) else b""
    if not strip.startswith(_SOI) or (tables and not (tables.startswith(_SOI) and tables.endswith(_EOI))):
        return None
    photometric, samples = tags.get(_PHOTOMETRIC), tags.get(_SAMPLES, 1)
    colours = _ADOBE_RGB if photometric == _RGB and samples == 3 else b""
    if samples not in (1, 3) or (samples == 3 and photometric not in (_RGB, _YCBCR)):
        return None
    return _SOI + colours + tables[2:-2] + strip[2:]


def _numbers(value: object) -> tuple[int, ...]:
    if isinstance(value, int):
        return (value,)
    if isinstance(value, tuple) and all(isinstance(item, int) for item in value):
        return value
    return ()
