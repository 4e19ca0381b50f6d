"""Six layouts, and their type faces, drawn when the unseen ones were unseen no longer: again nobody's rules saw them.

Whoever drew them read neither the program's rules nor its lists of labels, and did not let it read them. They are
papers as states, ambulances, dialysis units, record offices, sleep laboratories and eye clinics have them, and no
part of the usual draw; `--layouts latest` draws them. Once the rules have been fitted to them another set is due.
"""

from __future__ import annotations

from ..layouts import Layout
from . import ambulance, dialysis, eye_card, polst, release, sleep_study

_PERSON = frozenset({"name", "birth_date", "mrn", "sex"})
_SCANNED = ("pdf", "pdf", "tiff", "jpeg", "png")

LATEST_LAYOUTS: dict[str, Layout] = {
    "latest_polst": Layout(
        draw=polst.draw,
        type="order",
        shows=_PERSON | {"phone", "address", "ssn_last4"},
        faces=("latest_grotesque", "latest_gill"),
        carriers=(*_SCANNED, "fax", "fax"),
        sticker=True,
    ),
    "latest_ambulance": Layout(
        draw=ambulance.draw,
        type="emergency_note",
        shows=_PERSON | {"phone", "address"},
        faces=("latest_narrow", "latest_condensed"),
        carriers=(*_SCANNED, "fax"),
        sticker=True,
    ),
    "latest_dialysis": Layout(
        draw=dialysis.draw,
        type="progress_note",
        shows=_PERSON | {"account_number"},
        faces=("latest_go", "latest_condensed", "latest_gill"),
        carriers=("pdf", "pdf", "tiff", "jpeg"),
        sticker=True,
        sideways=True,
    ),
    "latest_release": Layout(
        draw=release.draw,
        type="authorization",
        shows=frozenset({"name", "birth_date", "mrn", "phone", "address", "ssn_last4"}),
        faces=("latest_century", "latest_bookman", "latest_grotesque"),
        outside=0.2,
        carriers=("fax", "fax", "fax", "pdf", "tiff"),
    ),
    "latest_sleep_study": Layout(
        draw=sleep_study.draw,
        type="other",
        shows=_PERSON,
        faces=("latest_go", "latest_roboto", "latest_bookman"),
        outside=0.25,
        carriers=_SCANNED,
    ),
    "latest_eye_card": Layout(
        draw=eye_card.draw,
        type="progress_note",
        shows=_PERSON | {"phone", "address"},
        faces=("latest_gill", "latest_century"),
        carriers=_SCANNED,
    ),
}

WITH_RELATIVE = ("latest_polst", "latest_ambulance", "latest_eye_card")
