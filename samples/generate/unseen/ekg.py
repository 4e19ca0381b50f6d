"""An electrocardiogram as the cart prints it: pink squares, twelve leads, and what was keyed in along the top."""

from __future__ import annotations

import math
from random import Random

from ..job import Job
from ..sheet import Colour, Piece, Sheet
from .parts import born, hand, ward_label

_FAINT: Colour = (250, 222, 222)
_PINK: Colour = (242, 180, 180)
_MM = 72 / 25.4
_LEFT, _TOP, _RIGHT, _FLOOR = 24.0, 150.0, 768.0, 578.0
_LEADS = (("I", "aVR", "V1", "V4"), ("II", "aVL", "V2", "V5"), ("III", "aVF", "V3", "V6"), ("II",))
_READINGS = (
    ("Normal sinus rhythm", "Normal ECG"),
    ("Sinus bradycardia", "Otherwise normal ECG"),
    ("Sinus rhythm with 1st degree A-V block", "Nonspecific T wave abnormality"),
    ("Sinus tachycardia", "Possible left atrial enlargement"),
)


def draw(job: Job) -> list[Sheet]:
    """One page, wider than high."""
    sheet, rng = Sheet(792, 612, face=job.face, size=8.5), job.rng
    _squares(sheet)
    rate = rng.randint(52, 108)
    for row, leads in enumerate(_LEADS):
        y = _TOP + 60 + row * 100.0
        width = (_RIGHT - _LEFT - 20) / len(leads)
        for place, lead in enumerate(leads):
            x = _LEFT + 14 + place * width
            sheet.text(x + 2, y - 34, lead, size=9, bold=True)
            _trace(sheet, x, y, width - 3, rate, rng, inverted=lead == "aVR")
    make = rng.choice((_unlabelled, _labelled, _columns))
    make(sheet, job, rate)
    if job.sticker or rng.random() < 0.2:
        sheet.stick(
            ward_label(job.sticker or job.patient, job), 545, 494 + rng.uniform(-6, 6), angle_deg=rng.uniform(-3, 3)
        )
    band = rng.choice(("100Hz", "150Hz", "40Hz"))
    foot = f"25mm/s   10mm/mV   {band}   {rng.choice('789')}.{rng.randint(0, 4)}.1   12SL {job.number(3)}"
    sheet.text(_LEFT, 592, f"{foot}   CID: {rng.randint(1, 90)}", size=7.5)
    sheet.text(_RIGHT, 592, "Page 1 of 1", size=7.5, align="right")
    return [sheet]


def _squares(sheet: Sheet) -> None:
    """A line every millimetre, a stronger one every five."""
    for across in (True, False):
        low, high = (_TOP, _FLOOR) if across else (_LEFT, _RIGHT)
        for number in range(int((high - low) / _MM) + 1):
            at, colour = low + number * _MM, _FAINT if number % 5 else _PINK
            ends = (_LEFT, at, _RIGHT, at) if across else (at, _TOP, at, _FLOOR)
            sheet.line(*ends, width=0.3 if number % 5 else 0.6, colour=colour)


def _trace(sheet: Sheet, x: float, y: float, width: float, rate: int, rng: Random, *, inverted: bool) -> None:
    beat = 60 / rate * 25 * _MM
    waves = tuple(
        (at, wide, high * rng.uniform(0.6, 1.4) * (-1 if inverted else 1))
        for at, wide, high in ((0.2, 0.03, 4), (0.33, 0.008, -4), (0.36, 0.011, 26), (0.39, 0.009, -7), (0.62, 0.05, 7))
    )
    points, shift = [], rng.random()
    for step in range(int(width / 0.6)):
        phase = (step * 0.6 / beat + shift) % 1
        rise = sum(high * math.exp(-(((phase - at) / wide) ** 2)) for at, wide, high in waves)
        points.append((x + step * 0.6, y - rise + rng.uniform(-0.3, 0.3)))
    sheet.curve(points, width=0.8, colour=(15, 15, 20))


def _intervals(rate: int, rng: Random) -> tuple[tuple[str, str], ...]:
    qt = rng.randint(360, 420)
    return (
        ("Vent. rate", f"{rate} BPM"),
        ("PR interval", f"{rng.randint(130, 210)} ms"),
        ("QRS duration", f"{rng.randint(78, 112)} ms"),
        ("QT/QTc", f"{qt}/{qt + rng.randint(5, 40)} ms"),
        ("P-R-T axes", f"{rng.randint(20, 70)} {rng.randint(-20, 80)} {rng.randint(10, 70)}"),
    )


def _middle(sheet: Sheet, job: Job, rate: int, x: float, y: float) -> None:
    """Measurements, what the machine makes of them, who confirmed it."""
    rng = job.rng
    for place, (word, value) in enumerate(_intervals(rate, rng)):
        sheet.text(x, y + place * 11, word)
        sheet.text(x + 120, y + place * 11, value, align="right")
    for place, words in enumerate(rng.choice(_READINGS)):
        sheet.text(x + 150, y + place * 11, words, bold=True)
    sheet.row(x + 150, y + 44, ["Confirmed By:" if rng.random() < 0.5 else "Referred by:", job.doctors[0].fact()])
    if rng.random() < 0.3:
        sheet.text(x + 150, y + 55, "Unconfirmed", italic=True)


def _when(job: Job) -> str:
    rng = job.rng
    return f"{job.service_date:%d-%b-%Y} {rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}"


def _unlabelled(sheet: Sheet, job: Job, rate: int) -> None:
    """Name and number in the first line, birth date and sex under them; one word at most before any."""
    rng, who = job.rng, job.patient
    end = sheet.text(_LEFT, 34, who.name("last_first"), size=10, bold=True)
    number: list[Piece] = [rng.choice(("ID:", "ID")), who.mrn()] if who.mrn() else ["ID:"]
    sheet.row(max(end + 20, 214), 34, number, size=10, gap=3)
    sheet.text(392, 34, _when(job).upper(), size=10)
    sheet.text(
        _RIGHT, 34, f"{job.facility.short}-{rng.choice(('ER', 'CCU', 'OPD'))}  ROUTINE RECORD", size=9, align="right"
    )
    day = born(who, rng.choice(("%d-%b-%Y", "%m/%d/%Y")))
    y = 50.0
    sheet.row(_LEFT, y, [day, f"({who.person.age_on(job.service_date)} yr)"], size=9)
    for line in (who.sex(long=True), f"Room:{rng.choice('ABE')}{rng.randint(1, 40)}", f"Loc:{rng.randint(1, 9)}",
                 f"Technician: {rng.choice(('KL', 'TM', 'JRS'))}"):  # fmt: skip
        y += 12
        sheet.text(_LEFT, y, line, size=9)
    _middle(sheet, job, rate, 214, 56)


def _labelled(sheet: Sheet, job: Job, rate: int) -> None:
    """Words in the left column, a colon, what was keyed in."""
    rng, who = job.rng, job.patient
    rows: list[tuple[str, Piece]] = [
        ("Name", who.name("last_first")),
        (rng.choice(("ID", "Patient ID", "Pat. ID")), who.mrn()),
        (
            rng.choice(("DOB", "Birth date", "Date of birth")),
            born(who, rng.choice(("%m/%d/%Y", "%m-%d-%Y", "%Y-%m-%d"))),
        ),
        ("Sex", who.sex(long=True)),
        ("Acquired", _when(job)),
        ("Order", job.number(8)),
    ]
    y = 34.0
    for word, value in rows:
        sheet.text(_LEFT, y, word + ":")
        sheet.text(_LEFT + 84, y, value, bold=True, size=9.5, max_width=200)
        y += 14
    sheet.text(_RIGHT, 34, job.facility.name, size=10, bold=True, align="right")
    _middle(sheet, job, rate, 320, 56)


def _columns(sheet: Sheet, job: Job, rate: int) -> None:
    """A ruled head of two rows with a word over each value; sometimes nobody keyed it in and a pen did."""
    rng, who = job.rng, job.patient
    sheet.text(_LEFT, 30, f"{job.facility.name}   12-Lead ECG Report", size=11, bold=True)
    by_hand = rng.random() < 0.25
    pen = hand(rng) if by_hand else None
    cells: list[tuple[str, Piece, float]] = [
        (rng.choice(("Last, First", "Patient", "Name (last, first)")), who.name("last_first"), 230),
        (rng.choice(("Patient #", "Hospital ID", "MR number")), who.mrn(), 140),
        (rng.choice(("Birthdate", "Born", "DOB (mm/dd/yyyy)")), born(who, rng.choice(("%m/%d/%Y", "m/d/yyyy"))), 110),
        (rng.choice(("Gender", "Sex")), who.sex(long=True), 80),
        ("Recorded", _when(job), 184),
    ]
    x = _LEFT
    for word, value, width in cells:
        sheet.box(x, 38, x + width, 68, width=0.5)
        sheet.text(x + 3, 46, word, size=6.5)
        if pen and word != "Recorded":
            pen.write(sheet, x + 6, 64, value, rng, max_width=width - 10)
        else:
            sheet.text(x + 5, 63, value, size=10, bold=True, max_width=width - 8)
        x += width
    _middle(sheet, job, rate, _LEFT + 4, 84)
