"""Parts of the unseen layouts: pens, blanks to fill in, names and dates in the forms that they use, a ward's label."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from random import Random

from ..facts import Fact, Identity
from ..job import Job
from ..names import without_accents
from ..pieces import code128, handwritten
from ..sheet import BLUE_INK, INK, Colour, Piece, Sheet

HANDS = ("hand_unseen_ballpoint", "hand_unseen_fineliner", "hand_unseen_felt_tip")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """What a form is filled in with: a hand's face (then the line sways a little) or a printer's."""

    face: str
    size: float = 10
    colour: Colour = INK

    def write(self, sheet: Sheet, x: float, y: float, piece: Piece, rng: Random, *, max_width: float = 0) -> float:
        """Writes on the baseline `y`; returns where it ends."""
        if piece is None or not str(piece):
            return x
        if not self.face.startswith("hand_"):
            return sheet.text(x, y, piece, face=self.face, size=self.size, colour=self.colour, max_width=max_width)
        return handwritten(
            sheet, x, y, piece, rng, face=self.face, size=self.size, colour=self.colour, max_width=max_width
        )  # fmt: skip


def hand(rng: Random) -> Pen:
    """Somebody's own pen."""
    face = rng.choice(HANDS)
    size = {"hand_unseen_ballpoint": 13.5, "hand_unseen_fineliner": 14.5, "hand_unseen_felt_tip": 12.5}[face]
    return Pen(face=face, size=size, colour=rng.choice((BLUE_INK, BLUE_INK, INK)))


def dated(day: date, form: str) -> str:
    """A date in a form of `strftime`, or "m/d/yyyy" or "d mmmm yyyy" without leading zeros."""
    if form == "m/d/yyyy":
        return f"{day.month}/{day.day}/{day.year}"
    if form == "d mmmm yyyy":
        return f"{day.day} {day:%B} {day.year}"
    return day.strftime(form)


def born(who: Identity, form: str) -> Fact | None:
    """The birth date in a form of `dated`, when the paper has it."""
    day = who.person.birth_date
    if "birth_date" not in who.shown:
        return None
    return Fact(field="birth_date", role=who.role, raw=dated(day, form), value=day.isoformat())


def with_capital_surname(who: Identity, order: str) -> Fact | None:
    """John Q. SMITH or SMITH, John Q.: as British and continental houses tell the surname."""
    fact = who.name(order, upper=False)
    if fact is None:
        return None
    last = who.person.last_name if who.writing.accents else without_accents(who.person.last_name)
    if order == "last_first":
        return replace(fact, raw=last.upper() + fact.raw[len(last) :])
    before, found, after = fact.raw.rpartition(last)
    return replace(fact, raw=before + found.upper() + after)


def blank(
    sheet: Sheet,
    x: float,
    y: float,
    width: float,
    label: str,
    value: Piece,
    pen: Pen,
    rng: Random,
    *,
    below: bool = False,
    size: float = 8.5,
) -> None:
    """A line to write on, its label in front of it or (`below`) in small type under it."""
    start = x if below else sheet.text(x, y, label, size=size) + 3
    sheet.line(start, y + 2.5, x + width, y + 2.5, width=0.5)
    if below:
        sheet.text(x, y + 11, label, size=size - 1.5, max_width=width)
    pen.write(sheet, start + 4, y, value, rng, max_width=x + width - start - 6)


def parted_name(who: Identity) -> tuple[Fact | None, str, str]:
    """The name for a form that asks for its parts: the whole as one fact, surname, given names."""
    fact = who.name("last_first")
    family, _, given = fact.raw.partition(", ") if fact else ("", "", "")
    return fact, family, given


def remembered(sheet: Sheet, fact: Fact | None, spans: list[tuple[float, float]], y: float, pen: Pen) -> None:
    """One fact over parts written on one line: each part's start and end."""
    if fact:
        sheet.remember(
            fact, spans[0][0], y - pen.size, spans[-1][1], y + pen.size * 0.25, hand=pen.face.startswith("hand_")
        )


def ward_label(who: Identity, job: Job) -> Sheet:
    """A thermal label of one of two makes: name and identifiers under it, few words, sometimes bars."""
    rng = job.rng
    label = Sheet(204, 72, face=rng.choice(("unseen_console", "unseen_device")), size=8)
    label.box(0.5, 0.5, 203.5, 71.5, width=0.4, outline=(165, 165, 165))
    label.text(7, 14, who.name("last_first", upper=True), bold=True, size=10, max_width=190)
    years = who.person.age_on(job.service_date)
    day, number, sex = born(who, rng.choice(("%m/%d/%Y", "%m/%d/%y", "%d-%b-%Y"))), who.mrn(), who.sex()
    if rng.random() < 0.5:
        label.row(7, 26, ["M#" if number else "", number, " ", day, f"{years}y", sex])
        label.row(7, 37, ["V#" if who.account() else "", who.account(), f" Adm {job.house.date(job.service_date)}"])
    else:
        label.row(7, 26, [day, "/", f"{years} yrs", "/", sex] if sex else [day, "/", f"{years} yrs"])
        label.row(7, 37, ["MR:" if number else "", number, "  ACCT:" if who.account() else "", who.account()])
    if number and rng.random() < 0.6:
        fact = Fact(field="mrn", role=who.role, raw=number.raw, value=number.value, source="barcode")
        label.picture(code128(number.raw), 10, 43, 140, 22, fact)
    else:
        label.text(7, 49, job.doctors[0].inverted(), size=7.5)
    return label
