"""An imaging report whose only word on whose it is runs along the top of each page, in very small type."""

from __future__ import annotations

from ..clinical import COMPLAINTS, STUDIES, sentences
from ..job import Job
from ..sheet import Piece, Sheet
from .parts import born


def draw(job: Job) -> list[Sheet]:
    """One or two pages."""
    rng = job.rng
    study, findings, impression = rng.choice(STUDIES)
    texts: list[tuple[str, str]] = [
        ("Reason", f"{rng.choice(COMPLAINTS).capitalize()}."),
        ("Technique", "Performed according to departmental protocol; dose kept as low as reasonably achievable."),
        ("Comparison", f"Study of {job.house.long_date(job.year_before)}."),
        ("Findings", " ".join(findings)),
        ("Further", sentences(rng, 3)),
        ("Opinion", impression),
    ]
    style = rng.choice(("dots", "words", "bars"))
    order, dates = rng.choice(("last_first", "first_last")), rng.choice(("%m/%d/%Y", "%d %b %Y", "%Y-%m-%d"))
    pages = 2 if rng.random() < 0.25 else 1
    sheets = []
    for page in range(1, pages + 1):
        sheet = Sheet(face=job.face, size=11)
        _strip(sheet, job, style, order, dates, f"page {page} of {pages}")
        y = 84.0
        if page == 1:
            sheet.text(60, y, job.facility.name, size=16, bold=True)
            sheet.text(60, y + 16, "Imaging", size=11)
            sheet.text(60, y + 48, study.title(), size=13, bold=True)
            y += 76
        for title, text in texts[: 4 if pages == 2 else 6] if page == 1 else texts[4:]:
            sheet.text(60, y, title, bold=True)
            y = sheet.paragraph(132, y, 410, [text], leading=1.4) + 12
        if page == pages:
            doctor = job.doctors[0]
            sheet.row(60, y + 20, ["Reported by", doctor.fact(), job.house.long_date(job.printed_date)], size=10)
            sheet.row(60, y + 36, ["Sent to", job.doctors[1].fact()], size=10)
        sheets.append(sheet)
    return sheets


def _strip(sheet: Sheet, job: Job, style: str, order: str, dates: str, page: str) -> None:
    who, size = job.patient, 6.8
    name, day, number, sex = who.name(order), born(who, dates), who.mrn(), who.sex()
    between = {"dots": "·", "words": "", "bars": "|"}[style]
    words = style == "words"
    pieces: list[Piece] = [name]
    for word, value in (("born", day), ("no.", number), ("", sex)):
        if value:
            pieces += [between, word if words else "", value]
    pieces += [between or " ", f"{job.house.date(job.service_date)}"]
    sheet.row(60, 38, pieces, size=size, gap=3.2)
    sheet.text(552, 38, page, size=size, align="right")
    sheet.line(60, 42, 552, 42, width=0.3)
