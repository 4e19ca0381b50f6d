"""A list of medicines to go home with: two columns, and who it is for in a banner along the foot."""

from __future__ import annotations

from ..clinical import DIAGNOSES, MEDICATIONS
from ..job import Job
from ..sheet import Colour, Sheet
from .parts import born


def draw(job: Job) -> list[Sheet]:
    """One page."""
    sheet, rng = Sheet(face=job.face, size=9.5), job.rng
    sheet.text(36, 46, rng.choice(("Your medicines when you go home", "Medicines list on leaving hospital")), size=19)
    sheet.text(36, 62, f"{job.facility.name}  |  Ward {rng.randint(2, 9)}{rng.choice('ABCN')}", size=9)
    sheet.text(576, 62, f"Leaving on {job.house.long_date(job.service_date)}", size=9, align="right")
    sheet.line(36, 70, 576, 70, width=2, colour=(0, 110, 120))
    doses = rng.sample(MEDICATIONS, 9)
    _column(sheet, job, 36, "KEEP TAKING", doses[:5], "No change from before")
    _column(sheet, job, 312, "NEW OR CHANGED", doses[5:], "Started here")
    y = 560.0
    sheet.text(36, y, "Why you were with us", size=11, bold=True)
    sheet.paragraph(36, y + 15, 540, [f"{rng.choice(DIAGNOSES)[0]}. {rng.choice(DIAGNOSES)[0]}."])
    sheet.text(36, y + 44, "Questions about this list?", size=11, bold=True)
    sheet.row(
        36, y + 59, ["Pharmacist on duty", job.house.phone(job.facility.phone), "  Consultant", job.doctors[0].fact()]
    )
    sheet.text(
        36, y + 80, "Bring this list to every visit and show it to your own doctor and pharmacy.", size=9, italic=True
    )
    _banner(sheet, job)
    sheet.text(576, 776, f"PH-{job.number(3)} v{rng.randint(2, 9)}", size=6.5, align="right")
    return [sheet]


def _column(sheet: Sheet, job: Job, x: float, title: str, doses: list[str], note: str) -> None:
    sheet.box(x, 84, x + 264, 102, fill=(226, 240, 240), outline=None)
    sheet.text(x + 8, 97, title, size=10.5, bold=True)
    y = 122.0
    for dose in doses:
        drug, _, how = dose.partition(" ")
        sheet.text(x + 8, y, drug, size=11.5, bold=True)
        sheet.text(x + 8, y + 13, how, size=9.5)
        sheet.text(
            x + 8, y + 25, f"{note}. Last given {job.rng.randint(6, 22):02}:{job.rng.choice(('00', '30'))}", size=8
        )
        for place, when in enumerate(("Morning", "Noon", "Evening", "Bed")):
            sheet.checkbox(x + 8 + place * 60, y + 42, ticked=job.rng.random() < 0.4, label=when, size=8)
        sheet.line(x, y + 52, x + 264, y + 52, width=0.4, colour=(150, 150, 150))
        y += 76


def _banner(sheet: Sheet, job: Job) -> None:
    rng, who = job.rng, job.patient
    dark = rng.random() < 0.2
    ink: Colour = (255, 255, 255) if dark else (18, 18, 22)
    sheet.box(36, 688, 576, 752, fill=(0, 84, 96) if dark else (234, 234, 230), outline=None)
    sheet.text(48, 702, rng.choice(("This list belongs to", "List for", "Prepared for")), size=7.5, colour=ink)
    sheet.text(48, 721, who.name(), size=16, bold=True, colour=ink, max_width=330)
    x = 48.0
    words = (
        (rng.choice(("Born", "Birthday", "Date born")), born(who, rng.choice(("%b %d, %Y", "%m/%d/%Y", "%d %b %Y")))),
        (rng.choice(("Hospital number", "Hospital ID", "Patient number")), who.mrn()),
        (rng.choice(("Stay", "Visit number")), who.account()),
    )
    for word, value in words:
        if value:
            end = sheet.text(x, 742, word, size=8, colour=ink)
            x = sheet.text(end + 5, 742, value, size=11, bold=True, colour=ink) + 18
    if who.sex():
        sheet.text(564, 721, who.sex(long=True), size=11, colour=ink, align="right")
