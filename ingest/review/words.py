"""A clerk's words for what the desk shows, the same in the terminal and in the browser."""

from __future__ import annotations

from enum import StrEnum

from matchers.decision import FieldComparison
from matchers.patient import Patient

_NAMES = {"mrn": "MRN", "ssn_last4": "SSN's last 4", "zip": "ZIP", "ekg": "EKG", "photo_id": "photo ID"}


class Verdict(StrEnum):
    """What one field says of a candidate."""

    AGREES = "agrees"
    SIMILAR = "similar"
    CONFLICTS = "conflicts"
    SAYS_NOTHING = "says nothing"


def verdict_of(field: FieldComparison) -> Verdict:
    """Agreement and conflict at a glance; nothing recorded says nothing."""
    if field.patient is None or (field.weight_bits == 0 and not field.agrees):
        return Verdict.SAYS_NOTHING
    if field.agrees:
        return Verdict.AGREES
    return Verdict.SIMILAR if field.weight_bits > 0 else Verdict.CONFLICTS


def person(patient: Patient) -> str:
    """A patient on one line: name, birth date, sex, MRN."""
    given = " ".join(filter(None, (patient.first_name, patient.middle_name)))
    name = f"{patient.last_name}, {given}" + (f" {patient.suffix}" if patient.suffix else "")
    sex = f", {patient.sex.value}" if patient.sex else ""
    inactive = "" if patient.active else ", inactive"
    return f"{name} ({patient.birth_date.isoformat()}{sex}) MRN {patient.mrn}{inactive}"


def percent(probability: float) -> str:
    """Never rounded up to certainty."""
    if probability > 0.9999:
        return "over 99.99 %"
    return f"{probability:.2%}".replace("%", " %")


def words(name: str) -> str:
    """A key of the program as words ("birth_date": "birth date")."""
    return _NAMES.get(name, name.replace("_", " "))
