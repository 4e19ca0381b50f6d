"""Identifiers and decisions as JSON: the line format of `ingest patients match`.

Reading is total: unknown keys are ignored, numbers are taken as their digits, lists as several
readings, and whatever else cannot be text is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from matchers.decision import Candidate, Decision, FieldComparison
from matchers.patient import Identifiers, Reading

_LONGEST_VALUE: Final = 2000
_NAME_PARTS: Final = ("last_name", "first_name", "middle_name", "suffix")


def identifiers_from_json(line: Mapping[str, Any]) -> Identifiers:
    """What one input line says of its patient; empty when it says nothing usable."""
    names = _readings(line, "name")
    composed = _composed_name(line)
    labels = _texts(line.get("mrn_label"))
    return Identifiers(
        names=(*names, Reading(value=composed)) if composed else names,
        birth_dates=_readings(line, "birth_date"),
        sexes=_readings(line, "sex"),
        mrns=_readings(line, "mrn", label=labels[0] if labels else None),
        account_numbers=_readings(line, "account_number"),
        phones=_readings(line, "phone"),
        ssn_last4s=_readings(line, "ssn_last4"),
        addresses=_readings(line, "address"),
        zips=_readings(line, "zip"),
    )


def _composed_name(line: Mapping[str, Any]) -> str:
    last, first, middle, suffix = (_plain(line.get(key)) for key in _NAME_PARTS)
    rest = " ".join(filter(None, (first, middle)))
    if not last and not rest:
        return ""
    return f"{last}, {rest}" + (f", {suffix}" if suffix else "")


def _plain(value: object) -> str:
    return " ".join(" ".join(_texts(value)).replace(",", " ").split())


def _readings(line: Mapping[str, Any], key: str, *, label: str | None = None) -> tuple[Reading, ...]:
    return tuple(Reading(value=text, label=label) for text in _texts(line.get(key)))


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(text for item in value if not isinstance(item, list | tuple) for text in _texts(item))
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        return ()
    return (value[:_LONGEST_VALUE].strip(),)


def decision_to_json(decision: Decision, line_id: object) -> dict[str, Any]:
    """One output line; `line_id` is given back as it came."""
    return {
        "id": line_id,
        "outcome": decision.outcome.value,
        "mrn": decision.mrn,
        "probability": decision.probability,
        "reasons": list(decision.reasons),
        "candidates": [candidate_to_json(candidate) for candidate in decision.candidates],
        "index_generation": decision.index_generation,
        "fingerprint": decision.fingerprint,
        "threshold": decision.threshold,
    }


def candidate_to_json(candidate: Candidate) -> dict[str, Any]:
    """One suspect with the evidence field by field, as documents list them too."""
    return {
        "mrn": candidate.mrn,
        "probability": candidate.probability,
        "weight_bits": candidate.weight_bits,
        "fields": [_field_to_json(field) for field in candidate.fields],
        "vetoes": [
            {"name": veto.name.value, "reason": veto.reason, "other_mrn": veto.other_mrn} for veto in candidate.vetoes
        ],
        "prior_bits": candidate.prior_bits,
        "odds_bits": candidate.odds_bits,
        "people": candidate.people,
        "against_unknown_bits": candidate.against_unknown_bits,
    }


def _field_to_json(field: FieldComparison) -> dict[str, Any]:
    return {
        "field": field.field.value,
        "query": field.query,
        "patient": field.patient,
        "level": field.level,
        "weight_bits": field.weight_bits,
    }
