"""What doubtful digits may be instead: heard where the index knows it, never beyond what the reading allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from matchers import Alternative, Decision, Identifiers, Outcome, Patient, Reading, Source, VetoName
from tests.unit.matchers.clinic import Clinic

MAKE = Callable[..., Clinic]
ANN = Patient(mrn="2004710", last_name="Novotny", first_name="Ann", birth_date=date(1962, 4, 7))
NAME = (Reading(value="NOVOTNY, ANN", certainty=0.9),)


def doubtful(read: str, *others: tuple[str, float], certainty: float | None = 0.8) -> Reading:
    alternatives = tuple(Alternative(value=value, weight=weight) for value, weight in others)
    return Reading(value=read, certainty=certainty, alternatives=alternatives)


def paper(mrn: Reading, **more: tuple[Reading, ...]) -> Identifiers:
    return Identifiers(names=NAME, mrns=(mrn,), **more)


def decided(clinic: Clinic, mrn: Reading, **more: tuple[Reading, ...]) -> Decision:
    return clinic.judge(paper(mrn, **more))


def test_the_index_settles_between_what_an_mrn_may_be(clinic_of: MAKE) -> None:
    clinic = clinic_of(ANN)
    without = decided(clinic, doubtful("6004710"))
    assert (without.outcome, clinic.vetoes(ANN.mrn, paper(doubtful("6004710")))) == (
        Outcome.REVIEW,
        {VetoName.TOO_FEW_IDENTIFIERS},
    )
    settled = decided(clinic, doubtful("6004710", ("8004710", 0.3), ("2004710", 0.25)))
    assert (settled.outcome, settled.mrn) == (Outcome.FILE, ANN.mrn)
    shown = next(field for field in settled.candidates[0].fields if field.field == "mrn")
    assert shown.query == "6004710, could be 2004710"
    assert "The MRN was read as “6004710” and could be “2004710”, as registered." in settled.reasons


def test_the_index_settles_between_birth_dates(clinic_of: MAKE) -> None:
    date_read = doubtful("01/07/1962", ("1962-04-07", 0.3))
    page = Identifiers(names=NAME, birth_dates=(date_read,))
    settled = clinic_of(ANN).judge(page)
    assert (settled.outcome, settled.mrn) == (Outcome.FILE, ANN.mrn)
    assert "could be “1962-04-07”" in " ".join(settled.reasons)


def test_a_likelier_alternative_weighs_more_and_none_as_much_as_the_value_itself(clinic_of: MAKE) -> None:
    clinic = clinic_of(ANN)
    readings = [doubtful("6004710", ("2004710", weight)) for weight in (0.05, 0.2, 0.8)] + [doubtful("2004710")]
    bits = [decided(clinic, mrn).candidates[0].weight_bits for mrn in readings]
    assert bits == sorted(set(bits))
    assert bits[1] - bits[0] == pytest.approx(2.0, abs=0.01)  # four times as likely


@pytest.mark.parametrize(("weight", "outcome"), [(0.05, Outcome.REVIEW), (0.15, Outcome.FILE)])
def test_a_faint_alternative_supports_and_is_no_agreement(clinic_of: MAKE, weight: float, outcome: Outcome) -> None:
    clinic = clinic_of(ANN)
    decision = decided(clinic, doubtful("6004710", (ANN.mrn, weight)))
    assert decision.outcome is outcome
    assert decision.candidates[0].weight_bits > decided(clinic, doubtful("6004710")).candidates[0].weight_bits


def test_what_is_hardly_possible_is_not_heard(clinic_of: MAKE) -> None:
    clinic = clinic_of(ANN)
    assert decided(clinic, doubtful("6004710", (ANN.mrn, 0.01))) == decided(clinic, doubtful("6004710"))


@pytest.mark.parametrize("source", [Source.TEXT, Source.BARCODE])
def test_a_certain_reading_allows_no_other(clinic_of: MAKE, source: Source) -> None:
    clinic = clinic_of(ANN)
    read = replace(doubtful("6004710", (ANN.mrn, 0.5), certainty=0.99), source=source)
    birth = (Reading(value="04/07/1962"),)
    assert VetoName.MRN_CONTRADICTS in clinic.vetoes(ANN.mrn, paper(read, birth_dates=birth))
    assert decided(clinic, read, birth_dates=birth).outcome is Outcome.REVIEW


def test_another_number_of_the_site_contradicts_only_if_it_can_be_nothing_else(clinic_of: MAKE) -> None:
    clinic, birth = clinic_of(ANN), (Reading(value="04/07/1962", certainty=0.9),)
    read = "2008746"  # issued here, three digits away
    assert VetoName.MRN_CONTRADICTS in clinic.vetoes(ANN.mrn, paper(doubtful(read), birth_dates=birth))
    could_be = decided(clinic, doubtful(read, (ANN.mrn, 0.15)), birth_dates=birth)
    assert (could_be.outcome, could_be.mrn) == (Outcome.FILE, ANN.mrn)


def test_a_number_that_is_another_patients_as_it_was_read_stands_against_filing(clinic_of: MAKE) -> None:
    other = replace(ANN, mrn="2004770", last_name="Stone", first_name="Mary", birth_date=date(1950, 1, 1))
    read = doubtful(other.mrn, (ANN.mrn, 0.3))
    vetoes = clinic_of(ANN, other).vetoes(ANN.mrn, paper(read, birth_dates=(Reading(value="04/07/1962"),)))
    assert VetoName.MRN_OF_ANOTHER in vetoes


def test_two_alternatives_alone_file_nothing(clinic_of: MAKE) -> None:
    clinic = clinic_of(ANN)
    page = Identifiers(
        mrns=(doubtful("6004710", (ANN.mrn, 0.4)),), birth_dates=(doubtful("01/07/1962", ("1962-04-07", 0.4)),)
    )
    decision = clinic.judge(page)
    assert decision.outcome is not Outcome.FILE
    assert VetoName.TOO_FEW_IDENTIFIERS in clinic.vetoes(ANN.mrn, page)
    assert "Birth date and MRN agree only where doubtful digits are read otherwise" in " ".join(decision.reasons)


def test_an_alternative_that_is_another_patients_files_nothing_to_them(clinic_of: MAKE) -> None:
    stranger = replace(ANN, mrn="2005555", last_name="Stone", first_name="Mary", birth_date=date(1950, 1, 1))
    clinic = clinic_of(stranger)
    decision = clinic.judge(paper(doubtful("2006555", (stranger.mrn, 0.4))))
    assert decision.outcome is not Outcome.FILE


def test_an_mrn_alternative_alone_files_nothing(clinic_of: MAKE) -> None:
    decision = clinic_of(ANN).judge(Identifiers(mrns=(doubtful("6004999", (ANN.mrn, 0.9)),)))
    assert decision.outcome is Outcome.REVIEW
    assert decision.reasons == ("Only the MRN agrees for certain; two person-specific identifiers are needed.",)


def test_a_short_form_beside_an_mrn_that_was_read_as_another_is_still_two_doubts(clinic_of: MAKE) -> None:
    joe = Patient(mrn="2001635", last_name="Clark", first_name="Joe", birth_date=date(1992, 12, 29))
    page = Identifiers(
        names=(Reading(value="CLARK, JOSEPH"),),
        birth_dates=(Reading(value="12/29/1992"),),
        mrns=(doubtful("2001637", (joe.mrn, 0.3)),),
    )
    assert VetoName.MRN_CONTRADICTS in clinic_of(joe).vetoes(joe.mrn, page)


@pytest.mark.parametrize("read", ["6774635", "2008746"])
@pytest.mark.parametrize("births", [(), (Reading(value="12/29/1992"),)])
def test_a_short_form_beside_an_mrn_that_only_an_alternative_makes_the_patients_is_two_doubts(
    clinic_of: MAKE, read: str, births: tuple[Reading, ...]
) -> None:
    joe = Patient(mrn="2001635", last_name="Clark", first_name="Joe", birth_date=date(1992, 12, 29))
    page = Identifiers(
        names=(Reading(value="CLARK, JOSEPH"),), birth_dates=births, mrns=(doubtful(read, (joe.mrn, 0.15)),)
    )
    assert clinic_of(joe).judge(page).outcome is not Outcome.FILE


def test_an_alternative_says_nothing_where_the_label_names_another_institution(clinic_of: MAKE) -> None:
    clinic = clinic_of(ANN)
    read = replace(doubtful("6004710", (ANN.mrn, 0.4)), label="Outside MRN")
    assert decided(clinic, read) == decided(clinic, replace(read, alternatives=()))


def test_the_one_who_owns_an_alternative_is_found_whatever_else_was_read(clinic_of: MAKE) -> None:
    clinic = clinic_of(ANN)
    by_mrn = Identifiers(mrns=(doubtful("7777777", (ANN.mrn, 0.2)),))
    assert ANN in clinic.index.candidates(by_mrn)
    by_date = Identifiers(birth_dates=(doubtful("11/17/1988", ("1962-04-07", 0.2)),))
    assert ANN in clinic.index.candidates(by_date)
    assert ANN not in clinic.index.candidates(Identifiers(mrns=(doubtful("7777777"),)))


@pytest.mark.parametrize("weight", [-0.1, 1.1])
def test_a_weight_is_a_probability(weight: float) -> None:
    with pytest.raises(ValueError, match="weight"):
        Alternative(value="1", weight=weight)
