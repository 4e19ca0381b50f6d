"""A damaged reading of a name that stands clearly elsewhere is no other person."""

from __future__ import annotations

from datetime import date

import pytest

from matchers import load_policy
from matchers.decide import holds_against
from matchers.patient import Identifiers, Patient, Reading
from matchers.population import CountedPopulation
from matchers.readings import prepare


def _names(*readings: tuple[str, float]) -> tuple[str, ...]:
    identifiers = Identifiers(names=tuple(Reading(value=value, certainty=certainty) for value, certainty in readings))
    query = prepare(identifiers, population=CountedPopulation.of(()), policy=load_policy())
    return tuple(read.reading.value for read in query.names)


@pytest.mark.parametrize("damaged", ["MARC, LB STANLEY", "LEE, STANLEV MARC", "MARC, STANLEY"])
def test_a_damaged_header_says_nothing_beside_the_clear_name(damaged: str) -> None:
    assert _names(("LEE, STANLEY MARC", 0.99), (damaged, 0.69)) == ("LEE, STANLEY MARC",)


@pytest.mark.parametrize("other", ["LEE, MARY", "LEE, SUSAN MARC", "STANTON, MARC", "STANLEY"])
def test_a_relative_or_a_lone_word_stays(other: str) -> None:
    assert other in _names(("LEE, STANLEY MARC", 0.99), (other, 0.69))


def test_a_name_read_for_certain_stays() -> None:
    assert len(_names(("LEE, STANLEY MARC", 0.99), ("MARC, STANLEY", 0.99))) == 2


def test_without_a_clear_reading_all_stay() -> None:
    assert len(_names(("LEE, STANLEY MARC", 0.8), ("MARC, LB STANLEY", 0.69))) == 2


PATIENT = Patient(
    mrn="00427991", last_name="Lee", first_name="Stanley", middle_name="Marc", birth_date=date(2008, 3, 11)
)


@pytest.mark.parametrize(("header", "against"), [("MARC, STANLEY", False), ("MARC, SUSAN", True)])
def test_a_page_is_held_against_the_patient_beside_its_document(header: str, against: bool) -> None:
    page = Identifiers(names=(Reading(value=header, certainty=0.69),))
    document = Identifiers(names=(Reading(value="LEE, STANLEY MARC", certainty=0.99), *page.names))
    population, policy = CountedPopulation.of((PATIENT,)), load_policy()
    vetoes = holds_against(page, PATIENT, population=population, policy=policy, owners=(), document=document)
    assert bool(vetoes) is against
    assert holds_against(page, PATIENT, population=population, policy=policy, owners=())
