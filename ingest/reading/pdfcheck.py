"""Did repair lose pages? qpdf opens cut-off files without a word; a lost page must never pass silently."""

from __future__ import annotations

import pikepdf


def announced_pages(pdf: pikepdf.Pdf) -> int:
    """How many pages the PDF says it has. To be asked before its pages: qpdf corrects the number then."""
    tree = pdf.Root.get("/Pages")
    return _integer(tree.get("/Count", 0)) if isinstance(tree, pikepdf.Dictionary) else 0


def lacks_content(pdf: pikepdf.Pdf) -> bool:
    """Whether a page's content or one of its pictures is gone. Looks into every page."""
    return any(_lacks_content(page) for page in pdf.pages)


def _lacks_content(page: pikepdf.Page) -> bool:
    contents = page.obj.get("/Contents")
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    if contents is not None and not all(_is_sound(stream) for stream in streams):
        return True
    resources = page.obj.get("/Resources")
    if not isinstance(resources, pikepdf.Dictionary):
        return contents is None
    pictures = resources.get("/XObject", pikepdf.Dictionary())
    return isinstance(pictures, pikepdf.Dictionary) and not all(_is_sound(item) for _, item in pictures.items())


def _is_sound(stream: object) -> bool:
    """A stream whose bytes are there, as many as it says (a cut-off one lost its end)."""
    if not isinstance(stream, pikepdf.Stream):
        return False
    try:
        raw = stream.read_raw_bytes()
    except pikepdf.PdfError:
        return False
    return bool(raw) or not _integer(stream.get("/Length", 0))


def _integer(value: object) -> int:
    try:
        return int(value)  # type: ignore[call-overload, no-any-return]
    except (TypeError, ValueError):
        return 0
