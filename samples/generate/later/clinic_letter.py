"""A letter from a British hospital's clinic to a general practitioner: whom it is about stands above the text."""

from __future__ import annotations

from dataclasses import replace

from ..clinical import DIAGNOSES, MEDICATIONS, sentences
from ..facts import Fact
from ..job import Job
from ..late.parts import born
from ..pieces import signature
from ..sheet import Piece, Sheet


def draw(job: Job) -> list[Sheet]:
    """One page."""
    sheet, rng = Sheet(face=job.face, size=11), job.rng
    hospital = job.facility.name
    sheet.text(548, 56, hospital, size=15, bold=True, align="right")
    for n, line in enumerate(
        (
            rng.choice(("Department of Cardiology", "Orthopaedic Outpatients", "Respiratory Medicine")),
            job.facility.street,
            job.facility.town,
            f"Tel: {job.house.phone(job.facility.phone)}",
        )
    ):
        sheet.text(548, 72 + 13 * n, line, size=9, align="right")  # fmt: skip
    top = _references(sheet, job, 148)
    sheet.text(64, top, job.doctors[0].fact(), size=11)
    for n, line in enumerate(
        (rng.choice(("The Surgery", "The Health Centre", "Park Medical Practice")), f"{job.number(2)} High Street")
    ):
        sheet.text(64, top + 14 * (n + 1), line)
    y = top + 62
    sheet.text(64, y, f"Dear Dr {job.doctors[0].name.rpartition(' ')[2]}")
    y = _about(sheet, job, y + 26)
    sheet.text(64, y, "Diagnosis:", bold=True)
    sheet.text(150, y, rng.choice(DIAGNOSES)[0])
    sheet.text(64, y + 18, "Medication:", bold=True)
    sheet.text(150, y + 18, rng.choice(MEDICATIONS))
    told = f"I reviewed this {job.age()} {job.person_noun()} in my clinic. {sentences(rng, 4)}"
    y = sheet.paragraph(64, y + 44, 484, [told], leading=1.4)
    y = sheet.paragraph(64, y + 10, 484, [sentences(rng, 3)], leading=1.4)
    sheet.text(64, y + 14, "Yours sincerely")
    signature(sheet, 70, y + 44, rng)
    sheet.text(64, y + 66, job.doctors[1].fact(), bold=True)
    sheet.text(64, y + 80, rng.choice(("Consultant Cardiologist", "Consultant Physician", "Specialist Registrar")))
    sheet.text(64, 752, "Dictated but not signed to avoid delay      cc: patient", size=8)
    return [sheet]


def _references(sheet: Sheet, job: Job, y: float) -> float:
    rng, who = job.rng, job.patient
    initials = "".join(word[0] for word in job.doctors[1].name.split())
    rows: list[tuple[str, Piece | None]] = [
        (rng.choice(("Hospital No:", "Hospital Number:", "Our Ref:")), who.mrn()),
        ("NHS No:", f"{job.number(3)} {job.number(3)} {job.number(4)}"),
        ("Clinic date:", job.service_date.strftime("%d %B %Y")),
        ("Typed:", f"{job.printed_date.strftime('%d %B %Y')}   {initials}/{initials.lower()}"),
    ]
    for word, value in rows:
        if value:
            sheet.text(64, y, word, size=10)
            sheet.text(150, y, value, size=10)
            y += 14
    return y + 22


def _about(sheet: Sheet, job: Job, y: float) -> float:
    """The bold lines between the greeting and the text."""
    rng, who = job.rng, job.patient
    name, day = who.name("first_last"), born(who, rng.choice(("%d %B %Y", "%d %b %Y", "%d-%b-%Y")))
    title = {"F": rng.choice(("Mrs", "Ms", "Miss")), "M": "Mr"}.get(who.person.sex, "")
    if name:
        name = replace(name, raw=_family_in_capitals(name, who.person.last_name))
    word = rng.choice(("DOB", "d.o.b.", "D.O.B.:", "born"))
    first: list[Piece] = [rng.choice(("Re:", "RE:", "")), title, name]
    if rng.random() < 0.5:
        sheet.row(64, y, [*first, word if day else "", day], bold=True)
        y += 15
    else:
        sheet.row(64, y, first, bold=True)
        if day:
            sheet.row(64, y + 15, [word, day], bold=True)
        y += 30
    if street := who.street():
        sheet.row(64, y, [street, who.town()], bold=True)
        y += 15
    return y + 12


def _family_in_capitals(name: Fact, family: str) -> str:
    at = name.raw.lower().rfind(family.lower())
    return (
        name.raw if at < 0 else name.raw[:at] + name.raw[at : at + len(family)].upper() + name.raw[at + len(family) :]
    )
