"""What was read, held against what is printed: each identifier of a page's patient. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.model import Finding, Role
from matchers.normalise import normalise_identifier, parse_name
from matchers.patient import Field

FIELDS = (Field.NAME, Field.BIRTH_DATE, Field.MRN)
CERTAIN_FROM = 0.95
LEGIBLE = 0.88
"""What the generator takes for readable by a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One identifier printed on one page, and what became of it: its value told, and told as certain."""

    field: Field
    grade: str
    layout: str
    hand: bool
    right: bool
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One value told as certain for a page's patient, and whether it stands there for anybody who is called so."""

    field: Field
    grade: str
    layout: str
    right: bool
    shown: str


def read_of(page: dict[str, Any], findings: Sequence[Finding], grade: str, layout: str) -> Iterator[Read]:
    """Every legible identifier of the page's patient, once for each value."""
    seen: set[tuple[Field, str]] = set()
    for printed in _of_patient(page):
        field = Field(printed["field"])
        if (field, printed["value"]) in seen or printed["legibility"] < LEGIBLE:
            continue
        seen.add((field, printed["value"]))
        same = [f for f in _patients(findings, field) if _means(f, printed)]
        yield Read(
            field=field,
            grade=grade,
            layout=layout,
            hand=bool(printed.get("hand")),
            right=bool(same),
            certain=any(finding.confidence >= CERTAIN_FROM for finding in same),
        )


def told_of(page: dict[str, Any], findings: Sequence[Finding], grade: str, layout: str) -> Iterator[Told]:
    """Every value that was told as certain for the page's patient."""
    for field in FIELDS:
        for finding in _patients(findings, field):
            if finding.confidence >= CERTAIN_FROM:
                right = any(_means(finding, p) for p in _of_patient(page) if p["field"] == field)
                shown = f"{field}: {finding.raw!r} on {[p['raw'] for p in _of_patient(page) if p['field'] == field]}"
                yield Told(field=field, grade=grade, layout=layout, right=right, shown=shown)


def _of_patient(page: dict[str, Any]) -> list[dict[str, Any]]:
    roles = {printed["role"] for printed in page["printed"]}
    owner = "newborn" if "newborn" in roles and "patient" not in roles else "patient"
    known = {str(field) for field in FIELDS}
    return [printed for printed in page["printed"] if printed["role"] == owner and printed["field"] in known]


def _patients(findings: Iterable[Finding], field: Field) -> list[Finding]:
    return [f for f in findings if f.field is field and f.role in (Role.PATIENT, Role.NEWBORN)]


def _means(finding: Finding, printed: dict[str, Any]) -> bool:
    """The same value, however it is written: names by family and given name, and no middle name that differs."""
    match finding.field:
        case Field.NAME:
            return any(_same_name(one, other) for one in parse_name(finding.raw)[:2] for other in _names(printed))
        case Field.MRN:
            return normalise_identifier(finding.value) == normalise_identifier(printed["value"])
        case _:
            return finding.value == printed["value"]


def _names(printed: dict[str, Any]) -> list[Any]:
    return [name for text in (printed["raw"], printed["value"]) for name in parse_name(text)[:2]]


def _same_name(one: Any, other: Any) -> bool:
    if (one.surname, one.given) != (other.surname, other.given):
        return False
    return all(a[0] == b[0] for a, b in zip(one.middle[:1], other.middle[:1], strict=False))
