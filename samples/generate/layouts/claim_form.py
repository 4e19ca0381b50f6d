"""A health insurance claim: numbered boxes, an insured who is often somebody else than the patient."""

from __future__ import annotations

from dataclasses import replace

from ..clinical import DIAGNOSES, PAYERS
from ..job import Job
from ..pieces import signature, stacked
from ..sheet import Piece, Sheet

RED = (190, 60, 50)


def draw(job: Job) -> list[Sheet]:
    """One page in the manner of the national claim form; typed values sit low in their boxes."""
    sheet = Sheet(face="sans", size=9)
    rng, who, house = job.rng, job.patient, job.house
    insured = replace(job.relative, role="insured")
    typed = {"face": rng.choice(("mono", "courier", "typewriter")), "size": 10}
    sheet.text(36, 44, "HEALTH INSURANCE CLAIM FORM", bold=True, size=14, colour=RED)
    sheet.text(576, 40, rng.choice(PAYERS).upper(), align="right", face=str(typed["face"]))
    sheet.text(
        576,
        52,
        f"PO BOX {job.number(4)}  {job.facility.town}",
        align="right",
        size=8,
        face=str(typed["face"]),
    )
    born, sex = who.birth_date(), who.person.sex
    rows: list[list[tuple[str, Piece, float]]] = [
        [
            ("1. TYPE OF COVERAGE   MEDICARE  [ ]   MEDICAID [ ]   GROUP [X]   OTHER [ ]", "", 340),
            ("1a. INSURED'S I.D. NUMBER", f"{rng.choice('XYZW')}{job.number(9)}", 200),
        ],
        [
            (
                "2. PATIENT'S NAME (Last Name, First Name, Middle Initial)",
                who.name("last_first", upper=True, middle="initial"),
                220,
            ),
            (
                "3. PATIENT'S BIRTH DATE      SEX",
                f"{'':18}{'M [X]  F [ ]' if sex == 'M' else 'M [ ]  F [X]'}",
                120 + 20,
            ),
            (
                "4. INSURED'S NAME (Last Name, First Name, Middle Initial)",
                insured.name("last_first", upper=True, middle="initial"),
                180,
            ),
        ],
        [
            ("5. PATIENT'S ADDRESS (No., Street)", who.street(), 220),
            ("6. PATIENT RELATIONSHIP TO INSURED", _relationship(job), 140),
            ("7. INSURED'S ADDRESS (No., Street)", insured.street(), 180),
        ],
        [
            ("CITY, STATE, ZIP CODE", who.town(), 220),
            ("TELEPHONE", who.phone(), 140),
            ("CITY, STATE, ZIP CODE", insured.town(), 180),
        ],
        [
            ("9. OTHER INSURED'S NAME", "NONE", 220),
            ("10. CONDITION RELATED TO: EMPLOYMENT?", "YES [ ]  NO [X]", 140),
            ("11. INSURED'S POLICY GROUP OR FECA NUMBER", job.number(7), 180),
        ],
        [
            ("a. OTHER INSURED'S POLICY NUMBER", "", 220),
            ("b. AUTO ACCIDENT?", "YES [ ]  NO [X]", 140),
            ("a. INSURED'S DATE OF BIRTH", insured.birth_date(), 180),
        ],
        [
            (
                "12. PATIENT'S OR AUTHORIZED PERSON'S SIGNATURE      DATE",
                f"SIGNATURE ON FILE      {house.date(job.service_date)}",
                360,
            ),
            ("13. INSURED'S SIGNATURE", "SIGNATURE ON FILE", 180),
        ],
        [
            ("14. DATE OF CURRENT ILLNESS", house.date(job.service_date), 180),
            ("17. NAME OF REFERRING PROVIDER", job.doctors[1].fact(), 200),
            ("17b. NPI", job.doctors[1].npi, 160),
        ],
        [
            (
                "21. DIAGNOSIS OR NATURE OF ILLNESS OR INJURY",
                "   ".join(rng.choice(DIAGNOSES)[1] for _ in range(3)),
                360,
            ),
            ("23. PRIOR AUTHORIZATION NUMBER", job.number(9), 180),
        ],
    ]
    y = 66.0
    for number, row in enumerate(rows):
        x = 36.0
        for label, value, width in row:
            stacked(sheet, x, y, width, 30, label, value, **typed)  # type: ignore[arg-type]
            x += width
        if number == 1:
            sheet.text(36 + 220 + 6, y + 26, born, face=str(typed["face"]), size=9.5, max_width=72)
        y += 30
    y = _services(sheet, job, y + 6, str(typed["face"]))
    last = [
        ("25. FEDERAL TAX I.D. NUMBER", f"34-{job.number(7)}", 150),
        ("26. PATIENT'S ACCOUNT NO.", who.account() or (who.mrn() and None), 140),
        ("28. TOTAL CHARGE", f"$ {rng.randint(120, 4800)}.00", 120),
        ("29. AMOUNT PAID", "$ 0.00", 130),
    ]
    _row(sheet, last, y, typed)
    billing = [
        ("31. SIGNATURE OF PHYSICIAN OR SUPPLIER", job.doctors[0].fact(), 180),
        ("32. SERVICE FACILITY LOCATION", job.facility.name.upper(), 180),
        ("33. BILLING PROVIDER INFO & PH #", house.phone(job.facility.phone), 180),
    ]
    _row(sheet, billing, y + 30, typed)
    _row(
        sheet,
        [
            ("MED REC NO. (optional)", who.mrn(), 180),
            ("a. NPI", job.doctors[0].npi, 180),
            ("b. GRP", job.number(10), 180),
        ],
        y + 60,
        typed,
    )
    signature(sheet, 80, y + 50, rng, width=60)
    sheet.text(
        36,
        760,
        "NUCC Instruction Manual available at: the committee's site   PLEASE PRINT OR TYPE   APPROVED OMB-0938",
        size=6.5,
        colour=RED,
    )
    return [sheet]


def _relationship(job: Job) -> str:
    relation = job.relation()
    return "SELF[ ] SPOUSE[{}] CHILD[{}] OTHER[{}]".format(
        *("X" if r == relation else " " for r in ("Spouse", "Parent", "Friend"))
    )


def _row(sheet: Sheet, row: list[tuple[str, Piece, float]], y: float, typed: dict[str, object]) -> None:
    x = 36.0
    for label, value, width in row:
        stacked(sheet, x, y, width, 30, label, value, **typed)  # type: ignore[arg-type]
        x += width


def _services(sheet: Sheet, job: Job, y: float, face: str) -> float:
    rng = job.rng
    sheet.text(
        36,
        y + 8,
        "24. A. DATE(S) OF SERVICE    B. PLACE    D. PROCEDURES (CPT/HCPCS)    E. DIAG    "
        "F. $ CHARGES    G. UNITS    J. RENDERING PROVIDER",
        size=6.5,
    )
    y += 12
    for line in range(6):
        sheet.box(36, y, 576, y + 22, width=0.5)
        if line < rng.randint(1, 4):
            day = job.service_date.strftime("%m %d %y")
            text = (
                f"{day}  {day}   {rng.choice(('11', '21', '22'))}   {rng.randint(10000, 99499)}    "
                f"A    {rng.randint(40, 900)} 00   1   {job.doctors[0].npi}"
            )
            sheet.text(42, y + 16, text, face=face, size=10)
        y += 22
    return y
