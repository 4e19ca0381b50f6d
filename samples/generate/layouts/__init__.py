"""The layouts: each draws one document for a job, unlike the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..job import Job
from ..sheet import Sheet
from . import (
    claim_form,
    consent,
    discharge_summary,
    face_sheet,
    id_card,
    intake_form,
    invoice,
    lab_report,
    medication_record,
    newborn,
    nursing_note,
    order_form,
    radiology,
    referral,
    typed_note,
)

ALL_FACES = ("sans", "serif", "humanist", "dejavu", "book", "narrow")
FIXED_PITCH = ("mono", "courier", "terminal", "mono")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How to draw it, the document type's key, and what is usual for it.

    `shows` are the identifiers that it usually carries; `scanners` the containers that it usually
    arrives in; `faces` its type faces; a `sideways` one is wider than high and often fed on its side.
    """

    draw: Callable[[Job], list[Sheet]]
    type: str
    shows: frozenset[str]
    faces: tuple[str, ...] = ALL_FACES
    outside: float = 0.0
    carriers: tuple[str, ...] = ("pdf", "pdf", "pdf", "tiff", "jpeg", "png")
    sticker: bool = False
    sideways: bool = False
    weight: float = 1.0


def _shows(*fields: str) -> frozenset[str]:
    return frozenset({"name", *fields})


_USUAL = ("birth_date", "mrn", "sex")

LAYOUTS: dict[str, Layout] = {
    "face_sheet": Layout(
        draw=face_sheet.draw,
        type="face_sheet",
        shows=_shows(*_USUAL, "account_number", "phone", "address", "ssn_last4"),
        weight=1.4,
    ),
    "lab_report": Layout(
        draw=lab_report.draw,
        type="lab_report",
        shows=_shows(*_USUAL, "account_number", "phone"),
        outside=0.25,
        weight=1.4,
    ),
    "discharge_summary": Layout(
        draw=discharge_summary.draw, type="discharge_summary", shows=_shows(*_USUAL, "account_number")
    ),
    "consent": Layout(draw=consent.draw, type="consent", shows=_shows(*_USUAL, "account_number"), sticker=True),
    "referral": Layout(
        draw=referral.draw,
        type="referral",
        shows=_shows("birth_date", "address"),
        faces=("serif", "book", "sans", "courier"),
        outside=1.0,
        carriers=("fax", "fax", "fax", "pdf"),
    ),
    "radiology": Layout(
        draw=radiology.draw,
        type="radiology_report",
        shows=_shows(*_USUAL, "account_number"),
        faces=FIXED_PITCH,
        outside=0.15,
    ),
    "intake_form": Layout(
        draw=intake_form.draw,
        type="intake_form",
        shows=_shows("birth_date", "mrn", "sex", "phone", "address", "ssn_last4"),
        outside=0.3,
    ),
    "claim_form": Layout(
        draw=claim_form.draw, type="claim_form", shows=_shows(*_USUAL, "account_number", "phone", "address")
    ),
    "typed_note": Layout(draw=typed_note.draw, type="progress_note", shows=_shows(*_USUAL)),
    "id_card": Layout(
        draw=id_card.draw,
        type="insurance_card",
        shows=_shows("birth_date", "sex", "address", "mrn"),
        carriers=("pdf", "jpeg", "png"),
    ),
    "invoice": Layout(draw=invoice.draw, type="other", shows=_shows(), weight=0.0),
    "nursing_note": Layout(draw=nursing_note.draw, type="emergency_note", shows=_shows(*_USUAL, "account_number")),
    "newborn": Layout(
        draw=newborn.draw,
        type="newborn_record",
        shows=_shows(*_USUAL, "account_number", "phone", "address"),
        weight=0.0,
    ),
    "medication_record": Layout(
        draw=medication_record.draw,
        type="medication_record",
        shows=_shows(*_USUAL, "account_number"),
        sticker=True,
        weight=0.8,
    ),
    "order_form": Layout(draw=order_form.draw, type="order", shows=_shows(*_USUAL, "account_number")),
}
