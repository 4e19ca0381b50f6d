"""`ingest separators`: our own sheets as PDF, to be laid between documents or before a patient's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from PIL import Image

from ingest.cli.site import Home, open_site
from ingest.cli.terminal import need
from ingest.errors import NotFound, WrongUse
from ingest.evidence.doctypes import DocType
from ingest.evidence.separators import COVER_WORD, OWN_CODE, OWN_WORDS, cover_code
from ingest.filing.sheets import draw_separator, pdf_of
from ingest.review import Desk, Right
from ingest.running.desks import desk_of
from ingest.running.runner import utc_now
from ingest.running.site import Site

_HINT = "Lay this sheet before each document, any way up. It is not filed."
_COVER_HINT = "Lay this sheet before one document of this patient. It is not filed."


def separators(
    count: Annotated[int, typer.Option("--count", min=1, max=500, help="How many sheets (for each patient).")] = 1,
    mrn: Annotated[
        list[str] | None, typer.Option("--mrn", metavar="M", help="Cover sheets for this patient; may be repeated.")
    ] = None,
    kind: Annotated[
        DocType | None, typer.Option("--type", metavar="TYPE", help="What the covered document is.", show_choices=False)
    ] = None,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The PDF to write.")] = Path("separators.pdf"),
    home: Home = None,
) -> None:
    """Print sheets as a PDF: separators to lay between documents, or with --mrn cover sheets that name the patient.

    A cover sheet says whose the paper behind it is, up to the next sheet; never against what the paper itself says.
    """
    if not mrn:
        if kind is not None:
            msg = "a type stands on cover sheets only: add --mrn"
            raise WrongUse(msg)
        sheets = [draw_separator(OWN_CODE, OWN_WORDS, _HINT)] * count
    else:
        with open_site(home) as site:
            clerk = need(site, Right.LOOK)
            seat = desk_of(site, clerk)
            sheets = [sheet for number in mrn for sheet in [_cover(site, seat, number, kind)] * count]
            site.ledger.note(
                action="covers.printed",
                actor=clerk.user,
                subject="patients",
                details={"mrns": " ".join(mrn)},
                now=utc_now(),
            )
    try:
        out.write_bytes(pdf_of(sheets))
    except OSError as error:
        msg = f"{out} cannot be written ({error.strerror})"
        raise WrongUse(msg) from None
    typer.echo(f"{len(sheets)} sheet{'' if len(sheets) == 1 else 's'}: {out}")


def _cover(site: Site, seat: Desk, mrn: str, kind: DocType | None) -> Image.Image:
    patient = site.ledger.patient(mrn)
    if patient is None or not seat.may_see(mrn):
        msg = "no patient has this MRN: look with `ingest patients search`"
        raise NotFound(msg)
    given = " ".join(filter(None, (patient.first_name, patient.middle_name)))
    words = [
        COVER_WORD,
        f"Patient: {patient.last_name}, {given}".upper().replace("PATIENT", "Patient", 1),
        f"DOB: {patient.birth_date.isoformat()}",
        f"MRN: {patient.mrn}",
    ]
    if kind is not None:
        words.append(f"Type: {kind.value.replace('_', ' ')}")
    return draw_separator(cover_code(patient.mrn, kind), words, _COVER_HINT)
