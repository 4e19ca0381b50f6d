"""Draws synthetic scans with known truth.

    python samples/make_scans.py --seed 101 --count 60 --out /tmp/scans

writes the files and `truth.json` into the folder. The same arguments give the same pages. `--cases` takes
names with weights (`ordinary=5,two_patients=1`), `--layouts` names ("late", "later", "unseen" and "latest": six
each, drawn after the rules had met all before them), `--damage` grades, weighted or not.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from generate.batch import GRADES, WEARS, Order, draw_set, usual_cases, write_truth
from generate.cases import CASES
from generate.committed import COMMITTED
from generate.extra import EXTRA_LAYOUTS, SETS
from generate.fonts import FontsMissing
from generate.layouts import LAYOUTS
from generate.person import read_patients
from generate.relations import PatientIndex

HERE = Path(__file__).parent
KNOWN_LAYOUTS = (*LAYOUTS, *SETS, *EXTRA_LAYOUTS)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=36)
    parser.add_argument("--out", type=Path, help="the folder (made when missing)")
    parser.add_argument("--truth", type=Path, help="where the truth goes (default: truth.json in the folder)")
    parser.add_argument("--patients", type=Path, default=HERE / "patients.csv")
    parser.add_argument("--cases", default="", help="of: " + ", ".join(CASES))
    parser.add_argument("--layouts", default="", help="of: " + ", ".join(KNOWN_LAYOUTS))
    parser.add_argument("--damage", default="clean=2,typical=5,hard=3", help="of: " + ", ".join(GRADES))
    parser.add_argument("--wear", choices=WEARS, default=WEARS[0], help="the kind of damage; either has all grades")
    parser.add_argument("--committed", action="store_true", help="draws the committed set; no seed or mix counts")
    given = parser.parse_args()
    if not given.committed and given.out is None:
        parser.error("--out is needed")
    order = COMMITTED if given.committed else _order(given)
    out = given.out or HERE / "scans"
    truth = given.truth or (out if given.out else HERE) / "truth.json"
    index = PatientIndex(read_patients(given.patients))
    try:
        truths = draw_set(order, index, out)
    except (FontsMissing, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    write_truth(truth, order, truths)
    fileable = sum(t.fileable for t in truths.values())
    indexed = sum(t.indexed_patient for t in truths.values())
    print(f"{len(truths)} files in {out}: {indexed} with an indexed patient, {fileable} fileable")
    return 0


def _order(given: argparse.Namespace) -> Order:
    """What the command line asks for."""
    return Order(
        seed=given.seed,
        count=given.count,
        cases=_weights(given.cases, tuple(CASES)) if given.cases else usual_cases(),
        grades=_weights(given.damage, GRADES),
        layouts=tuple(_weights(given.layouts, KNOWN_LAYOUTS)) if given.layouts else (),
        wear=given.wear,
    )


def _weights(text: str, known: tuple[str, ...]) -> dict[str, float]:
    weights: dict[str, float] = {}
    for part in text.split(","):
        name, _, weight = part.strip().partition("=")
        if name not in known:
            raise SystemExit(f"unknown: {name!r}; choose of {', '.join(known)}")
        weights[name] = float(weight or 1)
    return weights


if __name__ == "__main__":
    sys.exit(main())
