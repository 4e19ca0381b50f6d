"""Cases met in simulation: differences that are forgiven alone and not together; relatives on badly read pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from matchers import Identifiers, Outcome, Patient, Reading, VetoName
from matchers.compare_values import birth_date_level
from matchers.readings import DateForm
from matchers.same_person import may_be_one_person
from tests.unit.matchers.clinic import Clinic

MAKE = Callable[..., Clinic]
JOE = Patient(mrn="2001635", last_name="Clark", first_name="Joe", birth_date=date(1992, 12, 29))


def test_a_twin_with_a_short_form_of_the_name_and_the_next_mrn_is_somebody_else(clinic_of: MAKE) -> None:
    clinic = clinic_of(JOE)
    decision = clinic.decide(name="CLARK, JOSEPH", birth_date="12/29/1992", mrn="2001637")
    assert decision.outcome is Outcome.REVIEW
    assert VetoName.MRN_CONTRADICTS in {veto.name for veto in decision.candidates[0].vetoes}
    assert "JOSEPH" in " ".join(decision.reasons)


@pytest.mark.parametrize(("name", "mrn"), [("CLARK, JOSEPH", "2001635"), ("CLARK, JOE", "2001637")])
def test_one_of_the_two_alone_is_forgiven(clinic_of: MAKE, name: str, mrn: str) -> None:
    decision = clinic_of(JOE).decide(name=name, birth_date="12/29/1992", mrn=mrn)
    assert (decision.outcome, decision.mrn) == (Outcome.FILE, "2001635"), decision.reasons


def page(weak_name: str) -> Identifiers:
    return Identifiers(
        names=(Reading(value="CLARK, JOE"), Reading(value=weak_name, certainty=0.44)),
        birth_dates=(Reading(value="12/29/1992"),),
        mrns=(Reading(value="2001635"),),
    )


def test_a_badly_read_relative_is_a_relative(clinic_of: MAKE) -> None:
    decision = clinic_of(JOE).judge(page("CLARK, KATHLINE"))
    assert decision.outcome is Outcome.REVIEW
    assert VetoName.GIVEN_NAME_CONTRADICTS in {veto.name for veto in decision.candidates[0].vetoes}


@pytest.mark.parametrize("noise", ["CLARK, JOF", "CLRK J0E", "Cl4rk, J.", "C1ARK JQE", "xx CLARK"])
def test_a_badly_read_own_name_is_no_relative(clinic_of: MAKE, noise: str) -> None:
    decision = clinic_of(JOE).judge(page(noise))
    assert decision.outcome is Outcome.FILE, decision.reasons


@pytest.mark.parametrize(
    ("digits", "level"),
    [
        ("10121983", "lookalike"),  # 10-12-1983 with a stray stroke is that day, not 10-13 with a damaged digit
        ("10131983", "exact"),
        ("19831013", "exact"),
        ("10431983", "damaged"),
    ],
)
def test_eight_digits_that_are_a_date_are_that_date(digits: str, level: str) -> None:
    born = date(1983, 10, 13)
    assert birth_date_level(DateForm(dates=(), digits=digits), born) == level


def test_a_registration_with_the_names_the_wrong_way_round_is_a_possible_duplicate() -> None:
    turned = Patient(mrn="2001640", last_name="Joe", first_name="Clark", birth_date=JOE.birth_date)
    assert may_be_one_person(JOE, turned)
    assert may_be_one_person(turned, JOE)
    assert not may_be_one_person(JOE, replace(turned, birth_date=date(1950, 1, 1)))


def test_a_short_form_and_a_birth_date_are_too_few(clinic_of: MAKE) -> None:
    cathy = Patient(
        mrn="2001644",
        last_name="Gritton",
        first_name="Cathy",
        middle_name="Sue",
        birth_date=date(1981, 4, 15),
        phones=("4105550123",),
        address="705 Elm Street",
    )
    clinic = clinic_of(cathy)
    short = {"name": "GRITTON, KATHY", "birth_date": "04/15/1981"}
    decision = clinic.decide(**short, address="705 Elm St")
    assert decision.outcome is Outcome.REVIEW
    assert "short form" in " ".join(decision.reasons)
    for more in (
        {"name": "GRITTON, KATHY S"},
        {"phone": "410-555-0123"},
        {"mrn": "2001644"},
        {"name": "GRITTON, CATHY"},
    ):
        assert clinic.decide(**short | more).outcome is Outcome.FILE, more


@pytest.mark.parametrize(
    ("beside", "certainty", "veto"),
    [
        ("CLARK, ANN", 0.45, VetoName.GIVEN_NAME_CONTRADICTS),
        ("Kidder, Marie", 0.5, VetoName.FAMILY_NAME_CONTRADICTS),
        ("BABY GIRL CLARK", 0.9, VetoName.TEMPORARY_IDENTITY),
    ],
)
def test_another_name_beside_the_clear_one_is_somebody_else(
    clinic_of: MAKE, beside: str, certainty: float, veto: VetoName
) -> None:
    paper = page(beside)
    shown = replace(paper, names=(paper.names[0], Reading(value=beside, certainty=certainty)))
    decision = clinic_of(JOE).judge(shown)
    assert decision.outcome is Outcome.REVIEW
    assert veto in {found.name for found in decision.candidates[0].vetoes}


def test_a_like_sounding_name_beside_the_clear_one_is_no_slip_for_it(clinic_of: MAKE) -> None:
    georgia = Patient(mrn="2001646", last_name="Dingus", first_name="Georgia", birth_date=date(1945, 4, 26))
    clinic, born = clinic_of(georgia), (Reading(value="04/26/1945"),)
    mrns = (Reading(value="2001646"),)
    clear, other = Reading(value="DINGUS, GEORGIA"), Reading(value="DINGUS, GEORGE")
    assert clinic.judge(Identifiers(names=(other,), birth_dates=born, mrns=mrns)).mrn == "2001646"
    both = clinic.judge(Identifiers(names=(clear, other), birth_dates=born, mrns=mrns))
    assert VetoName.GIVEN_NAME_CONTRADICTS in {veto.name for veto in both.candidates[0].vetoes}


def test_a_damaged_date_agrees_only_where_it_can_mean_few_dates(clinic_of: MAKE) -> None:
    joe = {"name": "CLARK, JOE"}
    clinic = clinic_of(replace(JOE, birth_date=date(1975, 2, 25)))
    assert clinic.decide(**joe, birth_date="2/75/1975").outcome is Outcome.FILE
    assert clinic.decide(**joe, birth_date="02/2/1975").outcome is Outcome.REVIEW
    # A lost digit in the footer's copy of a date says no more than the whole date.
    whole, damaged = Reading(value="02-21-1975"), Reading(value="02-21-975", certainty=0.7)
    paper = Identifiers(names=(Reading(value="CLARK, JOE"),), birth_dates=(whole, damaged))
    assert clinic.judge(paper).outcome is Outcome.REVIEW
