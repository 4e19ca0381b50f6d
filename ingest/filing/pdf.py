"""One document as one searchable PDF, written in a disposable worker process from the spooled scan.

    the scan's pages   → copied as they are   (pdfpages: from a PDF; pictures: from TIFF, JPEG, PNG)
    what was read      → invisible words      (textlayer, glyphless)
    turned upright     → /Rotate              (metadata; no pixel is touched)
    put together       → bookmarks            (outline)
    as a record        → PDF/A-2b, where it is one (archive)

Promises: equal orders give equal bytes, so that filing again is idempotent; the scanner's picture data
are kept bit for bit where PDF can hold them; nothing in the result acts or reaches outside; a page that
was born with its text keeps it and gets no second one.

Residual risks: fonts and pictures are copied unparsed, so a viewer with a hole in its font or picture
decoder is as exposed to the filed PDF as to the scan.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import pikepdf
from pikepdf import Dictionary

from ingest.filing.archive import SAVING, as_archive
from ingest.filing.geometry import rotation_of, upright_to_user, visible_box
from ingest.filing.glyphless import codes, font
from ingest.filing.order import PdfFacts, PdfOrder, TextState
from ingest.filing.outline import add_outline
from ingest.filing.ownwords import has_own_text
from ingest.filing.pdfpages import append_pages, opened_pdf, own_texts, scrub
from ingest.filing.pictures import append_pictures
from ingest.filing.textlayer import Placed, content, place_words
from ingest.model import PageArtefact, ScanKind


def write_task(order: PdfOrder) -> bytes:
    """`write_pdf` for a worker pool: the facts as JSON (`PdfFacts.decode` takes them)."""
    return write_pdf(order).encode()


def write_pdf(order: PdfOrder) -> PdfFacts:
    """Writes the document at `order.target` (replaced if it exists; not yet synced to disk).

    Raises what the parsers raise for bytes that they cannot take; nothing is left at `target` then.
    """
    with pikepdf.new() as pdf:
        own = _copy_pages(pdf, order)
        scrub(pdf)
        read = {artefact.page: artefact for artefact in order.artefacts}
        artefacts = [read.get(number) for number in order.pages]
        layers: list[tuple[Placed, ...]] = []
        states: list[TextState] = []
        for page, artefact, text in zip(pdf.pages, artefacts, own, strict=True):
            rotate = _turn(page, artefact)
            words: tuple[Placed, ...] = ()
            if has_own_text(text, artefact):
                states.append(TextState.OWN)
            elif artefact is not None:
                words = place_words(artefact, upright_to_user(visible_box(page.obj), rotate))
                states.append(_state_of(artefact, words))
            else:
                states.append(TextState.NONE)
            layers.append(words)
        _add_layers(pdf, layers)
        add_outline(pdf, [order.pages.index(page) for page in order.parts])
        kind = as_archive(pdf, order.about, pictures_only=order.kind is not ScanKind.PDF)
        _save(pdf, order.target)
    return PdfFacts(
        sha256=_sha256(order.target),
        size=order.target.stat().st_size,
        pages=len(order.pages),
        text_state=_overall(states),
        kind=kind,
    )


def _copy_pages(pdf: pikepdf.Pdf, order: PdfOrder) -> list[str]:
    """Puts the pages into `pdf`; their own texts, page by page ("" where there is none)."""
    if order.kind is ScanKind.PDF:
        with opened_pdf(order.scan, order.passwords) as source:
            append_pages(pdf, source, order.pages)
        return own_texts(order.scan, order.pages, order.passwords)
    facts = {artefact.page: artefact.picture for artefact in order.artefacts}
    frames = [(number, facts.get(number)) for number in order.pages]
    append_pictures(pdf, order.scan, order.kind, frames, order.max_pixels)
    return [""] * len(order.pages)


def _turn(page: pikepdf.Page, artefact: PageArtefact | None) -> int:
    """Sets /Rotate so that the page stands upright, on top of what turned it before; the new value."""
    turn = int(artefact.turn) if artefact is not None else 0
    rotate = (rotation_of(page.obj) + turn) % 360
    page.obj.Rotate = rotate
    return rotate


def _add_layers(pdf: pikepdf.Pdf, layers: Sequence[tuple[Placed, ...]]) -> None:
    """Each page's words before its own content, so that nothing the content does can move them."""
    characters = {character for words in layers for word in words for character in word.text}
    if not characters:
        return
    coding = codes("".join(characters))
    name = _free_font_name(pdf)
    glyphless = font(pdf, coding)
    for page, words in zip(pdf.pages, layers, strict=True):
        if words:
            fonts = _dictionary(_dictionary(page.obj, "/Resources"), "/Font")
            fonts[name] = glyphless
            page.contents_add(content(words, name, coding), prepend=True)


def _free_font_name(pdf: pikepdf.Pdf) -> str:
    """A name that no page calls a font of its own."""
    taken: set[str] = set()
    for page in pdf.pages:
        resources = page.obj.get("/Resources")
        fonts = resources.get("/Font") if isinstance(resources, Dictionary) else None
        taken |= set(fonts.keys()) if isinstance(fonts, Dictionary) else set()
    return next(name for number in count() if (name := f"/PcText{number}") not in taken)


def _dictionary(holder: pikepdf.Object, key: str) -> pikepdf.Object:
    if not isinstance(holder.get(key), Dictionary):
        holder[key] = Dictionary()
    return holder[key]


def _save(pdf: pikepdf.Pdf, target: Path) -> None:
    try:
        pdf.save(target, **SAVING)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _state_of(artefact: PageArtefact, words: Sequence[Placed]) -> TextState:
    if artefact.read_to_px is not None:
        return TextState.IDENTITY
    return TextState.LAYER if words else TextState.NONE


def _overall(states: Sequence[TextState]) -> TextState:
    found = set(states) - {TextState.NONE}
    if not found:
        return TextState.NONE
    if TextState.IDENTITY in found:
        return TextState.IDENTITY
    return found.pop() if len(found) == 1 else TextState.MIXED


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
