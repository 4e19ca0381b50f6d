"""The benchmark's own promises, on a village: right answers exist, every case occurs, a seed repeats itself."""

from __future__ import annotations

from collections import Counter

import pytest

from matchers import Outcome, PatientIndex, decide, load_policy
from matchers.levels import Part
from matchers.weights import policy_from
from tests.benchmarks.labelled.ours import candidates, scores
from tests.benchmarks.labelled.run import best_f1
from tests.benchmarks.labelled.sets import Kind, LabelledSet
from tests.benchmarks.matching.figures import Case, table_of
from tests.benchmarks.matching.paper import Desk, Document
from tests.benchmarks.matching.people import Draw, Names, Town, check_digit
from tests.benchmarks.matching.splinks import Record, from_paper, from_register
from tests.benchmarks.matching.thumb import Guess, rule_of_thumb, weighted_ratio
from tests.benchmarks.matching.weights import SHIPPED, estimated, halved, judge

NAMES = Names(
    Draw(
        [
            (name, 1.0)
            for name in [
                "Smith",
                "Jones",
                "Nguyen",
                "Garcia",
                "Okafor",
                "Lindqvist",
                "Kowalski",
                "Haddad",
                "Brown",
                "Ito",
            ]
        ]
    ),
    Draw(
        [
            (name, 1.0)
            for name in ["Mary", "Linda", "Susan", "Karen", "Catherine", "Elizabeth", "Rosa", "Yuki", "Amina", "Greta"]
        ]
    ),
    Draw(
        [
            (name, 1.0)
            for name in ["James", "Robert", "William", "Juan", "Omar", "Kenji", "Lars", "Piotr", "Chidi", "Samuel"]
        ]
    ),
    {"WILLIAM": ["BILL"], "ELIZABETH": ["LIZ"], "ROBERT": ["BOB"]},
)


@pytest.fixture(scope="module")
def town() -> Town:
    return Town(NAMES, 2500, 11)


@pytest.fixture(scope="module")
def documents(town: Town) -> list[Document]:
    desk = Desk(town, 12)
    return [desk.document() for _ in range(1500)]


def test_numbers_with_a_check_digit_are_no_neighbours(town: Town) -> None:
    assert check_digit("7992739871") == 3
    numbers = {town.registrations[at].patient.mrn for at in town.checked}
    assert len(numbers) > 20
    assert not any(f"{n[:-1]}{digit}" in numbers for n in numbers for digit in "0123456789" if digit != n[-1])


def test_right_answers_are_registered_and_stand_for_themselves(town: Town, documents: list[Document]) -> None:
    registered = {p.patient.mrn: p.patient for p in town.registrations}
    for document in documents:
        if document.right is not None:
            assert registered[document.right].active
            assert registered[document.right].merged_into is None
        else:
            assert not document.fileable
    assert sum(d.right is None for d in documents) >= 0.05 * len(documents)


def test_every_case_occurs(documents: list[Document]) -> None:
    kinds = Counter(document.kind for document in documents)
    wanted = {name.removeprefix("_") for name in vars(Desk) if name.startswith("_")}
    assert {"ordinary", "twin", "retired_mrn", "stray_page", "newborn", "mrn_of_another", "same_name_and_day"} <= set(
        kinds
    )
    assert set(kinds) <= wanted


def test_a_seed_repeats_itself(town: Town) -> None:
    again = Town(NAMES, 2500, 11)
    assert [p.patient for p in again.registrations] == [p.patient for p in town.registrations]
    one, other = Desk(town, 5), Desk(again, 5)
    assert [one.document() for _ in range(50)] == [other.document() for _ in range(50)]


def test_figures_count_what_happened(town: Town, documents: list[Document]) -> None:
    index, policy = PatientIndex.of([p.patient for p in town.registrations]), load_policy()
    cases = []
    for document in documents[:300]:
        found = index.candidates(document.identifiers)
        decision = decide(document.identifiers, found, population=index.population, policy=policy, generation=1)
        best = decision.candidates[0] if decision.candidates else None
        filed = decision.outcome is Outcome.FILE
        cases.append(
            Case(
                half="result",
                kind=document.kind,
                quality=document.quality,
                fileable=document.fileable,
                answer=document.right is not None,
                filed=filed,
                wrong=filed and decision.mrn != document.right,
                second_filed=filed,
                second_wrong=False,
                best_is_right=best is not None and best.mrn == document.right,
                probability=decision.probability,
                held_back=tuple(v.name.value for v in best.vetoes) if best else (),
                found=None,
                spent_s=0.001,
                thumb=rule_of_thumb(document, found),
                ratio=weighted_ratio(document, found),
                splink=None,
                record=from_paper(document.identifiers),
                right=document.right,
                shown="",
            )
        )
    facts = {"date": "2026-11-24", "machine": "any", "people": len(index), "seed": 11}
    text, figures = table_of(facts, {"result": cases})
    result = figures["halves"]["result"]
    assert result["filed"] == sum(case.filed for case in cases) > 100
    assert result["fileable_filed"] > 0.6
    assert result["second"] == {"filed": result["filed"], "wrong": 0, "fileable_filed": result["fileable_filed"]}
    assert sum(kind["documents"] for kind in result["kinds"].values()) == 300
    assert f"{result['wrong']} of {result['filed']}" in text
    assert any(isinstance(case.thumb, Guess) and case.thumb.right for case in cases)


def test_estimated_weights_tell_two_people_from_one() -> None:
    people = [("ann", "smith", "1950-01-02"), ("bo", "jones", "1961-03-04"), ("cy", "brown", "1972-05-06")] * 7
    records = tuple(
        {"first": given, "last": family + "ab"[at % 2] * (at > 11), "born": born}
        for at, (given, family, born) in enumerate(people)
    )
    found = LabelledSet(
        name="village",
        columns={"first": Kind.GIVEN_NAME, "last": Kind.FAMILY_NAME, "born": Kind.DATE},
        records=records,
        person=tuple(given for given, _, _ in people),
    )
    chosen = candidates(found)
    assert best_f1(found, list(chosen), scores(found, chosen)) == 1.0


def test_weights_that_were_far_off_come_back_and_file_more(town: Town, documents: list[Document]) -> None:
    index, poor = PatientIndex.of([p.patient for p in town.registrations]), halved(SHIPPED)
    better = estimated(poor, town, index, documents[:1000], decided=True)
    policies = {"poor": policy_from(poor), "better": policy_from(better), "shipped": load_policy()}
    for part, key in (
        ("birth_date", "different"),
        ("middle_name", "initial"),
        ("sex", "exact"),
        ("ssn_last4", "exact"),
    ):
        bits = [policy.level(Part(part), key).bits for policy in policies.values()]
        assert abs(bits[1] - bits[2]) < min(1.5, abs(bits[0] - bits[2])), (part, key)
    judged = judge(index, policies, documents[1000:1300])
    assert judged["better"]["right"] > judged["poor"]["right"]
    assert judged["better"]["wrong"] <= judged["shipped"]["wrong"]


def test_splink_gets_what_the_paper_and_the_register_say(town: Town, documents: list[Document]) -> None:
    registered = {person.patient.mrn: from_register(person.patient) for person in town.registrations}
    clean = [d for d in documents if d.kind == "ordinary" and d.quality == "clean" and d.right and d.identifiers.mrns]
    same = [from_paper(d.identifiers) for d in clean if from_paper(d.identifiers).mrn == registered[d.right].mrn]
    assert len(same) > 0.5 * len(clean) > 100
    agreeing = sum(r.family == registered_mrn.family for r in same for registered_mrn in [_of(registered, r.mrn)])
    assert agreeing > 0.8 * len(same)


def _of(registered: dict[str, Record], mrn: str | None) -> Record:
    return next(record for record in registered.values() if record.mrn == mrn)
