"""A note of an operation, typed on a golf-ball machine, with the imprint of the patient's plate in the corner.

The identity stands in the running text and, without any label, on the plate.
"""

from __future__ import annotations

from ..clinical import DIAGNOSES, PROCEDURES, sentences
from ..facts import Identity
from ..job import Job
from ..pieces import signature
from ..sheet import Colour, Piece, Sheet
from .parts import born, plain_name

_PLATE_INK: Colour = (52, 46, 78)


def draw(job: Job) -> list[Sheet]:
    """One page."""
    sheet, rng, who = Sheet(face=job.face, size=11), job.rng, job.patient
    sheet.text(54, 66, job.facility.name.upper())
    sheet.text(54, 82, rng.choice(("OPERATIVE NOTE", "RECORD OF OPERATION", "OPERATION REPORT")))
    sheet.text(54, 98, f"{job.house.long_date(job.service_date)}")
    if job.sticker or who.mrn() or rng.random() < 0.5:
        sheet.stick(_plate(job.sticker or who, job), 350, 44 + rng.uniform(-8, 12), angle_deg=rng.uniform(-2.5, 2.5))
    surgeon, other = job.doctors[0], job.doctors[1]
    y = 150.0
    for word, value in (
        ("SURGEON", surgeon.fact()),
        ("ASSISTANT", other.fact()),
        ("ANAESTHESIA", "General, Dr. " + job.doctors[2].name),
    ):
        sheet.row(54, y, [word + " . .", value])
        y += 17
    y = sheet.paragraph(54, y + 14, 500, _opening(job), leading=1.55) + 10
    diagnosis = rng.choice(DIAGNOSES)[0]
    texts = (
        f"Preoperative diagnosis was {diagnosis.lower()}, and the postoperative diagnosis is the same. "
        f"{rng.choice(PROCEDURES)} was carried out.",
        "Under satisfactory anaesthesia the field was prepared and draped in the usual manner. The incision was "
        "carried down through skin and subcutaneous tissue, bleeders being clamped and tied. The wound was closed in "
        f"layers. Blood loss was about {rng.randint(2, 40) * 10} cc. Sponge and needle counts were correct twice.",
        sentences(rng, 2),
    )
    for text in texts:
        y = sheet.paragraph(54, y, 500, [text], leading=1.55, indent=36) + 6
    signature(sheet, 330, y + 40, rng)
    sheet.text(330, y + 60, surgeon.fact())
    initials = "".join(part[0] for part in surgeon.name.split())
    sheet.text(
        54,
        y + 84,
        f"{initials}:{rng.choice('bcdfg')}{rng.choice('lmnrt')}    d. and t. {job.house.date(job.printed_date)}",
        size=10,
    )
    return [sheet]


def _opening(job: Job) -> list[Piece]:
    """The sentence that says who was operated on."""
    rng, who, noun = job.rng, job.patient, job.person_noun()
    gentle = {"man": "gentleman", "woman": "lady"}.get(noun, noun)
    name, day = who.name("first_last"), born(who, rng.choice(("%B %d, %Y", "%m/%d/%Y")))
    number = None if job.sticker else who.mrn()
    pieces: list[Piece] = [rng.choice(("This is to record that", "The patient,")), name]
    pieces += [f", a {job.age()} {gentle}"]
    pieces += ([rng.choice((", whose birthday is", "born on", ", born"))] if day else []) + ([day] if day else [])
    if number and rng.random() < 0.4:
        pieces += [rng.choice((", hospital chart", ", history number")), number]
    return [*pieces, f", was brought to the operating room on {job.house.long_date(job.service_date)}."]


def _plate(who: Identity, job: Job) -> Sheet:
    """The imprint of an embossed card: raised letters, no labels, ink that took unevenly."""
    plate = Sheet(212, 78, face="late_embossed", size=10.5)
    plate.box(1, 1, 211, 77, width=0.8, outline=_PLATE_INK)
    plate.text(10, 20, plain_name(who), colour=_PLATE_INK, max_width=192)
    end = plate.text(10, 37, who.mrn(), colour=_PLATE_INK)
    plate.text(
        max(end + 16, 96), 37, born(who, "%m-%d-%y" if job.rng.random() < 0.3 else "%m-%d-%Y"), colour=_PLATE_INK
    )
    plate.text(188, 37, who.sex(), colour=_PLATE_INK)
    street = who.street()
    plate.text(10, 53, street and street.raw.upper(), colour=_PLATE_INK, size=9, max_width=192)
    doctor = job.doctors[0].name.upper().replace(".", "").split()
    plate.text(10, 68, f"DR {doctor[-1]} {doctor[0][0]}", colour=_PLATE_INK, size=9)
    return plate
