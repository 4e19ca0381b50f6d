"""A vendor's invoice that got into the pile: it belongs to nobody, though people are named on it."""

from __future__ import annotations

from datetime import timedelta

from ..job import Job
from ..pieces import footer
from ..sheet import Sheet

GOODS = (
    ("Nitrile exam gloves, M, box of 100", 11.4),
    ("Thermal label roll 4 x 6, 12/cs", 86.0),
    ("Toner cartridge, black", 129.5),
    ("Sharps container 5 qt", 7.85),
    ("Saline flush 10 mL, 100/bx", 41.2),
    ("Service call, autoclave", 310.0),
    ("Copy paper 8.5 x 11", 38.9),
)


def draw(job: Job) -> list[Sheet]:
    """One page: a customer, an account, invoice and due dates, an attention line."""
    sheet = Sheet(face=job.face, size=10)
    rng, house = job.rng, job.house
    vendor = rng.choice(
        ("Meridian Medical Supply Co.", "Allied Office & Imaging, Inc.", "Bluewater Biomedical Service LLC")
    )
    sheet.text(44, 56, vendor, size=18, bold=True)
    sheet.text(
        44,
        70,
        f"{job.number(4)} Industrial Pkwy   Akron, OH 44310   {house.phone(job.facility.fax)}",
        size=8.5,
    )
    sheet.text(568, 60, "INVOICE", size=24, bold=True, align="right", colour=(90, 90, 110))
    sheet.text(44, 112, "BILL TO", bold=True, size=8.5)
    sheet.text(44, 126, job.facility.name)
    sheet.text(44, 139, job.facility.street)
    sheet.text(44, 152, job.facility.town)
    sheet.row(44, 165, ["Attn:", job.relative.name("first_last", upper=False)])
    for row, (label, value) in enumerate(
        (
            ("Invoice No.", job.number(8)),
            ("Invoice Date", house.date(job.service_date)),
            ("Account No.", job.number(8)),
            ("PO Number", f"LV-{job.number(5)}"),
            ("Due Date", house.date(job.service_date + timedelta(days=30))),
        )
    ):
        sheet.text(390, 112 + row * 14, label, bold=True)
        sheet.text(568, 112 + row * 14, value, align="right")
    y, total = 208.0, 0.0
    sheet.box(36, y - 12, 576, y + 4, fill=(225, 225, 230))
    for x, title in ((44, "QTY"), (90, "DESCRIPTION"), (430, "UNIT"), (520, "AMOUNT")):
        sheet.text(x, y, title, bold=True, size=8.5)
    for goods, price in rng.sample(GOODS, rng.randint(3, 6)):
        y += 20
        count = rng.randint(1, 24)
        total += count * price
        sheet.text(44, y, str(count))
        sheet.text(90, y, goods)
        sheet.text(450, y, f"{price:.2f}", align="right")
        sheet.text(568, y, f"{count * price:,.2f}", align="right")
    sheet.line(400, y + 12, 576, y + 12)
    sheet.text(430, y + 28, "TOTAL DUE", bold=True)
    sheet.text(568, y + 28, f"${total:,.2f}", bold=True, align="right")
    sheet.text(
        44,
        y + 70,
        f"Please remit to P.O. Box {job.number(4)}. Questions: {job.doctors[0].name}, "
        f"Accounts Receivable, ext. {job.number(3)}.",
    )
    footer(sheet, job, 1, 1, form="Thank you for your business")
    return [sheet]
