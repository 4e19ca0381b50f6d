"""A letter of referral from another practice, as it comes out of the fax."""

from __future__ import annotations

from ..clinical import COMPLAINTS, DIAGNOSES, MEDICATIONS, sentences
from ..job import Job
from ..pieces import letterhead, signature
from ..sheet import Sheet


def draw(job: Job) -> list[Sheet]:
    """One page: a RE: line carries the identity; the practice's own chart number may stand there too."""
    sheet = Sheet(face=job.face, size=11.5)
    who, house, rng = job.patient, job.house, job.rng
    y = letterhead(sheet, job) + 12
    sheet.text(54, y, house.long_date(job.service_date))
    y += 28
    for line in (
        job.doctors[1].fact(),
        rng.choice(("Department of Surgery", "Cardiology Clinic", "Orthopaedics", "Internal Medicine")),
        "Larkspur Valley Medical Center",
    ):
        sheet.text(54, y, line)
        y += 15
    y = _reference(sheet, job, y + 14)
    sheet.text(54, y, f"Dear Dr. {job.doctors[1].name.split()[-1]}:")
    title = "Ms." if who.person.sex == "F" else "Mr."
    called = f"{title} {who.family_name().title() if house.upper else who.family_name()}"
    pronoun = "She" if who.person.sex == "F" else "He"
    paragraphs = (
        f"Thank you for seeing {called}, a {job.age()} with a history of "
        f"{rng.choice(DIAGNOSES)[0].lower()}, who came to our office on "
        f"{house.date(job.service_date)} with {rng.choice(COMPLAINTS)}.",
        f"{pronoun} is currently taking {', '.join(m.split(' PO')[0] for m in rng.sample(MEDICATIONS, 3))}. "
        + sentences(rng, 2),
        "I would appreciate your evaluation and recommendations. Please call our office at "
        f"{house.phone(job.facility.phone)} if you need records or films.",
    )
    y += 24
    for paragraph in paragraphs:
        y = sheet.paragraph(54, y, 500, [paragraph]) + 10
    sheet.text(54, y + 6, "Sincerely,")
    signature(sheet, 58, y + 38, rng)
    sheet.text(54, y + 58, job.doctors[0].fact())
    sheet.text(54, y + 72, f"NPI {job.doctors[0].npi}", size=9)
    sheet.text(54, y + 94, "Enc.", size=9)
    return [sheet]


def _reference(sheet: Sheet, job: Job, y: float) -> float:
    who, rng, labels = job.patient, job.rng, job.labels
    name, born = who.name("first_last"), who.birth_date(rng.choice(("", "long")))
    sheet.text(54, y, "RE:", bold=True)
    style = rng.choice(("line", "block", "block"))
    mrn, account = who.mrn(), who.account()
    if style == "line":
        at = sheet.row(84, y, [name], bold=True)
        sheet.row(at + 8, y, ["DOB" if born else None, born], bold=True)
        if mrn:
            sheet.row(84, y + 15, [labels.of("Your MRN"), mrn], bold=True)
            y += 15
    else:
        sheet.text(84, y, name, bold=True)
        for label, value in (
            ("Date of Birth:", born),
            ("Your MRN:", mrn),
            ("Acct:", account if not mrn else None),
            ("Address:", who.street()),
        ):
            if value:
                y += 15
                sheet.row(84, y, [label, value])
    if rng.random() < 0.6:
        y += 15
        sheet.row(84, y, [f"Our chart no.: {job.facility.short}-{job.number(5)}"])
    return y + 28
