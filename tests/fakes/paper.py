"""Small typed pages for tests: drawn with Pillow's own font, so that no font need be installed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

DPI = 150


def page(lines: Sequence[str], *, dpi: int = DPI) -> Image.Image:
    """A white letter page with these lines from the top left; "" leaves a line out."""
    picture = Image.new("L", (int(8.5 * dpi), int(11 * dpi)), 255)
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=dpi * 0.17)
    for number, line in enumerate(lines):
        pen.text((dpi * 0.8, dpi * (0.8 + 0.32 * number)), line, fill=0, font=font)
    return picture


def lab_report(name: str, born: str, mrn: str) -> Image.Image:
    """An ordinary page about one patient."""
    return page(
        [
            "LAKESIDE GENERAL HOSPITAL",
            "LABORATORY REPORT",
            "",
            f"Patient: {name}",
            f"Date of Birth: {born}",
            f"MRN: {mrn}",
            "",
            "Ordering Provider: Alan Whitfield, MD",
            "Collected: 10/02/2026",
            "",
            "Sodium 139 mmol/L    135 - 145",
            "Potassium 4.1 mmol/L    3.5 - 5.1",
        ]
    )


def save(pages: Sequence[Image.Image], path: Path, *, dpi: int = DPI) -> None:
    """Writes one file; the suffix says which kind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    first, *rest = pages
    if path.suffix in (".pdf", ".tif", ".tiff"):
        first.save(path, save_all=True, append_images=rest, dpi=(dpi, dpi))
    else:
        first.save(path, dpi=(dpi, dpi))
