"""A letter-size page to draw on, which remembers where every fact was printed.

Positions and sizes are in points (1/72 inch) from the top left; text hangs on its baseline.
What can also be written as real text is kept as drawing steps, so that a page can become a born-digital PDF.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from PIL import Image, ImageDraw

from .facts import Fact
from .fonts import font

INK = (18, 18, 22)
BLUE_INK = (28, 44, 140)
Colour: TypeAlias = tuple[int, int, int]
Piece: TypeAlias = "str | Fact | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A fact and the rectangle of pixels in which it was printed; `hand` says that it is written by hand."""

    fact: Fact
    box: tuple[float, float, float, float]
    hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TextStep:
    """One run of text, for PDF."""

    x: float
    y: float
    text: str
    face: str
    size: float
    bold: bool
    italic: bool
    colour: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleStep:
    """One line or filled rectangle (`y1 - y0` high when filled), for PDF."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float
    fill: Colour | None


class Sheet:
    """One page (or a sticker, a card: any size in points)."""

    def __init__(
        self,
        width: float = 612,
        height: float = 792,
        *,
        face: str = "sans",
        size: float = 10,
        dpi: int = 300,
        paper: Colour = (255, 255, 255),
    ) -> None:
        self.width, self.height, self.face, self.size, self.dpi = width, height, face, size, dpi
        self.scale = dpi / 72
        self.image = Image.new("RGB", (round(width * self.scale), round(height * self.scale)), paper)
        self.pen = ImageDraw.Draw(self.image)
        self.marks: list[Mark] = []
        self.steps: list[TextStep | RuleStep] | None = []

    def text(
        self,
        x: float,
        y: float,
        piece: Piece,
        *,
        size: float = 0,
        face: str = "",
        bold: bool = False,
        italic: bool = False,
        colour: Colour = INK,
        align: str = "left",
        max_width: float = 0,
    ) -> float:
        """Prints on the baseline `y`, smaller when too wide; returns where it ends. A fact is remembered."""
        if piece is None or not str(piece):
            return x
        size, face, text = size or self.size, face or self.face, str(piece)
        run = self._font(face, size, bold, italic)
        width = run.getlength(text) / self.scale
        if max_width and width > max_width:
            size *= max_width / width
            run = self._font(face, size, bold, italic)
            width = run.getlength(text) / self.scale
        x -= {"left": 0.0, "center": width / 2, "right": width}[align]
        self.pen.text((x * self.scale, y * self.scale), text, font=run, fill=colour, anchor="ls")
        if isinstance(piece, Fact):
            self.marks.append(
                Mark(
                    fact=piece,
                    box=self.pen.textbbox((x * self.scale, y * self.scale), text, font=run, anchor="ls"),
                    hand=face.startswith("hand_"),
                )
            )
        if self.steps is not None:
            self.steps.append(
                TextStep(x=x, y=y, text=text, face=face, size=size, bold=bold, italic=italic, colour=colour)
            )
        return x + width

    def remember(self, fact: Fact, x0: float, y0: float, x1: float, y1: float, *, hand: bool = False) -> None:
        """A fact that was printed in several pieces within that rectangle, in points."""
        s = self.scale
        self.marks.append(Mark(fact=fact, box=(x0 * s, y0 * s, x1 * s, y1 * s), hand=hand))

    def width_of(
        self, piece: Piece, *, size: float = 0, face: str = "", bold: bool = False, italic: bool = False
    ) -> float:
        """How wide it would print."""
        return self._font(face or self.face, size or self.size, bold, italic).getlength(str(piece or "")) / self.scale

    def row(self, x: float, y: float, pieces: Sequence[Piece], *, gap: float = 4, **look: object) -> float:
        """Pieces one after the other."""
        for piece in pieces:
            if piece is not None and str(piece):
                x = self.text(x, y, piece, **look) + gap  # type: ignore[arg-type]
        return x

    def paragraph(
        self,
        x: float,
        y: float,
        width: float,
        pieces: Sequence[Piece],
        *,
        size: float = 0,
        face: str = "",
        leading: float = 1.3,
        colour: Colour = INK,
        indent: float = 0,
    ) -> float:
        """Running text that wraps at words, facts included; returns the next baseline."""
        size, face = size or self.size, face or self.face
        space = self.width_of(" ", size=size, face=face)
        at = x + indent
        spans: dict[int, list[tuple[float, float, float, float]]] = {}
        for number, piece in enumerate(pieces):
            glued = isinstance(piece, str) and piece[:1] in ",.;:)"
            for place, word in enumerate(str(piece or "").split()):
                wide = self.width_of(word, size=size, face=face)
                if glued and place == 0:
                    at -= space
                elif at + wide > x + width and at > x:
                    at, y = x, y + size * leading
                end = self.text(at, y, word, size=size, face=face, colour=colour)
                spans.setdefault(number, []).append((at, y - size * 0.75, end, y + size * 0.2))
                at = end + space
        for number, piece in enumerate(pieces):
            if isinstance(piece, Fact) and number in spans:
                boxes = spans[number]
                outer = (
                    min(b[0] for b in boxes),
                    min(b[1] for b in boxes),
                    max(b[2] for b in boxes),
                    max(b[3] for b in boxes),
                )
                self.marks.append(Mark(fact=piece, box=tuple(v * self.scale for v in outer)))  # type: ignore[arg-type]
        return y + size * leading

    def line(self, x0: float, y0: float, x1: float, y1: float, *, width: float = 0.75, colour: Colour = INK) -> None:
        """A straight rule."""
        s = self.scale
        self.pen.line((x0 * s, y0 * s, x1 * s, y1 * s), fill=colour, width=max(1, round(width * s)))
        self._rule(x0, y0, x1, y1, width, None)

    def box(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        *,
        width: float = 0.75,
        fill: Colour | None = None,
        outline: Colour | None = INK,
    ) -> None:
        """A rectangle."""
        s = self.scale
        self.pen.rectangle((x0 * s, y0 * s, x1 * s, y1 * s), fill=fill, outline=outline, width=max(1, round(width * s)))
        if fill:
            self._rule(x0, y0, x1, y1, width, fill)
        if outline:
            for ends in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
                self._rule(*ends, width, None)

    def checkbox(self, x: float, y: float, *, ticked: bool, label: str, size: float = 9) -> float:
        """A small box with a cross or none, and its label; returns where the label ends."""
        self.box(x, y - size * 0.8, x + size * 0.8, y)
        if ticked:
            self.line(x + 1, y - size * 0.7, x + size * 0.7, y - 1, width=1.1)
            self.line(x + size * 0.7, y - size * 0.7, x + 1, y - 1, width=1.1)
        return self.text(x + size * 1.1, y, label, size=size) + 8

    def stick(self, other: Sheet, x: float, y: float, *, angle_deg: float = 0) -> None:
        """Glues another sheet on, turned about its middle by `angle_deg` against the clock."""
        s = self.scale
        turned = other.image.convert("RGBA").rotate(angle_deg, expand=True, resample=Image.Resampling.BICUBIC)
        middle = (x * s + other.image.width / 2, y * s + other.image.height / 2)
        self.image.paste(turned, (round(middle[0] - turned.width / 2), round(middle[1] - turned.height / 2)), turned)
        angle = math.radians(-angle_deg)
        for mark in other.marks:
            corners = [(px, py) for px in mark.box[::2] for py in mark.box[1::2]]
            moved = []
            for px, py in corners:
                dx, dy = px - other.image.width / 2, py - other.image.height / 2
                moved.append(
                    (
                        middle[0] + dx * math.cos(angle) - dy * math.sin(angle),
                        middle[1] + dx * math.sin(angle) + dy * math.cos(angle),
                    )
                )
            xs, ys = zip(*moved, strict=True)
            self.marks.append(Mark(fact=mark.fact, box=(min(xs), min(ys), max(xs), max(ys)), hand=mark.hand))
        self.steps = None  # no longer sayable as plain text

    def picture(
        self, image: Image.Image, x: float, y: float, width: float, height: float, fact: Fact | None = None
    ) -> None:
        """Pastes a picture (a bar code, a logo) and remembers what it says."""
        s = self.scale
        sized = image.convert("RGB").resize((round(width * s), round(height * s)), Image.Resampling.NEAREST)
        self.image.paste(sized, (round(x * s), round(y * s)))
        if fact:
            self.marks.append(Mark(fact=fact, box=(x * s, y * s, (x + width) * s, (y + height) * s)))
        self.steps = None

    def curve(self, points: Sequence[tuple[float, float]], *, width: float = 1, colour: Colour = BLUE_INK) -> None:
        """A pen stroke through points."""
        self.pen.line(
            [(x * self.scale, y * self.scale) for x, y in points],
            fill=colour,
            width=max(1, round(width * self.scale)),
            joint="curve",
        )

    def _font(self, face: str, size: float, bold: bool, italic: bool):  # type: ignore[no-untyped-def]
        return font(face, max(4, round(size * self.scale)), bold=bold, italic=italic)

    def _rule(self, x0: float, y0: float, x1: float, y1: float, width: float, fill: Colour | None) -> None:
        if self.steps is not None:
            self.steps.append(RuleStep(x0=x0, y0=y0, x1=x1, y1=y1, width=width, fill=fill))
