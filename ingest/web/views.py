"""An item as the page shows it: findings with their boxes, candidates field by field. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from ingest.ledger import DecisionRow
from ingest.model import Finding, Role
from ingest.review import BlindLook, Item
from ingest.review.words import Verdict, percent, person, verdict_of, words
from matchers.decision import Candidate, FieldComparison
from matchers.patient import Field, Patient
from matchers.waterfall import waterfall_of

_SIGNS = {Verdict.AGREES: "✓", Verdict.SIMILAR: "≈", Verdict.CONFLICTS: "✗", Verdict.SAYS_NOTHING: "–"}
_KINDS = {
    Verdict.AGREES: "agrees",
    Verdict.SIMILAR: "similar",
    Verdict.CONFLICTS: "conflicts",
    Verdict.SAYS_NOTHING: "silent",
}
_AROUND = 0.4  # of the page's side, in hundredths: a box stands round the print, not on it
_ORDER = (Field.NAME, Field.BIRTH_DATE, Field.MRN, Field.ACCOUNT_NUMBER, Field.SEX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A finding as a box on the page, in hundredths of its width and height."""

    number: int
    field: str
    label: str
    value: str
    raw: str
    whose: str
    sure: str
    page: int
    left: float
    top: float
    width: float
    height: float
    patients: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One field of the paper held against a candidate."""

    field: str
    label: str
    query: str
    patient: str | None
    sign: str
    verdict: str
    kind: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A candidate as the page shows it."""

    number: int
    mrn: str
    who: str
    probability: str
    bits: str
    rows: tuple[Row, ...]
    vetoes: tuple[str, ...]
    fall: tuple[tuple[str, str, str], ...]  # the waterfall: what, its bits, the bits so far
    conflicts: int


def spots(findings: Sequence[Finding]) -> tuple[Spot, ...]:
    """Every finding, the patient's first, in the order of the page."""
    ordered = sorted(
        enumerate(findings, 1),
        key=lambda one: (one[1].role is not Role.PATIENT, one[1].page, one[1].box.y0, one[1].box.x0),
    )
    return tuple(_spot(number, finding) for number, finding in ordered)


def suspects(item: Item) -> tuple[Suspect, ...]:
    """The candidates, best first, numbered as the keys are."""
    pairs = zip(item.document.candidates, item.suspects, strict=True)
    return tuple(_suspect(number, candidate, patient) for number, (candidate, patient) in enumerate(pairs, 1))


def history(rows: Sequence[DecisionRow]) -> tuple[Mapping[str, str], ...]:
    """Every decision in words, the newest first."""
    return tuple(
        {
            "version": str(row.version),
            "when": f"{row.decided_at:%Y-%m-%d %H:%M} UTC",
            "who": row.decided_by + (f" for {row.acting_for}" if row.acting_for else ""),
            "what": words(row.act),
            "state": words(row.state),
            "mrn": row.mrn or "",
            "note": row.note or "",
            "reason": row.reasons[0] if row.reasons else "",
        }
        for row in reversed(rows)
    )


_FILTERS = ("origin", "type", "reason", "scan", "older")
_LONGEST = 200


def wanted_of(params: Mapping[str, str]) -> dict[str, str]:
    """What a URL says of a filter of the queue; `older` is a number of hours."""
    told = {name: params[name][:_LONGEST] for name in _FILTERS if params.get(name)}
    hours = told.get("older", "0")
    if not (hours.isascii() and hours.isdigit() and len(hours) < 6):
        del told["older"]
    return told


def query_of(params: Mapping[str, str]) -> str:
    """The filter of a URL as the end of the next one: "" or "?type=…"."""
    told = wanted_of(params)
    return f"?{urlencode(told)}" if told else ""


def _spot(number: int, finding: Finding) -> Spot:
    left, top = max(0.0, 100 * finding.box.x0 - _AROUND), max(0.0, 100 * finding.box.y0 - _AROUND)
    right, bottom = min(100.0, 100 * finding.box.x1 + _AROUND), min(100.0, 100 * finding.box.y1 + _AROUND)
    return Spot(
        number=number,
        field=finding.field.value,
        label=words(finding.field.value),
        value=finding.value,
        raw=finding.raw,
        whose=words(finding.role.value),
        sure=f"{finding.confidence:.0%}".replace("%", " %"),
        page=finding.page,
        left=round(left, 2),
        top=round(top, 2),
        width=round(right - left, 2),
        height=round(bottom - top, 2),
        patients=finding.role is Role.PATIENT,
    )


def _suspect(number: int, candidate: Candidate, patient: Patient | None) -> Suspect:
    ordered = sorted(candidate.fields, key=lambda field: _ORDER.index(field.field) if field.field in _ORDER else 9)
    rows = tuple(_row(field) for field in ordered)
    return Suspect(
        number=number,
        mrn=candidate.mrn,
        who=person(patient) if patient else f"MRN {candidate.mrn} (no longer in the index)",
        probability=percent(candidate.probability),
        bits=f"{candidate.weight_bits:+.1f}",
        rows=rows,
        vetoes=tuple(veto.reason for veto in candidate.vetoes),
        fall=tuple(
            (step.words, f"{step.bits:+.1f}", f"{step.total_bits:+.1f}") for step in waterfall_of(candidate).steps
        ),
        conflicts=sum(row.kind == "conflicts" for row in rows),
    )


def _row(field: FieldComparison) -> Row:
    verdict = verdict_of(field)
    return Row(
        field=field.field.value,
        label=words(field.field.value),
        query=field.query,
        patient=field.patient,
        sign=_SIGNS[verdict],
        verdict=verdict.value,
        kind=verdict.name.lower(),
        level=field.level,
    )


def blind_suspects(look: BlindLook) -> tuple[Suspect, ...]:
    """The candidates of a second look, in the matcher's order."""
    pairs = zip(look.document.candidates, look.suspects, strict=True)
    return tuple(_suspect(number, candidate, patient) for number, (candidate, patient) in enumerate(pairs, 1))
