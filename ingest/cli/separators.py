"""`ingest separators`: our own sheets as PDF, to be laid between documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ingest.errors import WrongUse
from ingest.evidence.separators import OWN_CODE, OWN_WORDS
from ingest.filing.sheets import draw_separator, pdf_of

_HINT = "Lay this sheet before each document, any way up. It is not filed."


def separators(
    count: Annotated[int, typer.Option("--count", min=1, max=500, help="How many sheets.")] = 1,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The PDF to write.")] = Path("separators.pdf"),
) -> None:
    """Print separator sheets as a PDF: laid between documents, they tell where one ends and the next begins."""
    pdf = pdf_of([draw_separator(OWN_CODE, OWN_WORDS, _HINT)] * count)
    try:
        out.write_bytes(pdf)
    except OSError as error:
        msg = f"{out} cannot be written ({error.strerror})"
        raise WrongUse(msg) from None
    typer.echo(f"{count} sheet{'' if count == 1 else 's'}: {out}")
