"""The registration face sheet: a grid of boxes, with guarantor, emergency contact and insurance blocks."""

from __future__ import annotations

from dataclasses import replace

from ..clinical import DIAGNOSES, PAYERS
from ..job import Job
from ..pieces import cells, footer, letterhead
from ..sheet import Piece, Sheet


def draw(job: Job) -> list[Sheet]:
    """One page."""
    sheet = Sheet(face=job.face, size=9.5)
    rng, who = job.rng, job.patient
    y = letterhead(
        sheet,
        job,
        title=rng.choice(("FACE SHEET", "PATIENT REGISTRATION", "ADMISSION RECORD", "Registration Summary")),
    )
    hand = {"face": rng.choice((job.face, "mono", "courier", "terminal")), "size": rng.choice((9, 10, 10.5))}
    y = _patient_block(sheet, job, y, hand)
    y = _visit_block(sheet, job, y + 12, hand)
    relative = replace(job.relative, role="emergency_contact")
    y = _other_person(sheet, job, y + 12, "EMERGENCY CONTACT / NEXT OF KIN", relative, job.relation(), hand)
    guarantor = (
        replace(job.relative, role="guarantor")
        if who.person.age_on(job.service_date) < 18 or rng.random() < 0.5
        else replace(who, role="guarantor")
    )
    y = _other_person(
        sheet,
        job,
        y + 12,
        "GUARANTOR",
        guarantor,
        "Self" if guarantor.person == who.person else job.relation(),
        hand,
    )
    y = _insurance_block(sheet, job, y + 12, hand)
    _comments(sheet, job, y + 12)
    sheet.text(
        40,
        735,
        f"Admitting diagnosis: {rng.choice(DIAGNOSES)[0]}     Registrar: "
        f"{rng.choice('ABKLMR')}{rng.choice('SWTD')}{job.number(2)}",
        size=8,
    )
    footer(sheet, job, 1, 1)
    return [sheet]


def _band(sheet: Sheet, y: float, text: str) -> float:
    sheet.box(36, y, 576, y + 13, fill=(222, 225, 230))
    sheet.text(40, y + 10, text, size=8.5, bold=True)
    return y + 13


def _patient_block(sheet: Sheet, job: Job, y: float, hand: dict[str, object]) -> float:
    who, labels = job.patient, job.labels
    split = job.rng.random() < 0.25  # the name in boxes of its own
    y = _band(sheet, y, "PATIENT INFORMATION")
    name: list[tuple[str, Piece, float]] = [(labels.name, who.name("last_first"), 290)]
    numbers: list[tuple[str, Piece, float]] = [
        (labels.mrn, who.mrn(), 125),
        (labels.account, who.account(), 125),
    ]
    if split:
        numbers.reverse()
    y = cells(sheet, 36, y, 26, [*name, *numbers], **hand)
    y = cells(
        sheet,
        36,
        y,
        26,
        [
            (labels.birth_date, who.birth_date(), 120),
            ("Age", str(who.person.age_on(job.service_date)), 50),
            (labels.sex, who.sex(long=split), 60),
            (labels.ssn, who.ssn(), 110),
            (
                "Marital Status",
                job.rng.choice("SMDW") if who.person.age_on(job.service_date) > 19 else "S",
                80,
            ),
            ("Language", "English", 120),
        ],
        **hand,
    )
    return cells(
        sheet,
        36,
        y,
        26,
        [
            ("Street Address", who.street(), 220),
            ("City, State, ZIP", who.town(), 190),
            (labels.phone, who.phone(), 130),
        ],
        **hand,
    )


def _visit_block(sheet: Sheet, job: Job, y: float, hand: dict[str, object]) -> float:
    rng, house = job.rng, job.house
    y = _band(sheet, y, "VISIT INFORMATION")
    y = cells(
        sheet,
        36,
        y,
        26,
        [
            ("Admit Date", house.date(job.service_date), 110),
            ("Admit Time", f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}", 70),
            ("Patient Class", rng.choice(("Inpatient", "Outpatient", "Observation", "ER")), 110),
            ("Room/Bed", f"{rng.randint(2, 6)}{rng.randint(0, 39):02}-{rng.choice('AB')}", 80),
            ("Encounter No.", job.number(9), 170),
        ],
        **hand,
    )
    return cells(
        sheet,
        36,
        y,
        26,
        [
            ("Attending Physician", job.doctors[0].inverted(), 220),
            ("Primary Care Physician", job.doctors[1].inverted(), 220),
            ("NPI", job.doctors[0].npi, 100),
        ],
        **hand,
    )


def _other_person(
    sheet: Sheet, job: Job, y: float, title: str, who: object, relation: str, hand: dict[str, object]
) -> float:
    y = _band(sheet, y, title)
    show_birth = title == "GUARANTOR"
    row: list[tuple[str, Piece, float]] = [
        ("Name", who.name("last_first"), 220),
        ("Relationship", relation, 90),
        ("Phone", who.phone(), 120),
    ]  # type: ignore[attr-defined]
    row.append(
        ("Birth Date", who.birth_date(), 110) if show_birth else ("Work Phone", job.house.phone(job.facility.fax), 110)
    )  # type: ignore[attr-defined]
    return cells(sheet, 36, y, 26, row, **hand)


def _comments(sheet: Sheet, job: Job, y: float) -> None:
    rng = job.rng
    y = _band(sheet, y, "ADVANCE DIRECTIVE / NOTICES")
    for number, question in enumerate(
        (
            "Advance directive on file",
            "Privacy notice given",
            "Organ donor",
            "Interpreter needed",
            "Patient portal offered",
            "Consent to treat signed",
        )
    ):
        sheet.checkbox(44 + (number % 2) * 260, y + 16 + (number // 2) * 16, ticked=rng.random() < 0.5, label=question)
    sheet.text(
        40,
        y + 74,
        f"Last visit {job.house.date(job.year_before)}   Referring: {job.doctors[2].name}   "
        f"Arrival: {rng.choice(('Ambulatory', 'Wheelchair', 'Ambulance'))}",
        size=8.5,
    )


def _insurance_block(sheet: Sheet, job: Job, y: float, hand: dict[str, object]) -> float:
    rng = job.rng
    insured = replace(job.relative, role="insured") if rng.random() < 0.5 else replace(job.patient, role="insured")
    y = _band(sheet, y, "INSURANCE")
    y = cells(
        sheet,
        36,
        y,
        26,
        [
            ("Primary Payer", rng.choice(PAYERS), 180),
            ("Policy / Member ID", f"{rng.choice('XWKQ')}{job.number(9)}", 130),
            ("Group No.", job.number(6), 80),
            ("Eff. Date", job.house.date(job.service_date.replace(month=1, day=1)), 150),
        ],
        **hand,
    )
    return cells(
        sheet,
        36,
        y,
        26,
        [
            ("Insured's Name", insured.name("last_first"), 260),
            ("Insured DOB", insured.birth_date(), 130),
            ("Auth. No.", job.number(8), 150),
        ],
        **hand,
    )
