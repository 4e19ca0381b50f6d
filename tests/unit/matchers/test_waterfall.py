"""The waterfall: the same steps in every face, and they lead to the probability."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from matchers import Patient, waterfall_html, waterfall_of, waterfall_to_json
from matchers.decision import Candidate
from tests.unit.matchers.clinic import Clinic

JOHN = Patient(
    mrn="2003456",
    last_name="Smith",
    first_name="John",
    middle_name="Quincy",
    birth_date=date(1962, 4, 7),
    phones=("5551112222",),
)
ANNA = replace(JOHN, mrn="2003457", first_name="Anna", middle_name=None, birth_date=date(1964, 4, 7))


def best(clinic: Clinic, **line: str) -> tuple[Candidate, float]:
    decision = clinic.decide(**line)
    return decision.candidates[0], decision.threshold


@pytest.mark.parametrize(
    "line",
    [
        {"name": "SMITH, JOHN Q", "birth_date": "04/07/1962", "phone": "555-999-9999"},
        {"name": "SMITH, JOHN Q", "birth_date": "04/07/1962", "mrn": "2003456"},
        {"name": "SMITH", "birth_date": "04/07/1964"},
        {"name": "SMITH, J", "mrn": "2003457"},
    ],
)
def test_the_steps_lead_to_the_probability(clinic_of: Callable[..., Clinic], line: dict[str, str]) -> None:
    candidate, threshold = best(clinic_of(JOHN, ANNA), **line)
    waterfall = waterfall_of(candidate, threshold)
    assert waterfall.complete
    assert math.isclose(waterfall.steps[-1].total_bits, math.fsum(step.bits for step in waterfall.steps), abs_tol=1e-9)
    odds = 2.0 ** waterfall.steps[-1].total_bits
    assert math.isclose(odds / (1 + odds), candidate.probability, abs_tol=2e-3)
    evidence, (unknown, rivals) = waterfall.steps[1:-2], waterfall.steps[-2:]
    assert unknown.words.endswith("somebody who is not registered")
    assert rivals.words.endswith("the other candidates")
    assert rivals.bits <= 0, "a rival never speaks for anybody"
    assert f"one of {candidate.people:,} registered" in waterfall.steps[0].words
    assert [abs(s.bits) for s in evidence] == sorted((abs(s.bits) for s in evidence), reverse=True)
    assert waterfall.steps[0].bits < 0, "before reading, nobody is likely"


def test_all_faces_tell_the_same(clinic_of: Callable[..., Clinic]) -> None:
    candidate, threshold = best(
        clinic_of(JOHN, ANNA), name="SMITH, JOHN Q", birth_date="04/07/1962", phone="555-999-9999"
    )
    waterfall = waterfall_of(candidate, threshold)
    lines, page = waterfall.lines(), waterfall_html(waterfall)
    told = json.loads(json.dumps(waterfall_to_json(waterfall)))
    assert len(told["steps"]) == len(waterfall.steps) == page.count("<tr>") - 1
    for step in told["steps"]:
        assert any(step["words"] in line and f"{step['bits']:+.1f} bits" in line for line in lines)
        assert step["words"] in page
    assert "-1.5 bits" in next(line for line in lines if "phone: another phone" in line)
    assert f"{threshold:.4%}" in "\n".join(lines)
    assert f"{threshold:.4%}" in page


def test_vetoes_stand_below_the_sum(clinic_of: Callable[..., Clinic]) -> None:
    candidate, threshold = best(clinic_of(JOHN, ANNA), name="SMITH, JOHN", mrn="2003457")
    waterfall = waterfall_of(candidate, threshold)
    assert waterfall.vetoes
    assert all(any(reason in line for line in waterfall.lines()) for reason in waterfall.vetoes)


def test_what_paper_says_is_no_markup(clinic_of: Callable[..., Clinic]) -> None:
    candidate, threshold = best(clinic_of(JOHN), name="SMITH, JOHN <script>alert(1)</script>", mrn="2003456")
    page = waterfall_html(waterfall_of(candidate, threshold))
    tags: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, _: tags.append(tag)  # type: ignore[method-assign]
    parser.feed(page)
    assert "script" not in tags


def test_a_decision_of_an_older_version_still_shows_its_evidence(clinic_of: Callable[..., Clinic]) -> None:
    candidate, _ = best(clinic_of(JOHN), name="SMITH, JOHN", mrn="2003456")
    waterfall = waterfall_of(replace(candidate, prior_bits=None, odds_bits=None))
    assert not waterfall.complete
    assert len(waterfall.steps) == len(candidate.fields)
    assert waterfall_to_json(waterfall)["threshold_bits"] is None


def test_the_first_steps_recorded_had_one_for_everybody_else(clinic_of: Callable[..., Clinic]) -> None:
    candidate, threshold = best(clinic_of(JOHN, ANNA), name="SMITH, JOHN", mrn="2003456")
    older = waterfall_of(replace(candidate, people=None, against_unknown_bits=None), threshold)
    newer = waterfall_of(candidate, threshold)
    assert older.complete
    assert "one of all registered patients" in older.steps[0].words
    assert len(older.steps) == len(newer.steps) - 1
    assert math.isclose(older.steps[-1].total_bits, newer.steps[-1].total_bits, abs_tol=2e-3)


def test_two_registrations_of_one_person_halve_the_odds_and_more(clinic_of: Callable[..., Clinic]) -> None:
    line = {"name": "SMITH, JOHN Q", "birth_date": "04/07/1962"}
    alone, _ = best(clinic_of(JOHN, ANNA), **line)
    double, _ = best(clinic_of(JOHN, replace(JOHN, mrn="2003458")), **line)
    lost = [waterfall_of(candidate).steps[-1].bits for candidate in (alone, double)]
    assert lost[0] > -0.1
    assert lost[1] < -5
    assert waterfall_of(double).steps[-1].total_bits == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(("value", "words"), [(1 - 1e-9, "over 0.999999"), (1e-9, "under 0.000001"), (0.5, "0.500000")])
def test_no_probability_is_rounded_to_certainty(clinic_of: Callable[..., Clinic], value: float, words: str) -> None:
    candidate, _ = best(clinic_of(JOHN), name="SMITH, JOHN", mrn="2003456")
    waterfall = waterfall_of(replace(candidate, probability=value))
    assert f"probability {words}" in "\n".join(waterfall.lines())
    assert f"probability {words}" in waterfall_html(waterfall)


def test_vetoes_name_the_other_patient(clinic_of: Callable[..., Clinic]) -> None:
    candidate, _ = best(clinic_of(JOHN, ANNA), name="SMITH, JOHN", birth_date="04/07/1962", mrn="2003457")
    assert "2003457" in {veto.other_mrn for veto in candidate.vetoes} | {candidate.mrn}
