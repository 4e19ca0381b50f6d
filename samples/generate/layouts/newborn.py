"""A newborn record: the baby's identity above the mother's, whose name, number and dates are not its own."""

from __future__ import annotations

from dataclasses import replace

from ..job import Job
from ..pieces import cells, footer, letterhead, signed_by
from ..sheet import Sheet


def draw(job: Job) -> list[Sheet]:
    """One page. `job.relative` is the mother."""
    sheet = Sheet(face=job.face, size=10)
    rng, baby, house, labels = job.rng, job.patient, job.house, job.labels
    mother = replace(job.relative, role="mother")
    y = letterhead(sheet, job, title="NEWBORN RECORD")
    look = {"face": rng.choice((job.face, "mono")), "size": 10}
    sheet.text(40, y, "INFANT", bold=True)
    y = cells(
        sheet,
        36,
        y + 6,
        27,
        [
            (labels.name, baby.name("last_first", upper=True), 260),
            (labels.mrn, baby.mrn(), 140),
            (labels.account, baby.account(), 140),
        ],
        **look,
    )
    y = cells(
        sheet,
        36,
        y,
        27,
        [
            (labels.birth_date, baby.birth_date(), 150),
            ("Time of Birth", f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}", 100),
            (labels.sex, baby.sex(long=True), 90),
            ("Weight (g)", str(rng.randint(2350, 4300)), 100),
            ("Length (cm)", str(rng.randint(46, 55)), 100),
        ],
        **look,
    )
    y += 20
    sheet.text(40, y, "MOTHER", bold=True)
    y = cells(
        sheet,
        36,
        y + 6,
        27,
        [
            ("Mother's Name", mother.name("last_first", upper=True), 260),
            ("Mother's MRN", mother.mrn(), 140),
            ("Mother's DOB", mother.birth_date(), 140),
        ],
        **look,
    )
    y = cells(
        sheet,
        36,
        y,
        27,
        [
            ("Address", mother.street(), 260),
            ("Phone", mother.phone(), 140),
            ("G / P", f"G{rng.randint(1, 5)} P{rng.randint(0, 3)}", 140),
        ],
        **look,
    )
    y += 22
    sheet.text(40, y, "DELIVERY", bold=True)
    y = cells(
        sheet,
        36,
        y + 6,
        27,
        [
            ("Delivered by", job.doctors[0].fact(), 220),
            ("Type", rng.choice(("Spontaneous vaginal", "Cesarean", "Vacuum assisted")), 160),
            ("Gestation", f"{rng.randint(36, 41)} wk {rng.randint(0, 6)} d", 160),
        ],
        **look,
    )
    y += 20
    for x, title in ((40, "APGAR"), (140, "1 MIN"), (220, "5 MIN"), (300, "10 MIN")):
        sheet.text(x, y, title, bold=True, size=9)
    for sign in ("Heart rate", "Respiration", "Muscle tone", "Reflex", "Color"):
        y += 16
        sheet.text(40, y, sign, size=9)
        for x in (150, 230, 310):
            sheet.text(x, y, str(rng.choice((1, 2, 2))), size=9)
    y = sheet.paragraph(
        40,
        y + 30,
        530,
        [
            "Vigorous infant, dried and stimulated, placed skin to skin. Hepatitis B vaccine "
            f"and vitamin K given {house.date(job.service_date)}. Bands checked with mother, "
            f"number {job.number(5)}. Pediatrician:",
            job.doctors[1].fact(),
            "notified.",
        ],
    )
    signed_by(sheet, job, 40, y + 24)
    footer(sheet, job, 1, 1)
    return [sheet]
