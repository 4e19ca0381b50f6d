"""A consent form: printed legal text, a patient sticker with a bar code stuck on by hand, signatures."""

from __future__ import annotations

from ..clinical import PROCEDURES
from ..job import Job
from ..pieces import GREY, footer, handwritten, signature, sticker
from ..sheet import Sheet

CLAUSES = (
    "I authorize {doctor} and such associates or assistants as may be selected to "
    "perform the following operation or procedure:",
    "The nature and purpose of the procedure, possible alternative methods of "
    "treatment, the risks involved and the possibility of complications have been "
    "explained to me. I acknowledge that no guarantee has been made as to the results "
    "that may be obtained.",
    "I consent to the administration of anesthesia and to the use of such anesthetics "
    "as may be deemed advisable by the anesthesia provider responsible for this "
    "service.",
    "I consent to the disposal by hospital authorities of any tissue or parts which "
    "may be removed, and to the taking of photographs for medical or educational "
    "purposes provided my identity is not revealed.",
    "I certify that I have read and fully understand this consent and that all blanks were filled in before I signed.",
)


def draw(job: Job) -> list[Sheet]:
    """One page; the identity stands on the sticker, and by hand beside the signature in some."""
    sheet = Sheet(face=job.face, size=10)
    rng, house = job.rng, job.house
    sheet.text(40, 52, job.facility.name, size=13, bold=True)
    sheet.text(40, 66, f"{job.facility.street}, {job.facility.town}", size=8)
    sheet.text(40, 100, "CONSENT FOR OPERATION OR PROCEDURE", size=14, bold=True)
    sheet.box(336, 34, 578, 132, width=0.5, outline=GREY)
    sheet.text(457, 128, "PLACE PATIENT LABEL HERE", size=6.5, colour=GREY, align="center")
    label = sticker(job.sticker or job.patient, job)
    sheet.stick(label, 348 + rng.uniform(-8, 6), 38 + rng.uniform(-4, 5), angle_deg=rng.uniform(-3.5, 3.5))
    hand = rng.choice(("hand_print", "hand_round", "hand_pen", "hand_caps"))
    _printed_identity(sheet, job, hand)
    y = 196.0
    for number, clause in enumerate(CLAUSES, 1):
        y = sheet.paragraph(
            44,
            y,
            520,
            [f"{number}. " + clause.format(doctor=job.doctors[0].name + ", " + job.doctors[0].degree)],
        )
        if number == 1:
            handwritten(sheet, 60, y + 8, rng.choice(PROCEDURES), rng, face=hand)
            sheet.line(44, y + 12, 564, y + 12, width=0.5)
            y += 28
        y += 9
    _signatures(sheet, job, max(y + 24, 520), hand)
    footer(sheet, job, 1, 1, form=f"CONSENT {job.number(3)}-OR  White: Chart  Yellow: Surgeon")
    sheet.text(40, 740, f"Revised {house.date(job.service_date.replace(year=2021))}", size=7)
    return [sheet]


def _printed_identity(sheet: Sheet, job: Job, hand: str) -> None:
    """The form's own lines for the patient, filled in by hand."""
    who, rng = job.patient, job.rng
    y = 154
    sheet.text(44, y, "Patient (print):")
    handwritten(sheet, 122, y, who.name("first_last", upper=False, middle="initial"), rng, face=hand)
    sheet.line(118, y + 3, 350, y + 3, width=0.5)
    sheet.text(366, y, "Date of birth:")
    handwritten(sheet, 434, y, who.birth_date() if job.sticker or rng.random() < 0.7 else None, rng, face=hand)
    sheet.line(430, y + 3, 564, y + 3, width=0.5)


def _signatures(sheet: Sheet, job: Job, y: float, hand: str) -> None:
    rng = job.rng
    for caption, offset in (
        ("Signature of patient or legal representative", 0),
        ("Signature of witness", 48),
        ("Physician", 96),
    ):
        signature(sheet, 60, y + offset, rng, width=rng.uniform(80, 150))
        sheet.line(44, y + offset + 4, 330, y + offset + 4, width=0.5)
        sheet.text(44, y + offset + 14, caption, size=7.5)
        handwritten(sheet, 360, y + offset, job.house.date(job.service_date), rng, face=hand)
        sheet.line(350, y + offset + 4, 450, y + offset + 4, width=0.5)
        sheet.text(350, y + offset + 14, "Date", size=7.5)
        handwritten(sheet, 478, y + offset, f"{rng.randint(7, 15)}:{rng.randint(10, 59)}", rng, face=hand)
        sheet.line(470, y + offset + 4, 564, y + offset + 4, width=0.5)
        sheet.text(470, y + offset + 14, "Time", size=7.5)
