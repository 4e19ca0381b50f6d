"""Findings, candidates and reasons as JSON text, and back without loss.

Promise: `decode(encode(x)) == x` for every value, also for lone surrogates, NULs and infinite weights. The
text is plain ASCII JSON, so that any database and any later program can hold and read it. Keys are the
fields' names; a decoder gives fields that older text lacks their default.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, TypeAlias

from ingest.model import NO_TRAITS, Box, Finding, Flag, FlagKind, ReportStatus, Role, Sketch, Traits
from matchers.decision import Candidate, FieldComparison, Veto, VetoName
from matchers.patient import Alternative, Field, Source

Json: TypeAlias = Any
_AT_HAND: Final = 256  # what is decoded cannot change, and a desk asks for the same documents again and again


def canonical(value: Json) -> str:
    """One text for one value: sorted keys, no spaces, ASCII only. What is hashed is hashed in this form."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def encode_texts(texts: tuple[str, ...]) -> str:
    """A tuple of texts (reasons)."""
    return canonical(list(texts))


def decode_texts(text: str) -> tuple[str, ...]:
    """The texts again."""
    return tuple(json.loads(text))


def encode_mapping(mapping: Mapping[str, str]) -> str:
    """Details of an audit event."""
    return canonical(dict(mapping))


def decode_mapping(text: str) -> dict[str, str]:
    """The details again."""
    return dict(json.loads(text))


def encode_findings(findings: tuple[Finding, ...]) -> str:
    """Every finding with its whole provenance."""
    return canonical([_finding(finding) for finding in findings])


@lru_cache(_AT_HAND)
def decode_findings(text: str) -> tuple[Finding, ...]:
    """The findings again."""
    return tuple(_to_finding(item) for item in json.loads(text))


def encode_candidates(candidates: tuple[Candidate, ...]) -> str:
    """Every candidate with its comparisons and vetoes."""
    return canonical([_candidate(candidate) for candidate in candidates])


@lru_cache(_AT_HAND)
def decode_candidates(text: str) -> tuple[Candidate, ...]:
    """The candidates again."""
    return tuple(_to_candidate(item) for item in json.loads(text))


def encode_traits(traits: Traits) -> str:
    """Traits as canonical JSON."""
    sketch = traits.sketch
    rare = {"typed_by": traits.typed_by, "cover_mrn": traits.cover_mrn}
    return canonical(
        {name: value for name, value in rare.items() if value is not None}
        | {
            "flags": [[flag.kind.value, flag.detail, flag.other] for flag in traits.flags],
            "report": traits.report and traits.report.value,
            "accession": traits.accession,
            "sketch": sketch and [sketch.pages, list(sketch.words), list(sketch.numbers), str(sketch.places)],
        }
    )


@lru_cache(_AT_HAND)
def decode_traits(text: str | None) -> Traits:
    """The traits again; none of older decisions."""
    if text is None:
        return NO_TRAITS
    item = json.loads(text)
    sketch = item["sketch"]
    return Traits(
        flags=tuple(Flag(kind=FlagKind(kind), detail=detail, other=other) for kind, detail, other in item["flags"]),
        report=ReportStatus(item["report"]) if item["report"] else None,
        accession=item["accession"],
        sketch=Sketch(pages=sketch[0], words=tuple(sketch[1]), numbers=tuple(sketch[2]), places=int(sketch[3]))
        if sketch
        else None,
        typed_by=item.get("typed_by"),
        cover_mrn=item.get("cover_mrn"),
    )


def _real(value: float) -> float | str:
    """JSON has no infinity and no NaN: these are spelled, and `float` reads both."""
    return value if math.isfinite(value) else str(value)


def _real_or_none(value: float | None) -> float | str | None:
    return None if value is None else _real(value)


def _to_real(item: Json) -> float | None:
    return None if item is None else float(item)


def _finding(finding: Finding) -> Json:
    box = finding.box
    return {
        "field": finding.field.value,
        "role": finding.role.value,
        "value": finding.value,
        "raw": finding.raw,
        "page": finding.page,
        "box": [_real(side) for side in (box.x0, box.y0, box.x1, box.y1)],
        "confidence": _real(finding.confidence),
        "source": finding.source.value,
        "place": finding.place,
        "label": finding.label,
        "other_reading": finding.other_reading,
        "alternatives": [[other.value, _real(other.weight)] for other in finding.alternatives],
    }


def _to_finding(item: Json) -> Finding:
    x0, y0, x1, y1 = (float(side) for side in item["box"])
    return Finding(
        field=Field(item["field"]),
        role=Role(item["role"]),
        value=item["value"],
        raw=item["raw"],
        page=item["page"],
        box=Box(x0=x0, y0=y0, x1=x1, y1=y1),
        confidence=float(item["confidence"]),
        source=Source(item["source"]),
        place=item["place"],
        label=item.get("label"),
        other_reading=item.get("other_reading"),
        alternatives=tuple(
            Alternative(value=value, weight=float(weight)) for value, weight in item.get("alternatives", ())
        ),
    )


def _candidate(candidate: Candidate) -> Json:
    return {
        "mrn": candidate.mrn,
        "probability": _real(candidate.probability),
        "weight_bits": _real(candidate.weight_bits),
        "fields": [_comparison(comparison) for comparison in candidate.fields],
        "vetoes": [
            {"name": veto.name.value, "reason": veto.reason, "other_mrn": veto.other_mrn} for veto in candidate.vetoes
        ],
        "prior_bits": _real_or_none(candidate.prior_bits),
        "odds_bits": _real_or_none(candidate.odds_bits),
        "people": candidate.people,
        "against_unknown_bits": _real_or_none(candidate.against_unknown_bits),
    }


def _to_candidate(item: Json) -> Candidate:
    return Candidate(
        mrn=item["mrn"],
        probability=float(item["probability"]),
        weight_bits=float(item["weight_bits"]),
        fields=tuple(_to_comparison(comparison) for comparison in item["fields"]),
        vetoes=tuple(
            Veto(name=VetoName(veto["name"]), reason=veto["reason"], other_mrn=veto.get("other_mrn"))
            for veto in item["vetoes"]
        ),
        prior_bits=_to_real(item.get("prior_bits")),
        odds_bits=_to_real(item.get("odds_bits")),
        people=item.get("people"),
        against_unknown_bits=_to_real(item.get("against_unknown_bits")),
    )


def _comparison(comparison: FieldComparison) -> Json:
    return {
        "field": comparison.field.value,
        "query": comparison.query,
        "patient": comparison.patient,
        "level": comparison.level,
        "weight_bits": _real(comparison.weight_bits),
        "agrees": comparison.agrees,
    }


def _to_comparison(item: Json) -> FieldComparison:
    return FieldComparison(
        field=Field(item["field"]),
        query=item["query"],
        patient=item.get("patient"),
        level=item["level"],
        weight_bits=float(item["weight_bits"]),
        agrees=item["agrees"],
    )
