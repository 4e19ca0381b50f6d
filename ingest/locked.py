"""PDFs that want a password: opened with those that the site knows.

Promise: a password stands in no message and on no other program's command line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import pikepdf
import pypdfium2
from pypdfium2 import raw

_Pdf = TypeVar("_Pdf")


def with_qpdf(path: Path, passwords: Sequence[str]) -> pikepdf.Pdf:
    """The PDF as qpdf opens it, bare if it can. Raises `pikepdf.PasswordError` when no password fits."""
    return _first(
        lambda password: pikepdf.open(path, password=password),
        passwords,
        lambda error: isinstance(error, pikepdf.PasswordError),
    )


def with_pdfium(path: Path, passwords: Sequence[str]) -> pypdfium2.PdfDocument:
    """The PDF as PDFium opens it, bare if it can. Raises `PdfiumError`."""
    return _first(
        lambda password: pypdfium2.PdfDocument(path, password=password or None),
        passwords,
        lambda error: isinstance(error, pypdfium2.PdfiumError) and error.err_code == raw.FPDF_ERR_PASSWORD,
    )


def _first(open_: Callable[[str], _Pdf], passwords: Sequence[str], is_locked: Callable[[Exception], bool]) -> _Pdf:
    *others, last = ("", *passwords)
    for password in others:
        try:
            return open_(password)
        except Exception as error:
            if not is_locked(error):
                raise
    return open_(last)
