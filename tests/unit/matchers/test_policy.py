"""The matching configuration is checked whole, and its fingerprint follows its content."""

from __future__ import annotations

import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from matchers import Policy, PolicyError, load_policy
from matchers.levels import LEVELS_OF, Part, Surety
from matchers.weights import fingerprint, policy_from

CONFIG = Path(__file__).parents[3] / "config" / "matching.toml"


@pytest.fixture
def content() -> dict[str, Any]:
    return tomllib.loads(CONFIG.read_text("utf-8"))


def stated(content: dict[str, Any]) -> dict[str, Any]:
    """What the standard policy is made of."""
    return {key: value for key, value in content.items() if key not in ("policy", "policies")}


def problems(content: dict[str, Any]) -> tuple[str, ...]:
    with pytest.raises(PolicyError) as caught:
        policy_from(content)
    return caught.value.problems


def test_the_shipped_policy_declares_every_level(policy: Policy) -> None:
    assert {part: tuple(levels) for part, levels in policy.levels.items()} == LEVELS_OF
    assert policy.level(Part.MRN, "exact").agrees
    assert policy.level(Part.MRN, "different").tolerated is Surety.NOISE
    assert load_policy(CONFIG) == policy


def test_the_fingerprint_follows_content_not_form(content: dict[str, Any], tmp_path: Path) -> None:
    commented = tmp_path / "matching.toml"
    commented.write_text("# a remark\n" + CONFIG.read_text("utf-8"), "utf-8")
    assert load_policy(commented).fingerprint == load_policy(CONFIG).fingerprint == fingerprint(stated(content))
    changed = deepcopy(content)
    changed["levels"]["mrn"]["exact"]["bits"] = 19.0
    assert policy_from(changed).fingerprint != fingerprint(stated(content))


def test_all_errors_are_told_together(content: dict[str, Any]) -> None:
    content["decision"]["threshold"] = 1.5
    content["decision"]["surprise"] = 1
    content["prior"]["absent"] = "much"
    content["reading"] = 3
    content["lists"]["temporary_names"] = "BABY"
    content["lists"]["more"] = []
    content["nonsense"] = {}
    content["levels"]["mrn"]["exact"] = {
        "label": "",
        "bits": 99,
        "agrees": 1,
        "tolerated": "no",
        "frequency": True,
        "x": 1,
    }
    content["levels"]["mrn"]["other"] = {}
    content["levels"]["shoe_size"] = {}
    del content["levels"]["sex"]["exact"]
    del content["levels"]["zip"]
    told = " | ".join(problems(content))
    for key in (
        "decision.threshold", "decision.surprise", "prior.absent", "reading: a table", "lists.temporary_names",
        "lists.more", "nonsense", "levels.mrn.exact.bits", "levels.mrn.exact.label", "levels.mrn.exact.agrees",
        "levels.mrn.exact.tolerated", "levels.mrn.exact.x", "levels.mrn.other", "levels.shoe_size", "levels.sex.exact",
        "levels.zip",
    ):  # fmt: skip
        assert key in told


def test_certainties_must_stand_in_order(content: dict[str, Any]) -> None:
    content["reading"] = {"certain_from": 0.5, "weak_below": 0.6, "noise_below": 0.7}
    assert len(problems(content)) == 2


def test_an_alternative_that_agrees_must_be_heard(content: dict[str, Any]) -> None:
    content["alternatives"] = {"alternative_least": 0.2, "alternative_agrees": 0.1}
    assert problems(content) == ("alternatives.alternative_least: must not exceed alternative_agrees",)


def test_a_missing_table_and_broken_toml_are_policy_errors(tmp_path: Path) -> None:
    assert any("levels" in problem for problem in problems({}))
    broken = tmp_path / "matching.toml"
    broken.write_text("[decision", "utf-8")
    with pytest.raises(PolicyError, match="not TOML"):
        load_policy(broken)
    with pytest.raises(FileNotFoundError):
        load_policy(tmp_path / "none.toml")


def test_a_named_policy_states_only_what_differs(content: dict[str, Any]) -> None:
    standard, other = load_policy(CONFIG), load_policy(CONFIG, name="one_in_a_thousand")
    assert policy_from({**content, "policy": "one_in_a_thousand"}) == other
    assert (standard.name, other.name) == ("standard", "one_in_a_thousand")
    assert other.threshold < standard.threshold
    assert other.level(Part.BIRTH_DATE, "day_month").agrees
    assert not standard.level(Part.BIRTH_DATE, "day_month").agrees
    assert other.level(Part.BIRTH_DATE, "day_month").bits == standard.level(Part.BIRTH_DATE, "day_month").bits
    assert other.level(Part.SEX, "exact") == standard.level(Part.SEX, "exact")
    assert len({standard.fingerprint, other.fingerprint}) == len({standard.name, other.name}) == 2


def test_a_named_policy_changes_nothing_until_it_is_chosen(content: dict[str, Any]) -> None:
    content["policies"]["one_in_a_thousand"]["decision"]["threshold"] = 0.9
    assert policy_from(content) == load_policy(CONFIG)


def test_an_unknown_policy_and_its_wrong_values_are_policy_errors(content: dict[str, Any]) -> None:
    assert problems({**content, "policy": "bold"}) == (
        "policy: there is no 'bold'; give one of standard, one_in_a_thousand",
    )
    for wrong in (7, None, ["standard"]):
        assert problems({**content, "policy": wrong})[0].startswith("policy: there is no")
    assert problems({**content, "policy": "x", "policies": 3}) == ("policy: there is no 'x'; give one of standard",)
    content["policies"]["mine"] = {"decision": {"threshold": 3}, "levels": {"sex": {"odd": {}, "exact": 4}}}
    told = problems({**content, "policy": "mine"})
    assert [line.split(":")[0] for line in told] == ["decision.threshold", "levels.sex.odd", "levels.sex.exact"]
