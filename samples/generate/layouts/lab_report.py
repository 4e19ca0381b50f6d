"""A laboratory report: identifiers beside labels in two columns, times, a table of results."""

from __future__ import annotations

from datetime import timedelta

from ..clinical import TESTS, result
from ..job import Job
from ..pieces import beside, footer, letterhead
from ..sheet import Sheet


def draw(job: Job) -> list[Sheet]:
    """One page."""
    sheet = Sheet(face=job.face, size=9.5)
    y = letterhead(sheet, job, title=job.rng.choice(("LABORATORY REPORT", "FINAL REPORT", "Clinical Laboratory")))
    y = _header(sheet, job, y + 6)
    y = _results(sheet, job, y + 18)
    sheet.text(40, y + 14, "H = high   L = low   Reference ranges are for adults unless stated.", size=7.5)
    sheet.row(40, y + 30, ["Laboratory Director:", job.doctors[2].fact(), f"CLIA 36D{job.number(7)}"], size=8)
    footer(sheet, job, 1, 1, form="*** END OF REPORT ***")
    return [sheet]


def _header(sheet: Sheet, job: Job, y: float) -> float:
    who, labels, house, rng = job.patient, job.labels, job.house, job.rng
    at = rng.randint(6, 14)
    collected, received = f"{at:02}:{rng.randint(0, 59):02}", f"{at + 2:02}:{rng.randint(0, 59):02}"
    left = [
        (labels.of(labels.name), who.name()),
        (labels.of(labels.birth_date), who.birth_date()),
        (labels.of(labels.sex), who.sex()),
        (labels.of(labels.mrn), who.mrn()),
        (labels.of(labels.phone), who.phone() if rng.random() < 0.4 else None),
    ]
    right = [
        ("Accession #:", f"{rng.choice('CHMT')}{job.number(8)}"),
        ("Collected:", f"{house.date(job.service_date)} {collected}"),
        ("Received:", f"{house.date(job.service_date)} {received}"),
        ("Reported:", f"{house.date(job.service_date + timedelta(days=1))} 04:1{rng.randint(0, 9)}"),
        ("Ordering Provider:", job.doctors[0].inverted()),
    ]
    if who.account():
        right.insert(1, (labels.of(labels.account), who.account()))
    if rng.random() < 0.3:
        left.insert(2, ("Age:", job.age().replace("-old", "").replace("-", " ")))
    sheet.box(36, y - 12, 576, y + 6 * 13.5, width=0.8)
    for column, x in ((left, 42), (right, 318)):
        line = y + 2
        for label, value in column:
            if value:
                beside(sheet, x, line, label, value, column=96)
                line += 13.5
    return y + 6 * 13.5


def _results(sheet: Sheet, job: Job, y: float) -> float:
    rng = job.rng
    columns = (42, 230, 300, 350, 470)
    for x, title in zip(columns, ("TEST", "RESULT", "FLAG", "REFERENCE RANGE", "UNITS"), strict=True):
        sheet.text(x, y, title, bold=True, size=8.5)
    sheet.line(36, y + 4, 576, y + 4, width=1)
    ruled = rng.random() < 0.4
    step = rng.choice((16, 18, 20))
    for test, low, high, unit in rng.sample(TESTS, rng.randint(12, 22)):
        y += step
        value, flag = result(rng, low, high)
        for x, text in zip(columns, (test, value, flag, f"{low} - {high}", unit), strict=True):
            sheet.text(x, y, text, bold=bool(flag) and x in columns[1:3], size=9)
        if ruled:
            sheet.line(36, y + 4, 576, y + 4, width=0.3, colour=(160, 160, 160))
    return y + 8
