"""Paper held against one patient, field by field: support, contradictions, and the sum in bits.

Missing is no evidence. Of several readings the one that supports best counts, among those that
were read well; every reading that differs more than its own certainty allows is a contradiction,
whatever the others say. What a doubtful MRN or birth date may be instead counts where it is the patient's
own to the letter, by as much as its probability leaves.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from matchers.compare_names import NameComparer, NameMatch, frequency_bits
from matchers.compare_values import (
    account_level,
    best_address_level,
    best_zip_level,
    birth_date_level,
    digits_level,
    mrn_level,
    phone_level,
    tolerates,
)
from matchers.evidence import Comparison, Contradiction, PartEvidence
from matchers.levels import LEVELS_OF, Level, Part, Surety
from matchers.numbers import (
    normalise_address,
    normalise_identifier,
    normalise_phone,
    normalise_ssn4,
    normalise_zip,
)
from matchers.patient import Alternative, Field, Patient, Sex
from matchers.population import Population, could_be_issued
from matchers.readings import NameForm, Query, Read
from matchers.weights import Policy

T = TypeVar("T")
_SHORTEST_NAME: Final = 3
_OTHER_GIVEN: Final = ("different", "resembles", "variant", "initial_differs")


@dataclass(frozen=True, slots=True)
class Comparer:
    """Holds one prepared query against patients; lives for one decision."""

    query: Query
    policy: Policy
    population: Population
    names: NameComparer
    _issuable: frozenset[str]
    _dates: dict[date, float]

    @classmethod
    def of(cls, query: Query, *, policy: Policy, population: Population) -> Comparer:
        """A comparer for one query."""
        issuable = frozenset(read.form for read in query.mrns if could_be_issued(population, read.form))
        return cls(query, policy, population, NameComparer.under(policy, population), issuable, {})

    def compare(self, patient: Patient) -> Comparison:
        """The whole comparison with one patient. Pure and total."""
        found, q = _Findings(), self.query
        match, temporary = self._names(patient, found)
        self._identifiers(patient, found)
        if q.birth_dates:
            born = patient.birth_date
            dates = _each(q.birth_dates, birth_date_level, born)
            self._best(Part.BIRTH_DATE, dates, found, patient, lambda form: birth_date_level(form, born) == "exact")
        ssn4 = normalise_ssn4(patient.ssn_last4) if q.ssn4s and patient.ssn_last4 else None
        if ssn4:
            self._best(Part.SSN_LAST4, _each(q.ssn4s, digits_level, ssn4), found)
        phones = tuple(filter(None, map(normalise_phone, patient.phones))) if q.phones else ()
        if phones:
            self._best(Part.PHONE, _each(q.phones, phone_level, phones), found)
        self._household(patient, found)
        if q.sexes and patient.sex in (Sex.FEMALE, Sex.MALE):
            self._best(Part.SEX, _each(q.sexes, _sex_level, patient.sex), found)
        return Comparison(
            patient=patient,
            evidence=tuple(found.evidence),
            contradictions=tuple(found.contradictions),
            name_agrees=match is not None and match.agrees,
            agreeing_names=tuple(found.agreeing_names),
            temporary_name=temporary,
            bits=sum([item.bits for item in found.evidence]),
        )

    def agreeing_readings(self, comparison: Comparison) -> frozenset[tuple[Field, int]]:
        """Each reading of a person-specific identifier that agrees with a patient compared, by field and place
        in the query's tuple: for telling whether a paper shows two people."""
        q, patient = self.query, comparison.patient
        known = tuple(map(normalise_identifier, patient.account_numbers))
        ssn4 = normalise_ssn4(patient.ssn_last4) if patient.ssn_last4 else None
        found = {(Field.NAME, at) for at in comparison.agreeing_names}
        for at, read in enumerate(q.birth_dates):
            if self.policy.level(Part.BIRTH_DATE, birth_date_level(read.form, patient.birth_date)).agrees:
                found.add((Field.BIRTH_DATE, at))
        for field, reads, own in (
            (Field.MRN, q.mrns, own_mrns(patient)),
            (Field.ACCOUNT_NUMBER, q.accounts, known),
            (Field.SSN_LAST4, q.ssn4s, (ssn4,)),
        ):
            found.update((field, at) for at, read in enumerate(reads) if read.form in own and not read.foreign)
        return frozenset(found)

    def name_match(self, form: NameForm, patient: Patient) -> NameMatch:
        """One printed name against one patient."""
        return self.names.compare(form, patient)

    # -- names

    def _names(self, patient: Patient, found: _Findings) -> tuple[NameMatch | None, bool]:
        compared = [(read, self.names.compare(read.form, patient)) for read in self.query.names]
        found.agreeing_names += [at for at, (_, match) in enumerate(compared) if match.agrees]
        # A doctor's name in the wrong place says nothing of the patient.
        compared = [(read, match) for read, match in compared if match.agrees or not read.form.provider]
        clear = any(read.surety > Surety.WEAK and match.agrees_to_the_letter for read, match in compared)
        best: tuple[NameMatch, Read[NameForm]] | None = None
        for read, match in compared:
            self._name_contradictions(match, read, found, clear=clear)
            if best is None or (_counts(read, best[1]) and match.bits > best[0].bits):
                best = match, read
        if best is None:
            return None, False
        match, read = best
        order = match.bits - sum(part.bits for part in match.parts)
        for at, part in enumerate(match.parts):
            bits = part.bits + (order if at == 0 else 0.0)
            found.evidence.append(PartEvidence(level=part.level, bits=bits, reading=read.reading))
        # Beside the patient's name a stand-in is somebody else's: a newborn's on its mother's page.
        stands_in = any(read.form.temporary and read.surety > Surety.NOISE for read, _ in compared)
        return match, stands_in or any(part.level.key.startswith("temporary") for part in match.parts)

    def _name_contradictions(self, match: NameMatch, read: Read[NameForm], found: _Findings, *, clear: bool) -> None:
        """`clear`: another reading shows the patient's name to the letter, so that this one is no slip for it."""
        wrong = [part.level for part in match.parts if not tolerates(part.level.tolerated, read.surety)]
        relative, weak = self._is_a_relative(match, read.form), read.surety <= Surety.WEAK
        if clear and read.surety > Surety.NOISE and self._is_another(match, read.form):
            wrong = wrong or [part.level for part in match.parts if part.level.part is Part.GIVEN_NAME]
            found.contradict(wrong, read, hard=True, beside=True)
        # A badly read name contradicts only when it is a name at all; one that shows the family's name
        # with quite another given name is a relative's, and stands by itself.
        elif not weak or (wrong and (relative or self._is_a_name(read.form))):
            found.contradict(wrong, read, hard=not weak or relative)

    def _is_a_name(self, form: NameForm) -> bool:
        return any(
            len(word) >= _SHORTEST_NAME and self.names.borne(part, word)
            for h in form.hypotheses
            for part, word in ((Part.FAMILY_NAME, h.surname), (Part.GIVEN_NAME, h.given))
        )

    def _is_a_relative(self, match: NameMatch, form: NameForm) -> bool:
        """The family name agrees, the given name is another one and long enough to tell."""
        levels = {part.level.part: part.level for part in match.parts}
        family, given = levels.get(Part.FAMILY_NAME), levels.get(Part.GIVEN_NAME)
        if family is None or given is None or not family.agrees or given.key != "different":
            return False
        return all(len(h.given) > _SHORTEST_NAME for h in form.hypotheses if h.given)

    def _is_another(self, match: NameMatch, form: NameForm) -> bool:
        """A name by itself: a given name that people bear and that is no way of writing the patient's."""
        given = next((part.level for part in match.parts if part.level.part is Part.GIVEN_NAME), None)
        if given is None or given.key not in _OTHER_GIVEN or form.temporary:
            return False
        names = [h.given for h in form.hypotheses if not h.out_of_order and not h.run_together]
        return any(len(name) >= _SHORTEST_NAME and self.names.borne(Part.GIVEN_NAME, name) for name in names[:1])

    # -- numbers

    def _identifiers(self, patient: Patient, found: _Findings) -> None:
        q = self.query
        if not q.mrns and not q.accounts:
            return
        known = tuple(filter(None, map(normalise_identifier, patient.account_numbers)))
        own, elsewhere = own_mrns(patient), tuple(map(normalise_identifier, patient.foreign_mrns))
        mrns = [(read, self._mrn_level(read, own, known, elsewhere)) for read in q.mrns]
        accounts = [(read, account_level(read.form, known)) for read in q.accounts]
        # Forms often print one number in the other's box.
        if not any(key == "exact" for _, key in mrns):
            mrns += [(read, "exact") for read in q.accounts if read.form in own]
        if not any(key == "exact" for _, key in accounts):
            accounts += [(read, "exact") for read in q.mrns if read.form in known]
        self._best(Part.MRN, mrns, found, patient, lambda form: form in own)
        self._best(Part.ACCOUNT_NUMBER, accounts, found)

    def _mrn_level(self, read: Read[str], own: Sequence[str], accounts: Sequence[str], elsewhere: Sequence[str]) -> str:
        if read.form in elsewhere and read.form not in own:
            return "elsewhere"
        if read.foreign:
            return "foreign"
        issued = read.form in self._issuable
        levels = {mrn_level(read.form, mrn, accounts=accounts, issued_here=issued) for mrn in own}
        return next(key for key in LEVELS_OF[Part.MRN] if key in levels)

    # -- household

    def _household(self, patient: Patient, found: _Findings) -> None:
        q, house = self.query, False
        homes = patient.residences
        if q.addresses:
            known = [line for home in homes if home.address and (line := normalise_address(home.address))]
            if known:
                self._best(Part.ADDRESS, _each(q.addresses, best_address_level, known), found)
                house = found.evidence[-1].bits > 0
        # A house that agrees says all that its ZIP could say.
        if q.zips and not house:
            codes = [code for home in homes if home.zip and (code := normalise_zip(home.zip))]
            if codes:
                self._best(Part.ZIP, _each(q.zips, best_zip_level, codes), found)

    def _best(
        self,
        part: Part,
        compared: Sequence[tuple[Read[T], str]],
        found: _Findings,
        patient: Patient | None = None,
        own: Callable[[T], bool] | None = None,
    ) -> None:
        """`own` tells whether an alternative is the patient's own value; without it none is heard."""
        best: tuple[Read[T], PartEvidence] | None = None
        for read, key in compared:
            level = self.policy.level(part, key)
            item = PartEvidence(level=level, bits=self._bits(level, patient), reading=read.reading)
            other = next((one.alternative for one in read.others if own and own(one.form)), None)
            if other is not None and not level.agrees and not read.foreign:
                item = self._by_alternative(item, other, patient)
            elif not tolerates(level.tolerated, read.surety):
                found.contradict((level,), read)
            if best is None or (_counts(read, best[0]) and item.bits > best[1].bits):
                best = read, item
        if best is not None:
            found.evidence.append(best[1])

    def _by_alternative(self, as_read: PartEvidence, other: Alternative, patient: Patient | None) -> PartEvidence:
        """What an alternative that is the patient's own says, unless the value as read says more."""
        key = "alternative" if other.weight >= self.policy.alternative_agrees else "faint_alternative"
        level = self.policy.level(as_read.part, key)
        bits = self._bits(level, patient) + math.log2(other.weight)
        if bits <= as_read.bits:
            return as_read
        return PartEvidence(level=level, bits=bits, reading=as_read.reading, alternative=other, as_read=as_read.level)

    def _bits(self, level: Level, patient: Patient | None) -> float:
        if not level.frequency or patient is None:
            return level.bits
        return self._date_bits(patient) + level.bits - self.policy.level(level.part, "exact").bits

    def _date_bits(self, patient: Patient) -> float:
        known = self._dates.get(patient.birth_date)
        if known is None:
            policy, count = self.policy, self.population.birth_date_count(patient.birth_date)
            ordinary, imagined = policy.ordinary_birth_date, policy.smoothing_birth_dates
            known = frequency_bits(count, ordinary, self.population.size, imagined, policy)
            self._dates[patient.birth_date] = known
        return known


def own_mrns(patient: Patient) -> tuple[str, ...]:
    """The site's MRNs of the person in plain form, the present one first."""
    return tuple(map(normalise_identifier, patient.own_mrns))


class _Findings:
    """What one comparison gathers on its way."""

    __slots__ = ("agreeing_names", "contradictions", "evidence")

    def __init__(self) -> None:
        self.agreeing_names: list[int] = []
        self.evidence: list[PartEvidence] = []
        self.contradictions: list[Contradiction] = []

    def contradict(
        self, levels: Iterable[Level], read: Read[T], *, hard: bool | None = None, beside: bool = False
    ) -> None:
        self.contradictions.extend(
            Contradiction(
                level=level,
                reading=read.reading,
                hard=read.surety > Surety.WEAK if hard is None else hard,
                certain=read.surety is Surety.CERTAIN,
                beside=beside,
            )
            for level in levels
        )


def _counts(read: Read[T], best: Read[T]) -> bool:
    # Reads come surest first: once a well-read value is there, badly read ones add no support.
    return read.surety > Surety.WEAK or best.surety <= Surety.WEAK


K = TypeVar("K")


def _each(reads: Sequence[Read[T]], level: Callable[[T, K], str], known: K) -> list[tuple[Read[T], str]]:
    return [(read, level(read.form, known)) for read in reads]


def _sex_level(seen: Sex, known: Sex) -> str:
    return "exact" if seen is known else "different"
