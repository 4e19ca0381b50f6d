"""Pages of a PDF, copied as they are and without anything that could act.

Promise: the pictures, vectors and fonts of a page are copied object by object, never decoded; form
values, stamps and highlights that the page shows stay visible (baked into the page); scripts, actions,
links, embedded files, references to other files and everything the page does not show stay behind. A
picture that only *other* pages use is not copied: it may be another patient's.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pikepdf
import pypdfium2
from pikepdf import Dictionary
from pypdfium2 import raw

from ingest.locked import with_pdfium, with_qpdf

_PAGE_KEEPS = frozenset({"/Type", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Contents", "/Resources", "/Group"})
_RESOURCES_KEEP = frozenset(
    {
        "/ExtGState",
        "/ColorSpace",
        "/Pattern",
        "/Shading",
        "/XObject",
        "/Font",
        "/ProcSet",
        "/Properties",
    }
)
# What in a picture, form or font program reaches outside it, or is not its picture. Only streams have
# fixed keys; in other dictionaries the same words may be a page's names for its fonts.
_NEVER = (
    *("/AA", "/A", "/AF", "/OPI", "/Ref", "/PieceInfo", "/Alternates", "/Metadata", "/PS", "/StructParent"),
    *("/StructParents", "/F", "/FFilter", "/FDecodeParms"),  # the last three: bytes in another file
)


@contextmanager
def opened_pdf(path: Path, passwords: Sequence[str] = ()) -> Iterator[pikepdf.Pdf]:
    """The PDF at `path`, repaired where qpdf or else PDFium can; one that wants a password, by one of `passwords`.

    Raises `pikepdf.PdfError` when neither can, `pikepdf.PasswordError` when no password fits.
    """
    try:
        pdf = with_qpdf(path, passwords)
    except pikepdf.PasswordError:
        raise
    except pikepdf.PdfError:
        pdf = pikepdf.open(_saved_by_pdfium(path, passwords))
    with pdf:
        yield pdf


def append_pages(pdf: pikepdf.Pdf, source: pikepdf.Pdf, numbers: Sequence[int]) -> None:
    """Copies pages `numbers` (from 1) of `source` behind those of `pdf`. `source` is changed in memory only.

    Raises IndexError for a page that `source` does not have.
    """
    pages = [source.pages[number - 1] for number in numbers]
    if any("/Annots" in page.obj for page in pages):
        _bake_annotations(source)
    for page in pages:
        _keep_only(page.obj, _PAGE_KEEPS)
        _keep_only(page.obj.get("/Resources"), _RESOURCES_KEEP)
        pdf.pages.append(page)
    _keep_layers(pdf, source)
    pdf.remove_unreferenced_resources()


def scrub(pdf: pikepdf.Pdf) -> None:
    """Takes every key that reaches outside from the streams of `pdf`."""
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream):
            for key in _NEVER:
                if key in item:
                    del item[key]


def own_texts(path: Path, numbers: Sequence[int], passwords: Sequence[str] = ()) -> list[str]:
    """The text that each of these pages has by itself; "" where there is none or it cannot be had."""
    try:
        with with_pdfium(path, passwords) as document:
            return [_text(document, number) for number in numbers]
    except pypdfium2.PdfiumError:
        return [""] * len(numbers)


def _text(document: pypdfium2.PdfDocument, number: int) -> str:
    try:
        page = document[number - 1]
        text_page = page.get_textpage()
    except (pypdfium2.PdfiumError, IndexError):
        return ""
    try:
        return str(text_page.get_text_bounded())
    finally:
        text_page.close()
        page.close()


def _keep_only(holder: pikepdf.Object | None, keys: frozenset[str]) -> None:
    if isinstance(holder, Dictionary):
        for key in set(holder.keys()) - keys:
            del holder[key]


def _bake_annotations(source: pikepdf.Pdf) -> None:
    """What annotations show becomes page content; their behaviour goes with /Annots."""
    try:
        source.generate_appearance_streams()
        source.flatten_annotations("all")
    except pikepdf.PdfError:
        return  # a broken form: the page itself is still good


def _keep_layers(pdf: pikepdf.Pdf, source: pikepdf.Pdf) -> None:
    """Optional content stays on or off as it was; without this a hidden layer would show."""
    layers = source.Root.get("/OCProperties")
    if isinstance(layers, Dictionary):
        pdf.Root.OCProperties = pdf.copy_foreign(source.make_indirect(layers))


def _saved_by_pdfium(path: Path, passwords: Sequence[str]) -> io.BytesIO:
    rebuilt = io.BytesIO()
    try:
        with with_pdfium(path, passwords) as document:
            document.save(rebuilt, flags=raw.FPDF_REMOVE_SECURITY)
    except pypdfium2.PdfiumError as error:
        msg = "neither qpdf nor PDFium opens it"
        raise pikepdf.PdfError(msg) from error
    rebuilt.seek(0)
    return rebuilt
