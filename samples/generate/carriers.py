"""The files that pages travel in: PDF of pictures, PDF of text, multi-page fax TIFF, JPEG, PNG."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import img2pdf
import pikepdf
from PIL import Image

from .damage import Damage
from .sheet import RuleStep, Sheet, TextStep

SUFFIX = {"pdf": ".pdf", "text_pdf": ".pdf", "tiff": ".tif", "fax": ".tif", "jpeg": ".jpg", "png": ".png"}
_BASE14 = {
    "sans": ("Helvetica", "Helvetica-Bold", "Helvetica-Oblique"),
    "serif": ("Times-Roman", "Times-Bold", "Times-Italic"),
    "mono": ("Courier", "Courier-Bold", "Courier-Oblique"),
}


def write_pictures(path: Path, carrier: str, pages: Sequence[tuple[Image.Image, Damage]]) -> None:
    """Writes page pictures as that carrier does. JPEG and PNG hold one page."""
    first, damage = pages[0]
    match carrier:
        case "pdf":
            _write_picture_pdf(path, pages)
        case "tiff" | "fax":
            dpi = {"fax_fine": (204, 196), "fax_standard": (204, 98)}.get(damage.mode, (damage.dpi, damage.dpi))
            images = [image.convert("1", dither=Image.Dither.NONE) for image, _ in pages]
            images[0].save(path, format="TIFF", compression="group4", save_all=True, append_images=images[1:], dpi=dpi)
        case "jpeg":
            first.save(path, format="JPEG", quality=damage.jpeg_quality, dpi=(damage.dpi, damage.dpi))
        case "png":
            small = first if first.mode == "1" else first.convert("L").quantize(12)
            small.save(path, format="PNG", optimize=True, dpi=(damage.dpi, damage.dpi))
        case _:
            raise ValueError(f"no such carrier: {carrier}")


def _write_picture_pdf(path: Path, pages: Sequence[tuple[Image.Image, Damage]]) -> None:
    """One picture a page, as copiers write it; no dates and a fixed id, so that a seed gives the same bytes."""
    held = io.BytesIO(img2pdf.convert([_encoded(image, d) for image, d in pages], nodate=True))
    with pikepdf.open(held) as pdf:
        if "/ID" in pdf.trailer:
            del pdf.trailer["/ID"]
        pdf.save(path, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)


def _encoded(image: Image.Image, damage: Damage) -> bytes:
    held = io.BytesIO()
    if image.mode == "1":
        image.save(held, format="TIFF", compression="group4", dpi=(damage.dpi, damage.dpi))
    else:
        image.save(held, format="JPEG", quality=damage.jpeg_quality, dpi=(damage.dpi, damage.dpi))
    return held.getvalue()


def can_be_text(sheets: Sequence[Sheet]) -> bool:
    """Whether every page is plain text and rules in faces that every PDF reader has."""
    return all(
        sheet.steps is not None
        and all(not isinstance(s, TextStep) or (s.face in _BASE14 and _latin(s.text)) for s in sheet.steps)
        for sheet in sheets
    )


def _latin(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def write_text_pdf(path: Path, sheets: Sequence[Sheet]) -> None:
    """Writes a born-digital PDF: real text in the standard fonts, no picture."""
    pdf = pikepdf.new()
    fonts = pikepdf.Dictionary()
    names: dict[tuple[str, int], str] = {}
    for face, styles in _BASE14.items():
        for style, base in enumerate(styles):
            names[face, style] = f"/F{len(names)}"
            fonts[names[face, style]] = pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name("/" + base),
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )
    for sheet in sheets:
        page = pdf.add_blank_page(page_size=(sheet.width, sheet.height))
        page.Resources = pikepdf.Dictionary(Font=fonts)
        page.Contents = pdf.make_stream(b"\n".join(_said(step, sheet.height, names) for step in sheet.steps or ()))
    pdf.save(path, static_id=True)


def _said(step: TextStep | RuleStep, height: float, names: dict[tuple[str, int], str]) -> bytes:
    if isinstance(step, RuleStep):
        if step.fill:
            red, green, blue = (c / 255 for c in step.fill)
            return (
                f"{red:.2f} {green:.2f} {blue:.2f} rg {step.x0:.2f} {height - step.y1:.2f} "
                f"{step.x1 - step.x0:.2f} {step.y1 - step.y0:.2f} re f"
            ).encode()
        return (
            f"{step.width:.2f} w {step.x0:.2f} {height - step.y0:.2f} m {step.x1:.2f} {height - step.y1:.2f} l S"
        ).encode()
    style = 1 if step.bold else 2 if step.italic else 0
    red, green, blue = (c / 255 for c in step.colour)
    escaped = step.text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    head = (
        f"BT {red:.2f} {green:.2f} {blue:.2f} rg {names[step.face, style]} {step.size:.2f} "
        f"Tf {step.x:.2f} {height - step.y:.2f} Td ("
    ).encode()
    return head + escaped + b") Tj ET"
