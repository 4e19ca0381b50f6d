"""Parts of the latest layouts: pens, boxes and blanks filled in with them, names in pieces, admission labels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from random import Random

from ..facts import Fact, Identity
from ..job import Doctor, Job
from ..names import without_accents
from ..pieces import beside, code128, qr_code
from ..sheet import BLUE_INK, INK, Piece, Sheet
from ..unseen.parts import Pen, born, dated

_SIZES = {"hand_latest_block": 12.5, "hand_latest_cursive": 14.5, "hand_latest_neat": 12.0}


def hand(rng: Random) -> Pen:
    """Somebody who writes to be read."""
    face = rng.choice(tuple(_SIZES))
    return Pen(face=face, size=_SIZES[face], colour=rng.choice((BLUE_INK, INK, INK)))


def scrawl(rng: Random) -> Pen:
    """Somebody who is in a hurry."""
    return Pen(face="hand_latest_scrawl", size=18, colour=rng.choice((BLUE_INK, INK)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filler:
    """A form's page, and the pen that it is filled in with."""

    sheet: Sheet
    pen: Pen
    rng: Random

    def write(self, x: float, y: float, value: Piece, *, width: float = 0) -> float:
        """On the baseline `y`; returns where it ends."""
        return self.pen.write(self.sheet, x, y, value, self.rng, max_width=width)

    def cell(
        self, x: float, y: float, width: float, height: float, label: str, value: Piece = None, *, size: float = 6.5
    ) -> float:
        """A box, its small print at the top, the value on its floor; returns where that ends."""
        self.sheet.box(x, y, x + width, y + height, width=0.5)
        self.sheet.text(x + 3, y + size + 1.5, label, size=size, max_width=width - 5)
        return self.write(x + 6, y + height - 4, value, width=width - 10)

    def blank(self, x: float, y: float, width: float, label: str, value: Piece = None, *, size: float = 0) -> None:
        """A label and a line to write on, which ends at `x + width`."""
        start = self.sheet.text(x, y, label, size=size) + 3
        self.sheet.line(start, y + 2.5, x + width, y + 2.5, width=0.5)
        self.write(start + 4, y, value, width=x + width - start - 6)

    def over(self, x: float, y: float, width: float, label: str, value: Piece = None, *, size: float = 7) -> float:
        """A line to write on and what it is for in small type under it; returns where the writing ends."""
        self.sheet.line(x, y + 3, x + width, y + 3, width=0.5)
        self.sheet.text(x, y + 4.5 + size, label, size=size, max_width=width)
        return self.write(x + 4, y, value, width=width - 6)

    def tick(self, x: float, y: float, label: str, said: bool, *, size: float = 8.5) -> float:
        """A small box with the pen's tick or cross in it; returns where the label ends."""
        side, pen = size * 0.85, self.pen
        self.sheet.box(x, y - side, x + side, y, width=0.5)
        if said and self.rng.random() < 0.5:
            self.sheet.curve(
                [(x + 1, y - side * 0.6), (x + side * 0.4, y), (x + side + 3, y - side - 3)],
                width=1.2,
                colour=pen.colour,
            )
        elif said:
            self.sheet.curve([(x - 1, y - side - 1), (x + side + 1, y + 1)], width=1.1, colour=pen.colour)
            self.sheet.curve([(x + side + 1, y - side), (x - 1, y + 1.5)], width=1.1, colour=pen.colour)
        return self.sheet.text(x + side + 3, y, label, size=size) + 9

    def sex(self, who: Identity, x: float, y: float, words: tuple[str, str], *, size: float = 8.5) -> float:
        """Two boxes for it, the woman's second; returns where they end."""
        said = who.sex()
        for letter, word in zip("MF", words, strict=True):
            end = self.tick(x, y, word, bool(said and said.raw == letter), size=size)
            if said and said.raw == letter:
                self.sheet.remember(said, x, y - size, end - 9, y + 2)
            x = end
        return x

    def day(self, x: float, y: float, day: Fact | None, *, short: bool = False) -> None:
        """A birth date between two slashes that the form has printed already."""
        for place in (22.0, 46.0):
            self.sheet.text(x + place, y, "/", size=11)
        if day is None:
            return
        year, month, number = day.value.split("-")
        year = year[2:] if short else year
        for place, part in ((3.0, month), (28.0, number), (52.0, year)):
            end = self.write(x + place, y, part)
        raw = replace(day, raw=f"{month}/{number}/{year}")
        high = self.pen.size
        self.sheet.remember(raw, x + 2, y - high, end, y + high * 0.2, hand=self.pen.face.startswith("hand_"))

    def remember(self, fact: Fact | None, x0: float, y0: float, x1: float, y1: float) -> None:
        """One fact over parts that were written at several places: from the first baseline to the last."""
        if fact:
            high, by_hand = self.pen.size, self.pen.face.startswith("hand_")
            self.sheet.remember(fact, x0, y0 - high, x1, y1 + high * 0.25, hand=by_hand)


def in_parts(who: Identity) -> tuple[Fact | None, str, str, str]:
    """The name as one fact; surname, first name, what comes after."""
    fact = who.name("last_first")
    family, _, given = fact.raw.partition(", ") if fact else ("", "", "")
    first = who.person.first_name if who.writing.accents else without_accents(who.person.first_name)
    return fact, family, given[: len(first)], given[len(first) :].strip()


def staff(doctor: Doctor, *, degree: str = "") -> Fact:
    """Somebody who works there, with another degree than the doctor's or none."""
    raw = f"{doctor.name}, {degree}" if degree else doctor.name
    return Fact(field="name", role="provider", raw=raw, value=doctor.name)


def bystander(doctor: Doctor) -> Fact:
    """Somebody of that name who is neither patient nor staff: a witness, a lawyer."""
    return Fact(field="name", role="other", raw=doctor.name, value=doctor.name)


def short_date(day: date) -> str:
    """3/7/26, as people write it by hand."""
    return f"{day.month}/{day.day}/{day:%y}"


def admission_label(who: Identity, job: Job) -> Sheet:
    """The label that comes with the patient: two of a printer's makes, and an embossed card's imprint."""
    return job.rng.choice((_with_square_code, _with_bars, _imprint))(who, job)


def _with_square_code(who: Identity, job: Job) -> Sheet:
    label = Sheet(206, 70, face="latest_condensed", size=8.5)
    label.box(0.5, 0.5, 205.5, 69.5, width=0.4, outline=(170, 170, 170))
    name = who.name("last_first")
    label.text(7, 15, name and replace(name, raw=name.raw.replace(", ", ",")), bold=True, size=11, max_width=150)
    years = f"({who.person.age_on(job.service_date)} yrs)"
    label.row(7, 28, ["DOB:", born(who, "m/d/yyyy"), years, who.sex(long=True)], gap=3)
    end = beside(label, 7, 40, "MRN:", who.mrn(), gap=3)
    beside(label, max(end + 8, 84), 40, "CSN:", who.account(), gap=3)
    label.text(7, 52, f"Adm: {dated(job.service_date, 'm/d/yyyy')}", size=8)
    label.text(7, 63, job.doctors[0].inverted(), size=8, max_width=150)
    number = who.mrn()
    if number:
        label.picture(qr_code(number.raw), 164, 10, 36, 36, replace(number, source="barcode"))
    return label


def _with_bars(who: Identity, job: Job) -> Sheet:
    label = Sheet(210, 72, face="latest_grotesque", size=8)
    label.box(0.5, 0.5, 209.5, 71.5, width=0.4, outline=(170, 170, 170))
    number = who.mrn()
    if number:
        label.picture(code128(number.raw), 10, 6, 120, 18, replace(number, source="barcode"))
        label.text(136, 19, number, bold=True, size=10)
    label.text(8, 38, who.name("last_first", upper=True), bold=True, size=10, max_width=194)
    end = beside(label, 8, 50, "Born", born(who, job.rng.choice(("%d-%b-%Y", "%m/%d/%Y"))), gap=3)
    label.row(max(end + 10, 96), 50, [f"{who.person.age_on(job.service_date)}Y", who.sex()])
    end = beside(label, 8, 62, "Visit", who.account(), gap=3)
    label.text(max(end + 10, 96), 62, f"{dated(job.service_date, '%m/%d/%y')}  {job.facility.short}")
    return label


def _imprint(who: Identity, job: Job) -> Sheet:
    """Capitals without a word of explanation, as a card machine presses them onto paper."""
    label = Sheet(200, 62, face="latest_line_printer", size=9.5)
    name = who.name("last_first", upper=True)
    number = [who.mrn(), " ", f"{job.service_date:%m%d%y}"]
    label.row(6, 16, number)
    label.text(6, 30, name and replace(name, raw=without_accents(name.raw.replace(",", ""))), max_width=188)
    label.row(6, 44, [born(who, "%m/%d/%y"), " ", who.sex(), f"{who.person.age_on(job.service_date):03}"])
    label.text(6, 57, job.doctors[0].inverted(), size=8.5, max_width=188)
    return label


__all__ = ["Filler", "Pen", "admission_label", "born", "bystander", "dated", "hand", "in_parts", "scrawl", "staff"]
