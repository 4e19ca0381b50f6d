"""Weights from documents: what was drawn is found again, decisions anchor it, and nothing moves unsafely."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchers import Identifiers, Patient, PatientIndex, Reading, load_policy
from matchers.estimate import MISSING
from matchers.levels import LEVELS_OF, NEARER_FIRST, Part
from matchers.reweigh import FEWEST_DECIDED, LevelWeight, Reweighing, Verdict, reweigh
from matchers.sampling import MOST_LEVELS, PARTS, UNDECIDED, Sample, Sampler
from tests.unit.matchers.clinic import background

POLICY = load_policy()
SUSPECTS = 3


def row(part: Part) -> int:
    return PARTS.index(part)


def place(part: Part, key: str) -> int:
    return LEVELS_OF[part].index(key)


def of(found: Reweighing, part: Part, key: str) -> LevelWeight:
    (one,) = (one for one in found.levels if (one.level.part, one.level.key) == (part, key))
    return one


def sample(
    documents: int,
    shown: dict[Part, dict[str, float]],
    strangers: dict[Part, dict[str, int]],
    *,
    decided: float = 1.0,
    people: int = 100_000,
    usual_bits: dict[Part, float] | None = None,
    seed: int = 3,
) -> Sample:
    """Documents whose person shows each part's levels with these shares, beside suspects drawn as `strangers`."""
    rng = np.random.default_rng(seed)
    levels = np.full((documents, SUSPECTS, len(PARTS)), MISSING, np.int8)
    met = np.zeros((len(PARTS), MOST_LEVELS), np.int64)
    for part, shares in shown.items():
        met[row(part), [place(part, key) for key in strangers[part]]] = list(strangers[part].values())
        u = met[row(part)] / met[row(part)].sum()
        keys = rng.choice(list(shares), documents, p=list(shares.values()))
        levels[:, 0, row(part)] = [place(part, key) for key in keys]
        levels[:, 1:, row(part)] = rng.choice(MOST_LEVELS, (documents, SUSPECTS - 1), p=u)
    return Sample(
        levels=levels,
        shifts=np.zeros(levels.shape, np.float32),
        suspects=np.full(documents, SUSPECTS),
        decided=np.where(rng.random(documents) < decided, 0, UNDECIDED),
        strangers=met,
        usual_bits=usual_bits or {},
        people=people,
    )


SHOWN: dict[Part, dict[str, float]] = {
    Part.FAMILY_NAME: {"exact": 0.9, "lookalike": 0.07, "different": 0.03},
    Part.BIRTH_DATE: {"exact": 0.94, "one_digit": 0.02, "different": 0.04},
    Part.ADDRESS: {"exact": 0.7, "near": 0.1, "different": 0.2},
    Part.SEX: {"exact": 0.97, "different": 0.03},
}
STRANGERS = {
    Part.FAMILY_NAME: {"exact": 400, "lookalike": 100, "different": 399_500},
    Part.BIRTH_DATE: {"exact": 20, "one_digit": 800, "different": 399_180},
    Part.ADDRESS: {"exact": 40, "near": 30, "different": 399_930},
    Part.SEX: {"exact": 200_000, "different": 200_000},
}


@pytest.mark.parametrize(("decided", "within"), [(1.0, 0.35), (0.15, 0.6)])
def test_what_was_drawn_is_found_again_with_few_decisions_too(decided: float, within: float) -> None:
    found = reweigh(sample(4000, SHOWN, STRANGERS, decided=decided), POLICY)

    expected = {
        (Part.BIRTH_DATE, "one_digit"): np.log2(0.02 / 0.002),
        (Part.BIRTH_DATE, "different"): np.log2(0.04 / 0.999),
        (Part.ADDRESS, "exact"): np.log2(0.7 / 1e-4),
        (Part.ADDRESS, "different"): np.log2(0.2),
        (Part.SEX, "exact"): np.log2(0.97 / 0.5),
        (Part.SEX, "different"): np.log2(0.03 / 0.5),
    }
    for (part, key), bits in expected.items():
        one = of(found, part, key)
        assert one.estimated_bits == pytest.approx(bits, abs=within), key
        assert (one.verdict, one.bits) == (Verdict.ESTIMATED, one.estimated_bits)
    assert (found.documents, found.lacking) == (4000, 0)


def test_people_who_were_picked_for_their_name_teach_nothing_false() -> None:
    """Suspects bear the name on the paper because they were looked for by it; nobody decided."""
    drawn = sample(2000, SHOWN, STRANGERS, decided=0.0)
    drawn.levels[:, 1:, row(Part.FAMILY_NAME)] = place(Part.FAMILY_NAME, "exact")
    found = reweigh(drawn, POLICY)
    assert of(found, Part.BIRTH_DATE, "different").estimated_bits == pytest.approx(np.log2(0.04), abs=0.6)
    assert of(found, Part.ADDRESS, "different").estimated_bits == pytest.approx(np.log2(0.2), abs=0.3)


def test_a_decision_outweighs_what_the_paper_looks_like() -> None:
    drawn = sample(400, SHOWN, STRANGERS)
    found = reweigh(replace(drawn, decided=np.full(400, 1)), POLICY)
    assert of(found, Part.SEX, "different").same_person == pytest.approx(200, abs=40)


def test_too_few_pairs_of_either_kind_keep_the_bits() -> None:
    rare = SHOWN | {Part.SEX: {"exact": 0.999, "different": 0.001}}
    seldom = STRANGERS | {Part.ADDRESS: {"exact": 19, "near": 30, "different": 399_951}}
    found = reweigh(sample(2000, rare, seldom), POLICY)
    for part, key in ((Part.SEX, "different"), (Part.ADDRESS, "exact")):
        one = of(found, part, key)
        assert (one.verdict, one.bits) == (Verdict.TOO_FEW, one.level.bits)
        assert one.estimated_bits is not None
    assert of(found, Part.PHONE, "exact").estimated_bits is None


def test_no_level_changes_sides() -> None:
    turned = SHOWN | {Part.SEX: {"exact": 0.3, "different": 0.7}}
    found = reweigh(sample(2000, turned, STRANGERS), POLICY)
    for key in ("exact", "different"):
        one = of(found, Part.SEX, key)
        assert (one.verdict, one.bits) == (Verdict.SIGN, one.level.bits)
        assert one.estimated_bits is not None
        assert one.estimated_bits * one.level.bits < 0


def test_no_farther_level_outweighs_a_nearer_one() -> None:
    turned = STRANGERS | {Part.ADDRESS: {"exact": 4_000, "near": 20, "different": 395_980}}
    found = reweigh(sample(2000, SHOWN, turned), POLICY)
    for key in ("exact", "near"):
        one = of(found, Part.ADDRESS, key)
        assert (one.verdict, one.bits) == (Verdict.ORDER, one.level.bits)
    assert of(found, Part.ADDRESS, "different").verdict is Verdict.ESTIMATED


def test_levels_that_follow_the_population_stay_the_measure_of_their_neighbours() -> None:
    """A name as rare as 1 in 1024 is usual here: what a look-alike says is stated against the 10.5 declared."""
    found = reweigh(sample(4000, SHOWN, STRANGERS, usual_bits={Part.FAMILY_NAME: 10.0}), POLICY)
    exact, lookalike = of(found, Part.FAMILY_NAME, "exact"), of(found, Part.FAMILY_NAME, "lookalike")
    assert (exact.verdict, exact.bits, exact.estimated_bits) == (Verdict.POPULATION, exact.level.bits, 10.0)
    assert lookalike.estimated_bits == pytest.approx(np.log2(0.07 / 2.5e-4) + exact.level.bits - 10.0, abs=0.2)


def test_what_says_nothing_by_rule_says_nothing() -> None:
    accounts = {Part.ACCOUNT_NUMBER: {"exact": 0.6, "unknown": 0.4}}
    met = {Part.ACCOUNT_NUMBER: {"exact": 0, "unknown": 1000}}
    one = of(reweigh(sample(2000, accounts, met), POLICY), Part.ACCOUNT_NUMBER, "unknown")
    assert (one.verdict, one.bits) == (Verdict.SILENT, 0.0)


@pytest.mark.parametrize(("others", "u"), [(0, 1e-5), (50, 50 / (2000 * 100_000))])
def test_a_number_that_no_stranger_bears_is_one_of_all_people(others: int, u: float) -> None:
    numbers = {Part.MRN: {"exact": 1.0}}
    drawn = sample(2000, numbers, {Part.MRN: {"different": 1000}})
    drawn.levels[:others, 1, row(Part.MRN)] = place(Part.MRN, "exact")
    one = of(reweigh(drawn, POLICY), Part.MRN, "exact")
    assert one.estimated_bits == pytest.approx(min(20.0, np.log2(1 / u)), abs=0.1)
    assert one.strangers == (others or None)


def test_an_empty_sample_changes_nothing_and_says_what_is_lacking() -> None:
    found = reweigh(sample(0, {}, {}), POLICY)
    assert (found.documents, found.decided, found.lacking, found.changed) == (0, 0, FEWEST_DECIDED, ())


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.integers(0, 600), st.floats(0, 1))
def test_whatever_is_found_sides_order_and_silence_hold(seed: int, documents: int, decided: float) -> None:
    rng = random.Random(seed)

    def shares(part: Part) -> dict[str, float]:
        weights = [rng.random() ** 4 for _ in LEVELS_OF[part]]
        return {key: weight / sum(weights) for key, weight in zip(LEVELS_OF[part], weights, strict=True)}

    shown = {part: shares(part) for part in PARTS}
    met = {part: {key: int(400_000 * share) + 1 for key, share in shares(part).items()} for part in PARTS}
    found = reweigh(sample(documents, shown, met, decided=decided, seed=seed), POLICY)
    new = {(one.level.part, one.level.key): one for one in found.levels}
    assert len(new) == sum(map(len, LEVELS_OF.values()))
    for one in new.values():
        assert one.bits * one.level.bits > 0 or one.bits == one.level.bits == 0
    for part, chains in NEARER_FIRST.items():
        for chain in chains:
            bits = [new[part, key].bits for key in chain]
            assert bits == sorted(bits, reverse=True)


def test_the_shipped_weights_stand_in_order() -> None:
    for part, chains in NEARER_FIRST.items():
        for chain in chains:
            bits = [POLICY.level(part, key).bits for key in chain]
            assert bits == sorted(bits, reverse=True), (part, chain)


# -- from paper


def paper(patient: Patient, **more: Any) -> Identifiers:
    values: dict[str, Any] = {
        "names": (Reading(value=f"{patient.last_name}, {patient.first_name}"),),
        "birth_dates": (Reading(value=patient.birth_date.isoformat()),),
        "mrns": (Reading(value=patient.mrn),),
    }
    return Identifiers(**(values | more))


def sampled(documents: list[tuple[Identifiers, Patient | None]]) -> Sample:
    people = background()
    index = PatientIndex.of(people)
    sampler = Sampler(POLICY, index.population, people[::10], strangers_each=20)
    for identifiers, person in documents:
        sampler.add(identifiers, index.candidates(identifiers), person)
    return sampler.sample()


def test_a_document_comes_with_its_suspects_and_strangers() -> None:
    one, other = background()[17], background()[400]
    found = sampled([(paper(one), None), (paper(one), other), (Identifiers(), one)])
    assert found.levels.shape[:1] == (2,)
    assert found.decided[0] == UNDECIDED
    assert found.levels[0, 0, row(Part.MRN)] == place(Part.MRN, "exact")
    assert found.levels[1, found.decided[1], row(Part.FAMILY_NAME)] != place(Part.FAMILY_NAME, "exact")
    assert found.strangers[row(Part.BIRTH_DATE)].sum() == 40
    assert found.people == 900
    assert set(found.usual_bits) == {Part.FAMILY_NAME, Part.GIVEN_NAME, Part.BIRTH_DATE}


def test_a_rare_name_is_a_shift_and_no_weight() -> None:
    one = background()[17]
    found = sampled([(paper(one), one)])
    bits = found.shifts[0, 0, row(Part.FAMILY_NAME)] + POLICY.level(Part.FAMILY_NAME, "exact").bits
    assert bits == pytest.approx(found.usual_bits[Part.FAMILY_NAME], abs=0.5)
    assert found.shifts[0, 0, row(Part.MRN)] == 0.0


def test_the_same_documents_make_the_same_weights() -> None:
    documents: list[tuple[Identifiers, Patient | None]] = [(paper(p), p) for p in background()[::4]]
    one, other = (reweigh(sampled(documents), POLICY) for _ in range(2))
    assert one == other


def test_documents_that_stand_for_others_count_as_often_and_prove_no_more() -> None:
    drawn = sample(400, SHOWN, STRANGERS)
    each = np.where(np.arange(400) < 40, 10.0, 1.0)
    plain, ones = reweigh(drawn, POLICY), reweigh(replace(drawn, stands_for=np.ones(400)), POLICY)
    assert plain == ones
    heavy = reweigh(replace(drawn, stands_for=each), POLICY)
    repeated = replace(
        drawn,
        levels=np.repeat(drawn.levels, each.astype(int), 0),
        shifts=np.repeat(drawn.shifts, each.astype(int), 0),
        suspects=np.repeat(drawn.suspects, each.astype(int), 0),
        decided=np.repeat(drawn.decided, each.astype(int), 0),
    )
    copied = reweigh(repeated, POLICY)
    for part, key in ((Part.SEX, "exact"), (Part.ADDRESS, "exact"), (Part.FAMILY_NAME, "exact")):
        assert of(heavy, part, key).estimated_bits == of(copied, part, key).estimated_bits
        # 400 documents, 40 of which are 10 each: as sure as (400 + 360)² / (4000 + 360) equal ones, about 132.
        assert of(heavy, part, key).same_person < 140 < of(plain, part, key).same_person
