"""A school's physical examination: a form that a parent fills in with a pen, or types."""

from __future__ import annotations

from dataclasses import replace

from ..facts import Fact
from ..job import Job
from ..late.parts import born
from ..names import without_accents
from ..sheet import BLUE_INK, INK, Piece, Sheet

_QUESTIONS = (
    "Has a doctor ever denied or restricted your participation in sports?",
    "Do you have any ongoing medical conditions (asthma, anemia, diabetes)?",
    "Have you ever passed out or nearly passed out during exercise?",
    "Have you ever had discomfort, pain or pressure in your chest?",
    "Does anyone in your family have a heart problem or pacemaker?",
    "Have you ever had an injury to a bone, muscle or ligament?",
    "Have you ever had surgery or been hospitalized?",
    "Do you cough, wheeze or have difficulty breathing after exercise?",
    "Have you ever had a head injury or concussion?",
    "Do you wear glasses, contact lenses or protective eyewear?",
)


def draw(job: Job) -> list[Sheet]:
    """One page."""
    sheet, rng, who = Sheet(face=job.face, size=9), job.rng, job.patient
    by_hand = rng.random() < 0.6
    pen = rng.choice(("hand_later_school", "hand_later_quick")) if by_hand else rng.choice((job.face, "later_hack"))
    look = _Look(
        sheet, pen, (18.0 if pen == "hand_later_school" else 14.0) if by_hand else 10.0, BLUE_INK if by_hand else INK
    )
    title = rng.choice(("PREPARTICIPATION PHYSICAL EVALUATION", "Annual School Health Examination", "SPORTS PHYSICAL"))
    sheet.text(306, 48, title, size=15, bold=True, align="center")
    sheet.text(306, 62, "To be completed by a parent or guardian before the examination", size=8, align="center")
    name = who.name(rng.choice(("last_first", "first_last")))
    style = rng.choice(("name", "students"))
    first = {"name": "Name", "students": "Student's name (last, first)"}[style]
    if style == "students":
        name = who.name("last_first")
    look.blank(40, 96, first, name, until=372)
    look.blank(380, 96, rng.choice(("Date of birth", "Birthdate", "DOB")), born(who, "%m/%d/%Y"), until=572)
    look.blank(40, 122, "Sex", who.sex(), until=90)
    look.blank(98, 122, "Age", job.age().split("-")[0], until=160)
    look.blank(168, 122, "Grade", str(rng.randint(1, 12)), until=240)
    look.blank(248, 122, "School", rng.choice(("Lincoln", "Roosevelt", "Jefferson", "Maple Ridge")), until=400)
    look.blank(408, 122, "Sport(s)", rng.choice(("Soccer", "Track", "Swimming", "Tennis")), until=572)
    look.blank(40, 148, "Address", who.street(), until=360)
    look.blank(368, 148, "Phone", who.phone(), until=572)
    parent = replace(job.relative, role="other")
    look.blank(
        40, 174, rng.choice(("Parent/guardian", "Name of parent or guardian")), parent.name("first_last"), until=340
    )
    look.blank(348, 174, "Personal physician", job.doctors[0].fact(), until=572)
    look.blank(
        40, 200, rng.choice(("Clinic record no. (office use)", "Chart # (office use only)")), who.mrn(), until=300
    )
    look.blank(308, 200, "Date of exam", job.house.date(job.service_date), until=572)
    _questions(sheet, job, 228)
    sheet.text(
        40, 640, "I hereby state that, to the best of my knowledge, my answers are complete and correct.", size=9
    )
    look.blank(40, 676, "Signature of parent/guardian", None, until=380)
    look.blank(388, 676, "Date", job.house.date(job.service_date), until=572)
    sheet.text(40, 760, f"Form SP-{rng.randint(10, 99)}  Rev. {rng.randint(1, 12):02}/{rng.randint(15, 24)}", size=7)
    return [sheet]


class _Look:
    """A pen and the lines that it writes on."""

    def __init__(self, sheet: Sheet, face: str, size: float, colour: tuple[int, int, int]) -> None:
        self._sheet, self._face, self._size, self._colour = sheet, face, size, colour

    def blank(self, x: float, y: float, label: str, value: Piece | None, *, until: float) -> None:
        """A label, a line to write on, and what was written."""
        start = self._sheet.text(x, y, label, size=9) + 4
        self._sheet.line(start, y + 2, until, y + 2, width=0.5)
        if isinstance(value, Fact) and self._face.startswith("hand_"):
            value = replace(value, raw=without_accents(value.raw))
        if value:
            self._sheet.text(
                start + 3, y - 1, value, face=self._face, size=self._size, colour=self._colour,
                max_width=until - start - 4,
            )  # fmt: skip


def _questions(sheet: Sheet, job: Job, top: float) -> None:
    sheet.box(40, top, 572, top + 18, fill=(225, 225, 225))
    sheet.text(46, top + 12, "MEDICAL HISTORY", size=9, bold=True)
    for x, word in ((500, "Yes"), (540, "No")):
        sheet.text(x, top + 12, word, size=8, bold=True)
    for n, question in enumerate(_QUESTIONS):
        y = top + 42 + n * 34
        sheet.text(46, y, f"{n + 1}. {question}", size=9)
        yes = job.rng.random() < 0.15
        sheet.checkbox(500, y, ticked=yes, label="")
        sheet.checkbox(540, y, ticked=not yes, label="")
        sheet.line(40, y + 10, 572, y + 10, width=0.3)
