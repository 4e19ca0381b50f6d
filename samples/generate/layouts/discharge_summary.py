"""A discharge summary of two or three pages with a running header on the later ones."""

from __future__ import annotations

from ..clinical import COMPLAINTS, DIAGNOSES, MEDICATIONS, sentences
from ..job import Job
from ..pieces import beside, footer, letterhead, signed_by
from ..sheet import Sheet


def draw(job: Job) -> list[Sheet]:
    """Two or three pages."""
    pages = job.pages or job.rng.choice((2, 2, 3))
    form = f"DS-{job.number(4)}"
    sheets = [_first(job)]
    if pages == 3:
        sheets.append(_middle(job))
    sheets.append(_last(job))
    for number, sheet in enumerate(sheets, 1):
        if number > 1:
            _running_header(sheet, job, number, len(sheets), form)
        footer(sheet, job, number, len(sheets), form=form)
    return sheets


def _first(job: Job) -> Sheet:
    sheet = Sheet(face=job.face, size=10.5)
    who, labels, house, rng = job.patient, job.labels, job.house, job.rng
    y = letterhead(sheet, job, title="DISCHARGE SUMMARY") + 4
    end = job.service_date
    for left, right in (
        ((labels.of(labels.name), who.name()), (labels.of(labels.mrn), who.mrn())),
        ((labels.of(labels.birth_date), who.birth_date()), (labels.of(labels.account), who.account())),
        (
            ("Admission Date:", house.date(end.replace(day=max(1, end.day - 4)))),
            ("Discharge Date:", house.date(end)),
        ),
        (("Attending:", job.doctors[0].fact()), ("Dictated by:", job.doctors[1].fact())),
    ):
        beside(sheet, 44, y, *left, column=0)
        beside(sheet, 330, y, *right, column=0)
        y += 15
    sheet.line(36, y - 6, 576, y - 6)
    y += 12
    for title, text in (
        ("ADMITTING DIAGNOSIS", rng.choice(DIAGNOSES)[0] + "."),
        (
            "HISTORY OF PRESENT ILLNESS",
            f"The patient is a {job.age()} {'female' if who.person.sex == 'F' else 'male'} who "
            f"presented with {rng.choice(COMPLAINTS)}. " + sentences(rng, 4),
        ),
        (
            "PHYSICAL EXAMINATION",
            f"BP {rng.randint(104, 168)}/{rng.randint(60, 96)}, pulse {rng.randint(58, 104)}, "
            f"respirations {rng.randint(12, 22)}. " + sentences(rng, 5),
        ),
        ("HOSPITAL COURSE", sentences(rng, rng.randint(9, 13))),
        ("CONDITION AT DISCHARGE", "Stable, ambulatory, tolerating a regular diet."),
    ):
        sheet.text(44, y, title, bold=True)
        y = sheet.paragraph(44, y + 15, 520, [text]) + 10
    return sheet


def _middle(job: Job) -> Sheet:
    sheet = Sheet(face=job.face, size=10.5)
    y = 120.0
    for title in ("CONSULTATIONS", "LABORATORY DATA", "IMAGING", "PROCEDURES", "PENDING RESULTS"):
        sheet.text(44, y, title, bold=True)
        y = sheet.paragraph(44, y + 15, 520, [sentences(job.rng, job.rng.randint(4, 8))]) + 14
    return sheet


def _last(job: Job) -> Sheet:
    sheet = Sheet(face=job.face, size=10.5)
    y = 120.0
    sheet.text(44, y, "DISCHARGE MEDICATIONS", bold=True)
    for number, medication in enumerate(job.rng.sample(MEDICATIONS, job.rng.randint(4, 7)), 1):
        y += 16
        sheet.text(58, y, f"{number}. {medication}")
    y += 26
    sheet.text(44, y, "FOLLOW-UP", bold=True)
    text = [
        "Follow up with",
        job.doctors[2].fact(),
        f"within two weeks. Call {job.house.phone(job.facility.phone)} with questions or for worsening symptoms.",
    ]
    y = sheet.paragraph(44, y + 15, 520, text) + 24
    y = signed_by(sheet, job, 44, y, electronic=job.rng.random() < 0.6)
    sheet.text(
        44,
        y + 14,
        f"D: {job.house.date(job.service_date)}  T: {job.house.date(job.printed_date)}  Job "
        f"#{job.number(7)}  cc: {job.doctors[2].name}",
        size=8,
    )
    return sheet


def _running_header(sheet: Sheet, job: Job, page: int, pages: int, form: str) -> None:
    who, labels = job.patient, job.labels
    name, mrn = who.name("last_first", upper=True), who.mrn()
    style = len(form + job.facility.name) % 3
    if style == 0:
        sheet.row(
            44,
            52,
            [name, labels.mrn if mrn else None, mrn, f"Page {page} of {pages}"],
            gap=10,
            size=10,
            bold=True,
        )
    elif style == 1:
        at = beside(sheet, 44, 46, "Patient:", name, size=9)
        at = beside(sheet, at + 14, 46, labels.of(labels.mrn), mrn, size=9)
        beside(sheet, at + 14, 46, "DOB:", who.birth_date(), size=9)
        sheet.text(44, 58, f"Discharge Summary (continued)   {job.facility.name}", size=8.5)
    else:
        sheet.text(44, 46, "DISCHARGE SUMMARY - continued", bold=True)
        sheet.row(572 - 210, 46, [name], size=9)
        sheet.row(572 - 210, 58, [f"{labels.of(labels.mrn)}" if mrn else None, mrn, f"pg {page}/{pages}"], size=9)
    sheet.line(36, 66, 576, 66, width=0.6)
