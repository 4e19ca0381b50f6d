"""Parts that many pages share: letterheads, labelled values, stickers, bar codes, signatures, footers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

import zxingcpp
from PIL import Image

from .facts import Fact, Identity
from .job import Job
from .sheet import BLUE_INK, INK, Colour, Piece, Sheet

GREY: Colour = (110, 110, 115)


def letterhead(sheet: Sheet, job: Job, *, title: str = "", y: float = 46) -> float:
    """The house's name, address and numbers in one of four arrangements; returns the next baseline."""
    f, rng = job.facility, job.rng
    contact = f"Tel {job.house.phone(f.phone)}   Fax {job.house.phone(f.fax)}"
    kind = rng.choice(("centred", "left", "banner", "logo"))
    room = 520 - sheet.width_of(f.name, size=15, bold=True)
    if kind != "centred" and room < sheet.width_of(title, size=12, bold=True) + 20:
        kind = "centred"
    if kind == "banner":
        sheet.box(36, y - 18, 576, y + 6, fill=(40, 52, 78), outline=None)
        sheet.text(44, y, f.name, size=15, bold=True, colour=(255, 255, 255))
        sheet.text(568, y - 1, title, size=11, bold=True, colour=(255, 255, 255), align="right")
        sheet.text(44, y + 20, f"{f.street}, {f.town}   {contact}", size=8)
        return y + 40
    if kind == "centred":
        sheet.text(306, y, f.name, size=16, bold=True, align="center")
        sheet.text(306, y + 13, f"{f.street}  {f.town}", size=8.5, align="center")
        sheet.text(306, y + 24, contact, size=8.5, align="center")
        if title:
            sheet.text(306, y + 46, title, size=13, bold=True, align="center")
        return y + (66 if title else 44)
    left = 48.0
    if kind == "logo":
        sheet.box(40, y - 20, 72, y + 12, fill=(70, 110, 130), outline=None)
        sheet.box(53, y - 16, 59, y + 8, fill=(255, 255, 255), outline=None)
        sheet.box(44, y - 7, 68, y - 1, fill=(255, 255, 255), outline=None)
        left = 80
    sheet.text(left, y - 4, f.name, size=14, bold=True)
    sheet.text(left, y + 8, f"{f.street}, {f.town}", size=8)
    sheet.text(left, y + 18, contact, size=8)
    sheet.text(568, y - 2, title, size=12, bold=True, align="right")
    sheet.line(36, y + 26, 576, y + 26, width=1.2)
    return y + 46


def beside(
    sheet: Sheet,
    x: float,
    y: float,
    label: str,
    value: Piece,
    *,
    gap: float = 5,
    column: float = 0,
    bold: bool = False,
    size: float = 0,
    face: str = "",
) -> float:
    """Label, then value on the same line (in a column when given); nothing at all without a value."""
    if value is None or not str(value):
        return x
    end = sheet.text(x, y, label, bold=not bold, size=size)
    return sheet.text(max(x + column, end + gap), y, value, bold=bold, size=size, face=face)


def stacked(
    sheet: Sheet,
    x: float,
    y: float,
    width: float,
    height: float,
    label: str,
    value: Piece,
    *,
    face: str = "",
    size: float = 10,
    colour: Colour = INK,
) -> None:
    """A form's cell: a small label in the corner, the value below it."""
    sheet.box(x, y, x + width, y + height, width=0.6)
    sheet.text(x + 3, y + 8, label, size=6.5, max_width=width - 6)
    sheet.text(x + 5, y + height - 4, value, size=size, face=face, colour=colour, max_width=width - 8)


def cells(
    sheet: Sheet, x: float, y: float, height: float, row: Sequence[tuple[str, Piece, float]], **look: object
) -> float:
    """A row of cells; returns the next row's top."""
    for label, value, width in row:
        stacked(sheet, x, y, width, height, label, value, **look)  # type: ignore[arg-type]
        x += width
    return y + height


def code128(text: str) -> Image.Image:
    """A Code 128 picture without its quiet zone's surplus."""
    picture = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128).to_image(scale=3)
    return Image.fromarray(picture) if not isinstance(picture, Image.Image) else picture


def qr_code(text: str) -> Image.Image:
    """A QR picture."""
    return Image.fromarray(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=3))


def sticker(who: Identity, job: Job, *, barcode: bool = True) -> Sheet:
    """The label that registration prints by the dozen: name, number, birth date, sex, account, attending."""
    rng, house = job.rng, who.writing
    label = Sheet(216, 84, face=rng.choice(("sans", "narrow", "mono")), size=8.5)
    label.box(0.5, 0.5, 215.5, 83.5, width=0.4, outline=(150, 150, 150))
    label.text(8, 14, who.name("last_first", upper=True), bold=True, size=10.5, max_width=200)
    at = beside(label, 8, 26, "MRN:", who.mrn(), bold=True)
    beside(label, max(at + 10, 112), 26, rng.choice(("DOB:", "Born:", "DOB")), who.birth_date())
    at = beside(label, 8, 37, rng.choice(("Acct:", "Visit:", "FIN:")), who.account())
    born = who.person.birth_date
    label.text(max(at + 10, 112), 37, f"{max(0, job.service_date.year - born.year)}Y  {who.person.sex}", size=8)
    label.text(
        8,
        47,
        f"ADM: {house.date(job.service_date)}   ATT: "
        f"{job.doctors[0].name.split()[-1].upper()}, {job.doctors[0].name[0]}",
        size=7,
    )
    number = who.mrn() or who.account()
    if barcode and number:
        fact = Fact(field=number.field, role=who.role, raw=number.raw, value=number.value, source="barcode")
        label.picture(code128(number.raw), 14, 52, 160, 26, fact)
    return label


def signature(sheet: Sheet, x: float, y: float, rng: Random, *, width: float = 110) -> None:
    """A scribble of blue or black ink."""
    points = []
    beats = [(rng.uniform(0.25, 1.3), rng.uniform(0.2, 1.0)) for _ in range(9)]
    phase, slant = rng.uniform(0, 6), rng.uniform(1, 6)
    for step in range(135):
        t = step / 135
        speed, height = beats[step // 15]
        phase += 0.18 + speed * 0.32
        rise = math.sin(phase) * height * (11 if step < 20 else 6) * (1 - 0.5 * t)
        points.append((x + width * t + math.cos(phase) * 3.5 - rise * slant / 12, y - 4 + rise))
    sheet.curve(points, width=1.0, colour=rng.choice((BLUE_INK, INK)))


def footer(sheet: Sheet, job: Job, page: int, pages: int, *, form: str = "") -> None:
    """The line at the bottom: form number, when printed, which page."""
    sheet.line(36, 752, 576, 752, width=0.5)
    sheet.text(36, 763, form or f"Form {job.facility.short}-{job.number(4)} Rev 03/24", size=7)
    sheet.text(
        306,
        763,
        f"Printed {job.house.date(job.printed_date)} {job.rng.randint(6, 19):02}:{job.rng.randint(0, 59):02}",
        size=7,
        align="center",
    )
    sheet.text(576, 763, f"Page {page} of {pages}", size=7, align="right")


def handwritten(
    sheet: Sheet,
    x: float,
    y: float,
    piece: Piece,
    rng: Random,
    *,
    face: str,
    size: float = 15,
    colour: Colour = BLUE_INK,
    max_width: float = 0,
) -> float:
    """A value written by hand: a little above or below the line."""
    return sheet.text(
        x,
        y - rng.uniform(0, 2.5),
        piece,
        face=face,
        size=size * rng.uniform(0.95, 1.06),
        colour=colour,
        max_width=max_width,
    )


def signed_by(sheet: Sheet, job: Job, x: float, y: float, *, electronic: bool = True) -> float:
    """The provider's signature block, with NPI and date."""
    doctor = job.doctors[0]
    if electronic:
        when = f"{job.house.date(job.printed_date)} {job.rng.randint(7, 18):02}:{job.rng.randint(0, 59):02}"
        sheet.row(x, y, ["Electronically signed by", doctor.fact(), f"on {when}"], size=9)
    else:
        signature(sheet, x, y, job.rng)
        sheet.line(x, y + 4, x + 190, y + 4, width=0.5)
        sheet.row(x, y + 15, [doctor.fact(), f"NPI {doctor.npi}"], size=9)
    return y + 22
