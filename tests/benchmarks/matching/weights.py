"""Do weights estimated from documents file as well as the shipped ones, and do weights that are far off come back?

    python -m tests.benchmarks.matching.weights --lists FOLDER [--people 20000] [--learned 3000] [--judged 10000]

Weights are learned from documents of one seed and judged on those of another, over the same made-up town.
"""

from __future__ import annotations

import argparse
import random
import tomllib
from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path

from matchers import Decision, Outcome, Patient, PatientIndex, Policy, decide
from matchers.reweigh import reweigh
from matchers.sampling import Sampler
from matchers.weights import policy_from
from tests.benchmarks.matching.paper import Desk, Document
from tests.benchmarks.matching.people import Names, Town

SHIPPED = tomllib.loads((Path(__file__).parents[3] / "config" / "matching.toml").read_text("utf-8"))
PAIRS = 400_000
MISTAKES = 0.01


def main() -> None:
    """Learns, judges, prints one line for each policy."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lists", type=Path, required=True)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--learned", type=int, default=3_000)
    parser.add_argument("--judged", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=4_711)
    options = parser.parse_args()
    town = Town(Names.load(options.lists), options.people, options.seed)
    index = PatientIndex.of(person.patient for person in town.registrations)
    learned = _drawn(town, options.seed + 1, options.learned)
    half = halved(SHIPPED)
    contents = {
        "shipped": SHIPPED,
        "estimated, nobody decided anything": estimated(SHIPPED, town, index, learned, decided=False),
        "estimated, people decided what was not filed": estimated(SHIPPED, town, index, learned, decided=True),
        "half of every bit": half,
        "estimated from half of every bit, people decided": estimated(half, town, index, learned, decided=True),
    }
    policies = {name: policy_from(content) for name, content in contents.items()}
    judged = judge(index, policies, _drawn(town, options.seed + 2, options.judged))
    print(f"{len(index):,} registrations, {options.learned:,} documents learned from, {options.judged:,} judged.")
    print("| weights | fileable filed | misfiled |\n|---|---|---|")
    for name, count in judged.items():
        print(f"| {name} | {count['right']:,} of {count['fileable']:,} | {count['wrong']} of {count['filed']:,} |")


def halved(content: dict) -> dict:
    """Half of every bit; what follows the population stays."""
    content = deepcopy(content)
    for levels in content["levels"].values():
        for key, level in levels.items():
            level["bits"] *= 1.0 if level["frequency"] and key == "exact" else 0.5
    return content


def estimated(content: dict, town: Town, index: PatientIndex, documents: list[Document], *, decided: bool) -> dict:
    """The content with estimated bits. What the policy would not file is decided by people, who err at times."""
    policy, rng = policy_from(content), random.Random(town.mrn)
    drawn = [person.patient for person in rng.sample(town.registrations, min(2_000, len(town.registrations)))]
    sampler = Sampler(policy, index.population, drawn, strangers_each=max(20, PAIRS // len(documents)))
    for document in documents:
        candidates = index.candidates(document.identifiers)
        person = index.patient(document.right) if decided and document.right else None
        if person and _decision(index, policy, document, candidates).outcome is Outcome.FILE:
            person = None
        if person and candidates and rng.random() < MISTAKES:
            person = rng.choice(candidates)
        sampler.add(document.identifiers, candidates, person)
    content = deepcopy(content)
    for one in reweigh(sampler.sample(), policy).changed:
        content["levels"][one.level.part][one.level.key]["bits"] = one.bits
    return content


def judge(index: PatientIndex, policies: dict[str, Policy], documents: list[Document]) -> dict[str, Counter[str]]:
    """What each policy files of the documents."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in policies}
    for document in documents:
        candidates = index.candidates(document.identifiers)
        for name, policy in policies.items():
            decision = _decision(index, policy, document, candidates)
            filed, right = decision.outcome is Outcome.FILE, decision.mrn == document.right
            counts[name].update(
                fileable=document.fileable,
                filed=filed,
                right=filed and right and document.fileable,
                wrong=filed and not right,
            )
    return counts


def _decision(index: PatientIndex, policy: Policy, document: Document, candidates: Sequence[Patient]) -> Decision:
    return decide(document.identifiers, candidates, population=index.population, policy=policy, generation=1)


def _drawn(town: Town, seed: int, count: int) -> list[Document]:
    desk = Desk(town, seed)
    return [desk.document() for _ in range(count)]


if __name__ == "__main__":
    main()
