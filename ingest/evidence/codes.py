"""Barcodes that carry the patient's number.

Promise: pure. A code is an MRN only when it agrees with an MRN printed on the page, or when it has the
site's own pattern and stands by words that name the patient. A code that the page prints as an account, visit
or accession number, and every foreign code, never is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.evidence.fields import Labelled
from ingest.evidence.labels import Meaning
from ingest.evidence.layout import Layout
from ingest.evidence.numbers import fits
from ingest.evidence.values import Draft, SiteFacts
from ingest.model import Barcode, Box, Role
from matchers.lookalikes import difference
from matchers.normalise import normalise_identifier, without_leading_zeros
from matchers.patient import Field, Source

_PART = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_NEAR = 5  # line heights between a code and the group it belongs to


def code_drafts(
    layout: Layout, barcodes: Sequence[Barcode], known: Sequence[Draft], pairs: Sequence[Labelled], facts: SiteFacts
) -> Iterator[Draft]:
    """The patient's numbers that the page's barcodes hold."""
    foreign = {normalise_identifier(pair.run.value) for pair in pairs if pair.hit.meaning is Meaning.OTHER_NUMBER}
    for barcode in barcodes:
        parts = dict.fromkeys((barcode.text.strip(), *_PART.findall(barcode.text)))
        for part in parts:
            number = normalise_identifier(part)
            if len(number) < 4 or number in foreign:
                continue
            found = _agreeing(number, part, barcode, known, facts) or _beside(layout, number, barcode, known, facts)
            if found is not None:
                yield found
                break


def _agreeing(number: str, raw: str, barcode: Barcode, known: Sequence[Draft], facts: SiteFacts) -> Draft | None:
    """The code as a second reading of a printed MRN or account number; a zero that the print lost is the code's."""
    for one in known:
        if one.field not in (Field.MRN, Field.ACCOUNT_NUMBER):
            continue
        printed = normalise_identifier(one.value)
        same = without_leading_zeros(printed) == without_leading_zeros(number)
        nearly = len(printed) == len(number) >= 6 and _misread(printed, number)
        if same or nearly:
            whole = len(number) > len(printed) and fits(number, facts.mrn_shapes)
            value = number if whole or (nearly and not same) else printed
            return _draft(one.field, one.role, value, raw, barcode, 0.998 if same else 0.985)
    return None


def _misread(printed: str, number: str) -> bool:
    apart = difference(printed, number)
    return apart.lookalike and apart.edits <= 2


def _beside(layout: Layout, number: str, barcode: Barcode, known: Sequence[Draft], facts: SiteFacts) -> Draft | None:
    """The code of a sticker: of the site's pattern, by the patient's name with a birth date or an MRN."""
    if not fits(number, facts.mrn_shapes):
        return None
    if any(one.field is Field.ACCOUNT_NUMBER and normalise_identifier(one.value) == number for one in known):
        return None
    reach = _NEAR * layout.line_height
    near = {one.field for one in known if one.role is Role.PATIENT and _apart(one.box, barcode.box) < reach}
    if Field.NAME in near and near & {Field.BIRTH_DATE, Field.MRN, Field.SEX}:
        return _draft(Field.MRN, Role.PATIENT, number, number, barcode, 0.97)
    if near & {Field.NAME, Field.BIRTH_DATE} and _printed_near(layout, number, barcode, 2 * reach):
        return _draft(Field.MRN, Role.PATIENT, number, number, barcode, 0.96)
    return None


def _printed_near(layout: Layout, number: str, barcode: Barcode, reach: float) -> bool:
    """Whether the page prints the code's number too, near it."""
    return any(
        normalise_identifier(token.text) == number and _apart(token.box, barcode.box) < reach for token in layout.tokens
    )


def _draft(field: Field, role: Role, value: str, raw: str, barcode: Barcode, sureness: float) -> Draft:
    return Draft(
        field=field,
        role=role,
        value=value,
        raw=raw,
        tokens=(),
        box=barcode.box,
        sureness=sureness,
        read=1.0,
        source=Source.BARCODE,
    )


def _apart(one: Box, other: Box) -> float:
    """The larger of the gaps between two boxes, across and down; 0 where they overlap."""
    across = max(one.x0 - other.x1, other.x0 - one.x1, 0.0)
    down = max(one.y0 - other.y1, other.y0 - one.y1, 0.0)
    return max(across, down)
