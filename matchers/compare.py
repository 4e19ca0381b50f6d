"""Paper held against one patient, field by field: support, contradictions, and the sum in bits.

Missing is no evidence. Of several readings the one that supports best counts, among those that
were read well; every reading that differs more than its own certainty allows is a contradiction,
whatever the others say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from matchers.compare_names import NameComparer, NameMatch, frequency_bits
from matchers.compare_values import (
    account_level,
    address_level,
    birth_date_level,
    digits_level,
    mrn_level,
    phone_level,
    tolerates,
)
from matchers.decision import FieldComparison
from matchers.levels import NAME_PARTS, Level, Part, Surety, field_of
from matchers.numbers import (
    StreetAddress,
    normalise_address,
    normalise_identifier,
    normalise_phone,
    normalise_ssn4,
    normalise_zip,
)
from matchers.patient import Field, Patient, Reading, Sex
from matchers.population import Population, could_be_issued
from matchers.readings import DateForm, NameForm, Query, Read
from matchers.weights import Policy

T = TypeVar("T")
_LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class PartEvidence:
    """One part of the paper against the patient: level, bits, and the reading it rests on."""

    level: Level
    bits: float
    reading: Reading

    @property
    def part(self) -> Part:
        """The part compared."""
        return self.level.part


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """A reading that differs more than its certainty allows. `hard` ones stand by themselves."""

    level: Level
    reading: Reading
    hard: bool
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All evidence for and against one patient. `name_agrees`: family and given name both do."""

    patient: Patient
    evidence: tuple[PartEvidence, ...]
    contradictions: tuple[Contradiction, ...]
    name_agrees: bool
    temporary_name: bool

    @property
    def bits(self) -> float:
        """The sum of all weights."""
        return sum(item.bits for item in self.evidence)

    def of(self, part: Part) -> PartEvidence | None:
        """The evidence of one part, or None when it could not be compared."""
        return next((item for item in self.evidence if item.part is part), None)

    def agrees(self, part: Part) -> bool:
        """True when that part agrees."""
        found = self.of(part)
        return found is not None and found.level.agrees

    def exact(self, part: Part) -> bool:
        """True when that part agrees to the letter."""
        found = self.of(part)
        return found is not None and found.level.key == "exact"

    def agreements(self) -> tuple[Field, ...]:
        """The person-specific identifiers that agree."""
        found = [Field.NAME] if self.name_agrees else []
        specific = (Part.BIRTH_DATE, Part.MRN, Part.ACCOUNT_NUMBER, Part.SSN_LAST4)
        return (*found, *(field_of(part) for part in specific if self.agrees(part)))

    def support_bits(self, parts: Iterable[Part]) -> float:
        """The sum of what speaks for the patient among some parts; never negative."""
        wanted = frozenset(parts)
        return sum(max(0.0, item.bits) for item in self.evidence if item.part in wanted)

    def fields(self) -> tuple[FieldComparison, ...]:
        """The evidence by field, as users see it."""
        return tuple(_shown(field, self) for field in Field if any(e for e in self._of_field(field)))

    def _of_field(self, field: Field) -> tuple[PartEvidence, ...]:
        return tuple(item for item in self.evidence if field_of(item.part) is field)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A patient's identifiers in plain form."""

    mrn: str
    accounts: tuple[str, ...]
    phones: tuple[str, ...]
    ssn4: str | None
    address: StreetAddress | None
    zip: str | None


@lru_cache(maxsize=8192)
def registered(patient: Patient) -> Registered:
    """The plain forms of a registration; values that cannot be understood are left out."""
    return Registered(
        mrn=normalise_identifier(patient.mrn),
        accounts=tuple(filter(None, map(normalise_identifier, patient.account_numbers))),
        phones=tuple(phone for phone in map(normalise_phone, patient.phones) if phone),
        ssn4=normalise_ssn4(patient.ssn_last4) if patient.ssn_last4 else None,
        address=normalise_address(patient.address) if patient.address else None,
        zip=normalise_zip(patient.zip) if patient.zip else None,
    )


@dataclass(frozen=True, slots=True)
class Comparer:
    """Holds one prepared query against patients; lives for one decision."""

    query: Query
    policy: Policy
    population: Population
    names: NameComparer

    @classmethod
    def of(cls, query: Query, *, policy: Policy, population: Population) -> Comparer:
        """A comparer for one query."""
        return cls(query, policy, population, NameComparer.under(policy, population))

    def compare(self, patient: Patient) -> Comparison:
        """The whole comparison with one patient. Pure and total."""
        known = registered(patient)
        found = _Findings()
        match, temporary = self._names(patient, found)
        self._identifiers(known, found)
        q = self.query
        self._value(
            Part.BIRTH_DATE,
            q.birth_dates,
            lambda form: birth_date_level(form, patient.birth_date),
            found,
            patient,
        )
        if known.ssn4:
            ssn4 = known.ssn4
            self._value(Part.SSN_LAST4, q.ssn4s, lambda seen: digits_level(seen, ssn4), found, patient)
        if known.phones:
            self._value(Part.PHONE, q.phones, lambda seen: phone_level(seen, known.phones), found, patient)
        self._household(known, found, patient)
        if patient.sex in (Sex.FEMALE, Sex.MALE):
            self._value(
                Part.SEX, q.sexes, lambda s: "exact" if s is patient.sex else "different", found, patient
            )
        return Comparison(
            patient=patient,
            evidence=tuple(found.evidence),
            contradictions=tuple(found.contradictions),
            name_agrees=match is not None and match.agrees,
            temporary_name=temporary,
        )

    def name_match(self, form: NameForm, patient: Patient) -> NameMatch:
        """One printed name against one patient."""
        return self.names.compare(form, patient)

    # -- names

    def _names(self, patient: Patient, found: _Findings) -> tuple[NameMatch | None, bool]:
        best: tuple[NameMatch, Read[NameForm]] | None = None
        for read in self.query.names:
            match = self.names.compare(read.form, patient)
            self._name_contradictions(match, read, found)
            if best is None or (_counts(read, best[1]) and match.bits > best[0].bits):
                best = match, read
        if best is None:
            return None, False
        match, read = best
        order = match.bits - sum(part.bits for part in match.parts)
        for at, part in enumerate(match.parts):
            bits = part.bits + (order if at == 0 else 0.0)
            found.evidence.append(PartEvidence(level=part.level, bits=bits, reading=read.reading))
        return match, any(part.level.key.startswith("temporary") for part in match.parts)

    def _name_contradictions(self, match: NameMatch, read: Read[NameForm], found: _Findings) -> None:
        wrong = [part.level for part in match.parts if not tolerates(part.level.tolerated, read.surety)]
        # A badly read name contradicts only when it is a name at all.
        if read.surety > Surety.WEAK or (wrong and self._is_a_name(read.form)):
            found.contradict(wrong, read)

    def _is_a_name(self, form: NameForm) -> bool:
        return any(
            self.population.surname_count(h.surname) and self.population.given_count(h.given)
            for h in form.hypotheses
        )

    # -- numbers that identify

    def _identifiers(self, known: Registered, found: _Findings) -> None:
        mrns = [(read, self._mrn_level(read, known)) for read in self.query.mrns]
        accounts = [(read, account_level(read.form, known.accounts)) for read in self.query.accounts]
        if not any(key == "exact" for _, key in mrns):
            mrns += [(read, "exact") for read in self.query.accounts if read.form == known.mrn]
        if not any(key == "exact" for _, key in accounts):
            accounts += [(read, "exact") for read in self.query.mrns if read.form in known.accounts]
        self._best(Part.MRN, mrns, found)
        self._best(Part.ACCOUNT_NUMBER, accounts, found)

    def _mrn_level(self, read: Read[str], known: Registered) -> str:
        if read.foreign:
            return "foreign"
        issued = could_be_issued(self.population, read.form)
        return mrn_level(read.form, known.mrn, accounts=known.accounts, issued_here=issued)

    # -- everything else

    def _household(self, known: Registered, found: _Findings, patient: Patient) -> None:
        if known.address:
            address = known.address
            self._value(
                Part.ADDRESS, self.query.addresses, lambda s: address_level(s, address), found, patient
            )
        # A house that agrees says all that its ZIP could say.
        if known.zip and not any(e.part is Part.ADDRESS and e.bits > 0 for e in found.evidence):
            zip_code = known.zip
            self._value(Part.ZIP, self.query.zips, lambda seen: digits_level(seen, zip_code), found, patient)

    def _value(
        self,
        part: Part,
        reads: Sequence[Read[T]],
        level: Callable[[T], str],
        found: _Findings,
        patient: Patient,
    ) -> None:
        self._best(part, [(read, level(read.form)) for read in reads], found, patient)

    def _best(
        self,
        part: Part,
        compared: Sequence[tuple[Read[T], str]],
        found: _Findings,
        patient: Patient | None = None,
    ) -> None:
        best: tuple[Read[T], Level, float] | None = None
        for read, key in compared:
            level = self.policy.level(part, key)
            bits = level.bits
            if level.frequency and patient is not None:
                bits = self._date_bits(patient)
            if not tolerates(level.tolerated, read.surety):
                found.contradict((level,), read)
            if best is None or (_counts(read, best[0]) and bits > best[2]):
                best = read, level, bits
        if best is not None:
            found.evidence.append(PartEvidence(level=best[1], bits=best[2], reading=best[0].reading))

    def _date_bits(self, patient: Patient) -> float:
        count = self.population.birth_date_count(patient.birth_date)
        return frequency_bits(count, self.policy.ordinary_birth_date, self.population, self.policy)


class _Findings:
    """What one comparison gathers on its way."""

    __slots__ = ("contradictions", "evidence")

    def __init__(self) -> None:
        self.evidence: list[PartEvidence] = []
        self.contradictions: list[Contradiction] = []

    def contradict(self, levels: Iterable[Level], read: Read[T]) -> None:
        self.contradictions.extend(
            Contradiction(
                level=level,
                reading=read.reading,
                hard=read.surety > Surety.WEAK,
                certain=read.surety is Surety.CERTAIN,
            )
            for level in levels
        )


def _counts(read: Read[T], best: Read[T]) -> bool:
    # Reads come surest first: once a well-read value is there, badly read ones add no support.
    return read.surety > Surety.WEAK or best.surety <= Surety.WEAK


def _shown(field: Field, comparison: Comparison) -> FieldComparison:
    items = [item for item in comparison.evidence if field_of(item.part) is field]
    agrees = comparison.name_agrees if field is Field.NAME else any(item.level.agrees for item in items)
    return FieldComparison(
        field=field,
        query=_one_line(items[0].reading.value),
        patient=_patient_value(field, comparison.patient),
        level="; ".join(item.level.label for item in items),
        weight_bits=round(sum(item.bits for item in items), 2),
        agrees=agrees,
    )


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text[:_LONGEST_SHOWN]).split())


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


__all__ = [
    "NAME_PARTS",
    "Comparer",
    "Comparison",
    "Contradiction",
    "DateForm",
    "PartEvidence",
    "registered",
    "shown_name",
]
