"""Plans and draws a set of scans: cases by quota, layouts in turn, people, damage and carriers by the seed.

The same seed, count and options give the same files, whatever was drawn before.
"""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .carriers import SUFFIX, can_be_text, write_pictures, write_text_pdf
from .cases import CASES
from .cast import Cast
from .damage import Damage, apply, draw_damage, milder, next_page, roughened, worse
from .extra import EXTRA_LAYOUTS, SETS, extra_layouts_for
from .facts import Identity
from .fonts import require_fonts
from .job import Job, make_job
from .layouts import LAYOUTS, Layout
from .legibility import LEGIBLE, legibilities
from .relations import PatientIndex
from .sheet import Sheet
from .truth import FileTruth, PageTruth, page_truth, settle
from .verdict import SPECIFIC

GRADES = ("clean", "typical", "hard")
WEARS = ("usual", "rough")
_EVERY_LAYOUT = LAYOUTS | EXTRA_LAYOUTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to draw. `cases` and `grades` (of damage) map names to weights; no layouts means all the usual ones.

    `wear` is the kind of damage: "usual" (damage.py, wear.py) or "rough" (rough/).
    """

    seed: int
    count: int
    cases: Mapping[str, float]
    grades: Mapping[str, float]
    layouts: tuple[str, ...] = ()
    wear: str = "usual"

    @property
    def wanted(self) -> tuple[str, ...]:
        """The layouts by their own names; the name of a set stands for all of it."""
        return tuple(name for given in self.layouts for name in SETS.get(given, (given,)))

    @property
    def sets(self) -> tuple[str, ...]:
        """The sets on request from which layouts are wanted."""
        return tuple(name for name, layouts in SETS.items() if any(wanted in layouts for wanted in self.wanted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Pages before any damage: each with whose it is (an index MRN or `None`)."""

    sheets: tuple[Sheet, ...]
    mrns: tuple[str | None, ...]
    kinds: tuple[str, ...]
    job: Job


def usual_cases() -> dict[str, float]:
    """Every case with its usual weight."""
    return {name: case.weight for name, case in CASES.items()}


def draw_set(
    order: Order, index: PatientIndex, out: Path, *, numbers: Container[int] | None = None
) -> dict[str, FileTruth]:
    """Draws the files into `out`; returns the truth by file name. `numbers` (from 1): only these of the set."""
    require_fonts(*order.sets)
    out.mkdir(parents=True, exist_ok=True)
    truths: dict[str, FileTruth] = {}
    turns = _layout_turns(order)
    for number, case in enumerate(_quota(order.cases, order.count, Random(f"cases-{order.seed}")), 1):
        rng = Random(f"scan-{order.seed}-{number}")
        cast = _cast(case, rng, index)
        layout = _choose_layout(cast, turns, rng, order)
        if numbers is not None and number not in numbers:
            continue  # what comes after depends on whose turn it was
        truth = _draw_file(number, case, cast, layout, rng, index, order, out)
        truths[truth.file] = truth
    return truths


def write_truth(path: Path, order: Order, truths: Mapping[str, FileTruth]) -> None:
    """The truth of a set as JSON: its files in order of their names."""
    record = {
        "version": 1,
        "seed": order.seed,
        "files": [_plain(truths[name]) for name in sorted(truths)],
    }
    path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _plain(truth: FileTruth) -> dict[str, Any]:
    """As JSON has it: what is printed by machine, or bears usual wear alone, does not say so each time."""
    told = asdict(truth)
    for page in told["pages"]:
        if page["damage"] and not page["damage"]["rough"]:
            del page["damage"]["rough"]
        for printed in page["printed"]:
            if not printed["hand"]:
                del printed["hand"]
    return told


def _quota(weights: Mapping[str, float], count: int, rng: Random) -> list[str]:
    """`count` names as near to their weights as whole numbers allow, shuffled."""
    total = sum(weights.values())
    exact = {name: count * weight / total for name, weight in weights.items() if weight > 0}
    chosen = [name for name, share in exact.items() for _ in range(int(share))]
    remainders = sorted(exact, key=lambda name: (int(exact[name]) - exact[name], rng.random()))
    chosen += remainders[: count - len(chosen)]
    rng.shuffle(chosen)
    return chosen


def _cast(case: str, rng: Random, index: PatientIndex) -> Cast:
    for _ in range(200):
        cast = CASES[case].cast(rng, index)
        if cast is not None:
            return cast
    raise ValueError(f"nobody in this index can play the case {case!r}; leave it out with --cases")


def _layout_turns(order: Order) -> list[str]:
    rng = Random(f"layouts-{order.seed}")
    known = LAYOUTS if not order.layouts else _EVERY_LAYOUT
    allowed = [
        name for name, layout in known.items() if layout.weight > 0 and (not order.layouts or name in order.wanted)
    ]
    turns: list[str] = []
    while len(turns) < order.count * 2 and allowed:
        once = [name for name in allowed if rng.random() < known[name].weight] + [
            n for n in allowed if known[n].weight > 1 and rng.random() < 0.4
        ]
        rng.shuffle(once)
        turns += once
    return turns


def _choose_layout(cast: Cast, turns: list[str], rng: Random, order: Order) -> str:
    """The next layout in turn that the case can stand on."""
    wanted = [name for name in cast.layouts if not order.layouts or name in order.wanted] or list(cast.layouts)
    extra = [name for name in extra_layouts_for(cast) if name in order.wanted]
    if extra:
        wanted = [name for name in turns if name in extra][:1] or extra
    if wanted:
        name = rng.choice(wanted)
        if name in turns:
            turns.remove(name)
        return name
    needs_number = "mrn" in cast.show
    for place, name in enumerate(turns):
        if not (needs_number and name == "referral"):
            return turns.pop(place)
    return rng.choice([n for n in LAYOUTS if LAYOUTS[n].weight > 0])


def _identity(person: object, job: Job, layout: Layout, cast: Cast, rng: Random) -> Identity:
    optional = {"account_number": 0.55, "ssn_last4": 0.5, "phone": 0.8, "address": 0.85, "sex": 0.9}
    if layout is LAYOUTS["id_card"]:
        optional["mrn"] = 0.45
    shown = {field for field in sorted(layout.shows) if rng.random() < optional.get(field, 1.0)}
    shown = (shown | (cast.show & (layout.shows | {"mrn", "birth_date"}))) - cast.hide
    return Identity(person=person, writing=job.house, shown=frozenset(shown))  # type: ignore[arg-type]


def _pages(cast: Cast, name: str, rng: Random, index: PatientIndex) -> Drawn:
    person = cast.printed or rng.choice(index.people)
    if name == "blank":
        job = make_job(rng, person, index)
        count = rng.choice((1, 2))
        return Drawn(
            sheets=tuple(Sheet() for _ in range(count)),
            mrns=(None,) * count,
            kinds=("blank",) * count,
            job=job,
        )
    layout = _EVERY_LAYOUT[name]
    outside = cast.outside if cast.outside is not None else rng.random() < layout.outside and "mrn" not in cast.show
    job = make_job(rng, person, index, outside=outside, faces=layout.faces)
    job = replace(job, patient=_identity(person, job, layout, cast, rng))
    if outside and cast.outside is None:
        job = replace(job, patient=job.patient.hiding("mrn", "account_number"))
    if cast.relative:
        job = replace(job, relative=replace(job.relative, person=cast.relative))
    if cast.sticker:
        job = replace(
            job,
            sticker=replace(job.patient, person=cast.sticker, role="patient"),
            patient=job.patient.hiding("mrn", "account_number"),
        )
    sheets = layout.draw(job)
    mrns: list[str | None] = [cast.mrn] * len(sheets)
    kinds = [layout.type] * len(sheets)
    if cast.stranger:
        other = rng.choice(("lab_report", "radiology", "order_form", "typed_note", "nursing_note", name))
        its = _EVERY_LAYOUT[other]
        second = make_job(rng, cast.stranger, index, faces=its.faces, service_date=job.service_date)
        second = replace(second, patient=_identity(cast.stranger, second, its, cast, rng), facility=job.facility)
        more = its.draw(second)[:1]
        sheets, mrns, kinds = [*sheets, *more], [*mrns, cast.stranger.mrn], [*kinds, its.type]
    if cast.blank_back:
        sheets = [s for sheet in sheets for s in (sheet, Sheet())]
        mrns = [m for mrn in mrns for m in (mrn, None)]
        kinds = [k for kind in kinds for k in (kind, "blank")]
    return Drawn(sheets=tuple(sheets), mrns=tuple(mrns), kinds=tuple(kinds), job=job)


def _draw_file(
    number: int, case: str, cast: Cast, name: str, rng: Random, index: PatientIndex, order: Order, out: Path
) -> FileTruth:
    drawn = _pages(cast, name, rng, index)
    grade = "ruined" if cast.ruined else rng.choices(list(order.grades), list(order.grades.values()))[0]
    carriers = _EVERY_LAYOUT[name].carriers if name in _EVERY_LAYOUT else ("pdf", "tiff")
    carrier = rng.choice([c for c in carriers if len(drawn.sheets) == 1 or c not in ("jpeg", "png")])
    if carrier == "pdf" and grade == "clean" and rng.random() < 0.8 and can_be_text(drawn.sheets):
        carrier = "text_pdf"
    file = _file_name(number, carrier, rng) + SUFFIX[carrier]
    if carrier == "text_pdf":
        write_text_pdf(out / file, drawn.sheets)
        flat = np.array(
            [
                [1 / sheet.image.width, 0, 0] if axis == 0 else [0, 1 / sheet.image.height, 0]
                for sheet in drawn.sheets[:1]
                for axis in (0, 1)
            ]
        )
        pages = [
            page_truth(i, sheet, mrn, kind, flat, None, [1.0] * len(sheet.marks))
            for i, (sheet, mrn, kind) in enumerate(zip(drawn.sheets, drawn.mrns, drawn.kinds, strict=True), 1)
        ]
    else:
        sideways = name in EXTRA_LAYOUTS and EXTRA_LAYOUTS[name].sideways
        key = f"{order.seed}-{number}"
        damage = draw_damage(rng, grade, carrier)
        damage = roughened(damage, Random(f"rough-{key}")) if order.wear == "rough" else damage
        pages = _scan(out / file, carrier, damage, drawn, rng, key, sideways=sideways)
    return settle(
        file=file,
        layout=name,
        case=case,
        cast=cast,
        carrier=carrier,
        grade=grade,
        pages=pages,
        index=index,
        day=drawn.job.service_date,
    )


def _scan(
    path: Path, carrier: str, damage: Damage, drawn: Drawn, rng: Random, key: str, *, sideways: bool = False
) -> list[PageTruth]:
    upside_down = rng.randrange(len(drawn.sheets)) if rng.random() < 0.05 else -1
    on_its_side = rng.choice((0, 0, 90, 270)) if sideways else 0
    pictures, truths = [], []
    for place, (sheet, mrn, kind) in enumerate(zip(drawn.sheets, drawn.mrns, drawn.kinds, strict=True)):
        here = damage if place == 0 else next_page(damage, rng)
        here = replace(here, turned=180) if place == upside_down else here
        here = replace(here, turned=on_its_side) if on_its_side and sheet.width > sheet.height else here
        header = _fax_header(drawn.job, place + 1, len(drawn.sheets)) if carrier == "fax" else ""
        image, to_fraction, here = _legible(sheet, here, [*(int(part) for part in key.split("-")), place], header)
        pictures.append((image.rotate(-here.turned, expand=True) if here.turned else image, here))
        truths.append(
            page_truth(place + 1, sheet, mrn, kind, to_fraction, here, legibilities(sheet, image, to_fraction))
        )
    write_pictures(path, carrier, pictures)
    return truths


def _legible(
    sheet: Sheet, damage: Damage, key: list[int], header: str
) -> tuple[Image.Image, NDArray[np.float64], Damage]:
    """The damaged page; milder damage when nobody could read its patient any more, unless that is the point."""
    for attempt in range(4):
        image, to_fraction = apply(sheet.image, damage, np.random.default_rng([*key, attempt]), header)
        told = [
            s
            for s, mark in zip(legibilities(sheet, image, to_fraction), sheet.marks, strict=True)
            if mark.fact.field in SPECIFIC
        ]
        if not told or (max(told) < 0.8 if damage.grade == "ruined" else min(told) >= LEGIBLE):
            break
        damage = worse(damage) if damage.grade == "ruined" else milder(damage)
    return image, to_fraction, damage


def _fax_header(job: Job, page: int, pages: int) -> str:
    day = job.printed_date
    return (
        f"{day:%m/%d/%Y} 0{len(job.facility.name) % 9}:{day.day + 10}  "
        f"{job.facility.name.upper()[:28]}   FAX {job.facility.fax}   P.{page:03}/{pages:03}"
    )


def _file_name(number: int, carrier: str, rng: Random) -> str:
    match carrier:
        case "fax":
            return f"fax{rng.randrange(10, 99)}{number:04}"
        case "jpeg":
            return f"IMG_{number:04}"
        case "png":
            return f"Scan {number:03}"
        case _:
            return f"doc{number:05}"


__all__ = ["GRADES", "WEARS", "Damage", "Order", "draw_set", "usual_cases", "write_truth"]
