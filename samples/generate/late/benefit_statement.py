"""An insurer's statement of benefits: a letter to the subscriber, about a claim for somebody of the family."""

from __future__ import annotations

from dataclasses import replace

from ..clinical import PAYERS
from ..job import Job
from ..sheet import Sheet
from .parts import born

_SERVICES = (
    "Office visit, established",
    "Radiology, two views",
    "Blood count, complete",
    "Emergency care",
    "Room and board",
)


def draw(job: Job) -> list[Sheet]:
    """One page."""
    sheet, rng, who = Sheet(face=job.face, size=9.5), job.rng, job.patient
    grown = who.person.age_on(job.service_date) >= 18
    subscriber = replace(who if grown and rng.random() < 0.6 else job.relative, role="insured")
    payer = rng.choice(PAYERS)
    sheet.text(48, 56, payer, size=17, bold=True, colour=(30, 70, 120))
    sheet.text(
        564, 50, rng.choice(("Explanation of Benefits", "Your benefit statement")), size=13, bold=True, align="right"
    )
    sheet.text(564, 64, "THIS IS NOT A BILL", size=9, align="right")
    sheet.text(564, 78, f"Processed {job.house.date(job.printed_date)}", size=8.5, align="right")
    y = 136.0
    for line in (subscriber.name("first_last", upper=True), subscriber.street(), subscriber.town()):
        sheet.text(72, y, line, size=10.5)
        y += 13
    top = 204.0
    sheet.box(48, top, 564, top + 76, fill=(240, 240, 236), outline=None)
    label = rng.choice(("Care received by", "Services for", "Member treated", "Who was treated"))
    left = [
        (label, who.name("first_last")),
        (
            rng.choice(("Birthdate of member treated", "Member's birthdate", "Born")),
            born(who, rng.choice(("%m/%d/%Y", "%b %d, %Y"))),
        ),
        (rng.choice(("Provider's chart no.", "Facility's number for you", "Hospital chart number")), who.mrn()),
        (rng.choice(("Provider's account for you", "Hospital account")), who.account()),
    ]
    right = [
        ("Plan holder", subscriber.name("first_last")),
        ("Relationship", "Self" if subscriber.person == who.person else job.relation()),
        ("Member ID", f"{rng.choice('XYW')}{rng.choice('HJK')}{job.number(9)}"),
        ("Claim", f"{job.service_date:%y%j}-{job.number(7)}"),
    ]
    for x, column, rows in ((58, 128, left), (346, 70, right)):
        y = top + 18
        for word, value in rows:
            if value:
                sheet.text(x, y, word, size=8.5)
                sheet.text(x + column, y, value, bold=True, max_width=562 - x - column if x > 300 else 152)
                y += 16
    sheet.row(48, top + 96, ["Provider:", job.doctors[0].fact(), f" {job.facility.name}"])
    _claims(sheet, job, top + 116)
    sheet.text(48, 560, "What you can do", size=11, bold=True)
    sheet.paragraph(
        48, 576, 516,
        ["If you think that this claim was paid wrongly you may ask us to look at it again within 180 days of the date "
         "above. Keep this statement with your tax papers. If you see services that nobody of your family received, "
         f"call {job.house.phone('800-555-' + job.number(4))}."],
    )  # fmt: skip
    sheet.text(48, 766, f"{payer}  P.O. Box {job.number(4)}  EOB-{job.number(5)}", size=7)
    sheet.text(564, 766, "1 / 1", size=7, align="right")
    return [sheet]


def _claims(sheet: Sheet, job: Job, y: float) -> None:
    rng = job.rng
    columns = (48.0, 120.0, 290.0, 350.0, 420.0, 490.0)
    titles = ("Date", "Service", "Billed", "Plan discount", "Plan paid", "You may owe")
    sheet.box(48, y, 564, y + 18, fill=(30, 70, 120), outline=None)
    for x, title in zip(columns, titles, strict=True):
        sheet.text(x + 3, y + 12, title, size=8, bold=True, colour=(255, 255, 255))
    y += 34
    for service in rng.sample(_SERVICES, 4):
        billed = rng.randint(60, 2400)
        paid = round(billed * rng.uniform(0.4, 0.7))
        cells = (
            job.house.date(job.service_date),
            service,
            *(f"${v}.00" for v in (billed, billed // 5, paid, billed - billed // 5 - paid)),
        )
        for x, text in zip(columns, cells, strict=True):
            sheet.text(x + 3, y, text, size=9, max_width=166)
        sheet.line(48, y + 6, 564, y + 6, width=0.3)
        y += 22
    sheet.text(columns[1] + 3, y, f"Remark {rng.choice('ABN')}{job.number(2)}: paid at the agreed rate.", size=8)
