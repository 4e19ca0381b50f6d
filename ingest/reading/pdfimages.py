"""Is a picture on a PDF page beyond decoding? Asked of pages that came out blank: renderers leave it out unsaid."""

from __future__ import annotations

import zlib
from pathlib import Path

import pikepdf
import pypdfium2
from pikepdf import Array, Name, Stream

from ingest.locked import with_qpdf
from ingest.reading.options import ReadingOptions
from ingest.reading.pdfpage import images_on, named_images, opened

_PIECE = 1 << 20


def has_lost_picture(path: Path, page: int, options: ReadingOptions) -> bool:
    """Whether a picture of the page cannot be decoded, or ends before its last rows. Bounded in memory."""
    with opened(path, options.passwords) as pdf:
        for image in images_on(pdf[page - 1]):
            try:
                image.get_bitmap(render=False)  # freed at once: nobody holds it
            except pypdfium2.PdfiumError:
                return True
    with with_qpdf(path, options.passwords) as pdf:
        return any(_is_short(image) for image in named_images(pdf.pages[page - 1]))


def _is_short(image: pikepdf.Object) -> bool:
    """Whether a deflated picture ends before its last two rows: PDFium fills up what is missing."""
    if not isinstance(image, Stream) or image.get("/Subtype") != Name.Image:
        return False
    filters = image.get("/Filter")
    if isinstance(filters, Array) and len(filters) == 1:
        filters = filters[0]
    if filters != Name.FlateDecode:
        return False
    width, height = int(image.get("/Width", 0)), int(image.get("/Height", 0))
    bits = 1 if image.get("/ImageMask") else int(image.get("/BitsPerComponent", 8))
    wanted = (width * bits + 7) // 8 * max(0, height - 2)  # of one colour at least
    return _inflated(image.read_raw_bytes(), wanted) < wanted


def _inflated(data: bytes, enough: int) -> int:
    """How many bytes come out of `data`; no more than `enough` are asked for."""
    unpacker, held = zlib.decompressobj(), 0
    try:
        while held < enough and data and not unpacker.eof:
            held += len(unpacker.decompress(data, _PIECE))
            data = unpacker.unconsumed_tail
    except zlib.error:
        pass
    return held
