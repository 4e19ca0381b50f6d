"""Can this file be worked, and how many pages has it? Answered before anything is decoded.

A file that cannot is refused with one plain sentence that names the remedy; nothing here raises for what
a document contains.
"""

from __future__ import annotations

import stat
import warnings
from pathlib import Path

import pikepdf
from PIL import Image

from ingest.locked import with_qpdf
from ingest.model import FileOpened, FileOutcome, FileRefused, FileTrouble, ScanKind
from ingest.reading.content import HEAD_BYTES, describe_foreign, kind_of
from ingest.reading.options import ReadingOptions
from ingest.reading.pdfactive import active_parts
from ingest.reading.pdfcheck import announced_pages, lacks_content

_TAIL_BYTES = 65_536
_PDF_END_BYTES = 2_048  # a linearised PDF has an earlier %%EOF near its head


def open_scan(path: Path, options: ReadingOptions) -> FileOutcome:
    """Opened with its kind and page count, or refused with the reason. Never raises for bad content."""
    refused = _not_a_file(path)
    if refused is not None:
        return refused
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError:
        return _refuse(
            FileTrouble.UNREADABLE, "The file cannot be read; allow the service's user to read it and retry."
        )
    if not size:
        return _refuse(FileTrouble.EMPTY, "The file is empty; scan it again.")
    if size > options.max_file_bytes:
        return _refuse(
            FileTrouble.TOO_LARGE,
            f"The file has {size:,} bytes, the limit is {options.max_file_bytes:,}; scan it in smaller batches.",
        )
    kind = kind_of(head)
    if kind is None:
        return _refuse(
            FileTrouble.NOT_A_SCAN,
            f"The file is no PDF, TIFF, JPEG or PNG but {describe_foreign(head)}; "
            "save or scan it in one of these forms.",
        )
    try:
        return _open_pdf(path, options) if kind is ScanKind.PDF else _open_image(path, kind, options)
    except Exception:  # parsers of hostile bytes raise anything: struct.error, OverflowError, RecursionError
        return _damaged(kind)


def _not_a_file(path: Path) -> FileRefused | None:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return _refuse(FileTrouble.UNREADABLE, "The file is gone; drop it again.")
    except OSError:
        return _refuse(FileTrouble.UNREADABLE, "The file cannot be reached; check its permissions and the share.")
    if stat.S_ISREG(mode):
        return None
    what = "a folder" if stat.S_ISDIR(mode) else "a pipe, a socket or a device"
    return _refuse(FileTrouble.NOT_A_FILE, f"This is {what}, not a file; drop the scan itself.")


def _open_pdf(path: Path, options: ReadingOptions) -> FileOutcome:
    try:
        pdf = with_qpdf(path, options.passwords)
    except pikepdf.PasswordError:
        return _locked(options)
    except pikepdf.PdfError:
        return _damaged(ScanKind.PDF)
    with pdf:
        announced = announced_pages(pdf)
        pages = len(pdf.pages)
        if pages > options.max_pages:
            return _too_many(options)
        repaired = bool(pdf.get_warnings())  # asking empties the list
        cut_off = repaired and b"%%EOF" not in _tail(path)[-_PDF_END_BYTES:]
        lost = cut_off or announced > pages or (repaired and lacks_content(pdf))
        active = active_parts(pdf)
    if lost:
        return _damaged(ScanKind.PDF)
    if not pages:
        return _refuse(FileTrouble.NO_PAGES, "The PDF has no pages; scan it again.")
    remarks = ("the PDF was damaged and has been repaired",) if repaired else ()
    return FileOpened(kind=ScanKind.PDF, pages=pages, remarks=remarks, active=active)


def _open_image(path: Path, kind: ScanKind, options: ReadingOptions) -> FileOutcome:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # bomb and metadata warnings; the pixel limit below decides
        try:
            with Image.open(path, formats=_formats(kind)) as image:
                if kind is ScanKind.TIFF:
                    return _open_tiff(image, path.stat().st_size, options)
                if image.width * image.height > options.max_pixels:
                    return _too_many_pixels(image.width, image.height, options)
                if not _is_whole(path, kind, image):
                    return _damaged(kind)
        except Image.DecompressionBombError:
            return _refuse(
                FileTrouble.TOO_LARGE,
                f"The picture is larger than {options.max_pixels:,} pixels; scan it at 300 dpi.",
            )
    return FileOpened(kind=kind, pages=1)


def _open_tiff(image: Image.Image, size: int, options: ReadingOptions) -> FileOutcome:
    """Counts the frames; a chain that loops ends at the frame it returns to (Pillow), or at the cap."""
    pages = 0
    while True:
        try:
            image.seek(pages)
        except EOFError:
            break
        if not _strips_inside(image, size):
            return _damaged(ScanKind.TIFF)
        pages += 1
        if pages > options.max_pages:
            return _too_many(options)
    if not pages:
        return _refuse(FileTrouble.NO_PAGES, "The TIFF has no pages; scan it again.")
    return FileOpened(kind=ScanKind.TIFF, pages=pages)


def _strips_inside(image: Image.Image, size: int) -> bool:
    """Whether every strip or tile of the frame ends inside the file: what a cut-off TIFF fails."""
    tags = getattr(image, "tag_v2", {})
    for offsets_tag, counts_tag in ((273, 279), (324, 325)):
        offsets, counts = _numbers(tags.get(offsets_tag)), _numbers(tags.get(counts_tag))
        if any(offset + count > size for offset, count in zip(offsets, counts, strict=False)):
            return False
    return True


def _numbers(value: object) -> tuple[int, ...]:
    if isinstance(value, tuple):
        return tuple(item for item in value if isinstance(item, int))
    return (value,) if isinstance(value, int) else ()


def _is_whole(path: Path, kind: ScanKind, image: Image.Image) -> bool:
    """Whether a JPEG or PNG reaches its end; only a doubtful JPEG is decoded to know."""
    tail = _tail(path)
    if kind is ScanKind.PNG:
        return b"IEND" in tail
    if b"\xff\xd9" not in tail:
        image.load()
    return True


def _tail(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        return file.read()


def _formats(kind: ScanKind) -> tuple[str, ...]:
    return ("JPEG", "MPO") if kind is ScanKind.JPEG else (kind.name,)


def _locked(options: ReadingOptions) -> FileRefused:
    which = ", and none of the site's opens it" if options.passwords else ""
    remedy = "save it without one and drop it again, or put the password into reading.pdf_passwords and retry"
    reason = f"The PDF needs a password{which}; {remedy}."
    return _refuse(FileTrouble.ENCRYPTED, reason)


def _too_many(options: ReadingOptions) -> FileRefused:
    return _refuse(
        FileTrouble.TOO_MANY_PAGES,
        f"The file has more than {options.max_pages:,} pages; split it and drop the parts.",
    )


def _too_many_pixels(width: int, height: int, options: ReadingOptions) -> FileRefused:
    return _refuse(
        FileTrouble.TOO_LARGE,
        f"The picture has {width:,} x {height:,} pixels, the limit is {options.max_pixels:,}; scan it at 300 dpi.",
    )


def _damaged(kind: ScanKind) -> FileRefused:
    return _refuse(FileTrouble.DAMAGED, f"The {kind.name} is damaged or was cut off; scan it again or copy it again.")


def _refuse(trouble: FileTrouble, reason: str) -> FileRefused:
    return FileRefused(trouble=trouble, reason=reason)
