"""A progress note typed on a machine, with the identity typed in the corner and pen corrections."""

from __future__ import annotations

from ..clinical import COMPLAINTS, DIAGNOSES, MEDICATIONS, sentences
from ..job import Job
from ..pieces import signature
from ..sheet import Piece, Sheet


def draw(job: Job) -> list[Sheet]:
    """One page, ragged like a typewriter's."""
    rng, house, labels = job.rng, job.house, job.labels
    sheet = Sheet(face=rng.choice(("typewriter", "courier", "typewriter")), size=11)
    y = 60.0
    sheet.text(60 + rng.uniform(-4, 10), y, job.facility.name.upper())
    y += 16
    sheet.text(60, y, rng.choice(("PROGRESS NOTE", "OFFICE NOTE", "CLINIC NOTE", "HISTORY AND PHYSICAL")))
    y += 30
    y = _identity(sheet, job, y)
    subject = job.person_noun()
    notes: tuple[tuple[str, list[Piece]], ...] = (
        (
            "S:",
            [
                f"This {job.age()} {subject} comes in today, {house.date(job.service_date)}, with "
                f"{rng.choice(COMPLAINTS)}.",
                sentences(rng, 4),
            ],
        ),
        (
            "O:",
            [
                f"BP {rng.randint(104, 168)}/{rng.randint(60, 96)}, pulse {rng.randint(58, 104)}, "
                f"temp 98.{rng.randint(0, 9)}, weight {rng.randint(108, 260)} lbs. Lungs clear. "
                "Abdomen soft, nontender.",
                sentences(rng, 3),
            ],
        ),
        ("A:", [f"{rng.choice(DIAGNOSES)[0]}. {rng.choice(DIAGNOSES)[0]}, stable."]),
        (
            "P:",
            [
                f"Continue {rng.choice(MEDICATIONS)}. Recheck in {rng.randint(2, 12)} weeks. Discussed with",
                job.doctors[1].fact(),
                ", who agrees.",
            ],
        ),
    )
    for letter, text in notes:
        sheet.text(60, y, letter)
        y = sheet.paragraph(84, y, 460, text, leading=1.5) + 12
    signature(sheet, 330, y + 26, rng)
    sheet.text(320, y + 48, job.doctors[0].fact())
    initials = "".join(part[0] for part in job.doctors[0].name.split())
    sheet.text(
        60,
        y + 72,
        f"{initials}/{rng.choice('abcdeghjk')}{rng.choice('lmrstw')}   dict. "
        f"{house.date(job.service_date)}  {labels.phone} {house.phone(job.facility.phone)}",
        size=9,
    )
    return [sheet]


def _identity(sheet: Sheet, job: Job, y: float) -> float:
    who, rng, labels = job.patient, job.rng, job.labels
    style = rng.choice(("lines", "row", "corner"))
    if style == "row":
        at = sheet.row(60, y, [who.name("last_first", upper=True), "  ", who.mrn()])
        if who.birth_date():
            sheet.row(max(at + 20, 400), y, [rng.choice(("DOB", "born", "b.")), who.birth_date()])
        return y + 34
    x = 60 if style == "lines" else 330
    for label, value in (
        (labels.name, who.name()),
        (labels.birth_date, who.birth_date()),
        (labels.mrn, who.mrn()),
        ("DATE", job.house.date(job.service_date)),
    ):
        if value:
            start = sheet.text(x, y, label.upper() + ":") + 8
            sheet.text(start, y, value, max_width=582 - start)
            y += 17
    return y + 20
