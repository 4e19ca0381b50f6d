"""An ambulance crew's report of one call, written by hand in the rig: crowded boxes, times, four sets of vitals."""

from __future__ import annotations

from ..clinical import COMPLAINTS, MEDICATIONS
from ..facts import Identity
from ..job import Job
from ..places import STREETS
from ..sheet import Sheet
from .ambulance_words import AGENCIES, DONE, FINDINGS, PAST, PLACES, PRESENTING, TIMES
from .parts import Filler, admission_label, born, dated, hand, in_parts, scrawl, staff

_LEFT, _MIDDLE, _RIGHT = 24.0, 352.0, 588.0
_CANARY = (255, 250, 218)


def draw(job: Job) -> list[Sheet]:
    """One page: the hospital's copy of the set."""
    rng = job.rng
    sheet = Sheet(face=job.face, size=8, paper=_CANARY if rng.random() < 0.3 else (255, 255, 255))
    form = Filler(sheet=sheet, pen=hand(rng), rng=rng)
    sheet.text(_LEFT, 38, rng.choice(("PREHOSPITAL CARE REPORT", "Ambulance Run Report", "EMS PATIENT CARE RECORD")),
               size=15, bold=True)  # fmt: skip
    sheet.text(_RIGHT, 38, f"{rng.randint(2, 9)}-{job.number(6)}", size=14, colour=(190, 40, 40), align="right")
    _call(form, job)
    _person(form, job)
    _times(form, job)
    y = _complaint(form, job)
    y = _vitals(form, y)
    y = _care(form, y)
    _handover(form, job, y)
    sheet.text(_LEFT, 782, f"DOH-{job.number(4)} ({rng.randint(1, 12):02}/{rng.randint(10, 22)})", size=6.5)
    sheet.text(306, 782, "HOSPITAL PATIENT RECORD COPY", size=8, bold=True, align="center")
    return [sheet]


def _call(form: Filler, job: Job) -> None:
    x = _LEFT
    for width, word, value in (
        (96.0, "DATE OF CALL", dated(job.service_date, "m/d/yyyy")),
        (74.0, "RUN NO.", job.number(5)),
        (72.0, "AGENCY CODE", job.number(4)),
        (86.0, "VEH. ID", f"{job.rng.choice('AMR')}-{job.rng.randint(1, 19)}"),
        (236.0, "AGENCY NAME", job.rng.choice(AGENCIES)),
    ):
        form.cell(x, 46, width, 27, word, value)
        x += width


def _person(form: Filler, job: Job) -> None:
    """The left half: whom the call was for, where they live, who belongs to them."""
    sheet, rng, who = form.sheet, job.rng, job.patient
    y, wide = 73.0, _MIDDLE - _LEFT
    if rng.random() < 0.45:
        fact, family, first, rest = in_parts(who)
        ends = [form.cell(_LEFT, y, 150, 29, "PT. LAST NAME", family)]
        ends.append(form.cell(_LEFT + 150, y, 118, 29, "FIRST", first))
        ends.append(form.cell(_LEFT + 268, y, 60, 29, "M.I.", rest))
        form.remember(fact, _LEFT + 6, y + 25, ends[2] if rest else ends[1], y + 25)
    else:
        form.cell(_LEFT, y, wide, 29, "NAME", who.name())
    y += 29
    form.cell(_LEFT, y, wide, 42, "ADDRESS", None)
    form.write(_LEFT + 40, y + 17, who.street(), width=wide - 46)
    form.write(_LEFT + 40, y + 36, who.town(), width=wide - 46)
    y += 42
    years = who.person.age_on(job.service_date)
    form.cell(_LEFT, y, 106, 29, "PH #", who.phone())
    months = max(0, (job.service_date - who.person.birth_date).days // 30)
    form.cell(_LEFT + 106, y, 44, 29, "AGE", str(years) if years >= 2 else f"{months} mo")
    if rng.random() < 0.5:
        sheet.box(_LEFT + 150, y, _LEFT + 250, y + 29, width=0.5)
        sheet.text(_LEFT + 153, y + 8, "D.O.B.  (Mo / Day / Yr)", size=6.5)
        form.day(_LEFT + 154, y + 25, born(who, "%m/%d/%Y"), short=rng.random() < 0.4)
    else:
        birth = born(who, rng.choice(("m/d/yyyy", "%m-%d-%y", "%m/%d/%Y")))
        form.cell(_LEFT + 150, y, 100, 29, rng.choice(("D.O.B.", "BIRTHDATE")), birth)
    form.cell(_LEFT + 250, y, 78, 29, "SEX")
    form.sex(who, _LEFT + 258, y + 23, ("M", "F"))
    y += 29
    near = job.relative
    form.cell(_LEFT, y, 216, 29, "NEXT OF KIN / PARENT", near.name("first_last", upper=False))
    form.cell(_LEFT + 216, y, 112, 29, "PHONE", near.phone())
    y += 29
    form.cell(_LEFT, y, 216, 29, "PHYSICIAN", f"Dr {job.doctors[0].name.split()[-1]}")
    form.cell(_LEFT + 216, y, 112, 29, "WEIGHT (kg)", str(min(3 + years * 3, rng.randint(55, 104))))


def _times(form: Filler, job: Job) -> None:
    """The right half: where the crew went, and when."""
    sheet, rng = form.sheet, job.rng
    wide = _RIGHT - _MIDDLE
    form.cell(_MIDDLE, 73, wide, 29, "CALL LOCATION", f"{rng.randint(5, 900)} {rng.choice(STREETS)}")
    sheet.box(_MIDDLE, 102, _RIGHT, 144, width=0.5)
    where = rng.randrange(len(PLACES))
    for place, word in enumerate(PLACES):
        form.tick(_MIDDLE + 8 + place % 2 * 112, 116 + place // 2 * 20, word, place == where, size=7.5)
    minute = rng.randint(30, 1300)
    for place, (word, gap) in enumerate(TIMES):
        x, y = _MIDDLE + place % 2 * wide / 2, 144 + place // 2 * 29.0
        minute += rng.randint(*gap)
        form.cell(x, y, wide / 2, 29, word, f"{minute // 60 % 24:02}{minute % 60:02}")


def _complaint(form: Filler, job: Job) -> float:
    sheet, rng = form.sheet, job.rng
    form.cell(_LEFT, 231, _RIGHT - _LEFT, 29, "CHIEF COMPLAINT", f'"{rng.choice(COMPLAINTS)}"')
    quick = Filler(sheet=sheet, pen=scrawl(rng), rng=rng)
    quick.cell(_LEFT, 260, _RIGHT - _LEFT, 48, "SUBJECTIVE ASSESSMENT")
    for line, words in enumerate(rng.sample(FINDINGS, 2)):
        quick.write(_LEFT + 112, 275 + line * 22, words, width=440)
    for x, title, ailments in ((_LEFT, "PRESENTING PROBLEM", PRESENTING), (306.0, "PAST MEDICAL HISTORY", PAST)):
        sheet.box(x, 308, x + 282, 384, width=0.5)
        sheet.text(x + 3, 316, title, size=6.5)
        chosen = rng.sample(range(len(ailments)), 2)
        for place, word in enumerate(ailments):
            form.tick(x + 8 + place // 4 * 92, 331 + place % 4 * 15, word, place in chosen, size=7.5)
    taken = ", ".join(dose.split(" ")[0] for dose in rng.sample(MEDICATIONS, 3))
    allergy = rng.choice(("NKDA", "PCN", "sulfa"))
    form.cell(_LEFT, 384, _RIGHT - _LEFT, 27, "MEDICATIONS / ALLERGIES", f"{taken} / {allergy}")
    return 411


def _vitals(form: Filler, y: float) -> float:
    sheet, rng = form.sheet, form.rng
    columns = (("TIME", 60.0), ("RESP", 80.0), ("PULSE", 80.0), ("B.P.", 94.0), ("SpO2", 70.0), ("GCS", 60.0),
               ("SKIN", 120.0))  # fmt: skip
    start = rng.randint(0, 1300)
    for row in range(4):
        x, top = _LEFT, y + row * 19
        start += rng.randint(4, 9)
        values = (f"{start // 60:02}{start % 60:02}", str(rng.randint(12, 26)), str(rng.randint(62, 124)),
                  f"{rng.randint(98, 178)}/{rng.randint(54, 98)}", f"{rng.randint(91, 100)}%", "15", "WNL")  # fmt: skip
        for (word, width), value in zip(columns, values, strict=True):
            sheet.box(x, top, x + width, top + 19, width=0.4)
            if row == 0:
                sheet.text(x + 3, top + 7, word, size=6)
            if row < 3:
                form.write(x + 22, top + 16, value, width=width - 26)
            x += width
    return y + 76


def _care(form: Filler, y: float) -> float:
    sheet, rng = form.sheet, form.rng
    quick = Filler(sheet=sheet, pen=scrawl(rng), rng=rng)
    for title in ("OBJECTIVE PHYSICAL ASSESSMENT", "COMMENTS"):
        quick.cell(_LEFT, y, _RIGHT - _LEFT, 46, title)
        for line, words in enumerate(rng.sample(FINDINGS, 2)):
            quick.write(_LEFT + (142 if line == 0 else 20), y + 16 + line * 22, words, width=400)
        y += 46
    sheet.box(_LEFT, y, _RIGHT, y + 60, width=0.5)
    sheet.text(_LEFT + 3, y + 8, "TREATMENT GIVEN", size=6.5)
    for place, word in enumerate(DONE):
        form.tick(_LEFT + 8 + place % 4 * 140, y + 22 + place // 4 * 15, word, rng.random() < 0.3, size=7.5)
    return y + 60


def _handover(form: Filler, job: Job, y: float) -> None:
    """Where the patient was taken, by whom, and the hospital's own label or number."""
    sheet, rng, who = form.sheet, job.rng, job.patient
    form.cell(_LEFT, y, 328, 29, "DISPOSITION / TRANSPORTED TO", job.facility.name)
    form.cell(_LEFT, y + 29, 220, 29, "IN CHARGE: NAME", staff(job.doctors[1]))
    form.cell(_LEFT + 220, y + 29, 108, 29, "EMT / PARAMEDIC #", job.number(6))
    form.cell(_LEFT, y + 58, 220, 29, "DRIVER'S NAME", staff(job.doctors[2]))
    form.cell(_LEFT + 220, y + 58, 108, 29, "EMT #", job.number(6))
    form.cell(_LEFT, y + 87, 328, 29, "RECEIVED BY (ED STAFF SIGNATURE)", f"{rng.choice(('K. Tate', 'M. Ruiz'))}, RN")
    sheet.box(_MIDDLE, y, _RIGHT, y + 116, width=0.5)
    sheet.text(_MIDDLE + 3, y + 8, "RECEIVING HOSPITAL USE: PLACE LABEL HERE, OR", size=6.5)
    if job.sticker or (who.mrn() and rng.random() < 0.4):
        _label(form, job.sticker or who, job, y)
    form.blank(_MIDDLE + 5, y + 106, _RIGHT - _MIDDLE - 12, rng.choice(("Hosp. record #", "ED chart no.")), who.mrn())


def _label(form: Filler, who: Identity, job: Job, y: float) -> None:
    rng = job.rng
    form.sheet.stick(
        admission_label(who, job), _MIDDLE + 12 + rng.uniform(-6, 6), y + 13, angle_deg=rng.uniform(-2.5, 2.5)
    )
