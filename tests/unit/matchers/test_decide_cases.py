"""The named cases: who is filed to, who goes to a person, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from matchers import (
    CountedPopulation,
    Identifiers,
    Outcome,
    Patient,
    Policy,
    Reading,
    Sex,
    Source,
    VetoName,
    decide,
    identifiers_from_json,
    load_policy,
)
from tests.unit.matchers.clinic import Clinic

JOHN = Patient(
    mrn="2003456",
    last_name="Smith",
    first_name="John",
    middle_name="Quincy",
    birth_date=date(1962, 4, 7),
    sex=Sex.MALE,
    ssn_last4="4711",
    phones=("555-123-4567",),
    address="12 Oak Street",
    zip="02139",
    account_numbers=("400123456",),
)
MAKE = Callable[..., Clinic]
ON_PAPER = {"name": "SMITH, JOHN Q", "birth_date": "04/07/1962", "mrn": "2003456"}


def names(decision_reasons: tuple[str, ...]) -> str:
    return " ".join(decision_reasons)


def vetoes(clinic: Clinic, chosen: str, /, **line: str) -> set[VetoName]:
    found = {candidate.mrn: candidate for candidate in clinic.decide(**line).candidates}
    return {veto.name for veto in found[chosen].vetoes}


# -- what is filed


@pytest.mark.parametrize(
    "line",
    [
        ON_PAPER,
        {"name": "John Smith", "birth_date": "April 7, 1962"},
        {"name": "SMITH JOHN", "mrn": "2OO3456"},
        {"birth_date": "1962-04-07", "mrn": "2003456"},
        {"name": "Smith, J0hn", "account_number": "400123456"},
        {"birth_date": "4/7/62", "ssn_last4": "4711", "mrn": "2003456"},
        {"name": "JACK SMITH", "birth_date": "04/07/1962", "mrn": "2003456"},
        {"name": "SMITH, JOHN", "birth_date": "04/07/1962", "mrn": "2003458"},  # one look-alike character misread
        {"name": "SMITH, JOHN", "birth_date": "04/07/1962", "mrn": "H77-12"},  # another hospital's number
        {"name": "SMITH, JOHN", "birth_date": "04/07/1962", "account_number": "499999999"},  # unknown account
        {"name": "SMITH, JOHN", "birth_date": "04/09/1962", "mrn": "2003456"},  # one digit of the date
        {"name": "SMITH, JOHN", "birth_date": "07/04/1962", "mrn": "2003456"},  # day and month swapped
        {"name": "SMITH, JOHN", "mrn": "400123456", "account_number": "2003456"},  # each in the other's box
    ],
)
def test_two_agreeing_identifiers_file_the_document(clinic_of: MAKE, line: dict[str, str]) -> None:
    decision = clinic_of(JOHN).decide(**line)
    assert (decision.outcome, decision.mrn) == (Outcome.FILE, "2003456")
    assert "agree with Smith, John Quincy" in decision.reasons[0]
    assert decision.index_generation == 7
    assert decision.probability is not None
    assert decision.probability >= decision.threshold


def test_filing_names_what_speaks_against_it_too(clinic_of: MAKE) -> None:
    decision = clinic_of(JOHN).decide(**ON_PAPER, phone="555-999-0000", sex="M")
    assert decision.outcome is Outcome.FILE
    assert "Despite phone: another phone" in names(decision.reasons)


def test_a_maiden_name_on_the_paper_is_the_same_woman(clinic_of: MAKE) -> None:
    mary = Patient(
        mrn="2004444",
        last_name="Novak",
        first_name="Mary",
        former_last_names=("Delacroix",),
        birth_date=date(1971, 9, 2),
    )
    decision = clinic_of(mary).decide(name="DELACROIX, MARY", birth_date="09/02/1971")
    assert decision.mrn == "2004444"


def test_a_surname_that_the_index_does_not_know_yet_is_forgiven_when_all_else_agrees(clinic_of: MAKE) -> None:
    mary = Patient(mrn="2004444", last_name="Novak", first_name="Mary", birth_date=date(1971, 9, 2))
    clinic = clinic_of(mary)
    assert clinic.decide(name="DELACROIX, MARY", birth_date="09/02/1971", mrn="2004444").mrn == "2004444"
    assert VetoName.FAMILY_NAME_CONTRADICTS in vetoes(clinic, "2004444", name="DELACROIX, MARY", mrn="2004444")
    surely = Identifiers(
        names=(Reading(value="DELACROIX, MARY", certainty=0.99),),
        birth_dates=(Reading(value="09/02/1971"),),
        mrns=(Reading(value="2004444"),),
    )
    assert VetoName.FAMILY_NAME_CONTRADICTS in clinic.vetoes("2004444", surely)


def test_a_slip_in_the_registered_name_is_forgiven_when_all_else_agrees(clinic_of: MAKE) -> None:
    kate = Patient(mrn="2004444", last_name="Novak", first_name="Katarzyna", birth_date=date(1971, 9, 2))
    surely = Identifiers(
        names=(Reading(value="NOVAK, KATARZINA", certainty=0.99),),
        birth_dates=(Reading(value="09/02/1971"),),
        mrns=(Reading(value="2004444"),),
    )
    clinic = clinic_of(kate)
    assert clinic.judge(surely).mrn == "2004444"
    assert VetoName.GIVEN_NAME_CONTRADICTS in clinic.vetoes("2004444", replace(surely, mrns=()))


# -- who is not there


@pytest.mark.parametrize("line", [{}, {"name": "!!!"}, {"sex": "M"}, {"zip": "02139"}])
def test_nothing_usable_is_none(clinic_of: MAKE, line: dict[str, str]) -> None:
    decision = clinic_of(JOHN).decide(**line)
    assert (decision.outcome, decision.mrn, decision.probability, decision.candidates) == (Outcome.NONE, None, None, ())
    assert decision.reasons == ("Nothing on the paper identifies a patient.",)


def test_a_stranger_is_none(clinic_of: MAKE) -> None:
    decision = clinic_of(JOHN).decide(name="Xanthopoulos, Theodora", birth_date="01/02/1999", mrn="H123")
    assert decision.outcome is Outcome.NONE
    assert "comes near" in decision.reasons[0]


def test_an_empty_index_has_nobody(policy: Policy) -> None:
    decision = decide(
        Identifiers(names=(Reading(value="SMITH, JOHN"),)),
        (),
        population=CountedPopulation.of(()),
        policy=policy,
        generation=1,
    )
    assert decision.outcome is Outcome.NONE


def test_somebody_of_the_same_name_who_is_not_in_the_index(clinic_of: MAKE) -> None:
    clinic = clinic_of(JOHN)
    decision = clinic.decide(name="SMITH, JOHN", birth_date="11/23/1980")
    assert decision.outcome is not Outcome.FILE
    near = clinic.decide(name="SMITH, JOHN", birth_date="04/08/1962")
    assert near.outcome is Outcome.REVIEW


# -- too little


@pytest.mark.parametrize(
    "line",
    [
        {"name": "SMITH, JOHN Q", "address": "12 Oak St", "zip": "02139", "phone": "5551234567", "sex": "M"},
        {"mrn": "2003456", "phone": "5551234567"},
        {"name": "SMITH", "mrn": "2003456"},
        {"name": "SMITH, J", "mrn": "2003456"},
        {"birth_date": "04/07/1962", "address": "12 Oak St", "zip": "02139"},
        {"ssn_last4": "4711", "name": "SMITH"},
    ],
)
def test_one_identifier_is_too_few_however_much_supports_it(clinic_of: MAKE, line: dict[str, str]) -> None:
    decision = clinic_of(JOHN).decide(**line)
    assert decision.outcome is Outcome.REVIEW
    assert VetoName.TOO_FEW_IDENTIFIERS in {veto.name for veto in decision.candidates[0].vetoes}


def test_name_and_date_of_a_frequent_name_fall_below_the_threshold(clinic_of: MAKE) -> None:
    others = [
        Patient(mrn=str(2000001 + 10 * n), last_name="Smith", first_name="John", birth_date=date(1950, 1, 1 + n % 28))
        for n in range(400)
    ]
    patient = Patient(mrn="2003458", last_name="Smith", first_name="John", birth_date=date(1950, 1, 1))
    clinic = clinic_of(*others, patient)
    assert clinic.decide(name="JOHN SMITH", birth_date="01/01/1950").outcome is Outcome.REVIEW


def test_the_threshold_is_a_veto_of_its_own(clinic_of: MAKE) -> None:
    clinic = clinic_of(JOHN)
    strict = Clinic(clinic.index, replace(clinic.policy, threshold=1.0))
    decision = strict.decide(**ON_PAPER)
    assert [veto.name for veto in decision.candidates[0].vetoes] == [VetoName.BELOW_THRESHOLD]
    assert "is needed" in decision.reasons[0]


# -- twins, juniors, relatives


ELM = {"address": "9 Elm St", "zip": "02139"}
TWINS = (
    Patient(mrn="2005551", last_name="Kowalski", first_name="Adam", birth_date=date(2004, 5, 6), **ELM),
    Patient(mrn="2005552", last_name="Kowalski", first_name="Bruno", birth_date=date(2004, 5, 6), **ELM),
)


def test_twins_are_told_by_their_given_names(clinic_of: MAKE) -> None:
    clinic = clinic_of(*TWINS)
    assert clinic.decide(name="KOWALSKI, BRUNO", birth_date="05/06/2004").mrn == "2005552"
    only_family = clinic.decide(name="KOWALSKI", birth_date="05/06/2004", **ELM)
    assert VetoName.RIVAL in {veto.name for veto in only_family.candidates[0].vetoes}
    assert "Two people fit almost equally well" in names(only_family.reasons)


def test_the_twin_who_is_not_in_the_index_is_not_the_one_who_is(clinic_of: MAKE) -> None:
    decision = clinic_of(TWINS[0]).decide(
        name="KOWALSKI, BRUNO", birth_date="05/06/2004", address="9 Elm St", zip="02139"
    )
    assert decision.outcome is Outcome.REVIEW
    assert VetoName.GIVEN_NAME_CONTRADICTS in {veto.name for veto in decision.candidates[0].vetoes}


@pytest.mark.parametrize(
    ("indexed", "absent"), [("Marla", "Maria"), ("Marie", "Maria"), ("Jaden", "Kaden"), ("Jean", "Joan")]
)
def test_twins_with_names_that_look_or_sound_alike_are_not_confused(clinic_of: MAKE, indexed: str, absent: str) -> None:
    known = Patient(mrn="2004001", last_name="Kowalski", first_name=indexed, birth_date=date(2004, 5, 6))
    bearer = Patient(mrn="2004003", last_name="Brzezinski", first_name=absent, birth_date=date(1950, 5, 6))
    assert (
        clinic_of(known, bearer).decide(name=f"KOWALSKI, {absent}", birth_date="05/06/2004").outcome is Outcome.REVIEW
    )


SENIOR = Patient(
    mrn="2006001",
    last_name="Haverford",
    first_name="James",
    suffix="Sr",
    birth_date=date(1950, 1, 2),
    address="1 Elm St",
)
JUNIOR = Patient(
    mrn="2006003",
    last_name="Haverford",
    first_name="James",
    suffix="Jr",
    birth_date=date(1980, 9, 9),
    address="1 Elm St",
)


def test_junior_and_senior_are_told_by_suffix_and_birth_date(clinic_of: MAKE) -> None:
    clinic = clinic_of(SENIOR, JUNIOR)
    assert clinic.decide(name="HAVERFORD, JAMES JR", birth_date="09/09/1980").mrn == "2006003"
    assert clinic.decide(name="HAVERFORD, JAMES", birth_date="01/02/1950").mrn == "2006001"
    assert clinic.decide(name="HAVERFORD, JAMES", mrn="2006003").mrn == "2006003"


def test_without_suffix_and_date_father_and_son_are_rivals(clinic_of: MAKE) -> None:
    decision = clinic_of(SENIOR, JUNIOR).decide(name="HAVERFORD, JAMES", address="1 Elm St")
    assert decision.outcome is Outcome.REVIEW
    assert VetoName.RIVAL in {veto.name for veto in decision.candidates[0].vetoes}


def test_the_suffix_of_the_other_generation_contradicts(clinic_of: MAKE) -> None:
    clinic = clinic_of(SENIOR)
    assert VetoName.SUFFIX_CONTRADICTS in vetoes(clinic, "2006001", name="HAVERFORD, JAMES JR", mrn="2006001")
    unsuffixed = clinic_of(replace(SENIOR, suffix=None))
    assert unsuffixed.decide(name="HAVERFORD, JAMES JR", mrn="2006001", birth_date="1/2/1950").mrn == "2006001"


def test_a_relative_named_as_patient_goes_to_review(clinic_of: MAKE) -> None:
    wife = Patient(
        mrn="2003460", last_name="Smith", first_name="Theresa", birth_date=date(1964, 8, 8), address="12 Oak St"
    )
    decision = clinic_of(JOHN, wife).decide(name="SMITH, THERESA", birth_date="04/07/1962", mrn="2003456")
    assert decision.outcome is Outcome.REVIEW
    assert VetoName.GIVEN_NAME_CONTRADICTS in {veto.name for veto in decision.candidates[0].vetoes}


def test_a_candidate_known_only_as_provider_is_not_the_patient(clinic_of: MAKE) -> None:
    paper = Identifiers(
        birth_dates=(Reading(value="04/07/1962"),),
        mrns=(Reading(value="2003456"),),
        other_names=(Reading(value="John Smith, MD"), Reading(value="Erika Mustermann")),
    )
    clinic = clinic_of(JOHN)
    assert clinic.vetoes("2003456", paper) == {VetoName.ONLY_ANOTHER_ROLE}
    named = replace(paper, names=(Reading(value="SMITH, JOHN"),))
    assert clinic.judge(named).mrn == "2003456"


# -- newborns and people without a name


def test_a_newborn_is_not_its_mother(clinic_of: MAKE) -> None:
    mother = Patient(mrn="2007000", last_name="Ferreira", first_name="Lucia", birth_date=date(1995, 2, 3))
    baby = Patient(mrn="2007002", last_name="Ferreira", first_name="Baby Girl", birth_date=date(2026, 11, 20))
    clinic = clinic_of(mother, baby)
    with_mothers_mrn = clinic.decide(name="FERREIRA, BABY GIRL", birth_date="11/20/2026", mrn="2007000")
    assert with_mothers_mrn.outcome is Outcome.REVIEW
    own = clinic.decide(name="FERREIRA, BABY GIRL", birth_date="11/20/2026", mrn="2007002")
    assert own.mrn == "2007002"
    named_only = clinic.decide(name="FERREIRA, BABY GIRL", birth_date="11/20/2026")
    assert VetoName.TEMPORARY_IDENTITY in {veto.name for veto in named_only.candidates[0].vetoes}


def test_twins_without_names_are_told_by_their_letters(clinic_of: MAKE) -> None:
    a = Patient(mrn="2007002", last_name="Ferreira", first_name="Baby Boy A", birth_date=date(2026, 11, 20))
    b = replace(a, mrn="2007004", first_name="Baby Boy B")
    clinic = clinic_of(a, b)
    decision = clinic.decide(name="FERREIRA, BABY BOY B", birth_date="11/20/2026", mrn="2007002")
    assert decision.outcome is Outcome.REVIEW
    assert clinic.decide(name="FERREIRA, BABY BOY B", birth_date="11/20/2026", mrn="2007004").mrn == "2007004"


def test_a_trauma_alias_needs_its_own_mrn(clinic_of: MAKE) -> None:
    alias = Patient(mrn="2007010", last_name="Trauma", first_name="Alpha", birth_date=date(1900, 1, 1))
    clinic = clinic_of(alias)
    assert VetoName.TEMPORARY_IDENTITY in vetoes(clinic, "2007010", name="TRAUMA, ALPHA", birth_date="01/01/1900")
    assert clinic.decide(name="TRAUMA, ALPHA", birth_date="01/01/1900", mrn="2007010").mrn == "2007010"
    assert clinic.decide(name="TRAUMA, BRAVO", birth_date="01/01/1900", mrn="2007010").outcome is Outcome.REVIEW


# -- numbers of others


OTHER = Patient(
    mrn="2003546", last_name="Okafor", first_name="Chidi", birth_date=date(1990, 6, 6), account_numbers=("400765432",)
)


def test_an_mrn_with_two_digits_swapped_that_is_another_real_patient(clinic_of: MAKE) -> None:
    decision = clinic_of(JOHN, OTHER).decide(name="SMITH, JOHN Q", birth_date="04/07/1962", mrn="2003546")
    assert decision.outcome is Outcome.REVIEW
    assert VetoName.MRN_OF_ANOTHER in {veto.name for veto in decision.candidates[0].vetoes}
    assert "belongs to Okafor, Chidi" in names(decision.reasons)


def test_the_same_swap_that_is_nobodys_is_a_misprint(clinic_of: MAKE) -> None:
    assert clinic_of(JOHN).decide(name="SMITH, JOHN Q", birth_date="04/07/1962", mrn="2003546").mrn == "2003456"


def test_an_mrn_that_this_site_could_have_issued_contradicts(clinic_of: MAKE) -> None:
    clinic = clinic_of(JOHN)
    line = {"name": "SMITH, JOHN Q", "birth_date": "04/07/1962"}
    assert vetoes(clinic, "2003456", **line, mrn="2007777") == {VetoName.MRN_CONTRADICTS}
    assert clinic.decide(**line, mrn="2007777", mrn_label="Outside MRN").outcome is Outcome.FILE
    assert clinic.decide(**line, mrn="8007777").outcome is Outcome.FILE


def test_a_certainly_read_mrn_allows_no_difference(clinic_of: MAKE) -> None:
    paper = Identifiers(
        names=(Reading(value="SMITH, JOHN Q"),),
        birth_dates=(Reading(value="04/07/1962"),),
        mrns=(Reading(value="2003458", source=Source.BARCODE),),
    )
    assert clinic_of(JOHN).vetoes("2003456", paper) == {VetoName.MRN_CONTRADICTS}


def test_a_badly_read_mrn_that_happens_to_be_anothers_is_excused(clinic_of: MAKE) -> None:
    near = replace(OTHER, mrn="2003458")
    clinic = clinic_of(JOHN, near)

    def paper(**changes: object) -> Identifiers:
        return Identifiers(
            names=(Reading(value="SMITH, JOHN Q"),),
            birth_dates=(Reading(value="04/07/1962"),),
            mrns=(Reading(value="2003458", **changes),),  # type: ignore[arg-type]
        )

    assert clinic.judge(paper(certainty=0.4)).mrn == "2003456"
    assert clinic.judge(paper(certainty=0.1)).mrn == "2003456"
    assert VetoName.MRN_OF_ANOTHER in clinic.vetoes("2003456", paper(certainty=0.7))
    same_day = clinic_of(JOHN, replace(near, birth_date=JOHN.birth_date))
    assert VetoName.MRN_OF_ANOTHER in same_day.vetoes("2003456", paper(certainty=0.4))


def test_the_second_policy_takes_an_ordinary_reading_for_a_slip_too_beside_name_and_birth_date(clinic_of: MAKE) -> None:
    near = replace(OTHER, mrn="2003458")
    standard = clinic_of(JOHN, near)
    clinic = replace(standard, policy=load_policy(name="one_in_a_thousand"))

    def paper(*, born: str = "04/07/1962", mrn: str = "2003458", **others: Any) -> Identifiers:
        return Identifiers(
            names=(Reading(value=others.pop("name", "SMITH, JOHN Q")),),
            birth_dates=(Reading(value=born),),
            mrns=(Reading(value=mrn, **others),),
        )

    assert clinic.judge(paper()).mrn == "2003456"
    assert VetoName.MRN_OF_ANOTHER in standard.vetoes("2003456", paper())
    assert VetoName.MRN_OF_ANOTHER in clinic.vetoes("2003456", paper(certainty=0.99))
    assert VetoName.MRN_OF_ANOTHER in clinic.vetoes("2003456", paper(born="04/08/1962"))
    assert VetoName.MRN_OF_ANOTHER in clinic.vetoes("2003456", paper(name="SMITH"))
    shares = replace(clinic, index=clinic_of(JOHN, replace(near, birth_date=JOHN.birth_date)).index)
    assert VetoName.MRN_OF_ANOTHER in shares.vetoes("2003456", paper())
    swapped = replace(clinic, index=clinic_of(JOHN, OTHER).index)
    assert VetoName.MRN_OF_ANOTHER in swapped.vetoes("2003456", paper(mrn="2003546"))


@pytest.mark.parametrize("doctor", ["Ruth Vargas, MD", "Dr. Ruth Vargas", "VARGAS, RUTH RN"])
def test_a_providers_name_alone_files_nothing_and_beside_the_patients_it_contradicts_nobody(
    clinic_of: MAKE, doctor: str
) -> None:
    clinic = clinic_of(JOHN)
    line = {"birth_date": "04/07/1962", "mrn": "2003456"}
    alone = clinic.decide(name=doctor, **line)
    assert alone.outcome is Outcome.REVIEW
    assert [veto.name for veto in alone.candidates[0].vetoes] == [VetoName.ONLY_ANOTHER_ROLE]
    plain = clinic.decide(name="Ruth Vargas", **line)
    assert VetoName.GIVEN_NAME_CONTRADICTS in {veto.name for veto in plain.candidates[0].vetoes}
    both = identifiers_from_json({"name": "SMITH, JOHN Q", **line})
    assert clinic.judge(replace(both, names=(*both.names, Reading(value=doctor)))).mrn == "2003456"
    assert clinic.decide(name="John Q. Smith, MD", birth_date="04/07/1962").mrn == "2003456"


def test_a_date_with_one_evident_slip_agrees(clinic_of: MAKE) -> None:
    clinic = clinic_of(JOHN)
    for shown in ("Apr 7, 7962", "4/7/196l2", "04/7S/1962", "07-AR-1962", "04-07-1962"):
        assert clinic.decide(name="SMITH, JOHN Q", birth_date=shown).mrn == "2003456", shown
    for shown in ("Apr 7, 7963", "4/8/19672", "07-XX-1962"):
        assert clinic.decide(name="SMITH, JOHN Q", birth_date=shown).outcome is Outcome.REVIEW, shown


def test_a_barcode_of_the_patient_outweighs_a_misread_print_of_it(clinic_of: MAKE) -> None:
    near = replace(OTHER, mrn="2003458")
    paper = Identifiers(
        names=(Reading(value="SMITH, JOHN Q"),),
        birth_dates=(Reading(value="04/07/1962"),),
        mrns=(Reading(value="2003458", certainty=0.8), Reading(value="2003456", source=Source.BARCODE)),
    )
    assert clinic_of(JOHN, near).judge(paper).mrn == "2003456"


def test_leading_zeros_count_only_when_they_make_a_difference(clinic_of: MAKE) -> None:
    short = Patient(mrn="0031415", last_name="Lindqvist", first_name="Astrid", birth_date=date(1977, 7, 7))
    line = {"name": "LINDQVIST, ASTRID", "mrn": "31415"}
    assert clinic_of(short).decide(**line).mrn == "0031415"
    bearer = replace(OTHER, mrn="31415")
    assert VetoName.MRN_OF_ANOTHER in vetoes(clinic_of(short, bearer), "0031415", **line)
    longer = replace(OTHER, mrn="00031415")
    assert clinic_of(short, longer).decide(**line, birth_date="07/07/1977").mrn == "0031415"


def test_an_account_of_another_patient_is_a_veto(clinic_of: MAKE) -> None:
    line = {"name": "SMITH, JOHN Q", "birth_date": "04/07/1962", "account_number": "400765432"}
    assert VetoName.ACCOUNT_OF_ANOTHER in vetoes(clinic_of(JOHN, OTHER), "2003456", **line)
    shared = replace(JOHN, account_numbers=("400765432",))
    assert clinic_of(shared, OTHER).decide(**line).mrn == "2003456"


# -- contradictions and certainty


@pytest.mark.parametrize(
    ("line", "veto"),
    [
        ({"name": "SMITH, ROBERT", "mrn": "2003456"}, VetoName.GIVEN_NAME_CONTRADICTS),
        ({"name": "SMITH, R", "mrn": "2003456"}, VetoName.GIVEN_NAME_CONTRADICTS),
        ({"name": "SMITH, JOHN", "birth_date": "11/23/1988", "mrn": "2003456"}, VetoName.BIRTH_DATE_CONTRADICTS),
        ({"name": "SMITH, JOHN", "birth_date": "12/99/1988", "mrn": "2003456"}, VetoName.BIRTH_DATE_CONTRADICTS),
        ({"name": "SMITH, JOHN", "ssn_last4": "9988", "mrn": "2003456"}, VetoName.SSN_CONTRADICTS),
    ],
)
def test_what_contradicts_stops_filing(clinic_of: MAKE, line: dict[str, str], veto: VetoName) -> None:
    decision = clinic_of(JOHN).decide(**line)
    assert decision.outcome is Outcome.REVIEW
    assert veto in {found.name for found in decision.candidates[0].vetoes}


def test_another_sex_contradicts_only_when_surely_read(clinic_of: MAKE) -> None:
    clinic = clinic_of(JOHN)
    paper = Identifiers(
        names=(Reading(value="SMITH, JOHN Q"),),
        mrns=(Reading(value="2003456"),),
        birth_dates=(Reading(value="04/07/1962"),),
        sexes=(Reading(value="F"),),
    )
    assert clinic.judge(paper).outcome is Outcome.FILE
    assert clinic.vetoes("2003456", replace(paper, sexes=(Reading(value="F", certainty=0.99),))) == {
        VetoName.SEX_CONTRADICTS
    }


def test_a_certain_reading_that_contradicts_is_a_veto_though_another_agrees(clinic_of: MAKE) -> None:
    paper = Identifiers(
        names=(Reading(value="SMITH, JOHN Q"),),
        mrns=(Reading(value="2003456"),),
        birth_dates=(Reading(value="04/07/1962", certainty=0.7), Reading(value="04/09/1962", certainty=0.99)),
    )
    assert clinic_of(JOHN).vetoes("2003456", paper) == {VetoName.BIRTH_DATE_CONTRADICTS}


def test_one_badly_read_contradiction_is_noise_and_two_are_another_person(clinic_of: MAKE) -> None:
    clinic = clinic_of(JOHN)
    paper = Identifiers(
        names=(Reading(value="SMITH, JOHN Q"),),
        mrns=(Reading(value="2003456"),),
        birth_dates=(Reading(value="04/07/1962"), Reading(value="11/23/1988", certainty=0.4)),
    )
    assert clinic.judge(paper).mrn == "2003456"
    both = replace(paper, names=(*paper.names, Reading(value="BAKER, HELEN", certainty=0.4)))
    assert clinic.vetoes("2003456", both) >= {VetoName.BIRTH_DATE_CONTRADICTS, VetoName.GIVEN_NAME_CONTRADICTS}
    garbage = replace(paper, names=(*paper.names, Reading(value="XQRZT, WVB", certainty=0.4)))
    assert clinic.judge(garbage).mrn == "2003456"


def test_another_patients_sticker_beside_the_printed_identity(clinic_of: MAKE) -> None:
    paper = Identifiers(
        names=(Reading(value="SMITH, JOHN Q", place="header"), Reading(value="OKAFOR, CHIDI", place="sticker")),
        birth_dates=(Reading(value="04/07/1962", place="header"), Reading(value="06/06/1990", place="sticker")),
        mrns=(
            Reading(value="2003456", place="header"),
            Reading(value="2003546", place="sticker", source=Source.BARCODE),
        ),
    )
    clinic = clinic_of(JOHN, OTHER)
    assert clinic.judge(paper).outcome is Outcome.REVIEW
    assert clinic.vetoes("2003456", paper) >= {VetoName.MRN_OF_ANOTHER, VetoName.BIRTH_DATE_CONTRADICTS}
    assert VetoName.MRN_OF_ANOTHER in clinic.vetoes("2003546", paper)


# -- registrations


def test_of_duplicate_registrations_the_exact_mrn_selects_one(clinic_of: MAKE) -> None:
    again = replace(JOHN, mrn="2008123", middle_name=None, ssn_last4=None, account_numbers=())
    clinic = clinic_of(JOHN, again)
    assert clinic.decide(name="SMITH, JOHN", birth_date="04/07/1962", mrn="2008123").mrn == "2008123"
    without = clinic.decide(name="SMITH, JOHN", birth_date="04/07/1962")
    assert without.outcome is Outcome.REVIEW
    assert VetoName.DUPLICATE_REGISTRATION in {veto.name for veto in without.candidates[0].vetoes}
    assert "ossible duplicate registration" in names(without.reasons)
    misread = clinic.decide(name="SMITH, JOHN", birth_date="04/07/1962", mrn="2008128", account_number="400123456")
    assert misread.outcome is Outcome.REVIEW


def test_an_inactive_registration_is_not_filed_to(clinic_of: MAKE) -> None:
    assert vetoes(clinic_of(replace(JOHN, active=False)), "2003456", **ON_PAPER) == {VetoName.INACTIVE}


def test_two_people_of_one_name_and_birth_date_are_not_told_apart_without_the_mrn(clinic_of: MAKE) -> None:
    namesake = Patient(
        mrn="2009000", last_name="Smith", first_name="John", birth_date=JOHN.birth_date, ssn_last4="0815"
    )
    clinic = clinic_of(JOHN, namesake)
    assert clinic.decide(name="SMITH, JOHN", birth_date="04/07/1962").outcome is Outcome.REVIEW
    assert clinic.decide(name="SMITH, JOHN", birth_date="04/07/1962", mrn="2009000").mrn == "2009000"


def test_the_same_patient_offered_twice_is_one_candidate(clinic_of: MAKE) -> None:
    clinic = clinic_of(JOHN)
    decision = decide(
        identifiers_from_json(ON_PAPER),
        (JOHN, JOHN),
        population=clinic.index.population,
        policy=clinic.policy,
        generation=1,
    )
    assert decision.mrn == JOHN.mrn
    assert len(decision.candidates) == 1


def test_a_second_identity_is_noticed_however_badly_it_was_read(clinic_of: MAKE) -> None:
    paper = Identifiers(
        names=(Reading(value="SMITH, JOHN Q"), Reading(value="OKAFOR, CHIDI", certainty=0.2)),
        birth_dates=(Reading(value="04/07/1962"), Reading(value="06/06/1990", certainty=0.2)),
        mrns=(Reading(value="2003456"),),
        account_numbers=(Reading(value="400765432", certainty=0.2),),
    )
    clinic = clinic_of(JOHN, OTHER)
    assert clinic.vetoes("2003456", paper) == {VetoName.ANOTHER_IDENTITY}
    assert VetoName.ANOTHER_IDENTITY in {veto.name for veto in clinic.against("2003456", paper)}
    assert "account number, birth date and name of Okafor, Chidi" in names(clinic.judge(paper).reasons)
    assert clinic_of(JOHN).judge(paper).mrn == "2003456"


def test_a_shared_birth_date_is_not_a_second_identity(clinic_of: MAKE) -> None:
    clinic = clinic_of(*TWINS)
    paper = Identifiers(
        names=(Reading(value="KOWALSKI, BRUNO"), Reading(value="KOWALSKI, ADAM", certainty=0.2)),
        birth_dates=(Reading(value="05/06/2004"), Reading(value="05/06/2004")),
        mrns=(Reading(value="2005552"),),
    )
    assert clinic.judge(paper).mrn == "2005552"
