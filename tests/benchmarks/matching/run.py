"""How many documents are filed, and how many wrongly: run by hand.

python -m tests.benchmarks.matching.run --lists FOLDER [--people 100000] [--documents 20000] [--seed 1]
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path

from matchers import Outcome, PatientIndex, decide, load_policy
from tests.benchmarks.matching.paper import Desk
from tests.benchmarks.matching.people import Names, Town


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lists", type=Path, required=True)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    town = Town(Names.load(options.lists), options.people, options.seed)
    start = time.process_time()
    index = PatientIndex.of([p.patient for p in town.registrations])
    print(f"built {len(index)} in {time.process_time() - start:.1f} s")
    desk, policy = Desk(town, options.seed + 1000), load_policy()
    kinds: dict[str, Counter] = {}
    vetoes, wrong, missed, spent = Counter(), [], 0, []
    for _ in range(options.documents):
        doc = desk.document()
        start = time.process_time()
        found = index.candidates(doc.identifiers)
        decision = decide(doc.identifiers, found, population=index.population, policy=policy, generation=1)
        spent.append(time.process_time() - start)
        count = kinds.setdefault(doc.kind, Counter())
        count["all"] += 1
        count["fileable"] += doc.fileable
        missed += doc.right is not None and all(p.mrn != doc.right for p in found)
        filed = decision.outcome is Outcome.FILE
        count["filed"] += filed
        count["filed_fileable"] += filed and doc.fileable
        count["none"] += decision.outcome is Outcome.NONE
        if filed and decision.mrn != doc.right:
            count["wrong"] += 1
            wrong.append((doc, decision))
        if doc.fileable and not filed:
            names = [v.name.value for v in decision.candidates[0].vetoes] if decision.candidates else ["none"]
            vetoes[" ".join(names)] += 1
            if len(wrong) + options.show > 0 and vetoes.total() <= options.show:
                print(doc, "\n   ", decision.reasons, decision.probability)
    total = sum(kinds.values(), Counter())
    for kind, count in sorted(kinds.items()):
        print(f"{kind:20} {dict(count)}")
    print(dict(total))
    print(
        f"filed of fileable {total['filed_fileable'] / total['fileable']:.2%}, "
        f"of all {total['filed'] / total['all']:.2%}; wrong {total['wrong']} of {total['filed']}; "
        f"right person not retrieved {missed}"
    )
    spent.sort()
    print(
        f"ms: mean {1000 * sum(spent) / len(spent):.2f} p50 {1000 * spent[len(spent) // 2]:.2f} "
        f"p99 {1000 * spent[int(len(spent) * 0.99)]:.2f}"
    )
    for names, count in vetoes.most_common(25):
        print(f"{count:6} {names}")
    for doc, decision in wrong[:20]:
        print("WRONG", doc, "\n   ", decision.mrn, decision.reasons, decision.candidates[0].fields)


if __name__ == "__main__":
    main()
