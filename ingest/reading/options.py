"""What a reading may cost and which engine does it: one value that goes to every worker."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.model import Turn

HARD_PIXEL_LIMIT = 178_000_000  # Pillow refuses to decode more; a 1200-dpi letter page has 135 million


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingOptions:
    """How scans are opened and read.

    `engine` is "auto", "tesserocr", "pytesseract" or a factory "package.module:function" that takes
    these options and returns an `OcrEngine`. `isolated` is the second attempt after a crash or a timeout:
    poppler draws and Tesseract reads, each in a process of its own. `max_pixels` bounds one page
    before it is decoded. `tessdata_dir` overrides the search for Tesseract's data. `second_reader` is "auto"
    (RapidOCR reads what is in doubt, where it is installed) or "off". `upper_first`: the rest of a page is read
    only where its upper part does not tell whose it is. `turn`: the page is read as a person says that it lies.
    `passwords` are tried on a PDF that wants one.
    Raises ValueError when a limit makes no sense.
    """

    engine: str = "auto"
    languages: tuple[str, ...] = ("eng",)
    max_pages: int = 2_000
    max_pixels: int = 150_000_000
    max_file_bytes: int = 2_000_000_000
    isolated: bool = False
    ocr_timeout_s: float = 120.0
    tessdata_dir: str | None = None
    second_reader: str = "auto"
    upper_first: bool = False
    turn: Turn | None = None
    passwords: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if not self.languages:
            raise ValueError("languages: name at least one, such as eng")
        if not 1_000_000 <= self.max_pixels <= HARD_PIXEL_LIMIT:
            raise ValueError(f"max_pixels: must lie between 1000000 and {HARD_PIXEL_LIMIT}")
        if self.max_pages < 1 or self.max_file_bytes < 1 or self.ocr_timeout_s <= 0:
            raise ValueError("max_pages, max_file_bytes and ocr_timeout_s must be positive")
