"""Candidates in, decision out: file, ask a person, or nobody. Pure and total.

Filing needs a posterior above the threshold *and* no veto: two person-specific identifiers agree,
nothing well read contradicts, no rival is near.

More candidates never turn a review into a filing to anybody who was a candidate before, and less
evidence never turns a review into a filing. Evidence for a patient is what one field says when

- taking all its readings away weakens that patient, in every part of the comparison, at least as much
  as any other candidate (what supports somebody else more is evidence against the patient), and
- none of them raises a veto against the patient: taking a contradiction away, a stand-in for a name,
  or somebody else's number is no loss of evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from matchers import explain
from matchers.compare import Comparer
from matchers.decision import Candidate, Decision, Outcome, Veto
from matchers.evidence import Comparison
from matchers.levels import Part
from matchers.patient import Field, Identifiers, Patient
from matchers.population import Population
from matchers.posterior import posterior
from matchers.readings import prepare, without_echoes
from matchers.vetoes import Ranked, Situation, all_vetoes, another_identity, contradictions, numbers_of_another
from matchers.weights import Policy


def decide(
    identifiers: Identifiers,
    candidates: Sequence[Patient],
    *,
    population: Population,
    policy: Policy,
    generation: int,
) -> Decision:
    """Which of `candidates` the identifiers mean, and whether that is certain enough to act on.

    `candidates` come from `PatientIndex.candidates`; their order does not matter. `generation` is
    the index's, for replay. Never raises on what paper may say.
    """

    def decided(outcome: Outcome, reasons: tuple[str, ...], shown: tuple[Candidate, ...]) -> Decision:
        return Decision(
            outcome=outcome,
            mrn=shown[0].mrn if outcome is Outcome.FILE else None,
            probability=shown[0].probability if shown else None,
            reasons=reasons,
            candidates=shown,
            index_generation=generation,
            fingerprint=policy.fingerprint,
            threshold=policy.threshold,
        )

    query = prepare(identifiers, population=population, policy=policy)
    if query.empty:
        return decided(Outcome.NONE, (explain.NOTHING_USABLE,), ())
    comparer = Comparer.of(query, policy=policy, population=population)
    ranked = rank(resolved([comparer.compare(patient) for patient in candidates]), population, policy)
    if not ranked or not any(_comes_near(r, policy) for r in ranked):
        return decided(Outcome.NONE, (explain.NOBODY_NEAR,), ())
    situation = Situation.of(comparer, [r.comparison for r in ranked])
    suspects = ranked[: policy.shown_candidates]
    shown = tuple(_candidate(suspect, all_vetoes(suspect, situation)) for suspect in suspects)
    if shown[0].vetoes:
        return decided(Outcome.REVIEW, tuple(veto.reason for veto in shown[0].vetoes), shown)
    reasons = explain.filing_reasons(ranked[0].comparison, ranked[0].probability)
    return decided(Outcome.FILE, reasons, shown)


def rank(compared: Sequence[Comparison], population: Population, policy: Policy) -> tuple[Ranked, ...]:
    """The comparisons with their probabilities, best first; ties in the order of their MRNs."""
    # Sorted first: sums of floating point numbers depend on their order, decisions must not.
    compared = sorted(compared, key=lambda c: (-c.bits, c.patient.mrn))
    believed = posterior(compared, people=population.size, policy=policy)
    return tuple(
        Ranked(
            comparison=comparison,
            probability=believed.probabilities[at],
            people=believed.people,
            prior_bits=believed.prior_bits,
            against_unknown_bits=believed.against_unknown_bits[at],
            odds_bits=believed.odds_bits[at],
        )
        for at, comparison in enumerate(compared)
    )


def holds_against(
    identifiers: Identifiers,
    patient: Patient,
    *,
    population: Population,
    policy: Policy,
    owners: Sequence[Patient],
    document: Identifiers | None = None,
) -> tuple[Veto, ...]:
    """What one page's own identifiers say against a patient chosen for its document; () when nothing.

    `owners` are the patients that the page's numbers may belong to (`PatientIndex.candidates` of the
    page); a registration merged into the patient's is the patient too. Badly read values do not contradict
    by themselves; missing ones never do. A damaged reading of the patient's name that stands clearly
    elsewhere in the `document` is that name again.
    """
    query = prepare(identifiers, population=population, policy=policy)
    comparer = Comparer.of(query, policy=policy, population=population)
    if document is not None:
        whole = prepare(document, population=population, policy=policy)
        clear = [name for name in whole.names if comparer.name_match(name.form, patient).agrees]
        query = replace(query, names=without_echoes(query.names, clear))
        comparer = Comparer.of(query, policy=policy, population=population)
    comparison, *others = resolved(map(comparer.compare, (patient, *owners)))
    situation = Situation.of(comparer, (comparison, *others))
    return (
        *numbers_of_another(comparison, situation),
        *contradictions(comparison),
        *another_identity(comparison, situation),
    )


def agreeing_fields(
    identifiers: Identifiers,
    patient: Patient,
    *,
    population: Population,
    policy: Policy,
    owners: Sequence[Patient],
) -> frozenset[Field]:
    """In which person-specific identifiers one page's own are a patient's; `owners` as for `holds_against`."""
    comparer = Comparer.of(
        prepare(identifiers, population=population, policy=policy), policy=policy, population=population
    )
    return frozenset(resolved(map(comparer.compare, (patient, *owners)))[0].agreements())


def lives_elsewhere(identifiers: Identifiers, patient: Patient, *, population: Population, policy: Policy) -> bool:
    """Whether a page gives a phone and an address, and both are others than the patient's."""
    query = prepare(identifiers, population=population, policy=policy)
    comparison = Comparer.of(query, policy=policy, population=population).compare(patient)
    told = [comparison.of(part) for part in (Part.PHONE, Part.ADDRESS)]
    return all(one is not None and one.level.key == "different" for one in told)


def _comes_near(ranked: Ranked, policy: Policy) -> bool:
    comparison = ranked.comparison
    named = any(comparison.agrees_as_read(part) for part in (Part.MRN, Part.ACCOUNT_NUMBER))
    likely = ranked.probability >= policy.near_probability and comparison.bits >= policy.near_bits
    return named or likely


def _candidate(ranked: Ranked, vetoes: tuple[Veto, ...]) -> Candidate:
    comparison = ranked.comparison
    return Candidate(
        mrn=comparison.patient.mrn,
        probability=ranked.probability,
        weight_bits=round(comparison.bits, 3),
        fields=comparison.fields(),
        vetoes=vetoes,
        prior_bits=round(ranked.prior_bits, 3),
        odds_bits=round(ranked.odds_bits, 3),
        people=ranked.people,
        against_unknown_bits=round(ranked.against_unknown_bits, 3),
    )


def resolved(compared: Iterable[Comparison]) -> tuple[Comparison, ...]:
    """One comparison for each MRN: of a survivor's own and merged registrations the one that fits best.

    In the order in which the MRNs were first compared.
    """
    best: dict[str, Comparison] = {}
    for comparison in compared:
        known = best.get(comparison.patient.mrn)
        if known is None or comparison.bits > known.bits:
            best[comparison.patient.mrn] = comparison
    return tuple(best.values())
