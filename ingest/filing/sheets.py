"""Sheets that a person prints and lays between documents before they are scanned.

Promise: letter size, black on white, of few large words and three codes of the same text, so that a photocopy, a fax
and any way up leave at least one of them readable. The same call draws the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import img2pdf
import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

DPI = 200
_WIDTH, _HEIGHT = round(8.5 * DPI), 11 * DPI
_QR_SIDE = round(2.6 * DPI)
_BARS = (round(5.4 * DPI), round(0.8 * DPI))
_F = zxingcpp.BarcodeFormat


def draw_separator(code: str, words: Sequence[str], hint: str) -> Image.Image:
    """One sheet, bilevel at `DPI`: `words` below each other, `code` as QR in the middle, as bars above and below."""
    sheet = Image.new("L", (_WIDTH, _HEIGHT), 255)
    pen = ImageDraw.Draw(sheet)
    bars = _code(code, _F.Code128).resize(_BARS, Image.Resampling.NEAREST)
    for y in (0.6, 9.6):
        sheet.paste(bars, ((_WIDTH - _BARS[0]) // 2, round(y * DPI)))
    y_in = 1.9
    for word in words:
        font = ImageFont.load_default(size=_fitting(word) * DPI)
        pen.text((_WIDTH / 2, y_in * DPI), word, fill=0, font=font, anchor="mt")
        y_in += min(0.95, 2.9 / len(words))
    square = _code(code, _F.QRCode).resize((_QR_SIDE, _QR_SIDE), Image.Resampling.NEAREST)
    sheet.paste(square, ((_WIDTH - _QR_SIDE) // 2, round(5.1 * DPI)))
    pen.text((_WIDTH / 2, 8.2 * DPI), hint, fill=0, font=ImageFont.load_default(size=0.2 * DPI), anchor="mt")
    return sheet.point(lambda grey: 255 if grey > 127 else 0).convert("1")


def _fitting(word: str) -> float:
    """The size, in inches, at which a line fits between the margins."""
    wide = ImageFont.load_default(size=100).getlength(word) / 100
    return min(0.62, 7.4 / wide) if wide else 0.62


def pdf_of(sheets: Sequence[Image.Image]) -> bytes:
    """The sheets as one PDF, a page each."""
    pictures = []
    for sheet in sheets:
        held = io.BytesIO()
        sheet.save(held, format="PNG", dpi=(DPI, DPI))
        pictures.append(held.getvalue())
    layout = img2pdf.get_layout_fun((img2pdf.in_to_pt(8.5), img2pdf.in_to_pt(11)))
    return bytes(img2pdf.convert(pictures, layout_fun=layout, nodate=True))


def _code(text: str, kind: zxingcpp.BarcodeFormat) -> Image.Image:
    code = zxingcpp.create_barcode(text, kind)
    return Image.fromarray(np.asarray(code.to_image(scale=4, add_quiet_zones=False), dtype=np.uint8))
