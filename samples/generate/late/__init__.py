"""Six layouts, and their type faces, drawn after the rules of reading were frozen: they are reported apart.

Their labels are worded as a designer of such forms would word them; nothing of the program's own lists was looked
at. They are no part of the usual draw, so that a seed draws the same files as before; `--layouts late` draws them.
"""

from __future__ import annotations

from ..layouts import Layout
from . import anaesthesia, benefit_statement, discharge_medicines, imaging_strip, operative_note, requisition

_PERSON = frozenset({"name", "birth_date", "mrn", "sex"})
_SCANNED = ("pdf", "pdf", "tiff", "jpeg", "png")

LATE_LAYOUTS: dict[str, Layout] = {
    "late_discharge_medicines": Layout(
        draw=discharge_medicines.draw,
        type="discharge_summary",
        shows=_PERSON | {"account_number"},
        faces=("late_open", "late_slab", "late_grotesque"),
        carriers=_SCANNED,
    ),
    "late_anaesthesia": Layout(
        draw=anaesthesia.draw,
        type="operative_report",
        shows=_PERSON,
        faces=("late_grotesque", "late_open"),
        carriers=("pdf", "pdf", "tiff", "jpeg"),
        sideways=True,
    ),
    "late_operative_note": Layout(
        draw=operative_note.draw,
        type="operative_report",
        shows=_PERSON | {"address"},
        faces=("late_golf_ball",),
        carriers=(*_SCANNED, "fax"),
        sticker=True,
    ),
    "late_benefit_statement": Layout(
        draw=benefit_statement.draw,
        type="other",
        shows=_PERSON | {"account_number", "address"},
        faces=("late_slab", "late_old_style", "late_open"),
        carriers=_SCANNED,
    ),
    "late_requisition": Layout(
        draw=requisition.draw,
        type="order",
        shows=_PERSON | {"phone", "address"},
        faces=("late_open", "late_grotesque"),
        carriers=(*_SCANNED, "fax"),
    ),
    "late_imaging_strip": Layout(
        draw=imaging_strip.draw,
        type="radiology_report",
        shows=_PERSON,
        faces=("late_old_style", "late_open", "late_printer"),
        carriers=("pdf", "pdf", "tiff"),
    ),
}

WITH_RELATIVE = ("late_benefit_statement",)
