"""What forbids filing however high the score: rule 5 of the house, one function for each reason.

All are pure. A veto looks at one candidate, at what the paper says, and at the other candidates;
more candidates can only add vetoes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from matchers import explain
from matchers.compare import Comparer, own_mrns
from matchers.compare_values import number_level
from matchers.decision import Veto, VetoName
from matchers.evidence import Comparison, Contradiction
from matchers.levels import LEVELS_OF, Part, Surety
from matchers.numbers import normalise_identifier
from matchers.patient import ENOUGH_TO_FILE, Field, Patient
from matchers.readings import Read
from matchers.same_person import may_be_one_person, shared_by_one_person

_SAME_NUMBER = ("exact", "leading_zeros")
_OTHER_FORMS = ("nickname", "initial", "variant")
_SLIPS = ("lookalike", "one_edit", "two_edits", "variant")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A compared candidate with its probability, and how it came about (see `Posterior`)."""

    comparison: Comparison
    probability: float
    people: int
    prior_bits: float
    against_unknown_bits: float
    odds_bits: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A number on the paper that is registered for somebody: exactly, or but for leading zeros."""

    read: Read[str]
    owner: Comparison
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything that vetoes look at besides their own candidate; made once for a decision.

    `compared` are all candidates, most bits first.
    """

    comparer: Comparer
    compared: tuple[Comparison, ...]
    mrn_claims: tuple[Claim, ...]
    account_claims: tuple[Claim, ...]
    _sharing: Mapping[date | tuple[str, ...], Sequence[int]]
    _agreeing: dict[str, frozenset[tuple[Field, int]]]

    @classmethod
    def of(cls, comparer: Comparer, compared: Sequence[Comparison]) -> Situation:
        """Finds whose numbers stand on the paper."""
        mrns, accounts = [], []
        for other in compared:
            known = own_mrns(other.patient)
            for read in comparer.query.mrns:
                levels = () if read.foreign else [number_level(read.form, mrn) for mrn in known]
                level = next((level for level in _SAME_NUMBER if level in levels), None)
                if level:
                    mrns.append(Claim(read=read, owner=other, exact=level == "exact"))
            if comparer.query.accounts:
                numbers = tuple(map(normalise_identifier, other.patient.account_numbers))
                theirs = [read for read in comparer.query.accounts if read.form in numbers]
                accounts += [Claim(read=read, owner=other, exact=True) for read in theirs]
        compared = tuple(sorted(compared, key=lambda c: -c.bits))
        sharing: dict[date | tuple[str, ...], list[int]] = {}
        for at, other in enumerate(compared):
            for shared in shared_by_one_person(other.patient):
                sharing.setdefault(shared, []).append(at)
        return cls(
            comparer=comparer,
            compared=compared,
            mrn_claims=tuple(mrns),
            account_claims=tuple(accounts),
            _sharing=sharing,
            _agreeing={},
        )

    def agreeing(self, comparison: Comparison) -> frozenset[tuple[Field, int]]:
        """The readings that agree with a candidate; worked out once for each."""
        mrn = comparison.patient.mrn
        if mrn not in self._agreeing:
            self._agreeing[mrn] = self.comparer.agreeing_readings(comparison)
        return self._agreeing[mrn]

    def akin(self, patient: Patient) -> tuple[Comparison, ...]:
        """The candidates who share birth date or name with a candidate, most bits first; itself too."""
        places = {at for shared in shared_by_one_person(patient) for at in self._sharing[shared]}
        return tuple(self.compared[at] for at in sorted(places))


def all_vetoes(chosen: Ranked, situation: Situation) -> tuple[Veto, ...]:
    """Every veto against filing to `chosen`, gravest first."""
    comparison, comparer = chosen.comparison, situation.comparer
    return _distinct(
        (
            *numbers_of_another(comparison, situation),
            *contradictions(comparison),
            *_two_doubts(comparison),
            *another_identity(comparison, situation),
            *_only_another_role(comparison, comparer),
            *_temporary(comparison),
            *_inactive(comparison.patient),
            *_rivals(comparison, situation),
            *_too_few(comparison),
            *_below_threshold(chosen, comparer),
        )
    )


def contradictions(comparison: Comparison) -> Iterator[Veto]:
    """Readings that differ beyond what their certainty allows; badly read ones count only beside others: in two
    fields, or in both the family and the given name of a reading that is somebody's name.
    """
    parts = {contradiction.level.part for contradiction in comparison.contradictions}
    for contradiction in comparison.contradictions:
        name = explain.veto_for(contradiction.level.part)
        stands = contradiction.hard or len(parts) > 1
        if name and stands and not _forgiven(contradiction, comparison):
            yield Veto(name=name, reason=explain.contradiction_reason(contradiction, comparison.patient))


def _two_doubts(comparison: Comparison) -> Iterator[Veto]:
    """A short form of the first name *and* an MRN one character off, or the patient's only by an alternative: twins
    and the next in the queue at registration have that, and one of the two alone would be forgiven."""
    given, mrn = comparison.of(Part.GIVEN_NAME), comparison.of(Part.MRN)
    if given is None or mrn is None:
        return
    doubtful = mrn.alternative is not None or mrn.level.key in _SLIPS
    if given.level.key in _OTHER_FORMS and doubtful:
        yield Veto(name=VetoName.MRN_CONTRADICTS, reason=explain.two_doubts_reason(mrn, given, comparison.patient))


def _forgiven(contradiction: Contradiction, comparison: Comparison) -> bool:
    """A name that changed or was registered with a slip, while everything else agrees to the letter."""
    if contradiction.beside or not (comparison.exact(Part.MRN) and comparison.exact(Part.BIRTH_DATE)):
        return False
    slip = contradiction.level.key in _SLIPS
    match contradiction.level.part:
        case Part.FAMILY_NAME:  # married since, unless the surname was read for certain or stands there too
            married = not contradiction.certain and not comparison.agrees(Part.FAMILY_NAME)
            return comparison.agrees(Part.GIVEN_NAME) and (slip or married)
        case Part.GIVEN_NAME:
            return comparison.agrees(Part.FAMILY_NAME) and slip
        case _:
            return False


def numbers_of_another(comparison: Comparison, situation: Situation) -> Iterator[Veto]:
    """MRNs and account numbers on the paper that are another patient's and not this one's."""
    patient = comparison.patient
    own = own_mrns(patient)
    accounts = tuple(map(normalise_identifier, patient.account_numbers))
    mrns = situation.comparer.query.mrns
    slip = situation.comparer.policy.slip_onto_another
    if any(read.form in own and read.surety is Surety.CERTAIN for read in mrns):
        slip = max(slip, Surety.ORDINARY)  # the patient's own MRN stands there too, and was read for certain
    elif not (comparison.name_agrees and comparison.exact(Part.BIRTH_DATE)):
        slip = min(slip, Surety.WEAK)
    for claim in situation.mrn_claims:
        if claim.owner.patient.mrn == patient.mrn or _excused(claim, own, slip):
            continue
        shown, owner = claim.read.reading.value, claim.owner.patient
        reason = explain.of_another_reason("MRN", shown, owner, patient)
        yield Veto(name=VetoName.MRN_OF_ANOTHER, reason=reason, other_mrn=owner.mrn)
    for claim in situation.account_claims:
        if claim.read.surety is Surety.NOISE or claim.read.form in (*own, *accounts):
            continue
        shown, owner = claim.read.reading.value, claim.owner.patient
        reason = explain.of_another_reason("account number", shown, owner, patient)
        yield Veto(name=VetoName.ACCOUNT_OF_ANOTHER, reason=reason, other_mrn=owner.mrn)


def _excused(claim: Claim, mrns: Sequence[str], slip: Surety) -> bool:
    """The number is the chosen patient's own, or so badly read that it likelier is.

    `slip`: how surely a number may have been read that is one look-alike character off the patient's own.
    """
    levels = [number_level(claim.read.form, mrn) for mrn in mrns]
    own = next((level for level in LEVELS_OF[Part.MRN] if level in levels), None)
    if own == "exact" or claim.read.surety is Surety.NOISE:
        return True
    if own == "leading_zeros":
        return not claim.exact
    # Something else on the paper may speak for the number's owner.
    if claim.owner.name_agrees or claim.owner.exact(Part.BIRTH_DATE):
        return False
    return own in ("lookalike", "one_lookalike") and claim.read.surety <= slip


def another_identity(comparison: Comparison, situation: Situation) -> Iterator[Veto]:
    """Two or more identifiers on the paper are another patient's and not this one's, however badly read.

    Counted reading by reading: what both share (a twin's birth date, a namesake's name) says nothing.
    """
    if situation.comparer.query.single:
        return
    own = situation.agreeing(comparison)
    for other in situation.compared:
        if other.patient.mrn == comparison.patient.mrn:
            continue
        fields = sorted({field for field, _ in situation.agreeing(other) - own})
        if len(fields) > 1 and not may_be_one_person(comparison.patient, other.patient):
            reason = explain.another_identity_reason(comparison.patient, other.patient, fields)
            yield Veto(name=VetoName.ANOTHER_IDENTITY, reason=reason, other_mrn=other.patient.mrn)


def _only_another_role(comparison: Comparison, comparer: Comparer) -> Iterator[Veto]:
    if comparison.name_agrees:
        return
    names = comparer.query.names
    if names and all(read.form.provider for read in names):
        yield Veto(name=VetoName.ONLY_ANOTHER_ROLE, reason=explain.only_provider_reason(names[0].reading.value))
    for read in comparer.query.other_names:
        if comparer.name_match(read.form, comparison.patient).agrees:
            yield Veto(name=VetoName.ONLY_ANOTHER_ROLE, reason=explain.other_role_reason(comparison.patient))


def _temporary(comparison: Comparison) -> Iterator[Veto]:
    if not comparison.temporary_name:
        return
    given = comparison.of(Part.GIVEN_NAME)
    same = given is not None and given.level.key == "temporary_same"
    if not (same and comparison.exact(Part.MRN)):
        yield Veto(name=VetoName.TEMPORARY_IDENTITY, reason=explain.temporary_reason(comparison.patient))


def _inactive(patient: Patient) -> Iterator[Veto]:
    if not patient.active:
        yield Veto(name=VetoName.INACTIVE, reason=explain.inactive_reason(patient))


def _rivals(comparison: Comparison, situation: Situation) -> Iterator[Veto]:
    patient, named = comparison.patient, comparison.exact(Part.MRN)
    least = comparison.bits - situation.comparer.policy.rival_margin_bits
    close = [other for other in situation.compared if other.bits > least]
    akin = [other for other in situation.akin(patient) if other is not comparison]
    # Of one person's registrations only the MRN itself selects one, however much else agrees.
    doubled = [o for o in akin if (not named or o.bits > least) and may_be_one_person(patient, o.patient)]
    strangers = (o for o in close if o is not comparison and not any(o is double for double in doubled))
    for found, name, reason in (
        (next(iter(doubled), None), VetoName.DUPLICATE_REGISTRATION, explain.duplicate_reason),
        (next(strangers, None), VetoName.RIVAL, explain.rival_reason),
    ):
        if found is not None:
            yield Veto(name=name, reason=reason(patient, found.patient), other_mrn=found.patient.mrn)


def _too_few(comparison: Comparison) -> Iterator[Veto]:
    agreeing = comparison.agreements()
    if len(agreeing) > 1 and not comparison.agreements_as_read():
        yield Veto(name=VetoName.TOO_FEW_IDENTIFIERS, reason=explain.only_alternatives_reason(agreeing))
    elif len(agreeing) < ENOUGH_TO_FILE:
        yield Veto(name=VetoName.TOO_FEW_IDENTIFIERS, reason=explain.too_few_reason(agreeing))
    elif _only_a_short_form(comparison, agreeing):
        reason = explain.short_form_reason(comparison.patient)
        yield Veto(name=VetoName.TOO_FEW_IDENTIFIERS, reason=reason)


def _only_a_short_form(comparison: Comparison, agreeing: Sequence[Field]) -> bool:
    """A short form of the first name with the birth date, and nothing that a sister or twin would not share.

    Short forms are many people's (Jon, Cathy, Billy): such a name is half an identifier.
    """
    given = comparison.of(Part.GIVEN_NAME)
    if given is None or given.level.key != "nickname" or set(agreeing) != {Field.NAME, Field.BIRTH_DATE}:
        return False
    middle, phone = comparison.of(Part.MIDDLE_NAME), comparison.of(Part.PHONE)
    supported = any(part is not None and part.bits > 0 for part in (middle, phone))
    return not supported


def _below_threshold(chosen: Ranked, comparer: Comparer) -> Iterator[Veto]:
    threshold = comparer.policy.threshold
    if chosen.probability < threshold:
        reason = explain.threshold_reason(chosen.probability, threshold)
        yield Veto(name=VetoName.BELOW_THRESHOLD, reason=reason)


def _distinct(found: Sequence[Veto]) -> tuple[Veto, ...]:
    # One sentence for each name is enough at a desk: a common name has dozens of rivals.
    first: dict[VetoName, Veto] = {}
    for veto in found:
        first.setdefault(veto.name, veto)
    return tuple(first.values())
