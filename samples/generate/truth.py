"""What is true of a drawn file: its pages, whose they are, every printed identifier, where it must end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from .cases import CASES
from .cast import Cast
from .damage import Damage
from .facts import Fact
from .legibility import LEGIBLE
from .relations import PatientIndex
from .sheet import Mark, Sheet
from .verdict import agreeing_fields, rivals


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTruth:
    """One identifier on the paper. `box` in fractions of the page as scanned, turned upright.

    `legibility` (0..1) is how much of its ink survived the scan; `hand` says that it is written by hand."""

    field: str
    role: str
    raw: str
    value: str
    source: str
    box: tuple[float, float, float, float]
    legibility: float
    hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTruth:
    """One page. `mrn` is the indexed patient whose it is; `turned` how far clockwise it lies from upright."""

    page: int
    mrn: str | None
    type: str
    turned: int
    skew_deg: float
    dpi: int | None
    mode: str
    printed: tuple[PrintedTruth, ...]
    damage: dict[str, object] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTruth:
    """One file. `expected` is "file" (to `mrn`), "review", "either" or "blank".

    `fileable`: an indexed patient, two agreeing person-specific identifiers in ink, no contradiction,
    nobody else fits as well, readable by a person. `never_file`: any unattended filing of the whole is wrong.
    """

    file: str
    pages: tuple[PageTruth, ...]
    layout: str
    case: str
    why: str
    carrier: str
    grade: str
    mrn: str | None
    indexed_patient: bool
    fileable: bool
    expected: str
    never_file: bool
    agreeing: tuple[str, ...]
    type: str
    document_date: str | None


def page_truth(
    page: int,
    sheet: Sheet,
    mrn: str | None,
    kind: str,
    to_fraction: NDArray[np.float64],
    damage: Damage | None,
    legible: Sequence[float],
) -> PageTruth:
    """One page's truth, with every fact's box carried through the damage."""
    printed = tuple(_placed(mark, to_fraction, score) for mark, score in zip(sheet.marks, legible, strict=True))
    return PageTruth(
        page=page,
        mrn=mrn,
        type=kind,
        turned=damage.turned if damage else 0,
        skew_deg=damage.skew_deg if damage else 0.0,
        dpi=damage.dpi if damage else None,
        mode=damage.mode if damage else "text",
        printed=printed,
        damage=asdict(damage) if damage else None,
    )


def settle(
    *,
    file: str,
    layout: str,
    case: str,
    cast: Cast,
    carrier: str,
    grade: str,
    pages: Sequence[PageTruth],
    index: PatientIndex,
    day: date,
) -> FileTruth:
    """The file's truth: the case's end, unless the paper turned out to carry too little for filing."""
    rule = CASES[case]
    person = index.by_mrn.get(cast.mrn) if cast.mrn else None
    facts = [
        Fact(field=p.field, role=p.role, raw=p.raw, value=p.value, source=p.source)
        for page in pages
        for p in page.printed
        if p.legibility >= LEGIBLE
    ]
    agreeing = agreeing_fields(facts, person) if person else frozenset()
    enough = len(agreeing) >= 2 and person is not None and not rivals(facts, person, index)
    expected, why = rule.end, cast.why
    if expected in ("file", "either") and not enough:
        expected, why = "review", why + "; too little on the paper to tell who it is"
    return FileTruth(
        file=file,
        pages=tuple(pages),
        layout=layout,
        case=case,
        why=why,
        carrier=carrier,
        grade=grade,
        mrn=cast.mrn,
        indexed_patient=person is not None,
        fileable=expected == "file",
        expected=expected,
        never_file=rule.never_file,
        agreeing=tuple(sorted(agreeing)),
        type=pages[0].type,
        document_date=day.isoformat() if pages[0].type != "blank" else None,
    )


def _placed(mark: Mark, to_fraction: NDArray[np.float64], legibility: float) -> PrintedTruth:
    fact, box = mark.fact, mark.box
    corners = np.array([(x, y, 1.0) for x in box[::2] for y in box[1::2]])
    moved = np.clip(corners @ to_fraction.T, 0, 1)
    low, high = moved.min(axis=0), moved.max(axis=0)
    placed = (
        round(float(low[0]), 4),
        round(float(low[1]), 4),
        round(float(high[0]), 4),
        round(float(high[1]), 4),
    )
    return PrintedTruth(
        field=fact.field,
        role=fact.role,
        raw=fact.raw,
        value=fact.value,
        source=fact.source,
        box=placed,
        legibility=legibility,
        hand=mark.hand,
    )
