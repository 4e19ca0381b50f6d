"""A physical for day care, school or work, by age, filled in by hand at home and by the doctor."""

from __future__ import annotations

from random import Random

from ..job import Job
from ..pieces import signature
from ..sheet import Sheet
from .parts import Pen, blank, born, dated, hand, parted_name, remembered, ward_label
from .school_words import CHILD_CARE, CHILD_QUESTIONS, NOUNS, ORGANS, QUESTIONS, SCHOOLS, SPORTS, TITLES, WORK

_LEFT, _RIGHT = 40.0, 572.0


def draw(job: Job) -> list[Sheet]:
    """One page."""
    sheet, rng = Sheet(face=job.face, size=9), job.rng
    years = job.patient.person.age_on(job.service_date)
    kind = "small" if years < 5 else "school" if years < 19 else "work"
    pen, doctors = hand(rng), hand(rng)
    sheet.text(_LEFT, 48, rng.choice(TITLES[kind]), size=15, bold=True, max_width=304)
    sheet.text(_LEFT, 61, "Part 1: to be completed before the visit. Please print in ink.", size=8.5)
    _clinic_box(sheet, job, doctors)
    y = _person(sheet, job, pen, kind, 129)
    y = _history(sheet, rng, pen, CHILD_QUESTIONS if kind == "small" else QUESTIONS, y + 6)
    sworn = "I hereby state that, to the best of my knowledge, my answers are complete and correct."
    sheet.text(_LEFT, y + 12, sworn, size=8, italic=True)
    signature(sheet, 120, y + 38, rng)
    signer = "Signature of applicant" if kind == "work" else "Signature of parent/guardian"
    blank(sheet, _LEFT, y + 38, 360, signer, None, pen, rng, below=True)
    blank(sheet, 420, y + 38, 152, "Date", dated(job.service_date, "m/d/yyyy"), pen, rng, below=True)
    _exam(sheet, job, doctors, y + 66)
    return [sheet]


def _clinic_box(sheet: Sheet, job: Job, pen: Pen) -> None:
    """The corner that the clinic keeps for itself: a label from the roll, or the number by hand."""
    rng, who = job.rng, job.patient
    sheet.box(356, 28, _RIGHT, 106, width=0.7)
    sheet.text(360, 37, rng.choice(("OFFICE USE ONLY", "Clinic use", "For office use: place label here")), size=6.5)
    if job.sticker or (who.mrn() and rng.random() < 0.35):
        sheet.stick(ward_label(job.sticker or who, job), 362, 36 + rng.uniform(-3, 3), angle_deg=rng.uniform(-2.5, 2.5))
        return
    word = rng.choice(("Chart #", "Patient no.", "Med. record no."))
    blank(sheet, 364, 62, 200, word, who.mrn(), pen, rng)
    received = f"{dated(job.service_date, 'm/d/yyyy')}  {rng.choice(('kt', 'RN', 'jb'))}"
    blank(sheet, 364, 86, 200, "Rec'd", received, pen, rng)


def _person(sheet: Sheet, job: Job, pen: Pen, kind: str, y: float) -> float:
    """Who it is and who belongs to them; labels in front of the line or below it."""
    rng, who, below = job.rng, job.patient, job.rng.random() < 0.45
    step = 30.0 if below else 25.0
    day = born(who, rng.choice(("%m/%d/%Y", "m/d/yyyy", "%m-%d-%y", "%b %d, %Y")))
    noun = rng.choice(NOUNS[kind])
    if below:
        fact, family, given = parted_name(who)
        end = pen.write(sheet, _LEFT + 4, y, family, rng, max_width=200)
        spans = [(_LEFT + 4, end), (264.0, pen.write(sheet, 264, y, given, rng, max_width=180))]
        remembered(sheet, fact, spans, y, pen)
        for x, width, word in ((_LEFT, 210.0, f"{noun} last name"), (260.0, 190.0, "First name and middle initial")):
            blank(sheet, x, y, width, word, None, pen, rng, below=True)
        blank(sheet, 460, y, 112, rng.choice(("Date of birth", "Birthdate (mo/day/yr)")), day, pen, rng, below=True)
    else:
        blank(sheet, _LEFT, y, 350, rng.choice((f"{noun} name", "Name", f"{noun} full name")), who.name(), pen, rng)
        blank(sheet, 400, y, 172, rng.choice(("Date of birth", "Birthdate", "D.O.B.")), day, pen, rng)
    y += step
    years = who.person.age_on(job.service_date)
    blank(sheet, _LEFT, y, 70, "Sex", who.sex(), pen, rng, below=below)
    blank(sheet, 120, y, 60, "Age", str(years), pen, rng, below=below)
    if kind == "school":
        blank(sheet, 190, y, 80, "Grade", str(min(12, years - 5)) if years > 5 else "K", pen, rng, below=below)
        blank(sheet, 280, y, 180, "School", rng.choice(SCHOOLS[(years > 10) + (years > 13)]), pen, rng, below=below)
        blank(sheet, 466, y, 106, "Sport(s)", rng.choice(SPORTS), pen, rng, below=below)
    else:
        word = "Position applied for" if kind == "work" else "Child care program"
        place = rng.choice(WORK if kind == "work" else CHILD_CARE) if years < 67 else "Hospital volunteer"
        blank(sheet, 190, y, 382, word, place, pen, rng, below=below)
    y += step
    blank(sheet, _LEFT, y, 350, "Home address", who.street(), pen, rng, below=below)
    blank(sheet, 400, y, 172, rng.choice(("Phone", "Home phone")), who.phone(), pen, rng, below=below)
    y += step
    near = job.relative
    word = rng.choice(("Parent/guardian", "Name of parent or guardian", "Mother/father/guardian"))
    word = "Emergency contact" if kind == "work" else word
    blank(sheet, _LEFT, y, 350, word, near.name("first_last", upper=False), pen, rng, below=below)
    blank(sheet, 400, y, 172, "Work/cell phone", near.phone(), pen, rng, below=below)
    y += step
    blank(sheet, _LEFT, y, 350, "Personal physician", job.doctors[0].fact(), pen, rng, below=below)
    blank(sheet, 400, y, 172, "Office phone", job.house.phone(job.facility.phone), pen, rng, below=below)
    return y + (20 if below else 12)


def _history(sheet: Sheet, rng: Random, pen: Pen, questions: tuple[str, ...], y: float) -> float:
    sheet.box(_LEFT, y, _RIGHT, y + 15, fill=(225, 225, 225))
    sheet.text(_LEFT + 4, y + 11, 'MEDICAL HISTORY   Explain "Yes" answers below.', size=9, bold=True)
    sheet.text(510, y + 11, "YES", size=8, bold=True)
    sheet.text(542, y + 11, "NO", size=8, bold=True)
    for number, question in enumerate(questions, 1):
        y += 16
        sheet.text(_LEFT + 4, y + 10, f"{number}. {question}", size=8.5)
        answer = rng.choices((True, False, None), (15, 80, 5))[0]
        for x, said in ((512.0, True), (543.0, False)):
            sheet.box(x, y + 2, x + 9, y + 11, width=0.5)
            if answer is said:
                sheet.curve([(x + 1, y + 6), (x + 4, y + 10), (x + 11, y)], width=1.1, colour=pen.colour)
    sheet.line(_LEFT, y + 17, _RIGHT, y + 17, width=0.5)
    return y + 18


def _exam(sheet: Sheet, job: Job, pen: Pen, y: float) -> None:
    rng, years = job.rng, job.patient.person.age_on(job.service_date)
    inches = rng.randint(59, 74) if years > 14 else 22 + round(years * 2.8) + rng.randint(-1, 2)
    tall = f"{inches // 12}' {inches % 12}\"" if years > 4 else f'{inches}"'
    heavy = f"{rng.randint(105, 215) if years > 14 else 14 + years * 6 + rng.randint(-2, 5)} lb"
    sheet.box(_LEFT, y, _RIGHT, y + 15, fill=(225, 225, 225))
    sheet.text(_LEFT + 4, y + 11, "Part 2: PHYSICAL EXAMINATION (to be completed by the examiner)", size=9, bold=True)
    y += 36
    for x, width, word, value in (
        (_LEFT, 100.0, "Height", tall),
        (150.0, 90.0, "Weight", heavy),
        (250.0, 110.0, "BP", f"{rng.randint(98, 134)}/{rng.randint(58, 84)}"),
        (370.0, 80.0, "Pulse", f"{rng.randint(56, 92)}"),
        (460.0, 112.0, "Vision  R 20/", f"{rng.choice((20, 25, 30))}"),
    ):
        blank(sheet, x, y, width, word, value, pen, rng)
    y += 14
    for place, organ in enumerate(ORGANS):
        x, base = _LEFT + place % 2 * 270.0, y + place // 2 * 17.0
        sheet.text(x, base + 11, organ, size=8.5)
        at = sheet.checkbox(x + 140, base + 11, ticked=rng.random() < 0.93, label="NL", size=8)
        sheet.checkbox(at, base + 11, ticked=False, label="ABN", size=8)
    y += 84
    sheet.checkbox(_LEFT, y, ticked=True, label=rng.choice(("Cleared without restriction", "Fit without limitation")))
    sheet.checkbox(220, y, ticked=False, label="Cleared after further evaluation for: ____________")
    y += 30
    signature(sheet, 90, y, rng)
    blank(sheet, _LEFT, y, 240, "Signature of examiner", None, pen, rng, below=True)
    blank(sheet, 290, y, 170, "Printed name of examiner", job.doctors[0].fact(), pen, rng, below=True)
    blank(sheet, 470, y, 102, "Date of exam", dated(job.service_date, "m/d/yyyy"), pen, rng, below=True)
