"""The font of the text layer: no glyph is ever drawn, every character can be found and copied.

Promise: `font(pdf, characters)` makes one embedded Type 0 font whose ToUnicode gives back each of
`characters` exactly, inside or outside Latin-1, inside or outside the basic plane. Every character
is `ADVANCE` thousandths of the font size wide, ascends to the full size and does not descend, so
that a word's selection rectangle is the word's box.

The font file is written here, table by table: nothing is copied from anybody's font. Its one glyph is
two points at opposite corners: nothing to fill, yet a box, because Chrome marks what it finds by the
glyph's box and would mark an empty glyph by a hairline.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

import pikepdf
from pikepdf import Array, Dictionary, Name, String

ADVANCE = 500
_EM = 1000
_MADE = 3_029_529_600  # 2000-01-01 in seconds from 1904: a date must stand there, and the same one always
_NAME = "/PCHART+Glyphless"
_TO_UNICODE_BLOCK = 100  # entries a bfchar block may hold


def codes(characters: str) -> Mapping[str, int]:
    """A code for each distinct character, from 1, in the order of the characters themselves."""
    return {character: code for code, character in enumerate(sorted(set(characters)), start=1)}


def font(pdf: pikepdf.Pdf, coding: Mapping[str, int]) -> pikepdf.Object:
    """An indirect font dictionary in `pdf` that shows nothing and means what `coding` says."""
    descriptor = pdf.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name(_NAME),
            Flags=4,
            FontBBox=Array([0, 0, ADVANCE, _EM]),
            ItalicAngle=0,
            Ascent=_EM,
            Descent=0,
            CapHeight=_EM,
            StemV=80,
            FontFile2=pdf.make_stream(_truetype()),
        )
    )
    descendant = pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name(_NAME),
            CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
            FontDescriptor=descriptor,
            DW=ADVANCE,
            CIDToGIDMap=pdf.make_stream(b"\0\0" + b"\0\1" * len(coding)),
        )
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name(_NAME),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([descendant]),
            ToUnicode=pdf.make_stream(_to_unicode(coding)),
        )
    )


def _to_unicode(coding: Mapping[str, int]) -> bytes:
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    entries = [f"<{code:04X}> <{character.encode('utf-16-be').hex()}>" for character, code in coding.items()]
    for start in range(0, len(entries), _TO_UNICODE_BLOCK):
        block = entries[start : start + _TO_UNICODE_BLOCK]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap CMapName currentdict /CMap defineresource pop end end"]
    return "\n".join(lines).encode()


def _truetype() -> bytes:
    """A TrueType file with an empty glyph 0 and the two points as glyph 1."""
    glyph = struct.pack(">hhhhhHHHBBhhhh", 2, 0, 0, ADVANCE, _EM, 0, 1, 0, 1, 1, 0, ADVANCE, 0, _EM)
    tables = {
        b"OS/2": _os2(),
        b"cmap": struct.pack(">HHHHI", 0, 1, 1, 0, 12) + struct.pack(">HHH256B", 0, 262, 0, *([0] * 256)),
        b"glyf": glyph,
        b"head": _head(),
        b"hhea": struct.pack(">IhhhHhhhhhhhhhhhH", 0x10000, _EM, 0, 0, ADVANCE, *([0] * 11), 2),
        b"hmtx": struct.pack(">HhHh", ADVANCE, 0, ADVANCE, 0),
        b"loca": struct.pack(">HHH", 0, 0, len(glyph) // 2),
        b"maxp": struct.pack(">IHHHHHHHHHHHHHH", 0x10000, 2, 2, 2, 0, 0, 1, *([0] * 8)),
        b"name": struct.pack(">HHH", 0, 0, 6),
        b"post": struct.pack(">IIhhIIIII", 0x30000, 0, 0, 0, 0, 0, 0, 0, 0),
    }
    directory = struct.pack(">IHHHH", 0x10000, len(tables), 128, 3, len(tables) * 16 - 128)
    body = b""
    start = len(directory) + 16 * len(tables)
    for tag, table in tables.items():
        directory += struct.pack(">4sIII", tag, _checksum(table), start + len(body), len(table))
        body += table + b"\0" * (-len(table) % 4)
    file = bytearray(directory + body)
    at = start + _offset_in(tables, b"head") + 8
    file[at : at + 4] = struct.pack(">I", (0xB1B0AFBA - _checksum(bytes(file))) & 0xFFFFFFFF)
    return bytes(file)


def _head() -> bytes:
    version_and_sum = struct.pack(">IIII", 0x10000, 0x10000, 0, 0x5F0F3CF5)  # the sum is filled in last
    return version_and_sum + struct.pack(">HHQQhhhhHHhhh", 0, _EM, _MADE, _MADE, 0, 0, ADVANCE, _EM, 0, 8, 2, 0, 0)


def _os2() -> bytes:
    version_3 = struct.pack(">HhHHHhhhhhhhhhhh", 3, ADVANCE, 400, 5, 0, *([0] * 11))
    family = b"\0" * 10 + struct.pack(">IIII", 0, 0, 0, 0) + b"PCHT"
    metrics = struct.pack(">HHHhhhHHIIhhHHH", 64, 0x20, 0x20, _EM, 0, 0, _EM, 0, 0, 0, _EM, _EM, 0, 0x20, 0)
    return version_3 + family + metrics


def _checksum(data: bytes) -> int:
    padded = data + b"\0" * (-len(data) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF


def _offset_in(tables: Mapping[bytes, bytes], wanted: bytes) -> int:
    offset = 0
    for tag, table in tables.items():
        if tag == wanted:
            return offset
        offset += len(table) + -len(table) % 4
    raise KeyError(wanted)
