"""A Canadian kind of laboratory requisition: a grid of small boxes, each with its words in the corner."""

from __future__ import annotations

from ..clinical import DIAGNOSES, TESTS
from ..job import Job
from ..pieces import signature
from ..sheet import BLUE_INK, INK, Sheet
from .parts import born, cell, filled, split_date, split_name


def draw(job: Job) -> list[Sheet]:
    """One page."""
    sheet, rng, who = Sheet(face=job.face, size=8.5), job.rng, job.patient
    sheet.text(36, 44, rng.choice(("Laboratory Requisition", "Diagnostic Services Request")), size=15, bold=True)
    sheet.text(36, 56, "Requisitioning clinician / practitioner: complete all shaded sections", size=7)
    sheet.text(576, 44, job.facility.name, size=10, align="right")
    by_hand = rng.random() < 0.4
    face = rng.choice(("hand_late_pen", "hand_late_round")) if by_hand else rng.choice((job.face, "late_printer"))
    size, colour = (14.5, BLUE_INK) if by_hand else (10, INK)
    look = {"face": face, "size": size, "colour": colour}
    filled(sheet, 36, 66, 200, 30, "Clinician / practitioner name", job.doctors[0].fact(), size=9.5)
    filled(sheet, 36, 96, 200, 30, "Address", f"{job.facility.street}", size=9)
    filled(sheet, 36, 126, 110, 30, "Clinician number", job.doctors[0].npi, size=9.5)
    filled(sheet, 146, 126, 90, 30, "Telephone for urgent results", job.house.phone(job.facility.phone), size=8.5)
    filled(sheet, 36, 156, 200, 30, "Diagnosis / clinical information", rng.choice(DIAGNOSES)[0], size=9)
    x = 236.0
    filled(sheet, x, 66, 150, 30, "Health insurance number", f"{job.number(4)} {job.number(3)} {job.number(3)}", **look)
    filled(sheet, x + 150, 66, 50, 30, "Version", rng.choice(("AB", "KL", "")), **look)
    filled(sheet, x + 200, 66, 40, 30, "Sex", who.sex(), **look)
    cell(sheet, x + 240, 66, 100, 30, rng.choice(("Date of birth  yyyy  mm  dd", "Birth  year  month  day")), size=5.5)
    for at in (40, 68):
        sheet.line(x + 240 + at, 76, x + 240 + at, 96, width=0.4)
    split_date(sheet, born(who, "%Y %m %d"), x + 240, 92, (40, 28, 28), face=face, size=min(size, 12), colour=colour)
    last, first = rng.choice(
        (
            ("Patient's last name (as on card)", "Patient's first & middle names"),
            ("Last name", "First and middle name(s)"),
        )
    )
    split_name(sheet, who, (x, 96, 340, 30, last), (x, 126, 340, 30, first), **look)
    filled(
        sheet,
        x,
        156,
        170,
        30,
        rng.choice(("Hospital chart no. (if any)", "Facility chart number", "Our file no.")),
        who.mrn(),
        **look,
    )
    filled(sheet, x + 170, 156, 170, 30, "Patient's telephone contact", who.phone(), **look)
    street = who.street()
    filled(sheet, 36, 186, 540, 30, "Patient's address (including postal code)", street, **look)
    _tests(sheet, job, 232)
    signature(sheet, 60, 724, rng)
    sheet.line(36, 730, 280, 730, width=0.5)
    sheet.text(36, 740, "Clinician's signature", size=6.5)
    filled(sheet, 400, 708, 176, 30, "Date", job.house.date(job.service_date), size=9.5)
    sheet.text(36, 764, f"{job.number(4)}-84 (20{rng.randint(15, 24)}/{rng.randint(1, 12):02})", size=6.5)
    return [sheet]


def _tests(sheet: Sheet, job: Job, top: float) -> None:
    rng = job.rng
    groups = (("x  Biochemistry", TESTS[6:18]), ("x  Haematology", TESTS[:6]), ("x  Other", TESTS[18:]))
    for place, (title, tests) in enumerate(groups):
        x = 36 + place * 180.0
        sheet.box(x, top, x + 180, top + 15, fill=(205, 205, 205))
        sheet.text(x + 4, top + 11, title, size=8.5, bold=True)
        for row in range(18):
            y = top + 15 + row * 24.0
            sheet.box(x, y, x + 18, y + 24, width=0.4)
            sheet.box(x + 18, y, x + 180, y + 24, width=0.4)
            if row < len(tests):
                sheet.text(x + 22, y + 15, tests[row][0], size=8.5)
                if rng.random() < 0.3:
                    sheet.line(x + 4, y + 13, x + 8, y + 19, width=1.2, colour=BLUE_INK)
                    sheet.line(x + 8, y + 19, x + 15, y + 5, width=1.2, colour=BLUE_INK)
