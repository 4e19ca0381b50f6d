"""What holds for every decision, whatever the paper says and whoever the candidates are."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchers import (
    Alternative,
    CountedPopulation,
    Decision,
    Identifiers,
    Outcome,
    Patient,
    Policy,
    Reading,
    Sex,
    VetoName,
    decide,
    load_policy,
)
from matchers.compare import Comparer
from matchers.evidence import Comparison
from matchers.levels import Part
from matchers.readings import prepare
from tests.unit.matchers.clinic import background

POLICY: Policy = load_policy()
MRNS = ("2003456", "2003458", "2003546", "2003465", "2005000", "2007777")
SURNAMES = ("Smith", "Smyth", "Smith-Jones", "Novak", "Trauma")
GIVENS = ("John", "Jon", "Jack", "Mary", "Maria", "Mary Ann", "Baby Boy", "Robert")
DATES = (date(1962, 4, 7), date(1962, 7, 4), date(1962, 4, 9), date(1992, 4, 9), date(1980, 1, 1))

PATIENTS = st.builds(
    Patient,
    mrn=st.sampled_from(MRNS),
    last_name=st.sampled_from(SURNAMES),
    first_name=st.sampled_from(GIVENS),
    middle_name=st.sampled_from((None, "Q", "Ann", "Quincy")),
    birth_date=st.sampled_from(DATES),
    suffix=st.sampled_from((None, None, "Jr", "Sr")),
    former_last_names=st.sampled_from(((), ("Novak",))),
    sex=st.sampled_from((None, Sex.MALE, Sex.FEMALE)),
    ssn_last4=st.sampled_from((None, "4711", "4712")),
    phones=st.sampled_from(((), ("555-123-4567",))),
    address=st.sampled_from((None, "12 Oak St", "14 Oak St")),
    zip=st.sampled_from((None, "02139", "90210")),
    account_numbers=st.sampled_from(((), ("400123456",), ("400123465", "2003546"))),
    active=st.sampled_from((True, True, True, False)),
)
CANDIDATES = st.lists(PATIENTS, max_size=5, unique_by=lambda patient: patient.mrn)


CERTAINTY = st.sampled_from((None, None, None, 0.99, 0.8, 0.4, 0.1))
PLACES = st.sampled_from((None, "header", "sticker"))


def paper_about(patient: Patient) -> dict[str, list[str]]:
    """For each field, ways in which paper may print what is registered, damaged ones last."""
    born, mrn = patient.birth_date, patient.mrn
    return {
        "names": [f"{patient.last_name}, {patient.first_name}", f"{patient.first_name} {patient.last_name}",
                  patient.last_name],
        "birth_dates": [f"{born:%m/%d/%Y}", f"{born:%b %d, %Y}", f"{born:%d/%m/%Y}", f"{born:%m/99/%Y}"],
        "sexes": [patient.sex.value if patient.sex else "M"],
        "mrns": [mrn, mrn.replace("0", "O"), mrn[:-1] + "1", "400123456"],
        "account_numbers": [*patient.account_numbers, "400123465", mrn],
        "phones": [*patient.phones, "555-999-9999"],
        "ssn_last4s": [patient.ssn_last4 or "4711", "4712"],
        "addresses": [patient.address or "99 Elm", "12 Oak Street"],
        "zips": [patient.zip or "02139"],
        "other_names": [f"{patient.first_name} {patient.last_name}, MD"],
    }  # fmt: skip


@st.composite
def cases(draw: st.DrawFn) -> tuple[Identifiers, list[Patient]]:
    """A paper that is mostly about one patient, who is mostly among the candidates, with mix-ups."""
    candidates = draw(CANDIDATES)
    subject = draw(st.sampled_from(candidates) if candidates and draw(st.integers(0, 4)) else PATIENTS)
    about, other = paper_about(subject), paper_about(draw(PATIENTS))
    found = {}
    for field, values in about.items():
        shown = draw(st.sampled_from((0, 1, 1, 1, 2) if field != "other_names" else (0, 0, 0, 1)))
        readings = []
        for _ in range(shown):
            pool = values if draw(st.integers(0, 9)) else other[field]
            value = pool[0] if draw(st.integers(0, 2)) else draw(st.sampled_from(pool))
            readings.append(Reading(value=value, certainty=draw(CERTAINTY), place=draw(PLACES)))
        found[field] = tuple(readings)
    return Identifiers(**found), candidates


@st.composite
def doubtful_cases(draw: st.DrawFn) -> tuple[Identifiers, list[Patient]]:
    """The same, with alternatives for its MRNs and birth dates: often a candidate's own, often nobody's."""
    paper, candidates = draw(cases())
    people = [*candidates, draw(PATIENTS)]
    numbers = st.sampled_from([*(patient.mrn for patient in people), *MRNS, "2999999"])
    dates = st.sampled_from([*(patient.birth_date.isoformat() for patient in people), "1999-09-09", "no date"])

    def doubt(readings: tuple[Reading, ...], values: st.SearchStrategy[str]) -> tuple[Reading, ...]:
        other = st.builds(Alternative, value=values, weight=st.sampled_from((0.0, 0.01, 0.03, 0.1, 0.3, 0.9)))
        return tuple(replace(r, alternatives=tuple(draw(st.lists(other, max_size=3)))) for r in readings)

    return replace(paper, mrns=doubt(paper.mrns, numbers), birth_dates=doubt(paper.birth_dates, dates)), candidates


def as_read(paper: Identifiers) -> Identifiers:
    return replace(
        paper,
        mrns=tuple(replace(reading, alternatives=()) for reading in paper.mrns),
        birth_dates=tuple(replace(reading, alternatives=()) for reading in paper.birth_dates),
    )


CASES = cases()
DOUBTFUL = doubtful_cases()
POPULATION = CountedPopulation.of(
    [
        *background(),
        *(
            Patient(mrn=str(2000001 + n), last_name=s, first_name=g, birth_date=DATES[n % len(DATES)])
            for n, (s, g) in enumerate((s, g) for s in SURNAMES for g in GIVENS)
        ),
    ]
)
LOSABLE = (VetoName.BELOW_THRESHOLD, VetoName.TOO_FEW_IDENTIFIERS, VetoName.RIVAL, VetoName.DUPLICATE_REGISTRATION)


def judge(paper: Identifiers, candidates: list[Patient]) -> Decision:
    return decide(paper, candidates, population=POPULATION, policy=POLICY, generation=1)


@given(DOUBTFUL)
@settings(max_examples=300)
def test_a_decision_is_whole_and_a_veto_always_holds(case: tuple[Identifiers, list[Patient]]) -> None:
    paper, candidates = case
    decision = judge(paper, candidates)
    assert decision.reasons
    assert all(decision.reasons)
    assert (decision.mrn is not None) == (decision.outcome is Outcome.FILE)
    assert sum(candidate.probability for candidate in decision.candidates) <= 1.0 + 1e-9
    bits = [candidate.weight_bits for candidate in decision.candidates]
    assert bits == sorted(bits, reverse=True)
    if decision.outcome is Outcome.FILE:
        best = decision.candidates[0]
        assert (best.mrn, best.vetoes) == (decision.mrn, ())
        assert best.probability >= decision.threshold
    if decision.outcome is Outcome.REVIEW:
        assert decision.candidates[0].vetoes


@given(DOUBTFUL, st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_row_order_is_irrelevant(case: tuple[Identifiers, list[Patient]], random: object) -> None:
    paper, candidates = case
    shuffled = list(candidates)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = judge(paper, candidates), judge(paper, shuffled)
    assert (one.outcome, one.mrn) == (other.outcome, other.mrn)
    assert [c.mrn for c in one.candidates] == [c.mrn for c in other.candidates]


@given(CASES | DOUBTFUL)
@settings(max_examples=150)
def test_two_who_fit_equally_well_are_never_filed(case: tuple[Identifiers, list[Patient]]) -> None:
    paper, candidates = case
    decision = judge(paper, candidates)
    if decision.outcome is Outcome.FILE:
        best = next(patient for patient in candidates if patient.mrn == decision.mrn)
        without = replace(paper, mrns=(), account_numbers=())
        copy = replace(best, mrn="2009999")
        again = judge(without, [*candidates, copy])
        assert again.mrn not in (best.mrn, copy.mrn)


@given(CASES | DOUBTFUL, PATIENTS)
@settings(max_examples=400)
def test_a_new_rival_never_turns_review_into_file(case: tuple[Identifiers, list[Patient]], rival: Patient) -> None:
    paper, candidates = case
    known = [patient for patient in candidates if patient.mrn != rival.mrn]
    before, after = judge(paper, known), judge(paper, [*known, rival])
    if after.outcome is Outcome.FILE and after.mrn != rival.mrn:
        assert (before.outcome, before.mrn) == (Outcome.FILE, after.mrn)


@pytest.mark.parametrize("field", [field.name for field in fields(Identifiers) if field.name != "other_names"])
@given(data=st.data())
@settings(max_examples=100)
def test_taking_evidence_away_never_turns_review_into_file(field: str, data: st.DataObject) -> None:
    paper, candidates = data.draw(CASES | DOUBTFUL)
    poorer = replace(paper, **{field: ()})
    after = judge(poorer, candidates)
    if after.outcome is Outcome.FILE and is_evidence(paper, poorer, str(after.mrn), candidates):
        assert judge(paper, candidates).mrn == after.mrn


@given(DOUBTFUL)
@settings(max_examples=400)
def test_alternatives_file_only_to_whom_they_name_beside_something_read(
    case: tuple[Identifiers, list[Patient]],
) -> None:
    paper, candidates = case
    before, after = judge(as_read(paper), candidates), judge(paper, candidates)
    if after.outcome is Outcome.FILE and after.mrn != before.mrn:
        chosen = next(patient for patient in candidates if patient.mrn == after.mrn)
        named = {other.value for reading in (*paper.mrns, *paper.birth_dates) for other in reading.alternatives}
        assert named & {chosen.mrn, chosen.birth_date.isoformat()}
        assert compared(paper, chosen).agreements_as_read()
        # What stood against the patient was no more than that a doubtful value differed, or that too little agreed.
        excused = {VetoName.MRN_CONTRADICTS, VetoName.BIRTH_DATE_CONTRADICTS}
        assert raised(as_read(paper), chosen.mrn, candidates) <= excused


@given(DOUBTFUL)
@settings(max_examples=300)
def test_alternatives_weaken_nobody_and_alternatives_of_nobody_change_nothing(
    case: tuple[Identifiers, list[Patient]],
) -> None:
    paper, candidates = case
    for patient in candidates:
        plain, heard = compared(as_read(paper), patient), compared(paper, patient)
        assert heard.bits >= plain.bits
        assert set(plain.agreements()) <= set(heard.agreements())
    known = {value for patient in candidates for value in (patient.mrn, patient.birth_date.isoformat())}
    foreign = replace(
        paper,
        mrns=tuple(without(reading, known) for reading in paper.mrns),
        birth_dates=tuple(without(reading, known) for reading in paper.birth_dates),
    )
    assert judge(foreign, candidates) == judge(as_read(paper), candidates)


@given(DOUBTFUL)
@settings(max_examples=150)
def test_a_certain_reading_has_no_alternatives(case: tuple[Identifiers, list[Patient]]) -> None:
    paper, candidates = case
    certain = replace(
        paper,
        mrns=tuple(replace(reading, certainty=0.99) for reading in paper.mrns),
        birth_dates=tuple(replace(reading, certainty=0.99) for reading in paper.birth_dates),
    )
    assert judge(certain, candidates) == judge(as_read(certain), candidates)


def without(reading: Reading, values: set[str]) -> Reading:
    return replace(reading, alternatives=tuple(o for o in reading.alternatives if o.value not in values))


def is_evidence(paper: Identifiers, poorer: Identifiers, mrn: str, candidates: list[Patient]) -> bool:
    """The definition in the docstring of `decide`."""
    lost = {patient.mrn: losses(compared(paper, patient), compared(poorer, patient)) for patient in candidates}
    own = lost[mrn]
    weakens = all(own[part] >= max(0.0, *(other[part] for other in lost.values())) for part in Part)
    return weakens and raised(paper, mrn, candidates) <= raised(poorer, mrn, candidates)


def losses(before: Comparison, after: Comparison) -> dict[Part, float]:
    return {part: bits(before, part) - bits(after, part) for part in Part}


def bits(comparison: Comparison, part: Part) -> float:
    found = comparison.of(part)
    return found.bits if found else 0.0


def compared(paper: Identifiers, patient: Patient) -> Comparison:
    query = prepare(paper, population=POPULATION, policy=POLICY)
    return Comparer.of(query, policy=POLICY, population=POPULATION).compare(patient)


def raised(paper: Identifiers, mrn: str, candidates: list[Patient]) -> set[VetoName]:
    found = [candidate for candidate in judge(paper, candidates).candidates if candidate.mrn == mrn]
    return {veto.name for candidate in found for veto in candidate.vetoes if veto.name not in LOSABLE}
