"""A British clinic letter on A4: a consultant writes to the family doctor, and says below the greeting of whom."""

from __future__ import annotations

from ..clinical import DIAGNOSES, MEDICATIONS, sentences
from ..facts import Fact
from ..job import Doctor, Job
from ..pieces import signature
from ..places import STREETS
from ..sheet import Colour, Piece, Sheet
from .parts import born, dated, with_capital_surname

_BLUE: Colour = (0, 94, 184)
_CLINICS = ("Cardiology", "Rheumatology", "Respiratory Medicine", "General Surgery", "Diabetes and Endocrinology")
_WIDTH, _HEIGHT = 595.0, 842.0


def draw(job: Job) -> list[Sheet]:
    """One page, or two when the letter runs over."""
    sheet, rng = Sheet(_WIDTH, _HEIGHT, face=job.face, size=10.5), job.rng
    clinic, dates = rng.choice(_CLINICS), rng.choice(("%d/%m/%Y", "%d %b %Y", "%d-%b-%Y", "d mmmm yyyy"))
    title = _title(job)
    _head(sheet, job, clinic)
    doctor = _doctor(job.doctors[1])
    y = 132.0
    surgery = (f"{rng.randint(2, 90)} {rng.choice(STREETS)}", job.facility.town.split(",")[0])
    for line in (doctor, "The Surgery", *surgery):
        sheet.text(56, y, line)
        y += 13.5
    sheet.text(56, y + 22, "Dear Dr " + job.doctors[1].name.split()[-1])
    y = _subject(sheet, job, title, dates, y + 42)
    y = _lists(sheet, job, y + 8)
    surname = job.patient.family_name().title() if job.patient.writing.upper else job.patient.family_name()
    y = sheet.paragraph(
        56, y + 4, 483,
        [rng.choice(("I reviewed this", "Thank you for asking me to see this", "I had the pleasure of meeting this")),
         f"{job.age()} {job.person_noun()} in clinic on {dated(job.service_date, dates)}. {sentences(rng, 3)}"],
    ) + 6  # fmt: skip
    y = sheet.paragraph(
        56, y, 483,
        [f"We have agreed that {title} {surname} will have bloods repeated with you in six weeks. {sentences(rng, 2)}"],
    ) + 6  # fmt: skip
    if rng.random() < 0.25:
        for _ in range(5):
            y = sheet.paragraph(56, y, 483, [sentences(rng, 4)]) + 6
        sheet.text(539, 806, "Continued overleaf", size=8.5, align="right")
        second = Sheet(_WIDTH, _HEIGHT, face=job.face, size=10.5)
        second.text(56, 62, "Page 2")
        second.row(56, 78, ["Re:", title, with_capital_surname(job.patient, "first_last"), " ", job.patient.mrn()])
        _close(second, job, second.paragraph(56, 108, 483, [sentences(rng, 4)]) + 10, title)
        return [sheet, second]
    _close(sheet, job, y, title)
    return [sheet]


def _doctor(doctor: Doctor) -> Fact:
    """As British letters write one: Dr and no degree."""
    return Fact(field="name", role="provider", raw=f"Dr {doctor.name}", value=doctor.name)


def _title(job: Job) -> str:
    years, person = job.patient.person.age_on(job.service_date), job.patient.person
    if person.sex == "F":
        return "Miss" if years < 18 else job.rng.choice(("Mrs", "Ms", "Miss"))
    return "Master" if years < 14 else "Mr"


def _head(sheet: Sheet, job: Job, clinic: str) -> None:
    rng, who = job.rng, job.patient
    sheet.box(490, 28, 539, 48, fill=_BLUE, outline=None)
    sheet.text(514, 44, "NHS", size=16, bold=True, italic=True, colour=(255, 255, 255), align="center")
    trust = rng.choice(("Larkspur Valley University Hospitals", "St Brendan and Larkspur Valley Hospitals"))
    sheet.text(539, 62, trust, size=12, bold=True, align="right")
    sheet.text(539, 74, "NHS Foundation Trust", size=9, colour=_BLUE, align="right")
    y = 92.0
    for line in (f"Department of {clinic}", job.facility.street, f"Tel: 01{job.number(3)} {job.number(6)}",
                 f"Secretary: {job.doctors[2].name}"):  # fmt: skip
        sheet.text(539, y, line, size=8.5, align="right")
        y += 11
    initials = "".join(part[0] for part in job.doctors[0].name.split())
    typist = rng.choice(("cj", "slm", "pt"))
    end = sheet.text(56, 78, f"Our ref: {initials}/{typist}/", size=9)
    sheet.text(end, 78, who.mrn() or job.number(6), size=9)
    sheet.text(56, 91, f"Dictated: {dated(job.service_date, '%d/%m/%Y')}", size=9)
    sheet.text(56, 104, f"Typed: {dated(job.printed_date, '%d/%m/%Y')}", size=9)


def _subject(sheet: Sheet, job: Job, title: str, dates: str, y: float) -> float:
    """The lines of whom it is about, in one of three arrangements; returns the next baseline."""
    rng, who = job.rng, job.patient
    hospital = rng.choice(("Hospital No:", "Hosp No:", "Unit No:", "Hospital Number:"))
    birth = rng.choice(("DOB:", "D.O.B:", "Date of birth:", "dob"))
    national = _national_number(job)
    number, day = who.mrn(), born(who, dates)
    home: list[Piece] = [who.street(), f"  {who.person.city}" if who.street() else None]
    kind = rng.choice(("lines", "run", "table"))
    if kind == "table":
        rows: list[tuple[str, list[Piece]]] = [
            ("Patient", [title, with_capital_surname(who, "first_last")]),
            (birth.rstrip(":"), [day]),
            (hospital.rstrip(":"), [number]),
            ("NHS Number", [national]),
            ("Address", home),
        ]
        for label, values in rows:
            if any(values):
                sheet.box(56, y - 12, 539, y + 4, width=0.4)
                sheet.line(160, y - 12, 160, y + 4, width=0.4)
                sheet.text(60, y, label, size=9.5)
                sheet.row(165, y, values, bold=True, size=10)
                y += 16
        return y + 8
    name = with_capital_surname(who, "last_first" if kind == "run" else "first_last")
    labelled: list[Piece] = [hospital if number else None, number, "NHS No:", national]
    if kind == "run":
        named: list[Piece] = ["RE:", name, f"({title})"]
        dated_too: list[Piece] = ["-", birth, day] if day else []
        sheet.row(56, y, named + dated_too, bold=True)
    else:
        sheet.row(56, y, ["Re:", title, name, " ", birth if day else None, day], bold=True)
    sheet.row(56, y + 14, labelled, bold=True)
    sheet.row(56, y + 28, home, bold=True)
    return y + 50


def _national_number(job: Job) -> str:
    """Ten digits, the last of which checks the others."""
    while True:
        digits = job.number(9)
        check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11
        if check != 10:
            return f"{digits[:3]} {digits[3:6]} {digits[6:]}{check % 11}"


def _lists(sheet: Sheet, job: Job, y: float) -> float:
    rng = job.rng
    for title, lines in (
        (rng.choice(("Diagnoses:", "Diagnosis")), [d[0] for d in rng.sample(DIAGNOSES, 2)]),
        (rng.choice(("Current medication:", "Medication")), rng.sample(MEDICATIONS, 3)),
    ):
        sheet.text(56, y, title, bold=True)
        for number, line in enumerate(lines, 1):
            sheet.text(170, y, f"{number}.  {line}")
            y += 14
        y += 6
    return y


def _close(sheet: Sheet, job: Job, y: float, title: str) -> None:
    who, doctor = job.patient, job.doctors[0]
    sheet.text(56, y + 6, "Yours sincerely")
    signature(sheet, 60, y + 36, job.rng)
    sheet.text(56, y + 62, _doctor(doctor), bold=True)
    sheet.text(56, y + 75, "Consultant Physician")
    if job.rng.random() < 0.5:
        copied: list[Piece] = ["cc", title, who.name("first_last", upper=False), who.street()]
        sheet.row(56, y + 100, copied, size=9)
    else:
        sheet.text(56, y + 100, "Dictated but not signed, to avoid delay", size=9, italic=True)
