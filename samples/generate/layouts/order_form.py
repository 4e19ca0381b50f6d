"""An outpatient order: a bar code and a block of identifiers at the bottom right, tick boxes above."""

from __future__ import annotations

from ..clinical import DIAGNOSES, TESTS
from ..facts import Fact
from ..job import Job
from ..pieces import beside, code128, letterhead, signature
from ..sheet import Sheet


def draw(job: Job) -> list[Sheet]:
    """One page."""
    sheet = Sheet(face=job.face, size=9.5)
    rng, who, labels, house = job.rng, job.patient, job.labels, job.house
    y = letterhead(sheet, job, title=rng.choice(("OUTPATIENT ORDER", "PHYSICIAN ORDERS", "Requisition")))
    sheet.row(
        40,
        y,
        [
            "Date:",
            house.date(job.service_date),
            "   Ordering:",
            job.doctors[0].fact(),
            f"   NPI {job.doctors[0].npi}",
        ],
        size=9,
    )
    diagnosis, code = rng.choice(DIAGNOSES)
    sheet.text(40, y + 16, f"Diagnosis: {diagnosis} ({code})     Order no. {job.number(10)}")
    y += 44
    for number, (test, *_rest) in enumerate(TESTS):
        sheet.checkbox(46 + (number % 3) * 178, y + (number // 3) * 17, ticked=rng.random() < 0.2, label=test)
    y += (len(TESTS) // 3 + 1) * 17 + 12
    sheet.text(40, y, "Special instructions:")
    for line in range(4):
        sheet.line(40, y + 24 + line * 20, 572, y + 24 + line * 20, width=0.4)
    sheet.text(
        52,
        y + 20,
        rng.choice(
            (
                "Fasting 12 hours. Call with critical values.",
                "Patient will call for appointment.",
                "Send copy to cardiology.",
            )
        ),
        face="hand_pen",
        size=15,
        colour=(28, 44, 140),
    )
    signature(sheet, 60, 610, rng)
    sheet.line(40, 614, 260, 614, width=0.5)
    sheet.text(40, 625, "Physician signature", size=7.5)
    top = 560.0
    sheet.box(300, top, 576, top + 168, width=1)
    sheet.text(308, top + 12, "PATIENT IDENTIFICATION", size=7.5)
    line = top + 32
    for label, value in (
        (labels.name, who.name("last_first", upper=True)),
        (labels.birth_date, who.birth_date()),
        (labels.sex, who.sex()),
        (labels.mrn, who.mrn()),
        (labels.account, who.account()),
    ):
        if value:
            beside(sheet, 308, line, labels.of(label), value, column=100)
            line += 16
    number = who.mrn()
    if number and rng.random() < 0.7:
        fact = Fact(field="mrn", role=who.role, raw=number.raw, value=number.value, source="barcode")
        sheet.picture(code128(number.raw), 330, top + 122, 190, 36, fact)
    return [sheet]
