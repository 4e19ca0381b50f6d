"""A copy of an insurance card and a driver's licence, laid on the glass together."""

from __future__ import annotations

from datetime import timedelta

from ..clinical import PAYERS
from ..job import Job
from ..pieces import code128, handwritten
from ..sheet import Piece, Sheet


def draw(job: Job) -> list[Sheet]:
    """One page: two cards a little askew, and what the clerk wrote beside them."""
    rng, who, labels = job.rng, job.patient, job.labels
    sheet = Sheet(face="sans", size=10)
    sheet.stick(_insurance(job), 90 + rng.uniform(-20, 20), 90 + rng.uniform(-10, 20), angle_deg=rng.uniform(-3, 3))
    sheet.stick(_licence(job), 100 + rng.uniform(-20, 30), 330 + rng.uniform(-10, 20), angle_deg=rng.uniform(-3, 3))
    hand = rng.choice(("hand_print", "hand_round", "hand_pen", "hand_caps"))
    if who.mrn():
        handwritten(sheet, 90, 640, f"{rng.choice(('MRN', 'MR#', 'Chart #'))}:", rng, face=hand, size=18)
        handwritten(sheet, 170, 640, who.mrn(), rng, face=hand, size=18)
        handwritten(
            sheet,
            90,
            670,
            f"copied {job.house.date(job.service_date)} {rng.choice(('ks', 'tm', 'jb'))}",
            rng,
            face=hand,
            size=16,
        )
    sheet.text(44, 764, f"{job.facility.name}   {labels.phone}: {job.house.phone(job.facility.phone)}", size=7.5)
    return [sheet]


def _insurance(job: Job) -> Sheet:
    rng, who = job.rng, job.patient
    card = Sheet(340, 210, face=rng.choice(("sans", "humanist", "dejavu")), size=10.5, paper=(236, 241, 246))
    card.box(1, 1, 339, 209, width=1, outline=(120, 130, 140))
    card.box(1, 1, 339, 38, fill=(52, 92, 130), outline=None)
    card.text(14, 26, rng.choice(PAYERS), size=16, bold=True, colour=(255, 255, 255))
    member = f"{rng.choice('XWZ')}{rng.choice('KLM')}{job.number(8)} {rng.randint(1, 4):02}"
    rows: list[tuple[str, Piece]] = [
        ("Member Name", who.name("first_last", upper=True)),
        ("Member ID", member),
        ("Group", job.number(6)),
        ("RxBIN", job.number(6)),
    ]
    if rng.random() < 0.5:
        rows.insert(1, ("Subscriber", job.relative.name("first_last", upper=True)))
    y = 60.0
    for label, value in rows:
        card.text(14, y, label, size=8)
        card.text(96, y, value, bold=True, max_width=230)
        y += 19
    card.text(
        14,
        178,
        f"Office $25   Specialist $50   ER $250     Eff: {job.house.date(job.service_date.replace(month=1, day=1))}",
        size=8,
    )
    card.text(14, 196, f"Customer Service {job.house.phone('800-555-' + job.number(4))}", size=8)
    return card


def _licence(job: Job) -> Sheet:
    rng, who, house = job.rng, job.patient, job.house
    person = who.person
    card = Sheet(340, 214, face="sans", size=9.5, paper=(240, 238, 228))
    card.box(1, 1, 339, 213, width=1, outline=(120, 130, 140))
    card.text(14, 26, person.state or "OHIO", size=18, bold=True, colour=(60, 60, 130))
    card.text(
        330,
        24,
        "DRIVER LICENSE" if person.age_on(job.service_date) > 16 else "IDENTIFICATION CARD",
        size=11,
        bold=True,
        align="right",
        colour=(60, 60, 130),
    )
    card.box(14, 40, 104, 150, fill=(176, 170, 160))
    card.pen.ellipse([v * card.scale for v in (38, 54, 80, 104)], fill=(120, 110, 100))
    card.pen.ellipse([v * card.scale for v in (26, 106, 92, 176)], fill=(120, 110, 100))
    card.box(14, 150, 104, 176, fill=(240, 238, 228), outline=None)
    issued = max(job.service_date - timedelta(days=rng.randint(100, 1200)), person.birth_date + timedelta(days=14))
    given = " ".join(p for p in (person.first_name, person.middle_name[:1]) if p)
    name = who.name("last_first", upper=True)
    y = 56.0
    for label, value in (
        ("DLN", f"{rng.choice('RSTU')}{rng.choice('ABJKV')}{job.number(6)}"),
        ("NAME", name),
        ("DOB", who.birth_date()),
        ("ISS", house.date(issued)),
        ("EXP", house.date(issued.replace(year=issued.year + 4, day=min(28, issued.day)))),
        ("SEX", who.sex()),
        ("ADDR", who.street()),
        ("", who.town()),
    ):
        card.text(112, y, label, size=7, colour=(90, 60, 60))
        card.text(140, y, value, bold=label in ("NAME", "DOB"), max_width=190)
        y += 15
    if given:
        card.picture(code128(job.number(10)), 120, 176, 200, 26)
    return card
