"""What one comparison found: support and contradictions part by part, and as people see them."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Final

from matchers.decision import FieldComparison
from matchers.levels import Level, Part, field_of
from matchers.patient import Alternative, Field, Patient, Reading

_LONGEST_SHOWN: Final = 80
_SPECIFIC: Final = (Part.BIRTH_DATE, Part.MRN, Part.ACCOUNT_NUMBER, Part.SSN_LAST4)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartEvidence:
    """One part of the paper against the patient: level, bits, and the reading it rests on.

    Where that is not the reading as it stands but one of its alternatives, `as_read` is the level without it.
    """

    level: Level
    bits: float
    reading: Reading
    alternative: Alternative | None = None
    as_read: Level | None = None

    @property
    def part(self) -> Part:
        """The part compared."""
        return self.level.part


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """A reading that differs more than its certainty allows. `hard` ones stand by themselves; those that stand
    `beside` the patient's own name, clearly printed, are nobody's slip."""

    level: Level
    reading: Reading
    hard: bool
    certain: bool
    beside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All evidence for and against one patient, and its sum in bits. `name_agrees`: family and given do.

    `agreeing_names` are the places, in the query, of all names of which family and given do.
    """

    patient: Patient
    evidence: tuple[PartEvidence, ...]
    contradictions: tuple[Contradiction, ...]
    name_agrees: bool
    agreeing_names: tuple[int, ...]
    temporary_name: bool
    bits: float

    def of(self, part: Part) -> PartEvidence | None:
        """The evidence of one part, or None when it could not be compared."""
        for item in self.evidence:
            if item.level.part is part:
                return item
        return None

    def agrees(self, part: Part) -> bool:
        """True when that part agrees."""
        found = self.of(part)
        return found is not None and found.level.agrees

    def agrees_as_read(self, part: Part) -> bool:
        """True when that part agrees without choosing among alternatives."""
        found = self.of(part)
        return found is not None and found.level.agrees and found.alternative is None

    def exact(self, part: Part) -> bool:
        """True when that part agrees to the letter."""
        found = self.of(part)
        return found is not None and found.level.key == "exact"

    def agreements(self) -> tuple[Field, ...]:
        """The person-specific identifiers that agree."""
        return (*self._agreeing_name, *(field_of(part) for part in _SPECIFIC if self.agrees(part)))

    def agreements_as_read(self) -> tuple[Field, ...]:
        """Those of them that need no alternative."""
        return (*self._agreeing_name, *(field_of(part) for part in _SPECIFIC if self.agrees_as_read(part)))

    @property
    def _agreeing_name(self) -> tuple[Field, ...]:
        return (Field.NAME,) if self.name_agrees else ()

    def support_bits(self, parts: Set[Part]) -> float:
        """The sum of what speaks for the patient among some parts; never negative."""
        return sum([item.bits for item in self.evidence if item.bits > 0 and item.level.part in parts])

    def fields(self) -> tuple[FieldComparison, ...]:
        """The evidence by field, as users see it; a name has up to four parts."""
        parts: dict[Field, list[PartEvidence]] = {}
        for item in self.evidence:
            parts.setdefault(field_of(item.level.part), []).append(item)
        return tuple(_shown(field, parts[field], self) for field in Field if field in parts)


def _shown(field: Field, items: Sequence[PartEvidence], comparison: Comparison) -> FieldComparison:
    agrees = comparison.name_agrees if field is Field.NAME else any(item.level.agrees for item in items)
    other = items[0].alternative
    return FieldComparison(
        field=field,
        query=_one_line(items[0].reading.value + (f", could be {other.value}" if other else "")),
        patient=_patient_value(field, comparison.patient),
        level="; ".join(item.level.label for item in items),
        weight_bits=round(sum(item.bits for item in items), 2),
        agrees=agrees,
    )


def _one_line(text: str) -> str:
    text = text[:_LONGEST_SHOWN]
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())


def _patient_value(field: Field, patient: Patient) -> str | None:
    match field:
        case Field.NAME:
            return shown_name(patient)
        case Field.BIRTH_DATE:
            return patient.birth_date.isoformat()
        case Field.SEX:
            return patient.sex.value if patient.sex else None
        case Field.MRN:
            return patient.mrn
        case Field.ACCOUNT_NUMBER:
            return "; ".join(patient.account_numbers) or None
        case Field.PHONE:
            return "; ".join(patient.phones) or None
        case Field.SSN_LAST4:
            return patient.ssn_last4
        case Field.ADDRESS:
            return patient.address
        case Field.ZIP:
            return patient.zip


def shown_name(patient: Patient) -> str:
    """The registered name on one line: "DOE, JOHN QUINCY, JR"."""
    rest = " ".join(filter(None, (patient.first_name, patient.middle_name)))
    return ", ".join(filter(None, (patient.last_name, rest, patient.suffix)))
