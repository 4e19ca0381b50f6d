"""An electrocardiograph's printout: the identity in the machine's own two rows, the tracing on red squares."""

from __future__ import annotations

import math

from ..facts import Fact
from ..job import Job
from ..sheet import Sheet

_RHYTHMS = ("Normal sinus rhythm", "Sinus bradycardia", "Sinus tachycardia", "Atrial fibrillation")
_SAYS = ("Normal ECG", "Nonspecific T wave abnormality", "Left axis deviation", "Possible left atrial enlargement")
_LEADS = (("I", "aVR", "V1", "V4"), ("II", "aVL", "V2", "V5"), ("III", "aVF", "V3", "V6"))
_RED = (236, 170, 170)


def draw(job: Job) -> list[Sheet]:
    """One page, wider than high."""
    sheet, rng, who = Sheet(792, 612, face=job.face, size=9.5), job.rng, job.patient
    name = who.name("last_first", upper=rng.random() < 0.5)
    clock = f"{rng.randint(6, 22):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}"
    day = job.service_date.strftime(rng.choice(("%d-%b-%Y", "%m/%d/%Y"))).upper()
    birth = _birth(job)
    style = rng.choice(("muse", "cart", "cart"))
    if style == "muse":
        sheet.row(
            30, 34, [name, " ", *(["ID:", who.mrn()] if who.mrn() else []), "  ", f"{day} {clock}"], size=11, bold=True
        )
        sheet.text(762, 34, job.facility.name, size=9.5, align="right")
        if birth:
            sheet.row(30, 50, [birth, f"({_years(job)} yr)"])
        sheet.text(30, 63, who.sex(long=True))
        sheet.text(30, 76, f"Room:{job.number(3)}")
        sheet.text(30, 89, f"Technician: {rng.choice('ABKLM')}{rng.choice('CDRST')}")
    else:
        rows = (("Name:", name), ("ID:", who.mrn()), ("DOB:", birth), ("Sex:", who.sex(long=rng.random() < 0.5)),
                ("Age:", f"{_years(job)} years"), ("Date:", f"{day} {clock}"))  # fmt: skip
        y = 34.0
        for word, value in rows:
            if value:
                sheet.text(30, y, word)
                sheet.text(72, y, value, max_width=190)
                y += 12.5
        sheet.text(762, 34, job.facility.name, size=9.5, align="right")
    _measures(sheet, job)
    _tracing(sheet, job, 128)
    sheet.row(
        30,
        596,
        [
            "25mm/s  10mm/mV  40Hz",
            f"{rng.randint(7, 9)}.{rng.randint(0, 9)}  12SL {job.number(3)}  CID: {job.number(2)}",
        ],
        size=8,
    )
    sheet.text(762, 596, f"EID:{job.number(3)}  EDT: {clock[:5]}  Page 1 of 1", size=8, align="right")
    return [sheet]


def _birth(job: Job) -> Fact | None:
    who = job.patient
    if "birth_date" not in who.shown:
        return None
    day = who.person.birth_date
    raw = day.strftime(job.rng.choice(("%d-%b-%Y", "%m/%d/%Y"))).upper()
    return Fact(field="birth_date", role=who.role, raw=raw, value=day.isoformat())


def _years(job: Job) -> int:
    return job.patient.person.age_on(job.service_date)


def _measures(sheet: Sheet, job: Job) -> None:
    rng = job.rng
    rate = rng.randint(52, 118)
    rows = (("Vent. rate", f"{rate} BPM"), ("PR interval", f"{rng.randint(130, 210)} ms"),
            ("QRS duration", f"{rng.randint(76, 118)} ms"),
            ("QT/QTc", f"{rng.randint(360, 420)}/{rng.randint(400, 460)} ms"),
            ("P-R-T axes", f"{rng.randint(20, 70)} {rng.randint(-20, 80)} {rng.randint(10, 70)}"))  # fmt: skip
    for n, (word, value) in enumerate(rows):
        sheet.text(270, 50 + 12.5 * n, word)
        sheet.text(430, 50 + 12.5 * n, value, align="right")
    for n, line in enumerate(
        (
            rng.choice(_RHYTHMS),
            rng.choice(_SAYS),
            f"Confirmed by {job.doctors[1].name} on {job.house.date(job.printed_date)}",
        )
    ):
        sheet.text(460, 50 + 12.5 * n, line)
    sheet.row(30, 116, ["Referred by:", job.doctors[0].fact()])


def _tracing(sheet: Sheet, job: Job, top: float) -> None:
    step = 14.4
    for n in range(52):
        sheet.line(24 + n * step, top, 24 + n * step, top + 448, width=0.3, colour=_RED)
    for n in range(32):
        sheet.line(24, top + n * step, 768, top + n * step, width=0.3, colour=_RED)
    beat = job.rng.uniform(36, 60)
    for row, leads in enumerate((*_LEADS, ("II",))):
        middle = top + 60 + row * 110
        wide = 740 / len(leads)
        for column, lead in enumerate(leads):
            left = 26 + column * wide
            sheet.text(left + 4, middle - 40, lead, size=9)
            points = []
            for x in range(int(wide) - 4):
                at = (x % beat) / beat
                height = 3 * math.exp(-(((at - 0.2) / 0.03) ** 2)) + 34 * math.exp(-(((at - 0.35) / 0.012) ** 2))
                height += 7 * math.exp(-(((at - 0.6) / 0.05) ** 2)) - 8 * math.exp(-(((at - 0.38) / 0.012) ** 2))
                points.append((left + x, middle - height + job.rng.uniform(-0.5, 0.5)))
            sheet.curve(points, width=0.8, colour=(20, 20, 20))
