"""A sleep laboratory's report, from its software: tables of the night, an interpretation, a page of curves."""

from __future__ import annotations

from random import Random

from ..job import Job
from ..pieces import signature
from ..sheet import Colour, Piece, Sheet
from .parts import born, dated, staff

_LEFT, _RIGHT = 54.0, 558.0
_TEAL: Colour = (22, 96, 110)
_STAGES = ("W", "R", "N1", "N2", "N3")


def draw(job: Job) -> list[Sheet]:
    """One page, or two with the night's course."""
    sheet, rng = Sheet(face=job.face, size=9.5), job.rng
    title = rng.choice(("Polysomnography Report", "DIAGNOSTIC SLEEP STUDY", "Nocturnal Polysomnogram"))
    dates = rng.choice(("%m/%d/%Y", "%m/%d/%Y", "%d %b %Y", "%b %d, %Y"))
    sheet.text(_LEFT, 52, f"{job.facility.name}", size=13, bold=True, colour=_TEAL)
    sheet.text(_LEFT, 64, f"Sleep Disorders Center   {job.facility.street}, {job.facility.town}", size=8)
    sheet.text(_RIGHT, 52, title, size=13, bold=True, align="right")
    sheet.line(_LEFT, 72, _RIGHT, 72, width=2, colour=_TEAL)
    y = rng.choice((_two_columns, _grid, _narrated))(sheet, job, dates)
    y = _tables(sheet, rng, y)
    y = _interpretation(sheet, job, y)
    _hypnogram(sheet, rng, y + 40, "Hypnogram / SpO2")
    return [sheet, _second(job, title, dates)] if rng.random() < 0.4 else [sheet]


def _two_columns(sheet: Sheet, job: Job, dates: str) -> float:
    """Words and values in two columns without a rule."""
    rng, who = job.rng, job.patient
    left: list[tuple[str, Piece]] = [
        (rng.choice(("Patient Name:", "Patient:", "Subject Name:")), who.name()),
        (rng.choice(("Study Date:", "Date of Study:", "Recording Date:")), dated(job.service_date, dates)),
        (rng.choice(("Referring Physician:", "Referred by:")), job.doctors[1].fact()),
        ("Interpreting Physician:", job.doctors[0].fact()),
        (rng.choice(("Recording Tech:", "Tech:")), staff(job.doctors[2], degree="RPSGT")),
    ]
    right: list[tuple[str, Piece]] = [
        (rng.choice(("D.O.B.:", "Birth Date:", "DOB:")), born(who, dates)),
        (rng.choice(("Patient ID:", "Subject Code:", "Medical Record No.:", "Chart #:")), who.mrn()),
        ("Sex:", who.sex(long=True)),
        ("Age:", f"{who.person.age_on(job.service_date)} yrs"),
        ("Height / BMI:", _build(job)),
    ]
    for x, column, rows in ((_LEFT, 108.0, left), (356.0, 93.0, right)):
        y = 92.0
        for word, value in rows:
            sheet.text(x, y, word, size=9)
            sheet.text(x + column, y, value, bold=True, size=9, max_width=(338 if x == _LEFT else 558) - x - column)
            y += 15
    return 180


def _grid(sheet: Sheet, job: Job, dates: str) -> float:
    """Three rows of shaded words with values in the cells beside them."""
    rng, who = job.rng, job.patient
    rows: tuple[tuple[tuple[str, Piece], ...], ...] = (
        (("Last Name, First", who.name("last_first")), (rng.choice(("Birthdate", "DOB")), born(who, dates))),
        ((rng.choice(("ID", "MR Number", "Hospital ID")), who.mrn()), ("Gender", who.sex(long=True))),
        (("Referring MD", job.doctors[1].inverted()), ("Study date", dated(job.service_date, dates))),
        (("Scored by", staff(job.doctors[2])), ("Ht / BMI", _build(job))),
    )
    y = 82.0
    for row in rows:
        for x, column, width, (word, value) in zip((_LEFT, 354.0), (88.0, 70.0), (300.0, 204.0), row, strict=True):
            sheet.box(x, y, x + column, y + 18, fill=(226, 236, 238), width=0.4)
            sheet.box(x + column, y, x + width, y + 18, width=0.4)
            sheet.text(x + 4, y + 12.5, word, size=8.5)
            sheet.text(x + column + 5, y + 12.5, value, size=9.5, max_width=width - column - 8)
        y += 18
    return y + 22


def _narrated(sheet: Sheet, job: Job, dates: str) -> float:
    """One paragraph that says whom the night was about, over a line for the doctors."""
    who, noun = job.patient, job.person_noun()
    number: list[Piece] = ["(record number", who.mrn(), ")"] if who.mrn() else []
    birth = born(who, dates)
    told: list[Piece] = [", born", birth, ","] if birth else [","]
    # fmt: off
    y = sheet.paragraph(
        _LEFT, 92, _RIGHT - _LEFT,
        [who.name("first_last", upper=False), *number, *told, f"is a {job.age()} {noun} ({_build(job)}) who was "
         f"referred to the sleep center by", job.doctors[1].fact(), "for evaluation of loud snoring, witnessed "
         f"apneas and unrefreshing sleep. An attended study was recorded on the night of "
         f"{dated(job.service_date, dates)}."],
    )
    # fmt: on
    sheet.row(_LEFT, y + 6, ["Interpreted by", job.doctors[0].fact(), "  Recorded by", staff(job.doctors[2])], size=9)
    return y + 30


def _build(job: Job) -> str:
    years = job.patient.person.age_on(job.service_date)
    tall = min(job.rng.randint(60, 74), 20 + years * 3)
    return f"{tall} in / {job.rng.uniform(19, 41) if years > 15 else job.rng.uniform(14, 21):.1f}"


def _tables(sheet: Sheet, rng: Random, y: float) -> float:
    """The night in numbers."""
    asleep, index = rng.randint(270, 420), rng.uniform(2, 58)
    blocks = (
        ("SLEEP ARCHITECTURE", (("Total recording time", f"{asleep + rng.randint(30, 90)} min"),
                                ("Total sleep time", f"{asleep} min"), ("Sleep efficiency", f"{rng.randint(70, 96)} %"),
                                ("Sleep latency", f"{rng.randint(4, 48)} min"),
                                ("REM latency", f"{rng.randint(55, 190)} min"))),
        ("RESPIRATORY EVENTS", (("Obstructive apneas", str(rng.randint(4, 140))),
                                ("Hypopneas", str(rng.randint(8, 160))),
                                ("AHI (events/hr)", f"{index:.1f}"), ("Supine AHI", f"{index * 1.4:.1f}"),
                                ("Lowest SpO2", f"{rng.randint(71, 91)} %"))),
        ("AROUSALS AND LIMB MOVEMENTS", (("Arousal index", f"{rng.uniform(6, 44):.1f}"),
                                ("PLM index", f"{rng.uniform(0, 22):.1f}"),
                                ("PLM with arousal", f"{rng.uniform(0, 6):.1f}"))),
        ("OXYGEN AND HEART RATE", (("Baseline SpO2", f"{rng.randint(92, 98)} %"),
                                ("Time below 88%", f"{rng.uniform(0, 40):.1f} min"),
                                ("Mean heart rate", f"{rng.randint(54, 82)} bpm"))),
    )  # fmt: skip
    for place, (title, rows) in enumerate(blocks):
        x, top = (_LEFT, 312.0)[place % 2], y + place // 2 * 102
        sheet.text(x, top, title, bold=True, size=9, colour=_TEAL)
        for number, (word, value) in enumerate(rows, 1):
            base = top + 1 + number * 15
            sheet.text(x + 3, base, word, size=9)
            sheet.text(x + 240, base, value, size=9, align="right")
            sheet.line(x, base + 4, x + 246, base + 4, width=0.3, colour=(150, 160, 165))
    return y + 180


def _interpretation(sheet: Sheet, job: Job, y: float) -> float:
    rng = job.rng
    degree = rng.choice(("mild", "moderate", "severe"))
    for title, text in (
        ("PROCEDURE", "Electroencephalography (F4, C4, O2), electrooculography, chin and leg electromyography, nasal "
         "pressure, thermistor, thoracic and abdominal effort, oximetry and body position were monitored. Scoring "
         "followed the AASM manual, with hypopneas at a 4% desaturation."),
        ("IMPRESSION", f"1. Obstructive sleep apnea, {degree} (G47.33). 2. Snoring. 3. Sleep fragmentation with an "
         f"arousal index of {rng.uniform(9, 44):.1f} per hour."),
        ("RECOMMENDATIONS", "Positive airway pressure titration is advised. Weight management, avoidance of alcohol "
         "and sedatives before bedtime, and caution about driving while drowsy were discussed."),
    ):  # fmt: skip
        sheet.text(_LEFT, y, title, bold=True, size=9, colour=_TEAL)
        y = sheet.paragraph(_LEFT, y + 14, _RIGHT - _LEFT, [text]) + 8
    signature(sheet, _LEFT + 6, y + 16, rng)
    sheet.row(_LEFT, y + 34, [job.doctors[0].fact(), "- Diplomate, American Board of Sleep Medicine"], size=9)
    return y + 50


def _second(job: Job, title: str, dates: str) -> Sheet:
    """The night's course; whose it is stands in the running header."""
    sheet, rng, who = Sheet(face=job.face, size=9.5), job.rng, job.patient
    number: list[Piece] = [rng.choice(("ID", "MR")), who.mrn()] if who.mrn() else []
    sheet.row(_LEFT, 46, [who.name("last_first"), " ", *number, " ", dated(job.service_date, dates)], size=8.5)
    sheet.text(_RIGHT, 46, f"{title}   Page 2 of 2", size=8.5, align="right")
    sheet.line(_LEFT, 51, _RIGHT, 51, width=0.6)
    _hypnogram(sheet, rng, 100, "Snoring position and SpO2")
    _hypnogram(sheet, rng, 260, "Body position and heart rate")
    _hypnogram(sheet, rng, 420, "Sleep stages, second half of the night")
    return sheet


def _hypnogram(sheet: Sheet, rng: Random, y: float, title: str) -> None:
    """Stages of sleep, or how the sleeper lay, over the hours; a second curve under them."""
    sheet.text(_LEFT, y - 8, title, size=8.5, bold=True)
    step, right = 11.0, _RIGHT
    rows = ("Up", "R", "L", "Su", "Pr") if "position" in title else _STAGES
    for place, stage in enumerate(rows):
        sheet.text(_LEFT, y + 8 + place * step, stage, size=7)
        sheet.line(_LEFT + 20, y + 5 + place * step, right, y + 5 + place * step, width=0.3, colour=(190, 195, 200))
    x, depth = _LEFT + 20, 0
    points: list[tuple[float, float]] = []
    while x < right:
        points += [(x, y + 5 + depth * step), (min(right, x + 6), y + 5 + depth * step)]
        x, depth = x + 6, max(0, min(4, depth + rng.choice((-2, -1, 0, 0, 0, 1, 1))))
    sheet.curve(points, width=0.8, colour=(20, 20, 24))
    base = y + 5 * step + 14
    level = [(_LEFT + 20 + place * 2.0, base + abs(rng.gauss(0, 4))) for place in range(242)]
    sheet.curve(level, width=0.7, colour=_TEAL)
    for hour in range(9):
        sheet.text(_LEFT + 20 + hour * 58, base + 32, f"{(22 + hour) % 24:02}:00", size=7)
