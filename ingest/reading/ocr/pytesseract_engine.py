"""Tesseract in a process of its own, by pytesseract: slower, but what crashes or hangs is only that process."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

from ingest.errors import MissingPart
from ingest.model import Box, Word
from ingest.reading.ocr.data import data_folder
from ingest.reading.ocr.port import Layout, OcrFailed, OcrTimedOut
from ingest.reading.raster import Picture

REMEDY = "install the tesseract program: on Debian, apt-get install tesseract-ocr"
_WORD_LEVEL = 5
_MODES = {Layout.PAGE: 3, Layout.BLOCK: 6, Layout.SCATTERED: 11}


class PytesseractEngine:
    """See `OcrEngine`. Gives no single characters."""

    name = "pytesseract"

    def __init__(self, languages: tuple[str, ...], tessdata_dir: str | None = None) -> None:
        self.languages = languages
        self.version = program_version()
        self._folder = data_folder(languages, tessdata_dir)

    def read(self, picture: Picture, *, dpi: int, layout: Layout, timeout_s: float) -> tuple[Word, ...]:
        """See `OcrEngine.read`."""
        import pytesseract

        folder = shlex.quote(str(self._folder))
        with _troubles(pytesseract.TesseractError, pytesseract.TesseractNotFoundError):
            table = pytesseract.image_to_data(
                Image.fromarray(picture),
                lang="+".join(self.languages),
                config=f"--tessdata-dir {folder} --psm {_MODES[layout]} --dpi {dpi}",
                output_type=pytesseract.Output.STRING,
                timeout=timeout_s,
            )
        return tuple(_words(table, *picture.shape))


def program_version() -> str:
    """The tesseract program's version. Raises MissingPart when there is none, or none that answers."""
    try:
        import pytesseract

        return str(pytesseract.get_tesseract_version())
    except (ImportError, OSError, subprocess.SubprocessError, SystemExit):
        raise MissingPart(f"the tesseract program does not run; {REMEDY}") from None


@contextmanager
def _troubles(failed: type[Exception], not_found: type[Exception]) -> Iterator[None]:
    """pytesseract's errors as the port's: it raises RuntimeError both for failures and for timeouts."""
    try:
        yield
    except not_found:
        raise MissingPart(f"the tesseract program is gone; {REMEDY}") from None
    except failed:
        raise OcrFailed("Tesseract failed on this page") from None
    except RuntimeError:
        raise OcrTimedOut("Tesseract did not finish in time") from None
    except (OSError, ValueError):
        raise OcrFailed("Tesseract's answer could not be read") from None


def _words(table: str, height: int, width: int) -> Iterator[Word]:
    """The words of Tesseract's TSV: level, page, block, paragraph, line, word, box, confidence, text."""
    blocks: list[str] = []
    lines: list[tuple[str, ...]] = []
    for row in table.splitlines()[1:]:
        cells = row.split("\t", 11)
        if len(cells) != 12 or cells[0] != str(_WORD_LEVEL):
            continue
        text, confidence = cells[11].strip(), float(cells[10])
        left, top, wide, high = (float(cell) for cell in cells[6:10])
        inside = left >= 0 and top >= 0 and left + wide <= width and top + high <= height
        if not text or wide <= 0 or high <= 0 or not inside:
            continue
        if not blocks or blocks[-1] != cells[2]:
            blocks.append(cells[2])
        if not lines or lines[-1] != tuple(cells[2:5]):
            lines.append(tuple(cells[2:5]))
        yield Word(
            text=text,
            confidence=round(min(1.0, max(0.0, confidence / 100.0)), 4),
            box=Box(x0=left, y0=top, x1=left + wide, y1=top + high),
            line=len(lines) - 1,
            block=len(blocks) - 1,
        )
