"""Emergency and nursing notes in prose: the identity is inside sentences."""

from __future__ import annotations

from ..clinical import COMPLAINTS, MEDICATIONS, sentences
from ..job import Job
from ..names import without_accents
from ..pieces import beside, footer, letterhead, signed_by
from ..sheet import Piece, Sheet


def draw(job: Job) -> list[Sheet]:
    """One page: a slim heading with the number, and the rest told."""
    sheet = Sheet(face=job.face, size=10.5)
    rng, who, house = job.rng, job.patient, job.house
    kind = rng.choice(("EMERGENCY DEPARTMENT NOTE", "NURSING NARRATIVE", "ED TRIAGE AND PHYSICIAN NOTE"))
    y = letterhead(sheet, job, title=kind)
    arrival = f"{rng.randint(0, 23):02}{rng.randint(0, 59):02}"
    at = beside(sheet, 44, y, "Arrival:", f"{house.date(job.service_date)} {arrival}", size=9)
    at = beside(sheet, at + 18, y, job.labels.of(job.labels.mrn), who.mrn(), size=9)
    at = beside(sheet, at + 18, y, job.labels.of(job.labels.account), who.account(), size=9)
    beside(sheet, at + 18, y, "Bed:", f"{rng.choice(('T', 'R', 'H'))}{rng.randint(1, 24)}", size=9)
    woman = who.person.sex == "F"
    noun = job.person_noun()
    pronoun = "She" if woman else "He"
    born = who.birth_date("long")
    opening: list[Piece] = [
        who.name("first_last", upper=False),
        "is a" if rng.random() < 0.5 else "This",
        f"{job.age()} {noun}",
    ]
    opening = [opening[0], "is a", opening[2]] if opening[1] == "is a" else ["This", opening[2] + ",", opening[0]]
    opening += [
        ", born" if born else None,
        born,
        ", arrived by "
        f"{rng.choice(('ambulance', 'private vehicle', 'wheelchair from triage'))} "
        f"complaining of {rng.choice(COMPLAINTS)}.",
    ]
    relation = {
        "Parent": ("mother", "father"),
        "Child": ("daughter", "son"),
        "Spouse": ("wife", "husband"),
    }.get(job.relation(), ("friend", "neighbor"))[job.relative.person.sex != "F"]
    relative = job.relative.name("first_last", upper=False)
    story: list[list[Piece]] = [
        opening,
        [
            f"{pronoun} is accompanied by {'her' if woman else 'his'} {relation},",
            relative,
            ", who gives part of the history.",
            sentences(rng, 1),
        ],
        [
            f"{pronoun} takes {', '.join(rng.sample(MEDICATIONS, 2))}. No known drug allergies. "
            f"Last seen here {house.long_date(job.year_before)} by",
            job.doctors[1].fact(),
            ".",
        ],
        [
            f"At {rng.randint(1, 12)}:{rng.randint(10, 59)} vital signs BP "
            f"{rng.randint(100, 170)}/{rng.randint(60, 95)}, HR {rng.randint(60, 118)}, SpO2 "
            f"{rng.randint(93, 100)}% on room air.",
            sentences(rng, 6),
        ],
        [
            f"Reassessed {rng.randint(30, 90)} minutes later: resting comfortably.",
            sentences(rng, 4),
            f"Report called to {rng.choice('ABCDEJKLMRST')}. "
            f"{without_accents(job.doctors[2].name.split()[-1])}, RN on {rng.randint(2, 6)} "
            "West.",
        ],
    ]
    y += 26
    for paragraph in story:
        y = sheet.paragraph(44, y, 524, paragraph, leading=1.45) + 14
    signed_by(sheet, job, 44, y + 14, electronic=rng.random() < 0.7)
    footer(sheet, job, 1, 1)
    return [sheet]
