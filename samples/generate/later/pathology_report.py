"""A pathology report: a ruled head of two columns, and the name again at the head of each further page."""

from __future__ import annotations

from datetime import timedelta

from ..clinical import sentences
from ..job import Job
from ..late.parts import born
from ..sheet import Piece, Sheet

_PARTS = ("Skin, left forearm, shave biopsy", "Colon, sigmoid, polypectomy", "Gallbladder, cholecystectomy",
          "Breast, right, core biopsy", "Stomach, antrum, biopsy")  # fmt: skip
_SAYS = ("Tubular adenoma. No high grade dysplasia identified.", "Chronic cholecystitis with cholelithiasis.",
         "Basal cell carcinoma, nodular type; margins appear free.", "Fibroadenoma. Negative for malignancy.",
         "Mild chronic gastritis. No organisms are seen on special stain.")  # fmt: skip


def draw(job: Job) -> list[Sheet]:
    """One or two pages."""
    rng = job.rng
    case = f"{rng.choice(('S', 'SP', 'PS'))}{job.service_date:%y}-{job.number(5)}"
    pages = 2 if rng.random() < 0.3 else 1
    first = Sheet(face=job.face, size=9.5)
    first.text(306, 46, job.facility.name, size=13, bold=True, align="center")
    first.text(306, 60, "Department of Pathology and Laboratory Medicine", size=9, align="center")
    first.text(306, 84, rng.choice(("SURGICAL PATHOLOGY REPORT", "Anatomic Pathology Report", "PATHOLOGY REPORT")),
               size=13, bold=True, align="center")  # fmt: skip
    y = _head(first, job, case, 104)
    texts = [("FINAL DIAGNOSIS", f"{rng.choice(_PARTS)}: {rng.choice(_SAYS)}"), ("COMMENT", sentences(rng, 2)),
             ("CLINICAL HISTORY", sentences(rng, 1)), ("GROSS DESCRIPTION", sentences(rng, 4)),
             ("MICROSCOPIC DESCRIPTION", sentences(rng, 4))]  # fmt: skip
    y = _texts(first, texts[:3] if pages == 2 else texts, y + 24)
    sheets = [first]
    if pages == 2:
        second = Sheet(face=job.face, size=9.5)
        pieces: list[Piece | None] = ["Patient:", job.patient.name("last_first")]
        if job.patient.mrn() and rng.random() < 0.6:
            pieces += ["  MRN:", job.patient.mrn()]
        second.row(48, 46, [*pieces, "  Case:", case], size=9)
        second.line(48, 52, 564, 52)
        y = _texts(second, texts[3:], 84)
        sheets.append(second)
    last = sheets[-1]
    last.row(
        48, y + 20, ["Electronically signed out by", job.doctors[1].fact(), "on", job.house.date(job.printed_date)]
    )
    for n, sheet in enumerate(sheets, 1):
        sheet.line(48, 748, 564, 748, width=0.4)
        sheet.text(48, 760, f"{case}", size=8)
        sheet.text(564, 760, f"Page {n} of {pages}", size=8, align="right")
    return sheets


def _head(sheet: Sheet, job: Job, case: str, top: float) -> float:
    rng, who = job.rng, job.patient
    day = born(who, rng.choice(("%m/%d/%Y", "%d-%b-%Y", "%m/%d/%y")))
    years = who.person.age_on(job.service_date)
    aged: list[Piece | None] = [day, f"(Age: {years})"] if rng.random() < 0.6 else [day]
    left: list[tuple[str, list[Piece | None]]] = [
        (rng.choice(("Patient:", "PATIENT NAME", "Patient Name:")), [who.name("last_first")]),
        (rng.choice(("MRN:", "Med. Rec. #:", "Hospital #:", "Medical Record:")), [who.mrn()]),
        (rng.choice(("DOB:", "Date of Birth:", "Birth Date")), aged if day else [None]),
        (rng.choice(("Gender:", "Sex:")), [who.sex()]),
        (rng.choice(("Billing #:", "Visit #:", "Acct #:")), [who.account()]),
    ]
    taken = job.house.date(job.service_date)
    right: list[tuple[str, list[Piece | None]]] = [
        (rng.choice(("Accession #:", "Case #:", "Path No.")), [case]),
        (rng.choice(("Collected:", "Taken:", "Date of Procedure:")), [taken]),
        ("Received:", [job.house.date(min(job.service_date + timedelta(days=1), job.printed_date))]),
        ("Reported:", [job.house.date(job.printed_date)]),
        (rng.choice(("Submitting MD:", "Physician(s):", "Ordered by:")), [job.doctors[0].inverted()]),
    ]
    boxed = rng.random() < 0.6
    for x, column, rows in ((52, 92, left), (318, 96, right)):
        y = top + 14
        for word, value in rows:
            if value[0]:
                sheet.text(x, y, word, bold=not boxed)
                sheet.row(x + column, y, value, size=9.5)
            y += 15
    if boxed:
        sheet.box(48, top, 564, top + 84, width=1)
        sheet.line(312, top, 312, top + 84, width=0.6)
    else:
        sheet.line(48, top, 564, top, width=1.2)
        sheet.line(48, top + 84, 564, top + 84, width=1.2)
    return top + 84


def _texts(sheet: Sheet, texts: list[tuple[str, str]], y: float) -> float:
    for title, text in texts:
        sheet.text(48, y, title, bold=True)
        y = sheet.paragraph(60, y + 15, 500, [text], leading=1.4) + 12
    return y
