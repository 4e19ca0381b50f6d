"""Changes laid over an index: the same answers as an index built anew; merged registrations; aliases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchers import Identifiers, Outcome, Patient, PatientIndex, Reading, decide, load_policy
from matchers.patient import OtherMrn, Residence
from tests.unit.matchers.clinic import Clinic, background

POLICY = load_policy()
SEVERAL = background()[::150]  # few enough that no candidate is cut off among equals
NEW = Patient(
    mrn="2500007", last_name="Okafor", first_name="Chidi", birth_date=date(1975, 8, 9), phones=("4105550123",)
)


def asked(patient: Patient) -> Identifiers:
    return Identifiers(
        names=(Reading(value=f"{patient.last_name}, {patient.first_name}"),),
        birth_dates=(Reading(value=patient.birth_date.isoformat()),),
        mrns=(Reading(value=patient.mrn),),
    )


def decided(index: PatientIndex, identifiers: Identifiers) -> object:
    return decide(
        identifiers,
        index.candidates(identifiers),
        population=index.population,
        policy=POLICY,
        generation=1,
    )


CHANGES = st.lists(
    st.tuples(
        st.integers(0, 8),
        st.sampled_from(["Okafor", "Baker", "Lopez Vega"]),
        st.sampled_from(["Chidi", "Alice", "Bo"]),
        st.dates(date(1931, 1, 1), date(1934, 1, 1)),
    ),
    max_size=2,
)


@settings(max_examples=60)
@given(CHANGES, CHANGES, st.sets(st.integers(0, 8), max_size=3))
def test_an_overlaid_index_answers_as_one_built_anew(first: list, second: list, removed: set[int]) -> None:
    present = {patient.mrn: patient for patient in SEVERAL}
    index = PatientIndex.of(SEVERAL)
    for number, changes in enumerate((first, second)):
        changed = [
            Patient(
                mrn=SEVERAL[at].mrn if at < len(SEVERAL) else str(2600000 + at),
                last_name=last,
                first_name=given_name,
                birth_date=born,
            )
            for at, last, given_name, born in changes
        ]
        gone = {SEVERAL[at].mrn if at < len(SEVERAL) else str(2600000 + at) for at in removed} if number else set()
        index = index.with_changes(changed, generation=number + 2, removed=gone)
        present |= {patient.mrn: patient for patient in changed}
        present = {mrn: patient for mrn, patient in present.items() if mrn not in gone}
    anew = PatientIndex.of(present.values())
    assert len(index) == len(anew) == len(present)
    assert index.generation == 3
    for patient in (*SEVERAL[:3], NEW, *present.values()):
        identifiers = asked(patient)
        assert {p.mrn: p for p in index.candidates(identifiers)} == {p.mrn: p for p in anew.candidates(identifiers)}
        assert decided(index, identifiers) == decided(anew, identifiers)
        assert index.patient(patient.mrn) == anew.patient(patient.mrn)
        assert set(index.search(patient.last_name, 50)) == set(anew.search(patient.last_name, 50))


def test_counts_follow_the_changes() -> None:
    index = PatientIndex.of(SEVERAL)
    changed = index.with_changes([replace(SEVERAL[0], last_name="Okafor"), NEW], generation=2)
    for population, anderson, okafor in ((index.population, 1, 0), (changed.population, 0, 2)):
        assert population.surname_count("ANDERSON") == anderson
        assert population.surname_count("OKAFOR") == okafor
    assert changed.population.birth_date_count(NEW.birth_date) == 1
    assert changed.population.issued["9999999"].highest == "2500007"
    assert changed.overlaid == 2


RETIRED = Patient(
    mrn="2500100",
    last_name="Marsh",
    first_name="Ellen",
    birth_date=date(1960, 2, 3),
    merged_into="2500200",
    active=False,
)
SURVIVOR = Patient(
    mrn="2500200",
    last_name="Whitcomb",
    first_name="Ellen",
    birth_date=date(1960, 2, 3),
    former_last_names=("Marsh",),
    other_mrns=(OtherMrn(value="2500100"), OtherMrn(value="H-77120", issuer="Mercy")),
    former_residences=(Residence(address="9 Quarry Rd", zip="21009"),),
    address="4 Elm St",
    zip="21001",
)


@pytest.fixture(scope="module")
def clinic() -> Clinic:
    return Clinic(PatientIndex.of([*background(), RETIRED, SURVIVOR]), POLICY)


def test_paper_with_a_retired_mrn_goes_to_the_survivor(clinic: Clinic) -> None:
    decision = clinic.decide(name="MARSH, ELLEN", birth_date="02/03/1960", mrn="2500100")
    assert (decision.outcome, decision.mrn) == (Outcome.FILE, "2500200"), decision.reasons
    assert [c.mrn for c in decision.candidates if c.mrn in ("2500100", "2500200")] == ["2500200"]


def test_the_retired_and_the_present_mrn_on_one_paper_are_no_two_people(clinic: Clinic) -> None:
    decision = clinic.decide(name="WHITCOMB, ELLEN", birth_date="02/03/1960", mrn=["2500200", "2500100"])
    assert (decision.outcome, decision.mrn) == (Outcome.FILE, "2500200"), decision.reasons


def test_a_retired_mrn_with_another_persons_name_is_still_another_persons(clinic: Clinic) -> None:
    decision = clinic.decide(name="Anderson, Alice", birth_date="03/04/1931", mrn="2500100")
    assert decision.outcome is Outcome.REVIEW
    assert "2500100" in " ".join(decision.reasons)


def test_a_merger_into_nobody_leaves_the_registration_as_it_is() -> None:
    index = PatientIndex.of([*background()[:9], replace(RETIRED, merged_into="999")])
    assert index.patient("2500100") == replace(RETIRED, merged_into="999")
    assert next(p.mrn for p in index.candidates(asked(RETIRED))) == "2500100"


def test_mergers_in_a_ring_end() -> None:
    one, other = replace(RETIRED, merged_into="2500200"), replace(SURVIVOR, merged_into="2500100")
    index = PatientIndex.of([*background()[:9], one, other])
    assert {p.mrn for p in index.candidates(asked(RETIRED))} >= {"2500100"}


def test_an_mrn_that_another_institution_gave_is_found_and_agrees(clinic: Clinic) -> None:
    decision = clinic.decide(name="Whitcomb, Ellen", mrn="H77120", mrn_label="Mercy outside MRN")
    assert (decision.outcome, decision.mrn) == (Outcome.FILE, "2500200"), decision.reasons
    assert "another institution" in " ".join(field.level for field in decision.candidates[0].fields)


def test_a_former_address_supports(clinic: Clinic) -> None:
    for line, level in (("9 Quarry Road", "street and house number agree"), ("77 Nowhere Ct", "another address")):
        decision = clinic.decide(name="Whitcomb, Ellen", address=line, zip="21009")
        shown = {field.field.value: field.level for field in decision.candidates[0].fields}
        assert shown["address"] == level
