"""Six layouts, and their type faces, drawn after the late ones had been learned from: again nobody's rules saw them.

Whoever drew them read neither the program's rules nor its lists of labels, and did not let it read them. They are
papers as clinics, carts, agencies, plans and schools print them, and no part of the usual draw; `--layouts unseen`
draws them. Once the rules have been fitted to them they are unseen no longer.
"""

from __future__ import annotations

from ..layouts import Layout
from . import clinic_letter, ekg, pathology, plan_of_care, prior_authorization, school_physical

_PERSON = frozenset({"name", "birth_date", "mrn", "sex"})
_SCANNED = ("pdf", "pdf", "tiff", "jpeg", "png")

UNSEEN_LAYOUTS: dict[str, Layout] = {
    "unseen_clinic_letter": Layout(
        draw=clinic_letter.draw,
        type="correspondence",
        shows=frozenset({"name", "birth_date", "mrn", "address"}),
        faces=("unseen_cantarell", "unseen_libertine", "unseen_lato"),
        carriers=_SCANNED,
    ),
    "unseen_school_physical": Layout(
        draw=school_physical.draw,
        type="intake_form",
        shows=_PERSON | {"phone", "address"},
        faces=("unseen_andika", "unseen_cabin"),
        carriers=(*_SCANNED, "fax"),
        sticker=True,
    ),
    "unseen_plan_of_care": Layout(
        draw=plan_of_care.draw,
        type="order",
        shows=_PERSON | {"phone", "address"},
        faces=("unseen_biolinum", "unseen_lato"),
        carriers=(*_SCANNED, "fax", "fax"),
    ),
    "unseen_ekg": Layout(
        draw=ekg.draw,
        type="ekg",
        shows=_PERSON | {"account_number"},
        faces=("unseen_device", "unseen_console", "unseen_lato"),
        carriers=("pdf", "pdf", "tiff", "jpeg"),
        sticker=True,
        sideways=True,
    ),
    "unseen_pathology": Layout(
        draw=pathology.draw,
        type="pathology_report",
        shows=_PERSON | {"account_number"},
        faces=("unseen_libertine", "unseen_biolinum", "unseen_printer"),
        outside=0.15,
        carriers=_SCANNED,
    ),
    "unseen_prior_authorization": Layout(
        draw=prior_authorization.draw,
        type="authorization",
        shows=_PERSON | {"phone", "address"},
        faces=("unseen_cabin", "unseen_lato", "unseen_cantarell"),
        outside=0.25,
        carriers=("fax", "fax", "fax", "pdf", "tiff"),
    ),
}

WITH_RELATIVE = ("unseen_school_physical", "unseen_prior_authorization")
