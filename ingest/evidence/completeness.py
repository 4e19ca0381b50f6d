"""What a document lacks: pages that are not there, a line for the patient's signature with nothing on it.

Promise: pure. A flag is told only where the paper says what should be there; a page whose number cannot be read may
always be the missing one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.evidence.doctypes import DocType
from ingest.evidence.notes import PageNotes
from ingest.model import Flag, FlagKind, SignatureLine

_SIGNED_BY_PATIENTS = (DocType.CONSENT, DocType.ADVANCE_DIRECTIVE, DocType.AUTHORIZATION)
_OTHERS_SIGN = re.compile(
    r"physician|provider|doctor|witness|interpreter|translator|nurse|surgeon|staff|practitioner|notary|clinician|pharm|"
    r"md\b|rn\b|technician|employee|on file",
    re.IGNORECASE,
)


def flags_of(pages: Sequence[PageNotes], kind: DocType | None) -> tuple[Flag, ...]:
    """The flags of the document that these pages are, in order."""
    return (*_missing_pages(pages), *(_unsigned(pages) if kind in _SIGNED_BY_PATIENTS else ()))


def _missing_pages(pages: Sequence[PageNotes]) -> Iterator[Flag]:
    told = [page.looks.number for page in pages]
    totals = {number.total or 0 for number in told if number is not None} - {0}
    if len(totals) != 1:
        return
    (total,) = totals
    seen = {number.number for number in told if number is not None}
    missing = [number for number in range(1, total + 1) if number not in seen]
    if len(missing) <= told.count(None):
        return
    which = ", ".join(map(str, missing[:10])) + (" …" if len(missing) > 10 else "")
    if None in told:
        yield Flag(kind=FlagKind.MISSING_PAGE, detail=f"Of {total} pages {len(pages)} are here.")
    elif len(missing) == 1:
        yield Flag(kind=FlagKind.MISSING_PAGE, detail=f"Page {which} of {total} is missing.")
    else:
        yield Flag(kind=FlagKind.MISSING_PAGE, detail=f"Pages {which} of {total} are missing.")


def _unsigned(pages: Sequence[PageNotes]) -> Iterator[Flag]:
    lines = [(page.page, line) for page in pages for line in page.signatures if _is_patients(line)]
    if lines and not any(line.inked for _, line in lines):
        numbers = sorted({page for page, _ in lines})
        where = f"page {numbers[0]}" if len(numbers) == 1 else f"pages {', '.join(map(str, numbers))}"
        yield Flag(kind=FlagKind.UNSIGNED, detail=f"The line for the patient's signature is empty ({where}).")


def _is_patients(line: SignatureLine) -> bool:
    return _OTHERS_SIGN.search(line.label) is None
