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
    assert load_policy(commented).fingerprint == load_policy(CONFIG).fingerprint == fingerprint(content)
    changed = deepcopy(content)
    changed["levels"]["mrn"]["exact"]["bits"] = 19.0
    assert policy_from(changed).fingerprint != fingerprint(content)


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


def test_a_missing_table_and_broken_toml_are_policy_errors(tmp_path: Path) -> None:
    assert any("levels" in problem for problem in problems({}))
    broken = tmp_path / "matching.toml"
    broken.write_text("[decision", "utf-8")
    with pytest.raises(PolicyError, match="not TOML"):
        load_policy(broken)
    with pytest.raises(FileNotFoundError):
        load_policy(tmp_path / "none.toml")
