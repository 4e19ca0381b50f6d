"""An eye clinic's card, eight inches by five: typed or written along the top, a line for each visit over the years."""

from __future__ import annotations

from datetime import date, timedelta

from ..job import Job
from ..sheet import Colour, Sheet
from .parts import Filler, Pen, born, dated, hand, in_parts, scrawl, short_date, staff

_LEFT, _RIGHT = 18.0, 558.0
_RULE: Colour = (120, 150, 185)
_BUFF: Colour = (250, 244, 226)
_COLUMNS = (
    ("DATE", 54.0),
    ("V.A.  O.D.", 54.0),
    ("O.S.", 50.0),
    ("TENSION", 60.0),
    ("FINDINGS / Rx", 282.0),
    ("BY", 40.0),
)
_FOUND = (
    "PERRL, EOM full. Fundi wnl OU",
    "NS 1+ OU. C/D 0.3. Macula flat",
    "Rx updated, see glasses slip",
    "Dilated exam: no retinopathy. RTC 1 yr",
    "Conjunctivitis OD, gtts qid x 7d",
    "Cycloplegic refraction, patch OS 2h/d",
    "VF full to confrontation OU",
    "Dry eye sx, artificial tears prn",
)


def draw(job: Job) -> list[Sheet]:
    """The front, or both sides."""
    rng = job.rng
    paper = _BUFF if rng.random() < 0.4 else (255, 255, 255)
    typist = Pen(face=rng.choice(("latest_typist", "latest_line_printer")), size=9.5)
    pen = hand(rng) if rng.random() < 0.45 else typist
    form = Filler(sheet=Sheet(576, 360, face=job.face, size=7.5, paper=paper), pen=pen, rng=rng)
    y = rng.choice((_captioned, _filed, _boxed))(form, job)
    visits = _visits(job)
    written = _lines(form.sheet, job, visits, y)
    if written == len(visits):
        return [form.sheet]
    back = Filler(sheet=Sheet(576, 360, face=job.face, size=7.5, paper=paper), pen=pen, rng=rng)
    back.blank(_LEFT, 30, 330, "Name", job.patient.name("last_first"))
    back.blank(366, 30, 192, "No.", job.patient.mrn())
    _lines(back.sheet, job, visits[written:], 46)
    return [form.sheet, back.sheet]


def _captioned(form: Filler, job: Job) -> float:
    """Three lines with small capitals under them."""
    rng, who = job.rng, job.patient
    fact, family, first, rest = in_parts(who)
    form.over(_LEFT, 30, 150, "LAST NAME", family, size=6)
    end = form.over(172, 30, 120, "FIRST", first, size=6)
    after = form.over(296, 30, 60, "MIDDLE", rest, size=6)
    form.remember(fact, _LEFT + 4, 30, after if rest else end, 30)
    form.over(364, 30, 96, rng.choice(("BIRTH", "BIRTH DATE")), born(who, rng.choice(("%m-%d-%Y", "%m/%d/%y"))), size=6)
    form.over(466, 30, 92, rng.choice(("HIST. NO.", "UNIT NO.", "HOSP. NO.")), who.mrn(), size=6)
    form.over(_LEFT, 58, 260, "STREET ADDRESS", who.street(), size=6)
    form.over(284, 58, 176, "CITY, STATE", who.town(), size=6)
    form.over(466, 58, 92, "TELEPHONE", who.phone(), size=6)
    _others(form, job, 86)
    return 106


def _filed(form: Filler, job: Job) -> float:
    """Typed along the top edge to be found in a drawer: surname first, no words before it."""
    sheet, who = form.sheet, job.patient
    form.write(_LEFT + 2, 26, who.name("last_first", upper=True), width=290)
    birth = born(who, job.rng.choice(("%m/%d/%Y", "%b %d, %Y")))
    if birth:
        end = sheet.text(330, 26, job.rng.choice(("b.", "Born", "DOB")), size=8)
        form.write(end + 4, 26, birth, width=90)
    form.write(460, 26, who.mrn(), width=96)
    sheet.line(_LEFT, 33, _RIGHT, 33, width=1, colour=(190, 60, 60))
    end = form.write(_LEFT + 2, 48, who.street(), width=220)
    form.write(max(end + 10, 200), 48, who.town(), width=170)
    form.write(460, 48, who.phone(), width=96)
    _others(form, job, 72)
    return 92


def _boxed(form: Filler, job: Job) -> float:
    """The supplier's card: words at the left of each space."""
    rng, who = job.rng, job.patient
    form.sheet.text(288, 20, f"{job.facility.short}  EYE CLINIC", size=9, bold=True, align="center")
    form.blank(_LEFT, 38, 330, rng.choice(("Name", "Mr. Mrs. Miss", "Patient")), who.name("last_first"))
    form.blank(358, 38, 200, rng.choice(("Case No.", "Chart", "Reg. No.")), who.mrn())
    form.blank(_LEFT, 58, 330, "Address", who.street())
    form.blank(358, 58, 200, "Phone", who.phone())
    form.blank(_LEFT, 78, 160, rng.choice(("Date of birth", "Born", "Birthdate")), born(who, "%m/%d/%Y"))
    form.blank(188, 78, 66, "Sex", who.sex())
    form.blank(262, 78, 296, "Sent by", job.doctors[1].fact())
    near = job.relative
    form.blank(_LEFT, 98, 330, "Account to", near.name("first_last", upper=False))
    form.blank(358, 98, 200, "Insurance", rng.choice(("VSP", "Medicaid", "BCBS", "Self pay")))
    return 112


def _others(form: Filler, job: Job, y: float) -> None:
    near = job.relative
    form.over(_LEFT, y, 176, "RESPONSIBLE PARTY", near.name("first_last", upper=False), size=6)
    form.over(200, y, 160, "REFERRED BY", job.doctors[1].fact(), size=6)
    form.over(366, y, 192, "FAMILY DOCTOR", staff(job.doctors[2]), size=6)


def _visits(job: Job) -> list[date]:
    """The days when the patient came, the last of them that of service."""
    days, day, rng = [job.service_date], job.service_date, job.rng
    for _ in range(rng.randint(3, 15)):
        day -= timedelta(days=rng.choice((21, 90, 182, 370)) + rng.randint(0, 30))
        if day <= job.patient.person.birth_date:
            break
        days.insert(0, day)
    return days


def _lines(sheet: Sheet, job: Job, visits: list[date], y: float) -> int:
    """The ruled part with as many visits as it holds; returns how many these are."""
    rng, x = job.rng, _LEFT
    for word, width in _COLUMNS:
        sheet.text(x + 3, y + 9, word, size=6.5, bold=True)
        x += width
    rows = int((346 - y - 13) // 21)
    for row in range(rows + 1):
        at = y + 13 + row * 21
        sheet.line(_LEFT, at, _RIGHT, at, width=0.5, colour=_RULE)
    x = _LEFT
    for _, width in _COLUMNS[:-1]:
        x += width
        sheet.line(x, y, x, y + 13 + rows * 21, width=0.5, colour=_RULE)
    for row, day in enumerate(visits[:rows]):
        clerk = scrawl(rng) if rng.random() < 0.5 else hand(rng)
        writer, x, base = Filler(sheet=sheet, pen=clerk, rng=rng), _LEFT, y + 30 + row * 21
        found = (short_date(day), f"20/{rng.choice((20, 25, 30, 40))}", f"20/{rng.choice((20, 25, 30, 50))}",
                 f"{rng.randint(11, 21)}/{rng.randint(11, 21)}", rng.choice(_FOUND),
                 rng.choice(("kt", "JW", "mb")))  # fmt: skip
        for (_, width), value in zip(_COLUMNS, found, strict=True):
            writer.write(x + 4, base, value, width=width - 6)
            x += width
    sheet.text(
        _RIGHT, 355, f"Form {job.number(3)}-E    Last seen {dated(job.service_date, '%m/%y')}", size=6, align="right"
    )
    return min(rows, len(visits))
