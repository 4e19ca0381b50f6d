"""A hemodialysis run's flow sheet, wider than high: settings at the top, a line every half hour by the nurse's pen."""

from __future__ import annotations

from ..job import Job
from ..pieces import signature
from ..sheet import Piece, Sheet
from .parts import Filler, Pen, admission_label, born, dated, hand, scrawl, staff

_LEFT, _RIGHT = 28.0, 764.0
_TITLES = ("HEMODIALYSIS TREATMENT RECORD", "Hemodialysis Flow Sheet", "DIALYSIS RUN SHEET")
_COLUMNS = (
    ("TIME", 46.0),
    ("BP", 62.0),
    ("PULSE", 44.0),
    ("QB", 44.0),
    ("QD", 44.0),
    ("ART. PR.", 52.0),
    ("VEN. PR.", 52.0),
    ("TMP", 40.0),
    ("UF RATE", 52.0),
    ("UF REMOVED", 62.0),
    ("NOTES", 204.0),
    ("INIT.", 34.0),
)
_NOTES = (
    "Access visible, lines secure",
    "Resting, no c/o",
    "c/o cramping R calf, NS 100 ml given",
    "Asleep, easily aroused",
    "UF off x 10 min, BP recheck",
    "Watching TV, no complaints",
    "Heparin off",
    "Snack taken",
)


def draw(job: Job) -> list[Sheet]:
    """One page."""
    sheet, rng = Sheet(792, 612, face=job.face, size=8.5), job.rng
    nurse = scrawl(rng) if rng.random() < 0.5 else hand(rng)
    sheet.text(_LEFT, 36, rng.choice(_TITLES), size=14, bold=True)
    sheet.text(_LEFT, 48, f"{job.facility.name} - {rng.choice(('Acute Dialysis', 'Renal Dialysis Unit'))}", size=9)
    typed = Filler(sheet=sheet, pen=Pen(face="latest_line_printer", size=9), rng=rng)
    rng.choice((_in_cells, _in_one_line, _by_hand))(typed, job)
    _label_place(sheet, job)
    form, weight = Filler(sheet=sheet, pen=nurse, rng=rng), _dry_weight(job)
    y = _settings(form, weight, 116)
    y = _before_and_after(form, weight, y)
    y = _run(form, y)
    _foot(form, job, y)
    return [sheet]


def _in_cells(form: Filler, job: Job) -> None:
    """What the unit's computer has put into the form's boxes."""
    rng, who = job.rng, job.patient
    name = rng.choice(("Patient (Last, First MI)", "PATIENT", "Name of patient"))
    form.cell(_LEFT, 56, 250, 26, name, who.name("last_first"))
    birth = born(who, rng.choice(("%m/%d/%Y", "%d-%b-%Y", "%m/%d/%y")))
    form.cell(278, 56, 92, 26, rng.choice(("DOB", "Birth Date", "D.O.B.")), birth)
    form.cell(370, 56, 40, 26, "Sex", who.sex())
    form.cell(410, 56, 124, 26, rng.choice(("MR#", "Patient No.", "Med Rec #")), who.mrn())
    form.cell(_LEFT, 82, 150, 26, "Nephrologist", job.doctors[0].inverted())
    form.cell(178, 82, 100, 26, "Treatment Date", dated(job.service_date, "%m/%d/%Y"))
    form.cell(278, 82, 92, 26, "Acct / Visit", who.account())
    form.cell(370, 82, 40, 26, "Age", str(who.person.age_on(job.service_date)))
    form.cell(410, 82, 124, 26, "Station / Machine", f"{rng.randint(1, 16)} / {job.number(4)}")


def _in_one_line(form: Filler, job: Job) -> None:
    """Two lines from the scheduling system, few words in them, over the form's rule."""
    rng, who = job.rng, job.patient
    number: list[Piece] = [rng.choice(("Pt #", "ID", "MRN")), who.mrn()] if who.mrn() else []
    face = form.pen.face
    name = who.name("last_first", upper=True)
    end = form.sheet.text(_LEFT, 72, name, bold=True, face=face, size=10, max_width=270)
    row: list[Piece] = [born(who, "%m/%d/%Y"), " ", who.sex(), " ", *number]
    form.sheet.row(max(end + 14, 250), 72, row, face=face, size=9.5)
    visit: list[Piece] = ["Visit", who.account()] if who.account() else []
    when = [f"Tx {dated(job.service_date, '%m/%d/%Y')}", f"#{rng.randint(3, 900)}", f"Station {rng.randint(1, 16)}"]
    form.sheet.row(_LEFT, 88, [*when, *visit, " MD:", job.doctors[0].inverted()], face=face, size=8.5)
    form.sheet.line(_LEFT, 98, 534, 98, width=1.4)


def _by_hand(form: Filler, job: Job) -> None:
    """Blanks that the technician fills in."""
    rng, who = job.rng, job.patient
    form = Filler(sheet=form.sheet, pen=hand(rng), rng=rng)
    form.blank(_LEFT, 74, 300, rng.choice(("Patient:", "Pt. name:", "Patient's name:")), who.name())
    form.blank(336, 74, 198, rng.choice(("Record no.", "Pt. ID #", "Unit #")), who.mrn())
    birth = born(who, rng.choice(("m/d/yyyy", "%m/%d/%Y", "%m-%d-%y")))
    form.blank(_LEFT, 98, 150, rng.choice(("Birthdate:", "DOB:")), birth)
    form.blank(186, 98, 64, "Sex:", who.sex())
    form.blank(258, 98, 110, "Date:", dated(job.service_date, "m/d/yyyy"))
    form.blank(376, 98, 158, "Nephrologist:", f"Dr {job.doctors[0].name.split()[-1]}")


def _label_place(sheet: Sheet, job: Job) -> None:
    rng, who = job.rng, job.patient
    sheet.box(544, 24, _RIGHT, 108, width=0.5, outline=(120, 120, 125))
    if job.sticker or (who.mrn() and rng.random() < 0.25):
        x, y = 549 + rng.uniform(-4, 3), 30 + rng.uniform(-3, 4)
        sheet.stick(admission_label(job.sticker or who, job), x, y, angle_deg=rng.uniform(-3, 3))
    else:
        sheet.text(654, 102, "ADDRESSOGRAPH / PATIENT LABEL", size=6.5, colour=(120, 120, 125), align="center")


def _dry_weight(job: Job) -> float:
    return min(4.0 + job.patient.person.age_on(job.service_date) * 3.2, job.rng.uniform(50, 104))


def _settings(form: Filler, weight: float, y: float) -> float:
    """What the doctor ordered."""
    rng, x = form.rng, _LEFT
    for width, word, value in (
        (112.0, "DIALYZER", rng.choice(("F180NR", "Revaclear 300", "Optiflux 160"))),
        (64.0, "TIME (hr)", rng.choice(("3.0", "3.5", "4.0"))),
        (64.0, "K+ BATH", rng.choice(("2K", "3K"))),
        (64.0, "Ca++", "2.5"),
        (70.0, "Na+ / HCO3", rng.choice(("138/35", "140/33"))),
        (120.0, "ANTICOAGULATION", rng.choice(("Heparin 3000 u", "None", "Heparin 1000 u/h"))),
        (130.0, "ACCESS", rng.choice(("L AVF 15g x 2", "R IJ catheter", "R AVG 16g"))),
        (112.0, "EST. DRY WT (kg)", f"{weight:.1f}"),
    ):
        form.cell(x, y, width, 28, word, value)
        x += width
    return y + 34


def _before_and_after(form: Filler, weight: float, y: float) -> float:
    rng = form.rng
    for x, title, more in ((_LEFT, "PRE-TREATMENT", 0.035), (400.0, "POST-TREATMENT", 0.004)):
        form.sheet.box(x, y, x + 364, y + 12, fill=(222, 228, 222), width=0.5)
        form.sheet.text(x + 4, y + 9, title, size=7.5, bold=True)
        at = x
        for width, word, value in (
            (70.0, "WT (kg)", f"{weight * (1 + rng.uniform(more / 2, more)):.1f}"),
            (74.0, "BP SIT", f"{rng.randint(110, 182)}/{rng.randint(58, 96)}"),
            (74.0, "BP STAND", f"{rng.randint(106, 170)}/{rng.randint(54, 90)}"),
            (50.0, "TEMP", f"{rng.uniform(97.1, 98.9):.1f}"),
            (46.0, "PULSE", str(rng.randint(60, 98))),
            (50.0, "EDEMA", rng.choice(("0", "1+", "trace"))),
        ):
            form.cell(at, y + 12, width, 28, word, value)
            at += width
    return y + 46


def _run(form: Filler, y: float) -> float:
    sheet, rng, x = form.sheet, form.rng, _LEFT
    rows, minute, removed = 11, rng.randint(370, 900), 0
    for word, width in _COLUMNS:
        sheet.box(x, y, x + width, y + 15, fill=(235, 235, 238), width=0.5)
        sheet.text(x + width / 2, y + 10.5, word, size=6.5, bold=True, align="center", max_width=width - 3)
        x += width
    flow, initials = rng.choice((300, 350, 400)), rng.choice(("kt", "MR", "jb"))
    for row in range(rows):
        x, top = _LEFT, y + 15 + row * 22
        values: tuple[str, ...] = ()
        if row < 8:
            values = (f"{minute // 60:02}{minute % 60:02}", f"{rng.randint(92, 168)}/{rng.randint(48, 92)}",
                      str(rng.randint(58, 96)), str(flow), "700", f"-{rng.randint(120, 210)}",
                      str(rng.randint(120, 210)), str(rng.randint(30, 80)), str(rng.choice((0, 500, 650, 800))),
                      str(removed), rng.choice(_NOTES), initials)  # fmt: skip
        for place, (_, width) in enumerate(_COLUMNS):
            sheet.box(x, top, x + width, top + 22, width=0.4)
            if values:
                form.write(x + 5, top + 18, values[place], width=width - 7)
            x += width
        minute, removed = minute + 30, removed + rng.randint(180, 420)
    return y + 15 + rows * 22


def _foot(form: Filler, job: Job, y: float) -> None:
    sheet, rng = form.sheet, job.rng
    signature(sheet, 70, y + 32, rng)
    form.over(_LEFT, y + 36, 200, "RN signature / initials")
    form.over(240, y + 36, 180, "Technician (print)", staff(job.doctors[2]))
    form.over(432, y + 36, 180, "Report given to", staff(job.doctors[1], degree="RN"))
    form.over(624, y + 36, 140, "Date / time", dated(job.service_date, "m/d/yyyy"))
    sheet.text(_LEFT, 590, f"HD-{job.number(3)}  Rev. {rng.randint(1, 12)}/{rng.randint(14, 24)}", size=6.5)
    sheet.text(_RIGHT, 590, "Original: chart    Copy: dialysis unit", size=6.5, align="right")
