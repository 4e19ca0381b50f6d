"""Orders for life-sustaining treatment, as a state prints them: lettered sections, boxes, signatures, all by hand."""

from __future__ import annotations

from dataclasses import replace

from ..facts import Identity
from ..job import Job
from ..pieces import signature
from ..sheet import Sheet
from .parts import Filler, admission_label, born, dated, hand, in_parts, staff
from .polst_words import BANNERS, DIRECTIONS, FILED, FIRST, SECTIONS, SWORN

_LEFT, _RIGHT = 30.0, 582.0
_PINK = (253, 235, 243)


def draw(job: Job) -> list[Sheet]:
    """The front, or both sides."""
    rng = job.rng
    paper = _PINK if rng.random() < 0.35 else (255, 255, 255)
    sheet = Sheet(face=job.face, size=8.5, paper=paper)
    form = Filler(sheet=sheet, pen=hand(rng), rng=rng)
    _banner(sheet, 24, BANNERS[0])
    stacked = rng.random() < 0.5
    y = _stacked(form, job) if stacked else _in_rows(form, job)
    for letter, title, choices in SECTIONS:
        y = _section(form, y, letter, title, choices)
    _signatures(form, job, y, label=stacked)
    _banner(sheet, 762, BANNERS[1])
    return [sheet, _back(form, job, paper)] if rng.random() < 0.3 else [sheet]


def _banner(sheet: Sheet, y: float, words: str) -> None:
    sheet.box(_LEFT, y, _RIGHT, y + 13, fill=(20, 20, 24), outline=None)
    sheet.text(306, y + 10, words, size=8, bold=True, colour=(255, 255, 255), align="center", max_width=544)


def _stacked(form: Filler, job: Job) -> float:
    """The state's way: the name's parts one under the other, what is dated or numbered beside them."""
    sheet, rng, who = form.sheet, job.rng, job.patient
    sheet.text(_LEFT, 58, "Physician Orders for Life-Sustaining", size=14, bold=True)
    sheet.text(_LEFT, 75, "Treatment (POLST)", size=14, bold=True)
    sheet.paragraph(_LEFT, 88, 262, [FIRST], size=7.5)
    fact, *parts = in_parts(who)
    words = ("Patient Last Name:", "Patient First Name:", "Patient Middle Name:")
    top, ends = 40.0, []
    for word, part in zip(words, parts, strict=True):
        ends.append(form.cell(300, top, 150, 27, word, part))
        top += 27
    form.remember(fact, 306, 40 + 23, max(ends), 40 + (77 if parts[2] else 50))
    birth = born(who, rng.choice(("%m/%d/%Y", "m/d/yyyy", "%m-%d-%Y")))
    form.cell(450, 40, 132, 27, "Date Form Prepared:", dated(job.service_date, "m/d/yyyy"))
    form.cell(450, 67, 132, 27, "Patient Date of Birth:", birth)
    form.cell(450, 94, 132, 27, "Medical Record #: (optional)", who.mrn())
    return 126


def _in_rows(form: Filler, job: Job) -> float:
    """Another state's way: the name along one row; the corner is kept for the hospital's label."""
    sheet, rng, who = form.sheet, job.rng, job.patient
    sheet.text(_LEFT, 57, "Portable Medical Orders (POLST)", size=15, bold=True)
    sheet.paragraph(_LEFT, 72, 300, [FIRST], size=7.5)
    corner = "Patient label (if available) / Hospital record no."
    _label_place(form, job, 362, 40, corner)
    fact, family, first, rest = in_parts(who)
    if rng.random() < 0.5:
        start = form.cell(_LEFT, 120, 220, 27, "LAST NAME", family)
        end = max(form.cell(250, 120, 200, 27, "FIRST NAME", first), start)
        end = form.cell(450, 120, 132, 27, "MIDDLE INITIAL", rest) if rest else end
        if not rest:
            form.cell(450, 120, 132, 27, "MIDDLE INITIAL")
        form.remember(fact, _LEFT + 6, 143, end, 143)
    else:
        word = rng.choice(
            ("LAST NAME / FIRST NAME / MIDDLE INITIAL OF PATIENT", "Patient's legal name (last, first, MI)")
        )
        form.cell(_LEFT, 120, 552, 27, word, who.name("last_first"))
    birth = born(who, rng.choice(("%m/%d/%Y", "m/d/yyyy")))
    form.cell(_LEFT, 147, 170, 27, rng.choice(("DATE OF BIRTH (MM/DD/YYYY)", "DOB (mm/dd/yyyy)")), birth)
    form.cell(200, 147, 130, 27, "")
    form.sex(who, 208, 166, ("Male", "Female"))
    digits = who.ssn()
    last = digits and replace(digits, raw=digits.value)
    form.cell(330, 147, 100, 27, "LAST 4 #SSN (optional)", last)
    form.cell(430, 147, 152, 27, "Effective date of orders", dated(job.service_date, "m/d/yyyy"))
    return 178


def _label_place(form: Filler, job: Job, x: float, y: float, words: str) -> None:
    """A label when there is one, else the number by hand."""
    rng, who = job.rng, job.patient
    form.sheet.box(x, y, x + 220, y + 76, width=0.5)
    form.sheet.text(x + 3, y + 8, words, size=6.5)
    if job.sticker or (who.mrn() and rng.random() < 0.35):
        label = admission_label(job.sticker or who, job)
        form.sheet.stick(label, x + 5, y + 3 + rng.uniform(-2, 3), angle_deg=rng.uniform(-2.5, 2.5))
    else:
        form.write(x + 24, y + 46, who.mrn(), width=170)


def _section(form: Filler, y: float, letter: str, title: str, choices: tuple[str, ...]) -> float:
    sheet, rng = form.sheet, form.rng
    sheet.line(_LEFT, y, _RIGHT, y, width=1)
    sheet.box(_LEFT, y, _LEFT + 18, y + 18, fill=(20, 20, 24), outline=None)
    sheet.text(_LEFT + 9, y + 13, letter, size=12, bold=True, colour=(255, 255, 255), align="center")
    sheet.text(_LEFT + 24, y + 12, title, bold=True, size=9, max_width=520)
    chosen, y = rng.randrange(len(choices)), y + 29
    for place, words in enumerate(choices):
        form.tick(_LEFT + 24, y, "", place == chosen)
        y = sheet.paragraph(_LEFT + 38, y, 508, [words], size=8.5) + 4
    if letter == "B":
        said = rng.choice((None, "No dialysis", "No intubation", "Trial of BiPAP ok"))
        form.blank(_LEFT + 24, y + 6, 520, "Additional Orders:", said, size=8)
        y += 18
    return y + 2


def _signer(job: Job) -> tuple[Identity, str]:
    """Who signs beside the doctor, and what they are to the patient."""
    grown = job.patient.person.age_on(job.service_date) >= 18
    return (job.patient, "self") if grown and job.rng.random() < 0.5 else (job.relative, job.relation().lower())


def _signatures(form: Filler, job: Job, y: float, *, label: bool) -> None:
    sheet, rng = form.sheet, job.rng
    signer, relation = _signer(job)
    sheet.line(_LEFT, y, _RIGHT, y, width=1)
    sheet.box(_LEFT, y, _LEFT + 18, y + 18, fill=(20, 20, 24), outline=None)
    sheet.text(_LEFT + 9, y + 13, "D", size=12, bold=True, colour=(255, 255, 255), align="center")
    x = sheet.text(_LEFT + 24, y + 12, "Discussed with:", bold=True, size=9) + 8
    x = form.tick(x, y + 12, "Patient (has capacity)", relation == "self")
    form.tick(x, y + 12, "Legally recognized decisionmaker / parent of minor", relation != "self")
    near = job.relative
    form.blank(_LEFT + 24, y + 29, 350, "Health Care Agent, if named:", near.name("first_last", upper=False), size=8)
    form.blank(412, y + 29, 166, "Phone:", near.phone(), size=8)
    y = sheet.paragraph(_LEFT + 4, y + 43, 544, [SWORN[0]], size=7.5) - 6
    form.cell(_LEFT, y, 230, 27, "Print Physician/NP/PA Name:", job.doctors[0].fact())
    form.cell(260, y, 160, 27, "Physician/NP/PA Phone #:", job.house.phone(job.facility.phone))
    form.cell(420, y, 162, 27, "License #:", f"{rng.choice('AG')}{job.number(6)}")
    y += 27
    form.cell(_LEFT, y, 390, 27, "Physician/NP/PA Signature: (required)")
    signature(sheet, 150, y + 18, rng)
    form.cell(420, y, 162, 27, "Date:", dated(job.service_date, "m/d/yyyy"))
    y = sheet.paragraph(_LEFT + 4, y + 38, 544, [SWORN[1]], size=7.5) - 6
    form.cell(_LEFT, y, 390, 27, "Print Name:", signer.name("first_last"))
    form.cell(420, y, 162, 27, "Relationship: (write self if patient)", relation)
    y += 27
    form.cell(_LEFT, y, 390, 27, "Signature: (required)")
    signature(sheet, 130, y + 18, rng, width=140)
    form.cell(420, y, 162, 27, "Date:", dated(job.service_date, "m/d/yyyy"))
    y += 27
    form.cell(_LEFT, y, 390, 27, "Mailing Address (street/city/state/zip):", None)
    end = form.write(_LEFT + 6, y + 23, signer.street(), width=200)
    form.write(end + 8, y + 23, signer.town(), width=416 - end)
    form.cell(420, y, 162, 27, "Phone Number:", signer.phone())
    sheet.text(_LEFT, y + 40, FILED, size=7.5, italic=True)
    if label and (job.sticker or rng.random() < 0.2):
        who = job.sticker or job.patient
        sheet.stick(admission_label(who, job), 360 + rng.uniform(-8, 8), y + 46, angle_deg=rng.uniform(-2, 2))


def _back(form: Filler, job: Job, paper: tuple[int, int, int]) -> Sheet:
    """Whom it is about once more, whom to ask, and how to fill it in."""
    rng, who = job.rng, job.patient
    back = Filler(sheet=Sheet(face=job.face, size=8.5, paper=paper), pen=form.pen, rng=rng)
    _banner(back.sheet, 24, BANNERS[0])
    back.sheet.text(_LEFT, 50, "Patient Information", size=10, bold=True)
    back.cell(_LEFT, 56, 300, 28, "Name (last, first, middle):", who.name("last_first"))
    back.cell(330, 56, 130, 28, "Date of Birth:", born(who, "m/d/yyyy"))
    back.cell(460, 56, 122, 28, "Gender:")
    back.sex(who, 500, 76, ("M", "F"))
    back.cell(_LEFT, 84, 300, 28, "NP/PA's Supervising Physician Name:", job.doctors[1].fact())
    back.cell(330, 84, 252, 28, "Preparer Name and Title (if other than signing provider):", staff(job.doctors[2]))
    near = job.relative
    back.cell(_LEFT, 112, 300, 28, "Additional Contact Name:", near.name("first_last", upper=False))
    back.cell(330, 112, 130, 28, "Relationship to Patient:", job.relation())
    back.cell(460, 112, 122, 28, "Phone #:", near.phone())
    y = 162.0
    back.sheet.text(306, y, "Directions for Health Care Provider", size=11, bold=True, align="center")
    for title, lines in DIRECTIONS:
        y += 18
        back.sheet.text(_LEFT, y, title, bold=True)
        for line in lines:
            y = back.sheet.paragraph(_LEFT + 14, y + 13, 530, ["-  " + line]) - 11
        y += 6
    _banner(back.sheet, 762, BANNERS[1])
    return back.sheet
