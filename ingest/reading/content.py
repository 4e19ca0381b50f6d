"""What a file is, told by its first bytes and never by its name."""

from __future__ import annotations

from ingest.model import ScanKind

HEAD_BYTES = 1024  # Acrobat finds %PDF- within so many; scanners and mailers put junk before it

_MAGIC: tuple[tuple[bytes, ScanKind], ...] = (
    (b"\x89PNG\r\n\x1a\n", ScanKind.PNG),
    (b"\xff\xd8\xff", ScanKind.JPEG),
    (b"II*\x00", ScanKind.TIFF),
    (b"MM\x00*", ScanKind.TIFF),
    (b"II+\x00", ScanKind.TIFF),  # BigTIFF
    (b"MM\x00+", ScanKind.TIFF),
)

_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"RIFF", "a WebP picture or a recording"),
    (b"\x00\x00\x00\x0cjP", "a JPEG 2000 picture"),
    (b"{\\rtf", "an RTF document"),
    (b"MZ", "a Windows program"),
)


def kind_of(head: bytes) -> ScanKind | None:
    """The kind of scan that begins with `head` (its first 1024 bytes), or None."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    return ScanKind.PDF if b"%PDF-" in head[:HEAD_BYTES] else None


def describe_foreign(head: bytes) -> str:
    """What a file that is no scan seems to be, in words for a clerk."""
    for magic, name in _FOREIGN:
        if head.startswith(magic):
            return name
    if head[4:8] == b"ftyp":
        return "a HEIC picture or a film"
    if b"\x00" not in head and sum(byte < 9 for byte in head) == 0:
        return "a text"
    return "of an unknown kind"
