"""A radiology report in a fixed-pitch face, as an older reporting system prints it."""

from __future__ import annotations

from ..clinical import STUDIES
from ..job import Job
from ..pieces import beside, footer, signed_by
from ..sheet import Sheet


def draw(job: Job) -> list[Sheet]:
    """One page."""
    sheet = Sheet(face=job.face, size=10)
    who, labels, house, rng = job.patient, job.labels, job.house, job.rng
    sheet.text(306, 50, job.facility.name.upper(), bold=True, align="center", size=12)
    sheet.text(306, 64, "DEPARTMENT OF RADIOLOGY AND IMAGING", align="center")
    sheet.text(
        306,
        77,
        f"{job.facility.street}  {job.facility.town}  {house.phone(job.facility.phone)}",
        align="center",
        size=8,
    )
    study, findings, impression = rng.choice(STUDIES)
    rows = [
        (
            labels.of(labels.name.upper()),
            who.name("last_first", upper=True),
            "EXAM DATE:",
            house.date(job.service_date),
        ),
        (labels.of(labels.mrn.upper()), who.mrn(), "ACCESSION:", f"{job.service_date:%y}-{job.number(7)}"),
        (labels.of(labels.birth_date.upper()), who.birth_date(), "ORDERED BY:", job.doctors[1].inverted()),
        (labels.of(labels.sex.upper()), who.sex(), "LOCATION:", rng.choice(("OPT", "ED", "4 WEST", "ICU"))),
        (labels.of(labels.account.upper()), who.account(), "DICTATED:", house.date(job.printed_date)),
    ]
    y = 104.0
    sheet.line(40, y - 14, 572, y - 14)
    for left, value, right, other in rows:
        beside(sheet, 44, y, left, value, column=118)
        beside(sheet, 352, y, right, other, column=80)
        y += 14
    sheet.line(40, y - 6, 572, y - 6)
    y += 16
    for title, text in (
        ("EXAMINATION:", study),
        (
            "CLINICAL INDICATION:",
            rng.choice(("Pain.", "Rule out pneumonia.", "Trauma, fall.", "Abnormal labs, evaluate.")),
        ),
        (
            "COMPARISON:",
            f"Prior study of {house.date(job.year_before)}." if rng.random() < 0.6 else "None.",
        ),
        ("TECHNIQUE:", "Standard protocol. Dose reduction techniques were employed where applicable."),
        (
            "FINDINGS:",
            " ".join(findings)
            + " "
            + rng.choice(
                (
                    "The visualized soft tissues are unremarkable.",
                    "No lytic or blastic lesion is seen.",
                    "Incidental note is made of degenerative change in the lower thoracic spine.",
                )
            ),
        ),
        ("IMPRESSION:", impression),
    ):
        sheet.text(44, y, title, bold=True)
        y = sheet.paragraph(44, y + 14, 520, [text]) + 10
    signed_by(sheet, job, 44, y + 14)
    footer(sheet, job, 1, 1)
    return [sheet]
