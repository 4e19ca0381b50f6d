"""Six more layouts, and their type faces, drawn after those of `late` had been looked at: reported apart as they are.

They follow papers that exist (a school's physical, a British clinic's letter, an electrocardiograph's printout, a
vaccine record, a pathology report, Medicare's plan of care). `--layouts later` draws them.
"""

from __future__ import annotations

from ..layouts import Layout
from . import clinic_letter, ekg_tracing, pathology_report, plan_of_care, school_physical, vaccine_record

_PERSON = frozenset({"name", "birth_date", "mrn", "sex"})
_SCANNED = ("pdf", "pdf", "tiff", "jpeg", "png")

LATER_LAYOUTS: dict[str, Layout] = {
    "later_school_physical": Layout(
        draw=school_physical.draw,
        type="intake_form",
        shows=_PERSON | {"address", "phone"},
        faces=("later_lato", "later_cantarell"),
        carriers=(*_SCANNED, "fax"),
    ),
    "later_clinic_letter": Layout(
        draw=clinic_letter.draw,
        type="correspondence",
        shows=_PERSON | {"address"},
        faces=("later_garamond", "later_old_standard", "later_lato"),
        carriers=(*_SCANNED, "fax"),
    ),
    "later_ekg_tracing": Layout(
        draw=ekg_tracing.draw,
        type="ekg",
        shows=_PERSON,
        faces=("later_hack", "later_lato"),
        carriers=("pdf", "pdf", "tiff", "jpeg"),
        sideways=True,
    ),
    "later_vaccine_record": Layout(
        draw=vaccine_record.draw,
        type="other",
        shows=_PERSON | {"address", "phone"},
        faces=("later_cantarell", "later_lato", "later_old_standard"),
        carriers=_SCANNED,
    ),
    "later_pathology_report": Layout(
        draw=pathology_report.draw,
        type="pathology_report",
        shows=_PERSON | {"account_number"},
        faces=("later_cantarell", "later_hack", "later_garamond"),
        carriers=(*_SCANNED, "fax"),
    ),
    "later_plan_of_care": Layout(
        draw=plan_of_care.draw,
        type="order",
        shows=_PERSON | {"address", "phone"},
        faces=("later_lato", "later_hack"),
        carriers=_SCANNED,
    ),
}
WITH_RELATIVE = ("later_school_physical", "later_vaccine_record")
