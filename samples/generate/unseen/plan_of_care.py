"""A home health agency's certification and plan of care, after the government's form: numbered boxes, all filled."""

from __future__ import annotations

from datetime import timedelta

from ..clinical import DIAGNOSES, MEDICATIONS, PROCEDURES
from ..job import Job
from ..pieces import signature
from ..sheet import Piece, Sheet
from .parts import Pen, born
from .plan_words import ALLOWED, CERTIFIED, GOALS, LIMITS, ORDERS, WARNED

_LEFT, _RIGHT = 30.0, 582.0


def draw(job: Job) -> list[Sheet]:
    """One page, or two with an addendum."""
    rng = job.rng
    pen = Pen(face=rng.choice(("unseen_printer", "unseen_console")), size=9)
    form = _Form(job, pen)
    claim = f"{rng.randint(1, 9)}{rng.choice('EGKM')}{job.number(2)}-TE{rng.randint(1, 9)}-MK{job.number(2)}"
    sheet = form.page("HOME HEALTH CERTIFICATION AND PLAN OF CARE")
    form.first_row(sheet, claim)
    y = form.people(sheet)
    y = form.clinical(sheet, y)
    form.orders(sheet, y)
    sheet.text(_LEFT, 772, "Form CMS-485 (C-3) (12-14) (Formerly HCFA-485)", size=6.5)
    if rng.random() < 0.3:
        return [sheet, form.addendum(claim)]
    return [sheet]


class _Form:
    """The form's wording and pen, the same on every page of it."""

    def __init__(self, job: Job, pen: Pen) -> None:
        rng = job.rng
        self.job, self.pen = job, pen
        self.number = rng.choice(("4. Medical Record No.", "4. Medical Record Number", "4. Client Record No."))
        self.who = rng.choice(
            ("6. Patient's Name and Address", "6. Patient's Name, Address and Telephone", "6. Client Name / Address")
        )
        self.born = rng.choice(("8. Date of Birth", "8. Date of Birth (MM/DD/YYYY)", "8. DOB"))
        self.dates = rng.choice(("%m/%d/%Y", "%m/%d/%Y", "%m/%d/%y", "%m%d%Y"))
        self.order = rng.choice(("last_first", "last_first", "first_last"))
        self.agency = f"36-{job.number(4)}"
        self.sworn = job.service_date + timedelta(days=2)

    def page(self, title: str) -> Sheet:
        sheet = Sheet(face=self.job.face, size=8)
        sheet.text(_LEFT, 34, "Department of Health and Human Services", size=6.5)
        sheet.text(_LEFT, 42, "Centers for Medicare & Medicaid Services", size=6.5)
        sheet.text(_RIGHT, 34, "Form Approved", size=6.5, align="right")
        sheet.text(_RIGHT, 42, "OMB No. 0938-0357", size=6.5, align="right")
        sheet.text(306, 54, title, size=11, bold=True, align="center")
        return sheet

    def cell(
        self, sheet: Sheet, x: float, y: float, width: float, height: float, label: str, lines: list[Piece]
    ) -> None:
        """A box, its numbered label, what is typed in it."""
        sheet.box(x, y, x + width, y + height, width=0.5)
        sheet.text(x + 2, y + 8, label, size=6.5, max_width=width - 4)
        base = y + 19
        for line in lines:
            if line is not None and str(line):
                self.pen.write(sheet, x + 6, base, line, self.job.rng, max_width=width - 9)
                base += 10.5

    def first_row(self, sheet: Sheet, claim: str) -> None:
        day, end = self.job.service_date, self.job.service_date + timedelta(days=59)
        self.cell(sheet, _LEFT, 60, 122, 26, "1. Patient's HI Claim No.", [claim])
        self.cell(sheet, 152, 60, 88, 26, "2. Start Of Care Date", [day.strftime(self.dates)])
        self.cell(sheet, 240, 60, 158, 26, "3. Certification Period", [])
        sheet.text(244, 82, "From:", size=6.5)
        self.pen.write(sheet, 263, 82, day.strftime(self.dates), self.job.rng, max_width=56)
        sheet.text(322, 82, "To:", size=6.5)
        self.pen.write(sheet, 334, 82, end.strftime(self.dates), self.job.rng, max_width=60)
        self.cell(sheet, 398, 60, 102, 26, self.number, [self.job.patient.mrn()])
        self.cell(sheet, 500, 60, 82, 26, "5. Provider No.", [self.agency])

    def people(self, sheet: Sheet) -> float:
        job, who, place = self.job, self.job.patient, self.job.facility
        phone = who.phone() if "Telephone" in self.who else None
        self.cell(sheet, _LEFT, 86, 276, 54, self.who, [who.name(self.order), who.street(), who.town(), phone])
        agency: list[Piece] = [f"{place.name} Home Care", place.street, place.town, job.house.phone(place.phone)]
        self.cell(sheet, 306, 86, 276, 54, "7. Provider's Name, Address and Telephone Number", agency)
        self.cell(sheet, _LEFT, 140, 154, 26, self.born, [born(who, self.dates)])
        sheet.box(184, 140, 306, 166, width=0.5)
        sheet.text(186, 148, "9. Sex", size=6.5)
        sex, x = who.sex(), 216.0
        for letter in "MF":
            sheet.text(x, 160, letter, size=8)
            sheet.box(x + 12, 152, x + 21, 161, width=0.6)
            if sex and sex.raw == letter:
                self.pen.write(sheet, x + 14, 159.5, "X", job.rng)
                sheet.remember(sex, x - 1, 151, x + 22, 162)
            x += 42
        return 166

    def clinical(self, sheet: Sheet, y: float) -> float:
        rng, day, half = self.job.rng, self.job.service_date.strftime(self.dates), 276.0
        first, other = rng.sample(DIAGNOSES, 2)
        doses: list[Piece] = [f"{dose} ({rng.choice('NC')})" for dose in rng.sample(MEDICATIONS, 7)]
        self.cell(sheet, 306, 140, half, 104, "10. Medications: Dose/Frequency/Route (N)ew (C)hanged", doses)
        for label, text in (
            ("11. ICD   Principal Diagnosis", f"{first[1]} {first[0]}"),
            ("12. ICD   Surgical Procedure", rng.choice((*PROCEDURES, "N/A", "N/A", "N/A"))),
            ("13. ICD   Other Pertinent Diagnoses", f"{other[1]} {other[0]}"),
        ):
            self.cell(sheet, _LEFT, y, 212, 26, label, [text])
            self.cell(sheet, 242, y, 64, 26, "Date", [day])
            y += 26
        pairs = (
            ("14. DME and Supplies", "Walker, gloves, alcohol preps", "15. Safety Measures", "Fall precautions"),
            ("16. Nutritional Req.", rng.choice(("2 gm Na", "1800 cal ADA", "Regular")), "17. Allergies", "NKDA"),
        )
        for one, said, another, also in pairs:
            self.cell(sheet, _LEFT, y, half, 26, one, [said])
            self.cell(sheet, _LEFT + half, y, half, 26, another, [also])
            y += 26
        self.ticks(sheet, _LEFT, y, half, "18.A. Functional Limitations", LIMITS)
        self.ticks(sheet, _LEFT + half, y, half, "18.B. Activities Permitted", ALLOWED)
        y += 66
        self.cell(
            sheet, _LEFT, y, half, 26, "19. Mental Status", [rng.choice(("1 Oriented", "1 Oriented, 4 Forgetful"))]
        )
        self.cell(sheet, _LEFT + half, y, half, 26, "20. Prognosis", [rng.choice(("3 Fair", "4 Good", "2 Guarded"))])
        return y + 26

    def ticks(self, sheet: Sheet, x: float, y: float, width: float, title: str, words: tuple[str, ...]) -> None:
        """A cell of small boxes, some of them with a cross."""
        sheet.box(x, y, x + width, y + 66, width=0.5)
        sheet.text(x + 2, y + 8, title, size=6.5)
        for place, word in enumerate(words):
            at, base = x + 6 + place // 3 * 92.0, y + 24 + place % 3 * 16.0
            sheet.box(at, base - 8, at + 9, base + 1, width=0.5)
            sheet.text(at + 12, base, f"{place + 1} {word}", size=6.5, max_width=74)
            if self.job.rng.random() < 0.25:
                self.pen.write(sheet, at + 2, base - 0.5, "X", self.job.rng)

    def orders(self, sheet: Sheet, y: float) -> None:
        job, half = self.job, 276.0
        for label, text, height in (
            ("21. Orders for Discipline and Treatments (Specify Amount/Frequency/Duration)", ORDERS, 86),
            ("22. Goals/Rehabilitation Potential/Discharge Plans", GOALS, 66),
        ):
            self.cell(sheet, _LEFT, y, 2 * half, height, label, [])
            sheet.paragraph(_LEFT + 6, y + 20, 2 * half - 14, [text], face=self.pen.face, size=8.5)
            y += height
        self.cell(sheet, _LEFT, y, 340, 38, "23. Nurse's Signature and Date of Verbal SOC Where Applicable:", [])
        signature(sheet, 60, y + 28, job.rng)
        sheet.text(230, y + 30, self.sworn.strftime(self.dates), face=self.pen.face, size=9)
        self.cell(sheet, 370, y, 212, 38, "25. Date HHA Received Signed POT", [])
        doctor: list[Piece] = [job.doctors[0].fact(), job.facility.street, job.facility.town]
        self.cell(sheet, _LEFT, y + 38, half, 48, "24. Physician's Name and Address", doctor)
        self.cell(sheet, _LEFT, y + 86, half, 38, "27. Attending Physician's Signature and Date Signed", [])
        signature(sheet, 60, y + 116, job.rng)
        for top, height, text in ((y + 38, 48, CERTIFIED), (y + 86, 38, WARNED)):
            self.cell(sheet, _LEFT + half, top, half, height, "", [])
            sheet.paragraph(_LEFT + half + 3, top + 9, half - 8, [text], size=6.5)

    def addendum(self, claim: str) -> Sheet:
        """The sheet for what did not fit."""
        job = self.job
        sheet = self.page("ADDENDUM TO:   [ X ] PLAN OF TREATMENT   [   ] MEDICAL UPDATE")
        self.first_row(sheet, claim)
        named = "6. Client Name" if "Client" in self.who else "6. Patient's Name"
        self.cell(sheet, _LEFT, 86, 276, 26, named, [job.patient.name(self.order)])
        self.cell(sheet, 306, 86, 276, 26, "7. Provider Name", [f"{job.facility.name} Home Care"])
        self.cell(sheet, _LEFT, 112, 60, 560, "8. Item No.", ["10"])
        self.cell(sheet, 90, 112, 492, 560, "", list(job.rng.sample(MEDICATIONS, 4)))
        sheet.text(_LEFT + 6, 190, "21", face=self.pen.face, size=9)
        sheet.paragraph(96, 190, 478, [ORDERS], face=self.pen.face, size=8.5)
        self.cell(sheet, _LEFT, 672, 380, 38, "9. Signature of Physician", [])
        self.cell(sheet, 410, 672, 172, 38, "10. Date", [])
        self.cell(sheet, _LEFT, 710, 380, 38, "11. Optional Name/Signature of Nurse/Therapist", [])
        signature(sheet, 60, 740, job.rng)
        self.cell(sheet, 410, 710, 172, 38, "12. Date", [self.sworn.strftime(self.dates)])
        sheet.text(_LEFT, 772, "Form CMS-487 (C-3) (12-14)", size=6.5)
        return sheet
