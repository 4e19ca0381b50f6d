"""A request to a health plan for prior authorization, by fax: a cover that says little, then the plan's own form."""

from __future__ import annotations

from dataclasses import replace

from ..clinical import DIAGNOSES, PAYERS, STUDIES, sentences
from ..job import Job
from ..pieces import signature
from ..sheet import Sheet
from .parts import Pen, blank, born, dated, hand, parted_name, remembered

_LEFT, _RIGHT = 40.0, 572.0


def draw(job: Job) -> list[Sheet]:
    """The form alone, or with its cover."""
    payer = job.rng.choice(PAYERS)
    form = _form(job, payer)
    return [_cover(job, payer), form] if job.rng.random() < 0.5 else [form]


def _cover(job: Job, payer: str) -> Sheet:
    sheet, rng, who = Sheet(face=job.face, size=11), job.rng, job.patient
    sheet.text(_LEFT, 96, rng.choice(("FAX", "Facsimile Transmittal", "FAX COVER SHEET")), size=30, bold=True)
    sheet.text(_RIGHT, 48, job.facility.name, size=12, bold=True, align="right")
    sheet.text(_RIGHT, 60, f"{job.facility.street}, {job.facility.town}", size=9, align="right")
    initials = f"{who.person.first_name[:1]}.{who.person.last_name[:1]}."
    about = rng.choice(
        ("Prior authorization request", f"Prior auth, member {initials}", "PA request - clinical attached")
    )
    pen = hand(rng) if rng.random() < 0.4 else Pen(face=job.face, size=11)
    y = 140.0
    for left, right in (
        (("To:", f"{payer} - Utilization Mgmt"), ("From:", job.doctors[2].name)),
        (("Fax:", job.house.phone("800-555-" + job.number(4))), ("Phone:", job.house.phone(job.facility.phone))),
        (("Pages:", f"{rng.randint(2, 9)} incl. cover"), ("Date:", dated(job.service_date, "m/d/yyyy"))),
    ):
        for x, (word, value) in ((_LEFT, left), (316, right)):
            blank(sheet, x, y, 250, word, value, pen, rng, size=11)
        y += 28
    blank(sheet, _LEFT, y, 526, "Re:", about, pen, rng, size=11)
    x = _LEFT
    for word in ("Urgent", "For review", "Please comment", "Please reply"):
        x = sheet.checkbox(x, y + 38, ticked=word == "For review", label=word, size=10) + 20
    sheet.line(_LEFT, y + 52, _RIGHT, y + 52, width=2)
    sheet.text(_LEFT, y + 80, "Comments:", bold=True)
    pen.write(sheet, _LEFT + 70, y + 80, rng.choice(("Please call with questions.", "Thank you!", "2nd request")), rng)
    sheet.paragraph(
        _LEFT, 690, _RIGHT - _LEFT,
        ["CONFIDENTIALITY NOTICE: The documents accompanying this transmission contain confidential health "
         "information that is legally privileged. If you are not the intended recipient, any disclosure, copying or "
         "distribution is strictly prohibited. If you received this in error, please notify the sender."],
        size=8,
    )  # fmt: skip
    return sheet


def _form(job: Job, payer: str) -> Sheet:
    sheet, rng = Sheet(face=job.face, size=9), job.rng
    sheet.text(_LEFT, 50, payer, size=15, bold=True)
    sheet.text(_RIGHT, 44, "Prior Authorization Request Form", size=13, bold=True, align="right")
    sheet.text(
        _RIGHT, 56, f"Fax completed form to {job.house.phone('800-555-' + job.number(4))}", size=8, align="right"
    )
    pen = hand(rng) if rng.random() < 0.45 else Pen(face=rng.choice(("unseen_printer", "unseen_lato")), size=10)
    y = _title(
        sheet,
        68,
        rng.choice(("SECTION I - MEMBER INFORMATION", "Member Information", "A.  PATIENT / MEMBER INFORMATION")),
    )
    y = _member(sheet, job, pen, y)
    y = _title(sheet, y, "SECTION II - REQUESTING PROVIDER")
    doctor, house = job.doctors[0], job.house
    blank(sheet, _LEFT, y, 300, "Provider name:", doctor.fact(), pen, rng)
    blank(sheet, 350, y, 222, "NPI:", doctor.npi, pen, rng)
    y += 24
    blank(sheet, _LEFT, y, 300, "Office contact:", job.doctors[2].name, pen, rng)
    blank(sheet, 350, y, 222, "Tax ID:", f"34-{job.number(7)}", pen, rng)
    y += 24
    blank(sheet, _LEFT, y, 250, "Phone:", house.phone(job.facility.phone), pen, rng)
    blank(sheet, 300, y, 272, "Fax:", house.phone(job.facility.fax), pen, rng)
    y = _title(sheet, y + 14, "SECTION III - SERVICE REQUESTED")
    x = _LEFT
    for word in ("Outpatient", "Inpatient", "Home", "Expedited (72 h)"):
        x = sheet.checkbox(x, y, ticked=word == "Outpatient", label=word) + 14
    y += 24
    study, _, _ = rng.choice(STUDIES)
    diagnosis, code = rng.choice(DIAGNOSES)
    blank(sheet, _LEFT, y, 390, "Procedure:", study, pen, rng)
    blank(sheet, 440, y, 132, "CPT:", f"7{job.number(4)}", pen, rng)
    y += 24
    blank(sheet, _LEFT, y, 390, "Diagnosis:", diagnosis, pen, rng)
    blank(sheet, 440, y, 132, "ICD-10:", code, pen, rng)
    y += 24
    blank(sheet, _LEFT, y, 250, "Planned date of service:", dated(job.printed_date, "m/d/yyyy"), pen, rng)
    blank(sheet, 300, y, 272, "Number of visits:", str(rng.randint(1, 12)), pen, rng)
    y = _title(sheet, y + 14, "SECTION IV - CLINICAL JUSTIFICATION")
    sheet.box(_LEFT, y - 10, _RIGHT, y + 92, width=0.5)
    sheet.paragraph(_LEFT + 6, y + 4, _RIGHT - _LEFT - 12, [sentences(rng, 3)], face=pen.face,
                    size=min(pen.size, 12), colour=pen.colour, leading=1.5)  # fmt: skip
    signature(sheet, 90, 726, rng)
    sheet.line(_LEFT, 732, 330, 732, width=0.5)
    sheet.text(_LEFT, 742, "Signature of prescriber or authorized representative", size=7)
    blank(sheet, 380, 732, 192, "Date:", dated(job.service_date, "m/d/yyyy"), pen, rng)
    sheet.text(
        _LEFT,
        768,
        f"PA-{job.number(4)} (rev. 01/{rng.randint(20, 26)})   Approval is not a guarantee of payment.",
        size=7,
    )
    return sheet


def _title(sheet: Sheet, y: float, words: str) -> float:
    sheet.box(_LEFT, y, _RIGHT, y + 15, fill=(218, 224, 232), outline=None)
    sheet.text(_LEFT + 5, y + 11, words, size=9.5, bold=True)
    return y + 36


def _member(sheet: Sheet, job: Job, pen: Pen, y: float) -> float:
    """The rows about the patient; the name in one blank or in two."""
    rng, who = job.rng, job.patient
    if rng.random() < 0.5:
        fact, family, given = parted_name(who)
        first = rng.choice(("First name:", "First name, MI:"))
        rows = ((_LEFT, 260.0, "Last name:", family), (312.0, 260.0, first, given))
        spans = []
        for x, width, word, value in rows:
            start = x + sheet.width_of(word, size=8.5) + 3
            blank(sheet, x, y, width, word, None, pen, rng)
            spans.append((start + 4, pen.write(sheet, start + 4, y, value, rng, max_width=x + width - start - 6)))
        remembered(sheet, fact, spans, y, pen)
    else:
        word = rng.choice(("Member name:", "Patient name (as on ID card):", "Member's full name:"))
        blank(sheet, _LEFT, y, _RIGHT - _LEFT, word, who.name(), pen, rng)
    y += 25
    day = born(who, rng.choice(("%m/%d/%Y", "%m/%d/%Y", "m/d/yyyy", "%m-%d-%y")))
    blank(
        sheet, _LEFT, y, 230, rng.choice(("Date of birth (mm/dd/yyyy):", "Member DOB:", "Birth date:")), day, pen, rng
    )
    _sex(sheet, job, 290, y)
    blank(sheet, 420, y, 152, rng.choice(("Phone:", "Member phone:")), who.phone(), pen, rng)
    y += 25
    blank(sheet, _LEFT, y, 300, rng.choice(("Address:", "Street:")), who.street(), pen, rng)
    blank(sheet, 350, y, 222, "City, State, ZIP:", who.town(), pen, rng)
    y += 25
    blank(sheet, _LEFT, y, 230, "Member ID #:", f"{rng.choice('WXZ')}{job.number(8)}", pen, rng)
    blank(sheet, 290, y, 110, "Group #:", job.number(5), pen, rng)
    record = rng.choice(("Provider's chart #:", "Pt. record # (provider):", "MRN (optional):"))
    blank(sheet, 412, y, 160, record, who.mrn(), pen, rng)
    y += 25
    grown = who.person.age_on(job.service_date) >= 18
    holder = replace(who if grown and rng.random() < 0.5 else job.relative, role="insured")
    if holder.person != who.person:
        blank(sheet, _LEFT, y, 300, "Subscriber name (if not member):", holder.name(), pen, rng)
        blank(sheet, 350, y, 222, "Relationship to member:", job.relation(), pen, rng)
    else:
        blank(sheet, _LEFT, y, 300, "Subscriber name (if not member):", "Self", pen, rng)
        blank(sheet, 350, y, 222, "Relationship to member:", None, pen, rng)
    return y + 16


def _sex(sheet: Sheet, job: Job, x: float, y: float) -> None:
    sex = job.patient.sex()
    for word in ("Male", "Female"):
        end = sheet.checkbox(x, y, ticked=bool(sex and sex.raw == word[0]), label=word, size=8.5)
        if sex and sex.raw == word[0]:
            sheet.remember(sex, x, y - 8, end - 8, y + 2)
        x = end + 4
