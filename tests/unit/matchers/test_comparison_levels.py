"""Each field comes to the level that a clerk would name: the first that is true."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from matchers import CountedPopulation, Identifiers, Patient, Reading, Sex
from matchers.compare import Comparer
from matchers.compare_names import frequency_bits
from matchers.compare_values import address_level, birth_date_level, digits_level, mrn_level, number_level, phone_level
from matchers.evidence import Comparison
from matchers.givennames import is_nickname, nicknames_of
from matchers.levels import Part
from matchers.numbers import StreetAddress
from matchers.readings import DateForm, prepare
from matchers.same_person import may_be_one_person
from matchers.weights import Policy
from tests.unit.matchers.clinic import background

PATIENT = Patient(mrn="2003456", last_name="Smithson", first_name="Katherine", birth_date=date(1962, 4, 7))
OTHERS = [
    Patient(mrn=str(2000001 + n), last_name=last, first_name=first, birth_date=date(1950, 1, 1))
    for n, (last, first) in enumerate(
        [
            ("Smithsen", "Jayden"),
            ("Thompson", "Marla"),
            ("Burn", "Joan"),
            ("Bum", "Theodora"),
            ("Smithson", "Katherine"),
            ("Petersonnen", "Greta"),
        ]
    )
]
POPULATION = CountedPopulation.of([*background(), *OTHERS])


def compare(policy: Policy, patient: Patient, **fields: Any) -> Comparison:
    paper = Identifiers(**{name: (Reading(value=value),) for name, value in fields.items()})
    query = prepare(paper, population=POPULATION, policy=policy)
    return Comparer.of(query, policy=policy, population=POPULATION).compare(patient)


def level(policy: Policy, part: Part, patient: Patient, **fields: Any) -> str | None:
    found = compare(policy, patient, **fields).of(part)
    return found.level.key if found else None


@pytest.mark.parametrize(
    ("family", "registered", "expected"),
    [
        ("SMITHSON", "Smithson", "exact"),
        ("SM1THS0N", "Smithson", "exact"),  # digits among letters are letters
        ("SMLTHSON", "Smithson", "lookalike"),
        ("BURN", "Bum", "other_in_use"),
        ("CORN", "Com", "lookalike"),
        ("SMITHSEN", "Smithson", "other_in_use"),
        ("SMITHSPN", "Smithson", "one_edit"),
        ("SMLTHSPN", "Smithson", "one_edit"),
        ("SMXTHSPN", "Smithson", "two_edits"),
        ("WEXB", "Webb", "two_edits"),
        ("FILIPSON", "Phillipson", "sounds_alike"),
        ("THOMPSON", "Johnson", "different"),
        ("HENDERSEN", "Anderson", "resembles"),
        ("GARCIA", "Garcia Lopez", "part"),
        ("LOPEZ-GARCIA", "Garcia Lopez", "part"),
        ("DE LA CRUZ", "de la Rosa", "resembles"),
        ("BROWN", "Smithson", "different"),
        ("李", "Smithson", "different"),
    ],
)
def test_family_names(policy: Policy, family: str, registered: str, expected: str) -> None:
    patient = replace(PATIENT, last_name=registered)
    assert level(policy, Part.FAMILY_NAME, patient, names=f"{family}, KATHERINE") == expected


def test_former_names_explain_before_likeness_does(policy: Policy) -> None:
    married = replace(PATIENT, former_last_names=("O'Neil", "Smithsen"))
    assert level(policy, Part.FAMILY_NAME, married, names="ONEIL, KATHERINE") == "former"
    assert level(policy, Part.FAMILY_NAME, married, names="SMITHSEN, KATHERINE") == "former"


@pytest.mark.parametrize(
    ("given", "registered", "expected"),
    [
        ("KATHERINE", "Katherine", "exact"),
        ("KATHER1NF", "Katherine", "lookalike"),
        ("KATE", "Katherine", "nickname"),
        ("BARB", "Barbara", "nickname"),
        ("CARL", "Carla", "variant"),
        ("PAUL", "Paulette", "different"),
        ("CHRIS", "Christina", "nickname"),
        ("K", "Katherine", "initial"),
        ("M", "Katherine", "initial_differs"),
        ("KATHEZINE", "Katherine", "one_edit"),
        ("KATPEZINE", "Katherine", "two_edits"),
        ("JOHS", "John", "two_edits"),
        ("MARLA", "Maria", "other_lookalike"),
        ("JAYDEN", "Kayden", "different"),
        ("JOAN", "John", "variant"),
        ("MARY ANN", "Maryann", "exact"),
        ("MARYANN", "Mary Ann", "part"),
        ("MARY-ANN", "Mary Ann", "part"),
        ("KATHEZOYNE", "Katherine", "resembles"),
        ("ROBERT", "Katherine", "different"),
        ("KATHERINE", "Q", "initial_differs"),
    ],
)
def test_given_names(policy: Policy, given: str, registered: str, expected: str) -> None:
    patient = replace(PATIENT, first_name=registered)
    assert level(policy, Part.GIVEN_NAME, patient, names=f"SMITHSON, {given}") == expected


def test_a_middle_name_used_as_first_name(policy: Policy) -> None:
    patient = replace(PATIENT, middle_name="Theodora")
    assert level(policy, Part.GIVEN_NAME, patient, names="SMITHSON, THEODORA") == "middle"


@pytest.mark.parametrize(
    ("middle", "registered", "expected"),
    [
        ("ANN", "Ann", "exact"),
        ("A", "Ann", "initial"),
        ("ANN", "A", "initial"),
        ("A", "A", "initial"),
        ("B", "Ann", "other"),
        ("ANN MARIE", "Ann", "exact"),
        ("ELIZABETT", "Elizabeth", "near"),
        ("BETH", "Elizabeth", "near"),
        ("THEODORA", "Ann", "other"),
        ("NOVAK", "Ann", None),  # a maiden name stands in the middle
        ("ANN", None, None),
    ],
)
def test_middle_names(policy: Policy, middle: str, registered: str | None, expected: str | None) -> None:
    patient = replace(PATIENT, middle_name=registered, former_last_names=("Novak",))
    assert level(policy, Part.MIDDLE_NAME, patient, names=f"SMITHSON, KATHERINE {middle}") == expected


@pytest.mark.parametrize(
    ("printed", "registered", "expected"),
    [
        (" JR", "Jr", "exact"),
        (" JR", "II", "related"),
        ("", "Jr", "not_shown"),
        (" JR", None, "not_known"),
        (" III", "Jr", "different"),
        ("", None, None),
    ],
)
def test_suffixes(policy: Policy, printed: str, registered: str | None, expected: str | None) -> None:
    patient = replace(PATIENT, suffix=registered)
    assert level(policy, Part.SUFFIX, patient, names=f"SMITHSON, KATHERINE{printed}") == expected


def test_a_name_without_its_spaces_agrees(policy: Policy) -> None:
    assert compare(policy, PATIENT, names="KATHERINESMITHSON").name_agrees
    assert not compare(policy, PATIENT, names="KATHERINETHOMPSON").name_agrees


def test_a_family_name_in_use_is_never_taken_apart(policy: Policy) -> None:
    peter = replace(PATIENT, last_name="Sonnen", first_name="Peter")
    assert compare(policy, peter, names="PETERQSONNEN").name_agrees
    assert not compare(policy, peter, names="PETERSONNEN").name_agrees


def test_swapped_names_agree_at_a_price(policy: Policy) -> None:
    straight = compare(policy, PATIENT, names="SMITHSON, KATHERINE")
    swapped = compare(policy, PATIENT, names="KATHERINE, SMITHSON")
    assert swapped.name_agrees
    assert swapped.bits == pytest.approx(straight.bits + policy.out_of_order_bits)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("04/07/1962", "exact"),
        ("04/07/62", "exact"),
        ("07/04/1962", "day_month"),
        ("04/01/1962", "lookalike"),
        ("04/06/1962", "one_digit"),
        ("04/07/1926", "transposed"),
        ("04/18/1962", "two_digits"),
        ("11/23/1962", "same_year"),
        ("11/23/1985", "different"),
        ("04/37/1962", "damaged"),
        ("04/99/19625", "unreadable"),
        ("99/99/1985", "damaged_other"),
        ("88/99/1762", "damaged_other"),
        ("14 1962", "unreadable"),
        ("99 1985", "damaged_other"),
        ("4", "unreadable"),
    ],
)
def test_birth_dates(policy: Policy, printed: str, expected: str) -> None:
    assert level(policy, Part.BIRTH_DATE, PATIENT, birth_dates=printed) == expected


def test_the_best_of_several_meanings_of_a_date_counts() -> None:
    form = DateForm(dates=(date(2012, 4, 7), date(1912, 4, 7)), digits="040712")
    assert birth_date_level(form, date(1912, 4, 7)) == "exact"


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ("2003456", "exact"),
        ("02003456", "leading_zeros"),
        ("2OO34S6", "lookalike"),
        ("2003458", "one_lookalike"),
        ("2003546", "one_edit"),
        ("200345", "one_edit"),
        ("2003499", "two_edits"),
        ("2999999", None),
        ("20", None),
    ],
)
def test_numbers(seen: str, expected: str | None) -> None:
    assert number_level(seen, "2003456") == expected


def test_mrns_that_are_not_the_patients() -> None:
    accounts = ("400123456",)
    assert mrn_level("400123456", "2003456", accounts=accounts, issued_here=False) == "account"
    assert mrn_level("2999999", "2003456", accounts=accounts, issued_here=True) == "different"
    assert mrn_level("H99", "2003456", accounts=accounts, issued_here=False) == "foreign"
    assert mrn_level("2003499", "2003456", accounts=accounts, issued_here=False) == "foreign"
    assert mrn_level("2003499", "2003456", accounts=accounts, issued_here=True) == "two_edits"


def test_short_digits_and_phones() -> None:
    assert [digits_level(seen, "4711") for seen in ("4711", "4771", "4177")] == ["exact", "one_digit", "different"]
    known = ("5551234567",)
    seen = ("5551234567", "1234567", "5551234568", "5559999999")
    assert [phone_level(phone, known) for phone in seen] == ["exact", "local", "one_edit", "different"]


@pytest.mark.parametrize(
    ("number", "street", "expected"),
    [("12", "OAK", "exact"), ("12", "OAKS", "near"), ("I2", "OAK", "near"),
     ("14", "OAK", "street"), ("12", "ELM", "different"),
     (None, "OAK", "street")],
)  # fmt: skip
def test_addresses(number: str | None, street: str, expected: str) -> None:
    assert (
        address_level(StreetAddress(number=number, street=street), StreetAddress(number="12", street="OAK")) == expected
    )


def test_a_house_that_agrees_leaves_nothing_for_its_zip_to_say(policy: Policy) -> None:
    patient = replace(PATIENT, address="12 Oak St", zip="02139")
    house = compare(policy, patient, addresses="12 Oak St", zips="02139")
    assert house.of(Part.ZIP) is None
    moved = compare(policy, patient, addresses="99 Elm", zips="02139")
    found = moved.of(Part.ZIP)
    assert found is not None
    assert found.level.key == "exact"


def test_missing_is_no_evidence(policy: Policy) -> None:
    bare = compare(
        policy, PATIENT, phones="555-123-4567", addresses="12 Oak", zips="02139", ssn_last4s="4711", sexes="F"
    )
    assert bare.evidence == ()
    unknown = compare(policy, replace(PATIENT, sex=Sex.UNKNOWN), sexes="F")
    assert unknown.bits == 0


def test_a_rare_name_says_more_than_a_frequent_one(policy: Policy) -> None:
    rare = frequency_bits(1, 6e-4, 1_000_000, 5000, policy)
    frequent = frequency_bits(10_000, 6e-4, 1_000_000, 5000, policy)
    assert rare > frequent + 5
    assert rare <= policy.most_bits
    assert frequency_bits(0, 6e-4, 0, 0, policy) == pytest.approx(10.55, abs=0.01)


def test_nicknames_hold_both_ways_but_not_between_siblings() -> None:
    assert is_nickname("BILL", "WILLIAM")
    assert is_nickname("WILLIAM", "BILL")
    assert not is_nickname("BILL", "LIAM")
    assert "BOB" in nicknames_of("ROBERT")
    assert nicknames_of("XQZ") == frozenset()


@pytest.mark.parametrize(
    ("changes", "one"),
    [
        ({}, True),
        ({"first_name": "Kate"}, True),
        ({"first_name": "K"}, True),
        ({"last_name": "Smithsen"}, True),
        ({"last_name": "Novak", "former_last_names": ("Smithson",)}, True),
        ({"birth_date": date(1962, 7, 4)}, True),
        ({"birth_date": date(1962, 4, 8)}, True),
        ({"birth_date": date(1962, 4, 8), "first_name": "Kate"}, False),
        ({"birth_date": date(1990, 1, 31)}, False),
        ({"first_name": "Robert"}, False),
        ({"last_name": "Brown"}, False),
        ({"suffix": "Jr"}, True),
        ({"ssn_last4": "9999"}, False),
        ({"ssn_last4": "4712"}, True),
        ({"sex": Sex.MALE}, False),
    ],
)
def test_which_registrations_may_be_one_person(changes: dict[str, Any], one: bool) -> None:
    patient = replace(PATIENT, ssn_last4="4711", sex=Sex.FEMALE)
    other = replace(patient, mrn="1", **changes)
    assert may_be_one_person(patient, other) is one
    assert may_be_one_person(other, patient) is one


def test_two_generations_are_two_people() -> None:
    assert not may_be_one_person(replace(PATIENT, suffix="Sr"), replace(PATIENT, suffix="Jr"))
