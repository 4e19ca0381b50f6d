"""A vaccine administration record: a table of doses with their days, the identity in a block above it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ..job import Job
from ..late.parts import born
from ..sheet import Piece, Sheet

_VACCINES = ("Hepatitis B", "DTaP", "Hib", "Polio (IPV)", "Pneumococcal (PCV13)", "Rotavirus", "MMR", "Varicella",
             "Hepatitis A", "Influenza", "HPV9", "MenACWY", "Tdap", "COVID-19")  # fmt: skip


def draw(job: Job) -> list[Sheet]:
    """One page."""
    sheet, rng, who = Sheet(face=job.face, size=9.5), job.rng, job.patient
    sheet.text(40, 50, rng.choice(("Vaccine Administration Record", "IMMUNIZATION RECORD", "Immunization History")),
               size=16, bold=True)  # fmt: skip
    sheet.text(572, 46, job.facility.name, size=9.5, align="right")
    sheet.text(572, 58, job.house.phone(job.facility.phone), size=8.5, align="right")
    day = born(who, rng.choice(("%m/%d/%Y", "%b %d, %Y", "%m-%d-%Y")))
    guardian = replace(job.relative, role="other").name("first_last")
    grown = who.person.age_on(job.service_date) >= 18
    left: list[tuple[str, Piece | None]] = [
        (rng.choice(("Patient name:", "Name of vaccinee:", "Name:")), who.name()),
        (rng.choice(("Birth date:", "Date of birth:", "DOB:")), day),
        (rng.choice(("Chart number:", "Record ID:", "Patient ID:", "Medical record #:")), who.mrn()),
        ("Sex:", who.sex(long=rng.random() < 0.6)),
    ]
    right: list[tuple[str, Piece | None]] = [
        ("Address:", who.street()),
        ("", who.town() or None),
        ("Telephone:", who.phone()),
        ("Emergency contact:" if grown else "Parent/guardian:", guardian),
    ]
    sheet.box(40, 68, 572, 146, width=1)
    for x, column, rows in ((48, 108, left), (310, 96, right)):
        y = 84.0
        for word, value in rows:
            if value:
                sheet.text(x, y, word)
                sheet.text(x + column, y, value, bold=rng.random() < 0.5, max_width=152)
            y += 17
    _doses(sheet, job, 162)
    sheet.text(
        40, 740, "Printed " + job.house.date(job.printed_date) + "   * given elsewhere, from written record", size=8
    )
    sheet.text(572, 740, "Page 1 of 1", size=8, align="right")
    return [sheet]


def _doses(sheet: Sheet, job: Job, top: float) -> None:
    rng = job.rng
    columns = (40.0, 170.0, 250.0, 330.0, 410.0, 490.0, 572.0)
    titles = ("Vaccine", "Date given", "Date given", "Date given", "Lot no.", "Given by")
    sheet.box(40, top, 572, top + 18, fill=(220, 228, 236))
    for x, title in zip(columns, titles, strict=False):
        sheet.text(x + 4, top + 12, title, size=8.5, bold=True)
    for n, vaccine in enumerate(_VACCINES):
        y = top + 18 + n * 37
        sheet.box(40, y, 572, y + 37, width=0.4)
        sheet.text(44, y + 22, vaccine)
        given = job.service_date
        for x in columns[1 : 1 + rng.randint(0, 3)]:
            sheet.text(x + 4, y + 22, job.house.date(given), size=9)
            given -= timedelta(days=rng.randint(60, 400))
        sheet.text(columns[4] + 4, y + 22, f"{rng.choice('ABCU')}{job.number(5)}", size=9)
        sheet.text(
            columns[5] + 4,
            y + 22,
            f"{rng.choice('JKLM')}. {job.doctors[0].name.rpartition(' ')[2]}",
            size=8.5,
            max_width=76,
        )
    for x in columns[1:-1]:
        sheet.line(x, top, x, top + 18 + 37 * len(_VACCINES), width=0.4)
