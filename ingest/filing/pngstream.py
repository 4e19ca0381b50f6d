"""A PNG as a one-picture PDF on disk, its compressed data untouched and never held in memory.

Promise: grey, palette and colour PNGs of up to 8 bits, not interlaced and without transparency, come out as a
PDF whose picture holds the very bytes of the PNG's IDAT chunks: both formats keep rows the same way. Every other
PNG gives False and has to be taken another way.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOURS = {0: 1, 2: 3, 3: 1}  # colour type: samples a pixel
_SPACES = {0: "/DeviceGray", 2: "/DeviceRGB"}
_BLOCK = 1 << 20
_MANAGED = (b"iCCP", b"tRNS")  # a profile or transparency: the general way knows them
_MAY_TURN = (b"eXIf", b"tEXt", b"zTXt", b"iTXt")  # behind the picture: Pillow finds them only when it decodes all


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chunk:
    kind: bytes
    start: int
    size: int


def png_as_pdf(png: Path, target: Path) -> bool:
    """Writes the picture of `png` to `target` as the only picture of a PDF of one page; whether it could.

    Raises what the disk raises. A file that is no PNG, or is cut short, gives False.
    """
    with png.open("rb") as file:
        chunks = list(_chunks(file))
        header = chunks[0] if chunks else None
        if header is None or header.kind != b"IHDR" or header.size != 13 or chunks[-1].kind != b"IEND":
            return False
        file.seek(header.start)
        width, height, bits, colour, _, _, interlaced = struct.unpack(">IIBBBBB", file.read(13))
        space = _SPACES.get(colour) or (_palette(file, chunks) if colour == 3 else None)
        if space is None or bits > 8 or interlaced or _needs_more(chunks):
            return False
        picture = (
            f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent {bits}"
            f" /ColorSpace {space} /Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors {_COLOURS[colour]}"
            f" /BitsPerComponent {bits} /Columns {width} >>"
        )
        _write(target, file, picture, [chunk for chunk in chunks if chunk.kind == b"IDAT"])
    return True


def _chunks(file: BinaryIO) -> Iterator[_Chunk]:
    if file.read(8) != _SIGNATURE:
        return
    while len(head := file.read(8)) == 8:
        size, kind = struct.unpack(">I4s", head)
        start = file.tell()
        end = file.seek(size + 4, 1)
        yield _Chunk(kind=kind, start=start, size=size)
        if kind == b"IEND" or end <= start:
            return


def _needs_more(chunks: list[_Chunk]) -> bool:
    kinds = [chunk.kind for chunk in chunks]
    if b"IDAT" not in kinds or any(kind in _MANAGED for kind in kinds):
        return True
    return any(kind in _MAY_TURN for kind in kinds[kinds.index(b"IDAT") :])


def _palette(file: BinaryIO, chunks: list[_Chunk]) -> str | None:
    for chunk in chunks:
        if chunk.kind == b"PLTE" and 0 < chunk.size <= 768 and chunk.size % 3 == 0:
            file.seek(chunk.start)
            return f"[ /Indexed /DeviceRGB {chunk.size // 3 - 1} <{file.read(chunk.size).hex()}> ]"
    return None


def _write(target: Path, file: BinaryIO, picture: str, parts: list[_Chunk]) -> None:
    length = sum(part.size for part in parts)
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 72 72 ] /Resources << /XObject << /Im0 4 0 R >> >> >>",
    )
    with target.open("wb") as out:
        out.write(b"%PDF-1.7\n")
        places = []
        for number, text in enumerate(objects, start=1):
            places.append(out.tell())
            out.write(f"{number} 0 obj\n{text}\nendobj\n".encode())
        places.append(out.tell())
        out.write(f"4 0 obj\n{picture} /Length {length} >>\nstream\n".encode())
        for part in parts:
            file.seek(part.start)
            _copy(file, out, part.size)
        out.write(b"\nendstream\nendobj\n")
        start = out.tell()
        rows = "".join(f"{place:010} 00000 n \n" for place in places)
        out.write(f"xref\n0 5\n0000000000 65535 f \n{rows}".encode())
        out.write(f"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())


def _copy(source: BinaryIO, out: BinaryIO, size: int) -> None:
    while size > 0:
        block = source.read(min(size, _BLOCK))
        if not block:
            return
        out.write(block)
        size -= len(block)
