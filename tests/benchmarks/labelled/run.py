"""Best F1 on public labelled sets, Paperchart beside Splink: python -m tests.benchmarks.labelled.run --sets FOLDER"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.benchmarks.labelled import ours, splinks
from tests.benchmarks.labelled.sets import LabelledSet, fake_1000, febrl3


def main() -> None:
    """Prints a table of the best F1 of each method on each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, required=True, help="holds febrl/ and splink/")
    folder = parser.parse_args().sets
    print("| set | pairs compared | true pairs among them | Paperchart F1 | Splink F1 |\n|---|---|---|---|---|")
    for found in (febrl3(folder), fake_1000(folder)):
        chosen = ours.candidates(found)
        pairs = list(chosen)
        true = found.true_pairs
        reachable = sum(pair in true for pair in pairs)
        mine = best_f1(found, pairs, ours.scores(found, chosen))
        try:
            theirs = f"{best_f1(found, pairs, splinks.scores(found, pairs)):.4f}"
        except ImportError:
            theirs = "not installed (pip install 'paperchart[bench]')"
        print(f"| {found.name} | {len(pairs):,} | {reachable:,} of {len(true):,} | {mine:.4f} | {theirs} |")


def best_f1(found: LabelledSet, pairs: Sequence[tuple[int, int]], scores: np.ndarray) -> float:
    """The best F1 over all thresholds; true pairs that were not compared count as missed."""
    true = found.true_pairs
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum([pairs[at] in true for at in order.tolist()])
    taken = np.arange(1, len(order) + 1)
    # A threshold takes all pairs of one score or none.
    last = np.append(scores[order][1:] != scores[order][:-1], True)
    f1 = 2 * right / (taken + len(true))
    return float(f1[last].max())


if __name__ == "__main__":
    main()
