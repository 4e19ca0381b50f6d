"""How many documents are filed, and how many wrongly; what each veto costs; how rules of thumb do.

    python -m tests.benchmarks.matching.run --lists FOLDER [--people 1000000] [--documents 100000] [--json FILE]

A town of made-up people is registered, and two halves of documents are drawn for it, from seeds of their
own: rules and thresholds may be looked at on the first half (`development`); the second is the result.
`--lists` holds the US census name lists and nicknames (see the README).
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import json
import multiprocessing
import os
import platform
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from matchers import Outcome, PatientIndex, Policy, VetoName, build_index, decide, load_policy
from tests.benchmarks.matching import splinks
from tests.benchmarks.matching.figures import Case, table_of
from tests.benchmarks.matching.paper import Desk, Document
from tests.benchmarks.matching.people import Names, Town
from tests.benchmarks.matching.thumb import rule_of_thumb, weighted_ratio

WARM = 200
SECOND = "one_in_a_thousand"


@dataclass(frozen=True)
class Shard:
    """One process's share of a half."""

    half: str
    seed: int
    documents: int


def main() -> None:
    """Runs both halves and prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lists", type=Path, required=True)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--documents", type=int, default=100_000, help="of each half")
    parser.add_argument("--seed", type=int, default=600_001)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--wrong", type=Path, help="a file for every wrong filing, to look at")
    parser.add_argument("--only", choices=("development", "result"))
    options = parser.parse_args()
    town = Town(Names.load(options.lists), options.people, options.seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "patients"
        start = time.perf_counter()
        build_index((p.patient for p in town.registrations), path, generation=1)
        built_s = time.perf_counter() - start
        halves = [options.only] if options.only else ["development", "result"]
        share = -(-options.documents // options.workers)
        shards = [
            Shard(half, options.seed + 1000 * (1 + number) + worker, share)
            for number, half in enumerate(("development", "result"))
            if half in halves
            for worker in range(options.workers)
        ]
        context = multiprocessing.get_context("fork")  # the town is shared, not made again
        with context.Pool(options.workers, initializer=_share, initargs=(town, path)) as pool:
            cases = [case for part in pool.imap(_judged, shards, chunksize=1) for case in part]
        size = path.stat().st_size
    facts = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "people": len(town.registrations),
        "seed": options.seed,
        "built_s": round(built_s, 1),
        "segment_mb": round(size / 1e6),
        "fingerprint": load_policy().fingerprint,
        "second_policy": SECOND,
    }
    halves_cases = {half: [case for case in cases if case.half == half] for half in halves}
    if importlib.util.find_spec("splink") and "result" in halves:
        halves_cases["result"] = _beside_splink(halves_cases["result"], town)
    text, figures = table_of(facts, halves_cases)
    print(text)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    if options.wrong:
        options.wrong.write_text("\n\n".join(case.shown for case in cases if case.wrong))


def _beside_splink(cases: list[Case], town: Town) -> list[Case]:
    registered = (person.patient for person in town.registrations)
    told = splinks.guesses([case.record for case in cases], [case.right for case in cases], registered)
    return [replace(case, splink=guess) for case, guess in zip(cases, told, strict=True)]


_TOWN: Town | None = None
_PATH: Path | None = None


def _share(town: Town, path: Path) -> None:
    global _TOWN, _PATH
    _TOWN, _PATH = town, path
    # The town and the cases kept are not the program's: their millions of objects would be walked again and again.
    gc.freeze()
    gc.disable()


def _judged(shard: Shard) -> list[Case]:
    assert _TOWN is not None
    assert _PATH is not None
    index, policies = PatientIndex.open(_PATH), (load_policy(), load_policy(name=SECOND))
    desk, found = Desk(_TOWN, shard.seed), []
    for number in range(-WARM, shard.documents):
        case = _case(shard.half, desk.document(), index, policies)
        if number >= 0:
            found.append(case)
    return found


def _case(half, doc: Document, index: PatientIndex, policies: tuple[Policy, Policy]) -> Case:
    policy, second_policy = policies
    start = time.perf_counter()
    candidates = index.candidates(doc.identifiers)
    decision = decide(
        doc.identifiers, candidates, population=index.population, policy=policy, generation=index.generation
    )
    spent_s = time.perf_counter() - start
    second = decide(
        doc.identifiers, candidates, population=index.population, policy=second_policy, generation=index.generation
    )
    best = decision.candidates[0] if decision.candidates else None
    vetoes = tuple(veto.name.value for veto in best.vetoes) if best else ()
    filed = decision.outcome is Outcome.FILE
    looked_for = doc.right is not None and bool(doc.identifiers.birth_dates or doc.identifiers.mrns)
    wrong = filed and decision.mrn != doc.right
    return Case(
        half=half,
        kind=doc.kind,
        quality=doc.quality,
        fileable=doc.fileable,
        answer=doc.right is not None,
        filed=filed,
        wrong=wrong,
        second_filed=second.outcome is Outcome.FILE,
        second_wrong=second.outcome is Outcome.FILE and second.mrn != doc.right,
        best_is_right=best is not None and best.mrn == doc.right,
        probability=decision.probability,
        held_back=tuple(v for v in vetoes if v != VetoName.BELOW_THRESHOLD.value),
        found=any(p.mrn == doc.right for p in candidates) if looked_for else None,
        spent_s=spent_s,
        thumb=rule_of_thumb(doc, candidates),
        ratio=weighted_ratio(doc, candidates),
        splink=None,
        record=splinks.from_paper(doc.identifiers),
        right=doc.right,
        shown=f"{doc}\n  -> {decision.mrn} {decision.reasons}\n     {best.fields if best else ''}" if wrong else "",
    )


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    main()
