"""An anaesthetic chart on landscape paper: vital signs drawn on a grid, the identity in boxes at the right."""

from __future__ import annotations

from ..clinical import PROCEDURES
from ..job import Job
from ..pieces import signature
from ..sheet import BLUE_INK, INK, Sheet
from .parts import born, filled, split_date, split_name

_AGENTS = ("Propofol mg", "Fentanyl mcg", "Rocuronium mg", "Sevoflurane %", "Oxygen l/min", "Ringer's ml")
_LEFT, _TOP, _STEP = 150.0, 214.0, 24.0
_COLUMNS = 24


def draw(job: Job) -> list[Sheet]:
    """One page, wider than high."""
    sheet, rng = Sheet(792, 612, face=job.face, size=8.5), job.rng
    sheet.text(30, 40, job.facility.name, size=11, bold=True)
    sheet.text(
        30, 60, rng.choice(("ANAESTHETIC CHART", "ANESTHESIA RECORD", "Intra-operative record")), size=16, bold=True
    )
    by_hand = rng.random() < 0.3
    pen = {
        "face": rng.choice(("hand_late_pen", "hand_late_round")) if by_hand else rng.choice((job.face, "late_printer"))
    }
    size, colour = (15, BLUE_INK) if by_hand else (10.5, INK)
    _identity(sheet, job, pen["face"], size, colour)
    y = 72.0
    for label, value, x, width in (
        ("Operation", rng.choice(PROCEDURES), 30, 300),
        ("Theatre", f"OR {rng.randint(1, 14)}", 330, 60),
        ("Surgeon", job.doctors[0].name, 30, 180),
        ("Anaesthetist", job.doctors[1].name, 210, 180),
    ):
        filled(sheet, x, y if width in (300, 60) else y + 28, width, 28, label, value, size=9.5)
    filled(sheet, 30, y + 56, 90, 28, "Date of procedure", job.house.date(job.service_date), size=9.5)
    for place, (label, value) in enumerate(
        (("Weight kg", str(rng.randint(48, 118))), ("ASA", rng.choice("123")), ("Airway", f"ETT {rng.choice('78')}.0"))
    ):
        filled(sheet, 120 + place * 90, y + 56, 90, 28, label, value, size=9.5)
    _grid(sheet, job)
    signature(sheet, 560, 584, rng)
    sheet.line(540, 588, 760, 588, width=0.4)
    sheet.text(540, 597, "Signed (anaesthetist)", size=6.5)
    sheet.text(30, 597, f"Chart AN{job.number(4)}", size=6.5)
    return [sheet]


def _identity(sheet: Sheet, job: Job, face: str, size: float, colour: tuple[int, int, int]) -> None:
    rng, who = job.rng, job.patient
    x = 470.0
    sheet.box(x - 4, 24, 766, 160, width=1.4)
    family, given = rng.choice((("Surname", "Forename(s)"), ("Family name", "Given names"), ("SURNAME", "FIRST NAMES")))
    split_name(sheet, who, (x, 28, 290, 32, family), (x, 60, 290, 32, given), face=face, size=size, colour=colour)
    filled(
        sheet,
        x,
        92,
        160,
        32,
        rng.choice(("Hosp. no.", "Hospital No", "Unit number")),
        who.mrn(),
        face=face,
        size=size,
        colour=colour,
    )
    filled(sheet, x + 160, 92, 130, 32, "M / F", who.sex(), face=face, size=size, colour=colour)
    label = rng.choice(("Born (month / day / year)", "Birth: mm dd yyyy", "D of B  mm dd yyyy"))
    filled(sheet, x, 124, 160, 32, label, None)
    split_date(sheet, born(who, "%m %d %Y"), x, 152, (40, 40, 60), face=face, size=size, colour=colour)
    filled(sheet, x + 160, 124, 130, 32, "Ward", f"{rng.randint(2, 9)} {rng.choice(('North', 'South'))}", size=9.5)


def _grid(sheet: Sheet, job: Job) -> None:
    rng = job.rng
    right = _LEFT + _COLUMNS * _STEP
    start = rng.randint(7, 15)
    for column in range(0, _COLUMNS, 4):
        sheet.text(_LEFT + column * _STEP, 174, f"{start + column // 4:02}:00", size=7.5)
    for row, agent in enumerate(_AGENTS):
        y = 178 + row * 15.0
        sheet.text(34, y + 11, agent, size=8)
        sheet.line(30, y + 15, right, y + 15, width=0.3)
        for column in sorted(rng.sample(range(_COLUMNS), 3)):
            given = str(rng.choice((2, 5, 10, 50, 100, 150)))
            sheet.text(_LEFT + column * _STEP + 2, y + 13, given, face="hand_late_pen", size=11, colour=BLUE_INK)
    top, floor = _TOP + 62, 560.0
    for column in range(_COLUMNS + 1):
        sheet.line(_LEFT + column * _STEP, 178, _LEFT + column * _STEP, floor, width=0.3, colour=(120, 120, 120))
    for line, value in enumerate(range(220, 20, -20)):
        y = top + line * (floor - top) / 10
        sheet.line(_LEFT, y, right, y, width=0.3, colour=(120, 120, 120))
        sheet.text(_LEFT - 6, y + 3, str(value), size=7, align="right")
    sheet.text(34, top + 20, "BP  v  ^", size=8)
    sheet.text(34, top + 34, "Pulse  o", size=8)
    upper, lower, pulse = rng.randint(110, 150), rng.randint(60, 90), rng.randint(56, 96)
    for column in range(1, _COLUMNS - 2):
        x = _LEFT + column * _STEP
        upper, lower, pulse = (v + rng.randint(-6, 6) for v in (upper, lower, pulse))
        for value, sign in ((upper, "v"), (lower, "^"), (pulse, "o")):
            y = top + (220 - value) / 200 * (floor - top)
            sheet.text(x - 3, y + 3, sign, face="hand_late_pen", size=11, colour=BLUE_INK)
