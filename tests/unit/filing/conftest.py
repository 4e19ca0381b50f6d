"""Pages with known words: a drawing, what reading would make of it, and a look at the result."""

from __future__ import annotations

import ctypes
import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import img2pdf
import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw
from pypdfium2 import raw

from ingest.filing.order import PdfOrder
from ingest.model import Affine, Box, PageArtefact, PictureFacts, ScanKind, Turn, Word

TEXTS = ("Smith", "Übergröße", "MRN:", "0012345", "Łódź", "—", "naïve", "日本", "O'Neil-Jones", "𝔘nicode")
_CCW = {
    0: None,
    90: Image.Transpose.ROTATE_90,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A page as scanned, and what reading says of it."""

    shown: Image.Image
    artefact: PageArtefact


@dataclass(frozen=True, kw_only=True)
class SeenWord:
    """A word as PDFium finds it: its box in fractions of the page as rendered, and the ink round it."""

    text: str
    box: Box
    ink: Box


def make_sheet(
    *,
    page: int = 1,
    turn: Turn = Turn.NONE,
    skew_deg: float = 0.0,
    size_px: tuple[int, int] = (850, 1100),
    dpi: tuple[float, float] = (100.0, 100.0),
    texts: tuple[str, ...] = TEXTS,
) -> Sheet:
    """A page with a black bar for each word; `size_px` and `dpi` are those of the upright page."""
    width, height = size_px
    angle = math.radians(skew_deg)
    # Lengths must turn as lengths: pixels need not be square.
    cos, sin, ratio = math.cos(angle), math.sin(angle), dpi[0] / dpi[1]
    mid_x, mid_y = width / 2, height / 2
    a, b, d, e = cos, -sin * ratio, sin / ratio, cos
    to_page = Affine(
        a=a / width,
        b=b / width,
        c=(mid_x - a * mid_x - b * mid_y) / width,
        d=d / height,
        e=e / height,
        f=(mid_y - d * mid_x - e * mid_y) / height,
    )
    upright = Image.new("L", size_px, 255)
    draw = ImageDraw.Draw(upright)
    words = []
    for number, text in enumerate(texts):
        row, column = divmod(number, 3)
        x, y = width * (0.12 + 0.28 * column), height * (0.15 + 0.17 * row)
        box = Box(x0=x, y0=y, x1=x + width * 0.014 * (len(text) + 1), y1=y + height * 0.02)
        corners = [(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)]
        places = [to_page.apply(*corner) for corner in corners]
        draw.polygon([(px * width, py * height) for px, py in places], fill=0)
        words.append(Word(text=text, confidence=0.95, box=box, line=row, block=0))
    turned = _CCW[int(turn)]
    shown = upright.transpose(turned) if turned is not None else upright
    shown_dpi = dpi[::-1] if int(turn) % 180 else dpi
    artefact = PageArtefact(
        version=1,
        page=page,
        picture=PictureFacts(
            width_px=shown.width,
            height_px=shown.height,
            dpi_x=shown_dpi[0],
            dpi_y=shown_dpi[1],
            dpi_known=True,
            origin="image",
        ),
        turn=turn,
        skew_deg=skew_deg,
        read_width_px=width,
        read_height_px=height,
        to_page=to_page,
        engine="drawn",
        engine_version="1",
        languages=("eng",),
        words=tuple(words),
        barcodes=(),
        blank=not words,
        ink=0.05,
    )
    return Sheet(shown=shown, artefact=artefact)


def make_scanned_pdf(
    path: Path,
    sheets: list[Sheet],
    *,
    rotate: int = 0,
    origin: tuple[float, float] = (0.0, 0.0),
    margin_pt: float = 0.0,
    user_unit: float = 1.0,
) -> Path:
    """A PDF as scanners write it: one picture a page; `margin_pt` round the crop box is hidden."""
    with pikepdf.new() as pdf:
        for sheet in sheets:
            turned = _CCW[rotate]
            stored = sheet.shown.transpose(turned) if turned is not None else sheet.shown
            packed = io.BytesIO()
            stored.save(packed, "PNG")
            one = pikepdf.open(io.BytesIO(img2pdf.convert(packed.getvalue(), nodate=True)))
            width, height = stored.width * 0.72, stored.height * 0.72
            x, y = origin
            page = pikepdf.Dictionary(
                Type=pikepdf.Name.Page,
                MediaBox=[x - margin_pt, y - margin_pt, x + width + margin_pt, y + height + margin_pt],
                CropBox=[x, y, x + width, y + height],
                Rotate=rotate,
                Resources=pikepdf.Dictionary(
                    XObject=pikepdf.Dictionary(Im0=pdf.copy_foreign(one.pages[0].Resources.XObject.Im0))
                ),
                # The last transformation is left standing: some scanners' drivers never restore it.
                Contents=pdf.make_stream(f"{width} 0 0 {height} {x} {y} cm /Im0 Do\n".encode()),
            )
            if user_unit != 1.0:
                page.UserUnit = user_unit
            pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
        pdf.save(path)
    return path


def look(path: Path, page: int = 1) -> tuple[SeenWord, ...]:
    """The words of a page as PDFium places them, each with the ink that its rendering has there."""
    with pypdfium2.PdfDocument(path) as document:
        sheet = document[page - 1]
        picture = np.asarray(sheet.render(scale=1.5, grayscale=True).to_numpy())
        height, width = picture.shape[:2]
        text_page = sheet.get_textpage()
        everything = text_page.get_text_range()
        seen = []
        start = 0
        for text in everything.split():
            start = everything.index(text, start)
            first = _units(everything[:start])
            boxes = [text_page.get_charbox(at) for at in range(first, first + _units(text))]
            start += len(text)
            corners = [
                _to_device(sheet, width, height, x, y) for x0, y0, x1, y1 in boxes for x, y in ((x0, y0), (x1, y1))
            ]
            xs, ys = [x for x, _ in corners], [y for _, y in corners]
            box = Box(x0=min(xs) / width, y0=min(ys) / height, x1=max(xs) / width, y1=max(ys) / height)
            seen.append(SeenWord(text=text, box=box, ink=_ink(picture.reshape(height, width), box)))
        text_page.close()
        sheet.close()
        return tuple(seen)


def _units(text: str) -> int:
    """PDFium counts UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def _to_device(page: Any, width: int, height: int, x: float, y: float) -> tuple[int, int]:
    device_x, device_y = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, device_x, device_y)
    return device_x.value, device_y.value


def _ink(picture: np.ndarray, box: Box) -> Box:
    height, width = picture.shape
    reach = 0.025
    left, top = max(0, int((box.x0 - reach) * width)), max(0, int((box.y0 - reach) * height))
    window = picture[top : int((box.y1 + reach) * height), left : int((box.x1 + reach) * width)] < 128
    rows, columns = np.flatnonzero(window.any(axis=1)), np.flatnonzero(window.any(axis=0))
    if not rows.size:
        return Box(x0=0, y0=0, x1=0, y1=0)
    return Box(
        x0=(left + columns[0]) / width,
        y0=(top + rows[0]) / height,
        x1=(left + columns[-1] + 1) / width,
        y1=(top + rows[-1] + 1) / height,
    )


@dataclass(frozen=True, kw_only=True)
class Workbench:
    """The helpers of this folder, for tests."""

    sheet: Callable[..., Sheet]
    scanned_pdf: Callable[..., Path]
    look: Callable[..., tuple[SeenWord, ...]]
    order: Callable[..., PdfOrder]


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    """Draws sheets, writes scans, orders PDFs at `filed.pdf`, and looks at the result."""

    def order(scan: Path, kind: ScanKind, sheets: list[Sheet], **more: Any) -> PdfOrder:
        artefacts = tuple(sheet.artefact for sheet in sheets)
        settings = {"pages": tuple(a.page for a in artefacts), "target": tmp_path / "filed.pdf"} | more
        return PdfOrder(scan=scan, kind=kind, artefacts=artefacts, **settings)

    return Workbench(sheet=make_sheet, scanned_pdf=make_scanned_pdf, look=look, order=order)
