"""A request to give out somebody's records, filled in by hand: who, what, to whom, until when, signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ..clinical import PAYERS
from ..job import Job
from ..pieces import signature
from ..places import STREETS, TOWNS
from ..sheet import Piece, Sheet
from .parts import Filler, born, bystander, dated, hand
from .release_words import KINDS, RIGHTS, TITLES, WHY

_LEFT, _RIGHT = 46.0, 566.0


def draw(job: Job) -> list[Sheet]:
    """One page."""
    sheet, rng = Sheet(face=job.face, size=9.5), job.rng
    form = Filler(sheet=sheet, pen=hand(rng), rng=rng)
    place = job.facility
    sheet.text(306, 44, place.name, size=13, bold=True, align="center")
    sheet.text(306, 56, f"Health Information Management   {place.street}, {place.town}", size=8, align="center")
    sheet.text(306, 80, rng.choice(TITLES), size=12.5, bold=True, align="center", max_width=510)
    y = rng.choice((_in_a_sentence, _in_blanks, _above_captions))(form, job)
    y = _parties(form, job, y)
    y = _what(form, job, y)
    y = _rights(form, job, y)
    _signed(form, job, y)
    return [sheet]


def _in_a_sentence(form: Filler, job: Job) -> float:
    """I, so and so, born then, living there: blanks within running text."""
    who = job.patient
    form.blank(_LEFT, 112, 356, "I, (print full name of patient)", who.name("first_last"))
    form.blank(406, 112, 160, ", born on", born(who, job.rng.choice(("m/d/yyyy", "%B %d, %Y", "%m/%d/%Y"))))
    form.blank(_LEFT, 136, 260, "residing at", who.street())
    form.blank(310, 136, 256, "in the city of", who.town())
    form.blank(_LEFT, 160, 220, "telephone", who.phone())
    form.blank(270, 160, 296, ", hospital number (if known)", who.mrn())
    return 184


def _in_blanks(form: Filler, job: Job) -> float:
    rng, who = job.rng, job.patient
    form.sheet.text(
        _LEFT, 102, rng.choice(("1.  Individual whose information will be released", "Section A")), bold=True
    )
    order = "last_first" if rng.random() < 0.4 else "first_last"
    word = {"last_first": "Name (Last, First, Middle):", "first_last": "Patient's full legal name:"}[order]
    form.blank(_LEFT, 122, 340, word, who.name(order))
    form.blank(394, 122, 172, rng.choice(("Date of Birth:", "Birth Date:")), born(who, "%m/%d/%Y"))
    form.blank(_LEFT, 145, 250, "Street address:", who.street())
    form.blank(302, 145, 264, "City/State/Zip:", who.town())
    form.blank(_LEFT, 168, 150, "Phone:", who.phone())
    digits = who.ssn()
    last_four = digits and replace(digits, raw=digits.value)
    form.blank(204, 168, 150, "SSN (last four digits):", last_four)
    form.blank(362, 168, 204, rng.choice(("Medical Record Number:", "Record # (office use):")), who.mrn())
    return 192


def _above_captions(form: Filler, job: Job) -> float:
    """Long lines, each with what belongs on it in small type below."""
    rng, who = job.rng, job.patient
    form.over(_LEFT, 112, 330, rng.choice(("Patient name (please print)", "Print name of patient")), who.name())
    form.over(388, 112, 178, rng.choice(("Date of birth", "Patient's birth date")), born(who, "m/d/yyyy"))
    end = form.over(_LEFT, 142, 330, "Address, city, state, zip", None)
    form.write(_LEFT + 4, 142, who.street(), width=170)
    form.write(end + 180, 142, who.town(), width=146)
    form.over(388, 142, 178, "Daytime telephone", who.phone())
    form.over(_LEFT, 172, 330, "Maiden or other names used")
    form.over(388, 172, 178, rng.choice(("Medical record number, if known", "Chart no. (if known)")), who.mrn())
    return 198


def _parties(form: Filler, job: Job, y: float) -> float:
    """From whom, to whom."""
    sheet, rng = form.sheet, job.rng
    to = rng.choice(("person", "payer", "doctor"))
    sheet.text(_LEFT, y + 6, "I hereby authorize:", bold=True)
    sheet.text(_LEFT + 110, y + 6, f"{job.facility.name} and its affiliated clinics")
    sheet.text(_LEFT, y + 22, "to disclose my health information to the following person or organization:")
    receivers: dict[str, Piece] = {
        "person": bystander(job.doctors[1]),
        "payer": rng.choice(PAYERS),
        "doctor": job.doctors[1].fact(),
    }
    town, state, code = rng.choice(TOWNS)
    form.blank(_LEFT, y + 44, 340, "Name/Organization:", receivers[to])
    form.blank(394, y + 44, 172, "Fax:", job.house.phone(job.facility.fax))
    form.blank(_LEFT, y + 66, 520, "Address:", f"{rng.randint(10, 980)} {rng.choice(STREETS)}, {town}, {state} {code}")
    return y + 88


def _what(form: Filler, job: Job, y: float) -> float:
    sheet, rng = form.sheet, job.rng
    start = max(job.year_before, job.patient.person.birth_date)
    sheet.text(_LEFT, y, "Information to be released (check all that apply):", bold=True)
    chosen = rng.sample(range(len(KINDS)), rng.randint(2, 5))
    for place, word in enumerate(KINDS):
        form.tick(_LEFT + 8 + place % 3 * 174, y + 18 + place // 3 * 16, word, place in chosen)
    y += 22 + (len(KINDS) + 2) // 3 * 16
    form.blank(_LEFT, y + 4, 250, "Dates of service:  from", dated(start, "m/d/yyyy"))
    form.blank(304, y + 4, 160, "to", dated(job.service_date, "m/d/yyyy"))
    y += 26
    x = sheet.text(_LEFT, y, "Purpose:", bold=True) + 8
    why = rng.randrange(len(WHY))
    for place, word in enumerate(WHY):
        x = form.tick(x, y, word, place == why)
    return y + 20


def _rights(form: Filler, job: Job, y: float) -> float:
    for line in RIGHTS:
        y = form.sheet.paragraph(_LEFT, y, _RIGHT - _LEFT, [line], size=9) + 5
    form.blank(_LEFT, y + 8, 420, "This authorization expires on (date or event):",
               dated(job.service_date + timedelta(days=job.rng.choice((90, 180, 365))), "m/d/yyyy"))  # fmt: skip
    return y + 34


def _signed(form: Filler, job: Job, y: float) -> None:
    sheet, rng, who = form.sheet, job.rng, job.patient
    for_somebody = who.person.age_on(job.service_date) < 18 or rng.random() < 0.35
    signature(sheet, 100, y, rng, width=150)
    form.over(_LEFT, y, 360, "Signature of patient or personal representative")
    form.over(424, y, 142, "Date signed", dated(job.service_date, "m/d/yyyy"))
    y += 32
    near, said = (job.relative.name("first_last"), job.relation()) if for_somebody else (None, None)
    form.over(_LEFT, y, 360, "Printed name of personal representative (if not the patient)", near)
    form.over(424, y, 142, "Relationship / authority to act", said)
    y += 32
    form.over(_LEFT, y, 360, "Witness (printed name)", bystander(job.doctors[2]) if rng.random() < 0.6 else None)
    form.over(424, y, 142, "Date", dated(job.service_date, "m/d/yyyy") if rng.random() < 0.6 else None)
    y += 24
    sheet.box(_LEFT, y, _RIGHT, y + 40, fill=(236, 236, 236), width=0.6)
    sheet.text(_LEFT + 4, y + 10, "FOR HIM DEPARTMENT USE ONLY", size=7, bold=True)
    clerk = Filler(sheet=sheet, pen=hand(rng), rng=rng)
    clerk.blank(_LEFT + 8, y + 30, 140, "Received", dated(job.printed_date, "m/d/yyyy"), size=8)
    clerk.blank(206, y + 30, 150, "ID checked by", rng.choice(("kt", "L. Moss", "jb")), size=8)
    clerk.blank(366, y + 30, 190, "Request #", job.number(6), size=8)
    sheet.text(_LEFT, 772, f"{job.facility.short} {job.number(4)}-HIM   (Rev. 08/{rng.randint(17, 24)})", size=7)
