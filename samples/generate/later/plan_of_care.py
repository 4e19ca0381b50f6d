"""A home health certification in the manner of Medicare's form 485: numbered boxes from edge to edge."""

from __future__ import annotations

from datetime import timedelta

from ..clinical import DIAGNOSES, MEDICATIONS
from ..job import Job
from ..late.parts import born, cell, filled
from ..pieces import signature
from ..sheet import Sheet


def draw(job: Job) -> list[Sheet]:
    """One page."""
    sheet, rng, who = Sheet(face=job.face, size=9), job.rng, job.patient
    face = rng.choice((job.face, "later_hack"))
    sheet.text(24, 34, "Department of Health and Human Services", size=6.5)
    sheet.text(
        306,
        52,
        rng.choice(("HOME HEALTH CERTIFICATION AND PLAN OF CARE", "PLAN OF CARE")),
        size=12,
        bold=True,
        align="center",
    )
    look = {"face": face, "size": 9.5}
    form = rng.choice(("%m/%d/%Y", "%m%d%Y", "%m-%d-%y"))
    begin = job.service_date.strftime("%m/%d/%Y")
    end = (job.service_date + timedelta(days=59)).strftime("%m/%d/%Y")
    filled(sheet, 24, 60, 130, 28, "1. Patient's HI Claim No.", f"{job.number(9)}A", **look)
    filled(sheet, 154, 60, 90, 28, "2. Start Of Care Date", begin, **look)
    filled(sheet, 244, 60, 160, 28, "3. Certification Period", f"From: {begin}  To: {end}", face=face, size=8)
    filled(sheet, 404, 60, 94, 28, "4. Medical Record No.", who.mrn(), **look)
    filled(sheet, 498, 60, 90, 28, "5. Provider No.", job.number(6), **look)
    cell(sheet, 24, 88, 282, 62, "6. Patient's Name and Address", size=6)
    for n, line in enumerate((who.name(), who.street(), who.town(), who.phone())):
        if line:
            sheet.text(30, 108 + 12 * n, line, max_width=270, **look)
    cell(sheet, 306, 88, 282, 62, "7. Provider's Name, Address and Telephone Number", size=6)
    for n, line in enumerate(
        (f"{job.facility.name} Home Care", job.facility.street, job.facility.town, job.house.phone(job.facility.phone))
    ):
        sheet.text(312, 108 + 12 * n, line, max_width=270, **look)
    filled(sheet, 24, 150, 120, 26, "8. Date of Birth", born(who, form), **look)
    cell(sheet, 144, 150, 162, 26, "9. Sex", size=6)
    sheet.checkbox(190, 168, ticked=who.person.sex == "M", label="M")
    sheet.checkbox(240, 168, ticked=who.person.sex == "F", label="F")
    cell(sheet, 306, 150, 282, 104, "10. Medications: Dose/Frequency/Route (N)ew (C)hanged", size=6)
    for n, medicine in enumerate(rng.sample(MEDICATIONS, 5)):
        sheet.text(312, 174 + 14 * n, f"{medicine} ({rng.choice('NC')})", **look)
    for n, number in enumerate(
        ("11. ICD     Principal Diagnosis", "12. ICD     Surgical Procedure", "13. ICD     Other Pertinent Diagnoses")
    ):
        words, code = rng.choice(DIAGNOSES)
        filled(sheet, 24, 176 + 26 * n, 282, 26, number, f"{code}   {words}   {begin}", face=face, size=8.5)
    y = 254.0
    for left, right in (("14. DME and Supplies", "15. Safety Measures"), ("16. Nutritional Req.", "17. Allergies"),
                        ("18.A. Functional Limitations", "18.B. Activities Permitted"),
                        ("19. Mental Status", "20. Prognosis")):  # fmt: skip
        filled(
            sheet,
            24,
            y,
            282,
            34,
            left,
            rng.choice(("Walker, shower chair", "Regular diet", "Ambulation", "Oriented", "None")),
            **look,
        )
        filled(
            sheet,
            306,
            y,
            282,
            34,
            right,
            rng.choice(("Fall precautions", "NKDA", "Up as tolerated", "Good", "Fair")),
            **look,
        )
        y += 34
    cell(sheet, 24, y, 564, 120, "21. Orders for Discipline and Treatments (Specify Amount/Frequency/Duration)", size=6)
    for n, order in enumerate(
        ("SN 2w4, 1w5 for assessment, medication teaching", "PT 3w3, 2w3 gait and strength", "HHA 2w6 personal care")
    ):
        sheet.text(30, y + 28 + 16 * n, order, **look)
    y += 120
    filled(
        sheet,
        24,
        y,
        564,
        60,
        "22. Goals/Rehabilitation Potential/Discharge Plans",
        "Independent in medication management within 60 days",
        **look,
    )
    y += 60
    cell(sheet, 24, y, 282, 40, "23. Nurse's Signature and Date of Verbal SOC Where Applicable", size=6)
    signature(sheet, 40, y + 32, rng)
    filled(sheet, 306, y, 282, 40, "25. Date HHA Received Signed POT", job.house.date(job.printed_date), **look)
    filled(sheet, 24, y + 40, 282, 40, "24. Physician's Name and Address", job.doctors[0].fact(), **look)
    cell(sheet, 306, y + 40, 282, 40, "26. I certify that this patient is confined to his/her home", size=6)
    filled(sheet, 24, y + 80, 282, 34, "27. Attending Physician's Signature and Date Signed", None)
    sheet.text(24, 768, "Form 485 (C-3)   (formerly HCFA-485)", size=6.5)
    return [sheet]
