"""A medication administration record: a wide table with the identity in a corner block or on a sticker."""

from __future__ import annotations

from datetime import timedelta

from ..clinical import MEDICATIONS
from ..job import Job
from ..pieces import beside, footer, handwritten, sticker
from ..sheet import Sheet


def draw(job: Job) -> list[Sheet]:
    """One page."""
    sheet = Sheet(face=job.face, size=9.5)
    rng, who, labels, house = job.rng, job.patient, job.labels, job.house
    sheet.text(40, 48, job.facility.name, bold=True, size=12)
    sheet.text(40, 64, "MEDICATION ADMINISTRATION RECORD", bold=True, size=11)
    sheet.text(
        40,
        78,
        f"Unit {rng.randint(2, 6)} {rng.choice(('East', 'West', 'Tower'))}   Bed "
        f"{rng.randint(1, 40)}   Allergies: "
        f"{rng.choice(('NKDA', 'Penicillin', 'Sulfa', 'Latex'))}",
    )
    if job.sticker or (who.mrn() and rng.random() < 0.5):
        sheet.stick(sticker(job.sticker or who, job), 350, 34, angle_deg=rng.uniform(-2.5, 2.5))
        beside(sheet, 40, 104, "Name:", who.name("last_first"))
        beside(sheet, 40, 118, "DOB:", who.birth_date())
    else:
        y = 48.0
        for label, value in (
            (labels.name, who.name("last_first", upper=True)),
            (labels.mrn, who.mrn()),
            (labels.birth_date, who.birth_date()),
            (labels.account, who.account()),
            ("Attending", job.doctors[0].inverted()),
        ):
            if value:
                beside(sheet, 338, y, labels.of(label), value, column=98)
                y += 13
    days = [job.service_date + timedelta(days=d) for d in range(4)]
    y = 140.0
    columns = (36, 246, 328, 410, 492, 576)
    for x, title in zip(columns, ("MEDICATION / DOSE / ROUTE", *(house.date(d) for d in days)), strict=False):
        sheet.text(x + 4, y + 10, title, bold=True, size=7.5, max_width=76 if x > 36 else 0)
    top = y
    for medication in rng.sample(MEDICATIONS, 9):
        y += 48
        sheet.text(40, y - 16, medication, size=9, max_width=200)
        sheet.text(40, y - 4, f"Start {house.date(days[0])}  RPh {rng.choice('ABKS')}{rng.choice('TLMW')}", size=7)
        for x in columns[1:-1]:
            if rng.random() < 0.75:
                handwritten(
                    sheet,
                    x + 8,
                    y - 6,
                    f"{rng.randint(6, 9):02}00 {rng.choice(('kj', 'RT', 'sb', 'MW'))}",
                    rng,
                    face="hand_print",
                    size=12,
                )
            if rng.random() < 0.5:
                handwritten(
                    sheet,
                    x + 8,
                    y + 10,
                    f"{rng.randint(17, 21)}00 {rng.choice(('kj', 'dl', 'AB'))}",
                    rng,
                    face="hand_print",
                    size=12,
                )
        sheet.line(36, y + 16, 576, y + 16, width=0.5)
    for x in columns:
        sheet.line(x, top, x, y + 16, width=0.6)
    sheet.line(36, top, 576, top)
    sheet.line(36, top + 14, 576, top + 14)
    sheet.text(
        40,
        y + 34,
        f"Nurse signatures: {job.doctors[1].name}, RN (initials {''.join(w[0] for w in job.doctors[1].name.split())})",
        size=8,
    )
    footer(sheet, job, 1, 1)
    return [sheet]
