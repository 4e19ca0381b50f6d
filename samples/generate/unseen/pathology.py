"""A surgical pathology report: a ruled head, text in sections, whose it is said again at the foot of each page."""

from __future__ import annotations

from dataclasses import replace

from ..clinical import COMPLAINTS
from ..job import Job
from ..sheet import Piece, Sheet
from .parts import born, dated

_SPECIMENS = (
    ("Gallbladder, cholecystectomy", "gallbladder", "Chronic cholecystitis and cholelithiasis."),
    ("Appendix, appendectomy", "appendix", "Acute suppurative appendicitis with periappendicitis."),
    ("Colon, sigmoid, biopsy", "sigmoid polyp", "Tubular adenoma. Negative for high grade dysplasia."),
    ("Skin, left forearm, shave biopsy", "left forearm", "Seborrheic keratosis, irritated."),
    ("Breast, right, core needle biopsy", "right breast 10:00", "Fibroadenoma. No atypia or malignancy identified."),
)
_GROSS = (
    "It consists of tan-pink soft tissue measuring {0}.{1} x {2}.0 x 0.{3} cm. The serosal surface is smooth and "
    "glistening. Serial sections show no discrete lesion. Representative sections are submitted in cassettes A1-A{2}."
)
_MICRO = (
    "Sections show the features stated in the diagnosis. Deeper levels were examined. The margins, where assessable, "
    "are free. Controls for all immunohistochemical stains, where performed, reacted appropriately."
)
_NOTICE = (
    "Some of the tests may have been developed and their performance characteristics determined by this laboratory. "
    "They have not been cleared or approved by the U.S. Food and Drug Administration. Laboratory director: "
)


def draw(job: Job) -> list[Sheet]:
    """One or two pages."""
    rng, dates = job.rng, _dates(job)
    case = f"{rng.choice(('S', 'SP', 'LS'))}{job.service_date:%y}-{rng.randint(120, 19_999):05}"
    specimen, label, diagnosis = rng.choice(_SPECIMENS)
    pages = 2 if rng.random() < 0.5 else 1
    head = rng.choice((_grid, _pairs, _lines))
    order = rng.choice(("last_first", "last_first", "first_last"))
    sheets = []
    for page in range(1, pages + 1):
        sheet = Sheet(face=job.face, size=10)
        y = 118.0
        sheet.text(306, 48, job.facility.name, size=14, bold=True, align="center")
        sheet.text(
            306, 61, f"Department of Pathology    {job.facility.street}, {job.facility.town}", size=8, align="center"
        )
        if page == 1:
            title = rng.choice(("SURGICAL PATHOLOGY REPORT", "Surgical Pathology", "FINAL PATHOLOGY REPORT"))
            sheet.text(306, 84, title, size=13, bold=True, align="center")
            y = head(sheet, job, case, dates, order, 98)
            y = _section(sheet, y + 22, "FINAL DIAGNOSIS", [f"A. {specimen}:  {diagnosis}"])
            sheet.row(
                72,
                y,
                [
                    "Electronically signed out by",
                    replace(job.doctors[0], degree="MD").fact(),
                    f" {dated(job.printed_date, dates)}",
                ],
                size=9,
            )
            y = _section(sheet, y + 26, "CLINICAL INFORMATION", [rng.choice(COMPLAINTS).capitalize() + "."])
            y = _section(sheet, y, "SPECIMEN(S) SUBMITTED", [f"A: {label.upper()}"])
            y = _gross(sheet, job, label, y)
        if page == pages:
            y = _section(sheet, y, "MICROSCOPIC DESCRIPTION", [_MICRO])
            sheet.paragraph(54, 700, 504, [f"{_NOTICE}{job.doctors[2].name}, MD."], size=7)
        _foot(sheet, job, case, order, page, pages)
        sheets.append(sheet)
    return sheets


def _dates(job: Job) -> str:
    """The form of every date of one report."""
    return job.rng.choice(("%m/%d/%Y", "%m/%d/%Y", "m/d/yyyy", "%d-%b-%Y"))


def _section(sheet: Sheet, y: float, title: str, pieces: list[Piece]) -> float:
    sheet.text(54, y, title, bold=True, size=10)
    return sheet.paragraph(72, y + 15, 480, pieces) + 10


def _gross(sheet: Sheet, job: Job, label: str, y: float) -> float:
    rng, who = job.rng, job.patient
    gross = _GROSS.format(*(rng.randint(1, 8) for _ in range(4)))
    named = who.name("last_first")
    if named and rng.random() < 0.4:
        pieces: list[Piece] = ["Received in formalin labeled", named, f', "{label}". {gross}']
    else:
        pieces = [
            f'Received in formalin, labeled with the patient\'s name, medical record number and "{label}". {gross}'
        ]
    return _section(sheet, y, "GROSS DESCRIPTION", pieces)


def _rows(
    job: Job, case: str, dates: str, order: str
) -> tuple[list[tuple[str, list[Piece]]], list[tuple[str, list[Piece]]]]:
    """The left column about the patient, the right one about the specimen."""
    rng, who = job.rng, job.patient
    day, sex, years = born(who, dates), who.sex(), who.person.age_on(job.service_date)
    if rng.random() < 0.5:
        ages: list[tuple[str, list[Piece]]] = [
            (rng.choice(("DOB/Age", "Date of Birth/Age")), [day, f"(Age: {years})"] if day else []),
            (rng.choice(("Gender", "Sex")), [sex]),
        ]
    else:
        word = rng.choice(("DOB / Sex", "Birth Date/Sex"))
        ages = [(word if sex else word[:-5].rstrip(), [day, "/" if sex and day else None, sex])]
    mrn = rng.choice(("MRN", "Med. Rec. #", "Medical Record #", "Hospital #"))
    left: list[tuple[str, list[Piece]]] = [
        (rng.choice(("Patient", "Patient Name", "Name")), [who.name(order)]),
        (mrn, [who.mrn()]),
        *ages,
        (rng.choice(("Account", "Encounter #", "Fin #")), [who.account()]),
        ("Location", [rng.choice(("OR Outpatient", "5 North", "Endoscopy", "Clinic C"))]),
    ]
    right: list[tuple[str, list[Piece]]] = [
        (rng.choice(("Case #", "Accession #", "Specimen #")), [case]),
        ("Collected", [dated(job.service_date, dates)]),
        ("Received", [dated(job.service_date, dates)]),
        ("Reported", [dated(job.printed_date, dates)]),
        (rng.choice(("Physician(s)", "Submitting MD", "Ordered by")), [job.doctors[1].fact()]),
    ]
    return [row for row in left if any(row[1])], right


def _grid(sheet: Sheet, job: Job, case: str, dates: str, order: str, y: float) -> float:
    """A table with every cell ruled."""
    left, right = _rows(job, case, dates, order)
    top = y
    for number in range(max(len(left), len(right))):
        for x, column, rows in ((54.0, 92.0, left), (316.0, 82.0, right)):
            sheet.box(x, y, x + column, y + 17, width=0.5, fill=(232, 232, 232))
            sheet.box(x + column, y, 316 if x < 100 else 558, y + 17, width=0.5)
            if number < len(rows):
                word, values = rows[number]
                sheet.text(x + 4, y + 12, word, size=8.5, max_width=column - 6)
                sheet.row(x + column + 5, y + 12, values, size=9.5, max_width=160)
        y += 17
    sheet.box(54, top, 558, y, width=1.2)
    return y


def _pairs(sheet: Sheet, job: Job, case: str, dates: str, order: str, y: float) -> float:
    """Two columns with colons in a row of their own, between two thick rules."""
    left, right = _rows(job, case, dates, order)
    sheet.line(54, y, 558, y, width=1.5)
    for x, column, rows in ((54.0, 96.0, left), (330.0, 84.0, right)):
        for number, (word, values) in enumerate(rows):
            base = y + 16 + number * 15
            sheet.text(x, base, word, bold=True, size=9)
            sheet.text(x + column - 8, base, ":", bold=True, size=9)
            sheet.row(x + column, base, values, size=10, max_width=172)
    y += 16 + max(len(left), len(right)) * 15
    sheet.line(54, y, 558, y, width=1.5)
    return y


def _lines(sheet: Sheet, job: Job, case: str, dates: str, order: str, y: float) -> float:
    """The name large, what else there is about the patient run on below it, then the specimen."""
    left, right = _rows(job, case, dates, order)
    (_, name), rest, place = left[0], left[1:-1], left[-1:]
    sheet.row(54, y + 16, name, size=14, bold=True)
    sheet.row(558 - sheet.width_of(case, size=14, bold=True), y + 16, [case], size=14, bold=True)
    for rows, base in ((rest, y + 34), (right[1:4], y + 49), (right[4:] + place, y + 64)):
        x = 54.0
        for word, values in rows:
            end = sheet.text(x, base, word + ":", size=8.5)
            x = sheet.row(end + 4, base, values, size=9.5) + 12
    sheet.line(54, y + 72, 558, y + 72, width=0.8)
    return y + 72


def _foot(sheet: Sheet, job: Job, case: str, order: str, page: int, pages: int) -> None:
    who = job.patient
    sheet.line(54, 736, 558, 736, width=0.5)
    number: list[Piece] = ["  (", who.mrn(), ")"] if who.mrn() else []
    sheet.row(54, 748, [who.name(order), *number], size=8.5, gap=0)
    sheet.text(380, 748, case, size=8.5, align="center")
    sheet.text(558, 748, f"Page {page} of {pages}", size=8.5, align="right")
