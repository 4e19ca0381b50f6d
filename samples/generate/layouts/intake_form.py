"""A new-patient form filled in by hand."""

from __future__ import annotations

from dataclasses import replace

from ..clinical import COMPLAINTS, MEDICATIONS
from ..job import Job
from ..pieces import handwritten, letterhead, signature, sticker
from ..sheet import BLUE_INK, INK, Piece, Sheet


def draw(job: Job) -> list[Sheet]:
    """One page: printed lines, answers in a hand, boxes ticked; the office adds the number on top."""
    sheet = Sheet(face=job.face, size=10)
    rng, who, labels = job.rng, job.patient, job.labels
    hand, ink = (
        rng.choice(("hand_print", "hand_round", "hand_pen", "hand_marker", "hand_caps")),
        rng.choice((INK, BLUE_INK)),
    )
    y = letterhead(sheet, job, title=rng.choice(("PATIENT INTAKE FORM", "NEW PATIENT INFORMATION", "Health History")))
    relative = replace(job.relative, role="emergency_contact")
    labelled = who.mrn() is not None and rng.random() < 0.5
    if labelled:  # registration sticks its label on the patient's own form
        sheet.stick(sticker(who, job), 348, y - 4, angle_deg=rng.uniform(-3, 3))
        y += 78
    elif who.mrn():
        sheet.text(380, y + 2, f"Office use: {labels.mrn}", size=8)
        handwritten(sheet, 476, y + 2, who.mrn(), rng, face=hand, size=14, colour=ink)
        sheet.line(470, y + 5, 572, y + 5, width=0.4)
    y += 24

    def ask(x: float, label: str, piece: Piece, end: float) -> None:
        start = sheet.text(x, y, label) + 4
        sheet.line(start, y + 3, end, y + 3, width=0.5)
        handwritten(sheet, start + 6, y + 1, piece, rng, face=hand, size=15, colour=ink, max_width=end - start - 8)

    ask(
        44,
        rng.choice(("Name (last, first):", "Patient name:", "Your full name:")),
        who.name(upper=rng.random() < 0.3),
        370,
    )
    ask(380, "Today's date:", job.house.date(job.service_date), 572)
    y += 27
    ask(44, "Date of birth:", who.birth_date(), 220)
    at = sheet.text(236, y, "Sex:") + 8
    for letter, word in (("F", "Female"), ("M", "Male")):
        at = sheet.checkbox(at, y, ticked=who.person.sex == letter, label=word)
    ask(400, "SSN:", who.ssn(), 572)
    y += 27
    ask(44, "Address:", who.street(), 340)
    ask(350, "City/State/ZIP:", who.town(), 572)
    y += 27
    ask(44, "Home phone:", who.phone(), 240)
    ask(250, "Occupation:", _occupation(job), 420)
    y += 27
    ask(44, "Emergency contact:", relative.name("first_last", upper=False), 340)
    ask(350, "Phone:", relative.phone(), 572)
    y += 27
    ask(44, "Family doctor:", job.doctors[1].fact(), 340)
    ask(350, "Referred by:", f"Dr. {job.doctors[2].name.split()[-1]}", 572)
    y += 30
    y = _history(sheet, job, y, hand, ink)
    y += 20
    ask(44, "Reason for visit:", rng.choice(COMPLAINTS), 572)
    y += 27
    ask(44, "Medications:", ", ".join(m.split(" PO")[0] for m in rng.sample(MEDICATIONS, 2)), 572)
    y += 50
    signature(sheet, 60, y, rng)
    sheet.line(44, y + 4, 300, y + 4, width=0.5)
    sheet.text(44, y + 14, "Patient signature", size=8)
    return [sheet]


def _occupation(job: Job) -> str:
    age = job.patient.person.age_on(job.service_date)
    return (
        "Student"
        if age < 20
        else "Retired"
        if age > 66
        else job.rng.choice(("Teacher", "Welder", "Nurse", "Driver", "Cashier", "Office clerk"))
    )


def _history(sheet: Sheet, job: Job, y: float, hand: str, ink: tuple[int, int, int]) -> float:
    sheet.text(44, y, "Have you ever had any of the following? (check all that apply)", bold=True)
    conditions = (
        "High blood pressure",
        "Diabetes",
        "Asthma",
        "Heart attack",
        "Stroke",
        "Cancer",
        "Kidney disease",
        "Hepatitis",
        "Depression",
        "Seizures",
        "Arthritis",
        "Thyroid disease",
    )
    for number, condition in enumerate(conditions):
        column, row = number % 3, number // 3
        sheet.checkbox(50 + column * 175, y + 18 + row * 17, ticked=job.rng.random() < 0.22, label=condition)
    y += 18 + 4 * 17 + 6
    sheet.text(44, y + 4, "Last tetanus shot:")
    handwritten(sheet, 134, y + 4, str(job.service_date.year - job.rng.randint(1, 9)), job.rng, face=hand, colour=ink)
    return y + 6
